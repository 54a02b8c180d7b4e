"""Encrypts all that is stored again, with the newest key: a plain file for the first time, an encrypted one anew.

In steps, each a transaction: what is done stays done, and a second run goes on with the rest. A file that is partly
plain is not opened by the bot until the last step is done. At the end the file is written afresh and its log emptied,
so that what stood there before stands nowhere in them.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Column, Integer, Table, bindparam, func, select, update

from bot.store import sealed_file, words
from bot.store.database import PRAGMAS
from bot.store.database_file import locked, migrate
from bot.store.refusal import DatabaseRefusedError
from bot.store.schema import DIGEST, SEALED, metadata
from bot.store.sealing import Seal, UnsealedError
from bot.store.statements import Sql, compiled

if TYPE_CHECKING:
    from bot.store.keys import Keys

STEP_ROWS: Final = 1000
"""About as many rows of a table are written in one transaction."""
EMPTIED: Final = "PRAGMA wal_checkpoint(TRUNCATE)"

Tell = Callable[[int, int], None]
"""Is told how many rows are done, and of how many."""


@dataclass(frozen=True, slots=True)
class _Steps:
    """The statements for one table, walked in the order of the first column of its key."""

    count: Sql
    first: Sql
    next: Sql
    write: Sql
    write_rest: Sql


def _steps(table: Table) -> _Steps | None:
    texts = {one: func.rewritten(one) for one in table.columns if one.type is SEALED}
    digests = {one: func.keyed(one) for one in table.columns if one.type is DIGEST}
    if not texts and not digests:
        return None
    key: Column[Any] = next(iter(table.primary_key))
    written = update(table).where(key >= bindparam("since")).values({**texts, **digests})
    # Beyond, not from there: many lines share a session.
    beyond = select(key).where(key > bindparam("since")).order_by(key)
    return _Steps(
        compiled(select(func.count()).select_from(table)),
        compiled(select(key).order_by(key).limit(1)),
        compiled(beyond.limit(1).offset(bindparam("rows", type_=Integer))),
        compiled(written.where(key < bindparam("until"))),
        compiled(written),
    )


_TABLES: Final = [made for one in metadata.sorted_tables if (made := _steps(one))]


def rotate(path: Path, keys_file: Path | None, tell: Tell, *, decrypt: bool = False) -> None:
    """Encrypt every text of the database at `path` with the newest key of this file; or none any more, to `decrypt`.

    The bot must be stopped. Raises DatabaseRefusedError: it runs, keys are missing or wrong, there is no room, a text
    is damaged. Whatever ends it, nothing is lost: it is run again, and goes on.
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
        try:
            _rotate(connection, path, keys, tell, decrypt=decrypt)
        except (sqlite3.Error, UnsealedError) as error:
            raise DatabaseRefusedError(
                f"{error}. What was encrypted until here stays so; `advisor rotate-key` goes on from here."
            ) from error


def _rotate(connection: sqlite3.Connection, path: Path, keys: "Keys", tell: Tell, *, decrypt: bool) -> None:
    for pragma in PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    found = sealed_file.looked_at(connection, path, keys)
    if found is None and decrypt:
        return
    if found is None:
        sealed_file.begin(connection, keys, whole=False)
    elif found.newest is None:
        sealed_file.note(connection, keys, found.digest_key, whole=found.whole)
    now = sealed_file.looked_at(connection, path, keys)
    assert now is not None
    assert now.newest is not None
    if decrypt:
        sealed_file.unsettle(connection)
    else:
        words.prepare(path, sealed=True)  # each time: the first may have been cut off before it
    _write_all(connection, now.seal, tell, decrypt=decrypt)
    _write_afresh(connection)
    if decrypt:
        sealed_file.drop(connection)
    else:
        sealed_file.settle(connection, now.newest)
    connection.execute(EMPTIED)


def _write_all(connection: sqlite3.Connection, seal: Seal, tell: Tell, *, decrypt: bool) -> None:
    broken: list[UnsealedError] = []  # SQLite says only that a function of ours raised something
    rewrite = seal.unsealed if decrypt else seal.renewed

    def rewritten(value: Any) -> Any:
        try:
            return rewrite(value)
        except UnsealedError as error:
            broken.append(error)
            raise

    connection.create_function("rewritten", 1, rewritten)
    connection.create_function("keyed", 1, (lambda value: value) if decrypt else seal.keyed)
    try:
        _walk_all(connection, tell)
    except sqlite3.OperationalError:
        if broken:
            raise broken[0] from None
        raise


def _walk_all(connection: sqlite3.Connection, tell: Tell) -> None:
    total = sum(connection.execute(one.count.text).fetchone()[0] for one in _TABLES)
    done = 0
    tell(0, total)
    for one in _TABLES:
        for since, until in _ranges(connection, one):
            write = one.write_rest if until is None else one.write
            cursor = connection.execute(write.text, {"since": since, "until": until})
            done += cursor.rowcount
            tell(min(done, total), total)


def _ranges(connection: sqlite3.Connection, one: _Steps) -> Iterator[tuple[Any, Any]]:
    """From which value of the key to before which; None: to the end."""
    first = connection.execute(one.first.text, one.first.constants).fetchone()
    since = first[0] if first else None
    while since is not None:
        values = {**one.next.constants, "since": since, "rows": STEP_ROWS}
        beyond = connection.execute(one.next.text, values).fetchone()
        yield since, beyond[0] if beyond else None
        since = beyond[0] if beyond else None


def _write_afresh(connection: sqlite3.Connection) -> None:
    """Free pages and the log hold what stood there before."""
    connection.execute("VACUUM")
    connection.execute(EMPTIED)
