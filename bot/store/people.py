"""Who has a role, and the staff's group as it was last seen."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, update

from bot.staff.moment import Person
from bot.store import schema, visits
from bot.store.database import Database
from bot.store.statements import Job, compiled, inserting_once, insertion, many, replacing

_r, _s = schema.role.c, schema.staff_chat.c
_ids = func.json_each(bindparam("ids")).table_valued("value")
_ALL = compiled(select(schema.role))
_SAVE, _SEAT = replacing(schema.role), inserting_once(schema.role)
_DISMISS = compiled(
    update(schema.role)
    .where(_r.role == "admin", _r.person_id.not_in(select(_ids.c.value)))
    .values(role="former", by=0, at=bindparam("now"))
)
_appoint = insertion(schema.role)
_APPOINT = compiled(
    _appoint.on_conflict_do_update(
        index_elements=[_r.person_id], set_={"role": "admin", "by": 0, "at": _appoint.excluded.at}
    )
)
_RENAME = compiled(update(schema.role).where(_r.person_id == bindparam("person")).values(name=bindparam("new_name")))
_GROUP = compiled(select(schema.staff_chat).where(_s.configured == bindparam("configured")))
_SAVE_GROUP = replacing(schema.staff_chat)


async def known(database: Database) -> dict[int, Person]:
    """Everybody who has a role, or had one, by id."""
    rows = await database.read(_ALL)
    return {row["person_id"]: Person(row["person_id"], row["role"], row["name"]) for row in rows}


def save(people: Iterable[Person], by: int, at: int) -> Job:
    """Write who has which role now. `by`: who granted or took it."""
    rows = ({"person_id": one.id, "role": one.role, "name": one.name, "by": by, "at": at} for one in people)
    return (*many(_SAVE, rows), *visits.shut_out())


def appoint(admins: Sequence[int], at: int) -> Job:
    """These are the admins, as the settings say, and nobody else is."""
    rows = ({"person_id": one, "role": "admin", "name": str(one), "by": 0, "at": at} for one in admins)
    dismissed = many(_DISMISS, [{"ids": json.dumps(list(admins)), "now": at}])
    return (*dismissed, *many(_APPOINT, rows), *visits.shut_out())


def rename(person: int, name: str) -> Job:
    """They call themselves otherwise now."""
    return many(_RENAME, [{"person": person, "new_name": name}])


def seat(staff: Iterable[Person], at: int) -> Job:
    """These belong to the staff, unless something else is stored of them."""
    rows = ({"person_id": one.id, "role": one.role, "name": one.name, "by": 0, "at": at} for one in staff)
    return many(_SEAT, rows)


async def group(database: Database, configured: int) -> tuple[int, list[str]]:
    """The id of the staff's group today, and what we lacked there when the admins were last told."""
    rows: list[dict[str, Any]] = await database.read(_GROUP, {"configured": configured})
    return (rows[0]["chat_id"], json.loads(rows[0]["lacks"])) if rows else (configured, [])


def keep_group(configured: int, chat: int, lacks: Sequence[str]) -> Job:
    """Remember the group's id today, and what the admins were told of."""
    return many(_SAVE_GROUP, [{"configured": configured, "chat_id": chat, "lacks": json.dumps(list(lacks))}])
