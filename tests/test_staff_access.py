"""Who may do what: every act, by everybody who could try it, over real turns and a real database.

The table stands in `ACTS` and `expected`; `python tests/test_staff_access.py` prints it. What is not granted there is
denied, and an act that the code knows and the table does not is a failure.

    done      it takes effect (looked up in the database, and in what the group and the owner are told)
    refused   nothing changes; a toast, or a word in the group, says so
    own       it comes to something in the actor's own conversation alone, as any other words would
    -         nothing changes, and nothing is said
"""

import itertools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from harness.staff import IVO, JONAS, OLGA, PETRA, STAFF_GROUP, part, said
from harness.stepped import Stepped

from bot.chat.updates import read_update
from bot.dialog.engine import COMMANDS as OWNERS_COMMANDS
from bot.preview.chats import Person
from bot.staff import drafts, group, owner, rights
from bot.staff.posts import Tap
from bot.turns import Answer

ANA, BEN, CY, DAN, EVE, FIN = 7, 8, 9, 10, 11, 12
NEW, RITA, LEO = 13, Person(720_000_011, "Rita", "en"), Person(720_000_012, "Leo", "en")
ANONYMOUS, CHANNEL_BOT, TELEGRAM = 1087968824, 136817688, 777000
OTHER_GROUP: Final = {"id": -1_002_000_000_777, "title": "Elsewhere", "type": "supergroup"}
CHANNEL: Final = {"id": -1_002_000_000_888, "title": "News", "type": "channel"}
ODD = "Will it rain tomorrow?"
WORDS = "Words that must not go astray"
CELL = "outsourcing/definition"
ENTRY = "Somebody else does"

Json = dict[str, Any]
DONE, REFUSED, OWN, NOTHING = "done", "refused", "own", "-"


# -- who ---------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Actor:
    """Somebody, and where they act. `id` 0: the owner of the chat that the act is about. `more`: in their messages."""

    name: str
    id: int
    where: str = "group"
    more: Mapping[str, Any] = field(default_factory=dict)
    is_bot: bool = False
    presses_as: int = 0

    def sender(self, whose: int, *, press: bool = False) -> Json:
        """As a Bot API User."""
        number = (press and self.presses_as) or self.id or whose
        names = {one.id: one.first_name for one in (PETRA, JONAS, OLGA, IVO, RITA, LEO)}
        is_bot = self.is_bot and not (press and self.presses_as)
        return {"id": number, "is_bot": is_bot, "first_name": names.get(number, f"Person {number}")}

    def chat(self, staff: Json, whose: int) -> Json:
        """Where they act."""
        if self.where == "private":
            return {"id": self.id or whose, "type": "private", "first_name": "x"}
        return staff if self.where == "group" else OTHER_GROUP


FORWARDED: Final = {"forward_origin": {"type": "user", "sender_user": OLGA.user(), "date": 1}}
HAS = Actor("staff who has it", PETRA.id)
HAS_NOT = Actor("staff who has it not", JONAS.id)
ADMIN = Actor("admin", OLGA.id)
AS_GROUP: Final = {"sender_chat": {"id": STAFF_GROUP, "title": "Staff", "type": "supergroup"}}
HIDDEN = Actor("anonymous admin", ANONYMOUS, more=AS_GROUP, is_bot=True, presses_as=OLGA.id)
OWNER = Actor("its owner, in private", 0, "private")
ADMIN_IN_PRIVATE = Actor("admin, in private", OLGA.id, "private")
ACTORS: Final = (
    HAS,
    HAS_NOT,
    ADMIN,
    HIDDEN,
    Actor("member without role", IVO.id),
    Actor("staff no more (revoked)", RITA.id),
    Actor("staff no more (left, back)", LEO.id),
    Actor("member who forwards an admin", IVO.id, more=FORWARDED),
    Actor("its owner, in the group", 0),
    Actor("a channel", CHANNEL_BOT, more={"sender_chat": CHANNEL}, is_bot=True),
    Actor("777000", TELEGRAM, more={"sender_chat": CHANNEL, "is_automatic_forward": True}),
    Actor("another bot", 4321, is_bot=True),
    Actor("admin, in another group", OLGA.id, "elsewhere"),
    Actor("stranger, in private", EVE, "private"),
    Actor("stranger who forwards an admin", EVE, "private", more=FORWARDED),
    OWNER,
    Actor("another owner, in private", DAN, "private"),
    Actor("staff and owner, in private", PETRA.id, "private"),
    ADMIN_IN_PRIVATE,
)
ORDERS: Final = ("order", "private order")
STAFF: Final = (HAS, HAS_NOT, ADMIN)
NOBODY_AT_ALL: Final = ("a channel", "777000", "another bot")


# -- what they meet ----------------------------------------------------------------------------------------------------


class Base:
    """A bot with conversations in every state; what a cell changes is put back.

    Handovers: of Ana (the chat, Petra has it), Ben (waits), Cy (a question, Petra has it), Fin (ended). Drafts: 1 is
    being written and 2 submitted, by Petra; 3 is submitted by Olga.
    """

    def __init__(self) -> None:
        self.desk = Stepped()
        self.desk.delivery.room._known = True
        self.numbers = itertools.count(1_000_000_000)
        self.staff: Json = self.desk.group.facts
        self.ids: dict[str, int] = {}
        self.data: dict[str, str] = {}
        self._build()
        self._kept = self._file()

    def _build(self) -> None:
        visitors = self.desk.telegram.visitors
        for person in (ANA, BEN, CY, DAN, EVE, FIN):
            visitors.add_person(f"Person {person}", "en", person_id=person)
        for one in (RITA, LEO):
            self.desk.telegram.world.add_person(one)
            visitors.join(one.id, STAFF_GROUP)
            visitors.say(one.id, "/mine", chat_id=STAFF_GROUP)
            self.go()
            self.press(OLGA.id, f"!{Tap('grant', one.id).data()[1:]}", STAFF_GROUP)
        self.press(OLGA.id, f"!{Tap('revoke', RITA.id).data()[1:]}", STAFF_GROUP, shown=False)
        visitors.leave(LEO.id, STAFF_GROUP)
        visitors.join(LEO.id, STAFF_GROUP)
        for person in (ANA, BEN, CY, DAN, FIN, PETRA.id):
            visitors.say(person, "/start")
            self.go()
            self.press(person, "agree")
        for person in (ANA, BEN, FIN):
            visitors.say(person, "/human")
            self.go()
        visitors.say(CY, ODD)
        self.go()
        self.press(CY, "person")
        self.ids = {str(chat): number for chat, number in self.desk.rows("SELECT chat_id, id FROM handover")}
        for person in (ANA, CY, FIN):
            self.tap(PETRA.id, "claim", person)
        self.say(PETRA.id, "An answer to Fin", FIN)
        self.tap(PETRA.id, "close", FIN)
        self.ids["ana's words"] = visitors.say(ANA, "Ana's words")["message"]["message_id"]
        self.ids["petra's words"] = self.say(PETRA.id, "Petra's words", ANA)
        self.go()
        self.say(PETRA.id, "An answer to Cy", CY)
        for person, states in ((PETRA.id, "draft"), (PETRA.id, "submit"), (OLGA.id, "submit")):
            self.say(person, "/teach Take an umbrella.", CY)
            draft = self.desk.rows("SELECT max(id) FROM taught")[0][0]
            if states == "submit":
                self.press(person, Tap("submit", draft).data(), STAFF_GROUP)
        self.data = {name: self._button(person, name) for name, person in
                     (("to-bot", ANA), ("talk", CY), ("rate", FIN))}  # fmt: skip

    # -- building

    def go(self) -> None:
        """All that came is taken, and delivered."""
        self.desk.take(self.desk.came())
        self.desk.deliver()

    def say(self, person: int, text: str, about: int) -> int:
        """A member writes in an owner's topic; gives the message."""
        told = self.desk.telegram.visitors.say(person, text, chat_id=STAFF_GROUP, thread_id=self.thread(about))
        self.go()
        return int(told["message"]["message_id"])

    def tap(self, person: int, act: str, about: int) -> None:
        self.press(person, Tap(act, self.ids[str(about)]).data(), STAFF_GROUP)

    def press(self, person: int, data: str, chat: int = 0, *, shown: bool = True) -> None:
        """The newest button whose data begins so."""
        world = self.desk.telegram.world
        messages = list(world.chats[chat or person].messages.values())
        found = [(one["message_id"], button["callback_data"]) for one in messages for button in _buttons(one)]
        fits = [(message, whole) for message, whole in found if whole.split(":")[0] == data or whole.startswith(data)]
        assert fits or not shown, (data, found)
        message, whole = fits[-1] if fits else (messages[-1]["message_id"], data)
        self.desk.telegram.visitors.press(person, message, whole, chat_id=chat)
        self.go()

    def _button(self, person: int, action: str) -> str:
        messages = self.desk.telegram.world.chats[person].messages.values()
        listed = [button["callback_data"] for one in messages for button in _buttons(one)]
        return str(next(data for data in reversed(listed) if data.startswith(f"{action}:")))

    def thread(self, person: int) -> int:
        """Their topic."""
        return int(self.desk.rows(f"SELECT thread_id FROM topic WHERE chat_id = {person}")[0][0])

    def card(self, person: int) -> int:
        """The message that is their card."""
        row = self.desk.rows(f"SELECT card_id FROM handover WHERE chat_id = {person}")[0][0]
        edits = self.desk.rows(f"SELECT message_id FROM outbox WHERE id = {row}")[0][0]
        return int(edits)

    def draft_card(self) -> int:
        """The message that shows the first draft."""
        row = "SELECT card_id FROM taught WHERE id = 1"
        return int(self.desk.rows(f"SELECT message_id FROM outbox WHERE id = ({row})")[0][0])

    # -- one cell

    def put_back(self) -> None:
        """As it was."""
        self.desk.run(self.desk._stack.aclose())
        self.desk._stack = type(self.desk._stack)()
        if self.desk._looking:
            self.desk._looking.close()
            self.desk._looking = None
        for path in self.desk.folder.glob("bot.db*"):
            path.unlink()
        (self.desk.folder / "bot.db").write_bytes(self._kept)
        self.desk.start()

    def _file(self) -> bytes:
        self.desk.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        return (self.desk.folder / "bot.db").read_bytes()

    def take(self, *raws: Json) -> list[str]:
        """These updates, in one batch; gives the toasts."""
        answers = self.desk.run(
            self.desk.turns.take([read_update({"update_id": next(self.numbers), **raw}) for raw in raws])
        )
        return [answer.toast for answer in answers if isinstance(answer, Answer)]

    def state(self, without: int = 0) -> list[Any]:
        """What must not change by accident: roles, handovers, drafts, notes, words to owners, where they stand.

        `without`: this owner's own conversation.
        """
        return [
            self.desk.rows("SELECT person_id, role FROM role ORDER BY 1"),
            self.desk.rows(
                f"SELECT id, chat_id, state, kind, claimed_by, ending, rating FROM handover WHERE chat_id != {without}"
            ),
            self.desk.rows("SELECT handover_id, by, text FROM note"),
            self.desk.rows("SELECT id, state, question, text, concept, facet, approved_by FROM taught"),
            self.desk.rows(
                f"SELECT id, chat_id, what, text, edits_row FROM outbox WHERE chat_id > 0 AND chat_id != {without}"
            ),
            self.desk.rows(f"SELECT id, session_id, question_id, language FROM chat WHERE id != {without}"),
            self.desk.rows(f"SELECT id, step, answers, open, lines FROM session WHERE chat_id != {without}"),
        ]

    def matters(self) -> list[Any]:
        """Roles, handovers, notes and drafts alone: what the next cell builds on."""
        return self.state()[:4]

    def newest(self) -> int:
        """The newest row of the outbox."""
        return int(self.desk.rows("SELECT coalesce(max(id), 0) FROM outbox")[0][0])


def _buttons(message: Mapping[str, Any]) -> list[Json]:
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    return [button for row in rows for button in row]


@dataclass(frozen=True)
class After:
    """What came of an act. `posts` to the group: text, what, handover, buttons; `told` to owners: chat, text, what."""

    base: Base
    posts: list[tuple[str, str, int, str]]
    told: list[tuple[int, str, str]]
    actor: int
    changed: bool

    def one(self, sql: str) -> Any:
        rows = self.base.desk.rows(sql)
        return rows[0][0] if rows else None

    def of(self, person: int, column: str) -> Any:
        """A column of this owner's handover."""
        return self.one(f"SELECT {column} FROM handover WHERE chat_id = {person} ORDER BY id DESC LIMIT 1")

    def posted(self, words: str) -> bool:
        """Whether the group reads this."""
        return any(words in text + buttons for text, _, _, buttons in self.posts)

    def heard(self, person: int, words: str) -> bool:
        """Whether this owner reads this."""
        return any(chat == person and words in text for chat, text, _ in self.told)


# -- what they try -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Act:
    """One thing to try. `whose`: the owner it is about; `by`: whom it is granted to (nobody else).

    `make` gives the update, without its number; `done`: whether it took effect. `kind` says how a refusal looks.
    """

    name: str
    kind: str
    whose: int
    by: Sequence[Actor]
    make: Callable[["Base", Actor], Json]
    done: Callable[[After], bool] = lambda after: False


def _message(base: Base, actor: Actor, whose: int, body: Json, thread: int = 0, reply_to: int = 0) -> Json:
    chat = actor.chat(base.staff, whose)
    where: Json = {}
    if thread and actor.where != "private":
        where = {"message_thread_id": thread, "is_topic_message": True, "reply_to_message": {"message_id": thread}}
    if reply_to:
        where["reply_to_message"] = {"message_id": reply_to}
    number = next(base.numbers)
    head = {"message_id": number, "date": base.desk.now // 1000, "chat": chat, "from": actor.sender(whose)}
    return {**head, **actor.more, **where, **body}


def tap(act: str, whose: int, by: Sequence[Actor], done: Callable[[After], bool], about: int = 0, *words: str,
        name: str = "") -> Act:  # fmt: skip
    """A press on a button of the staff, forged or not."""

    def make(base: Base, actor: Actor) -> Json:
        data = Tap(act, about or base.ids[str(whose)], words).data()
        return press(base, actor, whose, data)

    return Act(name or f"!{act}", "tap", whose, by, make, done)


def press(base: Base, actor: Actor, whose: int, data: str) -> Json:
    chat = actor.chat(base.staff, whose)
    message = {"message_id": 1, "date": 0, "chat": chat}
    sender = actor.sender(whose, press=True)
    return {"callback_query": {"id": str(next(base.numbers)), "from": sender, "message": message, "data": data}}


def order(name: str, argument: str, by: Sequence[Actor], done: Callable[[After], bool], whose: int = CY) -> Act:
    """A command in a topic."""

    def make(base: Base, actor: Actor) -> Json:
        return {"message": _message(base, actor, whose, {"text": f"/{name} {argument}".strip()}, base.thread(whose))}

    return Act(f"/{name}", "order", whose, by, make, done)


def owners_order(name: str) -> Act:
    """A command that only owners have, in the group."""

    def make(base: Base, actor: Actor) -> Json:
        return {"message": _message(base, actor, DAN, {"text": f"/{name}"}, base.thread(ANA))}

    return Act(f"/{name} (owners')", "owners' order", DAN, (), make)


def private_order(name: str, by: Sequence[Actor], done: Callable[[After], bool]) -> Act:
    """A command that some have in private; in the group, and to anybody else, it is one that nobody knows."""

    def make(base: Base, actor: Actor) -> Json:
        return {"message": _message(base, actor, DAN, {"text": f"/{name}"}, base.thread(ANA))}

    return Act(f"/{name} (in private)", "private order", DAN, by, make, done)


def owners_press(action: str, whose: int, done: Callable[[After], bool]) -> Act:
    """A press on a button that belongs to one owner."""

    def make(base: Base, actor: Actor) -> Json:
        return press(base, actor, whose, base.data[action])

    return Act(f"button {action!r} of an owner", "owners' press", whose, (OWNER,), make, done)


def words(name: str, whose: int, by: Sequence[Actor], done: Callable[[After], bool], body: Json | None = None, *,
          where: str = "topic", kind: str = "words") -> Act:  # fmt: skip
    """Words, or media, in a topic (`where`), as a reply to a card or a draft, or in General."""

    def make(base: Base, actor: Actor) -> Json:
        thread = base.thread(whose) if where == "topic" else 0
        reply_to = {"card": base.card(whose), "draft": base.draft_card()}.get(where, 0)
        return {"message": _message(base, actor, whose, body or {"text": WORDS}, thread, reply_to)}

    return Act(name, kind, whose, by, make, done)


def edit(name: str, message: str, whose: int, by: Sequence[Actor], done: Callable[[After], bool]) -> Act:
    """What was brought to the other side is edited."""

    def make(base: Base, actor: Actor) -> Json:
        edited = _message(base, actor, whose, {"text": WORDS, "edit_date": base.desk.now // 1000}, base.thread(whose))
        return {"edited_message": {**edited, "message_id": base.ids[message]}}

    return Act(name, "edit", whose, by, make, done)


def leaves() -> Act:
    """They leave the group: done means that a role is gone."""

    def make(base: Base, actor: Actor) -> Json:
        gone = {"message_id": next(base.numbers), "date": base.desk.now // 1000, "chat": actor.chat(base.staff, ANA)}
        return {"message": {**gone, "from": actor.sender(ANA), "left_chat_member": actor.sender(ANA)}}

    def done(after: After) -> bool:
        gone = after.one(f"SELECT role = 'former' FROM role WHERE person_id = {after.actor}")
        return bool(gone) and after.changed

    return Act("leaves the group", "leaves", ANA, (HAS, HAS_NOT), make, done)


def _claimed(whose: int) -> Callable[[After], bool]:
    return lambda after: after.of(whose, "claimed_by") == after.actor and after.of(whose, "state") == "claimed"


def _role(person: int, role: str) -> Callable[[After], bool]:
    return lambda after: bool(after.one(f"SELECT role FROM role WHERE person_id = {person}") == role)


def _draft(number: int, column: str, value: object) -> Callable[[After], bool]:
    return lambda after: bool(after.one(f"SELECT {column} FROM taught WHERE id = {number}") == value)


PHOTO: Final = {"photo": [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}], "caption": WORDS}
HAS_OR_ADMIN: Final = (HAS, ADMIN, HIDDEN)
"""A press of an anonymous admin carries who they are."""
TAPPERS: Final = (*STAFF, HIDDEN)
BOSSES: Final = (ADMIN, HIDDEN)


def acts() -> list[Act]:
    """Every row of the table."""
    code = next(one.cell.code for name, one in base_of().desk.content.knowledge.by_name.items() if name == CELL)
    return [
        tap("claim", BEN, TAPPERS, _claimed(BEN)),
        tap("release", ANA, HAS_OR_ADMIN, lambda after: after.of(ANA, "state") == "waiting"),
        tap("pass", ANA, HAS_OR_ADMIN, lambda after: after.posted("!pass-to:")),
        tap("pass-to", ANA, HAS_OR_ADMIN, lambda after: after.of(ANA, "claimed_by") == JONAS.id, 0, _b36(JONAS.id)),
        tap("close", ANA, HAS_OR_ADMIN, lambda after: after.of(ANA, "ending") == "closed"),
        tap("talk", CY, HAS_OR_ADMIN, lambda after: after.of(CY, "kind") == "chat"),
        tap("open", BEN, (), lambda after: bool(after.posts)),
        tap("teach", FIN, TAPPERS, lambda after: after.one("SELECT count(*) FROM taught") == 4),
        tap("send", BEN, TAPPERS, lambda after: after.heard(BEN, ENTRY) and _claimed(BEN)(after), 0, code, "en"),
        tap("send", ANA, (HAS,), lambda after: after.heard(ANA, ENTRY), 0, code, "en",
            name="!send (to one whom another has)"),
        tap("edit", ANA, TAPPERS, lambda after: after.posted("<pre>"), 0, code, "en"),
        tap("grant", ANA, BOSSES, _role(NEW, "staff"),
            NEW, "Newcomer"),
        tap("grant", ANA, BOSSES, _role(RITA.id, "staff"),
            RITA.id, "Rita", name="!grant (again)"),
        tap("revoke", ANA, BOSSES, _role(JONAS.id, "former"),
            JONAS.id),
        tap("revoke", ANA, (), lambda after: after.one(f"SELECT role FROM role WHERE person_id = {OLGA.id}") != "admin",
            OLGA.id, name="!revoke (an admin)"),
        tap("concept", CY, TAPPERS, lambda after: after.posted("!is-concept:"), 1),
        tap("facet", CY, TAPPERS, lambda after: after.posted("!is-facet:"), 1),
        tap("is-concept", CY, TAPPERS, _draft(1, "concept", "outsourcing"), 1, "outsourcing"),
        tap("is-facet", CY, TAPPERS, _draft(1, "facet", "fit"), 1, "fit"),
        tap("submit", CY, TAPPERS, _draft(1, "state", "submitted"), 1),
        tap("drop", CY, TAPPERS, _draft(1, "state", "refused"), 1),
        tap("approve", CY, BOSSES, _draft(2, "state", "approved"), 2),
        tap("approve", CY, (), _draft(3, "state", "approved"), 3, name="!approve (one's own)"),
        tap("approve", CY, (), _draft(1, "state", "approved"), 1, name="!approve (not submitted)"),
        tap("refuse", CY, BOSSES, _draft(2, "state", "refused"), 2),
        order("queue", "", STAFF, lambda after: after.posted("!claim:")),
        order("mine", "", STAFF, lambda after: after.posted(said("staff-mine-empty")) or after.posted("<b>#")),
        order("faq", "What is outsourcing?", STAFF, lambda after: after.posted("!send:")),
        order("note", WORDS, STAFF, lambda after: after.one("SELECT text FROM note") == WORDS),
        order("teach", WORDS, STAFF, lambda after: after.one("SELECT count(*) FROM taught") == 4),
        order("staff", "", (ADMIN,), lambda after: after.posted(str(JONAS.id))),
        order("help", "", STAFF, lambda after: after.posted(part("staff-help"))),
        *(owners_order(name) for name in OWNERS_COMMANDS if name not in group.COMMANDS),
        owners_order("xyzzy"),
        private_order("review", (ADMIN_IN_PRIVATE,), lambda after: [one[::2] for one in after.told] == [
            (OLGA.id, "login")]),
        words("words in a topic", ANA, (HAS, OWNER), _passed(ANA)),
        words("words in the topic of one who waits", BEN, STAFF,
              lambda after: after.heard(BEN, WORDS) and _claimed(BEN)(after)),
        words("words in reply to a card", ANA, (HAS, OWNER), _passed(ANA),
              where="card"),
        words("words in reply to a draft", CY, STAFF, _draft(1, "text", WORDS), where="draft", kind="chatter"),
        words("a photo in a topic", ANA, (HAS, OWNER), lambda after: _copied(after, ANA), PHOTO),
        words("words in General", ANA, (OWNER,), lambda after: _brought(after, ANA), where="General", kind="chatter"),
        words("a photo in General", ANA, (OWNER,), lambda after: _copied(after, ANA), PHOTO, where="General",
              kind="chatter"),
        edit("edits what was sent to the owner", "petra's words", ANA, (HAS,), lambda after: after.heard(ANA, WORDS)),
        edit("edits what was brought to the staff", "ana's words", ANA, (OWNER,), lambda after: _brought(after, ANA)),
        owners_press("to-bot", ANA, lambda after: after.of(ANA, "ending") == "owner"),
        owners_press("talk", CY, lambda after: after.of(CY, "kind") == "chat"),
        owners_press("rate", FIN, lambda after: after.of(FIN, "rating") > 0),
        leaves(),
    ]  # fmt: skip


def _b36(number: int) -> str:
    return Tap("x", number).data().split(":")[1]


def _brought(after: After, whose: int) -> bool:
    about = after.of(whose, "id")
    return any(WORDS in text and handover == about for text, _, handover, _ in after.posts)


def _passed(whose: int) -> Callable[[After], bool]:
    """To the owner, or of the owner's to the staff."""
    return lambda after: after.heard(whose, WORDS) or _brought(after, whose)


def _copied(after: After, whose: int) -> bool:
    """To the owner, or of the owner's to the staff."""
    about = after.of(whose, "id")
    to_owner = any(chat == whose and what == "copy" for chat, _, what in after.told)
    return to_owner or any(what == "copy" and handover == about for _, what, handover, _ in after.posts)


# -- what must come of it ----------------------------------------------------------------------------------------------


def expected(act: Act, actor: Actor) -> str:
    """A cell of the table: denied, unless it is granted. How a denial looks depends on who is denied what, where."""
    if actor in act.by:
        return DONE
    if actor.where == "private":
        return _in_private(act, actor)
    return _in_group(act, actor) if actor.where == "group" else NOTHING


def _in_group(act: Act, actor: Actor) -> str:
    """People are told, on a button in any case; of what the staff do not know as an act, the staff alone."""
    if act.kind in ("tap", "owners' press"):
        return REFUSED
    if act.kind in ("owners' order", "private order"):
        return REFUSED if actor in STAFF else NOTHING
    return NOTHING if actor.name in NOBODY_AT_ALL or act.kind in ("chatter", "edit", "leaves") else REFUSED


def _in_private(act: Act, actor: Actor) -> str:
    """There everybody is an owner, or may become one: nothing of the staff's exists."""
    if act.kind in ("edit", "leaves"):
        return NOTHING
    if act.kind in ("tap", "owners' press"):
        return REFUSED
    if act.kind in ORDERS and act.name != "/help":
        return REFUSED
    return OWN


_BASE: list[Base] = []


def base_of() -> Base:
    """The one of this process: it takes a moment to build."""
    if not _BASE:
        _BASE.append(Base())
    return _BASE[0]


def observed(base: Base, act: Act, actor: Actor) -> tuple[str, list[Any]]:
    """What comes of it, and what was seen."""
    me = actor.sender(act.whose, press=act.kind in ("tap", "owners' press"))["id"]
    own = me if actor.where == "private" else 0
    unknown = _unknown_here(base, act, actor, own) if act.kind in ORDERS and own else []
    raw = act.make(base, actor)
    before, newest = base.state(), base.newest()
    others = base.state(own)
    toasts = base.take(raw)
    sent = base.desk.rows(f"SELECT chat_id, text, what, handover_id, buttons FROM outbox WHERE id > {newest}")
    posts = [(text, what, about or 0, buttons) for chat, text, what, about, buttons in sent if chat == STAFF_GROUP]
    told = [(chat, text, what) for chat, text, what, _, _ in sent if chat > 0]
    changed = base.state() != before
    after = After(base, posts, told, me, changed)
    seen = [toasts, posts, told]
    assert not base.desk.rows("SELECT error FROM failed_update"), base.desk.rows("SELECT error FROM failed_update")
    if act.done(after):
        result = DONE
    elif own and base.state(own) == others and _all_of(base, own, posts) and (toasts or told):
        same = [text for _, text, _ in told] == unknown
        result = (REFUSED if same else "told apart") if act.kind in ORDERS and act.name != "/help" else OWN
        result = REFUSED if act.kind in ("tap", "owners' press") and (any(toasts) or told) else result
    elif changed:
        result = "CHANGED SOMETHING"
    elif any(toasts) or _is_hint(posts):
        result = REFUSED
    else:
        result = NOTHING if not posts else "POSTED SOMETHING"
    return result, seen


def _all_of(base: Base, own: int, posts: list[tuple[str, str, int, str]]) -> bool:
    """Whether these are about this owner's conversation alone."""
    mine = {number for (number,) in base.desk.rows(f"SELECT id FROM handover WHERE chat_id = {own}")}
    return all(about in mine for _, _, about, _ in posts)


def _unknown_here(base: Base, act: Act, actor: Actor, own: int) -> list[str]:
    """What this person reads on a command that nobody knows."""
    newest = base.newest()
    base.take({"message": _message(base, actor, act.whose, {"text": "/xyzzy"})})
    return [text for (text,) in base.desk.rows(f"SELECT text FROM outbox WHERE id > {newest} AND chat_id = {own}")]


def _is_hint(posts: list[tuple[str, str, int, str]]) -> bool:
    """One word to the group that it does not go, and a button for an admin at most."""
    phrases = (
        "staff-unknown-person",
        "staff-hidden",
        "staff-only-admins",
        "staff-not-sent",
        "staff-over",
        "staff-help",
    )
    return len(posts) == 1 and any(part(phrase) in posts[0][0] for phrase in phrases)


# -- the tests ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def base() -> Iterator[Base]:
    yield base_of()
    base_of().desk.end()
    _BASE.clear()


@pytest.mark.parametrize("actor", ACTORS, ids=lambda actor: actor.name)
def test_everybody_may_do_what_the_table_grants_and_nothing_else(base: Base, actor: Actor) -> None:
    """Every act of the table, one after the other; what one changes is put back before the next."""
    base.put_back()
    wrong, untouched = [], base.matters()
    for act in acts():
        result, seen = observed(base, act, actor)
        if result != expected(act, actor):
            wrong.append(f"{act.name}: {result} instead of {expected(act, actor)}; {seen}")
        if result == DONE or (result == REFUSED and seen[1]) or base.matters() != untouched:
            base.put_back()
    assert not wrong, "\n".join([f"{actor.name}:", *wrong])


def test_no_act_is_missing_from_the_table() -> None:
    """Neither a button, a command, a rule of a draft nor a right; and every right is asked for somewhere."""
    taps = {act.name.split()[0].lstrip("!") for act in acts() if act.kind == "tap"}
    orders = {act.name.split()[0].lstrip("/") for act in acts() if act.kind == "order"}
    assert {*group.TAPS, *drafts.RULES} == taps - {"open"}, "an old button is in the table, too"
    assert {*group.ORDERS, *group.COMMANDS} == orders
    private = {act.name.split()[0].lstrip("/") for act in acts() if act.kind == "private order"}
    assert set(rights.MAY) - taps - orders - private == {"reply", "reword"}, "the two are rows of words"
    assert {f"button {action!r} of an owner" for action in owner.PRESSES} <= {act.name for act in acts()}
    assert {name for name in OWNERS_COMMANDS if name != "help"} <= {
        act.name.split()[0].lstrip("/") for act in acts() if act.kind == "owners' order"
    }


def _named(name: str) -> Act:
    return next(act for act in acts() if act.name == name)


@pytest.mark.parametrize("how", ["revoked", "left", "expelled"])
def test_who_loses_the_role_may_nothing_with_the_next_update(base: Base, how: str) -> None:
    """Though it comes in the same batch, and though they have the chat."""
    base.put_back()
    gone = {
        "revoked": press(base, ADMIN, ANA, Tap("revoke", PETRA.id).data()),
        "left": leaves().make(base, HAS),
        "expelled": {
            "chat_member": {
                "chat": base.staff, "from": OLGA.user(), "date": 1,
                "old_chat_member": {"user": PETRA.user(), "status": "member"},
                "new_chat_member": {"user": PETRA.user(), "status": "kicked", "until_date": 0},
            }
        },
    }[how]  # fmt: skip
    before, newest = base.state(), base.newest()
    names = ("words in a topic", "a photo in a topic", "!close", "!claim", "edits what was sent to the owner", "/note")
    base.take(gone, *(_named(name).make(base, HAS) for name in names))
    after = base.state()
    assert (PETRA.id, "former") in after[0]
    assert after[1:] == before[1:]
    assert not base.desk.rows(f"SELECT text FROM outbox WHERE id > {newest} AND chat_id > 0")


def test_who_gets_the_role_may_with_the_next_update(base: Base) -> None:
    """In the same batch, too."""
    base.put_back()
    ivo = next(one for one in ACTORS if one.name == "member without role")
    grant = press(base, ADMIN, ANA, Tap("grant", IVO.id, ("Ivo",)).data())
    base.take(_named("!claim").make(base, ivo))
    assert base.desk.rows(f"SELECT claimed_by FROM handover WHERE chat_id = {BEN}") == [(0,)]
    base.take(grant, _named("!claim").make(base, ivo))
    assert base.desk.rows(f"SELECT claimed_by FROM handover WHERE chat_id = {BEN}") == [(IVO.id,)]


def test_leaving_another_group_takes_no_role(base: Base) -> None:
    """Nor does anything that another group says about itself move the staff's."""
    base.put_back()
    before = base.state()
    other = Actor("Petra, elsewhere", PETRA.id, "elsewhere")
    grew = {"message_id": 5, "date": 1, "chat": OTHER_GROUP, "from": OLGA.user(), "migrate_to_chat_id": -100_999}
    base.take(leaves().make(base, other), {"message": grew})
    assert base.state() == before
    assert base.desk.turns.desk.chat == STAFF_GROUP


def table() -> str:
    """The table, as Markdown."""
    rows = [["", *(actor.name for actor in ACTORS)]]
    rows += [[act.name, *(expected(act, actor) for actor in ACTORS)] for act in acts()]
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * len(rows[0]), *lines[1:]])


if __name__ == "__main__":
    sys.stdout.write(table() + "\n")
