"""Many owners ask for a person within a minute, and some go on writing: when is each seen by the staff?

    python tests/staff_rush.py              200 owners in a minute: about six minutes
    python tests/staff_rush.py --speed 10   the same, with the clock of all limits ten times as fast

The project's pretend Telegram listens on loopback and holds the bot to Telegram's limits: 30 messages a second, one a
second in a chat after a burst of five, 20 a minute in the group. The whole bot runs in this process. Exit status 1
and a list, when anything is lost, refused (429), out of order, or seen too late.
"""

import argparse
import asyncio
import random
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Final
from unittest.mock import patch

from harness.inside import Bench
from harness.staff import PETRA, Group, staffed
from harness.telegram import Request
from harness.waiting import until

from bot.chat import rates, waiting
from bot.preview.rates import Limiter, Rates
from bot.staff.cards import SPEAKERS

FIRST: Final = 100_001
SEEN_WITHIN: Final = 180.0
CLAIM_WITHIN: Final = 30.0
NUMBER: Final = re.compile(r"#(\d+)\b")
BROUGHT: Final = re.compile(SPEAKERS["owner"] + r".*word (\d+) of (\d+)$")


@dataclass(frozen=True, slots=True)
class Rush:
    """What to do. `talking`: so many of the owners write twice more; `claims`: so many are claimed meanwhile."""

    owners: int = 200
    seconds: float = 60.0
    talking: int = 30
    claims: int = 6
    speed: float = 1.0
    seed: int = 1


@dataclass(slots=True)
class Result:
    """What came of it; times in seconds of the limits' clock, from the first wish.

    `seen`: when each owner's number was first in the group; `waited`: how long after the wish; `claims`: from a press
    to the changed card; `words`: from an owner's words to the group.
    """

    rush: Rush
    wrong: list[str] = field(default_factory=list)
    seen: dict[int, float] = field(default_factory=dict)
    waited: list[float] = field(default_factory=list)
    claims: list[float] = field(default_factory=list)
    words: list[float] = field(default_factory=list)
    posts: int = 0
    calls: int = 0
    private: int = 0
    refused: int = 0

    def report(self) -> str:
        """The figures."""
        last = max(self.seen.values(), default=float("inf"))
        return "\n".join([
            f"{len(self.seen)} of {self.rush.owners} seen in the group; the last {last:.1f} s after the first wish",
            f"from a wish until it is seen: {_spread(self.waited)}",
            f"from a claim until its card says so: {_spread(self.claims)}",
            f"from an owner's later words until they are in the topic: {_spread(self.words)}",
            f"{self.posts} messages with new cards in the group, {self.calls} calls for it, "
            f"{self.private} messages to owners, {self.refused} times 429",
            f"{len(self.wrong)} wrong",
        ])  # fmt: skip

    def judge(self) -> list[str]:
        """Everything that is wrong."""
        late = [*self.seen.values()] and max(self.seen.values()) > SEEN_WITHIN
        slow = [one for one in self.claims if one > CLAIM_WITHIN]
        return [
            *self.wrong,
            *([f"{self.refused} requests were refused with 429"] if self.refused else []),
            *(["the last was seen too late"] if late else []),
            *(["a claim was not seen for " + f"{max(slow):.1f} s"] if slow else []),
        ]


def _spread(seconds: list[float]) -> str:
    if not seconds:
        return "none"
    return f"median {median(seconds):.1f} s, worst {max(seconds):.1f} s ({len(seconds)})"


class Eyes:
    """Notes what comes into the group, and when."""

    def __init__(self, result: Result, group: int) -> None:
        self.result, self._group = result, group
        self.began = 0.0
        self.wished: dict[int, float] = {}
        self.taken: set[int] = set()
        self.pressed: dict[int, float] = {}
        self.said: dict[tuple[int, int], float] = {}
        self.heard_words: dict[int, list[int]] = {}

    def now(self) -> float:
        """By the limits' clock, since the first wish."""
        return rates.clock() - self.began

    def heard(self, request: Request) -> None:
        """A request of the bot took effect, or was refused."""
        self.result.refused += request.code == 429
        if request.code >= 400 and request.code != 429 and request.method != "getUpdates":
            self.result.wrong.append(f"{request.method}: {request.code} {request.outcome}")
        if request.code != 200 or not self.began:
            return
        if request.chat_id == self._group:
            self.result.calls += request.method.startswith(("send", "edit", "copy", "create", "close", "reopen"))
            self._in_group(request)
        elif request.method.startswith("send"):
            self.result.private += 1

    def _in_group(self, request: Request) -> None:
        text = request.outcome.get("text", "") if isinstance(request.outcome, dict) else ""
        if match := BROUGHT.match(text):
            owner, place = int(match[2]), int(match[1])
            self.heard_words.setdefault(owner, []).append(place)
            self.result.words.append(self.now() - self.said[owner, place])
        else:
            self._cards(text)

    def _cards(self, text: str) -> None:
        fresh = [int(number) for number in NUMBER.findall(text) if int(number) not in self.result.seen]
        self.result.posts += bool(fresh)
        for number in fresh:
            self.result.seen[number] = self.now()
        for number in list(self.pressed):
            if text.startswith(f"🔵 #{number} "):
                self.result.claims.append(self.now() - self.pressed.pop(number))


@contextmanager
def faster(speed: float) -> Iterator[None]:
    """The clock of the bot's limits goes so much faster, and so do its waits for them; the server's likewise."""

    async def pause(seconds: float) -> None:
        await asyncio.sleep(seconds / speed)

    with (
        patch.object(rates, "clock", lambda: time.monotonic() * speed),
        patch.object(rates, "pause", pause),
        patch.object(waiting, "PATIENCE_MS", waiting.PATIENCE_MS / speed),
    ):
        yield


async def staff_rush(rush: Rush, folder: Path) -> Result:
    """Do it in `folder`."""
    desk, group = staffed(folder)
    result = Result(rush)
    eyes = Eyes(result, group.chat)
    desk.telegram.listeners.append(eyes.heard)
    people = [desk.person(FIRST + number) for number in range(rush.owners)]
    with faster(rush.speed):
        desk.telegram._limiter = Limiter(lambda: time.monotonic() * rush.speed, Rates())
        async with desk.running(rates=(30, 1, 20)):
            await _agreed(desk, people)
            await group.appoint(PETRA)
            await _rushed(rush, desk, group, eyes, people)
            await desk.quiet(900 / rush.speed + 30)
        _compare(result, eyes, desk, people)
    return result


async def _agreed(desk: Bench, people: list[int]) -> None:
    for person in people:
        desk.say(person, "/start")
    await until(lambda: all("agree" in desk.actions(person) for person in people), 120)
    for person in people:
        desk.tap(person, "agree")
    await until(lambda: all("find" in desk.actions(person) for person in people), 120)
    assert await desk.quiet(60)


async def _rushed(rush: Rush, desk: Bench, group: Group, eyes: Eyes, people: list[int]) -> None:
    """All wish within the time; some write on; some are claimed."""
    dice = random.Random(rush.seed)
    acts = [(dice.uniform(0, rush.seconds), "wish", person) for person in people]
    wishes = {person: at for at, _, person in acts}
    for person in dice.sample(people, rush.talking):
        first = wishes[person] + dice.uniform(0.5, rush.seconds / 2)
        acts += [(first, "word 1", person), (first + rush.seconds / 20, "word 2", person)]
    acts += [(rush.seconds * (place + 1) / rush.claims, "claim", 0) for place in range(rush.claims)]
    eyes.began = rates.clock()
    for at, what, person in sorted(acts):
        await asyncio.sleep(max(0.0, (at - eyes.now()) / rush.speed))
        _act(desk, group, eyes, what, person)


def _act(desk: Bench, group: Group, eyes: Eyes, what: str, person: int) -> None:
    match what:
        case "wish":
            eyes.wished[person] = eyes.now()
            desk.say(person, "/human")
        case "claim":
            _claim(group, eyes)
        case _:
            place = int(what.split()[1])
            eyes.said[person, place] = eyes.now()
            desk.say(person, f"Xyzzy plugh, {what} of {person}")


def _claim(group: Group, eyes: Eyes) -> None:
    """Petra takes the newest that she sees."""
    listed = [(one, int(one[2].split(":")[1], 36)) for one in group.buttons() if one[2].startswith("!claim:")]
    fresh = [one for one in listed if one[1] not in eyes.taken]
    if fresh:
        (message, _, data), number = fresh[-1]
        eyes.taken.add(number)
        eyes.pressed[number] = eyes.now()
        group.desk.telegram.visitors.press(PETRA.id, message, data, chat_id=group.chat)


def _compare(result: Result, eyes: Eyes, desk: Bench, people: list[int]) -> None:
    """With what the database says there was."""
    numbers: dict[int, int] = dict(desk.rows("SELECT chat_id, id FROM handover"))
    waits = desk.rows("SELECT id, state, error FROM outbox WHERE state != 'sent'")
    result.wrong += [f"not delivered: {one}" for one in waits]
    for person in people:
        number = numbers.get(person, 0)
        if number not in result.seen:
            result.wrong.append(f"{person} (#{number}) was never seen in the group")
        else:
            result.waited.append(result.seen[number] - eyes.wished[person])
    result.wrong += [f"claim of #{number} was never seen" for number in eyes.pressed]
    for person in {person for person, _ in eyes.said}:
        if eyes.heard_words.get(person) != [1, 2]:
            result.wrong.append(f"words of {person} came as {eyes.heard_words.get(person)}")


def main() -> int:
    """The command. Out: the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--owners", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=60.0, help="within which all wish")
    parser.add_argument("--talking", type=int, default=30, help="owners who write twice more")
    parser.add_argument("--claims", type=int, default=6)
    parser.add_argument("--speed", type=float, default=1.0, help="of the limits' clock")
    parser.add_argument("--seed", type=int, default=1)
    rush = Rush(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory(prefix="staff-rush-") as folder:
        result = asyncio.run(staff_rush(rush, Path(folder)))
    wrong = result.judge()
    print("\n".join([result.report(), *(f"WRONG {one}" for one in wrong[:40])]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
