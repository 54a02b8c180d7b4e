"""The words of one language, compiled: which words a text may hold, and which phrases they make.

A pattern is a word, a stem (`outsourc*`) or `…`, the place of a concept. A phrase is a row of patterns with what it
stands for: an alias of a concept, a cue or a hint for a facet, or a member of a group (`function`, `greeting`, ...).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from bot.knowledge.folding import bare, folded_all, spellings, squeezed
from bot.knowledge.spelling import Speller, nearest_of
from bot.languages import Language

NO_PHRASES: Final = ("endings", "not-ours", "gaps")
SMALLTALK: Final = ("greeting", "thanks", "goodbye", "wellbeing", "identity", "agreement")
PLACE: Final = "…"
"""In a phrase: here stands the concept."""
STEM: Final = "*"
SHORTEST_STEM: Final = 3
ACRONYM: Final = 3
"""Letters of an acronym, which endings hang on."""
OF_STEM: Final = 0.6
OF_LETTER: Final = 0.5
"""A letter alone is a word in several languages (the Bulgarian e, the e of e-mail)."""
LONG_STEM: Final = 5
"""Letters of a stem that says as much as a word."""
OF_LATIN: Final = 0.9
"""Bulgarian in Latin letters looks like words of the other languages now and then (moi)."""
LONGEST_WORD: Final = 40
"""Letters of a word; Finnish compounds reach thirty."""
MOST_PATTERNS: Final = 1 << 16
DOUBLED: Final = re.compile(r"(.)\1")
"""A letter typed twice."""
SHORTEST_PART: Final = 4
"""Letters of a part of a compound."""


@dataclass(frozen=True, slots=True)
class WordList:
    """The lists of one language: phrases by concept, by facet and by group, as their author wrote them or folded."""

    language: Language
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cues: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hints: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def phrases(self) -> Iterator[tuple["Meaning", tuple[str, ...]]]:
        """Every list of phrases with what they stand for; NO_PHRASES say something of words that stand elsewhere."""
        for kind, lists in (("alias", self.aliases), ("cue", self.cues), ("hint", self.hints)):
            yield from ((Meaning(kind, value), phrases) for value, phrases in lists.items())
        yield from ((Meaning(group), phrases) for group, phrases in self.groups.items() if group not in NO_PHRASES)

    def group(self, name: str) -> list[str]:
        """The words of a group, folded."""
        return [word for word in folded_all(self.groups.get(name, ())) if word]


class Meaning(NamedTuple):
    """What a phrase stands for: an alias of the concept `value`, a cue or hint for the facet `value`, or a group."""

    kind: str
    value: str = ""


Patterns = tuple[int, ...]
NONE: Final[Patterns] = ()


class Phrases:
    """Rows of patterns with their meanings, as a tree in one flat table: (node, pattern) -> node."""

    def __init__(self) -> None:
        self.gaps: set[int] = set()
        """The patterns of words that may stand inside a phrase without changing it."""
        self.begins: set[int] = set()
        """The patterns that a phrase can begin with."""
        self._words: dict[int, Meaning] = {}
        self._starts: set[int] = set()
        self._steps: dict[int, int] = {}
        self._meanings: dict[int, tuple[Meaning, int]] = {}
        """By the node of its last word, a phrase's meaning and the number of its words."""
        self._shared: dict[tuple[Meaning, int], tuple[Meaning, int]] = {}

    def add(self, row: Sequence[int], meaning: Meaning) -> None:
        """Take a phrase of several patterns over; of two that are alike the first stays."""
        node, steps = 0, self._steps
        for pattern in row:
            node = steps.setdefault(node * MOST_PATTERNS + pattern, len(steps) + 1)
        told = (meaning, len(row))
        self._meanings.setdefault(node, self._shared.setdefault(told, told))
        self._starts.add(row[0])
        self.begins.add(row[0])

    def add_word(self, pattern: int, meaning: Meaning) -> None:
        """Take a phrase of one pattern over."""
        self._words.setdefault(pattern, meaning)
        self.begins.add(pattern)

    def by_itself(self, patterns: Patterns) -> Meaning | None:
        """The meaning of a word alone."""
        for pattern in patterns:
            if pattern in self._words:
                return self._words[pattern]
        return None

    def longest(self, spots: Sequence[Patterns], place: int) -> tuple[Meaning | None, int, int]:
        """The meaning of the longest phrase that begins at `place`, the spots it takes, and the words that it has.

        (None, 1, 0) when none does. Of two that are as long, that of the pattern that comes first. Inside a phrase any
        of `gaps` may stand; they take a spot, but are no words of the phrase.
        """
        best, size = self.by_itself(spots[place]), 1
        longest = 0 if best is None else 1
        if self._starts.isdisjoint(spots[place]):
            return best, size, longest
        steps, meanings, nodes = self._steps, self._meanings, [0]
        for end in range(place, len(spots)):
            after: list[int] = []
            for node in nodes:
                for pattern in spots[end]:
                    if step := steps.get(node * MOST_PATTERNS + pattern):
                        after.append(step)
                        if step in meanings and meanings[step][1] > longest:
                            size, (best, longest) = end + 1 - place, meanings[step]
            if end > place and not self.gaps.isdisjoint(spots[end]):
                after += nodes
            if not after:
                break
            nodes = after
        return best, size, longest


class Lexicon:
    """The words of one language, ready to be looked up. Made once, never changed."""

    def __init__(self, words: WordList, loans: WordList | None = None) -> None:
        """`loans`: a list whose aliases count here too (English names are used everywhere)."""
        self.language = words.language
        self.aliases = Phrases()
        self.phrases = Phrases()
        self._patterns: dict[str, int] = {bare(PLACE): 0}
        self._words: dict[str, Patterns] = {}
        self._stems: dict[str, Patterns] = {}
        self._acronyms: set[str] = set()
        self._seconds: dict[int, set[str]] = defaultdict(set)
        """The words that come next in an alias, by the pattern before them."""
        self._firsts: dict[int, set[str]] = defaultdict(set)
        """The words that come before in an alias, by the pattern after them; short ones say too little of them."""
        alone: set[int] = set()
        for meaning, phrases in _all(words, loans):
            alone |= self._take_all(folded_all(phrases), meaning)
        self.phrases.gaps = {0, *map(self._pattern, words.group("gaps"))}
        self.pronouns = frozenset(map(self._pattern, words.group("pronouns")))
        """The patterns of words that stand for the concept spoken of last."""
        self._endings = self._keys_of(words.group("endings"))
        self._by_start: dict[str, tuple[str, ...]] = _by_start(self._stems)
        kept = self._keys_of(words.group("not-ours")) | self._acronyms
        tables = (self._words, self._stems)
        by_itself = frozenset(key for table in tables for key in table if not alone.isdisjoint(table[key]))
        self._speller = Speller(by_itself, self._words, self._stems, kept)
        del self._patterns

    def key(self, word: str) -> str:
        """A folded word as it is looked up here."""
        return squeezed(word) if self.language == "bg" else word

    def _keys(self, word: str) -> Iterable[str]:
        return spellings(word) if self.language == "bg" else (word,)

    def _keys_of(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(key for word in words for key in self._keys(word))

    def _take_all(self, phrases: Iterable[str], meaning: Meaning) -> set[int]:
        """Take phrases over; gives the patterns of those that are one word."""
        is_alias = meaning.kind == "alias"
        table, pattern, alone = self.aliases if is_alias else self.phrases, self._pattern, set()
        for phrase in filter(None, phrases):
            if " " in phrase:
                row = phrase.split()
                table.add([pattern(word) for word in row], meaning)
                for first, second in pairwise(row) if is_alias else ():
                    self._take_pair(first, second)
                continue
            word = pattern(phrase)
            table.add_word(word, meaning)
            alone.add(word)
            if is_alias and len(phrase) <= ACRONYM + 1:
                self._acronyms.update(self._keys(phrase))
        return alone

    def _take_pair(self, first: str, second: str) -> None:
        """Remember two words that stand side by side in an alias."""
        self._seconds[self._pattern(first)].update(self._keys(second.rstrip(STEM)))
        if len(second.rstrip(STEM)) >= SHORTEST_PART:
            self._firsts[self._pattern(second)].update(self._keys(first.rstrip(STEM)))

    def _pattern(self, word: str) -> int:
        known = self._patterns.get(word)
        if known is None:
            known = self._patterns[word] = len(self._patterns)
            assert known < MOST_PATTERNS, "too many words for one language"
            table = self._stems if word[-1] == STEM else self._words
            for key in self._keys(word.rstrip(STEM)):
                table[key] = (*table[key], known) if key in table else (known,)
        return known

    # looking up

    def is_ending(self, word: str) -> bool:
        """Whether a folded word is an ending that hangs on acronyms."""
        return self.key(word) in self._endings

    def surely(self, word: str) -> float:
        """How surely a word of ours is meant as such: 1 as it stands; less if only its beginning, or spelling, is."""
        if len(word) == 1:
            return OF_LETTER
        key = self.key(word)
        if key not in self._words:
            return 1.0 if len(self._stem(key)) >= LONG_STEM else OF_STEM
        return OF_LATIN if self.language == "bg" and word.isascii() else 1.0

    def is_person(self, patterns: Patterns) -> bool:
        """Whether a word is one for a person."""
        meaning = self.phrases.by_itself(patterns)
        return meaning is not None and meaning.kind == "human-person"

    def lists(self, key: str) -> bool:
        """Whether a word, folded by `key`, stands in a list as it is: then it is no slip."""
        return key in self._words

    def patterns(self, key: str) -> Patterns:
        """The patterns that a word, folded by `key`, matches as it stands."""
        found = self._words.get(key, NONE)
        for stem in self._by_start.get(key[:SHORTEST_STEM], ()):
            if key.startswith(stem):
                found += self._stems[stem]
        return found

    def parts(self, key: str, looked_up: Patterns | None = None) -> tuple[list[Patterns], bool]:
        """What a word is read as: itself, an acronym with its ending, two words of a compound, or a slip of another.

        Empty when it is none of these. The flag says whether it was a slip. `looked_up`: its `patterns`, if known.
        """
        if len(key) > LONGEST_WORD:
            return [], False
        if key not in self._words and (acronym := self._acronym(key)):
            return acronym, False
        if found := self.patterns(key) if looked_up is None else looked_up:
            return ([found], False) if key in self._words else ([found, *self._tail(key)], False)
        if compound := self._compound(key):
            return compound, False
        if acronym := self._acronym(DOUBLED.sub(r"\1", key, count=1)):
            return acronym, True
        repaired = self.repaired(key)
        return [repaired] if repaired else [], True

    def _stem(self, key: str) -> str:
        """The longest stem that a word begins with; "" for none."""
        return next(filter(key.startswith, self._by_start.get(key[:SHORTEST_STEM], ())), "")

    def acronym(self, word: str) -> Patterns:
        """The patterns of the acronym that a folded word is, with its ending."""
        return next(iter(self._acronym(self.key(word))), NONE)

    def _acronym(self, key: str) -> list[Patterns]:
        ending = key[ACRONYM:]
        if key[:ACRONYM] in self._acronyms and (not ending or ending in self._endings):
            return [self._words[key[:ACRONYM]]]
        return []

    def _tail(self, key: str) -> list[Patterns]:
        """The second part of a compound whose first part is a stem."""
        if len(key) < 2 * SHORTEST_PART + 2:
            return []
        tails = (self.patterns(key[cut:]) for cut in range(len(self._stem(key)), len(key) - SHORTEST_PART + 1))
        return [tail for tail in tails if tail][:1]

    def _compound(self, key: str) -> list[Patterns]:
        for cut in range(SHORTEST_PART, len(key) - SHORTEST_PART + 1):
            if (first := self._words.get(key[:cut])) and (second := self.patterns(key[cut:])):
                return [first, second]
        rest = key[ACRONYM:]
        if key[:ACRONYM] in self._acronyms and len(rest) >= SHORTEST_PART and (second := self.patterns(rest)):
            return [self._words[key[:ACRONYM]], second]
        return []

    def expected(self, before: Patterns, key: str) -> Patterns:
        """The patterns of the word that goes on with an alias after `before`, if `key` may be a slip of it."""
        return self._of_few(self._seconds, before, key)

    def begun(self, key: str, after: Patterns) -> Patterns:
        """The patterns of the word that comes before `after` in an alias, if `key` may be a slip of it."""
        return self._of_few(self._firsts, after, key)

    def _of_few(self, expected: Mapping[int, set[str]], beside: Patterns, key: str) -> Patterns:
        word = nearest_of(key, {word for pattern in beside for word in expected.get(pattern, ())})
        return self.patterns(word) if word else NONE

    def repaired(self, key: str, *, by_itself: bool = False) -> Patterns:
        """The patterns of the word that this one is a slip of; none when it is no slip, or known by itself."""
        word = self._speller.nearest(key, by_itself=by_itself)
        return self.patterns(word) if word else NONE


def _by_start(stems: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The stems by their first letters, the longest first."""
    found: dict[str, list[str]] = defaultdict(list)
    for stem in sorted(stems, key=lambda stem: -len(stem)):
        found[stem[:SHORTEST_STEM]].append(stem)
    return {start: tuple(group) for start, group in found.items()}


def _all(words: WordList, loans: WordList | None) -> Iterator[tuple[Meaning, tuple[str, ...]]]:
    yield from words.phrases()
    if loans is not None:
        yield from ((meaning, phrases) for meaning, phrases in loans.phrases() if meaning.kind == "alias")
