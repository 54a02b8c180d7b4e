"""Forgetting a person: one transaction deletes all that is theirs.

What stays: an approved answer that the staff taught (without what tells from whom its question came), the role of one
who belongs to the staff, the log of what admins looked at, and anonymous counters.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, bindparam, delete, func, literal_column, or_, select, update

from bot.staff import cards
from bot.store import schema, wordings
from bot.store.belongings import PERSONS
from bot.store.database import Database
from bot.store.statements import Job, Sql, compiled, many

_o, _t, _f, _h = schema.outbox.c, schema.taught.c, schema.failed_update.c, schema.handover.c
_listed = func.json_each(bindparam("rows")).table_valued("value")


def _deleting(name: str, *but: ColumnElement[bool]) -> Sql:
    table: Table = schema.metadata.tables[name]
    return compiled(delete(table).where(PERSONS[name], *but))


_FAILED = select(_f.update_id).where(PERSONS["failed_update"])
_JOB: Final[tuple[Sql, ...]] = (
    compiled(delete(schema.outbox).where(or_(PERSONS["outbox"], _o.id.in_(select(_listed.c.value))))),
    compiled(delete(schema.update_try).where(schema.update_try.c.update_id.in_(_FAILED))),
    _deleting("failed_update"),
    _deleting("taught", _t.state != literal_column("'approved'")),
    compiled(update(schema.taught).where(PERSONS["taught"]).values(handover_id=literal_column("0"))),
    _deleting("topic"),
    _deleting("note"),
    _deleting("handover"),
    _deleting("questions"),
    _deleting("opinions"),
    _deleting("review"),
    _deleting("label"),
    _deleting("remark"),
    _deleting("transcript"),
    _deleting("session"),
    _deleting("chat"),
    _deleting("role", schema.role.c.role == literal_column("'former'")),
)
"""In an order in which each still finds what it goes by."""


_SESSIONS = compiled(select(schema.session.c.id).where(PERSONS["session"]))


async def forgetting(database: Database, chat: int, rows: Iterable[int] = ()) -> Job:
    """What deletes all that is this person's, and these rows of the outbox, which name them among others.

    No line of theirs may be written before it is.
    """
    sessions = [row["id"] for row in await database.read(_SESSIONS, {"chat": chat})]
    values = {"chat": chat, "rows": json.dumps(list(rows))}
    deleted = tuple(part for sql in _JOB for part in many(sql, [values]))
    return (*deleted, *wordings.drop(await wordings.used(database, sessions)))


# -- what of it stands in the staff's group ---------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Copies:
    """What stands of a person in the staff's group, as far as we know.

    `handovers`: their numbers, oldest first, and `since` when (0: there was none); `thread`: their topic, 0: none;
    `messages`: Telegram's ids with when each was posted (epoch ms); `rows`: those of the outbox that name them.
    """

    handovers: tuple[int, ...] = ()
    since: int = 0
    thread: int = 0
    messages: tuple[tuple[int, int], ...] = ()
    rows: tuple[int, ...] = ()


_HANDOVERS = compiled(select(_h.id, _h.wished_at).where(PERSONS["handover"]).order_by(_h.id))
_TOPIC = compiled(
    select(schema.topic.c.thread_id).where(PERSONS["topic"], schema.topic.c.staff_chat == bindparam("staff"))
)
_POSTED = compiled(
    select(_o.message_id, func.coalesce(_o.done_at, _o.created_at).label("at"))
    .where(_o.chat_id == bindparam("staff"), _o.message_id.is_not(None), _o.edits_row.is_(None), PERSONS["outbox"])
    .union(
        select(_o.source_message, _o.created_at).where(
            _o.chat_id == bindparam("chat"), _o.source_chat == bindparam("staff"), _o.source_message.is_not(None)
        )
    )
)  # fmt: skip
_POSTS = compiled(
    select(_o.id, _o.message_id, _o.text, func.coalesce(_o.done_at, _o.created_at).label("at")).where(
        _o.chat_id == bindparam("staff"), _o.text != ""
    )
)


async def copies(database: Database, chat: int, staff: int) -> Copies:
    """What the staff's group may show of this person. Lists in it name people by the numbers of their handovers."""
    values = {"chat": chat, "staff": staff}
    known = await database.read(_HANDOVERS, values)
    topic = await database.read(_TOPIC, values)
    posted = {row["message_id"]: row["at"] for row in await database.read(_POSTED, values)}
    lists = await _naming(database, staff, [one["id"] for one in known])
    posted |= {row["message_id"]: row["at"] for row in lists if row["message_id"]}
    return Copies(
        tuple(one["id"] for one in known),
        known[0]["wished_at"] if known else 0,
        topic[0]["thread_id"] if topic else 0,
        tuple(sorted(posted.items())),
        tuple({row["id"] for row in lists}),
    )


async def _naming(database: Database, staff: int, handovers: list[int]) -> list[dict[str, Any]]:
    """Posts in which one of these handovers stands, maybe among others: lists of who waits."""
    if not handovers:
        return []
    marks = [cards.mark(one) for one in handovers]
    posts = await database.read(_POSTS, {"staff": staff})
    return [row for row in posts if any(mark in row["text"] for mark in marks)]
