"""What the traffic costs: to count, in a turn's write; to look at, with a year of it over all versions and languages.

.venv/bin/python tests/measure_traffic.py [--turns 2000] [--folder DIR]
"""

import argparse
import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import product
from pathlib import Path
from typing import Any

from dialog_live import FOLDER, LIVE
from harness.looker import signed_in
from harness.walkers import NOW, Walked, walking
from sqlalchemy import func, select
from test_traffic import files_in

from bot.dialog.events import AnyEvent, Commanded, Pressed
from bot.dialog.presses import Press
from bot.dialog.traffic import ANSWER
from bot.languages import LANGUAGES
from bot.store import schema, traffic
from bot.store.filters import DAY_MS
from bot.store.statements import Job, compiled
from bot.store.traffic import Counted, Kind

OLGA = 901
YEAR = 365
PAGES = ("tree", "tree?language=fi&since=2026-06-01", "advice", "questions", "handovers")
HAPPENED = ("shown", "aside", "help", "back", "asked", "unanswered", "typed")


async def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=2000)
    parser.add_argument("--folder", type=Path, default=None)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=asked.folder) as name:
        await _counting(Path(name), asked.turns)
        await _looking(Path(name))


# -- counting


async def _counting(folder: Path, turns: int) -> None:
    """The same turns, one a transaction, with the counting and without, taken by turns against what else runs."""
    with_, without = [], []
    real = traffic.count
    async with (
        walking(folder / "with.db", LIVE, files_in(FOLDER)) as one,
        walking(folder / "without.db", LIVE, files_in(FOLDER)) as other,
    ):
        for person in range(1, 51):
            await one.to_first_question(person)
            await other.to_first_question(person)
        for at in range(turns):
            traffic.count = real
            with_.append(await _a_turn(one, at))
            traffic.count = _nothing
            without.append(await _a_turn(other, at))
        traffic.count = real
    for name, taken in (("with counting", with_), ("without", without)):
        print(f"a turn's write {name}: median {statistics.median(taken):.3f} ms, mean {statistics.mean(taken):.3f} ms")
    cost = statistics.median(with_) / statistics.median(without) - 1
    print(f"the counting costs {100 * cost:.1f} % of a turn's write (median)")


def _nothing(counted: Counted) -> Job:
    return ()


async def _a_turn(walked: Walked, at: int) -> float:
    """Somebody answers, or starts over at the end; gives how long the write took (ms)."""
    person = at % 50 + 1
    dice = random.Random(at)
    answers = [one for one in walked.people[person].newest if one.press.action == "answer"]
    event: AnyEvent = Pressed(data=dice.choice(answers).press.data()) if answers else Commanded(name="start")
    if not answers and (over := _over(walked, person)):
        event = Pressed(data=over.data())
    taken = 0.0
    write = walked.database.write

    async def timed(job: Job) -> None:
        nonlocal taken
        began = time.perf_counter()
        await write(job)
        taken += (time.perf_counter() - began) * 1000

    walked.database.write = timed  # type: ignore[method-assign]
    await walked.do((person, event))
    walked.database.write = write  # type: ignore[method-assign]
    return taken


def _over(walked: Walked, person: int) -> Press | None:
    found = (one.press for one in walked.people[person].newest if one.press.action in ("start-over", "find"))
    return next(found, None)


# -- looking


async def _looking(folder: Path) -> None:
    async with walking(folder / "year.db", LIVE, files_in(FOLDER), admins=(OLGA,)) as walked:
        await walked.to_first_question(1)
        for listed in _year():
            await walked.database.write(traffic.count(Counted(listed)))
        await walked.database.write(traffic.added_up())
        before = await _rows(walked)
        began = time.perf_counter()
        await walked.database.write(traffic.fold(NOW))
        print(f"{before:,} rows of a year, {await _rows(walked):,} once old months are together"
              f" ({time.perf_counter() - began:.1f} s, the first time)")  # fmt: skip
        async with signed_in(walked, OLGA) as (olga,):
            for page in PAGES:
                await _timed(page, lambda page=page: olga.page(page))  # type: ignore[misc]


def _year() -> Iterator[dict[tuple[Kind, str, str], int]]:
    """Day by day: every question, option and deed, in each language, under a version a month and the one before it."""
    nodes = LIVE.dialog.nodes.values()
    places = [(node.id, what) for node in nodes for what in (*HAPPENED, *(ANSWER + one.id for one in node.options))]
    whole = [("", "begun"), *(("", f"advice:{one}") for one in LIVE.dialog.candidates)]
    for day in range(NOW // DAY_MS - YEAR, NOW // DAY_MS):
        versions = [f"{day // 30:016x}"] + ([f"{day // 30 - 1:016x}"] if day % 30 < 10 else [])
        kinds = [Kind(day, version, language, False) for version, language in product(versions, LANGUAGES)]
        yield {(kind, *place): 1 + (day + len(place[0])) % 90 for kind in kinds for place in (*places, *whole)}


async def _rows(walked: Walked) -> int:
    sql = compiled(select(func.count().label("n")).select_from(schema.traffic))
    return int((await walked.database.read(sql))[0]["n"])


async def _timed(name: str, work: Callable[[], Any], times: int = 15) -> None:
    await work()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        await work()
        taken.append((time.perf_counter() - began) * 1000)
    print(f"{name}: median {statistics.median(taken):.0f} ms, slowest of {times} {max(taken):.0f} ms")


if __name__ == "__main__":
    asyncio.run(main())
