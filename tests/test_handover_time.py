"""What time brings about in a handover: alerts, each once; a chat that nobody answers goes back to the bot."""

import asyncio
from pathlib import Path

import pytest
from harness.inside import Bench
from harness.staff import PETRA, Group, part, said, staffed
from harness.waiting import until

from bot import app
from bot.chat import watch

ANA, BEN = 7, 8
MINUTE, HOUR = 60_000, 3_600_000


class Clock:
    """The bot's clock, which a test can put forward."""

    def __init__(self) -> None:
        self._now, self.ahead = app.now_ms, 0

    def __call__(self) -> int:
        return self._now() + self.ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(app, "now_ms", clock)
    monkeypatch.setattr(watch, "TICK_SECONDS", 0.1)
    return clock


@pytest.fixture
def desk(tmp_path: Path) -> Bench:
    return staffed(tmp_path, wait_alert=30, claim_hours=4)[0]


@pytest.fixture
def group(desk: Bench) -> Group:
    return Group(desk)


async def ticks(desk: Bench, group: Group) -> int:
    """Let some ticks pass; gives how many messages stand in the group."""
    await asyncio.sleep(0.6)
    assert await desk.quiet()
    return len(group.texts())


async def test_who_waits_too_long_is_told_of_once(desk: Bench, group: Group, clock: Clock) -> None:
    """Both in one message, with buttons; /queue marks them, oldest first."""
    desk.person(ANA)
    desk.person(BEN)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA, BEN)
        desk.say(ANA, "/human")
        desk.say(BEN, "/human")
        assert await until(lambda: len(group.topics()) == 2)
        assert await desk.quiet()
        clock.ahead = 29 * MINUTE
        before = await ticks(desk, group)
        clock.ahead = 31 * MINUTE
        await group.sees("⏰", "#1", "#2", thread=0)
        assert await ticks(desk, group) == before + 1
        clock.ahead = 90 * MINUTE
        assert await ticks(desk, group) == before + 1
        group.say(PETRA, "/queue")
        queue = await group.sees(part("staff-queue"), "#1", "#2", thread=0)
        assert queue.count("⏰") == 2
        assert queue.index("#1") < queue.index("#2")
        group.tap(PETRA, "claim", 0, "#1")
        assert await until(lambda: part("person-joined") in desk.sent(ANA))


async def test_an_owner_who_went_silent_is_told_of_once(desk: Bench, group: Group, clock: Clock) -> None:
    """An hour after the staff's last word; another word of the owner sets it back."""
    desk.person(ANA)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA)
        desk.say(ANA, "/human")
        assert await until(lambda: bool(group.topics()))
        assert await desk.quiet()
        topic = group.topic("Person 7")
        group.say(PETRA, "How many calls are there a day?", topic)
        assert await until(lambda: any("How many calls" in one for one in desk.sent(ANA)))
        clock.ahead = 61 * MINUTE
        await group.sees(part("staff-owner-silent"), thread=topic)
        before = await ticks(desk, group)
        clock.ahead = 120 * MINUTE
        assert await ticks(desk, group) == before


async def test_a_claim_that_stays_silent_gives_the_chat_back(desk: Bench, group: Group, clock: Clock) -> None:
    """The owner is told, stands at the same question, and the staff hear of it."""
    desk.person(ANA)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA)
        desk.tap(ANA, "answer")
        assert await until(lambda: desk.asks(ANA) == "question 1")
        desk.say(ANA, "/human")
        assert await until(lambda: bool(group.topics()))
        assert await desk.quiet()
        topic = group.topic("Person 7")
        group.tap(PETRA, "claim", topic)
        assert await until(lambda: part("person-joined") in desk.sent(ANA))
        clock.ahead = 3 * HOUR
        desk.say(ANA, "Is anybody there?")
        await group.sees("Is anybody there?", thread=topic)
        clock.ahead = 4 * HOUR + MINUTE
        await group.sees(part("staff-ended-silence"), thread=topic)
        assert await desk.quiet()
        assert desk.sent(ANA)[-1].startswith(said("back-silence"))
        assert desk.asks(ANA) == "question 1"
        desk.tap(ANA, "answer")
        assert await until(lambda: desk.asks(ANA) == "question 2")
    assert desk.rows("SELECT state, ending FROM handover") == [("returned", "silence")]


async def test_outside_working_hours_no_answer_is_promised_for_today(desk: Bench, group: Group) -> None:
    """Without hours none at all."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        desk.say(ANA, "/human")
        assert await until(lambda: any(said("when-unknown") in one for one in desk.sent(ANA)))


async def test_without_a_staff_group_a_wish_waits_in_the_store_and_the_owner_is_told_so(tmp_path: Path) -> None:
    """Nothing is promised; `advisor questions list` shows it."""
    desk, _ = staffed(tmp_path)
    desk.staff = {}
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        desk.say(ANA, "Will it rain tomorrow?")
        assert await until(lambda: "person" in desk.actions(ANA))
        desk.tap(ANA, "person")
        assert await until(lambda: any(one.startswith(said("person-noted")) for one in desk.sent(ANA)))
    assert desk.rows("SELECT text, wants FROM questions") == [("Will it rain tomorrow?", "person")]
    assert desk.rows("SELECT count(*) FROM handover") == [(0,)]
