"""Leaves no trace of what was deleted: not in free pages (`secure_delete` overwrites them at once), not in the log
beside the file (WAL), which keeps old pages until it is written back and cut, not in the table of words, which keeps
them until its pieces are merged.

Nobody waits for it: copying goes on beside readers and writers; cutting needs a moment without either, and is tried
until there is one. It has connections of its own, so that a turn never stands in line behind it.
"""

import asyncio
import time
from pathlib import Path
from typing import Final

import aiosqlite
import structlog

from bot.store import words
from bot.store.database import Database, StoreError

AGAIN_SECONDS: Final = 0.5
PATIENCE_MS: Final = 5
"""So long a try to cut the log may wait for a writer; a reader makes it fail at once, and it is tried again."""
LOUD_AFTER_SECONDS: Final = 60.0

log = structlog.get_logger(__name__)


async def keep_scrubbed(database: Database, path: Path) -> None:
    """Scrub whenever something was deleted that must leave no trace; at the start, too: the last run may have been
    killed before it could. Until cancelled."""
    database.untidy.set()
    while True:
        await database.untidy.wait()
        database.untidy.clear()
        try:
            await words.merge(database)
        except StoreError as error:
            log.error("the table of words cannot be merged; trying on", error=str(error))
            database.untidy.set()
            await asyncio.sleep(AGAIN_SECONDS)
        await scrub(path)


async def scrub(path: Path) -> None:
    """Cut the log, however often it takes."""
    began, told = time.monotonic(), False
    while not await _cut(path):
        if not told and time.monotonic() - began > LOUD_AFTER_SECONDS:
            told = True
            log.warning("the write-ahead log cannot be cut: something reads the database all the time")
        await asyncio.sleep(AGAIN_SECONDS)


async def _cut(path: Path) -> bool:
    """Copy the log into the file beside everybody; then cut it, which takes a moment when little is left to copy."""
    async with aiosqlite.connect(path, isolation_level=None) as connection:
        await connection.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
        try:
            await connection.execute_fetchall("PRAGMA wal_checkpoint(PASSIVE)")
            rows = list(await connection.execute_fetchall("PRAGMA wal_checkpoint(TRUNCATE)"))
        except aiosqlite.Error as error:
            log.warning("the write-ahead log could not be cut yet", error=str(error))
            return False
    return bool(rows[0][0] == 0)
