"""The file of a database: locked against a second process, of which version it is, brought up to date."""

import contextlib
import fcntl
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.store.refusal import DatabaseRefusedError
from bot.store.schema import HEAD


@dataclass(frozen=True, slots=True)
class DatabaseFile:
    """Where a database is, and the file of keys by which it is encrypted, if it is."""

    path: Path
    keys: Path | None = None


def locked(path: Path) -> IO[bytes]:
    """Hold a lock beside the file for as long as it is open; the system frees it when the process ends."""
    try:
        lock = os.fdopen(os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT, 0o600), "rb+")
    except OSError as error:
        raise DatabaseRefusedError(f"The database {path} cannot be opened: {error.strerror}.") from error
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise DatabaseRefusedError(
            f"Another advisor is running on {path}. Stop it first, or name another file."
        ) from error
    return lock


def migrate(path: Path) -> None:
    """Bring the file at `path` to the newest schema, in one transaction: a stop on the way leaves it as it was.

    Raises DatabaseRefusedError for one from a newer version.
    """
    version = check_version(path)
    if version == HEAD:
        return
    from alembic import command  # noqa: PLC0415  # half a second of imports, needed once in a version's life
    from alembic.config import Config  # noqa: PLC0415
    from sqlalchemy import URL, create_engine, event  # noqa: PLC0415

    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")))
    engine = create_engine(URL.create("sqlite", database=str(path)), connect_args={"isolation_level": None})
    # The driver by itself begins no transaction before CREATE and ALTER.
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
    finally:
        engine.dispose()


def check_version(path: Path) -> str | None:
    """The migration the file stands at, None for a new file."""
    if not path.exists() or not path.stat().st_size:
        return None
    version = _stored_version(path)
    known = {file.name[:4] for file in (Path(__file__).with_name("migrations") / "versions").glob("[0-9]*.py")}
    if version not in known:
        raise DatabaseRefusedError(
            f"The database {path} is of version {version}, newer than this program knows ({HEAD}). "
            "Update the program, or name another file with ADVISOR_DATABASE."
        )
    return version


def _stored_version(path: Path) -> str:
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise DatabaseRefusedError(f"{path} is not a database of this program ({error}). Name another file.") from error
    if row is None:
        raise DatabaseRefusedError(f"{path} is not a database of this program (no version). Name another file.")
    return str(row[0])
