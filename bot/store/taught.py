"""The answers that the staff taught, from draft to approved."""

import json
from collections.abc import Iterable
from dataclasses import asdict

from sqlalchemy import bindparam, func, select

from bot.knowledge.taught import Taught
from bot.store import numbers, schema
from bot.store.database import Database
from bot.store.statements import Job, compiled, many, replacing

_t = schema.taught.c
_ids = func.json_each(bindparam("ids")).table_valued("value")
_SAVE = replacing(schema.taught)
_READ = compiled(select(schema.taught).where(_t.id.in_(select(_ids.c.value))))
_OF_CARDS = compiled(select(schema.taught).where(_t.card_id.in_(select(_ids.c.value)), _t.card_id != 0))
_APPROVED = compiled(select(schema.taught).where(_t.state == "approved").order_by(_t.approved_at, _t.id))
_LISTED = compiled(select(schema.taught).order_by(_t.id.desc()).limit(bindparam("most")))
_NEWEST = compiled(select(func.max(_t.id).label("newest")))


def save(taught: Iterable[Taught]) -> Job:
    """Write these, over what stood under their numbers."""
    return many(_SAVE, (asdict(one) for one in taught))


async def read(database: Database, ids: Iterable[int]) -> dict[int, Taught]:
    """Those of these numbers that are there."""
    rows = await database.read(_READ, {"ids": json.dumps(list(ids))})
    return {row["id"]: Taught(**row) for row in rows}


async def of_cards(database: Database, rows: Iterable[int]) -> dict[int, Taught]:
    """Those whose message in the staff's group is one of these outbox rows, by number."""
    found = await database.read(_OF_CARDS, {"ids": json.dumps(list(rows))})
    return {row["id"]: Taught(**row) for row in found}


async def approved(database: Database) -> tuple[Taught, ...]:
    """What owners are answered with, in the order of approval."""
    return tuple(Taught(**row) for row in await database.read(_APPROVED))


async def listed(database: Database, most: int) -> list[Taught]:
    """In whatever state, newest first."""
    return [Taught(**row) for row in await database.read(_LISTED, {"most": most})]


async def newest_id(database: Database) -> int:
    """The highest number that ever was; 0: there was none."""
    stored = int((await database.read(_NEWEST))[0]["newest"] or 0)
    return max(stored, await numbers.gone(database, schema.taught))
