"""Kills the bot again and again while owners and staff talk with each other, and looks whether a word was lost.

    python tests/handover_crash_run.py --kills 50     50 kills, 40 owners, 4 of the staff: about six minutes
    python tests/handover_crash_run.py --everywhere   one conversation, stopped before and after each commit

The project's own pretend Telegram listens on loopback, with replies delayed 50 to 100 ms. The bot is a real process,
started by its real command, with a staff group. An admin gives the staff their role; then owners walk the dialog, ask
for a person and write numbered texts and photos; the staff claim, answer, pass on, release, close. At random moments
the bot gets `kill -9` and is started again at once. An oracle that sees only what people did and what the pretend
Telegram was asked (tests/harness/conversations.py) decides. In the end everybody goes back to the bot and answers one
question more. Exit status 1 and a list, when anything is wrong.

`--sabotage` breaks the bot on purpose, to show that the oracle notices (tests/crash_run.py says how).
"""

import argparse
import asyncio
import contextlib
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from crash_run import AFTER_FIRST_REPLY, DELAYED, LONGEST_START, SABOTAGE
from harness.content import write_small_content
from harness.conversations import Conversation, HandoverOracle
from harness.handover_crowd import FIRST_OWNER, LANGUAGES, HandoverCrowd
from harness.inside import Bench
from harness.process import COMMAND, LAUNCHER, BotProcess
from harness.staff import IVO, JONAS, OLGA, PETRA, STAFF_GROUP, Group, said
from harness.telegram import WatchedTelegram
from harness.waiting import until

from bot.preview import chats
from bot.preview.cast import seat_staff
from bot.preview.chats import Person
from bot.preview.server import PretendServer

ROSA: Final = Person(720_000_005, "Rosa", "en")
STAFF: Final = (PETRA, JONAS, IVO, ROSA)
QUIET_SECONDS: Final = 40.0
"""So long nothing may move before what is still due counts as lost."""
STEP_SECONDS: Final = 40.0
STATE_SECONDS: Final = 15.0
Commit = Literal["before-commit", "after-commit"]
COMMITS: Final[tuple[Commit, ...]] = ("before-commit", "after-commit")


@dataclass(frozen=True, slots=True)
class Run:
    """What to do."""

    kills: int = 50
    rate: float = 40.0
    owners: int = 40
    seconds_between: float = 2.0
    seed: int = 1
    sabotage: str = ""
    progress: bool = True
    quiet: float = QUIET_SECONDS


@dataclass(slots=True)
class Stage:
    """A pretend Telegram with a staff group, its oracle, people, and the bot."""

    telegram: WatchedTelegram
    oracle: HandoverOracle
    crowd: HandoverCrowd
    group: Group
    bot: BotProcess
    aftermath: float = 1.0
    """So long is waited for what is not due and comes all the same."""

    async def appoint(self, *people: Person) -> None:
        """The admin gives them their role."""
        await self.group.appoint(*people)

    async def settle(self, quiet: float) -> None:
        """Let the bot come to the end of its work; give up when nothing moves any more."""
        seen, since = -1, time.monotonic()
        while self.oracle.waiting and time.monotonic() - since < quiet:
            if self.oracle.effects != seen:
                seen, since = self.oracle.effects, time.monotonic()
            await asyncio.sleep(0.1)
        await asyncio.sleep(self.aftermath)

    async def end(self, quiet: float) -> None:
        """Everybody goes back to the bot, and on from where they stood; then the oracle has decided."""
        await self.settle(quiet)
        await self._check_states(quiet)
        for one in self._whole():
            if one.open and not one.open.by:
                self.crowd.says_human(one)  # the button to take the wish back, once more
        await self.settle(quiet)
        for one in self._whole():
            if handover := one.open:
                holder = next((each for each in STAFF if each.first_name == handover.by), PETRA)
                fine = self.crowd.close(one, handover, holder) if handover.by else self.crowd.go_back(one)
                if not fine:
                    self.oracle.wrong("stuck", f"{one.name}: {handover.state}, and no button to end it")
        await self.settle(quiet)
        await self._check_states(quiet)
        self.oracle.began = sum(one.at_dialog for one in self.oracle.conversations.values())
        tried = [one for one in self._whole() if one.idle and one.at_dialog]
        able = [one for one in tried if self.crowd.go_on(one)]
        await self.settle(quiet)
        self.oracle.went_on = sum(one.private.idle and not one.private.broken for one in able)
        for one in (one for one in tried if one not in able or not one.private.idle):
            self.oracle.wrong("stuck", f"{one.name}: {'no answer' if one in able else 'nothing to answer'}")
        self.oracle.finish(said("staff-yours"))

    async def _check_states(self, quiet: float) -> None:
        """A topic is renamed and closed after all messages in it: that may take a while yet."""
        await until(lambda: not self.oracle.states_wrong(), min(quiet, STATE_SECONDS))
        for what in self.oracle.states_wrong():
            self.oracle.wrong("state", what)

    def _whole(self) -> list[Conversation]:
        return [one for one in self.oracle.conversations.values() if not one.broken]


@contextlib.asynccontextmanager
async def staged(folder: Path, owners: int, seed: int, accident: str = "") -> AsyncIterator[Stage]:
    """A stage in this folder, its bot not started yet."""
    content = write_small_content(folder / "content")
    chats.KEPT_MESSAGES = 1_000_000  # the oracle looks at cards that are old by then
    telegram = WatchedTelegram(seed=seed)
    seat_staff(telegram)
    telegram.world.add_person(ROSA)
    telegram.world.chats[STAFF_GROUP].members[ROSA.id] = "member"
    people = {FIRST_OWNER + number: f"Owner {FIRST_OWNER + number}" for number in range(owners)}
    for person, name in people.items():
        telegram.visitors.add_person(name, LANGUAGES[person % 4], person_id=person)
    oracle = HandoverOracle(telegram.world, people)
    telegram.listeners.append(oracle.heard)
    telegram.faults.stage(DELAYED)
    async with PretendServer(telegram) as server:
        bot = _bot(server.url, folder, content, accident)
        group = Group(Bench(telegram, bot.database, content, []))
        try:
            yield Stage(telegram, oracle, HandoverCrowd(telegram, oracle, STAFF, seed), group, bot)
        finally:
            with contextlib.suppress(AssertionError):
                await bot.kill()


def _bot(url: str, folder: Path, content: Mapping[str, str], accident: str) -> BotProcess:
    staff = {"ADVISOR_STAFF_CHAT": str(STAFF_GROUP), "ADVISOR_ADMINS": str(OLGA.id)}
    command, settings = (LAUNCHER, {"HARNESS_ACCIDENT": accident}) if accident else (COMMAND, {})
    return BotProcess(url, folder, {**content, **staff}, command=command, settings=settings)


# -- kills at random


async def handover_crash_run(run: Run, folder: Path) -> tuple[HandoverOracle, BotProcess]:
    """Do it in `folder`; gives the oracle, which has decided, and the bot, which has stopped."""
    async with staged(folder, run.owners, run.seed, run.sabotage) as stage:
        await stage.bot.start()
        await stage.appoint(*STAFF)
        await _kill_in_a_crowd(run, stage)
        await stage.end(run.quiet)
        if stage.bot.is_running:
            await stage.bot.terminate()
    return stage.oracle, stage.bot


async def _kill_in_a_crowd(run: Run, stage: Stage) -> None:
    dice, stop, oracle, bot = random.Random(run.seed), asyncio.Event(), stage.oracle, stage.bot
    talking = asyncio.create_task(stage.crowd.run(run.rate, stop))
    await _wait(run.seconds_between * 2, talking, bot)
    for number in range(run.kills):
        if dice.random() < AFTER_FIRST_REPLY:
            await _first_sign(oracle, talking, bot)
        await _wait(dice.uniform(0.0, 2 * run.seconds_between), talking, bot)
        oracle.killed()
        await bot.kill()
        oracle.started()
        await bot.start()
        if run.progress and (number + 1) % 5 == 0:
            done = f"{number + 1}/{run.kills} kills, {oracle.updates} updates, {oracle.number} numbered texts"
            print(f"{done}, {len(oracle.violations)} wrong", file=sys.stderr, flush=True)
    await _wait(run.seconds_between, talking, bot)
    stop.set()
    await talking


async def _first_sign(oracle: HandoverOracle, talking: "asyncio.Task[None]", bot: BotProcess) -> None:
    waited = time.monotonic() + LONGEST_START
    while oracle.is_silent and time.monotonic() < waited:
        await _wait(0.05, talking, bot)


async def _wait(seconds: float, talking: "asyncio.Task[None]", bot: BotProcess) -> None:
    await asyncio.wait([talking], timeout=seconds)
    if talking.done():
        talking.result()
    if not bot.is_running:
        raise RuntimeError(f"the bot ended by itself:\n{bot.output[-2000:]}")


# -- a stop at each commit of one conversation


async def stop_at(kind: Commit, number: int, folder: Path) -> tuple[HandoverOracle, bool]:
    """One conversation, the bot stopped once; whether it came to that, and the oracle, which has decided."""
    async with staged(folder, 1, 1, f"{kind}:{number}") as stage:
        stage.telegram.faults.clear()
        stage.aftermath = 0.3
        await stage.bot.start()
        watching = asyncio.create_task(_restart_when_dead(stage))
        try:
            try:
                await _converse(stage)
            except AssertionError as error:
                stage.oracle.wrong("stuck", f"no role was given: {error}; {stage.bot.output[-1000:]}")
            await stage.end(STEP_SECONDS)
        finally:
            watching.cancel()
            await asyncio.gather(watching, return_exceptions=True)
    return stage.oracle, bool(stage.oracle.kills)


async def _restart_when_dead(stage: Stage) -> None:
    while True:
        await stage.bot.process.wait()
        stage.oracle.killed()
        stage.bot.command, stage.bot.settings = COMMAND, {}
        stage.oracle.started()
        await stage.bot.start()


async def _converse(stage: Stage) -> None:
    """To the second question; a wish, words while waiting, a claim, words and photos both ways, passed on, closed."""
    crowd, [one] = stage.crowd, stage.oracle.conversations.values()

    async def quiet() -> None:
        await until(lambda: one.idle or one.broken, STEP_SECONDS)

    await stage.appoint(PETRA, JONAS)
    while not one.at_dialog and not one.broken:
        crowd.walk(one)
        await quiet()
    crowd.go_on(one)
    await quiet()
    crowd.says_human(one)
    await quiet()
    if one.broken or one.newest is None:
        return
    crowd.write(one)
    await quiet()
    crowd.claim(one, one.newest, PETRA)
    crowd.claim(one, one.newest, JONAS)
    await quiet()
    for photo in (False, True, False):
        crowd.write(one, photo=photo)
        crowd.answer(one, PETRA, photo=photo)
    await quiet()
    crowd.release(one, one.newest, PETRA)
    await quiet()
    crowd.answer(one, JONAS)
    await quiet()
    crowd.close(one, one.newest, JONAS)
    await quiet()


async def everywhere(every: int, folder: Path) -> int:
    """All points. Out: how many went wrong."""
    points, repeats, topics, wrong = Counter[str](), 0, 0, 0
    for kind in COMMITS:
        number = 1
        while True:
            place = folder / f"{kind}-{number}"
            place.mkdir()
            oracle, stopped = await stop_at(kind, number, place)
            bad, repeated = bool(oracle.violations), sum(oracle.repeats.values())
            print(f"{kind} {number}: {'wrong' if bad else 'fine'}, {repeated} repeated", flush=True)
            if bad:
                print(f"{oracle.report()}\n{(place / 'bot.log').read_text()[-3000:]}", flush=True)
            wrong += bad
            if not stopped:
                break
            points[kind] += 1
            repeats, topics, number = repeats + repeated, topics + oracle.second_topics, number + every
    print(f"{points.total()} points, {dict(points)}: {wrong} went wrong; {repeats} messages came twice, "
          f"{topics} topics were made twice")  # fmt: skip
    return wrong


def main() -> int:
    """The command. Out: the exit status."""
    arguments = _read_arguments()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="handover-crash-") as folder:
        if arguments.everywhere:
            return min(1, asyncio.run(everywhere(arguments.every, Path(folder))))
        run = Run(arguments.kills, arguments.rate, arguments.owners, arguments.seconds_between, arguments.seed,
                  arguments.sabotage)  # fmt: skip
        print(f"seed {run.seed}: {run.kills} kills, {run.owners} owners, {run.rate:g} updates a second", flush=True)
        oracle, bot = asyncio.run(handover_crash_run(run, Path(folder)))
        found = bot.holds_secret()
    seconds = time.monotonic() - begun
    print(f"{oracle.report()}\n{seconds:.0f} s, {oracle.updates / seconds:.1f} updates a second over all")
    if found:
        print(f"WRONG the token stands in {', '.join(found)}")
    return 1 if oracle.violations or found else 0


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--rate", type=float, default=40.0, help="updates a second, at most")
    parser.add_argument("--owners", type=int, default=40)
    parser.add_argument(
        "--seconds-between", type=float, default=2.0, help="from the first sign of life to the next kill"
    )
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="of all dice")
    parser.add_argument("--sabotage", choices=SABOTAGE, default="", help="break the bot on purpose")
    parser.add_argument("--everywhere", action="store_true", help="stop at each commit of one conversation instead")
    parser.add_argument("--every", type=int, default=1, help="only each so many of these points")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
