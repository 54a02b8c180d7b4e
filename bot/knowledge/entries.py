"""What we know: concepts, and an entry for every cell (concepts x facet) that has an answer. Frozen values."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Final, Literal, NamedTuple, get_args
from zlib import crc32

from bot.knowledge.gist import Gist, gist, words_in
from bot.knowledge.lexicon import Lexicon
from bot.knowledge.likeness import Shelf, shelved
from bot.knowledge.reading import clauses, read, whole
from bot.knowledge.taught import Taught
from bot.languages import Language, Text

Facet = Literal[
    "definition", "benefits", "drawbacks", "cost", "fit", "services", "types", "staffing", "trend", "difference",
    "relation",
]  # fmt: skip
FACETS: Final[tuple[Facet, ...]] = get_args(Facet)
"""What can be asked about a concept, in the order in which an owner goes on asking."""
LINE: Final = re.compile(r"[.\n]")
OF_TWO: Final[frozenset[str]] = frozenset({"difference", "relation"})
"""Facets of two concepts together."""


class Cell(NamedTuple):
    """A place in the knowledge: one facet of one concept, or of two in the order of the alphabet."""

    concepts: tuple[str, ...]
    facet: Facet

    @property
    def name(self) -> str:
        """As a `source` in the dialog names it: `bpo/cost`, `bpo+kpo/difference`."""
        return f"{'+'.join(self.concepts)}/{self.facet}"

    @property
    def code(self) -> str:
        """Eight hex digits that stand for the cell in a button, which has no room for its name."""
        return f"{crc32(self.name.encode()):08x}"


def cell_of(facet: Facet, *concepts: str) -> Cell:
    """The cell of these concepts, in whatever order."""
    return Cell(tuple(sorted(set(concepts))), facet)


@dataclass(frozen=True, slots=True)
class Source:
    """A document, or `general`: what is general knowledge of the field. `year` may be empty."""

    id: str
    title: Text
    language: str
    publisher: Text
    year: str


@dataclass(frozen=True, slots=True)
class Concept:
    """A term. `broader` is the id of the concept that it is a kind of, or ""."""

    id: str
    name: Text
    broader: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer. `question` is the one question it answers, as on a button; `checked` an ISO date."""

    cell: Cell
    question: Text
    answer: Text
    sources: tuple[str, ...]
    facts: tuple[str, ...]
    checked: str


@dataclass(frozen=True, eq=False)
class Knowledge:
    """All that can be answered, and the words to understand a question by. `taught`: approved answers of the staff."""

    concepts: Mapping[str, Concept] = field(default_factory=dict)
    entries: Mapping[Cell, Entry] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    lexicons: Mapping[Language, Lexicon] = field(default_factory=dict)
    taught: tuple[Taught, ...] = ()
    _terms: dict[tuple[Language, str], tuple[str, ...]] = field(default_factory=dict, init=False, repr=False)
    _own: dict[Language, frozenset[str]] = field(default_factory=dict, init=False, repr=False)
    _gists: dict[tuple[Language, str], Gist] = field(default_factory=dict, init=False, repr=False)
    _shelves: dict[Language, Shelf] = field(default_factory=dict, init=False, repr=False)

    def with_taught(self, taught: tuple[Taught, ...]) -> "Knowledge":
        """The same knowledge with these taught answers; nothing is compiled anew."""
        other = replace(self, taught=taught)
        other._terms.update(self._terms)
        other._own.update(self._own)
        other._gists.update(self._gists)
        return other

    @cached_property
    def taught_by_id(self) -> Mapping[int, Taught]:
        """The taught answers by their numbers."""
        return {one.id: one for one in self.taught}

    def shelf(self, language: Language) -> Shelf:
        """The taught answers of a language, ready to be looked through. Made when first needed."""
        if language not in self._shelves:
            listed = [one for one in self.taught if one.language == language]
            self._shelves[language] = shelved((self._gist(one), one) for one in listed)
        return self._shelves[language]

    def _gist(self, one: Taught) -> Gist:
        if (kept := (one.language, one.question)) not in self._gists:
            self._gists[kept] = gist(self, one.question, one.language)
        return self._gists[kept]

    def own_words(self, language: Language) -> frozenset[str]:
        """The words of our own texts: none of them is a slip of another word. Made when first needed."""
        if language not in self._own:
            texts = (text.to(language) for entry in self.entries.values() for text in (entry.question, entry.answer))
            lines = (line for text in texts for line in LINE.split(text))
            self._own[language] = frozenset(word for line in lines for word in words_in(line, language))
        return self._own[language]

    @cached_property
    def by_name(self) -> Mapping[str, Entry]:
        """The entries by the names of their cells."""
        return {cell.name: entry for cell, entry in self.entries.items()}

    @cached_property
    def by_code(self) -> Mapping[str, Entry]:
        """The entries by the codes of their cells."""
        return {cell.code: entry for cell, entry in self.entries.items()}

    def has(self, facet: Facet, *concepts: str) -> bool:
        """Whether there is an answer. Asked a lot, and a cell equals the plain tuple of its parts."""
        return (concepts if len(concepts) == 1 else tuple(sorted(set(concepts))), facet) in self.entries

    def facets_of(self, *concepts: str) -> list[Facet]:
        """The facets of these concepts that have an answer, in their natural order."""
        return [facet for facet in FACETS if self.has(facet, *concepts)]

    def pairs_with(self, concept: str, facet: Facet) -> list[Cell]:
        """The cells of `concept` and another one; those of whom we know most together first."""
        pairs = (cell for cell in self.entries if cell.facet == facet and len(cell.concepts) > 1)
        ours = [cell for cell in pairs if concept in cell.concepts]
        return sorted(ours, key=lambda cell: -len(self.facets_of(*cell.concepts)))

    def terms_in(self, text: str, language: Language) -> tuple[str, ...]:
        """The concepts that a text of ours names. Kept, as our texts come again; a cache, so it changes nothing."""
        kept = self._terms.get((language, text))
        if kept is None:
            kept = self._terms[language, text] = self.concepts_in(text, language)
        return kept

    def concepts_in(self, text: str, language: Language) -> tuple[str, ...]:
        """The concepts that a text names, in the order of their first mention."""
        lexicon, parts = self.lexicons.get(language), clauses(text)
        return whole(read(parts, lexicon)).concepts if lexicon and parts else ()

    def broader(self, concept: str) -> list[str]:
        """The concepts that `concept` is a kind of, the nearest first."""
        chain: list[str] = []
        while (above := self.concepts[concept].broader if concept in self.concepts else "") and above not in chain:
            chain.append(above)
            concept = above
        return chain
