"""The whole bot in the test's own process, on the pretend Telegram over HTTP: for what needs no kill."""

import asyncio
import contextlib
import os
import signal
import sqlite3
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot import app
from bot.chat.rates import Rates
from bot.preview.server import PretendServer
from bot.settings import Settings
from harness.content import write_small_content
from harness.process import BotProcess
from harness.screens import ASIDE, Screen, screen_of
from harness.telegram import TOKEN, Request, WatchedTelegram
from harness.waiting import until


@dataclass(slots=True)
class Bench:
    """A pretend Telegram, a folder for the database, and what the bot asked for."""

    telegram: WatchedTelegram
    database: Path
    content: Mapping[str, str]
    requests: list[Request]
    staff: Mapping[str, Any] = field(default_factory=dict)
    """Settings of the staff's side; none: there is no staff."""

    def person(self, person_id: int, language: str = "en") -> int:
        """Somebody new."""
        return self.telegram.visitors.add_person(f"Person {person_id}", language, person_id=person_id).id

    def say(self, person: int, *texts: str) -> None:
        """They type."""
        for text in texts:
            self.telegram.visitors.say(person, text)

    def screens(self, person: int) -> list[Screen]:
        """What the bot shows them, oldest first, as it stands now."""
        messages = self.telegram.world.chats[person].messages.values()
        return [screen_of(message) for message in messages if message["from"]["is_bot"]]

    def actions(self, person: int) -> set[str]:
        """What the buttons they see would do."""
        return {button.action for screen in self.screens(person) for button in screen.buttons}

    def sent(self, person: int, method: str = "sendMessage") -> list[str]:
        """The texts that the bot sent them, as they took effect."""
        return [
            r.outcome["text"] for r in self.requests if r.method == method and r.code == 200 and r.chat_id == person
        ]

    def asks(self, person: int) -> str:
        """Question or screen that stands, as step and kind."""
        screen = next(screen for screen in reversed(self.screens(person)) if screen.kind not in ASIDE)
        return f"{screen.kind} {screen.step}"

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with contextlib.closing(sqlite3.connect(self.database)) as connection:
            return connection.execute(sql).fetchall()

    async def walk_to_question(self, *people: int) -> None:
        """Each agrees and is asked the first question."""
        for person in people:
            self.say(person, "/start")
        await self._each(people, "greeting")
        for person in people:
            self.tap(person, "agree")
        await self._each(people, "menu")
        for person in people:
            self.tap(person, "find")
        await self._each(people, "question")

    async def _each(self, people: tuple[int, ...], kind: str) -> None:
        assert await until(lambda: all(self._at(person) == kind for person in people)), kind

    def _at(self, person: int) -> str:
        return next((screen.kind for screen in reversed(self.screens(person)) if screen.kind not in ASIDE), "")

    def tap(self, person: int, action: str, place: int = 0) -> None:
        """They tap the newest button of this action."""
        screens = [one for one in self.screens(person) if any(button.action == action for button in one.buttons)]
        button = [button for button in screens[-1].buttons if button.action == action][place]
        self.telegram.visitors.press(person, screens[-1].message_id, button.data)

    async def quiet(self, seconds: float = 20.0) -> bool:
        """Wait until every update is acknowledged and everything is delivered."""
        return await until(lambda: not self.telegram.world.updates.pending and not self._undelivered(), seconds)

    def _undelivered(self) -> int:
        return int(self.rows("SELECT count(*) FROM outbox WHERE state = 'new'")[0][0])

    @contextlib.asynccontextmanager
    async def running(self, rates: Rates | None = None) -> AsyncIterator[None]:
        """The bot runs; afterwards it was stopped in order, by SIGTERM."""
        settings = Settings(
            dialogs=Path(self.content["ADVISOR_DIALOGS"]),
            knowledge=Path(self.content["ADVISOR_KNOWLEDGE"]),
            **self.staff,
        )
        async with PretendServer(self.telegram) as server:
            bot = asyncio.create_task(app.run(app.plan(TOKEN, server.url, self.database, settings, rates)))
            assert await until(lambda: bot.done() or any(one.method == "getMe" for one in self.requests))
            try:
                yield
                assert not bot.done(), bot
            finally:
                if not bot.done():
                    os.kill(os.getpid(), signal.SIGTERM)
                async with asyncio.timeout(10):
                    await bot

    @contextlib.asynccontextmanager
    async def running_apart(self, rates: str = "off") -> AsyncIterator[None]:
        """As `running`, as a process of its own, by its real command. `rates`: see the setting of that name."""
        settings = {"ADVISOR_RATES": rates}
        if self.staff:
            admins = ",".join(str(one) for one in self.staff["admins"])
            settings |= {"ADVISOR_STAFF_CHAT": str(self.staff["staff_chat"]), "ADVISOR_ADMINS": admins}
        async with PretendServer(self.telegram) as server:
            bot = BotProcess(server.url, self.database.parent, self.content, settings=settings)
            await bot.start()
            try:
                assert await until(lambda: not bot.is_running or any(one.method == "getMe" for one in self.requests))
                yield
                assert await bot.terminate() == 0
            finally:
                await bot.kill()


def bench(folder: Path) -> Bench:
    """A bench in this empty folder."""
    telegram, requests = WatchedTelegram(), list[Request]()
    telegram.listeners.append(requests.append)
    return Bench(telegram, folder / "bot.db", write_small_content(folder / "content"), requests)
