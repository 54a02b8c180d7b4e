"""A transcript as a chat: who said what, which button was pressed, what was aside of the dialog."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from markupsafe import Markup, escape

from bot.dialog.presses import read_press
from bot.review.markup import shown
from bot.store.transcripts import Line

DEEDS: Final = {
    "back": "goes back", "why": "asks why", "change": "changes an answer", "keep": "keeps the answer",
    "recap": "looks at the answers", "find": "begins", "go-on": "goes on", "start-over": "starts over",
    "restart-yes": "starts over", "restart-no": "does not start over", "agree": "agrees", "speak": "picks a language",
    "languages": "picks a language", "privacy": "reads what is kept", "know": "asks aside", "terms": "asks aside",
    "compare": "asks aside", "sources": "asks for sources", "helpful": "found it helpful",
    "unhelpful": "found it unhelpful", "person": "passes a question on", "human": "wants a person",
    "talk": "wants a person", "to-bot": "back to the bot", "rate": "rates the help", "tell": "wants to hear",
}  # fmt: skip
ASIDE: Final = frozenset(
    {"know", "sources", "helpful", "unhelpful", "person", "terms", "compare", "why", "privacy", "languages", "tell"}
)
KINDS: Final = {
    "pressed": "pressed", "commanded": "command", "sent": "sent", "late": "came late",
    "edit": "the message was changed", "toast": "a note on the screen", "edited": "edited",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shown:
    """A button as it was shown, and whether it was pressed."""

    label: str
    pressed: bool = False


@dataclass(frozen=True, slots=True)
class Spoken:
    """A line of the chat. `deed`: what a press did, in a word; `aside`: it did not move the dialog."""

    line: int
    at: int
    who: str
    kind: str
    html: Markup
    rows: tuple[tuple[Shown, ...], ...] = ()
    deed: str = ""
    aside: bool = False
    how: str = ""


def chat(lines: Sequence[Line]) -> list[Spoken]:
    """These lines, in order."""
    pressed = _pressed(lines)
    spoken: list[Spoken] = []
    aside = False
    for line in lines:
        if line.who == "owner":
            aside = _is_aside(line)
        spoken.append(replace(_spoken(line, pressed), aside=aside and line.who != "staff"))
    return spoken


def _spoken(line: Line, pressed: set[tuple[int, str]]) -> Spoken:
    is_ours = line.who == "bot"
    html = shown(line.text) if is_ours else escape(line.text)
    rows = tuple(
        tuple(Shown(label, (line.line, data) in pressed) for label, data in row) for row in line.buttons if is_ours
    )
    return Spoken(
        line.line, line.at, line.who, line.kind, html, rows, _deed(line), how=KINDS.get(line.kind, "")
    )  # fmt: skip


def _pressed(lines: Sequence[Line]) -> set[tuple[int, str]]:
    """Which buttons were pressed: (line, data), the newest line that showed it."""
    shown_at: dict[str, int] = {}
    found: set[tuple[int, str]] = set()
    for line in lines:
        for data in (data for row in line.buttons for _, data in row):
            if line.who == "bot":
                shown_at[data] = line.line
            elif data in shown_at:
                found.add((shown_at[data], data))
        if line.taken in shown_at:
            found.add((shown_at[line.taken], line.taken))
    return found


def _data(line: Line) -> str:
    """The data of the button that an owner's line pressed, tapped or typed; "" for none."""
    if line.who != "owner":
        return ""
    return line.taken or next((data for row in line.buttons for _, data in row), "")


def _deed(line: Line) -> str:
    press = read_press(_data(line))
    return DEEDS.get(press.action, "") if press else ""


def _is_aside(line: Line) -> bool:
    """Whether a digression begins here: a question in passing, by a button or in words."""
    press = read_press(_data(line))
    if press:
        return press.action in ASIDE
    return line.kind == "said" and not line.taken
