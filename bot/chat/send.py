"""Outbox -> Bot API: in order per chat, within the rates, with retries, until it is delivered or cannot be.

How one message is delivered stands in deliver.py, which goes next in waiting.py.

A chat has at most one message in flight, and its delivery is committed before the next one goes out: so a crash
repeats at most one message a chat. An edit is idempotent.
"""

import asyncio
import json
import random
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final

import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.chat.deliver import Delivery
from bot.chat.files import Files
from bot.chat.invitation import Door
from bot.chat.messages import inline_answer
from bot.chat.rates import Limits, Rates
from bot.chat.room import Room
from bot.chat.transport import call, says
from bot.chat.waiting import Waiting
from bot.dialog.phrases import Content
from bot.dialog.session import Definition
from bot.store import outbox, sessions
from bot.store.database import Database, StoreError
from bot.store.outbox import Message
from bot.store.statements import Job

GIVE_UP_MS: Final = 24 * 3600 * 1000
LONGEST_WAIT: Final = 30.0
TOO_LATE: Final = "query is too old"

log = structlog.get_logger(__name__)


class Sender:
    """Delivers what the outbox holds, until cancelled."""

    def __init__(
        self,
        bot: Bot,
        database: Database,
        rates: Rates | None,
        clock: Callable[[], int],
        room: Room | None = None,
        moved: Callable[[int], Awaitable[None]] | None = None,
        shut: Callable[[int], Awaitable[None]] | None = None,
        batch_heading: Callable[[int], str] = str,
        door: Door | None = None,
        content: Callable[[], Content] | None = None,
    ) -> None:
        """`rates`: messages a second overall, a second a chat, a minute a group; None: no limit.

        `room`: the staff's group; `moved` is told its new id when it became a supergroup; `shut` is told of an owner
        whom nothing reaches; `batch_heading` names a number of new cards that are told together; `door`: where the
        review pages are; `content`: whose words a file with all that is kept is made in.
        """
        self._bot, self._database, self._rates, self._clock = bot, database, rates, clock
        self._room, self._moved, self._shut = room or Room(bot, 0), moved, shut
        self._batch_heading = batch_heading
        files = Files(database, content)
        self._delivery = Delivery(bot, database, self._room, self._keep_rates, self._store, files, clock, door)
        self._limits = Limits(rates) if rates else None
        self._queues: dict[int, Waiting] = {}
        self._attended: set[int | None] = set()
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
                    if message.what == "forgotten":
                        self._drop(message)
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

    def _drop(self, message: Message) -> None:
        """An owner was forgotten: what was queued for them or about them is in the outbox no more."""
        about = set(json.loads(message.brief)["handovers"])
        for queue in self._queues.values():
            queue.drop(message.chat_id, about)

    def _queue(self, message: Message) -> None:
        queue = self._queues.get(message.chat_id)
        if queue is not None:
            queue.add(message)
            return
        self._queues[message.chat_id] = queue = Waiting(self._attended)
        queue.add(message)
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
                await self._deliver(queue.take(self._at_once(chat_id), self._clock()), queue)
        finally:
            del self._queues[chat_id]

    def _at_once(self, chat_id: int) -> float:
        """New cards that may wait in this chat until they are told together: half a minute's worth, at two calls."""
        return self._rates[2] / 4 if self._rates and chat_id == self._room.chat else float("inf")

    async def _deliver(self, messages: list[Message], queue: Waiting) -> None:
        """Try until they are delivered, or can never be."""
        tries = 0
        while True:
            try:
                if tries and not await self._still(messages):
                    return None
                return await self._store(await self._attempt(messages))
            except (TelegramError, StoreError) as error:
                if await self._is_final(messages, error, queue):
                    return None
                tries += 1
                await self._wait(error, tries)

    async def _attempt(self, messages: list[Message]) -> Job:
        """One try; gives what is to be noted of it."""
        if messages[0].what == "forgotten":
            await self._delivery.deliver(messages[0])
            return outbox.gone(messages[0].id)
        first = messages[0]
        if len(messages) == 1:
            number = await self._delivery.deliver(first)
            await self._took_back(messages, number)
            return outbox.sent(first.id, number, self._clock())
        number = await self._delivery.deliver_together(messages, self._batch_heading(len(messages)))
        if await self._took_back(messages, number):
            return await self._attempt(messages) if messages else outbox.gone(first.id)
        return tuple(part for one in messages for part in outbox.batched(one.id, number, self._clock()))

    async def _took_back(self, messages: list[Message], number: int | None) -> bool:
        """Whether an owner was forgotten that very moment: what was posted about them, maybe among others, is deleted
        again, and what is left of `messages` is to be posted anew."""
        about = [one.id for one in messages if one.handover_id]
        if not number or not about or len(await outbox.there(self._database, about)) == len(about):
            return False
        await self._delivery.take_back(messages[0].chat_id, number)
        await self._still(messages)
        return True

    async def _still(self, messages: list[Message]) -> bool:
        """Whether these are wanted still; those of an owner who was forgotten meanwhile are not."""
        there = await outbox.there(self._database, [one.id for one in messages])
        messages[:] = [one for one in messages if one.id in there]
        return bool(messages)

    async def _is_final(self, messages: list[Message], error: TelegramError | StoreError, queue: Waiting) -> bool:
        """Whether `error` ends these messages; if so it is noted."""
        first = messages[0]
        match error:
            case ChatMigrated() if self._moved and self._room.chat in (first.chat_id, error.new_chat_id):
                await self._follow(error.new_chat_id, messages, queue)
            case Forbidden() | BadRequest() if first.chat_id == self._room.chat and _is_shut_out(error):
                return False
            case Forbidden() if first.chat_id > 0 and _is_blocked(error):
                queue.shut()
                await self._blocked(first, error)
            case Forbidden() | BadRequest() | ChatMigrated():
                await self._fail(messages, str(error))
            case _ if self._clock() - first.created_at > GIVE_UP_MS:
                await self._fail(messages, f"not delivered within 24 hours: {error}")
            case _:
                return False
        return True

    async def _follow(self, chat: int, messages: list[Message], queue: Waiting) -> None:
        """The staff's group has another id: what waits goes there."""
        assert self._moved
        log.warning("the staff's group became a supergroup", chat_id=chat)
        self._room.chat = chat
        await self._moved(chat)
        for message in (*messages, *queue.clear()):
            self._queue(replace(message, chat_id=chat))

    async def _blocked(self, message: Message, error: TelegramError) -> None:
        log.info("the owner blocks the bot", chat_id=message.chat_id)
        now = self._clock()
        await self._store(
            (*sessions.block(message.chat_id, now), *outbox.chat_failed(message.chat_id, str(error), now))
        )
        if message.what == "forgotten":
            await self._store(outbox.gone(message.id))
        if self._shut:
            await self._shut(message.chat_id)

    async def _fail(self, messages: list[Message], why: str) -> None:
        for message in messages:
            log.error("message failed", row=message.id, chat_id=message.chat_id, why=why)
            is_last = message.what == "forgotten"
            await self._store(outbox.gone(message.id) if is_last else outbox.failed(message.id, why, self._clock()))

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
        if self._limits:
            await self._limits.wait(chat_id, at_once=chat_id == self._room.chat)


def _is_shut_out(error: TelegramError | StoreError) -> bool:
    """Whether the bot is not in the group (any more), or may not write: what waits is posted once it may."""
    return isinstance(error, Forbidden) or says(error, ("chat not found", "not enough rights", "have no rights"))


def _is_blocked(error: TelegramError) -> bool:
    """Whether nothing reaches this person, as against one message that we may not bring."""
    return says(error, ("blocked", "deactivated", "can't initiate", "can't send messages"))


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
