"""Outbox -> Bot API: in order per chat, within the rates, with retries, until it is delivered or cannot be.

A chat has at most one message in flight, and its delivery is committed before the next one goes out: so a crash
repeats at most one message a chat. An edit is idempotent.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Any, Final

import structlog
from aiolimiter import AsyncLimiter
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.chat.messages import inline_answer, request_for
from bot.chat.transport import call
from bot.dialog.session import Definition
from bot.store import outbox, sessions
from bot.store.database import Database, StoreError
from bot.store.outbox import Message
from bot.store.statements import Job

GIVE_UP_MS: Final = 24 * 3600 * 1000
BURST: Final = 5
"""Messages a chat may get at once before its rate holds: a turn is two or three."""
MARGIN: Final = 1.05
"""Our rates stay so far under Telegram's: what we send evenly does not arrive evenly."""
LONGEST_WAIT: Final = 30.0
HARMLESS: Final = ("message is not modified", "message to edit not found", "message can't be edited")
"""What an edit may be refused with and still count as delivered: it was done before, or there is nothing to edit."""

TOO_LATE: Final = "query is too old"

log = structlog.get_logger(__name__)

Rates = tuple[float, float, float]


class Sender:
    """Delivers what the outbox holds, until cancelled."""

    def __init__(self, bot: Bot, database: Database, rates: Rates | None, clock: Callable[[], int]) -> None:
        """`rates`: messages a second overall, a second a chat, a minute a group; None: no limit."""
        self._bot, self._database, self._rates, self._clock = bot, database, rates, clock
        self._overall = AsyncLimiter(rates[0], MARGIN) if rates else None
        self._limits: dict[int, AsyncLimiter] = {}
        self._queues: dict[int, deque[Message]] = {}
        self._workers: set[asyncio.Task[None]] = set()
        self._awake = asyncio.Event()
        self._read_to = 0
        self._failure: BaseException | None = None

    def wake(self) -> None:
        """There may be something new in the outbox."""
        self._awake.set()

    async def run(self) -> None:
        """Read the outbox whenever woken and hand each chat's messages to its worker."""
        self._awake.set()
        while True:
            await self._awake.wait()
            self._awake.clear()
            if self._failure:
                raise self._failure
            while messages := await self._read():
                for message in messages:
                    self._queue(message)
                self._read_to = messages[-1].id

    async def stop(self) -> None:
        """Let what is in flight come to its end for two seconds; the rest stays in the outbox."""
        for queue in self._queues.values():
            queue.clear()
        if self._workers:
            _, late = await asyncio.wait(self._workers, timeout=2)
            for worker in late:
                worker.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _read(self) -> list[Message]:
        while True:
            try:
                return await outbox.undelivered(self._database, self._read_to)
            except StoreError as error:
                log.error("the outbox cannot be read", error=str(error))
                await asyncio.sleep(1)

    def _queue(self, message: Message) -> None:
        queue = self._queues.get(message.chat_id)
        if queue is not None:
            queue.append(message)
            return
        self._queues[message.chat_id] = deque([message])
        worker = asyncio.create_task(self._work(message.chat_id), name=f"chat {message.chat_id}")
        self._workers.add(worker)
        worker.add_done_callback(self._worked)

    def _worked(self, worker: asyncio.Task[None]) -> None:
        self._workers.discard(worker)
        if not worker.cancelled() and worker.exception():
            self._failure = worker.exception()
            self.wake()

    async def _work(self, chat_id: int) -> None:
        """Deliver this chat's messages one after the other."""
        queue = self._queues[chat_id]
        try:
            while queue:
                await self._deliver(queue.popleft(), queue)
        finally:
            del self._queues[chat_id]

    async def _deliver(self, message: Message, queue: deque[Message]) -> None:
        """Try until the message is delivered, or can never be."""
        tries = 0
        while True:
            try:
                return await self._store(outbox.sent(message.id, await self._attempt(message), self._clock()))
            except (TelegramError, StoreError) as error:
                if await self._is_final(message, error, queue):
                    return None
                tries += 1
                await self._wait(error, tries)

    async def _attempt(self, message: Message) -> int | None:
        """One try. Returns the id of the Telegram message, None for an edit of something that is not there."""
        edited = message.edits_message
        if message.edits_row is not None:
            edited = await outbox.message_id(self._database, message.edits_row)
        if message.is_edit and edited is None:
            return None
        await self._keep_rates(message.chat_id)
        method, params = request_for(message, edited)
        try:
            result = await call(self._bot, method, **params)
        except BadRequest as error:
            if message.is_edit and any(text in str(error).lower() for text in HARMLESS):
                return edited
            raise
        number = result.get("message_id") if isinstance(result, dict) else None
        if not isinstance(number, int):
            raise NetworkError("an answer without a message id")
        return number

    async def _is_final(self, message: Message, error: TelegramError | StoreError, queue: deque[Message]) -> bool:
        """Whether `error` ends this message; if so it is noted."""
        match error:
            case Forbidden():
                queue.clear()
                await self._blocked(message, error)
            case BadRequest() | ChatMigrated():
                await self._fail(message, str(error))
            case _ if self._clock() - message.created_at > GIVE_UP_MS:
                await self._fail(message, f"not delivered within 24 hours: {error}")
            case _:
                return False
        return True

    async def _blocked(self, message: Message, error: TelegramError) -> None:
        log.info("the owner blocks the bot", chat_id=message.chat_id)
        now = self._clock()
        await self._store(
            (*sessions.block(message.chat_id, now), *outbox.chat_failed(message.chat_id, str(error), now))
        )

    async def _fail(self, message: Message, why: str) -> None:
        log.error("message failed", row=message.id, chat_id=message.chat_id, why=why)
        await self._store(outbox.failed(message.id, why, self._clock()))

    async def _store(self, job: Job) -> None:
        """Write `job`, however long the store needs: a delivery that is not noted would be repeated."""
        while True:
            try:
                return await self._database.write(job)
            except StoreError as error:
                log.error("a delivery cannot be noted", error=str(error))
                await asyncio.sleep(1)

    async def _wait(self, error: TelegramError | StoreError, tries: int) -> None:
        """Before the next try: as long as Telegram says, else longer each time."""
        pause = min(LONGEST_WAIT, 0.5 * 2 ** min(tries, 10)) * random.uniform(0.8, 1.2)  # noqa: S311
        if isinstance(error, RetryAfter):
            pause = seconds(error) + 0.1
        level = log.error if isinstance(error, InvalidToken) else log.warning
        level("a message waits", error=type(error).__name__, seconds=round(pause, 1))
        await asyncio.sleep(pause)

    async def _keep_rates(self, chat_id: int) -> None:
        if self._rates and self._overall:
            await self._limit(chat_id, self._rates).acquire()
            await self._overall.acquire()

    def _limit(self, chat_id: int, rates: Rates) -> AsyncLimiter:
        if len(self._limits) > 10_000:
            self._limits = {chat: limit for chat, limit in self._limits.items() if chat in self._queues}
        if chat_id not in self._limits:
            private = chat_id > 0
            most, seconds = (BURST, BURST / rates[1]) if private else (rates[2], 60)
            self._limits[chat_id] = AsyncLimiter(most, seconds * MARGIN)
        return self._limits[chat_id]


def seconds(error: RetryAfter) -> float:
    """How long Telegram told us to wait."""
    waiting = error.retry_after
    return waiting.total_seconds() if isinstance(waiting, timedelta) else float(waiting)


async def answer_callback(bot: Bot, callback: str, toast: str) -> None:
    """Answer a callback query: one try, right after the commit; too old is as good as answered."""
    words: dict[str, Any] = {"text": toast} if toast else {}
    try:
        await call(bot, "answerCallbackQuery", callback_query_id=callback, **words)
    except BadRequest:
        pass
    except TelegramError as error:
        log.warning("a callback query was not answered", error=type(error).__name__)


async def answer_inquiry(bot: Bot, inquiry: str, definitions: Iterable[Definition]) -> None:
    """Answer an inline query: one try, right after the commit; one that waited too long is let go."""
    try:
        await call(bot, "answerInlineQuery", **inline_answer(inquiry, definitions))
    except BadRequest as error:
        if TOO_LATE not in str(error).lower():
            log.error("Telegram refuses the answer to an inline query", error=str(error))
    except TelegramError as error:
        log.warning("an inline query was not answered", error=type(error).__name__)
