"""Who looked at what in review, and took it out. It outlives what was looked at."""

from dataclasses import dataclass

from sqlalchemy import bindparam, insert, select

from bot.store import schema
from bot.store.database import Database
from bot.store.statements import Job, compiled, many

_a, _r = schema.audit.c, schema.role.c
_NOTE = compiled(
    insert(schema.audit).values(
        at=bindparam("at"), person_id=bindparam("person"), act=bindparam("act"), what=bindparam("what")
    )
)
_BEFORE = compiled(
    select(_a.id, _a.at, _a.person_id, _a.act, _a.what, _r.name)
    .outerjoin(schema.role, _r.person_id == _a.person_id)
    .where(_a.id < bindparam("before"))
    .order_by(_a.id.desc())
    .limit(bindparam("most"))
)


@dataclass(frozen=True, slots=True)
class Noted:
    """One act. `name`: of who did it, as they call themselves today; None: not known (any more)."""

    id: int
    at: int
    person_id: int
    act: str
    what: str
    name: str | None


def note(person: int, act: str, what: str, at: int) -> Job:
    """This person did this. `what`: the page or the session, with its filter; never an owner's words."""
    return many(_NOTE, [{"person": person, "act": act, "what": what, "at": at}])


async def before(database: Database, row: int, most: int) -> list[Noted]:
    """What was noted before this row, newest first."""
    return [Noted(**one) for one in await database.read(_BEFORE, {"before": row, "most": most})]
