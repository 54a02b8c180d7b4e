"""The staff's side: what each event in their group comes to. Rights are checked first, at every act (rights.py)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from bot.dialog import place
from bot.dialog.moves import stay
from bot.dialog.phrases import escaped
from bot.dialog.presses import base36
from bot.dialog.session import Reply, Turn
from bot.dialog.view import View, lines
from bot.knowledge.taught import Taught
from bot.staff import cards, drafts, lookups, owner
from bot.staff.events import Corrected, GroupEvent, Left, Ordered, Posted, Tapped, Wrote
from bot.staff.handover import Handover, claimed, released, staff_spoke, widened
from bot.staff.moment import Known, Moment, Person
from bot.staff.outcome import Outcome
from bot.staff.posts import Post, Tap, called, read_tap
from bot.staff.rights import STAFF, may

NOTHING: Final = Outcome()
COMMANDS: Final = ("queue", "mine", "faq", "note", "teach", "staff", "help")
"""What the staff may write after a slash."""


@dataclass(frozen=True, slots=True)
class Scene:
    """An event in the group, and what it meets. `view`: of the owner it is about, None: of nobody."""

    moment: Moment
    known: Known
    event: GroupEvent
    view: View | None = None

    @property
    def role(self) -> str:
        """Of the one who did it."""
        person = self.known.people.get(self.event.who.id)
        return person.role if person and self.event.who.id else ""

    @property
    def name(self) -> str:
        """By which the others know them."""
        return called(self.event.who.name) or str(self.event.who.id)

    @property
    def handover(self) -> Handover:
        """The one it is about. Only where there is one."""
        assert self.known.handover is not None
        return self.known.handover

    def says(self, phrase: str, **variables: object) -> str:
        """A phrase to the staff; HTML."""
        return self.moment.words.say(phrase, **variables)

    def plain(self, phrase: str, **variables: object) -> str:
        """A phrase on a button or in a toast."""
        return self.moment.words.plain(phrase, **variables)

    def told(self, text: str, *more: Post, buttons: tuple[tuple[tuple[str, str], ...], ...] = ()) -> Outcome:
        """Something to the staff, where they asked."""
        return Outcome(posts=(self.post(text, buttons), *more))

    def post(self, text: str, buttons: tuple[tuple[tuple[str, str], ...], ...] = ()) -> Post:
        """A post where this event happened."""
        handover = self.known.handover.id if self.known.handover else 0
        return Post(text=text, buttons=buttons, handover=handover, thread=0 if handover else self.event.thread)


def taken(scene: Scene) -> Outcome:
    """What an event in the staff's group comes to."""
    match scene.event:
        case Tapped(data=data):
            return _tapped(scene, read_tap(data))
        case Ordered(name=name):
            return _ordered(scene) if name in COMMANDS else NOTHING
        case Wrote() | Posted():
            return _wrote(scene)
        case Corrected():
            return _corrected(scene)
        case Left():
            return _left(scene)
    return NOTHING


# -- who may ----------------------------------------------------------------------------------------------------------


def _tapped(scene: Scene, tap: Tap | None) -> Outcome:
    if tap is None or tap.act not in TAPS:
        return Outcome(toast=scene.plain("staff-old-button"))
    if not may(scene.role, tap.act):
        return Outcome(toast=scene.plain("staff-only-admins" if scene.role in STAFF else "staff-only-staff"))
    if tap.act in OF_HANDOVER and scene.known.handover is None:
        return Outcome(toast=scene.plain("staff-old-button"))
    return TAPS[tap.act](scene, tap)


def _ordered(scene: Scene) -> Outcome:
    assert isinstance(scene.event, Ordered)
    name = scene.event.name
    if not may(scene.role, name):
        return _not_staff(scene) if scene.role not in STAFF else scene.told(scene.says("staff-only-admins"))
    return ORDERS[name](scene, scene.event.argument)


def _not_staff(scene: Scene) -> Outcome:
    """Somebody in the group acts as if they were of the staff: an admin can make them so, by one tap."""
    who = scene.event.who
    if not who.id:
        return scene.told(scene.says("staff-hidden"))
    grant = (scene.plain("staff-grant", name=scene.name), Tap("grant", who.id, (_word(scene.name),)).data())
    return scene.told(scene.says("staff-unknown-person", name=scene.name), buttons=((grant,),))


def _word(name: str) -> str:
    """A name as it fits a button's data."""
    return name.replace(":", " ").encode()[:36].decode(errors="ignore")


# -- words to the owner -----------------------------------------------------------------------------------------------


def _wrote(scene: Scene) -> Outcome:
    """In a topic, or as a reply to what we posted, words go to the owner; anything else is the staff's own talk."""
    if scene.known.draft is not None and isinstance(scene.event, Wrote):
        return drafts.reworded(scene.moment, scene.known.draft, scene.event.text) if _may(scene, "reword") else NOTHING
    if scene.known.handover is None:
        return NOTHING
    if not _may(scene, "reply"):
        return _not_staff(scene)
    if scene.view is None or not scene.handover.is_open:
        return scene.told(scene.says("staff-over", name=scene.handover.name))
    handover = scene.handover
    if handover.is_claimed and not handover.is_of(scene.event.who.id):
        return scene.told(scene.says("staff-not-sent", name=handover.claimed_name))
    return _sent(scene, *_claimed_by(scene))


def _may(scene: Scene, act: str) -> bool:
    return may(scene.role, act)


def _claimed_by(scene: Scene) -> tuple[Handover, tuple[Post, ...], tuple[Reply, ...]]:
    """The handover, claimed by whoever acts; what that is told to the staff, and to the owner."""
    handover = scene.handover
    if handover.is_claimed:
        return handover, (), ()
    assert scene.view is not None
    after = claimed(handover, scene.event.who.id, scene.name, scene.moment.now)
    posts = (Post(what="card", handover=after.id), cards.topic(after))
    told = (owner.joined(scene.view, after),) if after.person_speaks else ()
    return after, posts, told


def _sent(scene: Scene, handover: Handover, posts: tuple[Post, ...], told: tuple[Reply, ...]) -> Outcome:
    assert scene.view is not None
    after = staff_spoke(handover, scene.moment.now)
    if isinstance(scene.event, Posted):
        return _copied(scene, after, posts, told)
    assert isinstance(scene.event, Wrote)
    said = escaped(scene.event.text)
    return Outcome(stay(scene.view, *told, *owner.staff_answer(scene.view, after, said)), after, posts, said=said)


def _copied(scene: Scene, handover: Handover, posts: tuple[Post, ...], told: tuple[Reply, ...]) -> Outcome:
    """Media are copied as they are."""
    assert scene.view is not None
    assert isinstance(scene.event, Posted)
    source = (scene.moment.desk.chat, scene.event.message)
    copy = Post(what="copy", chat=handover.chat_id, source=source, brief=f"({scene.event.what})")
    said = lines(f"({escaped(scene.event.what)})", escaped(scene.event.text))
    return Outcome(stay(scene.view, *told), handover, (*posts, copy), said=said)


def _corrected(scene: Scene) -> Outcome:
    """An edit of what was sent to the owner changes it there; of anything else, nothing."""
    assert isinstance(scene.event, Corrected)
    handover = scene.known.handover
    if handover is None or scene.view is None or not scene.known.row or not _may(scene, "reply"):
        return NOTHING
    if not handover.is_of(scene.event.who.id):
        return NOTHING
    said, row = escaped(scene.event.text), scene.known.row
    if scene.event.is_caption:
        return Outcome(posts=(Post(what="caption", text=said, chat=handover.chat_id, edits=row),), said=said)
    reply = owner.staff_answer(scene.view, handover, said)[0]
    buttons = tuple(tuple((button.label, button.press.data()) for button in one) for one in reply.rows)
    return Outcome(posts=(Post(text=reply.text, buttons=buttons, chat=handover.chat_id, edits=row),), said=said)


# -- the state of a handover ------------------------------------------------------------------------------------------


def _claim(scene: Scene, tap: Tap) -> Outcome:
    handover = scene.handover
    if not handover.is_open or scene.view is None:
        return Outcome(toast=scene.plain("staff-over", name=handover.name))
    if handover.is_claimed:
        return Outcome(toast=_taken(scene))
    after, posts, told = _claimed_by(scene)
    turn = stay(scene.view, *told)
    return Outcome(turn, after, posts, toast=scene.plain("staff-yours"))


def _taken(scene: Scene) -> str:
    handover = scene.handover
    if handover.is_of(scene.event.who.id):
        return scene.plain("staff-yours")
    return scene.plain("staff-taken", name=handover.claimed_name, time=scene.moment.clock(handover.claimed_at))


def _is_theirs(scene: Scene) -> bool:
    """Whether the one who acts may change the state: who has it, or an admin for them."""
    return scene.handover.is_of(scene.event.who.id) or (scene.handover.is_claimed and scene.role == "admin")


def _changing(change: Callable[[Scene, Tap], Outcome]) -> Callable[[Scene, Tap], Outcome]:
    """An act on a claimed handover that only its owner, or an admin, may do."""

    def act(scene: Scene, tap: Tap) -> Outcome:
        if not scene.handover.is_open or scene.view is None:
            return Outcome(toast=scene.plain("staff-over", name=scene.handover.name))
        if not scene.handover.is_claimed:
            return Outcome(toast=scene.plain("staff-claim-first"))
        return change(scene, tap) if _is_theirs(scene) else Outcome(toast=_taken(scene))

    return act


@_changing
def _release(scene: Scene, tap: Tap) -> Outcome:
    assert scene.view is not None
    handover, after = scene.handover, released(scene.handover, scene.moment.now)
    turn = owner.left_waiting(scene.moment, scene.view, after) if handover.person_speaks else None
    return Outcome(turn, after, (Post(what="card", handover=after.id), cards.topic(after)))


@_changing
def _close(scene: Scene, tap: Tap) -> Outcome:
    assert scene.view is not None
    return owner.went_back(scene.moment, scene.view, scene.handover, "closed")


@_changing
def _talk(scene: Scene, tap: Tap) -> Outcome:
    """The person wants the whole chat."""
    assert scene.view is not None
    if scene.handover.kind == "chat":
        return Outcome(toast=scene.plain("staff-yours"))
    after = widened(scene.handover)
    return Outcome(stay(scene.view, owner.joined(scene.view, after)), after, (Post(what="card", handover=after.id),))


@_changing
def _pass(scene: Scene, tap: Tap) -> Outcome:
    others = [one for one in scene.known.people.values() if one.role in STAFF and one.id != scene.handover.claimed_by]
    if not others:
        return Outcome(toast=scene.plain("staff-nobody-else"))
    rows = tuple(((one.name, Tap("pass-to", scene.handover.id, (base36(one.id),)).data()),) for one in others[:20])
    return scene.told(scene.says("staff-pass-to-whom"), buttons=rows)


@_changing
def _pass_to(scene: Scene, tap: Tap) -> Outcome:
    to = next((one for one in scene.known.people.values() if base36(one.id) == tap.word(0)), None)
    if to is None or to.role not in STAFF:
        return Outcome(toast=scene.plain("staff-only-staff"))
    after = claimed(scene.handover, to.id, to.name, scene.moment.now)
    text = scene.says("staff-passed", name=scene.name, to=to.name)
    posts = (Post(what="card", handover=after.id), cards.topic(after), scene.post(text))
    return Outcome(None, after, posts, toast=scene.plain("staff-passed", name=scene.name, to=to.name))


def _open(scene: Scene, tap: Tap) -> Outcome:
    """The whole card of one that was told in a line among others."""
    return Outcome(posts=(Post(what="card", handover=scene.handover.id),))


# -- lookups, notes, people -------------------------------------------------------------------------------------------


def _send(scene: Scene, tap: Tap) -> Outcome:
    """An entry of the knowledge goes to the owner, as if it had been written."""
    entry = scene.moment.content.knowledge.by_code.get(tap.word(0))
    handover = scene.handover
    if entry is None:
        return Outcome(toast=scene.plain("staff-old-button"))
    if not handover.is_open or scene.view is None:
        return Outcome(toast=scene.plain("staff-over", name=handover.name))
    if handover.is_claimed and not handover.is_of(scene.event.who.id):
        return Outcome(toast=_taken(scene))
    words = lookups.words_of(entry, lookups.language(tap, handover))
    after, posts, told = _claimed_by(scene)
    after = staff_spoke(after, scene.moment.now)
    sent = scene.post(f"{cards.SPEAKERS['staff']} {words}")
    turn = stay(scene.view, *told, *owner.staff_answer(scene.view, after, words))
    return Outcome(turn, after, (*posts, sent), said=words, toast=scene.plain("staff-sent"))


def _edit(scene: Scene, tap: Tap) -> Outcome:
    """The words of an entry, to be copied, changed and sent as a reply."""
    entry = scene.moment.content.knowledge.by_code.get(tap.word(0))
    if entry is None:
        return Outcome(toast=scene.plain("staff-old-button"))
    words = lookups.words_of(entry, lookups.language(tap, scene.handover))
    return scene.told(lines(scene.says("staff-edit-how"), f"<pre>{words}</pre>"))


def _note(scene: Scene, argument: str) -> Outcome:
    if scene.known.handover is None:
        return scene.told(scene.says("staff-where"))
    if not argument.strip():
        return scene.told(scene.says("staff-note-how"))
    return Outcome(posts=(scene.post(scene.says("staff-noted")),), noted=argument.strip())


def _queue(scene: Scene, argument: str) -> Outcome:
    text, buttons = lookups.queue(scene.moment, scene.known.waiting)
    return scene.told(text, buttons=buttons)


def _mine(scene: Scene, argument: str) -> Outcome:
    return scene.told(lookups.mine(scene.moment, scene.known.waiting, scene.event.who.id))


def _faq(scene: Scene, argument: str) -> Outcome:
    text, buttons = lookups.found(scene.moment, scene.known.handover, argument)
    return scene.told(text, buttons=buttons)


def _teach(scene: Scene, argument: str) -> Outcome:
    if scene.known.handover is None:
        return scene.told(scene.says("staff-where"))
    answer = argument.strip() or scene.known.last_answer
    if not answer:
        return scene.told(scene.says("staff-teach-what"))
    return _begun(scene, answer)


def _begun(scene: Scene, answer: str) -> Outcome:
    """The draft, and where it is."""
    by = Person(scene.event.who.id, scene.role, scene.name)
    outcome = drafts.begun(scene.moment, scene.handover, answer, by, scene.known.fresh)
    there = (scene.post(scene.says("teach-there")),) if scene.event.thread else ()
    return replace(outcome, posts=(*there, *outcome.posts), toast=scene.plain("teach-there"))


def _teach_last(scene: Scene, tap: Tap) -> Outcome:
    """The same by the button under the card of a conversation that has ended."""
    if not scene.known.last_answer:
        return Outcome(toast=scene.plain("staff-teach-what"))
    return _begun(scene, scene.known.last_answer)


def _help(scene: Scene, argument: str) -> Outcome:
    return scene.told(scene.says("staff-help"))


def _staff(scene: Scene, argument: str) -> Outcome:
    text, buttons = lookups.people(scene.moment, scene.known.people.values())
    return scene.told(text, buttons=buttons)


def _grant(scene: Scene, tap: Tap) -> Outcome:
    before = scene.known.people.get(tap.about)
    if before and before.role in STAFF:
        return Outcome(toast=scene.plain("staff-is-staff", name=before.name))
    person = Person(tap.about, "staff", called(tap.word(0)) or str(tap.about))
    text = scene.says("staff-granted", name=person.name, by=scene.name)
    return Outcome(posts=(scene.post(text),), people=(person,))


def _revoke(scene: Scene, tap: Tap) -> Outcome:
    person = scene.known.people.get(tap.about)
    if person is None or person.role != "staff":
        return Outcome(toast=scene.plain("staff-old-button"))
    text = scene.says("staff-revoked", name=person.name, by=scene.name)
    return Outcome(posts=(scene.post(text),), people=(replace(person, role="former"),))


def _left(scene: Scene) -> Outcome:
    """Whoever leaves the group has no rights any more; admins are made by the settings alone."""
    person = scene.known.people.get(scene.event.who.id)
    return Outcome(people=(replace(person, role="former"),)) if person and person.role == "staff" else NOTHING


def _draft(act: str) -> Callable[[Scene, Tap], Outcome]:
    def on_draft(scene: Scene, tap: Tap) -> Outcome:
        if scene.known.draft is None:
            return Outcome(toast=scene.plain("staff-old-button"))
        by = Person(scene.event.who.id, scene.role, scene.name)
        return drafts.RULES[act](scene.moment, scene.known.draft, tap, by)

    return on_draft


OF_HANDOVER: Final = frozenset({
    "claim", "release", "pass", "pass-to", "close", "talk", "open", "send", "edit", "teach",
})  # fmt: skip
TAPS: Final[Mapping[str, Callable[[Scene, Tap], Outcome]]] = {
    "claim": _claim,
    "release": _release,
    "pass": _pass,
    "pass-to": _pass_to,
    "close": _close,
    "talk": _talk,
    "open": _open,
    "send": _send,
    "edit": _edit,
    "teach": _teach_last,
    "grant": _grant,
    "revoke": _revoke,
    **{act: _draft(act) for act in drafts.RULES},
}
ORDERS: Final[Mapping[str, Callable[[Scene, str], Outcome]]] = {
    "queue": _queue,
    "mine": _mine,
    "faq": _faq,
    "note": _note,
    "teach": _teach,
    "staff": _staff,
    "help": _help,
}


def news(view: View, question: str, answer: Taught) -> Turn:
    """To an owner who wanted to hear of it: what they asked has an answer now."""
    text = view.words.say("taught-news", question=question, answer=answer.text)
    return stay(view, Reply(text), place.again(view))
