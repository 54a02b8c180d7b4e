"""S8: whether the time of a refusal tells what is there.

    python tests/measure_refusals.py DATABASE     a database of sessions (tests/review_bench.py make)

Asked by nobody, with a made-up cookie, and by a former admin: sessions that are there, that are not, other pages, and
addresses that are none; by an admin, numbers that are nobody's. In turn, so that what else runs meets all alike.
"""

import argparse
import asyncio
import random
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from harness.looking import ADMIN, Admin, admin_of
from harness.walkers import NOW

from bot.store import people
from bot.store.database import opened
from bot.store.statements import Sql

Asked = Mapping[str, Callable[[], str]]
_SOME: Final = Sql("SELECT id FROM session ORDER BY id DESC LIMIT 1000", {})


async def main(path: Path, times: int) -> None:
    """Measure, and print a line for each who and what."""
    dice = random.Random(8)
    async with opened(path) as database:
        there = [row["id"] for row in await database.look(_SOME)]
        admin = await admin_of(database, lambda: NOW)
        nobodys: Asked = {
            "a low number that is nobody's": lambda: f"sessions/{dice.randint(1, 999)}",
            "one that is next to somebody's": lambda: f"sessions/{max(there) + dice.randint(1, 999)}",
        }
        await _tell("an admin", admin, nobodys, times, 404)
        await database.write(people.appoint([ADMIN + 1], NOW))
        refused: Asked = {
            "a session that is there": lambda: f"sessions/{dice.choice(there)}",
            "one that is not": nobodys["a low number that is nobody's"],
            "a page": lambda: dice.choice(["sessions", "tree", "questions", "audit"]),
            "no page": lambda: secrets.token_urlsafe(6),
        }
        await _tell("a former admin", admin, refused, times, 403)
        await _tell("a made-up cookie", replace(admin, cookie=secrets.token_urlsafe()), refused, times, 403)
        await _tell("nobody", replace(admin, cookie=""), refused, times, 403)


async def _tell(who: str, admin: Admin, asked: Asked, times: int, status: int) -> None:
    took: dict[str, list[float]] = {name: [] for name in asked}
    for _ in range(times):
        for name in random.sample(sorted(asked), len(asked)):
            address = asked[name]()
            began = time.perf_counter()
            answer = await admin.get(address)
            took[name].append((time.perf_counter() - began) * 1000)
            assert answer.status == status, (who, address, answer.status)
    for name, one in took.items():
        print(f"{who:<18}{name:<32} median {median(one):.2f} ms, p95 {quantiles(one, n=20)[-1]:.2f} ms", flush=True)


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("path", type=Path)
    reader.add_argument("--times", type=int, default=500)
    given = reader.parse_args()
    asyncio.run(main(given.path, given.times))
