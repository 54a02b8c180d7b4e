"""What waits for the owner: an open confirmation, else the question, else the advice.

The question and the advice are computed from the answers (law 2); a confirmation stands in `Session.open`.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.dialog import result, screens
from bot.dialog.session import Reply
from bot.dialog.view import View

MENU: Final = "menu"
RESTART: Final = "restart"
WELCOME_BACK: Final = "welcome-back:"
"""Followed by the topic that a link asked for, if any."""
CHANGE: Final = "change:"
"""Followed by the question whose answer shall change."""
RECAP: Final = "recap"
LANGUAGES: Final = "languages:"
"""Followed by what was open before."""
FORGET: Final = "forget:"
"""Followed by what was open before."""
LISTS: Final = frozenset({"menu", "recap", "languages"})
"""Screens whose buttons all count by their number."""


def waiting(view: View, above: str = "") -> Reply:
    """The screen that the next words belong to; `above` (HTML) comes first."""
    kind, _, name = view.session.open.partition(":")
    if kind == "change" and (option := view.path.option_at(name)):
        return screens.changing(view, view.content.dialog.nodes[name], option, above)
    screen = OPEN.get(kind)
    return screen(view, name, above) if screen else standing(view, above)


def again(view: View, above: str = "") -> Reply:
    """What waits once more, after something in passing. The advice is long, and stands further up."""
    return result.advice_above(view, above) if is_at_advice(view) else waiting(view, above)


OPEN: Final[Mapping[str, Callable[[View, str, str], Reply]]] = {
    "menu": lambda view, _, above: screens.menu(view, above),
    "recap": lambda view, _, above: screens.recap(view, above),
    "languages": lambda view, _, above: screens.languages(view, above=above),
    "restart": lambda view, _, above: screens.restart_sure(view, above),
    "forget": lambda view, _, above: screens.forget_sure(view, above),
    "welcome-back": screens.welcome_back,
}
"""What can be open over the question, by the first word of `Session.open`."""


def standing(view: View, above: str = "") -> Reply:
    """The question, or the advice, whatever is open over it."""
    node = view.path.current
    return screens.question(view, node, above) if node else result.advice(view, above)


def is_list(view: View) -> bool:
    """Whether a list is open whose buttons all count by their number."""
    return view.session.open.partition(":")[0] in LISTS


def covered(view: View) -> Reply:
    """The screen under an open list: the question or the advice; for the languages, what was open before."""
    kind, _, before = view.session.open.partition(":")
    if f"{kind}:" == LANGUAGES:
        return waiting(View(view.content, replace(view.session, open=before)))
    return standing(view)


def is_changing(view: View) -> bool:
    """Whether an answer is open to be changed."""
    return view.session.open.startswith(CHANGE)


def is_at_advice(view: View) -> bool:
    """Whether the advice was given and nothing is open."""
    return not view.session.open and view.path.current is None
