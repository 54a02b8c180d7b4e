"""Who waits for whom when more is to be sent than Telegram takes: on a clock of the test's own."""

import asyncio
from collections.abc import AsyncIterator, Callable
from heapq import heappop, heappush
from typing import Any

import pytest

from bot.chat import rates
from bot.chat.rates import Limits

A_SECOND, A_CHAT, A_GROUP = 30, 1, 20
ANA = 7
STRANGERS = range(1000, 1300)


class Time:
    """Goes on when everybody waits."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleepers: list[tuple[float, int, asyncio.Event]] = []
        self._slept = 0

    async def pause(self, seconds: float) -> None:
        self._slept += 1
        event = asyncio.Event()
        heappush(self._sleepers, (self.now + max(seconds, 1e-6), self._slept, event))
        await event.wait()

    async def passes_until(self, is_done: Callable[[], bool]) -> None:
        while not is_done():
            for _ in range(20):
                await asyncio.sleep(0)
            if self._sleepers and not is_done():
                self.now, _, event = heappop(self._sleepers)
                event.set()


class Server:
    """What went out, and when."""

    def __init__(self, time: Time) -> None:
        self.time, self.limits = time, Limits((A_SECOND, A_CHAT, A_GROUP))
        self.sent: list[tuple[float, int]] = []
        self.tasks: list[asyncio.Task[Any]] = []

    def begin(self, chat: int, messages: int = 1, every: float = 0, first: float = 0) -> asyncio.Task[list[float]]:
        """A chat wants so many messages, one each so many seconds; gives how long each waited."""
        task = asyncio.create_task(self._send(chat, messages, every, first))
        self.tasks.append(task)
        return task

    async def _send(self, chat: int, messages: int, every: float, first: float) -> list[float]:
        waits = []
        for number in range(messages):
            due = first + number * every
            if due > self.time.now:
                await self.time.pause(due - self.time.now)
            await self.limits.wait(chat)
            waits.append(self.time.now - max(due, 0))
            self.sent.append((self.time.now, chat))
        return waits

    async def end(self) -> None:
        await self.time.passes_until(lambda: all(task.done() for task in self.tasks))


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Server]:
    """One that nothing was sent by."""
    time = Time()
    monkeypatch.setattr(rates, "clock", lambda: time.now)
    monkeypatch.setattr(rates, "pause", time.pause)
    made = Server(time)
    yield made
    for task in made.tasks:
        task.cancel()


async def test_who_is_in_a_conversation_does_not_wait_for_strangers(server: Server) -> None:
    """Three hundred greet at once, ten seconds' worth; meanwhile a reply goes out the moment it is there."""
    server.begin(ANA)
    await server.end()
    strangers = [server.begin(chat, first=1) for chat in STRANGERS]
    waits = server.begin(ANA, messages=6, every=1.5, first=2)
    await server.end()
    assert max(await waits) == pytest.approx(0, abs=0.001)
    assert all(one.done() for one in strangers)


async def test_strangers_are_all_greeted_as_fast_as_the_rate_allows(server: Server) -> None:
    """What is kept for others costs them no time, and nothing goes out faster than Telegram takes it."""
    for chat in STRANGERS:
        server.begin(chat)
    await server.end()
    times = sorted(at for at, _ in server.sent)
    assert len(times) == len(STRANGERS)
    assert times[-1] < len(STRANGERS) / A_SECOND * 1.1
    assert max(sum(at <= one < at + 1 for one in times) for at in times) <= A_SECOND + A_SECOND * rates.BURST_SECONDS


async def test_strangers_are_greeted_also_while_conversations_need_everything(server: Server) -> None:
    """Sixty chats want a message a second each, which is twice too much: a stranger waits as long as they do."""
    for chat in range(60):
        server.begin(chat)
    await server.end()
    chats = [server.begin(chat, messages=30, every=1, first=5) for chat in range(60)]
    greeted = server.begin(2001, first=15)
    await server.end()
    one_round = len(chats) / A_SECOND
    assert (await greeted)[0] < 2 * one_round
