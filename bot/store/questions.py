"""What the bot could not answer, and what owners thought of what it did answer."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass

from sqlalchemy import bindparam, select

from bot.store import schema
from bot.store.database import Database
from bot.store.statements import Job, compiled, inserting, many, replacing


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question that waits for staff and authors. `id` 0: not written yet."""

    chat_id: int
    session_id: int
    language: str
    text: str
    wants: str
    asked_at: int
    id: int = 0


@dataclass(frozen=True, slots=True)
class Rated:
    """What an owner thinks of an answer: the newest opinion of this session counts."""

    session_id: int
    cell: str
    language: str
    helpful: bool
    at: int


_q, _o = schema.questions.c, schema.opinions.c
_ASK, _RATE = inserting(schema.questions), replacing(schema.opinions)
_UNANSWERED = compiled(select(schema.questions).order_by(_q.id.desc()).limit(bindparam("most")))
_RATED = compiled(select(schema.opinions).order_by(_o.at.desc(), _o.session_id.desc()).limit(bindparam("most")))


def ask(questions: Iterable[Unanswered]) -> Job:
    """Write these questions; the store numbers them."""
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
