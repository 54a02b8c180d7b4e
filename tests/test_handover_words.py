"""No word is lost between an owner and a person because it is long, or because the bot was away."""

import time
from pathlib import Path

import pytest
from harness.inside import Bench
from harness.staff import PETRA, STAFF_GROUP, Group, staffed
from harness.waiting import until
from test_handover import ODD, ask_for_a_person

ANA = 7
MESSAGE, CAPTION = 4096, 1024
LONG = "x" * (MESSAGE - 4) + " end"


@pytest.fixture
def desk(tmp_path: Path) -> Bench:
    return staffed(tmp_path)[0]


@pytest.fixture
def group(desk: Bench) -> Group:
    return Group(desk)


def reached(desk: Bench, chat: int, words: str) -> bool:
    """Whether a message of the bot there holds all these words."""
    sent = desk.telegram.world.chats[chat].messages.values()
    return any(words in (one.get("text") or one.get("caption") or "") for one in sent if one["from"]["is_bot"])


async def test_the_longest_message_reaches_the_other_side(desk: Bench, group: Group) -> None:
    """As long as Telegram takes them, both ways, corrected, too; in a chat, and as an answer to one question."""
    desk.person(ANA)
    desk.person(8)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA, 8)
        topic = await ask_for_a_person(desk, group, ANA)
        group.tap(PETRA, "claim", topic)
        assert await desk.quiet()
        text, reply = desk.telegram.visitors.say(ANA, LONG), group.say(PETRA, LONG, topic)
        assert await until(lambda: reached(desk, STAFF_GROUP, LONG) and reached(desk, ANA, LONG))
        desk.telegram.visitors.edit(ANA, text["message"]["message_id"], LONG[::-1])
        desk.telegram.visitors.edit(PETRA.id, reply["message"]["message_id"], LONG[::-1], chat_id=STAFF_GROUP)
        assert await until(lambda: reached(desk, STAFF_GROUP, LONG[::-1]) and reached(desk, ANA, LONG[::-1]))
        desk.say(8, ODD)
        assert await until(lambda: "person" in desk.actions(8))
        desk.tap(8, "person")
        assert await until(lambda: len(group.topics()) == 2)
        assert await desk.quiet()
        group.say(PETRA, LONG, group.topic("Person 8"))
        assert await until(lambda: reached(desk, 8, LONG))


async def test_a_long_question_and_a_long_caption_are_read_in_full(desk: Bench, group: Group) -> None:
    """A card shows the beginning of a question, a copy that of a caption: then a message of its own has all of it."""
    desk.person(ANA)
    words, caption = "why " * 900 + "end", "look " * 400 + "end"
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA)
        topic = await ask_for_a_person(desk, group, ANA, f"/human {words}")
        assert await until(lambda: reached(desk, STAFF_GROUP, words))
        desk.telegram.visitors.send(ANA, "photo", caption=caption)
        assert await until(lambda: any(one.get("photo") for one in group.messages(topic)))
        assert await until(lambda: reached(desk, STAFF_GROUP, caption))
    assert not [one for one in desk.requests if one.code == 400]


async def test_what_an_owner_wrote_while_the_bot_was_away_reaches_the_person_they_wait_for(
    desk: Bench, group: Group
) -> None:
    """An hour late: the bot does not take it for an answer, but the staff see it."""
    desk.person(ANA)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA)
        topic = await ask_for_a_person(desk, group, ANA)
        clock = desk.telegram.world.clock
        desk.telegram.world.clock = lambda: time.time() - 3600
        desk.say(ANA, "Are you still there, as I said?", "1")
        desk.telegram.visitors.send(ANA, "photo", caption="our office")
        desk.telegram.world.clock = clock
        await group.sees("Are you still there, as I said?", thread=topic)
        await group.sees("our office", thread=topic)
        assert await desk.quiet()
        assert desk.asks(ANA) == "question 0"
