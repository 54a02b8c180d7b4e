"""Changes the content again and again while many people talk to the bot, and looks whether anybody noticed.

    python tests/hot_run.py                 50 changes, 1,000 people, 100 updates a second: about three minutes
    python tests/hot_run.py --reloads 6     a short one

The project's own pretend Telegram listens on loopback; the bot is a real process. An author changes an answer, breaks
a file off in the middle and mends it, drops a question, gives one another name, takes the knowledge away and puts it
back. The oracle of the crash tests (tests/harness/oracle.py) judges every reply. Exit status 1 and a list, when
anything is wrong, or half of the changes took longer than a second.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Final

from harness.author import DIALOG, ENTRIES, Author
from harness.content import first_words, write_small_content
from harness.crowd import Crowd
from harness.oracle import Oracle
from harness.process import BotProcess
from harness.rules import Act, Rules
from harness.telegram import Request, WatchedTelegram
from harness.waiting import until

from bot.preview.server import PretendServer

TAKEN: Final = "changed content taken up"
REFUSED: Final = "changed content is refused"
LONGEST_RELOAD: Final = 20.0
ALLOWED_SECONDS: Final = 1.0
"""So long a reload may take, from the last write (half of them: other programs run here, too)."""


@dataclass(frozen=True, slots=True)
class HotRun:
    """What to do."""

    reloads: int = 50
    people: int = 1000
    rate: float = 100.0
    seed: int = 1
    progress: bool = True


@dataclass(slots=True)
class Result:
    """What came of it.

    `presses` and `calm`: how long each press waited for its answer, while content changed and otherwise; `memory` in
    MB, before the first reload and at the end.
    """

    wrong: list[str] = field(default_factory=list)
    reloads: list[float] = field(default_factory=list)
    presses: list[float] = field(default_factory=list)
    calm: list[float] = field(default_factory=list)
    memory: tuple[int, int] = (0, 0)
    updates: int = 0

    def report(self) -> str:
        """The figures."""
        return (
            f"{len(self.reloads)} reloads, {self.updates} updates, {len(self.wrong)} wrong\n"
            f"from write to taken up or refused: {_spread(self.reloads)}\n"
            f"press to answer, meanwhile:        {_spread(self.presses)}\n"
            f"press to answer, otherwise:        {_spread(self.calm)}\n"
            f"memory: {self.memory[0]} MB before the first change, {self.memory[1]} MB at the end"
        )


def _spread(seconds: list[float]) -> str:
    if len(seconds) < 2:
        return "too few"
    cuts = quantiles(seconds, n=100)
    figures = {"median": cuts[49], "p95": cuts[94], "p99": cuts[98], "worst": max(seconds)}
    return ", ".join(f"{name} {value * 1000:.0f} ms" for name, value in figures.items()) + f" ({len(seconds)})"


class Watch:
    """Times each press, apart for calm and for while content changes."""

    def __init__(self, result: Result) -> None:
        self._result, self._since = result, dict[str, tuple[float, bool]]()
        self.changing = False

    def pressed(self, query: str) -> None:
        """Somebody pressed a button."""
        self._since[query] = time.monotonic(), self.changing

    def heard(self, request: Request) -> None:
        """The bot answered."""
        if request.method == "answerCallbackQuery":
            began, changing = self._since.pop(str(request.params["callback_query_id"]), (0.0, False))
            if began:
                times = self._result.presses if changing or self.changing else self._result.calm
                times.append(time.monotonic() - began)


class TimedOracle(Oracle):
    """The oracle; a watch hears of each press."""

    def __init__(self, rules: Rules, watch: Watch) -> None:
        super().__init__(rules)
        self._watch = watch

    def acted(self, chat_id: int, act: Act) -> None:
        """A person did something."""
        if act.query:
            self._watch.pressed(act.query)
        super().acted(chat_id, act)


async def hot_run(run: HotRun, folder: Path) -> Result:
    """Do it in `folder`."""
    content, result = write_small_content(folder / "content"), Result()
    watch = Watch(result)
    telegram, oracle = WatchedTelegram(seed=run.seed), TimedOracle(Rules(first_words(content)), watch)
    telegram.listeners += [oracle.heard, watch.heard]
    async with PretendServer(telegram) as server:
        bot = BotProcess(server.url, folder, content)
        crowd = Crowd(telegram.visitors, oracle, run.people, run.seed)
        oracle.started()
        await bot.start()
        try:
            await _change_in_a_crowd(run, bot, crowd, oracle, Author(content), watch, result)
            await _stop(bot, oracle, result)
        finally:
            await bot.kill()
    return result


async def _change_in_a_crowd(
    run: HotRun, bot: BotProcess, crowd: Crowd, oracle: Oracle, author: Author, watch: Watch, result: Result
) -> None:
    stop = asyncio.Event()
    talking = asyncio.create_task(crowd.run(run.rate, stop))
    await until(lambda: len(oracle.ledgers) >= 0.9 * run.people and oracle.updates > 3 * run.people, 300)
    before = _memory(bot)
    changes = _changes(author)
    for number in range(run.reloads):
        change, event = changes[number % len(changes)]
        watch.changing = True
        await _reload(bot, change, event, result)
        watch.changing = False
        await asyncio.sleep(0.5)
        _show(run, number + 1, oracle)
    result.memory = before, _memory(bot)
    stop.set()
    await talking


def _changes(author: Author) -> list[tuple[Callable[[], object], str]]:
    """What the author does in turn, and what the bot must say to it; in the end all is as it was."""
    dialog, entries = (author.path(name).read_text(encoding="utf-8") for name in (DIALOG, ENTRIES))
    away = author.knowledge.with_name("away")
    return [
        (lambda: author.answer("Another wording"), TAKEN),
        (lambda: author.break_off(ENTRIES), REFUSED),
        (lambda: author.write(ENTRIES, entries), TAKEN),
        (lambda: author.drop_question("much", "trust"), TAKEN),
        (lambda: author.break_off(DIALOG), REFUSED),
        (lambda: author.write(DIALOG, dialog), TAKEN),
        (lambda: author.rename_question("much", "how-much"), TAKEN),
        (lambda: author.knowledge.rename(away), REFUSED),
        (lambda: away.rename(author.knowledge), TAKEN),
        (lambda: author.write(DIALOG, dialog), TAKEN),
    ]


async def _reload(bot: BotProcess, change: Callable[[], object], event: str, result: Result) -> None:
    """Let the author do it, and wait until the bot says what it made of it."""
    place = len(bot.output)
    change()
    began = time.monotonic()
    done = await until(lambda: TAKEN in bot.output[place:] or REFUSED in bot.output[place:], LONGEST_RELOAD)
    result.reloads.append(time.monotonic() - began)
    if not done or event not in bot.output[place:]:
        result.wrong.append(f"reload {len(result.reloads)}: not {event!r}, but {bot.output[place:][-300:]!r}")


def _show(run: HotRun, number: int, oracle: Oracle) -> None:
    if run.progress:
        end = "\n" if number == run.reloads else "\r"
        words = f"{number}/{run.reloads} reloads, {oracle.updates} updates, {len(oracle.violations)} wrong   "
        print(words, end=end, file=sys.stderr, flush=True)


async def _stop(bot: BotProcess, oracle: Oracle, result: Result) -> None:
    """Let it finish its work, stop it, and judge."""
    await until(lambda: not oracle.waiting, 30)
    await asyncio.sleep(0.5)
    sessions = json.loads(await bot.told("sessions", "list", "--json", "--most", "1000000"))
    if (code := await bot.terminate()) != 0:
        result.wrong.append(f"the bot ended with {code}")
    oracle.finish()
    oracle.compare(sessions)
    result.updates = oracle.updates
    result.wrong += [f"{kind}: {what}" for kind, what in oracle.violations]
    result.wrong += [line for line in bot.output.splitlines() if "a turn failed" in line or "set aside" in line]


def _memory(bot: BotProcess) -> int:
    """What the bot holds, in MB; 0 where the system does not tell."""
    try:
        status = Path(f"/proc/{bot.process.pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    found: Mapping[str, str] = dict(line.split(":", 1) for line in status.splitlines() if ":" in line)
    return int(found["VmRSS"].split()[0]) // 1024


def main() -> int:
    """The command. Out: the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reloads", type=int, default=50)
    parser.add_argument("--people", type=int, default=1000, help="people who talk at once")
    parser.add_argument("--rate", type=float, default=100.0, help="updates a second, on average")
    parser.add_argument("--seed", type=int, default=1, help="of all dice")
    run = HotRun(**vars(parser.parse_args()))
    with tempfile.TemporaryDirectory(prefix="hot-run-") as folder:
        result = asyncio.run(hot_run(run, Path(folder)))
    slow = median(result.reloads) > ALLOWED_SECONDS
    print("\n".join([result.report(), *(f"WRONG {what}" for what in result.wrong), *(["TOO SLOW"] if slow else [])]))
    return 1 if result.wrong or slow else 0


if __name__ == "__main__":
    sys.exit(main())
