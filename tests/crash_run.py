"""Kills the bot again and again while many people talk to it, and looks whether anything was lost.

    python tests/crash_run.py                     100 kills, 100 updates a second, 200 people: about eight minutes
    python tests/crash_run.py --kills 5           a short one

The project's own pretend Telegram listens on loopback, with replies delayed 50 to 100 ms. The bot is a real process,
started by its real command, `python -m bot run`. At random moments it gets `kill -9` and is started again at once. An
oracle that sees only what people did and what the pretend Telegram was asked (tests/harness/oracle.py) decides; at the
end the command line tells the sessions for a cross-check. Exit status 1 and a list, when anything is wrong.

`--sabotage` breaks the bot on purpose, to show that the oracle notices:
    ack-first    the bot acknowledges an update before its turn is written
    unnoted      a delivery is never written down, so a restart repeats all of it
    unordered    a chat's messages go out two at a time
    forgetful    the keys of updates are not kept, so one that comes again is taken again
"""

import argparse
import asyncio
import json
import random
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from harness.content import first_words, write_small_content
from harness.crowd import Crowd
from harness.keyed import key_file
from harness.oracle import Oracle
from harness.process import COMMAND, LAUNCHER, BotProcess
from harness.rules import Rules
from harness.telegram import WatchedTelegram

from bot.preview.faults import Fault
from bot.preview.server import PretendServer

DELAYED = Fault("delay", seconds=(0.05, 0.1))
QUIET_SECONDS: Final = 30.0
"""So long nothing may move before what is still due counts as lost."""
AFTER_FIRST_REPLY: Final = 0.75
"""So many of the kills fall on a bot at work; the others may fall on one that is still starting."""
LONGEST_START: Final = 30.0
SABOTAGE = ("ack-first", "unnoted", "unordered", "forgetful")


@dataclass(frozen=True, slots=True)
class Run:
    """What to do."""

    kills: int = 100
    rate: float = 100.0
    chats: int = 200
    seconds_between: float = 2.0
    seed: int = 1
    sabotage: str = ""
    dialogs: Path | None = None
    progress: bool = True
    transcripts: int = 10
    sealed: bool = False
    """Whether the database is encrypted."""


async def crash_run(run: Run, folder: Path) -> tuple[Oracle, BotProcess]:
    """Do it in `folder`; gives the oracle, which has decided, and the bot, which has stopped."""
    content = _content(run, folder)
    telegram, oracle = WatchedTelegram(seed=run.seed), Oracle(Rules(first_words(content)))
    telegram.listeners.append(oracle.heard)
    telegram.faults.stage(DELAYED)
    async with PretendServer(telegram) as server:
        bot = _bot(run, server.url, folder, content)
        crowd = Crowd(telegram.visitors, oracle, run.chats, run.seed)
        try:
            await _kill_in_a_crowd(run, bot, crowd, oracle)
            await _settle(oracle)
            if bot.is_running:
                await bot.terminate()
        finally:
            await bot.kill()
    oracle.finish()
    await _cross_check(bot, oracle, run.transcripts)
    return oracle, bot


def _content(run: Run, folder: Path) -> Mapping[str, str]:
    return {"ADVISOR_DIALOGS": str(run.dialogs)} if run.dialogs else write_small_content(folder / "content")


def _bot(run: Run, url: str, folder: Path, content: Mapping[str, str]) -> BotProcess:
    command, settings = (LAUNCHER, {"HARNESS_ACCIDENT": run.sabotage}) if run.sabotage else (COMMAND, {})
    if run.sealed:
        settings = {**settings, "ADVISOR_DATABASE_KEY_FILE": str(key_file(folder))}
    return BotProcess(url, folder, content, command=command, settings=settings)


async def _kill_in_a_crowd(run: Run, bot: BotProcess, crowd: Crowd, oracle: Oracle) -> None:
    dice, stop = random.Random(run.seed), asyncio.Event()
    oracle.started()
    await bot.start()
    talking = asyncio.create_task(crowd.run(run.rate, stop))
    for number in range(run.kills):
        if dice.random() < AFTER_FIRST_REPLY:
            await _first_reply(oracle, talking, bot)
        await _wait(dice.uniform(0.0, 2 * run.seconds_between), talking, bot)
        oracle.killed()
        await bot.kill()
        oracle.started()
        await bot.start()
        _show(run, number + 1, oracle)
    await _wait(run.seconds_between, talking, bot)
    stop.set()
    await talking


async def _first_reply(oracle: Oracle, talking: "asyncio.Task[None]", bot: BotProcess) -> None:
    waited = time.monotonic() + LONGEST_START
    while oracle.is_silent and time.monotonic() < waited:
        await _wait(0.05, talking, bot)


async def _wait(seconds: float, talking: "asyncio.Task[None]", bot: BotProcess) -> None:
    await asyncio.wait([talking], timeout=seconds)
    if talking.done():
        talking.result()
    if not bot.is_running:
        raise RuntimeError(f"the bot ended by itself:\n{bot.output[-2000:]}")


def _show(run: Run, kills: int, oracle: Oracle) -> None:
    if not run.progress:
        return
    end = "\n" if not sys.stderr.isatty() or kills == run.kills else "\r"
    if end == "\r" or kills % 10 == 0 or kills == run.kills:
        wrong = len(oracle.violations)
        text = f"{kills}/{run.kills} kills, {oracle.updates} updates, {oracle.effects} replies, {wrong} wrong   "
        print(text, end=end, file=sys.stderr, flush=True)


async def _settle(oracle: Oracle) -> None:
    """Let the bot come to the end of its work; give up when nothing moves any more."""
    seen, since = -1, time.monotonic()
    while oracle.waiting and time.monotonic() - since < QUIET_SECONDS:
        if oracle.effects != seen:
            seen, since = oracle.effects, time.monotonic()
        await asyncio.sleep(0.2)
    await asyncio.sleep(1.0)


async def _cross_check(bot: BotProcess, oracle: Oracle, transcripts: int) -> None:
    sessions = json.loads(await bot.told("sessions", "list", "--json", "--most", "1000000"))
    oracle.compare(sessions)
    for row in sessions[:transcripts]:
        shown = json.loads(await bot.told("sessions", "show", str(row["id"]), "--json"))
        oracle.compare_words(row["id"], shown["transcript"])


def main() -> int:
    """The command. Out: the exit status."""
    run = _read_arguments()
    print(f"seed {run.seed}: {run.kills} kills, {run.rate:g} updates a second, {run.chats} people", flush=True)
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="crash-run-") as folder:
        oracle, bot = asyncio.run(crash_run(run, Path(folder)))
        found = bot.holds_secret()
    seconds = time.monotonic() - begun
    print(f"{oracle.report()}\n{seconds:.0f} s, {oracle.updates / seconds:.0f} updates a second over all")
    if found:
        print(f"WRONG the token stands in {', '.join(found)}")
    return 1 if oracle.violations or found else 0


def _read_arguments() -> Run:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--rate", type=float, default=100.0, help="updates a second, on average")
    parser.add_argument("--chats", type=int, default=200, help="people who talk at once")
    between = "from the first reply to the next kill, on average"
    parser.add_argument("--seconds-between", type=float, default=2.0, help=between)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6), help="of all dice")
    parser.add_argument("--sabotage", choices=SABOTAGE, default="", help="break the bot on purpose")
    parser.add_argument("--sealed", action="store_true", help="with an encrypted database")
    parser.add_argument("--dialogs", type=Path, help="another dialog than the small one of the tests")
    return Run(**vars(parser.parse_args()))


if __name__ == "__main__":
    sys.exit(main())
