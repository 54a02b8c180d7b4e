"""Before consent: who we are, and may we? Nothing is recorded until the owner agrees by a button.

What was chosen on the way (language, topic) travels in the buttons, so that not even that needs to be kept.
"""

from dataclasses import replace
from typing import Final

from bot.dialog import place, rights, screens
from bot.dialog.commanded import COMMANDS
from bot.dialog.events import AnyEvent, Commanded, Late, Pressed
from bot.dialog.moves import begun, opened, shown, stay, topic_of
from bot.dialog.presses import Press, read_press
from bot.dialog.session import Turn
from bot.dialog.view import View
from bot.languages import as_language

OPEN_COMMANDS: Final = frozenset({"help", "settings", "language", "privacy", "mydata", "forget"})
"""The commands that answer before consent; the others greet."""


def welcome(view: View, event: AnyEvent) -> Turn:
    """The turn of an owner who has not agreed to today's privacy text."""
    turn = _taken(view, event)
    return replace(turn, recorded=turn.session.consent == view.content.privacy)


def _taken(view: View, event: AnyEvent) -> Turn:
    match event:
        case Pressed():
            return _pressed(view, read_press(event.data), event.fresh)
        case Commanded() if event.name in OPEN_COMMANDS:
            return COMMANDS[event.name](view, event)
        case Commanded():
            return _greeted(view, topic_of(view, event.argument))
        case Late() if not event.first:
            return stay(view)
    return _greeted(view)


def _greeted(view: View, topic: str = "") -> Turn:
    return stay(view, screens.greeting(view, topic))


def _pressed(view: View, press: Press | None, fresh: int) -> Turn:
    match press:
        case Press(action="privacy"):
            return stay(view, screens.privacy(view))
        case Press(action=action) if action in rights.RULES:
            return rights.asked(view, press)
        case Press(action="languages"):
            return stay(view, screens.languages(view, topic_of(view, press.word(0))))
        case Press(action="speak" | "agree") if language := as_language(press.word(0)):
            there = View(view.content, replace(view.session, language=language))
            return _chosen(there, press, topic_of(view, press.word(1)), fresh)
    return _greeted(view)


def _chosen(view: View, press: Press, topic: str, fresh: int) -> Turn:
    """A language, or consent: to today's privacy text, or to an older one that must be asked for again."""
    if press.action == "speak":
        closes = screens.language_chosen(view, view.session.language)
        return stay(view, screens.greeting(view, topic), closes=closes)
    return _agreed(view, topic, fresh) if press.word(2) == view.content.privacy else _greeted(view, topic)


def _agreed(view: View, topic: str, fresh: int) -> Turn:
    """The first session begins, or the running one goes on under the new privacy text."""
    session = view.session if view.session.id else begun(view, fresh, topic)
    there = View(view.content, replace(session, consent=view.content.privacy))
    closes = screens.agreed_text(there)
    return shown(there, there.session, closes=closes) if session.answers else opened(there, place.MENU, closes)
