"""Encrypts all that is stored again, with the newest key: a plain file for the first time, an encrypted one anew.

In steps, each a transaction: what is done stays done, and a second run goes on with the rest. A plain file that was begun
is not opened by the bot until the last step is done. At the end the file is written afresh and its log emptied, so that
what stood there before stands nowhere in them.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from sqlalchemy import Column, Integer, Table, bindparam, func, literal_column, select, update

from bot.store import sealed_file
from bot.store.database import PRAGMAS, locked, migrate
from bot.store.refusal import DatabaseRefusedError
from bot.store.schema import DIGEST, SEALED, metadata
from bot.store.sealing import Seal, UnsealedError
from bot.store.statements import Sql, compiled

STEP_ROWS: Final = 1000
"""Rows of a table written in one transaction, or a few more."""
FIXED: Final = 2
"""Steps at the end: the file is written afresh, its log emptied."""

Tell = Callable[[int, int], None]
"""Is told how much is done, and of how much."""


@dataclass(frozen=True, slots=True)
class _Sealing:
    """The statements for one table, in the order of the first column of its key."""

    count: Sql
    first: Sql
    next: Sql
    write: Sql


def _of(table: Table) -> _Sealing | None:
    texts = {one: func.renewed(one) for one in table.columns if one.type is SEALED}
    digests = {one: func.keyed(one) for one in table.columns if one.type is DIGEST}
    if not texts and not digests:
        return None
    key: Column[Any] = next(iter(table.primary_key))
    beyond = select(key).where(key >= bindparam("since")).order_by(key)
    within = (key >= bindparam("since"), (key < bindparam("until")) | bindparam("until").is_(None))
    return _Sealing(
        compiled(select(func.count()).select_from(table)),
        compiled(select(key).order_by(key).limit(1)),
        compiled(beyond.limit(1).offset(bindparam("rows", type_=Integer))),
        compiled(update(table).where(*within).values({**texts, **digests})),
    )


_TABLES: Final = [(one.name, made) for one in metadata.sorted_tables if (made := _of(one))]


def rotate(path: Path, keys_file: Path | None, tell: Tell) -> int:
    """Encrypt all texts of the database at `path` with the newest key of this file; gives how many rows hold some.

    The bot must be stopped. Raises DatabaseRefusedError: it runs, keys are missing or wrong, no room, a text is damaged.
    """
    keys = sealed_file.keys_in(keys_file)
    if keys is None:
        raise DatabaseRefusedError(
            "Name the file of keys in ADVISOR_DATABASE_KEY_FILE. `advisor new-key FILE` makes one."
        )
    if not path.exists():
        raise DatabaseRefusedError(f"There is no database at {path}. Name it with --database, or ADVISOR_DATABASE.")
    with contextlib.closing(locked(path)), sealed_file.connected(path) as connection:
        sealed_file.looked_at(connection, path, keys)
        migrate(path)
        return _Rotation(connection, path, keys, tell).run()
