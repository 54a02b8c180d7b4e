"""Typed text: it presses the button it names on the screen that waits, else it is read as a question.

A text that ends with a question mark is read as a question first, unless it is a label or a number as it stands.
"""

from dataclasses import replace
from typing import Final

from bot.dialog import asked, looked_up, place
from bot.dialog.events import Pressed, Said
from bot.dialog.matching import LONGEST, chosen, folded, folded_label
from bot.dialog.pressed import pressed
from bot.dialog.session import Button, Reply, Turn
from bot.dialog.tree import NOT_SURE
from bot.dialog.view import View

CONTROLS: Final = (NOT_SURE, "back", "why")


def said(view: View, event: Said) -> Turn:
    """The turn of a typed text."""
    heard = asked.heard(view, event.text) if asked.is_question(event.text) else None
    if heard and heard.action in asked.UNDERSTOOD and not _is_exact(view, event.text):
        return asked.replied(view, event.text, heard)
    if button := _named(view, event.text):
        data = button.press.data()
        return replace(pressed(view, Pressed(data=data, fresh=event.fresh)), taken=data)
    return asked.replied(view, event.text, heard or asked.heard(view, event.text))


def _is_exact(view: View, text: str) -> bool:
    """Whether a text is a number, or a label, or other words for a control, as they stand."""
    said = folded(text[:LONGEST])
    buttons = [*_buttons(place.waiting(view)), *_unshown(view)]
    labels = {folded_label(label) for button in buttons for label in (_bare(button), button.label)}
    return said.isdecimal() or said in labels or any(said in _words_for(view, button) for button in buttons)


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
    labels = [_bare(button) for button in buttons]
    numbered = sum(button.label != label for button, label in zip(buttons, labels, strict=True))
    controls = [number for number, button in enumerate(buttons) if _control(view, button)]
    said = folded(text[:LONGEST])
    other_words = [number for number in controls if said in _words_for(view, buttons[number])]
    if other_words:
        return buttons[other_words[0]]
    which = chosen(text, labels, None if every_number else numbered, controls)
    return None if which is None else buttons[which]


def _bare(button: Button) -> str:
    """A label without the number that an option bears."""
    number, dot, words = button.label.partition(". ")
    return words if dot and number.isdecimal() and button.press.action == "answer" else button.label


def _control(view: View, button: Button) -> str:
    """The phrase of a button that stands at every question by itself; "" for any other."""
    return next((phrase for phrase in CONTROLS if button.label == view.words.plain(phrase)), "")


def _words_for(view: View, button: Button) -> list[str]:
    """What owners say for a control beside its label; nothing for any other button."""
    control = _control(view, button)
    listed = view.words.plain(f"{control}-words").split(",") if control else []
    return [words for words in map(folded_label, listed) if words]


def _buttons(reply: Reply) -> list[Button]:
    """Those that words can name: what looks something up is read as a question."""
    return [button for row in reply.rows for button in row if button.press.action not in looked_up.RULES]


def _unshown(view: View) -> tuple[Button, ...]:
    """ "Back" counts where no button bears it, too: it leaves a change, and goes back from the advice."""
    if place.is_changing(view):
        return (view.phrase_button("back", "keep"),)
    shows_none = place.is_at_advice(view) or not (view.session.open or view.path.steps)
    return (view.phrase_button("back", "back"),) if shows_none else ()
