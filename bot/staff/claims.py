"""Who has a conversation: claimed, put back, passed on, taken over from the bot, closed. The others see who."""

from collections.abc import Callable

from bot.dialog.moves import stay
from bot.dialog.presses import base36
from bot.dialog.session import Reply
from bot.staff import cards, owner
from bot.staff.handover import Handover, claimed, widened
from bot.staff.outcome import Outcome
from bot.staff.posts import Post, Tap
from bot.staff.rights import STAFF
from bot.staff.scene import Scene


def claim(scene: Scene, tap: Tap) -> Outcome:
    handover = scene.handover
    if not handover.is_open or scene.view is None:
        return Outcome(toast=scene.plain("staff-over", name=handover.name))
    if handover.is_claimed:
        return Outcome(toast=already_taken(scene))
    after, posts, told = claimed_by(scene)
    turn = stay(scene.view, *told)
    return Outcome(turn, after, posts, toast=scene.plain("staff-yours"))


def claimed_by(scene: Scene) -> tuple[Handover, tuple[Post, ...], tuple[Reply, ...]]:
    """The handover, claimed by whoever acts; what that is told to the staff, and to the owner."""
    handover = scene.handover
    if handover.is_claimed:
        return handover, (), ()
    assert scene.view is not None
    after = claimed(handover, scene.event.who.id, scene.name, scene.moment.now)
    posts = (Post(what="card", handover=after.id), cards.topic(after))
    told = (owner.joined(scene.view, after),) if after.person_speaks else ()
    return after, posts, told


def already_taken(scene: Scene) -> str:
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
        return change(scene, tap) if _is_theirs(scene) else Outcome(toast=already_taken(scene))

    return act


@_changing
def release(scene: Scene, tap: Tap) -> Outcome:
    assert scene.view is not None
    return owner.set_free(scene.moment, scene.view, scene.handover)


@_changing
def close(scene: Scene, tap: Tap) -> Outcome:
    assert scene.view is not None
    return owner.went_back(scene.moment, scene.view, scene.handover, "closed")


@_changing
def talk(scene: Scene, tap: Tap) -> Outcome:
    """The person wants the whole chat."""
    assert scene.view is not None
    if scene.handover.kind == "chat":
        return Outcome(toast=scene.plain("staff-yours"))
    after = widened(scene.handover)
    return Outcome(stay(scene.view, owner.joined(scene.view, after)), after, (Post(what="card", handover=after.id),))


@_changing
def pass_on(scene: Scene, tap: Tap) -> Outcome:
    others = [one for one in scene.known.people.values() if one.role in STAFF and one.id != scene.handover.claimed_by]
    if not others:
        return Outcome(toast=scene.plain("staff-nobody-else"))
    rows = tuple(((one.name, Tap("pass-to", scene.handover.id, (base36(one.id),)).data()),) for one in others[:20])
    return scene.told(scene.says("staff-pass-to-whom"), buttons=rows)


@_changing
def pass_to(scene: Scene, tap: Tap) -> Outcome:
    to = next((one for one in scene.known.people.values() if base36(one.id) == tap.word(0)), None)
    if to is None or to.role not in STAFF:
        return Outcome(toast=scene.plain("staff-only-staff"))
    after = claimed(scene.handover, to.id, to.name, scene.moment.now)
    text = scene.tells("staff-passed", name=scene.name, to=to.name)
    posts = (Post(what="card", handover=after.id), cards.topic(after), scene.post(text))
    return Outcome(None, after, posts, toast=scene.plain("staff-passed", name=scene.name, to=to.name))
