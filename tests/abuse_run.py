"""S16: what one who floods the bot costs the others, and the file.

    python tests/abuse_run.py                   as fast as the bot can
    python tests/abuse_run.py --rates 30,1,20   within Telegram's limits, which a hundred strangers a second exceed

Ten owners look up why a question is asked, again and again, and wait for the reply: first alone, then beside somebody
who sends a hundred messages a second, then beside a storm of a hundred taps a second, then while a hundred strangers a
second greet; then while one of the staff writes a hundred lines a second to an owner, and while somebody without a role
asks for the queue a hundred times a second. The bot is a process of its own; the pretend Telegram, owners and flooders
share another.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from harness.inside import Bench
from harness.staff import IVO, PETRA, Group, staffed
from harness.telegram import Request

FLOODER: Final = 9
WAITS: Final = 10
FIRST: Final = 101
OWNERS: Final = 10
A_SECOND: Final = 100


async def _looks_up(desk: Bench, person: int, until: float, waits: list[float]) -> None:
    replied = asyncio.Event()

    def hear(request: Request) -> None:
        if request.chat_id == person:
            replied.set()

    desk.telegram.listeners.append(hear)
    while time.monotonic() < until:
        replied.clear()
        began = time.monotonic()
        desk.tap(person, "why")
        await asyncio.wait_for(replied.wait(), 60)
        waits.append(time.monotonic() - began)
        await asyncio.sleep(0.9)
    desk.telegram.listeners.remove(hear)


async def _floods(act: Callable[[int], object], until: float) -> int:
    """So many a second, also where the machine is late."""
    began, done = time.monotonic(), 0
    while time.monotonic() < until:
        due = int((time.monotonic() - began) * A_SECOND) - done
        for number in range(done, done + due):
            act(number)
        done += due
        await asyncio.sleep(0.02)
    return done


async def _measured(desk: Bench, seconds: float, act: Callable[[int], object] | None) -> tuple[list[float], int]:
    until, waits = time.monotonic() + seconds, list[float]()
    owners = [_looks_up(desk, FIRST + number, until, waits) for number in range(OWNERS)]
    floods = _floods(act, until) if act else asyncio.sleep(0, 0)
    sent, *_ = await asyncio.gather(floods, *owners)
    return waits, int(sent or 0)


async def main(seconds: float, rates: str) -> None:
    """Measure, and print a line for each kind of abuse."""
    with tempfile.TemporaryDirectory() as folder:
        desk, group = staffed(Path(folder))
        people = [desk.person(FIRST + number) for number in range(OWNERS)]
        desk.person(FLOODER)
        desk.person(WAITS)
        async with desk.running_apart(rates):
            await desk.walk_to_question(FLOODER, WAITS, *people)
            await _report(desk, seconds, "nobody", None)
            await _report(desk, seconds, "100 messages a second", lambda number: desk.say(FLOODER, f"word {number}"))
            seen = reversed(desk.screens(FLOODER))
            taps = next(screen for screen in seen if any(one.action == "why" for one in screen.buttons))
            why = next(one for one in taps.buttons if one.action == "why")
            press = desk.telegram.visitors.press
            await _report(desk, seconds, "100 taps a second", lambda _: press(FLOODER, taps.message_id, why.data))
            await _report(desk, seconds, "100 strangers a second", lambda number: _greets(desk, 1_000_000 + number))
            topic = await _claimed(desk, group)
            await _report(
                desk,
                seconds,
                "100 lines a second of the staff",
                lambda number: group.say(PETRA, f"line {number}", topic),
            )
            await _report(
                desk, seconds, "100 a second without a role", lambda number: group.say(IVO, f"/queue {number}")
            )


async def _claimed(desk: Bench, group: Group) -> int:
    """Somebody has asked for a person, and has one; the topic."""
    await group.appoint(PETRA)
    desk.say(WAITS, "/human")
    await desk.quiet(600)
    topic = group.topic(f"Person {WAITS}")
    group.tap(PETRA, "claim", topic)
    await desk.quiet(600)
    return topic


def _greets(desk: Bench, number: int) -> None:
    desk.say(desk.person(number), "/start")


async def _report(desk: Bench, seconds: float, who: str, act: Callable[[int], object] | None) -> None:
    recorded = "SELECT count(*) FROM transcript JOIN session ON id = session_id WHERE who <> 'bot' AND chat_id < 100"
    before = desk.rows(recorded)[0][0]
    waits, sent = await _measured(desk, seconds, act)
    kept, size = desk.rows(recorded)[0][0] - before, desk.database.stat().st_size / 1e6
    p95 = quantiles(waits, n=20)[-1]
    print(f"{who:>31}: {len(waits)} replies to others, median {median(waits) * 1000:.0f} ms, p95 {p95 * 1000:.0f} ms; "
          f"{sent} sent, {kept} recorded; database {size:.1f} MB", flush=True)  # fmt: skip
    await desk.quiet(600)


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--seconds", type=float, default=20.0, help="for each kind of abuse")
    reader.add_argument("--rates", default="off", help="as ADVISOR_RATES")
    given = reader.parse_args()
    asyncio.run(main(given.seconds, given.rates))
