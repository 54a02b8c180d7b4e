"""S16: whoever sends more than anybody can read is told so, once, and costs the others and the file little."""

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from harness.inside import Bench, bench
from harness.staff import IVO, JONAS, PETRA, part, staffed

from bot.chat.receive import Receiver
from bot.store.database import Database
from bot.turns.flood import BACK_AT, EACH_MS, IN_STORE, Flood, Sender, Store, taken

ANA, BEN = 7, 8


def verdicts(*times: int) -> list[str]:
    store: Store | None = None
    found: list[str] = []
    for at in times:
        store, verdict = taken(store, at)
        found.append(verdict)
    return found


def test_nobody_who_types_or_taps_is_ever_held_up() -> None:
    """One update a second for an hour, and a heap of a hundred at once."""
    assert set(verdicts(*range(0, 3_600_000, 1000))) == {"take"}
    assert set(verdicts(*[0] * 100)) == {"take"}


def test_a_hundred_a_second_are_told_once_a_minute_and_mostly_dropped() -> None:
    """In ten minutes 60,000 come; what is in store and one a second are taken."""
    found = verdicts(*range(0, 600_000, 10))
    assert found[:IN_STORE] == ["take"] * IN_STORE
    assert found.count("tell") <= 11
    assert IN_STORE < found.count("take") <= IN_STORE + 600_000 / EACH_MS


def test_after_quiet_it_is_heard_again() -> None:
    full = [0] * (IN_STORE + 5)
    assert verdicts(*full, BACK_AT * EACH_MS - 1)[-1] == "drop"
    assert verdicts(*full, BACK_AT * EACH_MS)[-1] == "take"


def test_a_clock_that_goes_back_gives_nothing() -> None:
    assert verdicts(*[10_000_000] * IN_STORE, 0, 0)[-2:] == ["tell", "drop"]


def test_ten_thousand_strangers_are_forgotten_again() -> None:
    """What is remembered of chats does not grow with their number."""
    flood = Flood()
    for chat in range(30_000):
        fresh: dict[Sender, Store] = {}
        assert flood.verdict((chat, chat), chat * 10, fresh)[0] == "take"
        flood.keep(fresh)
    assert len(flood._stores) <= 10_001


async def test_what_comes_again_because_it_could_not_be_written_counts_once(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the disk is full, an owner's one answer is not taken for a flood, and is not lost."""
    commit, failures = Database._commit, [0]

    async def failing(self: Database, jobs: Any) -> None:
        if 0 < failures[0] <= IN_STORE + 10:
            failures[0] += 1
            raise sqlite3.OperationalError("database or disk is full")
        await commit(self, jobs)

    async def at_once(self: Receiver, error: Exception, troubles: int) -> None:
        await asyncio.sleep(0)

    monkeypatch.setattr(Database, "_commit", failing)
    monkeypatch.setattr(Receiver, "_wait", at_once)
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        assert await desk.quiet()
        failures[0] = 1
        desk.say(ANA, "1")
        assert await desk.quiet()
        assert desk.asks(ANA) == "question 1"
    assert failures[0] > IN_STORE


@pytest.fixture
def desk(tmp_path: Path) -> Bench:
    return bench(tmp_path)


async def test_one_floods_and_another_goes_on(desk: Bench) -> None:
    """600 messages and 600 taps of one: a part is taken and recorded, one line says so; the other gets each reply."""
    desk.person(ANA)
    desk.person(BEN)
    async with desk.running():
        await desk.walk_to_question(ANA, BEN)
        for number in range(600):
            desk.say(ANA, f"hello {number}")
            desk.tap(ANA, "why")
        desk.say(BEN, "1")
        assert await desk.quiet()
        assert desk.asks(BEN) == "question 1"
    recorded = desk.rows("SELECT count(*) FROM transcript JOIN session ON id = session_id WHERE who = 'owner'"
                         f" AND chat_id = {ANA}")[0][0]  # fmt: skip
    assert IN_STORE - 5 <= recorded <= IN_STORE + 100
    told = desk.rows(f"SELECT count(*) FROM outbox WHERE chat_id = {ANA} AND text LIKE '%Too many messages came%'")
    assert told == [(1,)]


async def test_one_of_the_staff_floods_and_the_others_go_on(tmp_path: Path) -> None:
    """A part of 600 messages reaches the owner who is talked to, in order; the group reads once that the rest did not;
    a colleague's words to another owner arrive."""
    desk, group = staffed(tmp_path)
    desk.person(ANA)
    desk.person(BEN)
    async with desk.running():
        await group.appoint(PETRA, JONAS)
        await desk.walk_to_question(ANA, BEN)
        desk.say(ANA, "/human")
        desk.say(BEN, "/human")
        assert await desk.quiet()
        topics = {one: group.topic(f"Person {one}") for one in (ANA, BEN)}
        group.tap(PETRA, "claim", topics[ANA])
        group.tap(JONAS, "claim", topics[BEN])
        assert await desk.quiet()
        for number in range(600):
            group.say(PETRA, f"line {number} of many", topics[ANA])
        group.say(JONAS, "a word for Ben", topics[BEN])
        assert await desk.quiet(60)
        reached = [text for text in desk.sent(ANA) if "of many" in text]
        assert IN_STORE - 10 <= len(reached) <= IN_STORE + 100
        assert [f"line {number} of many" in text for number, text in enumerate(reached)] == [True] * len(reached)
        assert any("a word for Ben" in text for text in desk.sent(BEN))
        told = [text for text in group.texts() if part("staff-too-many") in text]
        assert len(told) == 1
        assert "Petra" in told[0]


async def test_a_member_without_a_role_floods_the_group(tmp_path: Path) -> None:
    """They are told that they are not of the staff, and that too much came; nobody else's words wait behind theirs."""
    desk, group = staffed(tmp_path)
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        for number in range(600):
            group.say(IVO, f"/queue {number}")
        desk.say(ANA, "1")
        assert await desk.quiet(60)
        assert desk.asks(ANA) == "question 1"
        assert len([text for text in group.texts() if "Ivo" in text]) == 2


async def test_what_the_staff_wrote_while_the_bot_was_down_is_no_flood(tmp_path: Path) -> None:
    """150 lines, one a minute, come in one heap afterwards: each counts when it was written, and reaches the owner."""
    desk, group = staffed(tmp_path)
    desk.person(ANA)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA)
        desk.say(ANA, "/human")
        assert await desk.quiet()
        topic = group.topic(f"Person {ANA}")
        group.tap(PETRA, "claim", topic)
        assert await desk.quiet()
    for number in range(150):
        written = group.say(PETRA, f"line {number} of many", topic)
        written["message"]["date"] -= (150 - number) * 60
    async with desk.running():
        assert await desk.quiet(60)
        assert len([text for text in desk.sent(ANA) if "of many" in text]) == 150
        assert not [text for text in group.texts() if part("staff-too-many") in text]


async def test_who_hides_behind_the_group_is_not_spoken_to(tmp_path: Path) -> None:
    """Nobody knows how many they are, and nothing that they write is for the bot."""
    desk, group = staffed(tmp_path)
    async with desk.running():
        for number in range(200):
            desk.telegram.visitors.say_anonymously(group.chat, f"line {number}")
        assert await desk.quiet(60)
        assert not [text for text in group.texts() if part("staff-too-many") in text]
