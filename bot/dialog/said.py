"""Typed text: it presses the button it names on the screen that waits."""

from typing import Final

from bot.dialog import place, result, screens
from bot.dialog.events import Pressed, Said
from bot.dialog.matching import LONGEST, chosen, folded
from bot.dialog.moves import shown, stay
from bot.dialog.pressed import pressed
from bot.dialog.screens import View
from bot.dialog.session import Button, Reply, Turn
from bot.dialog.tree import NOT_SURE

CONTROLS: Final = (NOT_SURE, "back", "why")


def said(view: View, event: Said) -> Turn:
    """The turn of a typed text."""
    button = _named(view, event.text)
    if button is None:
        return _not_understood(view)
    return pressed(view, Pressed(data=button.press.data(), fresh=event.fresh))


def _named(view: View, text: str) -> Button | None:
    """The button that `text` means: on the screen that waits, else an option of what an open list covers."""
    buttons = [*_buttons(place.waiting(view)), *_unshown(view)]
    found = _named_among(view, text, buttons, every_number=place.is_list(view))
    return found or (_option_below(view, text) if place.is_list(view) else None)


def _option_below(view: View, text: str) -> Button | None:
    """An option under an open list, by its words alone. Not "not sure", "back" or "why": they answer what is asked."""
    below = [*_buttons(place.covered(view)), view.phrase_button("back", "back")]
    found = None if folded(text[:LONGEST]).isdecimal() else _named_among(view, text, below)
    return found if found and found.press.action == "answer" and not _control(view, found) else None


def _named_among(view: View, text: str, buttons: list[Button], *, every_number: bool = False) -> Button | None:
    """A number counts where the buttons bear one, else with `every_number` alone."""
    labels = [button.label.removeprefix(f"{number}. ") for number, button in enumerate(buttons, 1)]
    numbered = sum(button.label != label for button, label in zip(buttons, labels, strict=True))
    controls = [number for number, button in enumerate(buttons) if _control(view, button)]
    said = folded(text[:LONGEST])
    other_words = [number for number in controls if said in _words_for(view, buttons[number])]
    if other_words:
        return buttons[other_words[0]]
    which = chosen(text, labels, None if every_number else numbered, controls)
    return None if which is None else buttons[which]


def _control(view: View, button: Button) -> str:
    """The phrase of a button that stands at every question by itself; "" for any other."""
    return next((phrase for phrase in CONTROLS if button.label == view.words.plain(phrase)), "")


def _words_for(view: View, button: Button) -> list[str]:
    """What owners say for a control beside its label."""
    listed = view.words.plain(f"{_control(view, button)}-words").split(",")
    return [folded(words) for words in listed if folded(words)]


def _buttons(reply: Reply) -> list[Button]:
    return [button for row in reply.rows for button in row]


def _unshown(view: View) -> tuple[Button, ...]:
    """ "Back" counts where no button bears it, too: it leaves a change, and goes back from the advice."""
    if place.is_changing(view):
        return (view.phrase_button("back", "keep"),)
    shows_none = place.is_at_advice(view) or not (view.session.open or view.path.steps)
    return (view.phrase_button("back", "back"),) if shows_none else ()


def _not_understood(view: View) -> Turn:
    """A friendly line and the same question again; nothing moves."""
    if place.is_at_advice(view):
        return stay(view, result.advice_above(view))
    above = screens.lines(view.words.say("not-understood"), view.words.say("not-understood-hint"))
    return shown(view, view.session, above)
