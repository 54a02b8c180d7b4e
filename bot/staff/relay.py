"""The staff's words to an owner: written, photographed, corrected, or taken from the knowledge."""

from bot.dialog.moves import stay
from bot.dialog.phrases import escaped, plain
from bot.dialog.session import Reply
from bot.dialog.view import lines
from bot.staff import cards, drafts, lookups, owner
from bot.staff.claims import already_taken, claimed_by
from bot.staff.events import Corrected, Posted, Wrote
from bot.staff.handover import Handover, staff_spoke
from bot.staff.outcome import Outcome
from bot.staff.posts import LONGEST_CAPTION, Post, Tap, cut
from bot.staff.rights import may
from bot.staff.roster import not_staff
from bot.staff.scene import NOTHING, Scene


def wrote(scene: Scene) -> Outcome:
    """In a topic, or as a reply to what we posted, words go to the owner; anything else is the staff's own talk."""
    if scene.known.draft is not None and isinstance(scene.event, Wrote):
        return _reworded(scene, scene.event.text)
    if scene.known.handover is None:
        return NOTHING
    if not _may(scene, "reply"):
        return not_staff(scene)
    if scene.view is None or not scene.handover.is_open:
        return scene.told(scene.tells("staff-over", name=scene.handover.name))
    handover = scene.handover
    if handover.is_claimed and not handover.is_of(scene.event.who.id):
        return scene.told(scene.tells("staff-not-sent", name=handover.claimed_name))
    return _sent(scene, *claimed_by(scene))


def _reworded(scene: Scene, words: str) -> Outcome:
    if scene.known.draft is None or not _may(scene, "reword"):
        return NOTHING
    return drafts.reworded(scene.moment, scene.known.draft, words, scene.person)


def _may(scene: Scene, act: str) -> bool:
    return may(scene.role, act)


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
    return Outcome(stay(scene.view, *told), handover, (*posts, copy), said=said, is_media=True)


def corrected(scene: Scene) -> Outcome:
    """An edit of what was sent to the owner changes it there; of anything else, nothing."""
    assert isinstance(scene.event, Corrected)
    handover = scene.known.handover
    if handover is None or scene.view is None or not scene.known.row or not _may(scene, "reply"):
        return NOTHING
    if not handover.is_of(scene.event.who.id):
        return NOTHING
    said, row = escaped(scene.event.text), scene.known.row
    if scene.event.is_caption:
        said = escaped(cut(scene.event.text, LONGEST_CAPTION))
        return Outcome(posts=(Post(what="caption", text=said, chat=handover.chat_id, edits=row),), said=said)
    reply = owner.staff_answer(scene.view, handover, said)[0]
    buttons = tuple(tuple((button.label, button.press.data()) for button in one) for one in reply.rows)
    return Outcome(posts=(Post(text=reply.text, buttons=buttons, chat=handover.chat_id, edits=row),), said=said)


def send(scene: Scene, tap: Tap) -> Outcome:
    """An entry of the knowledge goes to the owner, as if it had been written."""
    entry = scene.moment.content.knowledge.by_code.get(tap.word(0))
    handover = scene.handover
    if entry is None:
        return Outcome(toast=scene.plain("staff-old-button"))
    if not handover.is_open or scene.view is None:
        return Outcome(toast=scene.plain("staff-over", name=handover.name))
    if handover.is_claimed and not handover.is_of(scene.event.who.id):
        return Outcome(toast=already_taken(scene))
    words = lookups.words_of(entry, lookups.language(tap, handover))
    if plain(words) == scene.known.last_answer:
        return Outcome(toast=scene.plain("staff-sent"))
    after, posts, told = claimed_by(scene)
    after = staff_spoke(after, scene.moment.now)
    sent = scene.post(f"{cards.SPEAKERS['staff']} {words}")
    turn = stay(scene.view, *told, *owner.staff_answer(scene.view, after, words))
    return Outcome(turn, after, (*posts, sent), said=words, toast=scene.plain("staff-sent"))


def edit(scene: Scene, tap: Tap) -> Outcome:
    """The words of an entry, to be copied, changed and sent as a reply."""
    entry = scene.moment.content.knowledge.by_code.get(tap.word(0))
    if entry is None:
        return Outcome(toast=scene.plain("staff-old-button"))
    words = lookups.words_of(entry, lookups.language(tap, scene.handover))
    return scene.told(lines(scene.says("staff-edit-how"), f"<pre>{words}</pre>"))
