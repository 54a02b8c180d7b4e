"""The lists of a words-XX.yaml: phrases separated by commas, and where each of them stands."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from bot.content.draft import Spot
from bot.content.knowledge_models import WordsShape
from bot.content.problems import Problem
from bot.content.strict_yaml import BLANK, KeyPath
from bot.knowledge.entries import FACETS
from bot.knowledge.folding import bare, folded_all
from bot.knowledge.lexicon import PLACE, SHORTEST_STEM, STEM
from bot.knowledge.word_list import WordList
from bot.languages import Language

KINDS: Final = {"aliases": "alias", "cues": "cue", "hints": "hint"}
"""The sections that hold a list for each concept or facet."""
SINGLE: Final = (
    "follow_up", "pronouns", "gaps", "function", "context", "asks_else", "negation", "insult", "injection",
    "endings", "not_ours",
)  # fmt: skip
"""The keys that hold one list."""
_HEADER: Final = re.compile(r"[>|][-+0-9]*[^\n]*\n|[\"']")


@dataclass(frozen=True, slots=True)
class PhraseList:
    """One list: of a concept's aliases, a facet's cues or hints, or a group (`kind` is `group` then).

    `folded`: the phrases as they are told apart when read, one by one.
    """

    kind: str
    value: str
    phrases: tuple[str, ...]
    folded: tuple[str, ...]
    spot: Spot
    file: str

    @property
    def name(self) -> str:
        """As messages name it: the keys that lead to it."""
        return ": ".join(str(key) for key in self.spot.path)

    def problem(self, phrase: str, message: str, hint: str) -> Problem:
        """A problem with one of the phrases, at its line and column."""
        line, column = _place(self.file, self.spot, phrase)
        return Problem(self.spot.document.name, line, column, message, hint)


@dataclass(frozen=True, slots=True)
class Words:
    """All lists of one language. `digest`: of their file."""

    language: Language
    lists: tuple[PhraseList, ...]
    digest: bytes

    def compiled(self) -> WordList:
        """For the reader, without what it cannot use."""
        aliases, cues, hints, groups = (self._of(kind) for kind in ("alias", "cue", "hint", "group"))
        return WordList(self.language, aliases, cues, hints, groups, is_folded=True)

    def _of(self, kind: str) -> Mapping[str, tuple[str, ...]]:
        lists = [found for found in self.lists if found.kind == kind]
        if kind in ("cue", "hint"):
            lists = [found for found in lists if found.value in FACETS]
        return {found.value: tuple(phrase for phrase in found.folded if usable(phrase)) for found in lists}

    def size(self) -> int:
        """Words of all phrases, however often they come."""
        return sum(phrase.count(" ") + 1 for found in self.lists for phrase in found.folded)

    def count(self) -> int:
        """Aliases, cues and hints."""
        return sum(len(found.phrases) for found in self.lists if found.kind != "group")


def lists_of(spot: Spot, shape: WordsShape, file: str) -> Iterator[PhraseList]:
    """Every list of a file, whose text is `file`."""
    for section, kind in KINDS.items():
        for value, text in getattr(shape, section).items():
            yield _listed(kind, value, text, spot / section / value, file)
    for path, group, text in _groups(shape):
        if text not in (None, BLANK):
            yield _listed("group", group, text or "", Spot(spot.document, path), file)


def _listed(kind: str, value: str, text: str, spot: Spot, file: str) -> PhraseList:
    phrases = phrases_in(text)
    return PhraseList(kind, value, phrases, _folded(phrases), spot, file)


def _folded(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """All at once: there are thousands, and folding is most of the work. What is folded already stays one string."""
    pairs = zip(phrases, folded_all(phrases), strict=True) if phrases else ()
    return tuple(phrase if phrase == other else other.replace(SPELT_PLACE, PLACE) for phrase, other in pairs)


def _groups(shape: WordsShape) -> Iterator[tuple[KeyPath, str, str | None]]:
    for key in SINGLE:
        yield (key,), key.replace("_", "-"), getattr(shape, key)
    for key, text in shape.human:
        yield ("human", key), f"human-{key}", text
    for key, text in shape.own_data:
        yield ("own_data", key), f"own-data-{key}", text
    for key, text in shape.smalltalk:
        yield ("smalltalk", key), key, text


def phrases_in(text: str) -> tuple[str, ...]:
    """The phrases between the commas; spaces and line breaks do not count."""
    parts = map(str.strip, " ".join(text.split()).split(","))
    return tuple(part for part in parts if part and part != BLANK)


def words_in(phrase: str) -> list[str]:
    """The words of a phrase as the reader takes them."""
    return phrase.replace("-", " ").split()


def is_short_stem(word: str) -> bool:
    """Whether a stem would begin too many words."""
    return word.endswith(STEM) and len(word.rstrip(STEM)) < SHORTEST_STEM


SPELT_PLACE: Final = bare(PLACE)


def usable(phrase: str) -> bool:
    """Whether the reader can take it. Most phrases are plain, and there are thousands."""
    if STEM not in phrase and PLACE not in phrase:
        return True
    words = words_in(phrase)
    return any(word != PLACE for word in words) and not any(map(is_short_stem, words))


def _place(file: str, spot: Spot, phrase: str) -> tuple[int, int]:
    """Line and column of a phrase within its list; of the list where it cannot be found."""
    line, column = spot.document.value_place(spot.path)
    at = _offset(file, line, column)
    if header := _HEADER.match(file, at):
        at = header.end()
    if not (found := re.search(_between_commas(phrase), file[at:])):
        return line, column
    before = file[: at + found.start(1)]
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def _between_commas(phrase: str) -> str:
    """A pattern of a phrase from a comma to the next, or to the end of the list, which is the end of a line."""
    words = r"\s+".join(map(re.escape, phrase.split()))
    return rf"(?:\A|,)[\s\"']*({words})[\s\"']*(?:[,#\n}}]|\Z)"


def _offset(file: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = file.index("\n", start) + 1
    return start + column - 1
