"""A message as the person sees it: which screen it is, and the session and step in its buttons."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

KINDS: Mapping[str, frozenset[str]] = {
    "changing": frozenset({"keep"}),
    "question": frozenset({"answer", "why"}),
    "why": frozenset({"answer"}),
    "greeting": frozenset({"agree"}),
    "restart": frozenset({"restart-yes"}),
    "languages": frozenset({"speak"}),
    "menu": frozenset({"find", "languages"}),
    "recap-empty": frozenset({"find"}),
    "advice": frozenset({"recap", "start-over"}),
    "welcome": frozenset({"go-on", "start-over"}),
    "recap": frozenset({"go-on", "change"}),
    "settings": frozenset({"languages"}),
}
"""The actions that tell a screen; the first that fits. Other words, with or without a way back, are a note."""
STANDING = frozenset({"question", "advice"})
"""The screens that show where the person stands."""
ASKING = frozenset({"question", "changing", "why"})
"""The screens that the next answer belongs to."""
OPEN = frozenset({"menu", "restart", "welcome", "changing", "recap", "recap-empty", "languages"})
"""The screens that wait above the question, until they are answered or left."""
ASIDE = frozenset({"note", "settings"})
"""The screens that change nothing."""


@dataclass(frozen=True, slots=True)
class Button:
    """A button and what its data says: action, session, step, ids."""

    label: str
    data: str

    @property
    def action(self) -> str:
        return self.data.split(":")[0]

    @property
    def session(self) -> int:
        return int(self.data.split(":")[1], 36)

    @property
    def step(self) -> int:
        return int(self.data.split(":")[2], 36)

    @property
    def words(self) -> list[str]:
        return self.data.split(":")[3:]


@dataclass(frozen=True, slots=True)
class Screen:
    """One message of the bot."""

    message_id: int
    text: str
    buttons: tuple[Button, ...] = ()

    @property
    def kind(self) -> str:
        """Which screen it is; "note" for words alone."""
        actions = {button.action for button in self.buttons}
        return next((kind for kind, needed in KINDS.items() if needed <= actions), "note")

    @property
    def session(self) -> int:
        return self.buttons[0].session

    @property
    def step(self) -> int:
        return self.buttons[0].step

    @property
    def node(self) -> str:
        """The question it asks, "" for none."""
        return next((button.words[0] for button in self.buttons if button.action == "answer"), "")

    @property
    def options(self) -> list[Button]:
        """The numbered options of a question: all but "not sure"."""
        return [button for button in self.buttons if button.action == "answer" and button.words[1] != "not-sure"]

    def says(self, other: "Screen") -> bool:
        """The same words and the same buttons."""
        return (self.text, self.buttons) == (other.text, other.buttons)

    def about(self) -> str:
        """For a report: which screen, where, how it begins."""
        where = f" {self.session}:{self.step}" if self.buttons else ""
        return f"{self.kind}{where} {self.text[:40]!r}"


def screen_of(message: Mapping[str, Any]) -> Screen:
    """The screen a Telegram message shows."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    buttons = tuple(Button(button["text"], button["callback_data"]) for row in rows for button in row)
    return Screen(message["message_id"], message["text"], buttons)


def typed_label(button: Button) -> str:
    """An option's label as a person would type it, without its number."""
    number, _, words = button.label.partition(". ")
    return words if number.isdecimal() else button.label
