"""What the pages with figures read beside the traffic: opinions, questions without an answer, waiting times."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Integer, Text, and_, bindparam, func, literal_column, or_, select

from bot.store import schema
from bot.store.database import Database
from bot.store.filters import Filter
from bot.store.questions import Unanswered, unanswered_of
from bot.store.sessions import SIMULATED_FROM
from bot.store.statements import Values, compiled


@dataclass(frozen=True, slots=True)
class Judged:
    """How often an answer (by the name of its cell) was found helpful, and not, in one language."""

    cell: str
    language: str
    helpful: int
    unhelpful: int


@dataclass(frozen=True, slots=True)
class Waited:
    """A handover, as far as it was waited for. Times are epoch ms, 0 where it has not happened; `rating` 0: none."""

    session_id: int
    language: str
    kind: str
    state: str
    wished_at: int
    claimed_at: int
    ended_at: int
    rating: int


_o, _q, _h = schema.opinions.c, schema.questions.c, schema.handover.c


def _within(at: Column[Any], language: Column[Any], chat: Column[Any]) -> ColumnElement[bool]:
    wanted, simulated = bindparam("language", type_=Text), bindparam("simulated", type_=Text)
    return and_(
        at.between(bindparam("begin", type_=Integer), bindparam("end", type_=Integer)),
        or_(wanted == "", language == wanted),
        or_(simulated == "", (chat >= SIMULATED_FROM) == (simulated == "yes")),
    )


_helpful = func.sum(_o.helpful)
_JUDGED = compiled(
    select(_o.cell, _o.language, _helpful.label("helpful"), (func.count() - _helpful).label("unhelpful"))
    .where(_within(_o.at, _o.language, _o.chat_id))
    .group_by(_o.cell, _o.language)
)
_open = and_(_within(_q.asked_at, _q.language, _q.chat_id), _q.taught_id.is_(None), _q.text != "")
_UNANSWERED = compiled(
    select(schema.questions).where(_open).order_by(_q.asked_at.desc(), _q.id.desc()).limit(bindparam("most"))
)
_COUNTED = compiled(select(_q.language, func.count().label("n")).where(_open).group_by(_q.language))
_ONE = compiled(select(schema.questions).where(_q.id == bindparam("id")))
_STARS = compiled(
    select(_h.rating, func.count().label("n"))
    .where(_within(_h.wished_at, _h.language, _h.chat_id), _h.rating > literal_column("0"))
    .group_by(_h.rating)
)
_columns = (_h.session_id, _h.language, _h.kind, _h.state, _h.wished_at, _h.claimed_at, _h.ended_at, _h.rating)
_WAITED = compiled(
    select(*_columns)
    .where(_within(_h.wished_at, _h.language, _h.chat_id))
    .order_by(_h.wished_at.desc())
    .limit(bindparam("most"))
)


async def stars(database: Database, wanted: Filter) -> dict[int, int]:
    """How often the help of people was rated with so many stars; what was not rated is left out."""
    return {row["rating"]: row["n"] for row in await database.look(_STARS, _values(wanted))}


async def judged(database: Database, wanted: Filter) -> list[Judged]:
    """What owners thought of the answers that they were given in this period, in no order."""
    return [Judged(**row) for row in await database.look(_JUDGED, _values(wanted))]


async def unanswered(database: Database, wanted: Filter, most: int) -> list[Unanswered]:
    """The questions of this period that have no answer, newest first."""
    return [unanswered_of(row) for row in await database.look(_UNANSWERED, {**_values(wanted), "most": most})]


async def unanswered_by_language(database: Database, wanted: Filter) -> Mapping[str, int]:
    """How many they are in all, by the language of the question."""
    return {row["language"]: row["n"] for row in await database.look(_COUNTED, _values(wanted))}


async def question(database: Database, number: int) -> Unanswered | None:
    """The question of this number, answered or not; None where there is none (any more)."""
    rows = await database.look(_ONE, {"id": number})
    return unanswered_of(rows[0]) if rows else None


async def waited(database: Database, wanted: Filter, most: int) -> list[Waited]:
    """The handovers that were wished for in this period, newest first."""
    rows = await database.look(_WAITED, {**_values(wanted), "most": most})
    return await asyncio.to_thread(lambda: [Waited(**row) for row in rows])


def _values(wanted: Filter) -> Values:
    begin, end = wanted.period
    return {"begin": begin, "end": end - 1, "language": wanted.language, "simulated": wanted.simulated}
