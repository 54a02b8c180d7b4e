"""What is posted to the staff's group, and what is brought from there to an owner."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from bot.dialog.phrases import escaped, harmless
from bot.dialog.presses import base36, number
from bot.dialog.tree import utf16_units

What = Literal["text", "copy", "caption", "card", "topic"]
Buttons = tuple[tuple[tuple[str, str], ...], ...]
"""Rows of (label, data)."""

MARK: Final = "!"
"""Begins the data of every button of the staff: no button of an owner does."""
LONGEST_DATA: Final = 64
LONGEST_NAME: Final = 40
LONGEST_CAPTION: Final = 1024
"""UTF-16 units that a caption of ours may have; people who pay Telegram may write longer ones."""
WORD: Final = re.compile(r"\+?\d(?:[ ()-]{0,3}\d){6,}\S*|\S+")
"""A word, or a number that one may call, spaces and all."""
CLICKABLE: Final = re.compile(r"[@#$/\\]|:\S|\w\.\w|\d{4}|\d(?:[ ()-]{0,3}\d){6}")
"""What makes a word one that Telegram's apps may take for a link, a mention, a command or a number to call."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """A message to the staff's group, or with `chat` to an owner.

    `text`: Telegram HTML; of a topic, its name. `handover`: in whose topic (0: in General, or nowhere in particular).
    `source`: chat and id of the message that is brought, or copied; `brings`: it is the one that caused this post.
    `edits`: the outbox row whose message it changes. `brief`: a card in one line of HTML, for when many wait; of a
    topic, `open` or `closed`; of a copy, what is said where none can be made. `thread`: a topic to answer in that
    belongs to no handover.
    A card without a text is drawn when the post is stored.
    """

    what: What = "text"
    text: str = ""
    buttons: Buttons = ()
    chat: int = 0
    handover: int = 0
    source: tuple[int, int] = (0, 0)
    edits: int = 0
    brief: str = ""
    thread: int = 0
    brings: bool = False


@dataclass(frozen=True, slots=True)
class Tap:
    """A button of the staff: the act, which handover (or draft, or person) it is about, and what else it needs."""

    act: str
    about: int = 0
    words: tuple[str, ...] = ()

    def data(self) -> str:
        """The button's data."""
        return MARK + ":".join((self.act, base36(self.about), *self.words))[: LONGEST_DATA - 1]

    def word(self, position: int) -> str:
        """The word at this position, `""` when there is none."""
        return self.words[position] if position < len(self.words) else ""


def read_tap(data: str) -> Tap | None:
    """The tap that `data` stands for; None when no button of the staff carries it."""
    act, *rest = data.removeprefix(MARK).split(":")
    about = number(rest[0]) if rest else None
    if not data.startswith(MARK) or about is None:
        return None
    return Tap(act, about, tuple(rest[1:]))


def inert(text: str) -> str:
    """An owner's words as Telegram HTML in which nothing can be tapped, and nothing turns the lines around."""
    return WORD.sub(_unclickable, harmless(text))


def _unclickable(found: re.Match[str]) -> str:
    word = escaped(found[0])
    return f"<code>{word}</code>" if CLICKABLE.search(found[0]) else word


def cut(text: str, units: int) -> str:
    """The beginning of a text, so long as Telegram counts; never half a character."""
    return text.encode("utf-16-le")[: 2 * units].decode("utf-16-le", "ignore")


def shortened(text: str, units: int) -> str:
    """A text on one line, its end left out where it is longer than so many UTF-16 units."""
    words = " ".join(text.split())
    return words if utf16_units(words) <= units else cut(words, units - 1) + "…"


def called(name: str) -> str:
    """A person's name as plain text for others to read: short, on one line, without what steers a screen."""
    return shortened(harmless(" ".join(name.split())), LONGEST_NAME)
