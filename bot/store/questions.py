"""What the bot could not answer, and what owners thought of what it did answer."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Text, bindparam, case, func, select

from bot.store import schema
from bot.store.database import Database
from bot.store.statements import Job, Sql, compiled, insertion, many, replacing


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that waits for staff and authors. `id` 0: not written yet.

    Without a text it is a wish for a person: about what was asked last in the session.
    """

    chat_id: int
    session_id: int
    language: str
    text: str
    wants: str
    asked_at: int
    id: int = 0


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


def _last(column: Column[Any]) -> ColumnElement[Any]:
    """For a wish without a text: this column of what was asked last in its session; else what comes with it."""
    given, blank = bindparam(column.name, type_=column.type), bindparam("text", type_=Text) == ""
    last = select(column).where(_q.session_id == bindparam("session_id"), blank)
    return func.coalesce(last.order_by(_q.asked_at.desc(), _q.id.desc()).limit(1).scalar_subquery(), given)


def _asking() -> Sql:
    """INSERT a question, or ask the same one of its session again; one that wants a person goes on wanting it."""
    asked = insertion(schema.questions).values({one.name: _last(one) for one in (_q.language, _q.text, _q.asked_at)})
    wants = case((_q.wants == "person", _q.wants), else_=asked.excluded.wants)
    return compiled(
        asked.on_conflict_do_update(
            index_elements=[_q.session_id, _q.language, _q.text],
            set_={"wants": wants, "asked_at": asked.excluded.asked_at},
        )
    )


_ASK, _RATE = _asking(), replacing(schema.opinions)
_UNANSWERED = compiled(select(schema.questions).order_by(_q.asked_at.desc(), _q.id.desc()).limit(bindparam("most")))
_RATED = compiled(select(schema.opinions).order_by(_o.at.desc(), _o.session_id.desc()).limit(bindparam("most")))


def ask(questions: Iterable[Unanswered]) -> Job:
    """Write these questions, in order; the store numbers them. The same one in a session is one, however often asked.

    A wish without a text makes the session's last question one for a person; without any it is kept by itself, once.
    """
    return many(_ASK, ({**asdict(question), "id": None} for question in questions))


def rate(opinions: Iterable[Rated]) -> Job:
    """Write these opinions over earlier ones of the same owner."""
    return many(_RATE, (asdict(opinion) for opinion in opinions))


async def unanswered(database: Database, most: int) -> list[Unanswered]:
    """The questions that stayed unanswered, newest first."""
    return [Unanswered(**row) for row in await database.read(_UNANSWERED, {"most": most})]


async def rated(database: Database, most: int) -> list[Rated]:
    """The opinions, newest first."""
    return [Rated(**{**row, "helpful": bool(row["helpful"])}) for row in await database.read(_RATED, {"most": most})]
