"""Measures what forgetting and pruning cost on a database of many sessions: how long, and how long turns wait.

    PYTHONPATH=. python tests/measure_forgetting.py --sessions 100000 [--folder /tmp]

Makes the database (tests/review_bench.py make), gives one owner twenty of its sessions, and starts a writer that does
what a turn does to the file, one transaction after the other with 5 ms between. Beside it: everything of that owner is
deleted, then a thousand sessions that are too old; each time the scrubber works as in `advisor run`. Printed: how long
the deletion took, when the last byte of the words was gone (table of words merged, log cut), and how long the writer's
transactions took meanwhile, against a time without any deletion. The database is deleted afterwards.
"""

import argparse
import asyncio
import contextlib
import itertools
import sqlite3
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

from harness.waiting import until
from harness.walkers import NOW
from review_bench import make

from bot.store import retention
from bot.store.database import Database, opened
from bot.store.forgetting import forgetting
from bot.store.scrubbing import keep_scrubbed
from bot.store.statements import Sql
from bot.store.transcripts import Line, add

OWNER, SESSIONS = 10_000_050, 20
MARK = "Quetzalcoatlus"
PRUNED = 1000
PAUSE = 0.005
LONGEST_SECONDS = 600.0
_NEWEST = Sql(
    "SELECT session_id AS id, max(line) AS line FROM transcript WHERE session_id = (SELECT max(id) FROM session)", {}
)


def prepare(path: Path) -> int:
    """Twenty sessions to one owner, a word of theirs in each; gives the time before which a thousand others are."""
    with contextlib.closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT id FROM session ORDER BY id DESC LIMIT ? OFFSET 2000", (SESSIONS * 100,)).fetchall()
        for number, (session,) in enumerate(rows[::100]):
            db.execute("UPDATE session SET chat_id = ? WHERE id = ?", (OWNER, session))
            words = f"{MARK} {number}"
            db.execute("INSERT OR IGNORE INTO wording VALUES (?, ?)", (words.encode(), words))
            db.execute(
                "INSERT OR IGNORE INTO transcript VALUES (:session, 9000, 1, 'owner', 'said', :digest, NULL, '')",
                {"session": session, "digest": words.encode()},
            )
        db.commit()
        old = "SELECT updated_at FROM session ORDER BY updated_at LIMIT 1 OFFSET ?"
        return int(db.execute(old, (PRUNED,)).fetchone()[0])


class Writer:
    """Writes lines as turns do; `longest` and `all`: seconds of its transactions."""

    def __init__(self, database: Database) -> None:
        self._database, self.all = database, list[float]()

    async def run(self) -> None:
        [row] = await self._database.read(_NEWEST)
        for number in itertools.count(row["line"] + 1):
            line = Line(row["id"], number, NOW, "owner", "said", f"word {number}")
            began = time.perf_counter()
            await self._database.write(add([line]))
            self.all.append(time.perf_counter() - began)
            await asyncio.sleep(PAUSE)

    def told(self) -> str:
        """And begin anew."""
        times, self.all = sorted(self.all), []
        ms = [1000 * times[min(len(times) - 1, int(len(times) * part))] for part in (0.5, 0.95, 0.99, 1)]
        shown = "half {:.1f}, 95 % {:.1f}, 99 % {:.1f}, longest {:.1f} ms".format(*ms)
        return f"{len(times)} turns meanwhile: {shown}"


def holds(path: Path, mark: bytes) -> bool:
    """Whether a mark stands in the raw bytes of the database or its log."""
    files = (path.with_name(path.name + end) for end in ("", "-wal"))
    return any(file.exists() and _found(file, mark) for file in files)


def _found(file: Path, mark: bytes) -> bool:
    kept = b""
    with file.open("rb") as opened_:
        while block := opened_.read(1 << 22):
            if mark in kept + block:
                return True
            kept = block[-len(mark) :]
    return False


@contextlib.asynccontextmanager
async def beside(work: Awaitable[None]) -> AsyncIterator[None]:
    """It runs meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def scrubbed(database: Database, path: Path, began: float) -> str:
    """Wait until the scrubber is done: nothing in the log, no mark in the bytes."""
    log = path.with_name(path.name + "-wal")
    while time.perf_counter() - began < LONGEST_SECONDS:
        await asyncio.sleep(0.5)
        if database.untidy.is_set() or log.stat().st_size > 1 << 20:
            continue
        if not await asyncio.to_thread(holds, path, MARK.encode().lower()):
            return f"0 bytes after {time.perf_counter() - began:.1f} s"
    return f"STILL THERE after {LONGEST_SECONDS:.0f} s"


async def measure(path: Path, before: int) -> None:
    async with opened(path) as database:
        writer = Writer(database)
        async with beside(keep_scrubbed(database, path)), beside(writer.run()):
            await scrubbed_once(database)
            writer.told()
            await asyncio.sleep(5)
            print(f"nothing else   {writer.told()}")
            await timed("forget", database, path, writer, lambda: _forget(database))
            kept_ms = NOW - before
            await timed(f"prune {PRUNED:,}", database, path, writer, lambda: _prune(database, kept_ms))


async def scrubbed_once(database: Database) -> None:
    """What the start has to tidy up is none of what is measured."""
    await until(lambda: not database.untidy.is_set(), LONGEST_SECONDS)
    await asyncio.sleep(2)


async def _forget(database: Database) -> None:
    await database.write(await forgetting(database, OWNER))
    database.untidy.set()


async def _prune(database: Database, kept_ms: int) -> None:
    print(f"{await retention.prune(database, NOW, kept_ms):,} sessions deleted")


async def timed(name: str, database: Database, path: Path, writer: Writer, act: Callable[[], Awaitable[None]]) -> None:
    began = time.perf_counter()
    await act()
    took = time.perf_counter() - began
    print(f"{name:<14} {took:.2f} s; {writer.told()}")
    print(f"{'  scrubbing':<14} {await scrubbed(database, path, began)}; {writer.told()}", flush=True)


def main() -> int:
    """The command. Out: the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where there is room for the database; default: a temporary one")
    parser.add_argument("--database", type=Path, help="made before by review_bench.py; it is changed, and stays")
    arguments = parser.parse_args()
    if arguments.database:
        asyncio.run(measure(arguments.database, prepare(arguments.database)))
        return 0
    with tempfile.TemporaryDirectory(dir=arguments.folder, prefix="measure-forgetting-") as folder:
        path = Path(folder) / "many.db"
        make(path, arguments.sessions)
        print()
        asyncio.run(measure(path, prepare(path)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
