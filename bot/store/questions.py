"""What the bot could not answer, and what owners thought of what it did answer."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from typing import Any

from sqlalchemy import Column, ColumnElement, bindparam, case, func, select, update

from bot.languages import Language
from bot.store import schema
from bot.store.database import Database
from bot.store.schema import SEALED
from bot.store.statements import Job, Sql, compiled, insertion, many, replacing
from bot.store.transcripts import digest


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that waits for staff and authors. `id` 0: not written yet.

    Without a text it is a wish for a person: about what was asked last in the session. `tell`: the owner wants to hear
    when it is answered; `taught_id`: the taught answer that answers it; `told_at`: when the owner was told of that.
    """

    chat_id: int
    session_id: int
    language: Language
    text: str
    wants: str
    asked_at: int
    id: int = 0
    tell: bool = False
    taught_id: int | None = None
    told_at: int | None = None


@dataclass(frozen=True, slots=True)
class Rated:
    """What an owner thinks of an answer: the newest opinion of this chat counts."""

    chat_id: int
    session_id: int
    cell: str
    language: str
    helpful: bool
    at: int


_q, _o = schema.questions.c, schema.opinions.c
_FIELDS = [field.name for field in fields(Unanswered)]


def _last(column: Column[Any]) -> ColumnElement[Any]:
    """For a wish without a text: this column of what was asked last in its session; else what comes with it."""
    given, blank = bindparam(column.name, type_=column.type), bindparam("text", type_=SEALED) == ""
    last = select(column).where(_q.session_id == bindparam("session_id"), blank)
    return func.coalesce(last.order_by(_q.asked_at.desc(), _q.id.desc()).limit(1).scalar_subquery(), given)


def _asking() -> Sql:
    """INSERT a question, or ask the same one of its session again; one that wants a person goes on wanting it."""
    inherited = (_q.language, _q.text, _q.digest, _q.asked_at)
    asked = insertion(schema.questions).values({one.name: _last(one) for one in inherited})
    wants = case((_q.wants == "person", _q.wants), else_=asked.excluded.wants)
    return compiled(
        asked.on_conflict_do_update(
            index_elements=[_q.session_id, _q.language, _q.digest],
            set_={"wants": wants, "asked_at": asked.excluded.asked_at},
        )
    )


_ASK, _RATE = _asking(), replacing(schema.opinions)
_newest = (_q.asked_at.desc(), _q.id.desc())
_UNANSWERED = compiled(
    select(schema.questions).where(_q.taught_id.is_(None)).order_by(*_newest).limit(bindparam("most"))
)
_OF_SESSION = (_q.chat_id == bindparam("chat"), _q.session_id == bindparam("session"), _q.text != "")
_LAST = select(_q.id).where(*_OF_SESSION).order_by(*_newest).limit(1)
_LAST_ASKED = compiled(select(_q.text, _q.language).where(*_OF_SESSION).order_by(*_newest).limit(1))
_TELL = compiled(
    update(schema.questions).where(_q.id == _LAST.scalar_subquery(), _q.taught_id.is_(None)).values(tell=True)
)
_WAITING = compiled(select(schema.questions).where(_q.tell, _q.told_at.is_(None), _q.text != "").order_by(_q.id))
_ids = func.json_each(bindparam("ids")).table_valued("value")
_ANSWERED = compiled(
    update(schema.questions).where(_q.id.in_(select(_ids.c.value))).values(taught_id=bindparam("taught"))
)
_TOLD = compiled(update(schema.questions).where(_q.id.in_(select(_ids.c.value))).values(told_at=bindparam("at")))
_RATED = compiled(select(schema.opinions).order_by(_o.at.desc(), _o.session_id.desc()).limit(bindparam("most")))


def ask(questions: Iterable[Unanswered]) -> Job:
    """Write these questions, in order; the store numbers them. The same one in a session is one, however often asked.

    A wish without a text makes the session's last question one for a person; without any it is kept by itself, once.
    """
    return many(_ASK, ({**asdict(one), "id": None, "digest": digest(one.text)} for one in questions))


def rate(opinions: Iterable[Rated]) -> Job:
    """Write these opinions over earlier ones of the same owner."""
    return many(_RATE, (asdict(opinion) for opinion in opinions))


async def unanswered(database: Database, most: int) -> list[Unanswered]:
    """The questions that stayed unanswered, newest first."""
    return [unanswered_of(row) for row in await database.read(_UNANSWERED, {"most": most})]


def unanswered_of(row: dict[str, Any]) -> Unanswered:
    """A row of the table."""
    return Unanswered(**{**{name: row[name] for name in _FIELDS}, "tell": bool(row["tell"])})


async def waiting_for_answer(database: Database) -> list[Unanswered]:
    """The questions whose owners want to hear of an answer and were not told yet, in the order of asking."""
    return [unanswered_of(row) for row in await database.read(_WAITING)]


async def last_asked(database: Database, chat_id: int, session_id: int) -> tuple[str, Language] | None:
    """What was asked last in a session and stayed without an answer, and its language; None when nothing was."""
    rows = await database.read(_LAST_ASKED, {"chat": chat_id, "session": session_id})
    return (rows[0]["text"], rows[0]["language"]) if rows else None


def tell_me(chat_id: int, session_id: int) -> Job:
    """The owner of this chat wants to hear when what was asked last in this session has an answer."""
    return many(_TELL, [{"chat": chat_id, "session": session_id}])


def answered(ids: Iterable[int], taught_id: int) -> Job:
    """These questions have an answer now."""
    return _of_all(_ANSWERED, ids, taught=taught_id)


def told(ids: Iterable[int], at: int) -> Job:
    """The owners of these questions were told."""
    return _of_all(_TOLD, ids, at=at)


def _of_all(sql: Sql, ids: Iterable[int], **values: int) -> Job:
    listed = list(ids)
    return many(sql, [{"ids": json.dumps(listed), **values}]) if listed else ()


async def rated(database: Database, most: int) -> list[Rated]:
    """The opinions, newest first."""
    return [Rated(**{**row, "helpful": bool(row["helpful"])}) for row in await database.read(_RATED, {"most": most})]
