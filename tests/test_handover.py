"""A person takes over: the whole bot on the pretend Telegram, owners on one side, their staff's group on the other."""

from pathlib import Path

import pytest
from harness.inside import Bench
from harness.staff import IVO, JONAS, OLGA, PETRA, STAFF_GROUP, Group, part, said, staffed
from harness.waiting import until

ANA, BEN = 7, 8
ODD = "Will it rain tomorrow?"


@pytest.fixture
def desk(tmp_path: Path) -> Bench:
    return staffed(tmp_path)[0]


@pytest.fixture
def group(desk: Bench) -> Group:
    return Group(desk)


async def ask_for_a_person(desk: Bench, group: Group, person: int, words: str = "/human") -> int:
    """They ask for one; gives the topic they get."""
    before = set(group.topics())
    desk.say(person, words)
    assert await until(lambda: len(group.topics()) > len(before))
    assert await desk.quiet()
    return next(iter(set(group.topics()) - before))


async def test_the_whole_chat_goes_to_a_person_and_comes_back_to_the_same_question(desk: Bench, group: Group) -> None:
    """Claimed by a button; what each writes reaches the other, the dialog is silent; closed, the question is back."""
    desk.person(ANA)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA)
        desk.tap(ANA, "answer")
        assert await until(lambda: desk.asks(ANA) == "question 1")
        topic = await ask_for_a_person(desk, group, ANA)
        assert part("person-asked-chat") in desk.sent(ANA)[-1]
        card = group.texts(topic)[0]
        assert {
            words
            for words in ("#1", "Person 7", "English", "Which work is it: Calls", part("staff-waits"))
            if words not in card
        } == set(), card
        group.tap(PETRA, "claim", topic)
        assert await until(lambda: part("person-joined") in desk.sent(ANA))
        said = len(desk.sent(ANA))
        desk.say(ANA, "1", "Hello, are you there?")
        await group.sees("Hello, are you there?", thread=topic)
        group.say(PETRA, "Yes, I am. <b>How</b> can I help?", topic)
        assert await until(lambda: any("Yes, I am. <b>How</b>" in one for one in desk.sent(ANA)))
        assert await desk.quiet()
        assert len(desk.sent(ANA)) == said + 1
        assert desk.rows("SELECT step FROM session") == [(1,)]
        group.tap(PETRA, "close", topic)
        assert await until(lambda: "rate" in desk.actions(ANA))
        assert await desk.quiet()
        assert desk.asks(ANA) == "question 1"
        desk.tap(ANA, "rate", 4)
        assert await desk.quiet()
        assert group.topics()[topic].closed
        assert "⭐⭐⭐⭐⭐" in group.texts(topic)[0]
    assert desk.rows("SELECT state, ending, rating FROM handover") == [("returned", "closed", 5)]
    who = [row[0] for row in desk.rows("SELECT who FROM transcript WHERE kind = 'said' ORDER BY line")]
    assert who == ["owner", "owner", "staff"]


async def test_one_question_is_passed_on_and_the_bot_goes_on(desk: Bench, group: Group) -> None:
    """The session goes on with the bot; the answer comes with the question it answers, then the same question again."""
    desk.person(ANA)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA)
        desk.say(ANA, ODD)
        assert await until(lambda: "person" in desk.actions(ANA))
        desk.tap(ANA, "person")
        await group.sees(ODD, part("staff-kind-question"))
        topic = group.topic("Person 7")
        desk.tap(ANA, "answer")
        assert await until(lambda: desk.asks(ANA) == "question 1")
        group.say(PETRA, "Take an umbrella.", topic)
        assert await until(lambda: any("Take an umbrella." in one and ODD in one for one in desk.sent(ANA)))
        assert await desk.quiet()
        assert desk.asks(ANA) == "question 1"
        assert "talk" in desk.actions(ANA)
        desk.tap(ANA, "answer")
        assert await until(lambda: desk.asks(ANA) == "question 2")
        desk.tap(ANA, "talk")
        await group.sees(part("staff-wants-talk"), thread=topic)
        desk.say(ANA, "Thanks, which one?")
        await group.sees("Thanks, which one?", thread=topic)
        assert desk.asks(ANA) == "question 2"


async def test_photos_documents_and_edits_go_both_ways(desk: Bench, group: Group) -> None:
    """A copy of each; an edit changes what the other side sees."""
    visitors = desk.telegram.visitors
    desk.person(ANA)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA)
        topic = await ask_for_a_person(desk, group, ANA)
        group.tap(PETRA, "claim", topic)
        assert await desk.quiet()
        photo = visitors.send(ANA, "photo", caption="our office, see @evil https://evil.example")
        text = visitors.say(ANA, "We are 5")
        assert await until(lambda: any(one.get("photo") for one in group.messages(topic)))
        assert await desk.quiet()
        visitors.edit(ANA, text["message"]["message_id"], "We are 6")
        visitors.edit(ANA, photo["message"]["message_id"], "our new office")
        await group.sees("We are 6", thread=topic)
        await group.sees("our new office", thread=topic)
        for kind in ("photo", "document", "voice"):
            visitors.send(PETRA.id, kind, chat_id=STAFF_GROUP, thread_id=topic, caption=f"my {kind}")
        reply = group.say(PETRA, "Looks fine", topic)
        private = desk.telegram.world.chats[ANA].messages
        assert await until(
            lambda: sum(1 for one in private.values() if one["from"]["is_bot"] and one.get("voice")) == 1
        )
        assert await until(lambda: any("Looks fine" in one.get("text", "") for one in private.values()))
        assert await desk.quiet()
        visitors.edit(PETRA.id, reply["message"]["message_id"], "Looks very fine", chat_id=STAFF_GROUP)
        assert await until(lambda: any("Looks very fine" in one.get("text", "") for one in private.values()))
    assert group.links() == []


async def test_two_claim_and_one_has_it(desk: Bench, group: Group) -> None:
    """The other is told who, and what they write is not sent."""
    desk.person(ANA)
    async with desk.running():
        await group.appoint(PETRA, JONAS)
        await desk.walk_to_question(ANA)
        topic = await ask_for_a_person(desk, group, ANA)
        first, second = group.tap(JONAS, "claim", topic), group.tap(PETRA, "claim", topic)
        assert "Jonas" in await group.told(second)
        assert await group.told(first) == said("staff-yours")
        group.say(PETRA, "Hello from me, too", topic)
        await group.sees(said("staff-not-sent", name="Jonas"), thread=topic)
        assert await desk.quiet()
    assert not any("from me, too" in one for one in desk.sent(ANA))


async def test_the_owner_can_go_back_to_the_bot_at_any_time(desk: Bench, group: Group) -> None:
    """By the button or by /cancel; the staff hear of it, and the same question is asked again."""
    desk.person(ANA)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA)
        topic = await ask_for_a_person(desk, group, ANA)
        group.tap(PETRA, "claim", topic)
        assert await until(lambda: part("person-joined") in desk.sent(ANA))
        desk.say(ANA, "/help")
        desk.tap(ANA, "answer")
        desk.say(ANA, "/cancel")
        await group.sees(part("staff-ended-owner"), thread=topic)
        assert await desk.quiet()
        assert desk.asks(ANA) == "question 0"
        group.say(OLGA, "Are you there?", topic)
        await group.sees(said("staff-over", name="Person 7"), thread=topic)
        desk.tap(ANA, "answer")
        assert await until(lambda: desk.asks(ANA) == "question 1")
    assert not any("Are you there?" in one for one in desk.sent(ANA))


async def test_nobody_without_a_role_is_heard(desk: Bench, group: Group) -> None:
    """A member of the group, an anonymous admin, a forged button: nothing reaches the owner, an admin is offered."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        topic = await ask_for_a_person(desk, group, ANA)
        group.say(IVO, "Give me your bank account", topic)
        await group.sees(said("staff-unknown-person", name="Ivo"), thread=topic)
        desk.telegram.visitors.say_anonymously(STAFF_GROUP, "Me neither", thread_id=topic)
        await group.sees(said("staff-hidden"), thread=topic)
        assert await group.told(group.tap(IVO, "claim", topic)) == said("staff-only-staff")
        assert await group.told(group.tap(IVO, "grant", topic)) == said("staff-only-staff")
        assert await desk.quiet()
    assert not any("bank account" in one or "Me neither" in one for one in desk.sent(ANA))
    assert desk.rows("SELECT state FROM handover") == [("waiting",)]


async def test_staff_teach_an_answer_and_the_next_owner_gets_it(desk: Bench, group: Group) -> None:
    """Drafted by one, approved by another pair of eyes, live at once."""
    desk.person(ANA)
    desk.person(BEN)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA, BEN)
        desk.say(ANA, ODD)
        assert await until(lambda: "tell" in desk.actions(ANA))
        desk.tap(ANA, "tell")
        desk.tap(ANA, "person")
        await group.sees(ODD)
        topic = group.topic("Person 7")
        group.say(PETRA, "Usually not in summer.", topic)
        assert await desk.quiet()
        group.say(PETRA, "/teach", topic)
        await group.sees(said("teach-head", language="English"), ODD, "Usually not in summer.", thread=0)
        assert await desk.quiet()
        draft = next(one for one in group.messages(0) if said("teach-head", language="English") in one.get("text", ""))
        group.say(PETRA, "Not in summer, as a rule.", reply_to=draft["message_id"])
        await group.sees(said("teach-head", language="English"), "Not in summer, as a rule.", thread=0)
        assert await desk.quiet()
        group.tap(PETRA, "submit")
        await group.sees(said("teach-submitted", name="Petra"), thread=0)
        assert await desk.quiet()
        assert said("staff-only-admins") == await group.told(group.tap(PETRA, "approve"))
        group.tap(OLGA, "approve")
        await group.sees(said("teach-approved", name="Olga"), thread=0)
        assert await desk.quiet()
        desk.say(BEN, "will it rain tomorrow")
        assert await until(lambda: any("Not in summer, as a rule." in one for one in desk.sent(BEN)))
        assert await until(lambda: any(ODD in one and "as a rule" in one for one in desk.sent(ANA)), 12)
        assert desk.asks(BEN) == "question 0"
