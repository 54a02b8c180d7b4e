"""Content is hot: what an author changes is taken up by the bot that runs; what is wrong never is. Real processes."""

import asyncio
import contextlib
import json
import os
import re
import signal
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from harness.author import ENTRIES, PHRASES, Author
from harness.content import write_small_content
from harness.process import LAUNCHER, BotProcess
from harness.screens import Screen, screen_of
from harness.telegram import WatchedTelegram
from harness.waiting import until
from hot_run import HotRun, hot_run
from structlog.testing import capture_logs

from bot.content.load import load
from bot.hot_content import HotContent, Read, Shelf, gently, look
from bot.preview.server import PretendServer

ANA, BEN = 7, 8
TAKEN, REFUSED = "changed content taken up", "changed content is refused"
UNTAKEN = "changed content cannot be taken up"


@dataclass
class Scene:
    """A bot that runs, people, and an author."""

    telegram: WatchedTelegram
    bot: BotProcess
    author: Author

    def told(self, person: int) -> list[Screen]:
        """What the bot shows them, oldest first."""
        messages = self.telegram.world.chats[person].messages.values()
        return [screen_of(message) for message in messages if message["from"]["is_bot"]]

    async def hears(self, person: int, said: str, words: str, seconds: float = 20) -> bool:
        """Whether they are answered with these words when they say that."""
        before = len(self.told(person))
        self.telegram.visitors.say(person, said)
        return await until(lambda: any(words in screen.text for screen in self.told(person)[before:]), seconds)

    async def asked(self, person: int, words: str) -> bool:
        """Whether the question that stands last has these words."""
        return await until(lambda: words in self.told(person)[-1].text)

    async def begins(self, person: int) -> None:
        """They agree and are asked the first question."""
        self.telegram.visitors.say(person, "/start")
        for label in ("Yes, I agree", "find"):
            await self.taps(person, label)
        assert await self.asked(person, "Which work is it?")

    async def taps(self, person: int, label: str) -> None:
        """They tap the newest button with this label, or this action, as soon as it is there."""

        def data() -> list[str]:
            buttons = [button for screen in self.told(person) for button in screen.buttons]
            return [button.data for button in buttons if label in button.label or button.action == label]

        assert await until(data), label
        self.telegram.visitors.tap(person, data()[-1])

    def says(self, event: str) -> int:
        """How often the bot's log said so."""
        return self.bot.output.count(f'"event": "{event}')

    async def said(self, event: str, times: int = 1, seconds: float = 20) -> bool:
        """Whether the log comes to say so, so many times."""
        return await until(lambda: self.says(event) >= times, seconds)


@pytest.fixture
async def scene(tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Scene]:
    """With an accident built in, where the test names one."""
    telegram, content = WatchedTelegram(), write_small_content(tmp_path / "content")
    accident = {"HARNESS_ACCIDENT": getattr(request, "param", "")}
    async with PretendServer(telegram) as server:
        bot = BotProcess(server.url, tmp_path, content, command=LAUNCHER, settings=accident)
        scene = Scene(telegram, bot, Author(content))
        for person in (ANA, BEN):
            telegram.visitors.add_person("Somebody", person_id=person)
        await scene.bot.start()
        assert await until(lambda: telegram.world.updates.allowed)
        try:
            yield scene
            assert not scene.bot.is_running or await scene.bot.terminate() == 0
        finally:
            await scene.bot.kill()


async def test_a_changed_answer_is_served_within_a_second(scene: Scene) -> None:
    """By a bot at rest. The quickest of several changes counts: the machine may have other things to do."""
    await scene.begins(ANA)
    assert await scene.hears(ANA, "What is outsourcing?", "as agreed beforehand")
    took: list[float] = []
    for number in range(1, 4):
        assert await until(lambda: readers(scene))
        await asyncio.sleep(1)
        scene.author.answer(f"Wording {number}")
        began = time.monotonic()
        assert await scene.said(TAKEN, number)
        took.append(time.monotonic() - began)
        assert await scene.hears(ANA, "What is outsourcing?", f"Wording {number}")
    assert min(took) < 1, took


async def test_wrong_content_is_refused_loudly_and_the_old_goes_on(scene: Scene) -> None:
    """Each mistake with its place, once; the mended file is taken up."""
    await scene.begins(ANA)
    whole = scene.author.break_off(ENTRIES)
    assert await scene.said(REFUSED)
    assert await scene.hears(ANA, "What is outsourcing?", "as agreed beforehand")
    await asyncio.sleep(1)
    assert (scene.says(REFUSED), scene.says(TAKEN)) == (1, 0)
    mistakes = [json.loads(line) for line in scene.bot.output.splitlines() if "mistake in the content" in line]
    assert mistakes
    assert {one["level"] for one in mistakes} == {"error"}
    assert any(re.fullmatch(rf"knowledge/{ENTRIES}:\d{{2}}:\d+", one["at"]) for one in mistakes)
    scene.author.write(ENTRIES, whole.replace("as agreed", "just as agreed"))
    assert await scene.said(TAKEN)
    assert await scene.hears(ANA, "What is outsourcing?", "just as agreed beforehand")


async def test_what_only_the_proofs_find_is_refused(scene: Scene) -> None:
    """A question that the words do not reach: shapes and names are right, and yet nobody could ask it."""
    await scene.begins(ANA)
    scene.author.change(ENTRIES, lambda file: file["entries"]["fit"]["question"].update(en="Blah blubb bling?"))
    assert await scene.said(REFUSED)
    assert await until(lambda: "no question reaches this entry" in scene.bot.output)
    assert await scene.hears(ANA, "Is outsourcing suitable for me?", "(fit, en)")


@pytest.mark.parametrize("folder", ["knowledge", "dialogs"])
async def test_a_folder_that_is_gone_takes_nothing_away(scene: Scene, folder: str) -> None:
    """The old content goes on; once the folder is back, it is watched again."""
    await scene.begins(ANA)
    place = getattr(scene.author, folder)
    place.rename(place.with_name("elsewhere"))
    assert await scene.said(REFUSED)
    assert await scene.hears(ANA, "What is outsourcing?", "as agreed beforehand")
    place.with_name("elsewhere").rename(place)
    scene.author.answer("Back again")
    assert await scene.said(TAKEN)
    assert await scene.hears(ANA, "What is outsourcing?", "Back again")


async def test_half_of_a_change_is_never_taken(scene: Scene) -> None:
    """Whoever writes slowly is waited for: only what stands still is read, and all of it is."""
    await scene.begins(ANA)
    for number in range(8):
        scene.author.answer(f"Draft {number}")
        await asyncio.sleep(0.15)
    scene.author.answer("Final")
    assert await scene.said(TAKEN)
    assert await scene.hears(ANA, "What is outsourcing?", "Final")
    assert scene.says(TAKEN) == 1


async def test_a_session_finishes_on_the_dialog_it_began_with(scene: Scene) -> None:
    """A question goes while Ana is before it: she is asked it all the same, also after a restart.

    Ben, who comes later, is not. Knowledge is current for both.
    """
    await scene.begins(ANA)
    await scene.taps(ANA, "Books")
    assert await scene.asked(ANA, "How much is it?")
    scene.author.drop_question("much", "trust")
    scene.author.answer("Newer than her session")
    assert await scene.said(TAKEN)
    await scene.taps(ANA, "back")
    assert await scene.asked(ANA, "Which work is it?")
    await scene.taps(ANA, "Books")
    assert await scene.asked(ANA, "How much is it?")
    await scene.begins(BEN)
    await scene.taps(BEN, "Books")
    assert await scene.asked(BEN, "Is it secret?")
    for person in (ANA, BEN):
        assert await scene.hears(person, "What is outsourcing?", "Newer than her session")
    assert await scene.bot.terminate() == 0
    await scene.bot.start()
    await scene.taps(ANA, "A little")
    assert await scene.asked(ANA, "Is it secret?")
    rows = json.loads(await scene.bot.told("sessions", "list", "--json"))
    assert len({row["dialog_version"] for row in rows}) == 2


async def test_what_was_changed_while_the_bot_began_is_not_missed(tmp_path: Path) -> None:
    """The files are compared with what they were before they were read first."""
    content = write_small_content(tmp_path / "content")
    author = Author(content)
    before = look((author.dialogs, author.knowledge))
    assert look((author.dialogs, author.knowledge)) == before
    author.answer("Same length")
    changed = look((author.dialogs, author.knowledge))
    author.answer("Same lengtH")
    assert len({before, changed, look((author.dialogs, author.knowledge))}) == 3


async def test_the_menus_say_what_the_phrases_say_now(scene: Scene) -> None:
    """Commands and description are sent to Telegram again, and only those that changed."""
    profile = scene.telegram.world.profile
    assert await scene.said("profile stands")
    words = {"en": "New words for help", "pt": "Ajuda nova", "bg": "Нова помощ", "fi": "Uusi ohje"}
    scene.author.change(PHRASES, lambda file: file["phrases"].update({"command-help": words}))
    assert await scene.said("profile stands", 2)
    menus = [[row["description"] for row in menu] for menu in profile.commands.values()]
    assert sum("Uusi ohje" in menu for menu in menus) == 1
    assert sum("New words for help" in menu for menu in menus) == 2
    assert json.loads(scene.bot.output.splitlines()[-1])["sent"] == 5
    scene.author.answer("Nothing for the menus")
    assert await scene.said(TAKEN, 2)
    assert scene.says("profile stands") == 2


@pytest.mark.parametrize("name", ["lock.yaml", ".#lock.yaml"])
def test_a_link_to_nowhere_hides_no_change(tmp_path: Path, name: str) -> None:
    """Editors put such links beside the files they have open; they are no content."""
    author = Author(write_small_content(tmp_path / "content"))
    clean = look([author.knowledge])
    (author.knowledge / name).symlink_to("somebody@somewhere.1234")
    before = look([author.knowledge])
    assert (before == clean) == name.startswith(".")
    author.answer("Changed beside it")
    assert look([author.knowledge]) != before


@pytest.mark.parametrize("scene", ["hasty:0.5"], indirect=True)
async def test_a_check_that_dies_is_tried_again(scene: Scene) -> None:
    """The second reader is killed in the middle: nothing is taken up unchecked, and the bot lives."""
    await scene.begins(ANA)
    for _ in range(20):
        scene.author.answer("Unchecked")
        if await until(lambda: readers(scene), 0.5):
            break
    for reader in readers(scene):
        os.kill(reader, signal.SIGSTOP)
    await asyncio.sleep(1)
    assert await scene.hears(ANA, "What is outsourcing?", "as agreed beforehand")
    for reader in readers(scene):
        os.kill(reader, signal.SIGKILL)
    assert await scene.said(TAKEN)
    assert scene.bot.output.index(UNTAKEN) < scene.bot.output.index(TAKEN)
    assert await scene.hears(ANA, "What is outsourcing?", "Unchecked")


@pytest.mark.parametrize("changed", [False, True])
async def test_a_second_reader_that_cannot_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changed: bool
) -> None:
    """Its last words are logged, then it is given time before the next try; nothing is taken up unchecked."""
    author, starts = Author(write_small_content(tmp_path / "content")), tmp_path / "starts"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho >> {starts}\nprintf '%9999s' 'no such module' >&2\nexit 1\n")
    program.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(program))
    folders = (author.dialogs, author.knowledge)
    hot = HotContent(Shelf(folders, lambda: read_all(author), look(folders)), never_taken, after_start=0, retry=0.5)
    if changed:
        author.answer("Changed")
    with capture_logs() as logged:
        watching, began = asyncio.create_task(hot.run()), time.monotonic()
        assert await until(lambda: len(logged) > 1)
        watching.cancel()
    assert time.monotonic() - began > 0.5
    assert len(starts.read_text()) <= 1 + len(logged)
    assert {one["log_level"] for one in logged} == {"error"}
    assert all(one["error"].endswith("no such module") and len(one["error"]) < 600 for one in logged)


def read_all(author: Author) -> Read:
    """What the author wrote, read without the checks of the second reader."""
    return Read(load(author.dialogs, author.knowledge), {})


async def never_taken(_: Read) -> None:
    """Content nobody should take up."""
    raise NotImplementedError


def test_the_pace_of_threads_is_what_it_was_in_the_end() -> None:
    """Whatever order readings begin and end in."""
    usual = sys.getswitchinterval()
    first, second = gently(), gently()
    for step in (first.__enter__, second.__enter__):
        step()
        assert sys.getswitchinterval() < usual
    for reading in (first, second):
        reading.__exit__(None, None, None)
    assert sys.getswitchinterval() == usual


def readers(scene: Scene) -> list[int]:
    """The second readers among the bot's child processes, once they are that: until then the bot waits for them."""
    with contextlib.suppress(OSError):
        children = Path(f"/proc/{scene.bot.process.pid}/task/{scene.bot.process.pid}/children").read_text()
        return [int(child) for child in children.split() if b"aside" in Path(f"/proc/{child}/cmdline").read_bytes()]
    return []


async def test_stopping_leaves_no_process_behind(scene: Scene) -> None:
    """Also when an author was at work that very moment."""
    scene.author.answer("In between")
    assert await until(lambda: readers(scene))
    left = readers(scene)
    assert await scene.bot.terminate() == 0
    assert not [child for child in left if os.path.exists(f"/proc/{child}")]  # noqa: ASYNC240  # /proc blocks nobody


async def test_people_notice_nothing_of_reloads(tmp_path: Path) -> None:
    """The short form of tests/hot_run.py: some kinds of change under load, judged by the oracle of the crash tests."""
    result = await hot_run(HotRun(reloads=4, people=20, rate=40, seed=3, progress=False), tmp_path)
    assert result.wrong == []
