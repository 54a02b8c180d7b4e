"""One SQLite file: opened safely, migrated, read from one connection and written from another.

All writing goes through `write`: what waits is committed together (group commit), so that a full sync to disk
(`synchronous=FULL`) is shared by many turns. Method and figures: the project's performance notes on group commit.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterable, Sequence
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import aiosqlite

from bot.store import numbers, own_secrets, sealed_file, traffic, words
from bot.store.database_file import check_version, locked, migrate
from bot.store.refusal import DatabaseRefusedError as DatabaseRefusedError  # noqa: PLC0414  # whoever opens meets it
from bot.store.schema import HEAD
from bot.store.sealing import Seal, UnsealedError
from bot.store.statements import Job, Sql, Values
from bot.store.writer import Writer, writer

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=5000", "secure_delete=ON")
LOOKING = ("query_only=ON", "cache_size=-32000", "mmap_size=1000000000")
LOOK_SECONDS: Final = 5
DATA_ERRORS = (
    sqlite3.IntegrityError,
    sqlite3.DataError,
    sqlite3.InterfaceError,
    sqlite3.ProgrammingError,
    OverflowError,
    ValueError,
)


MANY_ROWS: Final = 200
"""More than these are read, and decrypted, in a thread: meanwhile turns go on."""


class StoreError(Exception):
    """The store (not the data) failed: full, locked, gone. Nothing was written; the same may be tried again."""


class TooSlowError(Exception):
    """A look took longer than LOOK_SECONDS and was broken off; a narrower question is answered sooner."""


class Database:
    """An open database. Make it with `opened`."""

    def __init__(
        self,
        reading: aiosqlite.Connection,
        writing: Writer | None = None,
        looking: aiosqlite.Connection | None = None,
        seal: Seal | None = None,
    ) -> None:
        """`writing`: None where nothing may be written; `looking`: a connection for `look` alone; without one, looks
        share `reading`. `seal`: for texts at rest."""
        self._reading, self._writing, self._looking = reading, writing, looking or reading
        self._seal = seal
        self._one_look = asyncio.Lock()
        self._waiting: list[tuple[Job, asyncio.Future[None]]] = []
        self._awake = asyncio.Event()
        self.untidy = asyncio.Event()
        """Words were deleted whose bytes may still stand in the file, or beside it (bot/store/scrubbing.py)."""

    @property
    def sealed(self) -> bool:
        """Whether free text and names are encrypted at rest; then there is no full-text table. Here they are plain."""
        return self._seal is not None

    async def read(self, sql: Sql, values: Values | None = None) -> list[dict[str, Any]]:
        """The rows of a query, as committed."""
        try:
            return await self._rows(self._reading, sql, values or {})
        except (sqlite3.DatabaseError, UnsealedError) as error:
            raise StoreError(str(error)) from error

    async def look(self, sql: Sql, values: Values | None = None) -> list[dict[str, Any]]:
        """As `read`, for those who look on: on a connection of their own that cannot write, so no turn waits for it.

        One look at a time; it is broken off after LOOK_SECONDS. Raises TooSlowError then, StoreError as `read` does.
        """
        async with self._one_look:
            breaking_off = asyncio.create_task(_interrupted(self._looking))
            try:
                return await self._rows(self._looking, sql, values or {})
            except (sqlite3.DatabaseError, UnsealedError) as error:
                if "interrupted" in str(error):
                    raise TooSlowError(f"Not answered within {LOOK_SECONDS} seconds.") from error
                raise StoreError(str(error)) from error
            except asyncio.CancelledError:
                await self._looking.interrupt()  # nobody waits for it, and the next look would
                raise
            finally:
                breaking_off.cancel()

    async def _rows(self, connection: aiosqlite.Connection, sql: Sql, values: Values) -> list[dict[str, Any]]:
        async with connection.execute(sql.text, self._filled(sql, values)) as cursor:
            names = [column[0] for column in cursor.description]
            rows = list(await cursor.fetchall())
        if len(rows) > MANY_ROWS:
            return await asyncio.to_thread(self._unsealed, names, rows)
        return self._unsealed(names, rows)

    def _filled(self, sql: Sql, values: Values) -> Values:
        filled = sql.filled(values)
        return self._seal.row(filled, sql.sealed, sql.digests) if self._seal and (sql.sealed or sql.digests) else filled

    def _unsealed(self, names: list[str], rows: Iterable[Iterable[Any]]) -> list[dict[str, Any]]:
        if self._seal is None:
            return [dict(zip(names, row, strict=True)) for row in rows]
        unsealed = self._seal.unsealed
        return [{name: unsealed(value) for name, value in zip(names, row, strict=True)} for row in rows]

    async def write(self, job: Job) -> None:
        """Write `job` in one transaction (shared with what else waits); returns once it is committed.

        Raises StoreError when the store cannot take it, or the error itself when its data is at fault.
        """
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((job, done))
        self._awake.set()
        await done

    async def run(self) -> None:
        """The writing loop: commits what waits, until cancelled."""
        while True:
            await self._awake.wait()
            self._awake.clear()
            if batch := self._waiting:
                self._waiting = []
                await self._commit_together(batch)

    async def _commit_together(self, batch: list[tuple[Job, asyncio.Future[None]]]) -> None:
        error = await self._attempt([job for job, _ in batch])
        if isinstance(error, DATA_ERRORS) and len(batch) > 1:
            for item in batch:
                await self._commit_together([item])
            return
        for _, done in batch:
            _settle(done, error)

    async def _attempt(self, jobs: Sequence[Job]) -> Exception | None:
        try:
            await self._commit(jobs)
        except DATA_ERRORS as error:
            return error
        except Exception as error:  # whatever it is, those who wait must hear of it
            return StoreError(str(error) or repr(error))
        return None

    async def _commit(self, jobs: Sequence[Job]) -> None:
        if self._writing is None:
            raise StoreError("The database was opened to be read only.")
        await self._writing.commit(jobs)


async def _interrupted(connection: aiosqlite.Connection) -> None:
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        await connection.interrupt()


def _settle(done: asyncio.Future[None], error: Exception | None) -> None:
    if done.done():
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)


@contextlib.asynccontextmanager
async def opened(path: Path, keys: Path | None = None) -> AsyncIterator[Database]:
    """The database in the file at `path`, made when missing, migrated, locked against a second process.

    `keys`: the file of keys by which it is encrypted. Raises DatabaseRefusedError: in use by another process, from a
    newer version, no database, folder missing; no key, a wrong one, or not encrypted yet.
    """
    path = await asyncio.to_thread(path.resolve)
    lock = locked(path)
    try:
        seal = await asyncio.to_thread(_ready, path, keys)
        async with writer(path, PRAGMAS, seal) as writing, _connected(path) as reading, _connected(path) as looking:
            for pragma in LOOKING:
                await looking.execute_fetchall(f"PRAGMA {pragma}")
            database = Database(reading, writing, looking, seal)
            loop = asyncio.create_task(database.run(), name="database")
            try:
                yield database
            finally:
                await _stopped(loop)
    finally:
        lock.close()


@contextlib.asynccontextmanager
async def opened_for_reading(path: Path, keys: Path | None = None) -> AsyncIterator[Database]:
    """The database at `path`, to be read only, also while a bot runs on it.

    Raises DatabaseRefusedError: there is none, or it is of another version than this program, or `keys` do not open it.
    """
    version = await asyncio.to_thread(check_version, path)
    if version is None:
        raise DatabaseRefusedError(f"There is no database at {path}. Name it with --database, or ADVISOR_DATABASE.")
    if version != HEAD:
        raise DatabaseRefusedError(
            f"The database {path} is of version {version}, older than this program's ({HEAD}). "
            "It is brought up to date when the bot is started on it."
        )
    seal = await asyncio.to_thread(_reading, path, keys)
    async with aiosqlite.connect(f"file:{quote(str(path))}?mode=ro", uri=True, isolation_level=None) as reading:
        yield Database(reading, seal=seal)


def _ready(path: Path, file: Path | None) -> Seal | None:
    """Keys first: what they do not fit is not even migrated."""
    keys = sealed_file.keys_in(file)
    if check_version(path):
        sealed_file.check(path, keys)
    migrate(path)
    seal = sealed_file.begun(path, keys)
    words.prepare(path, sealed=seal is not None)
    numbers.prepare(path)
    traffic.prepare(path)
    own_secrets.make(path)
    return seal


def _reading(path: Path, file: Path | None) -> Seal | None:
    with sealed_file.connected(path) as connection:
        return sealed_file.usable(connection, path, sealed_file.keys_in(file))


def write_beside(path: Path, job: Job) -> None:
    """Write a job without texts of owners into a database on which a bot may run: for a word of the terminal.

    Raises StoreError.
    """
    try:
        with sealed_file.connected(path) as connection:
            connection.execute("PRAGMA busy_timeout=5000")
            for statement in job:
                connection.executemany(statement.sql.text, statement.rows)
    except sqlite3.DatabaseError as error:
        raise StoreError(str(error)) from error


async def _stopped(loop: asyncio.Task[None]) -> None:
    loop.cancel()
    await asyncio.gather(loop, return_exceptions=True)


@contextlib.asynccontextmanager
async def _connected(path: Path) -> AsyncIterator[aiosqlite.Connection]:
    async with aiosqlite.connect(path, isolation_level=None) as connection:
        for pragma in PRAGMAS:
            await connection.execute_fetchall(f"PRAGMA {pragma}")
        yield connection
