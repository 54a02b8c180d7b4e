"""The staff's side: what each event in their group comes to. Rights are checked first, at every act (rights.py)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.staff import claims, drafts, lookups, relay, roster
from bot.staff.events import Corrected, Left, Ordered, Posted, Tapped, Wrote
from bot.staff.outcome import Outcome
from bot.staff.posts import Tap, read_tap
from bot.staff.rights import STAFF, may
from bot.staff.scene import NOTHING, Scene

COMMANDS: Final = ("queue", "mine", "faq", "note", "teach", "staff", "help")
"""What the staff may write after a slash."""


def taken(scene: Scene) -> Outcome:
    """What an event in the staff's group comes to."""
    match scene.event:
        case Tapped(data=data):
            return _tapped(scene, read_tap(data))
        case Ordered(name=name):
            return _ordered(scene) if name in COMMANDS else _unknown_order(scene)
        case Wrote() | Posted():
            return relay.wrote(scene)
        case Corrected():
            return relay.corrected(scene)
        case Left():
            return roster.left(scene)
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
        return roster.not_staff(scene) if scene.role not in STAFF else scene.told(scene.says("staff-only-admins"))
    return ORDERS[name](scene, scene.event.argument)


def _unknown_order(scene: Scene) -> Outcome:
    """A slip in a topic must not look as if it had been done, or sent."""
    return scene.told(scene.says("staff-help")) if scene.known.handover and scene.role in STAFF else NOTHING


# -- lookups, notes, teaching -----------------------------------------------------------------------------------------


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
    outcome = drafts.begun(scene.moment, scene.handover, answer, scene.person, scene.known.fresh)
    there = (scene.post(scene.says("teach-there")),) if scene.event.thread else ()
    return replace(outcome, posts=(*there, *outcome.posts), toast=scene.plain("teach-there"))


def _teach_last(scene: Scene, tap: Tap) -> Outcome:
    """The same by the button under the card of a conversation that has ended."""
    if not scene.known.last_answer:
        return Outcome(toast=scene.plain("staff-teach-what"))
    return _begun(scene, scene.known.last_answer)


def _help(scene: Scene, argument: str) -> Outcome:
    return scene.told(scene.says("staff-help"))


def _draft(act: str) -> Callable[[Scene, Tap], Outcome]:
    def on_draft(scene: Scene, tap: Tap) -> Outcome:
        if scene.known.draft is None:
            return Outcome(toast=scene.plain("staff-old-button"))
        return drafts.RULES[act](scene.moment, scene.known.draft, tap, scene.person)

    return on_draft


OF_HANDOVER: Final = frozenset({
    "claim", "release", "pass", "pass-to", "close", "talk", "send", "edit", "teach",
})  # fmt: skip
TAPS: Final[Mapping[str, Callable[[Scene, Tap], Outcome]]] = {
    "claim": claims.claim,
    "release": claims.release,
    "pass": claims.pass_on,
    "pass-to": claims.pass_to,
    "close": claims.close,
    "talk": claims.talk,
    "send": relay.send,
    "edit": relay.edit,
    "teach": _teach_last,
    "grant": roster.grant,
    "revoke": roster.revoke,
    **{act: _draft(act) for act in drafts.RULES},
}
ORDERS: Final[Mapping[str, Callable[[Scene, str], Outcome]]] = {
    "queue": _queue,
    "mine": _mine,
    "faq": _faq,
    "note": _note,
    "teach": _teach,
    "staff": roster.staff,
    "help": _help,
}
