"""Wordings that nobody uses any more: they go after the last line in which they stand, never before.

(The table of words looks a deleted line's text up; see words.py.)
"""

import json
from collections.abc import Iterable
from typing import Final

from sqlalchemy import bindparam, delete, func, select, union

from bot.store import schema
from bot.store.database import Database
from bot.store.statements import Job, compiled, many

_t, _w = schema.transcript.c, schema.wording.c
_ids = func.json_each(bindparam("ids")).table_valued("value")
_of = _t.session_id.in_(select(_ids.c.value))
_USED = compiled(
    union(
        select(_t.digest.label("digest")).where(_of),
        select(_t.buttons.label("digest")).where(_of, _t.buttons.is_not(None)),
    )
)
_DROP: Final = compiled(
    delete(schema.wording).where(
        _w.digest == bindparam("digest", type_=schema.DIGEST),
        ~select(_t.line).where(_t.digest == _w.digest).exists(),
    )
)


async def used(database: Database, sessions: Iterable[int]) -> list[bytes]:
    """The digests of all wordings of these sessions."""
    rows = await database.read(_USED, {"ids": json.dumps(list(sessions))})
    return [row["digest"] for row in rows]


def drop(digests: Iterable[bytes]) -> Job:
    """Delete those of these wordings that no line has any more. To be written after the lines were deleted.

    Buttons bear the number of their session, so they are no other session's.
    """
    return many(_DROP, ({"digest": one} for one in digests))
