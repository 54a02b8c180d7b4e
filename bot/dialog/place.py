"""What waits for the owner: an open confirmation, else the question, else the advice.

The question and the advice are computed from the answers (law 2); a confirmation stands in `Session.open`.
"""

from typing import Final

from bot.dialog import result, screens
from bot.dialog.screens import View
from bot.dialog.session import Reply

MENU: Final = "menu"
RESTART: Final = "restart"
WELCOME_BACK: Final = "welcome-back:"
"""Followed by the topic that a link asked for, if any."""
CHANGE: Final = "change:"
"""Followed by the question whose answer shall change."""


def waiting(view: View, above: str = "") -> Reply:
    """The screen that the next words belong to; `above` (HTML) comes first."""
    kind, _, name = view.session.open.partition(":")
    match kind:
        case "menu":
            return screens.menu(view, above)
        case "restart":
            return screens.restart_sure(view, above)
        case "welcome-back":
            return screens.welcome_back(view, name, above)
        case "change" if option := view.path.option_at(name):
            return screens.changing(view, view.content.dialog.nodes[name], option, above)
    return _standing(view, above)


def _standing(view: View, above: str) -> Reply:
    node = view.path.current
    return screens.question(view, node, above) if node else result.advice(view, above)


def is_changing(view: View) -> bool:
    """Whether an answer is open to be changed."""
    return view.session.open.startswith(CHANGE)


def is_at_advice(view: View) -> bool:
    """Whether the advice was given and nothing is open."""
    return not view.session.open and view.path.current is None
