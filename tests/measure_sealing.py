"""What encryption at rest costs: a turn's transaction with a key and without one, and a rotation.

    python tests/measure_sealing.py                 2,000 turns each way, 200,000 lines rotated

A turn here is what a press writes: a session, two lines with their wordings (one is new), an edit and a message. The
plain database keeps its table of words besides, the other has none. Best of five rounds; CPU seconds of the process, so
that a busy machine counts less.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

from harness.keyed import key_file

from bot.dialog.session import Session
from bot.store import outbox, sessions, transcripts, updates
from bot.store.contents import keep
from bot.store.database import Database, opened
from bot.store.outbox import Message
from bot.store.rotation import rotate
from bot.store.statements import Job
from bot.store.transcripts import Line

ROUNDS = 5
ASKED = "<b>How many calls come in on a busy day?</b>\n\n<i>Question 4, at most 5 more</i>"
BUTTONS = [[(f"Answer {n}, as long as usual", f"answer:1kri1s:4:option-{n}")] for n in range(6)]


def turn(number: int, at: int) -> Job:
    """All that one press leads to."""
    chat = sessions.Chat(7, Session(id=1, consent="1"), "v1", 2 * number, at, at)
    lines = [
        Line(1, 2 * number, at, "owner", "said", f"We are {number} people"),
        Line(1, 2 * number + 1, at, "bot", "reply", ASKED, BUTTONS),
    ]
    messages = [
        Message(2 * number + 1, 7, ASKED, edits_row=2 * number),
        Message(2 * number + 2, 7, ASKED, BUTTONS),
    ]
    return (*updates.see([number], at), *sessions.save([chat], at), *transcripts.add(lines), *outbox.add(messages))


async def turns(database: Database, first: int, count: int) -> float:
    """CPU milliseconds a turn, each in a transaction of its own."""
    begun = time.process_time()
    for number in range(first, first + count):
        await database.write(turn(number, number))
    return (time.process_time() - begun) / count * 1000


async def reads(database: Database) -> float:
    """CPU milliseconds to read the newest 500 messages."""
    begun = time.process_time()
    await outbox.undelivered(database, 0)
    return (time.process_time() - begun) * 1000


async def measured(folder: Path, keys: Path | None, count: int) -> tuple[float, float]:
    """The best round of writing a turn, and of reading 500 messages."""
    async with opened(folder / ("sealed.db" if keys else "plain.db"), keys) as database:
        await database.write(keep("v1", {"a.yaml": "a"}, 1))
        wrote = [await turns(database, 1 + each * count, count) for each in range(ROUNDS)]
        return min(wrote), min([await reads(database) for _ in range(ROUNDS)])


async def fill(path: Path, lines: int) -> None:
    """A plain database with so many lines, each a wording of its own."""
    async with opened(path) as database:
        await database.write(keep("v1", {"a.yaml": "a"}, 1))
        for session in range(1, lines // 20 + 1):
            chat = sessions.Chat(session, Session(id=session, consent="1"), "v1", 20, 1, 1)
            said = [Line(session, n, n, "owner", "said", f"Line {n} of session {session}") for n in range(20)]
            await database.write((*sessions.save([chat], 1), *transcripts.add(said)))


def timed_rotation(path: Path, keys: Path) -> float:
    """Seconds of one."""
    begun = time.monotonic()
    rotate(path, keys, lambda done, total: print(f"\r{done}/{total}", end="", file=sys.stderr, flush=True))
    print(file=sys.stderr)
    return time.monotonic() - begun


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=2000)
    parser.add_argument("--lines", type=int, default=200_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        keys = key_file(folder)
        plain = asyncio.run(measured(folder, None, given.turns // ROUNDS))
        sealed = asyncio.run(measured(folder, keys, given.turns // ROUNDS))
        print(f"a turn's transaction: {plain[0]:.2f} ms plain, {sealed[0]:.2f} ms with a key (CPU)")
        print(f"500 messages read:    {plain[1]:.2f} ms plain, {sealed[1]:.2f} ms with a key (CPU)")
        asyncio.run(fill(folder / "rotated.db", given.lines))
        before = (folder / "rotated.db").stat().st_size
        seconds = timed_rotation(folder / "rotated.db", keys)
        after = (folder / "rotated.db").stat().st_size
        print(f"{given.lines} lines encrypted in {seconds:.1f} s; {before / 1e6:.0f} MB became {after / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
