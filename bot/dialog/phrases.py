"""The bot's own words: what the engine can say beside the dialog. The wordings are content (phrases.yaml)."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.dialog.tree import Dialog
from bot.knowledge.entries import Knowledge
from bot.languages import Language, Text

NO_KNOWLEDGE: Final = Knowledge()
CONTROL: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufffe\uffff]")
"""What would steer a terminal, turn its lines around, or is no character at all, so that no YAML may hold it."""
TAG: Final = re.compile(r"<[^>]*>")


@dataclass(frozen=True, slots=True)
class Phrase:
    """One phrase; `one` is said when its variable `n` is 1. Both are templates for `str.format_map`."""

    other: Text
    one: Text | None = None

    def to(self, language: Language, variables: Mapping[str, object]) -> str:
        """The wording with its variables filled in."""
        form = self.one if self.one is not None and variables.get("n") == 1 else self.other
        return form.to(language).format_map(variables)


@dataclass(frozen=True, eq=False, slots=True)
class Content:
    """All that can be said: the dialog, the bot's phrases and the knowledge.

    `privacy` is the version of the privacy text that owners agree to; `retention_days` how long a session is kept, and
    `backup_days` how much longer a backup may hold it; `operator`: who is responsible, and how to reach them; `sealed`:
    whether words are encrypted where they are kept; `knowledge` what can be asked in passing.
    """

    dialog: Dialog
    phrases: Mapping[str, Phrase]
    privacy: str
    retention_days: int = 365
    knowledge: Knowledge = NO_KNOWLEDGE
    backup_days: int = 30
    operator: str = ""
    sealed: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases in one language."""

    content: Content
    language: Language

    def plain(self, phrase: str, **variables: object) -> str:
        """A phrase as plain text, for buttons, toasts and menus."""
        return self.content.phrases[phrase].to(self.language, variables)

    def say(self, phrase: str, **variables: object) -> str:
        """A phrase as Telegram HTML; whatever is put into it is escaped."""
        return escaped(self.plain(phrase, **variables))

    def of(self, text: Text) -> str:
        """An author's text as Telegram HTML."""
        return escaped(text.to(self.language))


def escaped(text: str) -> str:
    """Plain text as Telegram HTML."""
    return html.escape(text, quote=False)


def plain(markup: str) -> str:
    """Telegram HTML as plain text."""
    return html.unescape(TAG.sub("", markup))


def harmless(text: str) -> str:
    """Plain text with nothing in it that a terminal would obey."""
    return CONTROL.sub("\ufffd", text)


def bold(markup: str) -> str:
    """Telegram HTML in bold."""
    return f"<b>{markup}</b>"


def italic(markup: str) -> str:
    """Telegram HTML in italics."""
    return f"<i>{markup}</i>"
