"""The staff's group changes under the bot's feet: nothing is lost, and the admins are told what is lacking, once.

The whole bot on the pretend Telegram.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from harness.inside import Bench
from harness.staff import OLGA, PETRA, STAFF_GROUP, Group, part, said, staffed
from harness.waiting import until

from bot.chat import send
from bot.preview.chats import Seat
from bot.preview.faults import Fault

ANA, BEN = 7, 8
FIRST, SECOND, THIRD = "First words, xyzzy", "Second words, xyzzy", "Third words, xyzzy"


@pytest.fixture
def desk(tmp_path: Path) -> Bench:
    return staffed(tmp_path)[0]


@pytest.fixture
def group(desk: Bench) -> Group:
    return Group(desk)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest pause between two tries is short, so that the tests are."""
    monkeypatch.setattr(send, "LONGEST_WAIT", 0.3)


async def begin(desk: Bench, group: Group, *people: int) -> None:
    """They agree to talk to the bot; Petra belongs to the staff."""
    for person in people:
        desk.person(person)
    desk.telegram.visitors.say(OLGA.id, "/start")
    await group.appoint(PETRA)
    await desk.walk_to_question(*people)


async def asked(desk: Bench, group: Group, person: int) -> None:
    """They ask for a person, and the group sees it."""
    desk.say(person, "/human")
    await group.sees(f"Person {person}", part("staff-waits"))
    assert await desk.quiet()


def private(desk: Bench, person: int) -> list[str]:
    """What they read."""
    return [text for text in desk.sent(person) if text]


def card(group: Group, person: int) -> Mapping[str, Any]:
    """The newest card of this owner."""
    listed = [
        one
        for one in group.messages()
        if f"Person {person}" in one.get("text", "") and "!" in str(one.get("reply_markup"))
    ]
    return listed[-1]


def told(desk: Bench, lack: str) -> int:
    """How often Olga was told that this is lacking."""
    return sum(part(f"staff-lacks-{lack}") in text for text in desk.sent(OLGA.id))


async def test_thrown_out_and_let_in_again_nothing_is_lost(desk: Bench, group: Group) -> None:
    """What waited is posted then, in order; nothing is tried over and over meanwhile without a pause."""
    async with desk.running():
        await begin(desk, group, ANA, BEN)
        await asked(desk, group, ANA)
        group.tap(PETRA, "claim")
        assert await until(lambda: part("person-joined") in " ".join(desk.sent(ANA)))
        desk.telegram.visitors.kick(STAFF_GROUP, OLGA.id)
        assert await until(lambda: told(desk, "access") == 1)
        desk.say(ANA, FIRST, SECOND)
        desk.say(BEN, "/human")
        assert await until(lambda: any(part("person-asked-chat")[:20] in text for text in desk.sent(BEN)))
        assert not any(FIRST in text for text in group.texts())
        desk.telegram.visitors.place_bot(STAFF_GROUP, "administrator", by=OLGA.id)
        await group.sees(SECOND)
        await group.sees("Person 8", part("staff-waits"))
        assert await desk.quiet()
    order = [text for text in group.texts() if "xyzzy" in text and text.startswith("👤")]
    assert [FIRST in order[0], SECOND in order[1], len(order)] == [True, True, 2]
    assert told(desk, "access") == 1
    assert sum(part("staff-lacks-nothing") in text for text in desk.sent(OLGA.id)) == 1
    assert desk.rows("SELECT count(*) FROM outbox WHERE state != 'sent'") == [(0,)]


@pytest.mark.parametrize("how", ["update", "error"])
async def test_the_group_becomes_a_supergroup_while_owners_wait(desk: Bench, group: Group, how: str) -> None:
    """By its update, or by the error alone: what waits is posted there, and what the staff answer reaches the owner."""
    async with desk.running():
        await begin(desk, group, ANA, BEN)
        await asked(desk, group, ANA)
        if how == "update":
            desk.telegram.faults.stage(Fault("error", methods="^(send|create)", code=502, chat_id=STAFF_GROUP))
            desk.say(BEN, "/human")
            assert await until(lambda: bool(desk.rows("SELECT 1 FROM handover WHERE chat_id = 8")))
        new = desk.telegram.visitors.upgrade(STAFF_GROUP)
        if how == "update":
            assert await until(lambda: desk.rows("SELECT chat_id FROM staff_chat") == [(new,)])
            desk.telegram.faults.clear()
        else:
            pending = desk.telegram.world.updates
            pending.clear()
            desk.say(BEN, "/human")
        there = Group(desk, new)
        await there.sees("Person 8", part("staff-waits"))
        desk.say(ANA, FIRST)
        await there.sees(FIRST)
        assert await desk.quiet()
        there.tap(PETRA, "claim", word="claim")
        assert await desk.quiet()
        thread = there.topic("Person 8")
        there.say(PETRA, THIRD, thread)
        assert await until(lambda: any(THIRD in text for text in desk.sent(BEN)))
        assert await desk.quiet()
    assert desk.rows("SELECT chat_id FROM staff_chat") == [(new,)]
    assert not desk.rows("SELECT text, error FROM outbox WHERE state != 'sent'")


async def test_a_topic_that_was_deleted_is_made_again(desk: Bench, group: Group) -> None:
    """With the card in it; the owner's words and the staff's answer arrive."""
    async with desk.running():
        await begin(desk, group, ANA)
        await asked(desk, group, ANA)
        group.tap(PETRA, "claim")
        assert await desk.quiet()
        old = group.topic("Person 7")
        desk.telegram.visitors.delete_topic(OLGA.id, STAFF_GROUP, old)
        desk.say(ANA, FIRST)
        await group.sees(FIRST)
        assert await desk.quiet()
        new = group.topic("Person 7")
        assert new != old
        assert any("Person 7" in text and "\n" in text for text in group.texts(new)), "the card stands there"
        group.say(PETRA, SECOND, new)
        assert await until(lambda: any(SECOND in text for text in desk.sent(ANA)))
        desk.telegram.visitors.delete_topic(OLGA.id, STAFF_GROUP, new)
        desk.say(ANA, "/cancel")
        await group.sees(part("staff-ended-owner"))
        assert await desk.quiet()
    assert not desk.rows("SELECT text, error FROM outbox WHERE state != 'sent'")


@pytest.mark.parametrize("lack", ["topics", "manage", "admin"])
async def test_what_is_lacking_is_told_once_and_the_bot_does_without(desk: Bench, group: Group, lack: str) -> None:
    """No topics, no right to make them, no administrator at all: cards, and replies to them, do it all."""
    chat = desk.telegram.world.chats[STAFF_GROUP]
    if lack == "topics":
        chat.facts.pop("is_forum")
    chat.take(Seat("member" if lack == "admin" else "administrator", can_manage_topics=False))
    async with desk.running():
        await begin(desk, group, ANA)
        assert await until(lambda: told(desk, lack) == 1)
        await asked(desk, group, ANA)
        group.say(PETRA, FIRST, reply_to=card(group, ANA)["message_id"])
        assert await until(lambda: any(FIRST in text for text in desk.sent(ANA)))
        desk.say(ANA, SECOND)
        await group.sees(SECOND)
        assert await desk.quiet()
        brought = next(one for one in group.messages() if SECOND in one.get("text", ""))
        assert brought["reply_to_message"]["message_id"] == card(group, ANA)["message_id"]
        group.say(PETRA, THIRD, reply_to=brought["message_id"])
        assert await until(lambda: any(THIRD in text for text in desk.sent(ANA)))
        group.say(PETRA, "/note among us", reply_to=brought["message_id"])
        await group.sees(said("staff-noted"))
        assert await desk.quiet()
        desk.telegram.visitors.place_bot(STAFF_GROUP, "administrator", by=OLGA.id, can_manage_topics=False)
        assert await desk.quiet()
    assert told(desk, lack) == 1
    assert not group.topics()
    assert desk.rows("SELECT text FROM note") == [("among us",)]
    assert not desk.rows("SELECT text, error FROM outbox WHERE state != 'sent'")


async def test_in_privacy_mode_replies_are_heard_and_the_admins_are_told(desk: Bench, group: Group) -> None:
    """As a plain member the bot hears only replies and commands: that is lacking, and is mended by one step."""
    desk.telegram.world.chats[STAFF_GROUP].take(Seat("member"))
    async with desk.running():
        await begin(desk, group, ANA)
        assert await until(lambda: told(desk, "admin") == 1)
        await asked(desk, group, ANA)
        assert "update_id" not in group.say(PETRA, "Not heard by the bot")
        group.say(PETRA, FIRST, reply_to=card(group, ANA)["message_id"])
        assert await until(lambda: any(FIRST in text for text in desk.sent(ANA)))
        desk.telegram.visitors.place_bot(STAFF_GROUP, "administrator", by=OLGA.id)
        assert await until(lambda: any(part("staff-lacks-nothing") in text for text in desk.sent(OLGA.id)))
        desk.say(ANA, SECOND)
        await group.sees(SECOND)
        assert await desk.quiet()
        group.say(PETRA, THIRD, group.topic("Person 7"))
        assert await until(lambda: any(THIRD in text for text in desk.sent(ANA)))
    assert told(desk, "admin") == 1
    assert not any("Not heard" in text for text in desk.sent(ANA))
