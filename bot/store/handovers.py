"""Handovers, notes about them, and the topics of their owners in the staff's group."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import bindparam, delete, func, select, text
from sqlalchemy.dialects.sqlite import insert

from bot.staff.handover import Handover
from bot.store import numbers, schema
from bot.store.database import Database
from bot.store.sessions import SIMULATED_FROM
from bot.store.statements import Job, Sql, compiled, inserting, many, replacing


@dataclass(frozen=True, slots=True)
class Topic:
    """The topic of an owner. `thread_id`: Telegram's id of it; `name` and `open` as they are there."""

    chat_id: int
    staff_chat: int
    thread_id: int
    name: str
    open: bool


_h, _t = schema.handover.c, schema.topic.c
_FIELDS = [field.name for field in fields(Handover)]
_ids = func.json_each(bindparam("ids")).table_valued("value")
_SAVE, _NOTE = replacing(schema.handover), inserting(schema.note)


def _saving_topic() -> Sql:
    """INSERT OR UPDATE a topic of an owner we know: one who is forgotten while it is made leaves none behind."""
    given = (bindparam(column.name, type_=column.type) for column in schema.topic.columns)
    known = select(schema.chat.c.id).where(schema.chat.c.id == bindparam("chat_id")).exists()
    row = insert(schema.topic).from_select(schema.topic.columns.keys(), select(*given).where(known))
    changed = {column.name: row.excluded[column.name] for column in schema.topic.columns if not column.primary_key}
    return compiled(row.on_conflict_do_update(index_elements=[_t.chat_id], set_=changed))


_SAVE_TOPIC = _saving_topic()
_last = select(func.max(_h.id)).where(_h.chat_id.in_(select(_ids.c.value))).group_by(_h.chat_id)
_NEWEST = compiled(select(schema.handover).where(_h.id.in_(_last)))
_is_open = text("handover.state <> 'returned'")
_OPEN = compiled(select(schema.handover).where(_is_open, _h.chat_id < SIMULATED_FROM).order_by(_h.id))
_ONE = compiled(select(schema.handover).where(_h.id == bindparam("handover")))
_NEXT = compiled(select(func.coalesce(func.max(_h.id), 0).label("newest")))
_TOPIC = compiled(select(schema.topic).where(_t.chat_id == bindparam("chat"), _t.staff_chat == bindparam("staff")))
_OF_THREAD = compiled(
    select(_t.chat_id).where(_t.staff_chat == bindparam("staff"), _t.thread_id == bindparam("thread"))
)
_FORGET = compiled(delete(schema.topic).where(_t.chat_id == bindparam("chat")))
_FORGET_ALL = compiled(delete(schema.topic).where(_t.staff_chat == bindparam("staff")))


def save(handovers: Iterable[Handover]) -> Job:
    """Write these as they are now."""
    return many(_SAVE, (asdict(one) for one in handovers))


def _handover(row: dict[str, Any]) -> Handover:
    kept = {name: row[name] for name in _FIELDS}
    return Handover(**{**kept, "overdue_told": bool(row["overdue_told"]), "silence_told": bool(row["silence_told"])})


async def newest(database: Database, chats: Iterable[int]) -> dict[int, Handover]:
    """The newest handover of each of these chats that had one, open or not, by chat."""
    rows = await database.read(_NEWEST, {"ids": json.dumps(list(chats))})
    return {row["chat_id"]: _handover(row) for row in rows}


async def still_open(database: Database) -> list[Handover]:
    """All that have not ended, oldest first; none of simulated owners, whom nobody can help."""
    return [_handover(row) for row in await database.read(_OPEN)]


async def one(database: Database, handover: int) -> Handover | None:
    """One of them, None where there is none."""
    rows = await database.read(_ONE, {"handover": handover})
    return _handover(rows[0]) if rows else None


async def newest_id(database: Database) -> int:
    """The highest number that ever was."""
    stored = int((await database.read(_NEXT))[0]["newest"])
    return max(stored, await numbers.gone(database, schema.handover))


def note(handover: int, at: int, by: int, name: str, words: str) -> Job:
    """Keep what the staff noted."""
    return many(_NOTE, [{"id": None, "handover_id": handover, "at": at, "by": by, "name": name, "text": words}])


async def topic(database: Database, chat: int, staff: int) -> Topic | None:
    """The topic of this owner in that group, None where there is none."""
    rows = await database.read(_TOPIC, {"chat": chat, "staff": staff})
    return Topic(**{**rows[0], "open": bool(rows[0]["open"])}) if rows else None


async def chat_of_thread(database: Database, staff: int, thread: int) -> int:
    """Whose topic this is; 0: nobody's."""
    rows = await database.read(_OF_THREAD, {"staff": staff, "thread": thread})
    return int(rows[0]["chat_id"]) if rows else 0


def keep_topic(topic: Topic) -> Job:
    """Remember a topic as it is now, unless its owner is forgotten by then."""
    return many(_SAVE_TOPIC, [asdict(topic)])


def forget_topic(chat: int) -> Job:
    """This owner's topic is gone."""
    return many(_FORGET, [{"chat": chat}])


def forget_topics(staff: int) -> Job:
    """All topics of a group are gone."""
    return many(_FORGET_ALL, [{"staff": staff}])
