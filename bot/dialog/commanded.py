"""Commands: what each of them answers, in every state."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.dialog import compared, knowledge_screens, looked_up, place, rights, screens
from bot.dialog.events import Commanded
from bot.dialog.moves import choosing_language, closed, moved, opened, shown, stay, topic_of
from bot.dialog.session import Turn
from bot.dialog.view import View


def commanded(view: View, event: Commanded) -> Turn:
    """The turn of a command; of one that we do not know, too."""
    return COMMANDS.get(event.name, _unknown)(view, event)


def _start(view: View, event: Commanded) -> Turn:
    topic = topic_of(view, event.argument)
    if view.path.steps:
        return opened(view, place.WELCOME_BACK + topic)
    if topic:
        return shown(view, moved(view.session, view.content.dialog.topics[topic]))
    return opened(view, place.MENU)


def _language(view: View, event: Commanded) -> Turn:
    return choosing_language(view)


def _privacy(view: View, event: Commanded) -> Turn:
    return rights.privacy(view)


def _mydata(view: View, event: Commanded) -> Turn:
    return rights.mydata(view)


def _forget(view: View, event: Commanded) -> Turn:
    return rights.forget(view)


def _help(view: View, event: Commanded) -> Turn:
    return stay(view, screens.aside(view, screens.note(view, "help")))


def _settings(view: View, event: Commanded) -> Turn:
    return stay(view, screens.aside(view, screens.settings(view)))


def _answers(view: View, event: Commanded) -> Turn:
    return opened(view, place.RECAP)


def _restart(view: View, event: Commanded) -> Turn:
    return opened(view, place.RESTART) if view.path.steps else closed(view)


def _cancel(view: View, event: Commanded) -> Turn:
    if view.session.open in ("", place.MENU):
        return stay(view, screens.aside(view, screens.note(view, "nothing-to-cancel")))
    return closed(view, view.words.say("cancelled"))


def _history(view: View, event: Commanded) -> Turn:
    return stay(view, screens.aside(view, screens.history(view, event.past)))


def _terms(view: View, event: Commanded) -> Turn:
    return stay(view, screens.aside(view, knowledge_screens.terms(view)))


def _compare(view: View, event: Commanded) -> Turn:
    return compared.compare(view, compared.named_in(view, event.argument))


def _human(view: View, event: Commanded) -> Turn:
    return looked_up.noted(view, event.argument, view.session.language, "chat")


def _unknown(view: View, event: Commanded) -> Turn:
    return stay(view, screens.aside(view, screens.note(view, "unknown-command")))


COMMANDS: Final[Mapping[str, Callable[[View, Commanded], Turn]]] = {
    "start": _start,
    "answers": _answers,
    "language": _language,
    "restart": _restart,
    "cancel": _cancel,
    "history": _history,
    "terms": _terms,
    "compare": _compare,
    "human": _human,
    "help": _help,
    "settings": _settings,
    "privacy": _privacy,
    "mydata": _mydata,
    "forget": _forget,
}
"""The commands, in the order of the menu."""
