"""Presses: what each button does, and which of them still counts.

A button knows its session and step (presses.py). What moves counts only at the step it was shown at, so a double tap
does nothing twice and an old button gets a short notice and the current question. What only shows counts at any step;
what is asked in passing (looked_up.py) counts in any session.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.dialog import looked_up, place, rights, screens
from bot.dialog.events import Pressed
from bot.dialog.knowledge_screens import BESIDE_ANSWER
from bot.dialog.moves import (
    answered,
    back,
    begun,
    choosing_language,
    closed,
    kept,
    opened,
    shown,
    spoken,
    stay,
    topic_of,
)
from bot.dialog.presses import Action, Press, read_press
from bot.dialog.session import Session, Turn
from bot.dialog.tree import Node
from bot.dialog.view import View
from bot.languages import as_language


def pressed(view: View, event: Pressed) -> Turn:
    """The turn of a press; its data may be anything."""
    press = read_press(event.data)
    if press is None:
        return _old_button(view)
    if looks_up := looked_up.RULES.get(press.action):
        return looks_up(view, press) or _old_button(view)
    if press.action in rights.RULES:
        return rights.asked(view, press)
    if press.action in ANYTIME or _is_current(view.session, press):
        return RULES[press.action](view, press, event.fresh)
    return _double_tap(view) if _is_double_tap(view, press) else _old_button(view)


def _is_current(session: Session, press: Press) -> bool:
    return press.session == session.id and (press.step == session.step or press.action in ANY_STEP)


def _is_double_tap(view: View, press: Press) -> bool:
    """The same tap again, just after it was taken: nothing to say about it."""
    session = view.session
    if press.session != session.id:
        return press.action in ("start-over", "restart-yes") and session.step == 0
    if press.step != session.step - 1:
        return False
    if press.action == "answer":
        return session.answers.get(press.word(0)) == press.word(1)
    return press.action == "back" and _askable(view, press.word(0)) is None


def _double_tap(view: View) -> Turn:
    return stay(view, toast=view.words.plain("already-noted"))


def _old_button(view: View) -> Turn:
    """A stale, foreign or forged button: a short notice and what waits."""
    return replace(shown(view, view.session), toast=view.words.plain("old-button"))


def _askable(view: View, node_id: str) -> Node | None:
    """The question with this id, if it is the current one or was answered on the path."""
    path = view.path
    nodes = [node for node, _ in path.steps] + ([path.current] if path.current else [])
    return next((node for node in nodes if node.id == node_id), None)


# -- what moves


def _answer(view: View, press: Press, fresh: int) -> Turn:
    node = _askable(view, press.word(0))
    option = node.option(press.word(1)) if node else None
    return answered(view, node, option) if node and option else _old_button(view)


def _back(view: View, press: Press, fresh: int) -> Turn:
    return back(view)


def _start_over(view: View, press: Press, fresh: int) -> Turn:
    return shown(view, begun(view, fresh, topic_of(view, press.word(0))), above=view.words.say("restarted"))


def _restart_yes(view: View, press: Press, fresh: int) -> Turn:
    return replace(_start_over(view, press, fresh), closes=view.words.say("restart-sure"))


# -- what opens and closes


def _change(view: View, press: Press, fresh: int) -> Turn:
    is_answered = view.path.option_at(press.word(0)) is not None
    return opened(view, place.CHANGE + press.word(0)) if is_answered else _old_button(view)


def _keep(view: View, press: Press, fresh: int) -> Turn:
    return kept(view, view.words.say("kept")) if view.session.open else _double_tap(view)


def _restart_no(view: View, press: Press, fresh: int) -> Turn:
    return closed(view, closes=view.words.say("kept")) if view.session.open else _double_tap(view)


def _go_on(view: View, press: Press, fresh: int) -> Turn:
    return closed(view)


# -- what only shows


def _why(view: View, press: Press, fresh: int) -> Turn:
    """Its question is the one that waits now: the answer can be given right there."""
    node = _askable(view, press.word(0))
    if node is None:
        return _old_button(view)
    is_answered = view.path.option_at(node.id) is not None
    session = replace(view.session, open=place.CHANGE + node.id if is_answered else "")
    return Turn(session, (screens.why(view, node),), act="why")


def _recap(view: View, press: Press, fresh: int) -> Turn:
    return opened(view, place.RECAP)


def _agree(view: View, press: Press, fresh: int) -> Turn:
    return _double_tap(view)


def _speak(view: View, press: Press, fresh: int) -> Turn:
    language = as_language(press.word(0))
    was_choice = press.word(2) != BESIDE_ANSWER
    return spoken(view, language, was_choice=was_choice) if language else _old_button(view)


def _languages(view: View, press: Press, fresh: int) -> Turn:
    return choosing_language(view)


def _privacy(view: View, press: Press, fresh: int) -> Turn:
    return rights.privacy(view)


RULES: Final[Mapping[Action, Callable[[View, Press, int], Turn]]] = {
    "answer": _answer,
    "back": _back,
    "start-over": _start_over,
    "restart-yes": _restart_yes,
    "change": _change,
    "keep": _keep,
    "restart-no": _restart_no,
    "find": _go_on,
    "go-on": _go_on,
    "why": _why,
    "recap": _recap,
    "agree": _agree,
    "speak": _speak,
    "languages": _languages,
    "privacy": _privacy,
}
ANY_STEP: Final = frozenset({"find", "go-on", "recap"})
"""Those of the session's buttons that count at any step."""
ANYTIME: Final = frozenset({"agree", "speak", "languages", "privacy"})
"""Those that count in any session."""
