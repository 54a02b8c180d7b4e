"""The rights of owners: to read what is kept and why, to have a copy of it, to be forgotten.

Forgetting is confirmed by a press alone, never by typed words: a slip must not delete anything. The press counts only
while its question is open (`Session.open`): whatever shows other buttons leaves it, and an old button of it asks it
anew. Buttons bear their session, so that one from before a forgetting deletes nothing of what came after it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.dialog import place, screens
from bot.dialog.events import AnyEvent, Commanded, Edited, Inquired, Pressed
from bot.dialog.moves import shown, stay
from bot.dialog.presses import Press, read_press
from bot.dialog.session import Reply, Session, Turn
from bot.dialog.view import View


def privacy(view: View) -> Turn:
    """What is kept, why, how long, by whom, and what owners may ask for."""
    return stay(view, screens.aside(view, screens.privacy(view)))


def mydata(view: View) -> Turn:
    """All that is kept, as two files. Before consent that is next to nothing, which is said as well."""
    note = () if view.session.id else (screens.note(view, "mydata-nothing"),)
    files = (Reply(view.words.say("mydata-page"), file="html"), Reply(view.words.say("mydata-json"), file="json"))
    return stay(view, *note, *files)


def pointed(view: View) -> Turn:
    """Whoever asks for it in words is shown the ways: a copy, forgetting, what is kept. Words alone delete nothing."""
    buttons = [view.phrase_button(name, name) for name in ("mydata", "forget", "privacy")]
    reply = Reply(view.words.say("own-data"), tuple((button,) for button in buttons))
    return stay(view, screens.aside(view, reply))


def soon(view: View) -> Reply:
    """The files were sent a moment ago."""
    return screens.note(view, "mydata-soon")


def forget(view: View) -> Turn:
    """Shall everything be deleted? Where there is nothing, that is said."""
    if not view.session.id:
        return stay(view, screens.note(view, "forget-nothing"))
    session = replace(view.session, open=place.FORGET + view.session.open.removeprefix(place.FORGET))
    return Turn(session, (screens.forget_sure(view),))


def _yes(view: View, press: Press) -> Turn:
    """Everything goes; what is left is a language to say so in. Where the question was left, it is asked anew."""
    if view.session.id and press.session == view.session.id:
        if is_asked(view.session):
            return Turn(Session(view.session.language), forgets=True, recorded=False)
        asks = forget(view)
    else:
        asks = stay(view)
    return replace(asks, toast=view.words.plain("old-button"), closes=view.words.say("forget-sure"))


def _no(view: View, press: Press) -> Turn:
    there = View(view.content, _left(view.session))
    return stay(there, toast=view.words.plain("forget-not"), closes=view.words.say("forget-not"))


def is_asked(session: Session) -> bool:
    """Whether the question is open, whether everything shall be deleted."""
    return session.open.startswith(place.FORGET)


def _left(session: Session) -> Session:
    return replace(session, open=session.open.removeprefix(place.FORGET))


def left_by(session: Session, event: AnyEvent) -> Session:
    """The session as it meets `event`: whatever is not about these rights leaves the question, unanswered."""
    return session if not is_asked(session) or _leaves_open(event) else _left(session)


def still_asked(before: Session, view: View, turn: Turn) -> Turn:
    """`turn`, taken as `view`, with the question open where its buttons are the newest still: as after a photo."""
    shows = any(reply.rows for reply in turn.replies) or turn.session.open != view.session.open
    if shows or before is view.session or not is_asked(before):
        return turn
    return replace(turn, session=replace(turn.session, open=before.open))


def _leaves_open(event: AnyEvent) -> bool:
    match event:
        case Pressed(data=data):
            press = read_press(data)
            return press is not None and press.action in RULES
        case Commanded(name=name):
            return name in ("mydata", "forget")
    return isinstance(event, Inquired | Edited)


def cancelled(view: View) -> Turn:
    """By /cancel: nothing is deleted, and what waited before waits again."""
    return shown(view, _left(view.session), view.words.say("forget-not"))


RULES: Final[Mapping[str, Callable[[View, Press], Turn]]] = {
    "mydata": lambda view, _: mydata(view),
    "forget": lambda view, _: forget(view),
    "forget-yes": _yes,
    "forget-no": _no,
}
"""The buttons that count at any time: before consent, and while a person speaks, too."""


def asked(view: View, press: Press) -> Turn:
    """The turn of one of these buttons."""
    return RULES[press.action](view, press)


def without_files(turn: Turn, reply: Reply) -> Turn:
    """A turn that says `reply` where it would have sent files."""
    rest = tuple(one for one in turn.replies if not one.file)
    return replace(turn, replies=(*rest, reply))
