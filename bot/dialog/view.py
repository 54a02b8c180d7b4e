"""A session as the screens see it, and how their texts and buttons are put together."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from bot.dialog.path import Path, walk
from bot.dialog.phrases import Content, Words
from bot.dialog.presses import Action, Press
from bot.dialog.session import Button, Rows, Session
from bot.languages import Language

SHORT_LABEL: Final = 22
"""Letters of a label that leaves room for another one beside it on a phone."""


@dataclass(frozen=True)
class View:
    """A session as a screen sees it."""

    content: Content
    session: Session

    @property
    def words(self) -> Words:
        """The phrases in the owner's language."""
        return Words(self.content, self.session.language)

    @property
    def agreed(self) -> bool:
        """Whether the owner agreed to today's privacy text."""
        return self.session.consent == self.content.privacy

    @cached_property
    def path(self) -> Path:
        """Where the owner stands."""
        return walk(self.content.dialog, self.session.answers)

    def into(self, language: Language) -> "View":
        """The same session, as its screens are in another language."""
        return View(self.content, replace(self.session, language=language))

    def button(self, label: str, action: Action, *words: str) -> Button:
        """A button of this session at this step; `label` as plain text."""
        return Button(label, Press(action, self.session.id, self.session.step, words))

    def phrase_button(self, phrase: str, action: Action, *words: str) -> Button:
        """A button that bears a phrase."""
        return self.button(self.words.plain(phrase), action, *words)


def paragraphs(*parts: str) -> str:
    """The parts that are not empty, a blank line between."""
    return "\n\n".join(part for part in parts if part)


def lines(*parts: str) -> str:
    """The parts that are not empty, a line each."""
    return "\n".join(part for part in parts if part)


def in_rows(buttons: Iterable[Button]) -> Rows:
    """Two a row where the words of both are short."""
    rows: list[tuple[Button, ...]] = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and all(len(one.label) <= SHORT_LABEL for one in (*rows[-1], button)):
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    return tuple(rows)
