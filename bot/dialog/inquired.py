"""Inline mode: words typed after the bot's name in any chat, and the answers to send there. Nothing is kept of it."""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from bot.dialog.events import Inquired
from bot.dialog.knowledge_screens import entry_text
from bot.dialog.session import Definition, Turn
from bot.dialog.view import View
from bot.knowledge.answering import Answer, answer
from bot.knowledge.entries import Cell, Entry, Knowledge, cell_of
from bot.languages import Language

MOST: Final = 10
MOST_TERMS: Final = 20
SUMMARY: Final = 120
"""Letters of an answer that stand under its title in the list."""


def inquired(view: View, event: Inquired) -> Turn:
    """The definitions for the words typed so far; all terms when there are none yet."""
    known, language = view.content.knowledge, view.session.language
    if not event.text.strip():
        return _offering(view, islice(_terms(known), MOST_TERMS), language)
    heard = answer(known, event.text, language)
    if heard.action == "refuse":
        return _offering(view, (), language)
    cells = dict.fromkeys((*_meant(heard), *_named(known, event.text, heard.language)))
    return _offering(view, islice((known.entries[cell] for cell in cells), MOST), heard.language)


def _offering(view: View, entries: Iterator[Entry] | tuple[()], language: Language) -> Turn:
    return Turn(view.session, recorded=False, definitions=tuple(definition(one, language) for one in entries))


def _terms(known: Knowledge) -> Iterator[Entry]:
    cells = (cell_of("definition", concept) for concept in known.concepts)
    return (known.entries[cell] for cell in cells if cell in known.entries)


def _meant(heard: Answer) -> tuple[Cell, ...]:
    return (*((heard.cell,) if heard.cell else ()), *heard.suggestions)


def _named(known: Knowledge, text: str, language: Language) -> Iterator[Cell]:
    """Every cell of the concepts that the words name."""
    concepts = known.concepts_in(text, language)
    return (cell_of(facet, concept) for concept in concepts for facet in known.facets_of(concept))


def definition(entry: Entry, language: Language) -> Definition:
    """An entry as it is offered."""
    title, words = entry.question.to(language), " ".join(entry.answer.to(language).split())
    summary = words if len(words) <= SUMMARY else f"{words[: SUMMARY - 1].rstrip()}…"
    return Definition(f"{entry.cell.code}{language}", title, summary, entry_text(entry, language))
