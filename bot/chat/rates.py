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

    def missing(self) -> float:
        """Seconds until one more may go."""
        now = clock()
        self._level, self._since = min(self._size, self._level + (now - self._since) / self._each), now
        return max(0.0, (1 - self._level) * self._each)

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
        self._rates, self._turn = rates, asyncio.Lock()
        burst = max(1.0, rates[0] * BURST_SECONDS)
        self._overall = Bucket(burst, burst / rates[0])
        self._chats: dict[int, Bucket] = {}

    async def wait(self, chat_id: int, *, at_once: bool = False) -> None:
        """Until this chat may get another call; then it counts. `at_once`: it does not stand in line with all chats.

        It counts in both buckets when it goes, not before: a call that waited in line was not sent meanwhile.
        """
        chat = self._of(chat_id)
        await chat.filled()
        if not at_once:
            async with self._turn:
                await self._overall.filled()
                self._overall.take()
        else:
            self._overall.take()
        chat.take()

    def _of(self, chat_id: int) -> Bucket:
        if len(self._chats) > 10_000:
            self._chats = {chat: bucket for chat, bucket in self._chats.items() if bucket.missing()}
        if chat_id not in self._chats:
            most, seconds = (BURST, BURST / self._rates[1]) if chat_id > 0 else (self._rates[2], MINUTE)
            self._chats[chat_id] = Bucket(most, seconds)
        return self._chats[chat_id]
