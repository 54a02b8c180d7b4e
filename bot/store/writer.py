"""The one connection that writes, with a thread of its own: a whole transaction is one trip there and back.

A trip costs more than most statements: a turn is about ten of them. What is encrypted is encrypted in that thread, too.
"""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bot.store.sealing import Seal
from bot.store.statements import Job, Statement


class Writer:
    """Make it with `writer`."""

    def __init__(self, connection: sqlite3.Connection, thread: ThreadPoolExecutor, seal: Seal | None) -> None:
        self._connection, self._thread, self._seal = connection, thread, seal

    async def commit(self, jobs: Sequence[Job]) -> None:
        """Write all of them in one transaction, or nothing. Raises what sqlite3 raises.

        Once it has begun it goes on to its end, also when nobody waits for it any more.
        """
        await asyncio.get_running_loop().run_in_executor(self._thread, self._transaction, jobs)

    def _transaction(self, jobs: Sequence[Job]) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            for job in jobs:
                for statement in job:
                    self._run(statement)
            self._connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                self._connection.execute("ROLLBACK")
            raise

    def _run(self, statement: Statement) -> None:
        sql, rows = statement.sql, statement.rows
        if self._seal and (sql.sealed or sql.digests):
            rows = tuple(self._seal.row(row, sql.sealed, sql.digests) for row in rows)
        self._connection.executemany(sql.text, rows)


@contextlib.asynccontextmanager
async def writer(path: Path, pragmas: Sequence[str], seal: Seal | None = None) -> AsyncIterator[Writer]:
    """Opened on the database at `path`; at the end what it is at is finished first."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    thread = ThreadPoolExecutor(1, thread_name_prefix="writer")
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}")
        yield Writer(connection, thread, seal)
    finally:
        thread.shutdown(wait=True)
        connection.close()
