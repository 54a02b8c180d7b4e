"""Whether a database file is encrypted, and whether the keys at hand open it: looked at before anything is written.

A row of `seal` for each key that may have encrypted something holds the file's own key of digests, encrypted with that
key. So a key that is missing is found at the start, not at the first text that cannot be read; and digests stay as they
are when keys change.
"""

import contextlib
import os
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Column, bindparam, column, delete, exists, literal_column, select, table, text, update

from bot.store.refusal import DatabaseRefusedError
from bot.store.schema import SEALED, metadata, seal
from bot.store.sealing import Seal
from bot.store.statements import Sql, Values, compiled, inserting

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

    from bot.store.keys import Keys

DIGEST_KEY_BYTES: Final = 32

_TABLES = compiled(select(column("name")).select_from(table("sqlite_master", column("name"))))
_ROWS = compiled(select(seal.c.id, seal.c.token, seal.c.whole).order_by(seal.c.id))
_ADD = inserting(seal)
_SETTLE = compiled(update(seal).where(seal.c.id == bindparam("row")).values(whole=True))
_UNSETTLE = compiled(update(seal).values(whole=False))
_DROP_OTHERS = compiled(delete(seal).where(seal.c.id != bindparam("row")))
_DROP = compiled(delete(seal))


def _texts(one: Column[Any]) -> Sql:
    return compiled(select(exists().where(one != "", one.is_not(None)).label("some")))


_COLUMNS = compiled(
    select(literal_column("m.name"), literal_column("c.name")).select_from(
        text("sqlite_master m JOIN pragma_table_info(m.name) c")
    )
)
_HOLDING = {
    (each.name, one.name): _texts(one) for each in metadata.sorted_tables for one in each.columns if one.type is SEALED
}


@dataclass(frozen=True, slots=True)
class Sealed:
    """What an encrypted file says of itself. `newest`: the row of the newest key, None: it has none yet. `whole`:
    nothing is left in it that should be encrypted and is not."""

    seal: Seal
    digest_key: bytes
    newest: int | None
    whole: bool


def keys_in(file: Path | None) -> "Keys | None":
    """The keys of this file, None for no file. Raises DatabaseRefusedError."""
    if file is None:
        return None
    from bot.store.keys import KeysRefusedError, read_keys  # noqa: PLC0415  # cryptography, only where it is needed

    try:
        return read_keys(file)
    except KeysRefusedError as error:
        raise DatabaseRefusedError(str(error)) from None


def check(path: Path, keys: "Keys | None") -> None:
    """Nothing, when a bot may be started on this file with these keys. Raises DatabaseRefusedError."""
    with connected(path) as connection:
        if usable(connection, path, keys) is None and keys is not None and holds_texts(connection):
            raise DatabaseRefusedError(
                f"The database {path} is not encrypted yet, but ADVISOR_DATABASE_KEY_FILE names a key. "
                "Back it up and run `advisor rotate-key`, which encrypts it; then start again. "
                "Or take the setting away."
            )


def usable(connection: sqlite3.Connection, path: Path, keys: "Keys | None") -> Seal | None:
    """What the texts of this file are read and written with; None for a plain one. Raises DatabaseRefusedError."""
    found = looked_at(connection, path, keys)
    if found is not None and not found.whole:
        raise DatabaseRefusedError(
            f"The encryption of the database {path} was begun and did not come to its end. "
            "Run `advisor rotate-key` again: it goes on where it was. Then start again."
        )
    return found.seal if found else None


def begun(path: Path, keys: "Keys | None") -> Seal | None:
    """As `usable`, for a file that is ours alone and was checked: without a text in it, it begins to be encrypted, and
    a new key is noted in it before it encrypts anything."""
    with connected(path) as connection:
        found = looked_at(connection, path, keys)
        if found is None and keys is not None:
            return begin(connection, keys, whole=True)
        if found is not None and found.newest is None and keys is not None:
            note(connection, keys, found.digest_key, whole=True)
        return found.seal if found else None


def begin(connection: sqlite3.Connection, keys: "Keys", *, whole: bool) -> Seal:
    """From now on this file is encrypted. `whole`: and nothing is in it that is not."""
    digest_key = os.urandom(DIGEST_KEY_BYTES)
    note(connection, keys, digest_key, whole=whole)
    return Seal(keys, digest_key)


def note(connection: sqlite3.Connection, keys: "Keys", digest_key: bytes, *, whole: bool) -> None:
    """The newest of these keys may encrypt something from now on."""
    token = keys.newest.encrypt(digest_key)
    _run(connection, _ADD, {"id": None, "token": token, "whole": whole})


def unsettle(connection: sqlite3.Connection) -> None:
    """From now on some is encrypted, and some is not."""
    _run(connection, _UNSETTLE, {})


def settle(connection: sqlite3.Connection, row: int) -> None:
    """All is encrypted with the key of this row."""
    _run(connection, _DROP_OTHERS, {"row": row})
    _run(connection, _SETTLE, {"row": row})


def drop(connection: sqlite3.Connection) -> None:
    """Nothing in this file is encrypted any more."""
    _run(connection, _DROP, {})


def looked_at(connection: sqlite3.Connection, path: Path, keys: "Keys | None") -> Sealed | None:
    """What the file says of itself; None for a plain one. Raises DatabaseRefusedError: wrong keys."""
    rows = _run(connection, _ROWS, {}) if "seal" in tables(connection) else []
    if not rows:
        return None
    if keys is None:
        raise DatabaseRefusedError(
            f"The database {path} is encrypted. Name the file with its key in ADVISOR_DATABASE_KEY_FILE."
        )
    opened = {row: _opened(token, keys, path) for row, token, _ in rows}
    digest_key = opened[rows[0][0]][1]
    newest = next((row for row, (key, _) in opened.items() if key is keys.newest), None)
    return Sealed(Seal(keys, digest_key), digest_key, newest, all(whole for _, _, whole in rows))


def _opened(token: bytes, keys: "Keys", path: Path) -> tuple["Fernet", bytes]:
    opened = keys.opening(token)
    if opened is None:
        raise DatabaseRefusedError(
            f"The database {path} is encrypted with a key that is not in {keys.file}. Put that key back, below the "
            "newer ones: an old key is needed until `advisor rotate-key` has come to its end."
        )
    return opened


def holds_texts(connection: sqlite3.Connection) -> bool:
    """Whether anything is in a plain file that would have to be encrypted."""
    present = {tuple(row) for row in _run(connection, _COLUMNS, {})}  # an older version has not all of them
    return any(_run(connection, sql, {})[0][0] for place, sql in _HOLDING.items() if place in present)


def tables(connection: sqlite3.Connection) -> set[str]:
    """The tables there are."""
    return {name for (name,) in _run(connection, _TABLES, {})}


def connected(path: Path) -> contextlib.closing[sqlite3.Connection]:
    """A connection that commits each statement by itself."""
    return contextlib.closing(sqlite3.connect(path, isolation_level=None))


def _run(connection: sqlite3.Connection, sql: Sql, values: Values) -> Sequence[Any]:
    return connection.execute(sql.text, sql.filled(values)).fetchall()
