"""How often we may send: buckets that empty with each call and fill evenly."""

import asyncio
import time
from typing import Final

MARGIN: Final = 1.05
"""Our rates stay so far under Telegram's: what we send evenly does not arrive evenly."""
BURST: Final = 5
"""Messages a chat may get at once before its rate holds: a turn is two or three."""
BURST_SECONDS: Final = 0.35
"""So many seconds' worth may go out at once over all chats: what arrives in a heap must not be more than a second's."""
RESERVED: Final = 0.5
"""This part of what may go out at once is kept for chats that we have written to before: however many strangers greet,
whoever is in a conversation does not wait for them."""
PATIENCE: Final = 0.25
"""A stranger whose turn it is lets conversations go first for so many seconds, then stands in line as they do."""
MINUTE: Final = 60.0

Rates = tuple[float, float, float]
"""Messages a second overall, a second a chat, a minute a group."""


def clock() -> float:
    """Seconds, ever growing."""
    return time.monotonic()


async def pause(seconds: float) -> None:
    """Let that much of the clock pass."""
    await asyncio.sleep(seconds)


class Bucket:
    """Holds `size` calls and gets them back in `seconds`."""

    def __init__(self, size: float, seconds: float) -> None:
        self._size, self._each = size, seconds * MARGIN / size
        self._level, self._since = size, clock()

    def missing(self, left: float = 0) -> float:
        """Seconds until one more may go and so many are left."""
        now = clock()
        self._level, self._since = min(self._size, self._level + (now - self._since) / self._each), now
        return max(0.0, (1 + left - self._level) * self._each)

    def take(self) -> None:
        """One goes."""
        self._level -= 1

    async def filled(self) -> None:
        """Wait until one may go."""
        while seconds := self.missing():
            await pause(seconds)


class Limits:
    """The buckets of all chats. A chat has one call at a time; `staff_chat` says which is the staff's group."""

    def __init__(self, rates: Rates) -> None:
        self._rates, self._turn, self._strangers = rates, asyncio.Lock(), asyncio.Lock()
        burst = max(1.0, rates[0] * BURST_SECONDS)
        self._reserved = (burst - 1) * RESERVED
        self._overall = Bucket(burst, burst / rates[0])
        self._chats: dict[int, Bucket] = {}

    async def wait(self, chat_id: int, *, at_once: bool = False) -> None:
        """Until this chat may get another call; then it counts. `at_once`: it does not stand in line with all chats.

        It counts in both buckets when it goes, not before: a call that waited in line was not sent meanwhile.
        """
        is_stranger, chat = chat_id not in self._chats, self._of(chat_id)
        await chat.filled()
        if at_once:
            self._overall.take()
        elif is_stranger:
            async with self._strangers:
                await self._let_others_go()
                await self._in_line()
        else:
            await self._in_line()
        chat.take()

    async def _in_line(self) -> None:
        async with self._turn:
            await self._overall.filled()
            self._overall.take()

    async def _let_others_go(self) -> None:
        last = clock() + PATIENCE
        while (now := clock()) < last and (seconds := self._overall.missing(self._reserved)):
            await pause(min(seconds, last - now))

    def _of(self, chat_id: int) -> Bucket:
        if len(self._chats) > 10_000:
            self._chats = {chat: bucket for chat, bucket in self._chats.items() if bucket.missing()}
        if chat_id not in self._chats:
            most, seconds = (BURST, BURST / self._rates[1]) if chat_id > 0 else (self._rates[2], MINUTE)
            self._chats[chat_id] = Bucket(most, seconds)
        return self._chats[chat_id]
