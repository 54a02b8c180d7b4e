"""The knowledge files together, before they are known to be right: what was read, and where each thing stands."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import Final, TypeVar

from pydantic_core import ErrorDetails

from bot.content import build
from bot.content.draft import Spot, shape_problems
from bot.content.knowledge_models import (
    CellsShape,
    ConceptShape,
    EntryShape,
    FactsShape,
    SourcesShape,
    WordsShape,
)
from bot.content.mend import validated
from bot.content.models import Shape
from bot.content.problems import Problem
from bot.content.strict_yaml import BLANK, Document, read_yaml
from bot.content.word_lists import Words, lists_of
from bot.knowledge.entries import FACETS, Cell, Concept, Entry, Facet, Knowledge, Source
from bot.knowledge.lexicon import Lexicon
from bot.languages import LANGUAGES, Language, as_language

SOURCES_FILE: Final = "sources.yaml"
FACTS_FILE: Final = "facts.yaml"
CELLS_FILE: Final = "cells.yaml"
WORDS_FILE: Final = re.compile(r"words-(.*)\.yaml")
_WORD: Final = re.compile("[a-z0-9_-]+")
_BREAK: Final = re.compile("\r\n?")
MOST_WORDS: Final = 30_000
"""In the lists of a language. A lexicon holds 65,536, the English ones among those of every language."""

S = TypeVar("S", bound=Shape)


@dataclass(frozen=True, slots=True)
class Fact:
    """What a document states; `claim`: it may be told only as what one source says."""

    sources: tuple[str, ...]
    claim: bool


@dataclass(frozen=True, slots=True)
class ConceptFile:
    """A file about one concept, or about two."""

    spot: Spot
    about: tuple[str, ...]
    shape: ConceptShape

    def entries(self) -> Iterator[tuple[Cell, EntryShape, Spot]]:
        """Every entry whose facet there is, with its cell and place."""
        for facet in FACETS:
            if facet in self.shape.entries:
                cell = Cell(tuple(sorted(set(self.about))), facet)
                yield cell, self.shape.entries[facet], self.spot / "entries" / facet


@dataclass(slots=True)
class KnowledgeDraft:
    """The knowledge as far as it could be read; broken parts are mended or left out, with a problem for each."""

    folder: str
    """The folder's name: problems name files with it, because the dialog has files of the same names."""
    files: list[ConceptFile] = field(default_factory=list)
    concepts: dict[str, Concept] = field(default_factory=dict)
    entries: dict[Cell, Entry] = field(default_factory=dict)
    spots: dict[Cell, Spot] = field(default_factory=dict)
    """Where each entry stands."""
    sources: dict[str, tuple[Source, Spot]] = field(default_factory=dict)
    facts: dict[str, tuple[Fact, Spot]] = field(default_factory=dict)
    cells: dict[str, Spot] = field(default_factory=dict)
    """The cells that must have an entry, by name."""
    words: dict[Language, Words] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    unsure: dict[type[Shape], set[str]] = field(default_factory=lambda: defaultdict(set))
    """The words of broken files, by kind: what they name may be right, so nobody complains that it is missing."""
    unread: set[str] = field(default_factory=set)
    """Files that are there but broken."""

    def names(self) -> frozenset[str]:
        """The names of all entries, and of those which may stand in a broken file: what a `source` can name."""
        listed = (name for name in self.cells if self.may_hold(name))
        return frozenset({cell.name for cell in self.entries} | set(listed))

    def words_file(self, language: str) -> str:
        """The name of a file of words, as problems name it."""
        return f"{self.folder}/words-{language}.yaml"

    def may_hold(self, cell: str) -> bool:
        """Whether the entry of a cell may stand in a broken file."""
        return self.unsure[ConceptShape].issuperset(re.split("[+/]", cell))

    def knowledge(self) -> Knowledge:
        """The frozen knowledge. Whole only for a draft without problems."""
        return self._knowledge(dict(self.words))

    def given_up(self) -> Knowledge:
        """The same; but what was read of the words is let go as it is compiled, so that never both fill the memory."""
        return self._knowledge(self.words)

    def _knowledge(self, words: dict[Language, Words]) -> Knowledge:
        return Knowledge(
            concepts=MappingProxyType({name: self.concepts[name] for name in sorted(self.concepts, key=self._rank())}),
            entries=MappingProxyType(self.entries),
            sources=MappingProxyType({name: source for name, (source, _) in self.sources.items()}),
            lexicons=MappingProxyType(_lexicons(words)),
        )

    def _rank(self) -> Callable[[str], int]:
        """Concepts come in the order of cells.yaml."""
        ranks = {name.split("/")[0]: -index for index, name in enumerate(reversed(self.cells))}
        return lambda name: ranks.get(name, 1)


def _lexicons(words: dict[Language, Words]) -> dict[Language, Lexicon]:
    """Compiled one by one, but for those that were compiled last time from the same files; taken out of `words`."""
    english = words.get("en")
    loans = english.compiled() if english else None
    found: dict[Language, Lexicon] = {}
    for language in tuple(words):
        made_of = (words[language].digest, english.digest if english else b"")
        before, lexicon = _COMPILED.get(language, (None, None))
        compiled = words.pop(language)
        if lexicon is None or before != made_of:
            lexicon = Lexicon(compiled.compiled(), None if language == "en" else loans)
            _COMPILED[language] = made_of, lexicon
        found[language] = lexicon
    return found


_COMPILED: Final[dict[Language, tuple[tuple[bytes, bytes], Lexicon]]] = {}
"""What was compiled last: a change seldom concerns the words of all languages, and a lexicon never changes."""


def drafted_knowledge(files: Mapping[str, bytes], folder: str) -> KnowledgeDraft:
    """Read the files of a knowledge folder; their shapes are checked and every slip noted."""
    draft = KnowledgeDraft(folder)
    for name in sorted(files):
        document = read_yaml(f"{folder}/{name}", files[name])
        shape = shape_of(name)
        if taken := _shaped(draft, document, shape, files[name]):
            _TAKE[shape](draft, Spot(document), taken, files[name])
    return draft


def shape_of(name: str) -> type[Shape]:
    """What a file holds, by its name."""
    fixed: dict[str, type[Shape]] = {SOURCES_FILE: SourcesShape, FACTS_FILE: FactsShape, CELLS_FILE: CellsShape}
    return WordsShape if WORDS_FILE.fullmatch(name) else fixed.get(name, ConceptShape)


def _shaped(draft: KnowledgeDraft, document: Document, shape: type[S], data: bytes) -> S | None:
    found, errors = validated(shape, document.value)
    problems = [*document.problems, *shape_problems(Spot(document), document.value, shape, _meant(document, errors))]
    if problems:
        draft.problems += problems
        draft.unsure[shape] |= set(_WORD.findall(data.decode("utf-8", "replace")))
        draft.unread.add(document.name)
    return found


def _meant(document: Document, errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """The errors; of a file that breaks off not those of what is missing."""
    return [error for error in errors if not (document.cut_off and error["type"] == "missing")]


# one kind of file each


def _take_concepts(draft: KnowledgeDraft, spot: Spot, shape: ConceptShape, _data: bytes) -> None:
    about = tuple(name for name in shape.about if name != BLANK)
    file = ConceptFile(spot, about, shape)
    draft.files.append(file)
    if len(about) == 1 and shape.name is not None:
        draft.concepts.setdefault(about[0], Concept(about[0], build.text(shape.name), shape.broader or ""))
    for cell, entry, place in file.entries() if about else ():
        if draft.spots.setdefault(cell, place) == place:
            draft.entries[cell] = build.entry(cell, entry)


def _take_sources(draft: KnowledgeDraft, spot: Spot, shape: SourcesShape, _data: bytes) -> None:
    for name, source in shape.sources.items():
        draft.sources[name] = build.source(name, source), spot / "sources" / name


def _take_facts(draft: KnowledgeDraft, spot: Spot, shape: FactsShape, _data: bytes) -> None:
    for name, fact in shape.facts.items():
        draft.facts[name] = Fact(tuple(fact.from_), fact.claim), spot / "facts" / name


def _take_cells(draft: KnowledgeDraft, spot: Spot, shape: CellsShape, _data: bytes) -> None:
    for about, facets in shape.cells.items():
        for index, facet in enumerate(facets):
            draft.cells.setdefault(f"{about}/{facet}", spot / "cells" / about / index)


def _take_words(draft: KnowledgeDraft, spot: Spot, shape: WordsShape, data: bytes) -> None:
    named = WORDS_FILE.fullmatch(spot.document.name.rpartition("/")[2])
    language = as_language(named[1]) if named else None
    if language is None:
        hint = f"name it words-XX.yaml, with one of {', '.join(LANGUAGES)}"
        draft.problems.append(spot.problem("this file is named after no language", hint))
        return
    if shape.words not in (language, BLANK):
        problem = (spot / "words").problem(f"the file is named after `{language}`", f"write `words: {language}`")
        draft.problems.append(problem)
    file = _BREAK.sub("\n", data.decode("utf-8", "replace").removeprefix("\ufeff"))
    words = Words(language, tuple(lists_of(spot, shape, file)), sha256(data).digest())
    if words.size() > MOST_WORDS:
        draft.problems.append(spot.problem(f"more than {MOST_WORDS:,} words", "write stems, as in `outsourc*`"))
        draft.unread.add(spot.document.name)
    else:
        draft.words[language] = words


_TAKE: Final[Mapping[type[Shape], Callable[..., None]]] = {
    ConceptShape: _take_concepts,
    SourcesShape: _take_sources,
    FactsShape: _take_facts,
    CellsShape: _take_cells,
    WordsShape: _take_words,
}


def facet_named(name: str) -> Facet | None:
    """`name` as a facet, None when there is none."""
    return next((facet for facet in FACETS if facet == name), None)
