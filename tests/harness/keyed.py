"""Files of keys for tests, and a look at what a database holds in the raw."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet

from bot.store.keys import read_keys
from bot.store.schema import DIGEST, SEALED, metadata
from bot.store.sealing import Seal

COLUMNS = [(table.name, one.name, one.type) for table in metadata.sorted_tables for one in table.columns]
TEXTS = [(table, column) for table, column, kind in COLUMNS if kind is SEALED]
DIGESTS = [(table, column) for table, column, kind in COLUMNS if kind is DIGEST]


def key_file(folder: Path, *keys: bytes, name: str = "database.key") -> Path:
    """A file with these keys, newest first; with a new one when none is given."""
    file = folder / name
    file.touch(0o600)
    file.write_bytes(b"\n".join(keys or (Fernet.generate_key(),)) + b"\n")
    return file


def values(database: Path, columns: list[tuple[str, str]]) -> Iterator[tuple[str, str, Any]]:
    """Everything that stands in these columns, but nothing empty: table, column, value."""
    with closing(sqlite3.connect(database)) as connection:
        for table, column in columns:
            for (value,) in connection.execute(f'SELECT "{column}" FROM "{table}"'):
                if value not in (None, ""):
                    yield table, column, value


def readable(database: Path, keys: Path | None = None) -> Iterator[tuple[str, str, Any]]:
    """Everything that stands in any table, as whoever has the keys reads it: table, column, value."""
    seal = Seal(read_keys(keys), b"") if keys else None
    with closing(sqlite3.connect(database, timeout=5)) as connection:
        listed = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'words%'")
        for (table,) in listed.fetchall():
            rows = connection.execute(f'SELECT * FROM "{table}"')
            for row in rows:
                for (column, *_), value in zip(rows.description, row, strict=True):
                    yield table, column, seal.unsealed(value) if seal else value


def files_holding(database: Path, *markers: bytes) -> list[str]:
    """The files of this database, its log and its index among them, in which one of these stands."""
    files = [one for one in database.parent.glob(f"{database.name}*") if one.is_file()]
    return [one.name for one in files if any(marker in one.read_bytes() for marker in markers)]
