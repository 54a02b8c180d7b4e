"""All that was simulated, taken out again."""

from collections.abc import Callable
from typing import Final

from sqlalchemy import bindparam, delete, func, select

from bot.store import schema, traffic
from bot.store.database import Database
from bot.store.sessions import ORPHANED_WORDINGS, SIMULATED_FROM
from bot.store.statements import compiled, many

AT_ONCE: Final = 200
"""Chats that are deleted in one transaction."""

_c, _s = schema.chat.c, schema.session.c
_CHATS = compiled(select(_c.id).where(_c.id >= SIMULATED_FROM).order_by(_c.id).limit(bindparam("most")))
_COUNTS = compiled(
    select(
        func.count(_s.chat_id.distinct()).label("owners"),
        func.count().label("sessions"),
        func.coalesce(func.sum(_s.lines), 0).label("lines"),
    ).where(_s.simulated)
)
_CHAT = compiled(delete(schema.chat).where(_c.id == bindparam("chat")))
_TIDY = (
    compiled(delete(schema.seen_update).where(schema.seen_update.c.update_id < 0)),
    compiled(delete(schema.role).where(schema.role.c.person_id >= SIMULATED_FROM)),
)
_REST = (
    *_TIDY,
    compiled(delete(schema.failed_update).where(schema.failed_update.c.update_id < 0)),
    compiled(delete(schema.topic).where(schema.topic.c.chat_id >= SIMULATED_FROM)),
    compiled(delete(schema.dialog_version).where(schema.dialog_version.c.version.not_in(select(_s.dialog_version)))),
    ORPHANED_WORDINGS,
)


async def counted(database: Database) -> dict[str, int]:
    """How many simulated owners, sessions and lines of transcripts there are."""
    return dict((await database.read(_COUNTS))[0])


async def remove(database: Database, told: Callable[[int], None]) -> None:
    """Delete them with all that belongs to them. `told` hears how many chats were deleted since it was told last.

    It may be stopped at any time, and done again. Raises StoreError.
    """
    while found := await database.read(_CHATS, {"most": AT_ONCE}):
        await database.write(many(_CHAT, [{"chat": row["id"]} for row in found]))
        told(len(found))
    rest = (statement for sql in _REST for statement in many(sql, [{}]))
    await database.write((*rest, *traffic.drop_simulated()))


async def tidied(database: Database) -> None:
    """Drop what only a running simulation needs: the keys of its updates, and its staff."""
    await database.write(tuple(statement for sql in _TIDY for statement in many(sql, [{}])))
