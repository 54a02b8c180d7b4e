"""`python -m harness.launcher run`: the bot's own command with an accident built in, named by HARNESS_ACCIDENT.

    before-commit:7, after-commit:7   the process dies before or after the 7th commit since its start
    poison:WORD      a message that says WORD kills the process, each time
    stumble:WORD     a message that says WORD makes the engine raise
    talkative:       everything is logged, by every library, at DEBUG
    hasty:0.5        what went wrong with changed content is tried again after so many seconds
    ack-first, unnoted, unordered, forgetful    the sabotages of tests/crash_run.py

Nothing in the product knows of it: the functions are wrapped from here.
"""

import asyncio
import itertools
import logging
import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from bot import app, cli, logs
from bot.chat.receive import Receiver
from bot.chat.send import Sender
from bot.dialog import engine
from bot.dialog.events import AnyEvent, Said
from bot.hot_content import HotContent
from bot.store import updates
from bot.store.database import Database
from bot.store.statements import Job
from bot.turns import owners

DEAD = 137


def _die_before_commit(argument: str) -> None:
    _die_at_commit(int(argument), before=True)


def _die_after_commit(argument: str) -> None:
    _die_at_commit(int(argument), before=False)


def _die_at_commit(fatal: int, *, before: bool) -> None:
    commit, numbers = Database._commit, itertools.count(1)

    async def dying(self: Database, jobs: Sequence[Job]) -> None:
        number = next(numbers)
        if number == fatal and before:
            os._exit(DEAD)
        await commit(self, jobs)
        if number == fatal:
            os._exit(DEAD)

    Database._commit = dying  # type: ignore[method-assign]


def _poison(word: str) -> None:
    _on_word(word, lambda: os._exit(DEAD))


def _stumble(word: str) -> None:
    def stumble() -> None:
        raise ZeroDivisionError("the engine stumbled, as the test wanted")

    _on_word(word, stumble)


def _on_word(word: str, accident: Callable[[], None]) -> None:
    take_turn = engine.take_turn

    def tripping(content: Any, session: Any, event: AnyEvent) -> Any:
        if isinstance(event, Said) and event.text == word:
            accident()
        return take_turn(content, session, event)

    owners.take_turn = tripping  # type: ignore[attr-defined]


def _hasty(seconds: str) -> None:
    app.HotContent = partial(HotContent, retry=float(seconds))  # type: ignore[attr-defined, assignment]


def _talkative(_: str) -> None:
    set_up = logs.set_up

    def everything(*secrets: str, verbose: bool = False) -> None:
        set_up(*secrets, verbose=True)
        for name in logs.QUIET:
            logging.getLogger(name).setLevel(logging.DEBUG)

    logs.set_up = everything


# -- sabotages


def _ack_first(_: str) -> None:
    take = Receiver._take

    async def careless(self: Receiver, batch: Sequence[Mapping[str, Any]]) -> None:
        if batch:
            self._offset = batch[-1]["update_id"] + 1
            loop = asyncio.get_running_loop()
            loop.call_later(0.3, lambda: loop.create_task(take(self, batch)))

    Receiver._take = careless  # type: ignore[method-assign]


def _unnoted(_: str) -> None:
    async def forget(self: Sender, job: Job) -> None:
        """As if it were written."""

    Sender._store = forget  # type: ignore[method-assign]


def _unordered(_: str) -> None:
    async def work(self: Sender, chat_id: int) -> None:
        queue = self._queues[chat_id]
        while queue:
            two = [queue.take(math.inf) for _ in range(2) if queue]
            await asyncio.gather(*(self._deliver(messages, queue) for messages in reversed(two)))
        del self._queues[chat_id]

    Sender._work = work  # type: ignore[method-assign]


def _forgetful(_: str) -> None:
    async def seen(database: Database, update_ids: Iterable[int]) -> set[int]:
        return set()

    updates.seen = seen


ACCIDENTS: Mapping[str, Callable[[str], None]] = {
    "before-commit": _die_before_commit,
    "after-commit": _die_after_commit,
    "poison": _poison,
    "stumble": _stumble,
    "hasty": _hasty,
    "talkative": _talkative,
    "ack-first": _ack_first,
    "unnoted": _unnoted,
    "unordered": _unordered,
    "forgetful": _forgetful,
}

if __name__ == "__main__":
    name, _, given = os.environ.get("HARNESS_ACCIDENT", "").partition(":")
    if name:
        ACCIDENTS[name](given)
    cli.main()
