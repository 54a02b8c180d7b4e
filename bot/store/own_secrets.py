"""Random bytes that are a database's own, made when it is opened first."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, select

from bot.store import schema
from bot.store.statements import compiled, inserting_once

if TYPE_CHECKING:
    from bot.store.database import Database

NAMES: Final = ("pseudonyms",)
SECRET_BYTES: Final = 16
_MAKE = inserting_once(schema.secret)
_VALUE = compiled(select(schema.secret.c.value).where(schema.secret.c.name == bindparam("name")))


def make(path: Path) -> None:
    """Make those that a migrated database lacks."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for name in NAMES:
            connection.execute(_MAKE.text, {"name": name, "value": os.urandom(SECRET_BYTES)})


async def secret(database: "Database", name: str) -> bytes:
    """The secret of this name."""
    return bytes((await database.look(_VALUE, {"name": name}))[0]["value"])
