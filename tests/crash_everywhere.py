"""Stops the bot at every request and at every commit of one dialog in turn, and looks whether anything was lost.

    python tests/crash_everywhere.py              every point: about a quarter of an hour
    python tests/crash_everywhere.py --every 20   each twentieth

One person talks to the bot up to the advice: by button and by typing, one step back, a question, another language, a
changed answer. The bot is stopped at the k-th request that the pretend Telegram gets, before it takes effect and after
(kill -9 from outside), and before and after the k-th commit (os._exit, wrapped around from tests/harness/launcher.py);
for k = 1, 2, ... until the dialog is over before. It is started again, the dialog goes on, the same oracle as in
crash_run.py decides. Exit status 1 and a list, when anything is wrong.
"""

import argparse
import asyncio
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal, get_args

from harness.content import first_words, write_small_content
from harness.crowd import press_of
from harness.oracle import Oracle
from harness.process import COMMAND, LAUNCHER, BotProcess
from harness.rules import Act, Rules
from harness.screens import Screen
from harness.telegram import WatchedTelegram
from harness.waiting import until

from bot.preview.server import PretendServer
from bot.preview.wire import LineCutError
from bot.sessions_report import listing
from bot.store.database_file import DatabaseFile

Kind = Literal["before-request", "after-request", "before-commit", "after-commit"]
KINDS: Final[tuple[Kind, ...]] = get_args(Kind)
ANA: Final = 7
STEP_SECONDS: Final = 30.0
ANSWER_SECONDS: Final = 0.3
"""For the answer to a press, which a stop may have cut off: it is tried once."""
DIALOG: Final = (
    "/start", "press agree", "press find", "press answer 0", "2", "press back", "press answer 0", "press why",
    "/language", "press speak 3", "press answer 1", "/answers", "press change 0", "press answer 1", "press answer 0",
)  # fmt: skip
"""What Ana does, one after the other, each when all replies to the one before have come; at the end stands advice."""


class Talk:
    """One dialog, with the bot stopped at one point of it."""

    def __init__(self, folder: Path, content: Mapping[str, str], kind: Kind, number: int) -> None:
        self._folder, self._content, self._kind, self._number = folder, content, kind, number
        self._telegram = WatchedTelegram()
        self.oracle = Oracle(Rules(first_words(content)))
        self._telegram.listeners.append(self.oracle.heard)
        self._requests = 0
        self.stopped = False

    async def hold(self) -> None:
        """The whole dialog; afterwards the oracle has decided, `stopped` tells whether the point was reached."""
        async with PretendServer(self._telegram) as server:
            self._bot = self._made(server.url)
            await self._bot.start()
            watching = asyncio.create_task(self._restart_when_dead())
            try:
                await self._talk()
            finally:
                watching.cancel()
                await asyncio.gather(watching, return_exceptions=True)
                await self._bot.kill()
        self.oracle.finish()
        self.oracle.compare(json.loads(await listing(DatabaseFile(self._bot.database), 100, as_json=True)))

    def _made(self, url: str) -> BotProcess:
        if self._kind.endswith("request"):
            self._telegram.before = self._count if self._kind == "before-request" else None
            self._telegram.after = self._count if self._kind == "after-request" else None
            return BotProcess(url, self._folder, self._content, command=COMMAND)
        accident = {"HARNESS_ACCIDENT": f"{self._kind}:{self._number}"}
        return BotProcess(url, self._folder, self._content, command=LAUNCHER, settings=accident)

    async def _count(self, method: str) -> None:
        self._requests += 1
        if self._requests == self._number:
            self.oracle.killed()
            await self._bot.kill()
            raise LineCutError

    async def _restart_when_dead(self) -> None:
        while True:
            await self._bot.process.wait()
            if not self.oracle.kills:
                self.oracle.killed()
            self.stopped = True
            self._bot.command, self._bot.settings = COMMAND, {}
            await self._bot.start()

    async def _talk(self) -> None:
        visitors, ledger = self._telegram.visitors, self.oracle.ledger(ANA)
        visitors.add_person("Ana", "pt", person_id=ANA)
        for act in DIALOG:
            verb, *words = act.split()
            if verb == "press":
                self._press(words[0], int(words[1]) if len(words) > 1 else 0)
            else:
                self.oracle.acted(ANA, Act(visitors.say(ANA, act)["update_id"], text=act))
            await until(lambda: ledger.broken or ledger.idle, STEP_SECONDS)
            await until(self._all_presses_answered, ANSWER_SECONDS)
        if not ledger.broken and (ledger.state.stands is None or ledger.state.stands.kind != "advice"):
            raise RuntimeError("the dialog did not end with advice")

    def _press(self, action: str, place: int) -> None:
        screen = self._newest(action)
        button = [button for button in screen.buttons if button.action == action][place]
        self.oracle.acted(ANA, press_of(self._telegram.visitors.press(ANA, screen.message_id, button.data), button))

    def _newest(self, action: str) -> Screen:
        screens = reversed(self.oracle.ledger(ANA).screens)
        return next(screen for screen in screens if any(button.action == action for button in screen.buttons))

    def _all_presses_answered(self) -> bool:
        return all(query.answers for query in self.oracle.queries.values())


async def stop_at(kind: Kind, number: int, folder: Path, content: Mapping[str, str]) -> Talk:
    """One dialog in the empty `folder`, the bot stopped at this point."""
    talk = Talk(folder, content, kind, number)
    await talk.hold()
    return talk


async def everywhere(every: int, folder: Path) -> int:
    """All points. Out: how many went wrong."""
    content = write_small_content(folder / "content")
    points: Counter[str] = Counter()
    repeats = wrong = 0
    for kind in KINDS:
        number = 1
        while (talk := await stop_at(kind, number, _made(folder / f"{kind}-{number}"), content)).stopped:
            points[kind] += 1
            repeats += sum(talk.oracle.repeats.values())
            wrong += _told(f"{kind} {number}", talk.oracle)
            number += every
    print(f"{points.total()} points, {dict(points)}: {wrong} went wrong; {repeats} messages came twice")
    return wrong


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder


def _told(point: str, oracle: Oracle) -> bool:
    print(f"{point}: {'wrong' if oracle.violations else 'fine'}, {sum(oracle.repeats.values())} repeated", flush=True)
    for kind, what in oracle.violations:
        print(f"  WRONG ({kind}) {what}")
    return bool(oracle.violations)


def main() -> int:
    """The command. Out: the exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--every", type=int, default=1, help="try only each so-manieth point")
    with tempfile.TemporaryDirectory(prefix="crash-everywhere-") as folder:
        return 1 if asyncio.run(everywhere(parser.parse_args().every, Path(folder))) else 0


if __name__ == "__main__":
    sys.exit(main())
