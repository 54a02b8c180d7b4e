"""Holds what the pretend Telegram saw of handovers against a small model: was a word lost, repeated, swapped, astray?

It knows what owners and staff did, in the order of the updates, and what the bot asked of the pretend Telegram; nothing
of the bot's database. Each owner has two ledgers, their private chat and their topics in the staff's group: every
message there must be the next one due. The one excuse: after a kill, the last message of a chat may come once more.
Beside that every numbered text is counted where it arrives.
"""

import itertools
import re
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from bot.preview.cast import STAFF_GROUP
from bot.preview.chats import topic_of
from bot.preview.world import World
from harness.screens import STANDING, Screen, screen_of
from harness.telegram import Request

TOKEN: Final = re.compile(r"\b(zq|st)(\d+)x\b")
"""Numbers a text: zq17x is an owner's, st18x the staff's."""
HARMLESS: Final = ("not modified", "topic_not_modified", "query is too old")
SHOWN: Final = 12
Side = Literal["owner", "staff"]


@dataclass(frozen=True, slots=True)
class Seen:
    """A message, or an edit, that took effect. `photo`: whether it is one; `life`: of the bot, by its starts."""

    screen: Screen
    photo: bool
    edit: bool
    life: int

    @property
    def data(self) -> list[str]:
        return [button.data for button in self.screen.buttons]

    def repeats(self, other: "Seen | None") -> bool:
        """The same again, and no edit."""
        same = other is not None and self.screen.says(other.screen) and self.photo == other.photo
        return same and not self.edit and other is not None and not other.edit

    def word(self, side: str) -> int:
        """The number of the text it brings from that side, 0 for none."""
        mark = {"owner": "zq", "staff": "st"}[side]
        return next((int(found[2]) for found in TOKEN.finditer(self.screen.text) if found[1] == mark), 0)

    def of_handover(self, act: str) -> int:
        """The handover that a button of the staff for this act speaks of, 0 without one."""
        found = (data.split(":")[1] for data in self.data if data.startswith(f"!{act}:"))
        return int(next(found, "0"), 36)


@dataclass(frozen=True, slots=True)
class Due:
    """What must come next: how it is called, how it is known, what it tells."""

    name: str
    fits: Callable[[Seen], bool]
    tells: Callable[[Seen], object] = lambda seen: None


@dataclass(slots=True)
class Ledger:
    """One owner's private chat, or their topics: what is due, what came."""

    chat: int
    about: str
    due: deque[Due] = field(default_factory=deque)
    messages: dict[int, Seen] = field(default_factory=dict)
    recent: deque[str] = field(default_factory=lambda: deque(maxlen=8))
    last: Seen | None = None
    may_repeat: bool = False
    spare: list[tuple[Due, int]] = field(default_factory=list)
    """What was due, and came as what may be a repetition: then it is still to come. With the life of the first."""
    broken: bool = False
    person_has_it: bool = False

    @property
    def idle(self) -> bool:
        return not self.due

    def newest(self, has: Callable[[Seen], bool]) -> Seen | None:
        """The newest message of this kind, as it stands."""
        return next((self.messages[number] for number in sorted(self.messages, reverse=True)
                     if has(self.messages[number])), None)  # fmt: skip


@dataclass(slots=True)
class Handover:
    """One of an owner's, as what was done makes it. `number`: the bot's, once it was seen; `by`: who has it."""

    kind: Literal["question", "chat"]
    state: Literal["waiting", "claimed", "returned"] = "waiting"
    by: str = ""
    number: int = 0
    cards: set[int] = field(default_factory=set)
    rated: bool = False

    @property
    def is_open(self) -> bool:
        return self.state != "returned"

    @property
    def speaks(self) -> bool:
        return self.state == "claimed" and self.kind == "chat"


class Conversation:
    """One owner: where they stand in the dialog, who speaks, what is due on both sides.

    Its methods are called for each act, in the order of the updates; what an act leads to becomes due.
    """

    def __init__(self, oracle: "HandoverOracle", person: int, name: str) -> None:
        self.oracle, self.person, self.name = oracle, person, name
        self.private, self.topic = Ledger(person, name), Ledger(STAFF_GROUP, f"topic of {name}")
        self.handovers: list[Handover] = []
        self.threads: list[int] = []
        self.step = self.session = 0
        self.nodes: dict[tuple[int, int], str] = {}
        self.at_dialog = False

    @property
    def newest(self) -> Handover | None:
        return self.handovers[-1] if self.handovers else None

    @property
    def open(self) -> Handover | None:
        """The handover that has not ended."""
        return self.newest if self.newest and self.newest.is_open else None

    @property
    def broken(self) -> bool:
        return self.private.broken or self.topic.broken

    @property
    def idle(self) -> bool:
        return self.private.idle and self.topic.idle

    def stands(self) -> Seen | None:
        """The question or the advice that is open to be pressed."""
        here = (self.session, self.step)
        return self.private.newest(lambda seen: seen.screen.kind in STANDING and _place(seen.screen) == here)

    # -- the dialog

    def started(self) -> None:
        self._shows(frozenset({"greeting"}))

    def agreed(self, message: int) -> None:
        self._edits(message)
        self._shows(frozenset({"menu"}), fresh=True)

    def found(self) -> None:
        self.at_dialog = True
        self._shows(STANDING)

    def answered(self, message: int) -> None:
        self.step += 1
        self._edits(message)
        self._shows(STANDING)

    def started_over(self) -> None:
        self.step = 0
        self._shows(STANDING, fresh=True)

    # -- the owner and the person

    def wished(self, kind: Literal["question", "chat"]) -> None:
        """A person is wished for: anew, or once more, then for the whole chat if that is wider."""
        handover = self.open
        if handover is None:
            handover = Handover(kind)
            self.handovers.append(handover)
            self._card(handover)
        elif kind == "chat" and handover.kind == "question":
            handover.kind = "chat"
            self._card_edit(handover)
        self._joined() if handover.speaks else self._shows(STANDING, wish=handover)

    def puzzled(self) -> None:
        """A text that the bot cannot answer, while nobody is expected."""
        self._shows(STANDING)

    def wrote(self, number: int, *, photo: bool = False) -> None:
        """Something for the person who is expected or there."""
        handover = self.open
        assert handover is not None
        self._brings(self.topic, "owner", number, photo=photo)
        if not handover.speaks:
            self._shows(STANDING)

    def talked_back(self) -> None:
        """From an answer to one question into a conversation."""
        handover = self.open
        assert handover is not None
        handover.kind = "chat"
        self._card_edit(handover)
        self._note("wants to talk")
        self._joined() if handover.speaks else self._shows(STANDING, wish=handover)

    def reminded(self) -> None:
        """Most commands, while a person speaks."""
        self._joined()

    def went_back(self) -> None:
        """The owner wants the bot again."""
        handover = self.open
        assert handover is not None
        self._end(handover)
        self._note("ended by the owner")

    def rated(self, message: int) -> None:
        assert self.newest is not None
        self.newest.rated = True
        self._edits(message)
        self._card_edit(self.newest)

    # -- the staff

    def claimed(self, handover: Handover, who: str) -> bool:
        """Whether they have it now (or had it before)."""
        if handover is self.open and handover.state == "waiting":
            handover.state, handover.by = "claimed", who
            self._card_edit(handover)
            if handover.kind == "chat":
                self._joined()
        return handover is self.open and handover.by == who

    def staff_wrote(self, who: str, number: int, *, photo: bool = False) -> None:
        handover = self.open
        if handover is None or not self.claimed(handover, who):
            self.oracle.expects(number, None)
            self._note("not sent")
            return
        self._brings(self.private, "staff", number, photo=photo)
        if handover.kind == "question" and not photo:
            self._shows(STANDING)

    def _has(self, handover: Handover, who: str) -> bool:
        return handover is self.open and handover.by == who

    def released(self, handover: Handover, who: str) -> None:
        if not self._has(handover, who):
            return
        handover.state, handover.by = "waiting", ""
        self._card_edit(handover)
        if handover.kind == "chat":
            self._shows(STANDING, wish=handover)

    def closed(self, handover: Handover, who: str) -> None:
        if self._has(handover, who):
            self._end(handover)

    def widened(self, handover: Handover, who: str) -> None:
        if self._has(handover, who) and handover.kind == "question":
            handover.kind = "chat"
            self._card_edit(handover)
            self._joined()

    def asked_to_pass(self, handover: Handover, who: str) -> None:
        if self._has(handover, who):
            self.topic.due.append(Due("the choice of a colleague", lambda seen: seen.of_handover("pass-to") > 0))

    def passed(self, handover: Handover, who: str, to: str) -> None:
        if self._has(handover, who):
            handover.by = to
            self._card_edit(handover)
            self._note("passed on")

    # -- what that leads to

    def _end(self, handover: Handover) -> None:
        was_there = handover.state == "claimed"
        handover.state, handover.by = "returned", ""
        self._card_edit(handover)
        if was_there:
            self.private.due.append(Due("how was it", lambda seen: _acts(seen) == {"rate"}, self._bot_again))
        self._shows(STANDING)

    def _shows(self, kinds: frozenset[str], *, fresh: bool = False, wish: Handover | None = None) -> None:
        step = self.step

        def fits(seen: Seen) -> bool:
            if seen.edit or seen.screen.kind not in kinds:
                return False
            if fresh or "greeting" in kinds:
                return seen.screen.step == 0 and (seen.screen.session > self.session or "greeting" in kinds)
            return _place(seen.screen) == (self.session, step)

        def tells(seen: Seen) -> None:
            self._bot_again(seen)
            if "greeting" not in kinds:
                self.session = seen.screen.session
            if seen.screen.kind in STANDING:
                self._look_at_question(seen.screen)
            if wish is not None:
                wish.number = max([wish.number, *(int(data.split(":")[3], 36) for data in _of(seen, "to-bot"))])

        self.private.due.append(Due(f"{'/'.join(sorted(kinds))} at step {step}", fits, tells))

    def _look_at_question(self, screen: Screen) -> None:
        """The same session and step must always show the same question."""
        node = screen.node or "advice"
        if self.nodes.setdefault(_place(screen), node) != node:
            self.oracle.wrong("moved", f"{self.name}: {node} instead of {self.nodes[_place(screen)]}")

    def _bot_again(self, seen: Seen) -> None:
        self.private.person_has_it = False

    def _joined(self) -> None:
        def tells(seen: Seen) -> None:
            self.private.person_has_it = True

        self.private.due.append(Due("a person is there", lambda seen: _acts(seen) == {"to-bot"}, tells))

    def _edits(self, message: int) -> None:
        fits = lambda seen: seen.edit and seen.screen.message_id == message and not seen.data  # noqa: E731
        self.private.due.append(Due(f"edit of {message}", fits))

    def _brings(self, ledger: Ledger, side: Side, number: int, *, photo: bool) -> None:
        self.oracle.expects(number, ledger)
        fits = lambda seen: not seen.edit and seen.word(side) == number and seen.photo == photo  # noqa: E731
        ledger.due.append(Due(f"{side}'s {'photo' if photo else 'text'} {number}", fits))

    def _note(self, name: str) -> None:
        def fits(seen: Seen) -> bool:
            return not (seen.edit or seen.word("owner") or seen.word("staff") or seen.data or seen.photo)

        self.topic.due.append(Due(f"note: {name}", fits))

    def _card(self, handover: Handover) -> None:
        def tells(seen: Seen) -> None:
            handover.number = seen.of_handover("claim")
            handover.cards.add(seen.screen.message_id)

        def fits(seen: Seen) -> bool:
            known = handover.number or seen.of_handover("claim")
            return not seen.edit and seen.of_handover("claim") == known > 0 and self.name in seen.screen.text

        self.topic.due.append(Due("a new card", fits, tells))

    def _card_edit(self, handover: Handover) -> None:
        state, by = handover.state, handover.by

        def fits(seen: Seen) -> bool:
            return seen.edit and seen.screen.message_id in handover.cards and _card_shows(seen, state, by)

        self.topic.due.append(Due(f"the card, {state} {by}", fits))

    def repeated(self, seen: Seen) -> None:
        """A card that came twice: its number is in its button."""
        for handover in self.handovers:
            if handover.number and handover.number == seen.of_handover("claim"):
                handover.cards.add(seen.screen.message_id)


def _card_shows(seen: Seen, state: str, by: str) -> bool:
    claim, close = seen.of_handover("claim") > 0, seen.of_handover("close") > 0
    shown = {"waiting": (True, False), "claimed": (False, True), "returned": (False, False)}[state]
    return (claim, close) == shown and (not by or by in seen.screen.text)


def _place(screen: Screen) -> tuple[int, int]:
    return screen.session, screen.step


def _acts(seen: Seen) -> set[str]:
    return set() if seen.edit else {data.split(":")[0] for data in seen.data}


def _of(seen: Seen, act: str) -> list[str]:
    return [data for data in seen.data if data.startswith(f"{act}:")]


WORDS: Final[Mapping[str, str]] = {
    "lost": "numbered texts lost",
    "astray": "numbered texts where they do not belong",
    "order": "numbered texts out of order",
    "due": "other messages missing, or not due",
    "dialog": "words of the dialog while a person has the chat",
    "duplicate": "messages repeated without excuse",
    "moved": "owners moved to another question",
    "claims": "claims with another winner, or with two",
    "state": "conversations whose topic or card tells another state",
    "refused": "requests refused by Telegram",
    "stuck": "owners who could not go on",
}


class HandoverOracle:
    """Hears every request (`heard`) and kill (`killed`); the conversations are told every act; `finish` judges."""

    def __init__(self, world: World, people: Mapping[int, str]) -> None:
        self._world = world
        self.conversations = {person: Conversation(self, person, name) for person, name in people.items()}
        self.violations: list[tuple[str, str]] = []
        self.updates = self.effects = self.kills = self.second_topics = self.went_on = self.began = 0
        self.repeats: Counter[tuple[int, int]] = Counter()
        self.repeated_words: Counter[str] = Counter()
        self.repeated_edits = 0
        self.restarts: list[float] = []
        self.life = 0
        self.number = 0
        """Of the newest numbered text."""
        self.claims: dict[str, tuple[bool, str]] = {}
        self.contested = 0
        self.toasts: dict[str, str] = {}
        self._expected: dict[int, Ledger | None] = {}
        self._arrived: dict[int, list[tuple[Ledger, int]]] = {}
        self._place = 0
        self._started, self._silent, self._born = 0.0, False, 0

    # -- what is told

    def fresh(self) -> int:
        """The number of the next text."""
        self.number += 1
        return self.number

    def expects(self, number: int, where: Ledger | None) -> None:
        """This text must arrive there; None: nowhere."""
        self._expected[number] = where

    def started(self) -> None:
        """The bot is being started."""
        self._started, self._silent, self._born = time.monotonic(), True, self.life

    def killed(self) -> None:
        """The bot was killed."""
        self.kills += 1

    @property
    def is_silent(self) -> bool:
        """Whether the bot has done nothing for anybody since its last start."""
        return self._silent

    @property
    def waiting(self) -> int:
        """In how many conversations something is due."""
        return sum(not one.idle for one in self.conversations.values() if not one.broken)

    def wrong(self, kind: str, what: str) -> None:
        """Something is not as it must be."""
        self.violations.append((kind, what))

    # -- what the pretend Telegram saw

    def heard(self, request: Request) -> None:
        """The bot asked for something."""
        if request.method == "getMe":
            self.life += 1
            return
        if request.method.startswith("get"):
            return
        self._spoke()
        if request.code != 200:
            self._refused(request)
        elif request.method == "createForumTopic":
            self._topic_made(request.outcome)
        elif request.method == "answerCallbackQuery":
            self.toasts[str(request.params["callback_query_id"])] = str(request.params.get("text", ""))
        elif request.method in ("sendMessage", "copyMessage", "editMessageText", "editMessageCaption"):
            self._shown(request)

    def _refused(self, request: Request) -> None:
        if any(word in str(request.outcome).lower() for word in HARMLESS):
            self.repeated_edits += 1
        else:
            self.wrong("refused", f"{request.method} in {request.chat_id}: {request.code} {request.outcome}")

    def _spoke(self) -> None:
        if self._silent and self.life > self._born:
            self.restarts.append(time.monotonic() - self._started)
            self._silent = False

    def _topic_made(self, topic: Mapping[str, Any]) -> None:
        owner = next((one for one in self.conversations.values() if re.search(rf"{one.name}\b", topic["name"])), None)
        if owner is None:
            self.wrong("state", f"a topic for nobody: {topic['name']}")
            return
        self.second_topics += bool(owner.threads)
        owner.threads.append(int(topic["message_thread_id"]))

    def _shown(self, request: Request) -> None:
        message = self._world.chats[request.chat_id].messages[int(request.outcome["message_id"])]
        text = str(message.get("text") or message.get("caption") or "")
        edit = request.method.startswith("edit")
        seen = Seen(screen_of({**message, "text": text}), "photo" in message, edit, self.life)
        conversation, ledger = self._where(request.chat_id, topic_of(message))
        if conversation is None or ledger is None:
            if seen.word("owner") and not seen.data:
                self.wrong("astray", f"in {request.chat_id}, topic {topic_of(message)}: {text[:60]!r}")
            return
        self._count(conversation, ledger, seen)
        self._take(conversation, ledger, seen)

    def _where(self, chat: int, thread: int) -> tuple[Conversation | None, Ledger | None]:
        if chat in self.conversations:
            return self.conversations[chat], self.conversations[chat].private
        found = next((one for one in self.conversations.values() if thread and thread in one.threads), None)
        return found, found.topic if found else None

    def _count(self, conversation: Conversation, ledger: Ledger, seen: Seen) -> None:
        """Where a numbered text arrived."""
        brings = not seen.edit and not any(data.startswith("!") for data in seen.data)
        number = seen.word("owner" if ledger is conversation.topic else "staff") if brings else 0
        if number:
            self._place += 1
            self._arrived.setdefault(number, []).append((ledger, self._place))

    def _take(self, conversation: Conversation, ledger: Ledger, seen: Seen) -> None:
        self.effects += 1
        first = ledger.last.life if ledger.last else seen.life  # of a repetition: the kill after it is to blame
        reborn = seen.life > first
        ledger.may_repeat = seen.repeats(ledger.last) and (reborn or ledger.may_repeat)
        ledger.recent.append(f"life {seen.life}: {'edit ' if seen.edit else ''}{seen.screen.message_id} {_about(seen)}")
        ledger.last = seen
        ledger.messages[seen.screen.message_id] = seen
        if ledger.broken:
            return
        spare = next((pair for pair in ledger.spare if pair[0].fits(seen)), None)
        if ledger.due and ledger.due[0].fits(seen):
            due = ledger.due.popleft()
            due.tells(seen)
            ledger.spare += [(due, first)] if ledger.may_repeat else []
            ledger.may_repeat = False
        elif ledger.may_repeat:
            ledger.may_repeat = False
            self.repeats[ledger.chat, first] += 1
            conversation.repeated(seen)
        elif spare:
            ledger.spare.remove(spare)
            self.repeats[ledger.chat, spare[1]] += 1
        else:
            self._object(ledger, seen)

    def _object(self, ledger: Ledger, seen: Seen) -> None:
        ledger.broken = True
        kind = "duplicate" if seen.repeats(ledger.last) and len(ledger.recent) > 1 and not ledger.due else "due"
        if ledger.person_has_it and any(data[:1] not in ("", "!") for data in seen.data):
            kind = "dialog"
        due = ", ".join(one.name for one in list(ledger.due)[:4]) or "nothing"
        before = "\n      ".join(["", *ledger.recent])
        self.wrong(kind, f"{ledger.about}: {_about(seen)}; due was {due}{before}")

    # -- judging

    def states_wrong(self) -> list[str]:
        """The conversations whose topic, or newest card, does not say what the staff made of it."""
        wrong = []
        topics = self._world.chats[STAFF_GROUP].topics
        for one in self.conversations.values():
            handover = one.newest
            if handover is None or one.broken or not one.idle:
                continue
            topic = topics[one.threads[-1]] if one.threads else None
            card = one.topic.messages.get(max(handover.cards, default=0))
            fine = topic and card and topic.closed is not handover.is_open
            fine = (
                fine and topic and (topic.name.endswith(f"· {handover.by}") if handover.by else "·" not in topic.name)
            )
            fine = fine and card and _card_shows(card, handover.state, handover.by)
            if not fine:
                told = f"topic {topic}, card {_about(card) if card else None}"
                wrong.append(f"{one.name}: {handover.state} by {handover.by or 'nobody'}, but {told}")
        return wrong

    def finish(self, yours: str) -> None:
        """Nothing more will come. `yours`: what the winner of a claim is told."""
        for one in self.conversations.values():
            for ledger in (one.private, one.topic):
                if ledger.due and not ledger.broken:
                    last = "\n      ".join(["", *ledger.recent])
                    self.wrong("due", f"{ledger.about}: never came: {[due.name for due in ledger.due][:6]}{last}")
        self._judge_words()
        for query, (won, what) in self.claims.items():
            toast = self.toasts.get(query, "")
            if toast and (toast == yours) is not won:
                self.wrong("claims", f"{what}: told {toast!r}")
        for (chat, life), times in self.repeats.items():
            if times > 1:
                self.wrong("duplicate", f"{times} messages of chat {chat} from life {life} came again")

    def _judge_words(self) -> None:
        order: dict[int, list[int]] = {}
        for number, ledger in self._expected.items():
            arrived = self._arrived.pop(number, [])
            here = [place for where, place in arrived if where is ledger]
            if ledger is not None and not here:
                self.wrong("lost", f"text {number}, to {ledger.about}")
            if len(here) < len(arrived):
                self.wrong("astray", f"text {number}: {[where.about for where, _ in arrived]}")
            if ledger is not None and here:
                self.repeated_words[_way(ledger)] += len(here) - 1
                order.setdefault(id(ledger), []).append(here[0])
        for number, arrived in self._arrived.items():
            self.wrong("astray", f"text {number}, that was for nobody: {[where.about for where, _ in arrived]}")
        for places in order.values():
            for before, after in itertools.pairwise(places):
                if after < before:
                    self.wrong("order", "a text came before one that was written earlier")

    def counts(self) -> Counter[str]:
        """Violations, by kind."""
        return Counter(kind for kind, _ in self.violations)

    def report(self) -> str:
        """The figures, and what went wrong."""
        ways = Counter(_way(ledger) for ledger in self._expected.values() if ledger is not None)
        refused = sum(ledger is None for ledger in self._expected.values())
        counts = self.counts()
        handovers = [handover for one in self.conversations.values() for handover in one.handovers]
        most = max(self.repeats.values(), default=0)
        return "\n".join([
            f"{self.kills} kills, {self.updates} updates, {self.effects} messages and edits, "
            f"{len(handovers)} handovers",
            f"numbered texts and photos: {ways['to the staff']} to the staff, {ways['to owners']} to owners, "
            f"{refused} by staff who do not have the chat (none of these may arrive)",
            *(f"{counts[kind]:6} {what}" for kind, what in WORDS.items()),
            f"{sum(self.repeats.values()):6} messages repeated after a kill, at most {most} a chat and kill; of these "
            f"{self.repeated_words['to the staff']} texts to the staff, {self.repeated_words['to owners']} to owners",
            f"{self.second_topics:6} topics made twice, {self.repeated_edits} edits repeated in vain",
            f"{self.contested:6} claims contested, {len(self.claims)} claims",
            f"{self.went_on:6} of {self.began} owners who had begun went on at the same question in the end",
            _restarts(self.restarts),
            *(f"WRONG ({kind}) {what}" for kind, what in self.violations[:SHOWN]),
        ])  # fmt: skip


def _way(ledger: Ledger) -> str:
    return "to the staff" if ledger.chat == STAFF_GROUP else "to owners"


def _restarts(seconds: list[float]) -> str:
    if not seconds:
        return "no start"
    ordered = sorted(seconds)
    middle, last = ordered[len(ordered) // 2], ordered[-1]
    return f"from a start to the first sign of life: median {middle:.1f} s, longest {last:.1f} s"


def _about(seen: Seen) -> str:
    acts = sorted({data.split(":")[0] for data in seen.data})
    place = f" {seen.screen.session}:{seen.screen.step}" if seen.data and not seen.data[0].startswith("!") else ""
    return f"{'photo ' if seen.photo else ''}{acts}{place} {seen.screen.text[:50]!r}"
