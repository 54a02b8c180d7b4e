"""Slips of the handover that tests found once, each in the words of the conversation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from harness.staff import PETRA, part, staffed
from harness.stepped import Stepped
from harness.waiting import until

from bot.preview.keyboards import buttons_of

ANA = 7


@pytest.fixture
def bot() -> Iterator[Stepped]:
    """Ana has agreed; staff are there."""
    stepped = Stepped()
    visitors = stepped.telegram.visitors
    visitors.add_person("Ana", "en", person_id=ANA)
    visitors.say(ANA, "/start")
    stepped.take(stepped.came())
    stepped.deliver()
    greeting = next(stepped.telegram.world.chats[ANA].newest())
    visitors.press(ANA, greeting["message_id"], buttons_of(greeting)[0]["callback_data"])
    stepped.take(stepped.came())
    stepped.deliver()
    yield stepped
    stepped.end()


def test_who_stops_the_bot_and_comes_back_at_once_is_answered(bot: Stepped) -> None:
    """All of it comes in one batch: what was for them before is dropped, what they ask for then is answered."""
    visitors = bot.telegram.visitors
    visitors.say(ANA, "/help")
    visitors.block(ANA)
    visitors.unblock(ANA)
    visitors.say(ANA, "/human")
    bot.take(bot.came())
    told = [call for call in bot.deliver() if call.chat == ANA]
    assert [any(data.startswith("to-bot") for data in call.data) for call in told] == [True]
    assert bot.rows("SELECT count(*) FROM outbox WHERE state = 'failed'") == [(1,)]


async def test_a_photo_whose_owner_blocks_the_bot_at_once_is_told_of(tmp_path: Path) -> None:
    """It cannot be copied any more; the staff read that there was one, and what else waits for them goes on."""
    desk, group = staffed(tmp_path)
    desk.person(7)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(7)
        desk.say(7, "/human")
        assert await until(lambda: bool(group.topics()))
        assert await desk.quiet()
        topic = group.topic("Person 7")
        group.tap(PETRA, "claim", topic)
        assert await desk.quiet()
        desk.telegram.visitors.send(7, "photo", caption="our office")
        desk.telegram.visitors.block(7)
        await group.sees("(photo)", "our office", thread=topic)
        await group.sees(part("staff-ended-blocked"), thread=topic)
        assert await desk.quiet()
