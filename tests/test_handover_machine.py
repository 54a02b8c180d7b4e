"""The handover against its model: owners, staff and time at random, on the real turns, file and delivery.

A short run by default. In full, 2,000 walks of 60 steps:

    HANDOVER_WALKS=2000 .venv/bin/python -m pytest tests/test_handover_machine.py

Events are held back and taken in one batch, batches come twice, the bot is started anew; after each batch everything
that anybody saw, and everything that is stored, must be what handover_model.py says.
"""

import json
import os
import re
from collections.abc import Callable, Iterable
from functools import partial

import pytest
from handover_model import PLAIN, UNKNOWN, WISH, Model, Owner, Stay, seen
from harness.staff import part
from harness.stepped import ASKS_FOR_A_PERSON, Call, Stepped
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from bot.dialog.presses import base36
from bot.preview.cast import IVO, JONAS, OLGA, PETRA, STAFF_GROUP
from bot.preview.chats import topic_of
from bot.preview.errors import VisitorError
from bot.preview.keyboards import buttons_of
from bot.turns import Answer, Incoming

WALKS = int(os.environ.get("HANDOVER_WALKS", "200"))
NAMES = {7: "Ana", 8: "Ben", 9: "Eva"}
PEOPLE = (PETRA.id, JONAS.id, OLGA.id, IVO.id)
HELD = 5
"""Events in one batch."""
PRESSED = {"answer", "back", "recap", "go-on", "find", "person", "human", "talk", "to-bot", "rate", "tell", "terms",
           "agree", "forget", "forget-yes", "forget-no"}  # fmt: skip
OF_HANDOVER = ("person", "human", "talk", "to-bot", "rate")
TAPPED = {"claim", "release", "close", "talk", "pass", "pass-to", "open", "send", "edit", "grant", "revoke", "drop",
          "concept", "facet", "submit"}  # fmt: skip
CAPTIONED = ("photo", "document", "voice")
MINUTE = 60_000
OPTIONS = {
    "work": {"calls": "Calls", "books": "Books"}, "who": {"they": "They call us", "we": "We call them"},
    "much": {"little": "A little", "lots": "A whole lot"}, "trust": {"secret": "Secret", "open": "Open"},
}  # fmt: skip
NUMBER = re.compile(r"#(\d+) «")

owners = st.sampled_from(list(NAMES))
staff = st.sampled_from([PETRA.id, PETRA.id, JONAS.id, JONAS.id, OLGA.id, IVO.id])
place = st.integers(0, 30)
seldom = st.sampled_from([False, False, True])
goes = st.sampled_from([True, True, False])
"""Whether the batch is taken now, or more is held back for it."""
Thunk = Callable[[], None]


class Handovers(RuleBasedStateMachine):
    """Three owners, their staff and the model, side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.bot = Stepped()
        self.world, self.visitors = self.bot.telegram.world, self.bot.telegram.visitors
        self.held: list[tuple[int, Thunk]] = []
        self.last: list[Incoming] = []
        self.threads: dict[int, int] = {}
        self.said = 0
        self.before: dict[int, str] = {}
        self.sessions: set[int] = set()
        known = self.bot.content.knowledge
        entries = {one.cell.code: (one.question.en, one.answer.en) for one in known.entries.values()}
        roles = {PETRA.id: "staff", JONAS.id: "staff", OLGA.id: "admin"}
        self.model = Model({one: Owner(one, name) for one, name in NAMES.items()}, roles, entries)

    def teardown(self) -> None:
        self.bot.end()

    @initialize()
    def everybody_is_at_the_first_question(self) -> None:
        for one, name in NAMES.items():
            self.visitors.add_person(name, "en", person_id=one)
            self.visitors.say(one, "/start")
        for label in ("agree", "find"):
            self.bot.take(self.bot.came())
            self.bot.deliver()
            for one in NAMES:
                message, data = next(pair for pair in self.buttons(one) if pair[1].startswith(label))
                self.visitors.press(one, message, data)
        self.bot.take(self.bot.came())
        self.bot.deliver()
        for chat, session in self.bot.rows("SELECT id, session_id FROM chat"):
            self.model.owners[chat].session = session

    # -- what owners do

    @rule(who=owners, where=place, wide=st.booleans(), now=goes)
    def presses(self, who: int, where: int, wide: bool, now: bool) -> None:
        """Some button of the newest messages; often one that is about a person."""
        listed = [one for one in self.buttons(who) if one[1].split(":")[0] in PRESSED]
        about = [one for one in listed if one[1].split(":")[0] in OF_HANDOVER]
        chosen = about if about and not wide else listed
        if chosen:
            message, data = chosen[where % min(len(chosen), 12)]
            self.press(who, message, data, now)

    @rule(who=owners, where=place, now=goes)
    def answers(self, who: int, where: int, now: bool) -> None:
        listed = [one for one in self.buttons(who) if one[1].startswith("answer")]
        if listed:
            message, data = listed[where % min(3, len(listed))]
            self.press(who, message, data, now)

    def press(self, who: int, message: int, data: str, now: bool) -> None:
        """Whoever blocks the bot cannot."""
        if not self.world.chats[who].shut:
            self.does(lambda: self.visitors.press(who, message, data), lambda: self.model.presses(who, data), now)

    @rule(who=owners, kind=st.sampled_from([PLAIN, UNKNOWN, UNKNOWN, UNKNOWN, WISH]), now=goes)
    def types(self, who: int, kind: str, now: bool) -> None:
        text = {PLAIN: "What is outsourcing?", WISH: ASKS_FOR_A_PERSON}.get(kind) or f"blorp {self.word()}?"
        self.says(who, text, lambda number, at: self.model.says(who, text, kind, number, at), now)

    @rule(who=owners, which=st.booleans(), now=goes)
    def types_an_answer(self, who: int, which: bool, now: bool) -> None:
        """In the words that stand on a button."""
        owner = self.model.owners[who]
        if owner.node() and not owner.open and not self.held and not owner.stranger:
            option, text = list(OPTIONS[owner.node()].items())[which]
            self.says(who, text, lambda number, at: self.model.names(who, option, text, number, at), now)

    @rule(who=owners, kind=st.sampled_from([*CAPTIONED, "sticker"]), now=goes)
    def sends(self, who: int, kind: str, now: bool) -> None:
        caption = self.word() if kind == "photo" else ""
        self.heard(
            lambda: self.visitors.send(who, kind, caption=caption),
            lambda number, at: self.model.sends(who, number, at), now,
        )  # fmt: skip

    @rule(who=owners, back=place, now=goes)
    def edits(self, who: int, back: int, now: bool) -> None:
        mine = self.written_by(who, who)
        if mine:
            number, text = mine[-1 - back % len(mine)], f"blorp {self.word()}"
            self.does(lambda: self.visitors.edit(who, number, text), lambda: self.model.edits(who, number, text), now)

    @rule(
        who=owners, now=goes,
        command=st.sampled_from(["human", "human", "cancel", "help", "start", "answers", "terms", "forget", "xyz"]),
    )  # fmt: skip
    def orders(self, who: int, command: str, now: bool) -> None:
        self.says(who, f"/{command}", lambda number, at: self.model.orders(who, command, at), now)

    @rule(who=owners, between=st.sampled_from(["", "", "words", "old"]), happens=seldom, now=goes)
    def is_forgotten(self, who: int, between: str, happens: bool, now: bool) -> None:
        """They ask for it and press; or say something before they press, or press what is old, and are asked anew."""
        if not happens:
            return
        if between != "old":
            self.says(who, "/forget", lambda number, at: self.model.orders(who, "forget", at), True)
        if between == "words":
            self.types(who, UNKNOWN, now)
        listed = [one for one in self.buttons(who) if one[1].startswith("forget-yes")]
        if listed:
            self.press(who, *listed[0], now)

    @rule(who=owners)
    def agrees_anew(self, who: int) -> None:
        """A stranger is greeted, and may agree."""
        if self.model.owners[who].stranger and not self.held:
            self.says(who, "/start", lambda number, at: self.model.orders(who, "start", at), True)
            for label in ("agree", "find"):
                listed = [one for one in self.buttons(who) if one[1].startswith(label)]
                if listed and self.model.owners[who].open != "forget:":
                    self.press(who, *listed[0], True)

    @rule(who=owners, comes_back=st.booleans(), happens=seldom, now=goes)
    def blocks(self, who: int, comes_back: bool, happens: bool, now: bool) -> None:
        """And lets the bot write again, at once or later."""
        blocked = bool(self.world.chats[who].shut)
        if not happens and not blocked:
            return
        act = self.visitors.unblock if blocked else self.visitors.block
        self.does(lambda: act(who), lambda: self.model.blocks(who, blocked=not blocked), now and not comes_back)
        if comes_back and not blocked:
            self.does(lambda: self.visitors.unblock(who), lambda: self.model.blocks(who, blocked=False), now)

    # -- what the staff do

    @rule(
        who=owners, now=goes,
        how=st.sampled_from(["close", "close", "release", "pass", "pass-to", "talk", "send", "silence", "leave"]),
    )  # fmt: skip
    def the_person_is_done(self, who: int, how: str, now: bool) -> None:
        """Whoever has the chat closes it, gives it on, goes silent, or leaves the group."""
        stay = self.model.owners[who].newest
        if stay is None or stay.state != "claimed":
            return
        if how == "silence":
            self.time_passes(8 * 60)
        elif how == "leave":
            self.leaves_the_group_or_comes_back(stay.by, True, now)
        else:
            listed = [one for one in self.buttons(STAFF_GROUP) if one[1].startswith(f"!{how}:")]
            about = [one for one in listed if int(one[1].split(":")[1], 36) == stay.id]
            if about:
                self.tap(stay.by, *about[0], now)

    @rule(who=owners, by=staff, where=st.integers(0, 3), is_one_question=st.booleans(), now=goes)
    def has_a_person(self, who: int, by: int, where: int, is_one_question: bool, now: bool) -> None:
        """They ask for one, and one comes."""
        if not is_one_question:
            self.orders(who, "human", True)
        else:
            self.types(who, UNKNOWN, True)
            self.presses(who, 0, False, True)
        self.taps_one_of_these(by, where, "claim", now)

    @rule(who=owners, kinds=st.lists(st.sampled_from(["", "", "photo"]), min_size=1, max_size=3), now=goes)
    def talks_with_their_person(self, who: int, kinds: list[str], now: bool) -> None:
        """Each says something in turn."""
        stay = self.model.owners[who].newest
        thread = next((one for one in self.bot.group.topics if self.threads.get(one) == who), 0)
        for kind in kinds if stay and thread else ():
            by = stay.by if stay and stay.by else PETRA.id
            self.writes(by, thread, 0, kind, now)
            if kind:
                self.sends(who, kind, now)
            else:
                self.types(who, UNKNOWN, now)

    @rule(who=staff, where=place, now=goes)
    def taps(self, who: int, where: int, now: bool) -> None:
        listed = [one for one in self.buttons(STAFF_GROUP) if one[1][1:].split(":")[0] in TAPPED]
        if listed:
            self.tap(who, *listed[where % min(len(listed), 24)], now)

    @rule(who=staff, where=place, now=goes,
          act=st.sampled_from(["claim", "claim", "release", "close", "talk", "pass-to", "grant"]))  # fmt: skip
    def taps_one_of_these(self, who: int, where: int, act: str, now: bool) -> None:
        listed = [one for one in self.buttons(STAFF_GROUP) if one[1].startswith(f"!{act}:")]
        if listed:
            self.tap(OLGA.id if act == "grant" else who, *listed[where % len(listed)], now)

    def tap(self, who: int, message: int, data: str, now: bool) -> None:
        self.does(
            lambda: self.visitors.press(who, message, data, chat_id=STAFF_GROUP),
            lambda: self.model.taps(who, data), now,
        )  # fmt: skip

    @rule(who=staff, where=place, now=goes,
          act=st.sampled_from(["claim", "claim", "claim", "release", "close", "talk", "send", "open"]))  # fmt: skip
    def taps_what_stood_there_before(self, who: int, where: int, act: str, now: bool) -> None:
        """An old screen, or a colleague who was faster: the button is gone, the tap comes all the same."""
        messages, stays = list(self.bot.group.messages), list(self.model.stays)[-4:]
        if messages and stays:
            number = stays[where % len(stays)]
            words = f":{next(iter(self.model.entries))}:en" if act == "send" else ""
            self.tap(who, messages[-1], f"!{act}:{base36(number)}{words}", now)

    @rule(who=owners, where=place, act=st.sampled_from(["to-bot", "talk", "rate"]), now=goes)
    def presses_what_is_not_theirs(self, who: int, where: int, act: str, now: bool) -> None:
        """A button of an older handover, or of somebody else's, or one of their own."""
        owner, stays = self.model.owners[who], list(self.model.stays)[-4:]
        if stays and owner.newest:
            number = stays[where % len(stays)]
            data = f"{act}:{base36(owner.session)}:0:{base36(number)}" + (":3" if act == "rate" else "")
            self.press(who, next(iter(self.world.chats[who].messages)), data, now)

    @rule(who=staff, where=place, media=st.sampled_from(["", "", *CAPTIONED]), now=goes)
    def writes_in_a_topic(self, who: int, where: int, media: str, now: bool) -> None:
        """Or in General, where it is the staff's own talk."""
        topics = [*self.bot.group.topics, *self.bot.group.topics, 0]
        self.writes(who, topics[where % len(topics)], 0, media, now)

    @rule(who=staff, where=place, now=goes)
    def replies(self, who: int, where: int, now: bool) -> None:
        """To something that the bot posted about a conversation, be it the wrong one."""
        posts = [
            message["message_id"]
            for message in self.bot.group.newest()
            if topic_of(message) and message["from"]["is_bot"] and len(NUMBER.findall(message.get("text", ""))) == 1
        ]
        if posts:
            self.writes(who, 0, posts[where % len(posts)], "", now)

    def writes(self, who: int, thread: int, reply: int, media: str, now: bool) -> None:
        word = self.word()
        original = self.bot.group.messages.get(reply, {})
        thread = thread or (topic_of(original) if original else 0)
        number = int(NUMBER.findall(original["text"])[0]) if original else 0

        def meets(message: int, sent_at: int) -> None:
            text = f"copy {message}" if media else word
            self.model.answers(who, self.about(thread, number), text, message, is_media=bool(media))

        def act() -> object:
            if media:
                return self.visitors.send(who, media, chat_id=STAFF_GROUP, thread_id=thread)
            return self.visitors.say(who, word, chat_id=STAFF_GROUP, thread_id=thread, reply_to=reply)

        self.heard(act, meets, now)

    def about(self, thread: int, number: int) -> Stay | None:
        """The conversation that a message in the group belongs to."""
        if number:
            return self.model.stays.get(number)
        owner = self.threads.get(thread, 0)
        return self.model.owners[owner].newest if owner else None

    @rule(who=staff, back=place, now=goes)
    def staff_edit(self, who: int, back: int, now: bool) -> None:
        mine = self.written_by(who, STAFF_GROUP)
        if mine:
            number, text = mine[-1 - back % len(mine)], self.word()
            self.does(
                lambda: self.visitors.edit(who, number, text, chat_id=STAFF_GROUP),
                lambda: self.model.rewords(who, number, text), now,
            )  # fmt: skip

    @rule(who=staff, where=place, now=goes,
          command=st.sampled_from(["/note to be called", "/note", "/teach Because.", "/queue", "/mine", "/help",
                                   "/faq outsourcing", "/staff"]))  # fmt: skip
    def staff_orders(self, who: int, where: int, command: str, now: bool) -> None:
        topics = [0, *self.bot.group.topics]
        thread = topics[where % len(topics)]

        def meets() -> None:
            stay = self.about(thread, 0)
            if command == "/note to be called" and self.model.may(who) and stay:
                stay.notes += 1

        self.does(lambda: self.visitors.say(who, command, chat_id=STAFF_GROUP, thread_id=thread), meets, now)

    @rule(who=st.sampled_from([PETRA.id, JONAS.id, IVO.id]), happens=seldom, now=goes)
    def leaves_the_group_or_comes_back(self, who: int, happens: bool, now: bool) -> None:
        """Who leaves has no role any more, and none when they come back until they are granted one."""
        if self.bot.group.status_of(who) == "left":
            self.does(lambda: self.visitors.join(who, STAFF_GROUP), lambda: None, True)
            self.does(lambda: self.visitors.say(who, "/mine", chat_id=STAFF_GROUP), lambda: None, True)
            self.taps_one_of_these(OLGA.id, 0, "grant", now)
        elif happens:
            self.does(lambda: self.visitors.leave(who, STAFF_GROUP), lambda: self.model.leaves(who), now)

    @rule(where=place)
    def a_topic_is_deleted(self, where: int) -> None:
        """Telegram tells nobody. What was written there was taken before."""
        topics = list(self.bot.group.topics)
        is_there = self.bot.group.members.get(OLGA.id) == "administrator"
        if topics and where % 3 == 0 and not self.held and is_there:
            self.visitors.delete_topic(OLGA.id, STAFF_GROUP, topics[where % len(topics)])

    # -- time, and what goes wrong

    @rule(minutes=st.sampled_from([1, 1, 1, 5, 5, 11, 31, 90, 7 * 60, 8 * 60, 26 * 60]))
    def time_passes(self, minutes: int) -> None:
        """What is held back comes late, as after an outage."""
        self.bot.now += minutes * MINUTE
        self.model.begins()
        self.model.now = self.bot.now
        self.model.passes()
        self.bot.run(self.bot.turns.tick())
        self.compare(self.bot.deliver())

    @rule(is_delivered=st.booleans())
    def the_bot_is_started_anew(self, is_delivered: bool) -> None:
        """After a batch was taken, before or after it was delivered; Telegram gives the batch once more."""
        items = self.taken()
        calls = self.bot.deliver() if is_delivered else []
        self.bot.restart()
        self.take_again(items, is_unclean=True)
        self.compare([*calls, *self.bot.deliver()])

    @precondition(lambda self: not self.held and self.last)
    @rule()
    def the_last_batch_comes_again(self) -> None:
        self.model.begins()
        self.take_again(self.last, is_unclean=False)
        self.compare(self.bot.deliver())

    def take_again(self, items: list[Incoming], *, is_unclean: bool) -> None:
        answers = self.bot.take(items, again=is_unclean)
        assert sorted(_callbacks(answers)) == sorted(item.callback for item in items if item.callback)

    # -- side by side

    def word(self) -> str:
        """One that was never used."""
        self.said += 1
        letters, rest = "", self.said
        while rest:
            letters, rest = chr(ord("a") + rest % 26) + letters, rest // 26
        return f"zq{letters}x"

    def buttons(self, chat: int) -> list[tuple[int, str]]:
        """Message and data of each that can be pressed, newest message first."""
        listed = [message for message in self.world.chats[chat].newest() if message["from"]["is_bot"]]
        return [(one["message_id"], button["callback_data"]) for one in listed[:40] for button in buttons_of(one)]

    def written_by(self, who: int, chat: int) -> list[int]:
        """Their newest messages that can be edited."""
        messages = self.world.chats[chat].messages.values()
        mine = [one for one in messages if one.get("from", {}).get("id") == who and not one.get("sticker")]
        edited = [one for one in mine if "text" in one or any(kind in one for kind in CAPTIONED)]
        return [one["message_id"] for one in edited if not one.get("text", "").startswith("/")][-6:]

    def says(self, who: int, text: str, meets: Callable[[int, int], None], now: bool) -> None:
        self.heard(lambda: self.visitors.say(who, text), meets, now)

    def heard(self, act: Callable[[], object], meets: Callable[[int, int], None], now: bool) -> None:
        """A message: the model is told its number, and when it was sent."""
        numbers: list[int] = []
        at = self.bot.now

        def sent() -> object:
            update = act()
            assert isinstance(update, dict)
            numbers.append(update["message"]["message_id"])
            return update

        self.does(sent, lambda: meets(numbers[0], at), now)

    def does(self, act: Callable[[], object], meets: Thunk, now: bool) -> None:
        """Somebody does something, if they can; the model meets it when its update is taken."""
        try:
            update = act()
        except VisitorError:
            return
        assert isinstance(update, dict)
        self.held.append((update["update_id"], meets))
        if now or len(self.held) >= HELD:
            items = self.taken()
            self.compare(self.bot.deliver())
            self.last = items

    def taken(self) -> list[Incoming]:
        """What was held back, as one batch, with some of it twice."""
        items, self.model.now = self.bot.came(), self.bot.now
        self.model.begins()
        for _, meets in sorted(self.held, key=lambda one: one[0]):
            meets()
        self.held = []
        answers = self.bot.take([*items, *items[:1]])
        assert sorted(_callbacks(answers)) == sorted(item.callback for item in items if item.callback)
        return items

    def compare(self, calls: list[Call]) -> None:
        """Everything that was shown, and everything that is stored."""
        self.threads |= {
            call.number: owner
            for call in calls
            if call.method == "createForumTopic"
            for owner, name in NAMES.items()
            if name in call.words
        }
        for owner in self.model.owners.values():
            # Telegram refused before it told us of the block.
            owner.blocked |= any(call.chat == owner.id and "blocked" in call.refused for call in calls)
            self.compare_owner(owner, [one for one in calls if one.chat == owner.id and _has_effect(one)])
            self.compare_staff(owner, calls)
        ended = [call.words for call in calls if call.chat == STAFF_GROUP and part("staff-forgot") in call.words]
        assert [int(number) for words in ended for number in re.findall(r"#(\d+)", words)] == self.model.ended
        self.compare_store()

    def compare_owner(self, owner: Owner, calls: list[Call]) -> None:
        """Exactly what they must see; nothing to one who blocks us."""
        told = [call for call in calls if call.method in ("sendMessage", "copyMessage")]
        is_blocked = bool(self.world.chats[owner.id].shut)
        assert seen("".join(map(_letter, told)), "" if is_blocked else owner.shows), (owner, told)
        words = [call.words for call in told if _letter(call) == "S"]
        expected = [] if is_blocked else owner.words
        assert len(words) == len(expected)
        assert all(said in text for said, text in zip(expected, words, strict=True)), (expected, words)
        edits = [call.words for call in calls if call.method.startswith("edit") and "zq" in call.words]
        changed = [text for text in edits if _letter_of(text) == "S" or text.startswith("zq")]
        assert len(changed) == (0 if is_blocked else len(owner.reworded)), (owner.reworded, edits)
        if owner.returned and not is_blocked and owner.shows.endswith("D"):
            self.is_at_the_same_place(owner, told[-1])

    @staticmethod
    def is_at_the_same_place(owner: Owner, screen: Call) -> None:
        """The question that waited, with live buttons; or what was open over it."""
        answers = [data.split(":") for data in screen.data if data.startswith("answer")]
        assert screen.data
        if answers and not owner.open:
            assert {(int(one[1], 36), int(one[2], 36), one[3]) for one in answers} == {
                (owner.session, owner.step, owner.node())
            }
        elif not owner.open:
            assert not owner.node()
            assert any(data.startswith("recap") for data in screen.data)

    def compare_staff(self, owner: Owner, calls: list[Call]) -> None:
        """Each message of the owner once, in order, in the topic of this owner."""
        posts = [call for call in calls if call.chat == STAFF_GROUP and not call.refused]
        own = [call for call in posts if self.threads.get(call.thread) == owner.id]
        brought = [text for call in own if (text := _brought(call))]
        assert len(brought) == len(owner.brought), (brought, owner.brought)
        assert all(map(partial(_is_it, owner), brought, owner.brought)), (brought, owner.brought)
        assert all(call.thread in self.threads for call in posts if _brought(call))
        tried = [call.words for call in calls if call.chat == STAFF_GROUP and call.method.startswith("editMessage")]
        if owner.forgotten:
            self.nothing_of_theirs_is_left(owner)
        for text in owner.corrected:
            assert sum(text in words.split("\n")[0] and "#" not in words for words in tried) == 1, (text, tried)

    def nothing_of_theirs_is_left(self, owner: Owner) -> None:
        """Of a forgotten owner: no words in the staff's group, no message under way."""
        shown = [str(message.get("text")) + str(message.get("caption")) for message in self.bot.group.messages.values()]
        for text in owner.written:
            assert not [one for one in shown if text.startswith("blorp") and text in one], text
            assert not self.bot.rows(f"SELECT text FROM wording WHERE text = '{text}' AND text LIKE 'blorp%'")
        owner.written = []

    def compare_store(self) -> None:
        rows = self.bot.rows("SELECT id, chat_id, kind, state, claimed_by, ending, rating FROM handover ORDER BY id")
        stays = [
            (one.id, one.owner.id, one.kind, one.state, one.by, one.ending, one.rating)
            for one in self.model.stays.values()
        ]
        assert rows == stays, (rows, stays)
        stored = self.bot.rows(
            "SELECT chat.id, chat.session_id, step, answers, open, blocked_at IS NOT NULL FROM chat "
            "JOIN session ON session.id = chat.session_id ORDER BY chat.id"
        )
        chats = [(*row[:3], json.loads(row[3]), *row[4:]) for row in stored]
        for chat, session, *_ in chats:
            self.begins_anew(self.model.owners[chat], session)
        expected = [
            (one.id, one.session, one.step, one.answers, one.open, one.blocked)
            for one in self.model.owners.values()
            if not one.stranger
        ]
        assert chats == expected, (chats, expected)
        roles = dict(self.bot.rows("SELECT person_id, role FROM role"))
        assert roles == self.model.roles, (roles, self.model.roles)
        assert self.bot.rows("SELECT count(*) FROM note") == [(sum(one.notes for one in self.model.stays.values()),)]
        assert self.bot.rows("SELECT update_id, error FROM failed_update") == []
        assert self.bot.rows("SELECT id FROM outbox WHERE state = 'new'") == []

    def begins_anew(self, owner: Owner, session: int) -> None:
        """A session that somebody began who had been forgotten: no number comes twice."""
        if not owner.session and not owner.stranger:
            assert session not in self.sessions
            owner.session = session
        self.sessions.add(session)


def _has_effect(call: Call) -> bool:
    """An edit that came before the copy was made is in the copy."""
    return not call.refused or "not modified" in call.refused


def _callbacks(answers: Iterable[object]) -> list[str]:
    return [answer.callback for answer in answers if isinstance(answer, Answer)]


def _letter(call: Call) -> str:
    """What a message to an owner is (handover_model.py)."""
    if call.method == "copyMessage":
        return "S"
    return "R" if any(data.startswith("rate") for data in call.data) else _letter_of(call.words)


def _letter_of(text: str) -> str:
    if text.startswith("🧑‍💼 ") or part("person-answers") in text:
        return "S"
    if part("forgotten") in text:
        return "F"
    return "J" if part("person-joined") in text else "M" if part("person-speaks-more") in text else "D"


def _is_it(owner: Owner, brought: str, due: str) -> bool:
    """What a post brings is what was due; of a photo whose owner blocks the bot by now, that there was one."""
    return brought == due or (owner.blocked and due.startswith("copy ") and brought.startswith("("))


def _brought(call: Call) -> str:
    """What of an owner's a post in the group brings, "" for any other post."""
    if call.method == "copyMessage":
        return call.words
    found = re.fullmatch(r"(?s)👤 (.*)", call.words) if call.method == "sendMessage" else None
    return found[1] if found else ""


TestTheHandoverDoesWhatTheModelSays = Handovers.TestCase
TestTheHandoverDoesWhatTheModelSays.settings = settings(
    max_examples=WALKS, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
)
TestTheHandoverDoesWhatTheModelSays = pytest.mark.timeout(7200)(TestTheHandoverDoesWhatTheModelSays)
