"""Polling: a batch is taken into turns, and acknowledged (by the next offset) only after its transaction committed.

The offset lives in memory only: after a start Telegram gives again whatever was not acknowledged, and what was taken
is known by its update id.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import structlog
from telegram import Bot
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.chat.send import answer_callback, answer_inquiry, seconds
from bot.chat.transport import call
from bot.chat.updates import ALLOWED, read_update
from bot.store.database import StoreError
from bot.turns import AnyAnswer, Incoming, InlineAnswer, Turns

POLL_SECONDS: Final = 30
LONGEST_WAIT: Final = 30.0

log = structlog.get_logger(__name__)


class Receiver:
    """The polling loop, until cancelled."""

    def __init__(self, bot: Bot, turns: Turns, wake_sender: Callable[[], None], *, unclean: bool) -> None:
        """`unclean`: the last run did not end in order, so what comes first is taken one by one."""
        self._bot, self._turns, self._wake_sender, self._unclean = bot, turns, wake_sender, unclean
        self._offset: int | None = None
        self._answering: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Receive for ever; whatever fails is said and tried again."""
        troubles = 0
        while True:
            try:
                batch = await self._poll()
                await self._take(batch)
                troubles = 0
            except (TelegramError, StoreError) as error:
                troubles += 1
                await self._wait(error, troubles)

    async def _poll(self) -> Sequence[Mapping[str, Any]]:
        params: dict[str, Any] = {"timeout": POLL_SECONDS, "limit": 100, "allowed_updates": list(ALLOWED)}
        if self._offset is not None:
            params["offset"] = self._offset
        result = await call(self._bot, "getUpdates", seconds=POLL_SECONDS + 10, **params)
        if not isinstance(result, list):
            raise TelegramError("getUpdates did not give a list")
        return result

    async def _take(self, batch: Sequence[Mapping[str, Any]]) -> None:
        incoming = [item for item in map(_readable, batch) if item is not None]
        if not incoming:
            if batch:
                raise TelegramError("no update that came has an id")
            return
        take = self._turns.take_again if self._unclean else self._turns.take
        answers = await take(incoming)
        self._unclean = False
        self._offset = max(item.update_id for item in incoming) + 1
        self._wake_sender()
        for answer in answers:
            self._answer(answer)

    def _answer(self, answer: AnyAnswer) -> None:
        if isinstance(answer, InlineAnswer):
            task = asyncio.create_task(answer_inquiry(self._bot, answer.inquiry, answer.definitions))
        else:
            task = asyncio.create_task(answer_callback(self._bot, answer.callback, answer.toast))
        self._answering.add(task)
        task.add_done_callback(self._answering.discard)

    async def stop(self) -> None:
        """Let the answers in flight come to their end for a second."""
        if self._answering:
            await asyncio.wait(self._answering, timeout=1)

    async def _wait(self, error: TelegramError | StoreError, troubles: int) -> None:
        match error:
            case RetryAfter():
                log.warning("Telegram asks us to poll later", seconds=seconds(error))
            case Conflict():
                log.error("another program polls with this token: stop it, or the two will disturb each other")
            case InvalidToken():
                log.error("Telegram does not accept the token any more; trying on")
            case StoreError():
                log.error("the store fails; nothing is acknowledged until it works again", error=str(error))
            case _:
                log.warning("receiving fails; trying on", error=type(error).__name__)
        least = seconds(error) if isinstance(error, RetryAfter) else 0
        await asyncio.sleep(max(least, min(LONGEST_WAIT, 2 ** min(troubles - 1, 5))))


def _readable(raw: Mapping[str, Any]) -> Incoming | None:
    try:
        return read_update(raw)
    except (KeyError, TypeError):
        log.error("an update without an id was dropped")
        return None
