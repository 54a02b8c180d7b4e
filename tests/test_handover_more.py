"""Slips of the handover that tests found once, each in the words of the conversation."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from harness.inside import Bench
from harness.staff import PETRA, STAFF_GROUP, Group, part, staffed
from harness.stepped import Stepped
from harness.waiting import until

from bot.chat.groups import ANONYMOUS_ADMIN
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


async def _waits(desk: Bench, group: Group) -> int:
    """Petra is of the staff, and person 7 waits for one of them; their topic."""
    desk.person(7)
    await group.appoint(PETRA)
    await desk.walk_to_question(7)
    desk.say(7, "/human")
    assert await until(lambda: bool(group.topics()))
    assert await desk.quiet()
    return group.topic("Person 7")


async def test_a_photo_whose_owner_blocks_the_bot_at_once_is_told_of(tmp_path: Path) -> None:
    """It cannot be copied any more; the staff read that there was one, and what else waits for them goes on."""
    desk, group = staffed(tmp_path)
    async with desk.running():
        topic = await _waits(desk, group)
        group.tap(PETRA, "claim", topic)
        assert await desk.quiet()
        desk.telegram.visitors.send(7, "photo", caption="our office")
        desk.telegram.visitors.block(7)
        await group.sees("(photo)", "our office", thread=topic)
        await group.sees(part("staff-ended-blocked"), thread=topic)
        assert await desk.quiet()


async def _killed_before_the_topic_was_noted(desk: Bench, group: Group) -> int:
    """Person 7 waits, and the bot dies after it made their topic and before it noted it; the topic."""
    async with desk.running():
        topic = await _waits(desk, group)
    with closing(sqlite3.connect(desk.database)) as database, database:
        assert database.execute("DELETE FROM topic").rowcount == 1
    return topic


async def test_what_the_staff_write_in_a_topic_that_a_crash_left_unnoted_reaches_its_owner(tmp_path: Path) -> None:
    """While the bot is down, the topic is all that the staff have; its name tells whose it is. Edits count, too."""
    desk, group = staffed(tmp_path)
    topic = await _killed_before_the_topic_was_noted(desk, group)
    first = group.say(PETRA, "I can be with you at three", topic)
    desk.telegram.visitors.send(PETRA.id, "photo", caption="this is me", chat_id=group.chat, thread_id=topic)
    async with desk.running():
        assert await until(lambda: any("be with you at three" in text for text in desk.sent(7)))
        desk.say(7, "good")
        desk.telegram.visitors.edit(
            PETRA.id, first["message"]["message_id"], "I can be with you at four", chat_id=group.chat
        )
        assert await desk.quiet()
        assert any("this is me" in one.get("caption", "") for one in desk.telegram.world.chats[7].messages.values())
        assert any(
            "be with you at four" in one.get("text", "") for one in desk.telegram.world.chats[7].messages.values()
        )
        assert desk.rows("SELECT state, claimed_name FROM handover") == [("claimed", "Petra")]


async def _reaches_nobody(desk: Bench, group: Group, topic: int) -> None:
    """Petra writes there; whoever waits goes on waiting, and hears nothing of it."""
    group.say(PETRA, "this is for the team", topic)
    async with desk.running():
        group.say(PETRA, "/queue")
        await group.sees("Person 7", thread=0)
        assert await desk.quiet()
        assert not any("for the team" in text for text in desk.sent(7))
        assert desk.rows("SELECT state FROM handover") == [("waiting",)]


async def test_a_topic_of_a_database_before_is_nobodys(tmp_path: Path) -> None:
    """Numbers begin anew with a new database, and another owner may have the same name: nothing goes astray."""
    desk, group = staffed(tmp_path)
    topic = await _killed_before_the_topic_was_noted(desk, group)
    with closing(sqlite3.connect(desk.database)) as database, database:
        database.execute("UPDATE handover SET wished_at = wished_at + 3600000")
    await _reaches_nobody(desk, group, topic)


@pytest.mark.parametrize("name", ["🟡 #1 Person 70", "🟡 #2 Person 7", "Person 7", "🟡 #1 Person", "#1 Person 7"])
async def test_a_topic_that_others_made_is_nobodys(tmp_path: Path, name: str) -> None:
    """Only what the bot itself calls an owner's topic is one."""
    desk, group = staffed(tmp_path)
    topic = await _killed_before_the_topic_was_noted(desk, group)
    first = desk.telegram.world.chats[group.chat].messages[topic]
    first["forum_topic_created"]["name"] = name
    await _reaches_nobody(desk, group, topic)


ANONYMOUS = {"id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


@pytest.mark.parametrize(
    "made",
    [
        {"from": {"id": PETRA.id, "is_bot": False, "first_name": "Petra", "username": "petra"}},
        {"from": {"id": 555_555, "is_bot": True, "first_name": "Other", "username": "other_bot"}},
        {"from": ANONYMOUS, "sender_chat": {"id": STAFF_GROUP, "type": "supergroup", "title": "Staff"}},
    ],
    ids=["a person", "another bot", "an anonymous admin"],
)
async def test_a_topic_that_another_named_like_ours_is_nobodys(tmp_path: Path, made: dict[str, Any]) -> None:
    """Whoever may make topics cannot make one that speaks to an owner."""
    desk, group = staffed(tmp_path)
    topic = await _killed_before_the_topic_was_noted(desk, group)
    desk.telegram.world.chats[group.chat].messages[topic].update(made)
    await _reaches_nobody(desk, group, topic)
