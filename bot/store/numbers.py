"""The numbers of what is gone: so that none comes twice, not even after a restart.

A number stays in people's heads, in the staff's topics and on old buttons when its row is deleted. Triggers keep the
highest that went, whoever deletes; like those of words.py they are made when a database is opened.
"""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Table, bindparam, func, select

from bot.store import schema
from bot.store.statements import compiled

if TYPE_CHECKING:
    from bot.store.database import Database

NUMBERED: Final = (schema.session, schema.handover, schema.taught, schema.outbox)
_g = schema.gone.c
_GONE = compiled(select(func.max(_g.number).label("number")).where(_g.name == bindparam("name")))
_TRIGGER = """CREATE TRIGGER IF NOT EXISTS {name}_gone AFTER DELETE ON {name}
    WHEN OLD.id > coalesce((SELECT number FROM gone WHERE name = '{name}'), 0)
    BEGIN INSERT INTO gone VALUES ('{name}', OLD.id) ON CONFLICT (name) DO UPDATE SET number = excluded.number; END"""


def prepare(path: Path) -> None:
    """Make the triggers in a migrated database that lacks them."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for table in NUMBERED:
            connection.execute(_TRIGGER.format(name=table.name))


async def gone(database: "Database", table: Table) -> int:
    """The highest number of a row that was deleted; 0: there was none."""
    return int((await database.read(_GONE, {"name": table.name}))[0]["number"] or 0)
