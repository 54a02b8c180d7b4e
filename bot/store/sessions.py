"""Chats and sessions: what a turn starts from and what it leaves."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import bindparam, delete, func, select, update

from bot.dialog.session import Session
from bot.languages import as_language
from bot.store import numbers, schema, wordings
from bot.store.database import Database
from bot.store.statements import Job, Sql, compiled, many, replacing

PAST_SHOWN = 10
SIMULATED_FROM: Final = 2**52
"""Chats of simulated owners have this id or a higher one; Telegram's own stay below. Their staff's group: below its
negative."""


def is_simulated(chat_id: int) -> bool:
    """Whether a chat is of `advisor simulate`: it is in the database, and nowhere else."""
    return abs(chat_id) >= SIMULATED_FROM


@dataclass(frozen=True, slots=True)
class Chat:
    """An owner's chat with the session that goes on. Ids are 0 where there is none.

    `updated_at`: when something was last said in the session.
    `moved`: the dialog version that the session began with could not be loaded any more, so it goes on under another.
    """

    id: int
    session: Session = field(default_factory=Session)
    dialog_version: str = ""
    lines: int = 0
    begun_at: int = 0
    consented_at: int = 0
    question_id: int = 0
    apologised_at: int = 0
    blocked_at: int | None = None
    updated_at: int = 0
    moved: bool = False
    met: str = ""
    stands: str = ""
    stored: tuple[str, str, str] | None = field(default=None, compare=False)
    """The session's language, dialog version and advice as it was loaded."""


@dataclass(frozen=True, slots=True)
class Past:
    """An earlier session that came to advice."""

    candidate: str
    at: int


_c, _s = schema.chat.c, schema.session.c
_ids = func.json_each(bindparam("ids")).table_valued("value")
_LOAD = compiled(
    select(
        _c.id, _c.language, _c.consent, _c.consented_at, _c.session_id, _c.question_id, _c.texted, _c.apologised_at,
        _c.blocked_at, _s.dialog_version, _s.step, _s.answers, _s.open, _s.advised, _s.about, _s.lines,
        _s.begun_at, _s.moved, _s.met, _s.stands, _s.updated_at,
    )
    .join_from(schema.chat, schema.session, _s.id == _c.session_id)
    .where(_c.id.in_(select(_ids.c.value)))
)  # fmt: skip
_PAST = compiled(
    select(_s.advised, _s.updated_at)
    .where(_s.chat_id == bindparam("chat_id"), _s.advised != "")
    .order_by(_s.id.desc())
    .limit(PAST_SHOWN)
)
_NEWEST = compiled(select(func.max(_s.id).label("newest")))
_HIGHEST_CHAT = compiled(select(func.max(_c.id).label("highest")))
_SAVE_CHAT = replacing(schema.chat)
_SELDOM = ("language", "dialog_version", "advised")
_SAVE_SESSION = replacing(schema.session, keep=(_s.begun_at, _s.chat_id, _s.simulated, *(_s[name] for name in _SELDOM)))
_MOVE_SESSION = Sql(
    "UPDATE session SET language = :language, dialog_version = :dialog_version, advised = :advised WHERE id = :id", {}
)
"""Apart: SQLite writes the indexes of all columns that it is told to set, also where they stay as they are."""
ORPHANED_WORDINGS: Final = compiled(
    delete(schema.wording).where(
        schema.wording.c.digest.not_in(select(schema.transcript.c.digest)),
        schema.wording.c.digest.not_in(
            select(schema.transcript.c.buttons).where(schema.transcript.c.buttons.is_not(None))
        ),
    )
)
"""Delete the wordings that no line has any more."""
_OLD = compiled(
    select(_s.id, _s.chat_id)
    .where(_s.updated_at < bindparam("before"))
    .order_by(_s.updated_at)
    .limit(bindparam("most"))
)
_chats = func.json_each(bindparam("chats")).table_valued("value")
_left = select(_s.id).where(_s.chat_id == _c.id).exists()
_DROP = (
    compiled(delete(schema.session).where(_s.id.in_(select(_ids.c.value)), _s.updated_at < bindparam("before"))),
    compiled(delete(schema.chat).where(_c.id.in_(select(_chats.c.value)), ~_left)),
)
_STRAY_TOPICS = compiled(delete(schema.topic).where(schema.topic.c.chat_id.not_in(select(_c.id))))
_BLOCK = compiled(update(schema.chat).where(_c.id == bindparam("chat")).values(blocked_at=bindparam("at")))


async def load(database: Database, chat_ids: Iterable[int]) -> dict[int, Chat]:
    """The chats that are known, by id."""
    rows = await database.read(_LOAD, {"ids": json.dumps(list(chat_ids))})
    return {row["id"]: _chat(row) for row in rows}


def _chat(row: dict[str, Any]) -> Chat:
    session = Session(
        as_language(row["language"]) or "en", row["consent"], row["session_id"], row["step"],
        json.loads(row["answers"]), row["open"], row["advised"], bool(row["texted"]), row["about"],
    )  # fmt: skip
    same = (
        "id", "dialog_version", "lines", "begun_at", "consented_at", "question_id", "apologised_at", "blocked_at",
        "met", "stands", "updated_at",
    )  # fmt: skip
    stored = row["language"], row["dialog_version"], row["advised"]
    return Chat(session=session, moved=bool(row["moved"]), stored=stored, **{name: row[name] for name in same})


async def past(database: Database, chat_id: int) -> list[Past]:
    """The advice of this chat's sessions, newest first."""
    rows = await database.read(_PAST, {"chat_id": chat_id})
    return [Past(row["advised"], row["updated_at"]) for row in rows]


async def newest_id(database: Database) -> int:
    """The highest session id that ever was."""
    stored = int((await database.read(_NEWEST))[0]["newest"] or 0)
    return max(stored, await numbers.gone(database, schema.session))


async def highest_chat(database: Database) -> int:
    """The highest id of a chat there is; 0: there is none."""
    return int((await database.read(_HIGHEST_CHAT))[0]["highest"] or 0)


def save(chats: Iterable[Chat], now: int, left: Iterable[Chat] = ()) -> Job:
    """Write these chats and their sessions; `left`: chats as they were with the sessions that were begun anew.

    `now` is when something was last said in those that do not know it themselves.
    """
    listed = list(chats)
    rows, every = (_chat_row(chat) for chat in listed), (*left, *listed)
    sessions = [_session_row(chat, now) for chat in every]
    moved = [
        row for chat, row in zip(every, sessions, strict=True) if chat.stored != tuple(row[one] for one in _SELDOM)
    ]
    return (*many(_SAVE_CHAT, rows), *many(_SAVE_SESSION, sessions), *many(_MOVE_SESSION, moved))


def _chat_row(chat: Chat) -> dict[str, Any]:
    session = chat.session
    return {
        "id": chat.id, "language": session.language, "consent": session.consent, "consented_at": chat.consented_at,
        "session_id": session.id, "question_id": chat.question_id, "texted": session.texted,
        "apologised_at": chat.apologised_at, "blocked_at": chat.blocked_at,
    }  # fmt: skip


def _session_row(chat: Chat, now: int) -> dict[str, Any]:
    session = chat.session
    return {
        "id": session.id, "chat_id": chat.id, "dialog_version": chat.dialog_version, "language": session.language,
        "step": session.step, "answers": json.dumps(dict(session.answers)), "open": session.open,
        "advised": session.advised, "about": session.about, "lines": chat.lines, "begun_at": chat.begun_at,
        "updated_at": chat.updated_at or now, "simulated": is_simulated(chat.id), "moved": chat.moved,
        "met": chat.met, "stands": chat.stands,
    }  # fmt: skip


async def old(database: Database, before: int, most: int) -> list[tuple[int, int]]:
    """Sessions last touched before this time, with their chats; the oldest first."""
    rows = await database.read(_OLD, {"before": before, "most": most})
    return [(row["id"], row["chat_id"]) for row in rows]


def drop(listed: Iterable[tuple[int, int]], before: int, used: Iterable[bytes]) -> Job:
    """Delete these sessions (number and chat) with all that hangs on them, and chats that have none left.

    Not those that were touched meanwhile, at `before` or later. `used`: the digests of their wordings.
    """
    numbers, chats = zip(*listed, strict=True)
    values = {"ids": json.dumps(numbers), "chats": json.dumps(chats), "before": before}
    return (*(part for sql in _DROP for part in many(sql, [values])), *wordings.drop(used))


def drop_stray_topics() -> Job:
    """Topics whose owners' chats are gone are nobody's."""
    return many(_STRAY_TOPICS, [{}])


def block(chat_id: int, at: int | None) -> Job:
    """Mark the owner as blocking the bot since `at`; None: no longer."""
    return many(_BLOCK, [{"chat": chat_id, "at": at}])
