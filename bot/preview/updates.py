"""The queue behind getUpdates: an update stays until a poll with a higher offset confirms it."""

import asyncio
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from bot.preview.errors import conflict

Json = dict[str, Any]

DAY = 86_400.0
LIFETIMES = {"callback_query": 150.0, "inline_query": 30.0}
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
LONGEST_POLL = 50
MOST_UPDATES = 100


@dataclass(frozen=True)
class _Entry:
    update_id: int
    body: Json
    dies: float


class UpdateQueue:
    """Updates waiting for the bot, oldest first.

    In: the first update id, a clock in seconds (an update nobody fetches dies after its lifetime).
    """

    def __init__(self, first_id: int, clock: Callable[[], float]) -> None:
        self._next_id = first_id
        self._clock = clock
        self._entries: deque[_Entry] = deque()
        self._again: list[Json] = []
        self._waiting: asyncio.Future[None] | None = None
        self._allowed: frozenset[str] = frozenset()

    @property
    def pending(self) -> int:
        """How many updates wait to be confirmed."""
        return len(self._entries)

    @property
    def next_id(self) -> int:
        return self._next_id

    @property
    def allowed(self) -> list[str]:
        """The kinds the bot asked for; empty means Telegram's default."""
        return sorted(self._allowed)

    def add(self, kind: str, content: Json) -> Json:
        """Queue an update of a kind; the id is spent even where the bot did not ask for that kind."""
        update = {"update_id": self._next_id, kind: content}
        self.inject(update)
        return update

    def inject(self, update: Json, copies: int = 1) -> None:
        """Queue an update as it is, so many times; one without an id gets the next."""
        update.setdefault("update_id", self._next_id)
        update_id = update["update_id"] if isinstance(update["update_id"], int) else self._next_id
        self._next_id = max(self._next_id, update_id + 1)
        kind = next((key for key in update if key != "update_id"), "")
        if self._wanted(kind):
            dies = self._clock() + LIFETIMES.get(kind, DAY)
            self._entries.extend([_Entry(update_id, update, dies)] * copies)
            self._wake()

    def deliver_again(self, update: Json, copies: int = 1) -> None:
        """Hand an update out again with a later batch, confirmed or not."""
        self._again.extend([update] * copies)
        self._wake()

    def unconfirmed(self) -> list[Json]:
        """What still waits, oldest first."""
        return [entry.body for entry in self._entries]

    def go_on_from(self, next_id: int) -> None:
        """No update gets an id below this one."""
        self._next_id = max(self._next_id, next_id)

    def ask_for(self, kinds: Collection[str]) -> None:
        """Remember the kinds of updates the bot wants; none means Telegram's default."""
        self._allowed = frozenset(kinds)

    def clear(self) -> None:
        """Forget every update."""
        self._entries.clear()
        self._again.clear()

    async def poll(self, offset: int, limit: int, seconds: float) -> list[Json]:
        """One getUpdates: confirms what is below `offset`, waits so many seconds for something to give.

        Raises ApiError 409 when another poll begins meanwhile.
        """
        self.end_poll()
        self._confirm(offset)
        limit = min(max(limit, 1), MOST_UPDATES)
        ready = self._take(limit)
        if ready or seconds <= 0:
            return ready
        await self._wait(min(seconds, LONGEST_POLL))
        return self._take(limit)

    def end_poll(self) -> None:
        """The poll that waits, if any, ends with 409."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(conflict())
        self._waiting = None

    async def _wait(self, seconds: float) -> None:
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            pass
        finally:
            if self._waiting is waiting:
                self._waiting = None

    def _wake(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    def _wanted(self, kind: str) -> bool:
        return kind in self._allowed if self._allowed else kind not in NOT_BY_DEFAULT

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            offset = self._entries[offset].update_id if -offset <= len(self._entries) else 0
        while self._entries and (self._entries[0].update_id < offset):
            self._entries.popleft()
        self._bury()

    def _bury(self) -> None:
        now = self._clock()
        if any(entry.dies <= now for entry in self._entries):
            self._entries = deque(entry for entry in self._entries if entry.dies > now)

    def _take(self, limit: int) -> list[Json]:
        again, self._again = self._again, []
        fresh = [entry.body for _, entry in zip(range(limit), self._entries, strict=False)]
        return again + fresh
