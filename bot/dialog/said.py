"""Typed text: it presses the button it names on the screen that waits."""

from bot.dialog import place, result, screens
from bot.dialog.events import Pressed, Said
from bot.dialog.matching import chosen
from bot.dialog.moves import shown, stay
from bot.dialog.pressed import pressed
from bot.dialog.screens import View
from bot.dialog.session import Button, Reply, Turn


def said(view: View, event: Said) -> Turn:
    """The turn of a typed text."""
    button = _named(view, event.text)
    if button is None:
        return _not_understood(view)
    return pressed(view, Pressed(data=button.press.data(), fresh=event.fresh))


def _named(view: View, text: str) -> Button | None:
    """The button that `text` means. A number counts where the buttons bear one, and at the menu."""
    buttons = [*_buttons(place.waiting(view)), *_unshown(view)]
    labels = [button.label.removeprefix(f"{number}. ") for number, button in enumerate(buttons, 1)]
    numbered = sum(button.label != label for button, label in zip(buttons, labels, strict=True))
    which = chosen(text, labels, None if view.session.open == place.MENU else numbered)
    return None if which is None else buttons[which]


def _buttons(reply: Reply) -> list[Button]:
    return [button for row in reply.rows for button in row]


def _unshown(view: View) -> tuple[Button, ...]:
    """ "Back" counts where no button bears it, too: it leaves a change, and goes back from the advice."""
    if place.is_changing(view):
        return (view.phrase_button("back", "keep"),)
    return (view.phrase_button("back", "back"),) if place.is_at_advice(view) else ()


def _not_understood(view: View) -> Turn:
    """A friendly line and the same question again; nothing moves."""
    if place.is_at_advice(view):
        return stay(view, result.advice_above(view))
    above = screens.lines(view.words.say("not-understood"), view.words.say("not-understood-hint"))
    return shown(view, view.session, above)
