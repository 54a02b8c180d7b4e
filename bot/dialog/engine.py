"""The door of the conversation: take_turn(content, session, event) -> Turn.

Each kind of event has a file with its rules: pressed, said, commanded, inquired; before consent there is only
consent.py. What is asked in passing goes through asked and looked_up.
What can come of them is in moves.py, what is on the screen in place.py.
"""

from dataclasses import replace

from bot.dialog import rights, screens
from bot.dialog.commanded import COMMANDS, commanded
from bot.dialog.consent import welcome
from bot.dialog.events import AnyEvent, Commanded, Edited, Inquired, Late, Pressed, Said, Sent
from bot.dialog.inquired import inquired
from bot.dialog.moves import shown, stay
from bot.dialog.phrases import Content
from bot.dialog.pressed import pressed
from bot.dialog.said import said
from bot.dialog.session import Session, Turn
from bot.dialog.view import View

__all__ = ["COMMANDS", "take_turn"]


def take_turn(content: Content, session: Session, event: AnyEvent) -> Turn:
    """What `event` makes of `session`, and what is said. Never raises for anything an owner can send."""
    view = View(content, session)
    if isinstance(event, Inquired):
        return inquired(view, event)
    if isinstance(event, Edited):
        return stay(view)
    if view.agreed and rights.is_asked(session) and isinstance(event, Commanded) and event.name == "cancel":
        turn = rights.cancelled(view)
    else:
        view = View(content, rights.left_by(session, event))
        turn = _taken(view, event) if view.agreed else welcome(view, event)
        turn = rights.still_asked(session, view, turn)
    return replace(turn, session=replace(turn.session, texted=isinstance(event, Sent)))


def _taken(view: View, event: Pressed | Said | Commanded | Sent | Late) -> Turn:
    match event:
        case Pressed():
            return pressed(view, event)
        case Said():
            return said(view, event)
        case Commanded():
            return commanded(view, event)
        case Sent():
            return _sent(view)
        case Late():
            return _late(view, event)


def _sent(view: View) -> Turn:
    """Media: said once in a row that we read text and buttons only."""
    return stay(view) if view.session.texted else stay(view, screens.note(view, "text-only"))


def _late(view: View, event: Late) -> Turn:
    """From before an outage: one apology and what waits, however many there are."""
    return shown(view, view.session, view.words.say("late")) if event.first else stay(view)
