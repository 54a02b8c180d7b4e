"""The rights of owners: to read what is kept and why, to have a copy of it, to be forgotten.

Forgetting is confirmed by a press alone, never by typed words: a slip must not delete anything. Its buttons bear their
session, so that one from before a forgetting deletes nothing of what came after it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.dialog import screens
from bot.dialog.moves import stay
from bot.dialog.presses import Press
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
    yes, no = view.phrase_button("forget-yes", "forget-yes"), view.phrase_button("forget-no", "forget-no")
    data = view.phrase_button("mydata", "mydata")
    return stay(view, Reply(view.words.say("forget-sure"), ((yes,), (no,), (data,))))


def _yes(view: View, press: Press) -> Turn:
    """Everything goes; what is left is a language to say so in."""
    if not view.session.id or press.session != view.session.id:
        return stay(view, toast=view.words.plain("old-button"), closes=view.words.say("forget-sure"))
    return Turn(Session(view.session.language), forgets=True, recorded=False)


def _no(view: View, press: Press) -> Turn:
    return stay(view, toast=view.words.plain("forget-not"), closes=view.words.say("forget-not"))


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
