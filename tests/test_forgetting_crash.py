"""kill -9 while an owner is forgotten whom a person talks with: everything goes all the same, and they are told.

Some points by default. Each commit of the forgetting, before it and after it:

    FORGETTING_POINTS=all .venv/bin/python -m pytest tests/test_forgetting_crash.py
"""

import asyncio
import os
from pathlib import Path
from typing import Final

import pytest
from harness.content import write_small_content
from harness.inside import Bench
from harness.process import COMMAND, LAUNCHER, BotProcess
from harness.staff import OLGA, PETRA, STAFF_GROUP, Group, part
from harness.telegram import Request, WatchedTelegram
from harness.waiting import until

from bot.preview.cast import seat_staff
from bot.preview.chats import Person
from bot.preview.server import PretendServer

ANA: Final = 7_700_123_451
MARK: Final = "Quetzalcoatlus"
SECONDS: Final = 60.0
LAST: Final = 9
"""More commits than there are from a start to the end of a forgetting."""
POINTS = range(1, LAST + 1) if os.environ.get("FORGETTING_POINTS") == "all" else (3, 4, 5)


class Scene:
    """Ana talks with Petra, and is asked whether everything shall be deleted; the bot is a process of its own."""

    def __init__(self, url: str, folder: Path, telegram: WatchedTelegram, requests: list[Request]) -> None:
        content = write_small_content(folder / "content")
        staff = {"ADVISOR_STAFF_CHAT": str(STAFF_GROUP), "ADVISOR_ADMINS": str(OLGA.id)}
        self.bot = BotProcess(url, folder, {**content, **staff})
        self.desk = Bench(telegram, self.bot.database, content, requests)
        self.group = Group(self.desk)

    async def begin(self) -> None:
        await self.bot.start()
        assert await until(lambda: any(one.method == "getChatMember" for one in self.desk.requests), SECONDS)
        await self.group.appoint(PETRA)
        await self.desk.walk_to_question(ANA)
        self.desk.say(ANA, f"/human Can {MARK} fly?")
        await self.group.sees(MARK)
        self.group.tap(PETRA, "claim")
        assert await until(lambda: any(part("person-joined") in one for one in self.desk.sent(ANA)), SECONDS)
        self.desk.say(ANA, f"Or a {MARK} swim?")
        await self.group.sees("swim")
        self.desk.say(ANA, "/forget")
        assert await until(lambda: "forget-yes" in self.desk.actions(ANA), SECONDS)
        assert await self.desk.quiet(SECONDS)
        await self.bot.terminate(20)

    async def presses(self, accident: str) -> bool:
        """She says yes to a bot that is killed at this point; it is started again. Whether it was."""
        self.bot.command, self.bot.settings = LAUNCHER, {"HARNESS_ACCIDENT": accident}
        self.desk.tap(ANA, "forget-yes")
        await self.bot.start()
        assert await until(lambda: not self.bot.is_running or self.is_told(), SECONDS)
        if self.bot.is_running:
            await asyncio.sleep(1)
        stopped = not self.bot.is_running
        if stopped:
            self.bot.command, self.bot.settings = COMMAND, {}
            await self.bot.start()
        assert await until(self.is_told, SECONDS), self.bot.output[-3000:]
        assert await self.desk.quiet(SECONDS)
        return stopped

    def is_told(self) -> bool:
        return any(part("forgotten") in one for one in self.desk.sent(ANA))

    def left(self) -> list[str]:
        """What there is of her: bytes, rows, posts, topics."""
        files = [self.bot.database.with_name(self.bot.database.name + end) for end in ("", "-wal")]
        marks = (MARK.encode(), MARK.lower().encode())
        bytes_ = [file.name for file in files if file.exists() and any(mark in file.read_bytes() for mark in marks)]
        tables = ("chat", "session", "handover", "topic", "note", "questions", "outbox WHERE chat_id > 0")
        rows = [table for table in tables if self.desk.rows(f"SELECT 1 FROM {table}")]
        posts = [str(one) for one in self.group.messages() if MARK in str(one)]
        return [*bytes_, *rows, *posts, *(one.name for one in self.group.topics().values())]


@pytest.mark.timeout(600)
@pytest.mark.parametrize("number", POINTS)
@pytest.mark.parametrize("kind", ["before-commit", "after-commit"])
async def test_a_stop_at_a_commit_leaves_nothing_of_a_forgotten_owner(tmp_path: Path, kind: str, number: int) -> None:
    """Not a row, a byte or a post; the last word comes, and nothing after it but itself once more."""
    telegram, requests = WatchedTelegram(), list[Request]()
    telegram.listeners.append(requests.append)
    seat_staff(telegram)
    telegram.world.add_person(Person(ANA, f"Ana {MARK}", "en"))
    async with PretendServer(telegram) as server:
        scene = Scene(server.url, tmp_path, telegram, requests)
        try:
            await scene.begin()
            assert await scene.presses(f"{kind}:{number}") or number > min(POINTS), "it was never stopped"
            assert await until(lambda: not scene.left(), SECONDS), scene.left()
            told = [part("forgotten") in one for one in scene.desk.sent(ANA)]
            assert told[told.index(True) :] in ([True], [True, True])
            assert [part("staff-forgot") in one for one in scene.group.texts(0)].count(True) in (1, 2)
        finally:
            if scene.bot.is_running:
                await scene.bot.kill()
