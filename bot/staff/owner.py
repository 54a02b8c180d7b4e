"""The owner's side of a handover.

While a person has the whole chat, the dialog is silent: what the owner writes goes to the person, buttons answer with
a short notice, commands still inform, and one of them brings the bot back. Before that, and while only one question
was passed on, the bot goes on; what it cannot answer is passed on, too.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.dialog import place, rights
from bot.dialog.engine import COMMANDS
from bot.dialog.events import AnyEvent, Commanded, Edited, Late, Pressed, Said, Sent
from bot.dialog.moves import stay
from bot.dialog.phrases import plain
from bot.dialog.presses import Press, base36, number, read_press
from bot.dialog.session import Button, Reply, Rows, Turn, Wish
from bot.dialog.tree import MESSAGE_UNITS, utf16_units
from bot.dialog.view import View, paragraphs
from bot.knowledge.taught import Taught
from bot.staff import cards
from bot.staff.handover import Ending, Handover, owner_spoke, released, returned, widened
from bot.staff.moment import Moment
from bot.staff.outcome import Outcome
from bot.staff.posts import LONGEST_CAPTION, Post, cut, inert, shortened
from bot.staff.when import when

INFORMS: Final = frozenset({"help", "privacy", "settings", "terms", "mydata", "forget"})
"""Commands that answer as ever while a person speaks: they show, and move nothing."""
STARS: Final = range(1, 6)
LONGEST_QUOTE: Final = 200
"""Units of an owner's question that are said back to them."""


def taken_here(moment: Moment, view: View, handover: Handover | None, event: AnyEvent) -> Outcome | None:
    """What an event comes to that is not the dialog's; None where the dialog has it.

    In: the owner's `view`; the newest handover of the chat, open or not.
    """
    if handover is None or not (view.agreed or handover.person_speaks):
        return None
    press = read_press(event.data) if isinstance(event, Pressed) else None
    if press and press.action in PRESSES:
        return PRESSES[press.action](moment, view, handover, press)
    if press and press.action in rights.RULES:
        return None
    if isinstance(event, Edited):
        return None
    return _to_person(moment, view, handover, event) if handover.person_speaks else None


def _to_person(moment: Moment, view: View, handover: Handover, event: AnyEvent) -> Outcome:
    match event:
        case Pressed():
            return Outcome(stay(view, toast=view.words.plain("person-speaks")))
        case Commanded(name="cancel"):
            return went_back(moment, view, handover, "owner")
        case Commanded(name="human", argument=words) if words:
            return heard(moment, view, handover, Said(text=words))
        case Commanded(name=name) if name not in INFORMS:
            return Outcome(stay(view, _person_speaks(view, handover)))
        case Commanded():
            turn = COMMANDS[event.name](view, event)
            return Outcome(replace(turn, session=replace(view.session, open=turn.session.open)))
    return heard(moment, view, handover, event)


def _person_speaks(view: View, handover: Handover) -> Reply:
    return Reply(view.words.say("person-speaks-more"), (_back_row(view, handover),))


def heard(moment: Moment, view: View, handover: Handover, event: AnyEvent) -> Outcome:
    """The owner's words or media go to the person; nothing is said."""
    spoke = owner_spoke(handover, moment.now)
    return Outcome(stay(view), spoke, brought(handover, event))


def brought(handover: Handover, event: AnyEvent) -> tuple[Post, ...]:
    """What the owner sent, for the staff. Its source is filled in where it is stored: it is the event's message."""
    speaker = cards.SPEAKERS["owner"]
    match event:
        case Sent(what=what, caption=caption):
            text, brief = _caption(caption), f"{speaker} ({what})"
            copy = Post(what="copy", text=text, brief=brief, handover=handover.id, brings=True)
            return (copy, *_in_full(handover, caption, LONGEST_CAPTION))
        case Said(text=text) | Late(what=text):
            return (Post(text=_marked(text), handover=handover.id, brings=True),)
    raise TypeError(f"{type(event).__name__} cannot be brought")


def _marked(text: str, after: str = "") -> str:
    """An owner's words with the mark of who said them; the longest that can be written are brought without it."""
    return _fitting(f"{cards.SPEAKERS['owner']} {inert(text)}{after}", inert(text))


def _fitting(dressed: str, bare: str) -> str:
    """Somebody's words (HTML) with what we say about them, where one message takes both."""
    return dressed if utf16_units(plain(dressed)) <= MESSAGE_UNITS else bare


def _caption(caption: str) -> str:
    """As much of a caption as we may write; HTML."""
    return inert(cut(caption, LONGEST_CAPTION))


def _in_full(handover: Handover, text: str, most: int) -> tuple[Post, ...]:
    """An owner's words in a message of their own, where another one shows less of them."""
    return (Post(text=_marked(text), handover=handover.id),) if utf16_units(text) > most else ()


def corrected(handover: Handover, event: Edited, row: int) -> Post:
    """What the owner changed in a message that was brought as this outbox row."""
    if event.is_caption:
        return Post(what="caption", text=_caption(event.text), handover=handover.id, edits=row)
    return Post(text=_marked(event.text, " ✏️"), handover=handover.id, edits=row)


# -- wishing for a person ---------------------------------------------------------------------------------------------


def wished(moment: Moment, view: View, turn: Turn, handover: Handover | None, fresh: Handover) -> Outcome:
    """A wish for a person, told by the dialog's turn. `fresh`: the handover to begin if none is open."""
    assert turn.wish
    there = view.into(turn.wish.language)
    if handover is None or not handover.is_open:
        reply = _waiting(moment, view, there, fresh, f"person-asked-{fresh.kind}")
        posts = (Post(what="card", handover=fresh.id), *_in_full(fresh, fresh.question, cards.LONGEST_QUESTION))
        return Outcome(replace(turn, replies=(reply,)), fresh, posts)
    return _wished_again(moment, view, there, turn, handover)


def _wished_again(moment: Moment, view: View, there: View, turn: Turn, handover: Handover) -> Outcome:
    """Wider, or with another question, or only once more."""
    assert turn.wish
    wider = turn.wish.kind == "chat" and handover.kind == "question"
    after = widened(handover) if wider else handover
    posts = [Post(what="card", handover=handover.id)] if wider else []
    if turn.wish.text:
        posts += brought(handover, Said(text=turn.wish.text))
        after = owner_spoke(after, moment.now)
    if after.person_speaks:
        return Outcome(replace(turn, replies=(joined(view, after),)), after, tuple(posts))
    phrase = "person-added" if turn.wish.text else "person-still"
    return Outcome(replace(turn, replies=(_waiting(moment, view, there, after, phrase),)), after, tuple(posts))


def _waiting(moment: Moment, view: View, there: View, handover: Handover, phrase: str) -> Reply:
    """What happens now, and when; then what waits in the dialog, with a way to take the wish back."""
    above = there.words.say(
        phrase, question=shortened(handover.question, LONGEST_QUOTE), when=when(moment, there.words)
    )
    reply = place.again(view, above)
    return replace(reply, rows=(*reply.rows, _unwish_row(view, handover)))


def passed_on(moment: Moment, view: View, turn: Turn, handover: Handover, event: AnyEvent) -> Outcome:
    """What the bot could not answer, or cannot read, goes to the person who is expected or there."""
    above = view.words.say("person-added", question="", when=when(moment, view.words))
    reply = place.again(view, above)
    return Outcome(replace(turn, replies=(reply,)), owner_spoke(handover, moment.now), brought(handover, event))


def new_handover(number_: int, chat: int, session: int, wish: Wish, name: str, question: str, now: int) -> Handover:
    """The handover that a wish begins. `question`: the words it is about; without any it is the whole chat."""
    kind = wish.kind if question else "chat"
    return Handover(number_, chat, session, kind, wish.language, name, question, now, owner_at=now)


# -- going back to the bot --------------------------------------------------------------------------------------------


def joined(view: View, handover: Handover) -> Reply:
    """A person has the chat now."""
    return Reply(view.words.say("person-joined"), (_back_row(view, handover),))


def went_back(moment: Moment, view: View, handover: Handover, ending: Ending) -> Outcome:
    """The bot has the chat again, at the same question; how was it, if somebody was there?"""
    return replace(_ended(moment, handover, ending), turn=stay(view, *farewell(view, handover, ending)))


def _ended(moment: Moment, handover: Handover, ending: Ending) -> Outcome:
    """What an ending is to the staff."""
    ended = returned(handover, ending, moment.now)
    return Outcome(
        None, ended, (Post(what="card", handover=ended.id), *_told_ending(moment, ended), cards.topic(ended))
    )


def farewell(view: View, handover: Handover, ending: Ending) -> tuple[Reply, ...]:
    """What the owner reads at the end: how was it (where somebody had it), then what waits."""
    unanswered = ending == "silence" and not handover.is_answered
    phrase = f"back-{ending}" if handover.person_speaks or ending != "owner" else "person-unwished"
    back = view.words.say(phrase) if handover.person_speaks or unanswered or ending == "owner" else ""
    asks = (_how_was_it(view, handover),) if handover.is_claimed and ending != "silence" else ()
    return (*asks, place.again(view, back)) if asks or back else ()


def _told_ending(moment: Moment, handover: Handover) -> tuple[Post, ...]:
    """The staff hear of an ending that was not theirs."""
    if handover.ending == "closed":
        return ()
    text = moment.words.say(f"staff-ended-{handover.ending}", time=moment.clock(moment.now))
    return (Post(text=f"{cards.title(handover)}\n{text}", handover=handover.id),)


def _how_was_it(view: View, handover: Handover) -> Reply:
    buttons = [view.button(f"⭐ {stars}", "rate", base36(handover.id), str(stars)) for stars in STARS]
    return Reply(view.words.say("how-was-it"), (tuple(buttons),))


def _rated(moment: Moment, view: View, handover: Handover, press: Press) -> Outcome:
    """One opinion a handover, the newest counts; only of the chat's own."""
    stars = number(press.word(1)) or 0
    if number(press.word(0)) != handover.id or stars not in STARS:
        return Outcome(stay(view, toast=view.words.plain("old-button")))
    closes = view.words.say("how-was-it-said", stars="⭐" * stars)
    turn = stay(view, toast=view.words.plain("thanks-opinion"), closes=closes)
    return Outcome(turn, replace(handover, rating=stars), (Post(what="card", handover=handover.id),))


def _to_bot(moment: Moment, view: View, handover: Handover, press: Press) -> Outcome:
    if not handover.is_open or number(press.word(0)) != handover.id:
        return Outcome(stay(view, toast=view.words.plain("old-button")))
    return went_back(moment, view, handover, "owner")


def _talk(moment: Moment, view: View, handover: Handover, press: Press) -> Outcome:
    """From an answer to one question into a conversation with who gave it, or with whoever comes."""
    if not handover.is_open or number(press.word(0)) != handover.id:
        return Outcome(replace(stay(view, place.again(view)), toast=view.words.plain("old-button")))
    after = widened(owner_spoke(handover, moment.now))
    posts = (
        Post(what="card", handover=after.id),
        Post(text=f"{cards.title(after)}\n{moment.words.say('staff-wants-talk')}", handover=after.id),
    )
    reply = joined(view, after) if after.person_speaks else _waiting(moment, view, view, after, "person-asked-chat")
    return Outcome(stay(view, reply), after, posts)


def answer_rows(view: View, handover: Handover) -> Rows:
    """Under a person's answer to one question: write back, or that will do."""
    return ((view.button(view.words.plain("talk-back"), "talk", base36(handover.id)),),)


def staff_answer(view: View, handover: Handover, markup: str) -> tuple[Reply, ...]:
    """What a person says to the owner, as a message; after an answer to one question, what waits in the dialog."""
    if handover.kind == "chat":
        return (Reply(_fitting(f"{cards.SPEAKERS['staff']} {markup}", markup), who="staff"),)
    question = view.words.say("person-answers", question=shortened(handover.question, LONGEST_QUOTE))
    answer = _fitting(paragraphs(question, markup), markup)
    return (Reply(answer, answer_rows(view, handover), who="staff"), place.again(view))


def _back_row(view: View, handover: Handover) -> tuple[Button, ...]:
    return (view.button(view.words.plain("to-bot"), "to-bot", base36(handover.id)),)


def _unwish_row(view: View, handover: Handover) -> tuple[Button, ...]:
    return (view.button(view.words.plain("no-person"), "to-bot", base36(handover.id)),)


PRESSES: Final[Mapping[str, Callable[[Moment, View, Handover, Press], Outcome]]] = {
    "to-bot": _to_bot,
    "talk": _talk,
    "rate": _rated,
}
"""Buttons that speak of a handover, in whatever state it is."""


def left_waiting(moment: Moment, view: View, handover: Handover) -> Turn:
    """The person gave the chat back to the queue: the bot goes on meanwhile."""
    return stay(view, _waiting(moment, view, view, handover, "person-left"))


def blocked(moment: Moment, handover: Handover) -> Outcome:
    """The owner blocked the bot: nothing can be brought to them any more."""
    return _ended(moment, handover, "blocked")


def set_free(moment: Moment, view: View, handover: Handover) -> Outcome:
    """Nobody has it any more: it waits again, and of a whole chat the bot goes on meanwhile."""
    after = released(handover, moment.now)
    turn = left_waiting(moment, view, after) if handover.person_speaks else None
    return Outcome(turn, after, (Post(what="card", handover=after.id), cards.topic(after)))


def news(view: View, question: str, answer: Taught) -> Turn:
    """To an owner who wanted to hear of it: what they asked has an answer now."""
    text = view.words.say("taught-news", question=cut(question, 600), answer=answer.text)
    return stay(view, Reply(text), place.again(view))
