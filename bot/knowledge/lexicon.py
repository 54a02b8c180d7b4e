"""The words of one language, compiled: which words a text may hold, and which phrases they make.

A pattern is a word, a stem (`outsourc*`) or `…`, the place of a concept. A phrase is a row of patterns with what it
stands for: an alias of a concept, a cue or a hint for a facet, or a member of a group (`function`, `greeting`, ...).
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Final

from bot.knowledge.folding import bare, spellings, squeezed
from bot.knowledge.phrases import MOST_PATTERNS, NONE, Meaning, Patterns, Phrases
from bot.knowledge.spelling import Speller, nearest_of
from bot.knowledge.word_list import NO_PHRASES, WordList

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
DOUBLED: Final = re.compile(r"(.)\1")
"""A letter typed twice."""
SHORTEST_PART: Final = 4
"""Letters of a part of a compound."""
Found = dict[str, Patterns]
"""Words that a lexicon knows as they stand, with the patterns they match."""
Stems = tuple[tuple[str, ...], tuple[Patterns, ...]]
NO_STEMS: Final[Stems] = ((), ())


class Lexicon:
    """The words of one language, ready to be looked up. Made once, never changed."""

    def __init__(self, words: WordList, loans: WordList | None = None) -> None:
        """`loans`: a list whose aliases count here too (English names are used everywhere)."""
        self.language = words.language
        self.aliases = Phrases()
        self.phrases = Phrases()
        self._patterns: dict[str, int] = {PLACE: 0, bare(PLACE): 0}
        self._rows: dict[Meaning, Patterns] = {}
        self._words: dict[str, Patterns] = {}
        self._stems: dict[str, Patterns] = {}
        self._acronyms: set[str] = set()
        self._seconds: dict[int, tuple[str, ...]] = {}
        """The words that come next in an alias, by the pattern before them."""
        self._firsts: dict[int, tuple[str, ...]] = {}
        """The words that come before in an alias, by the pattern after them; short ones say too little of them."""
        listed = list(_all(words, loans))
        self._own = _own(phrases for _, phrases in listed).union(words.group("gaps"), words.group("pronouns"))
        self._spelt = _spelt(words, listed) if self.language == "bg" else {}
        alone: set[int] = set()
        for meaning, phrases in listed:
            alone |= self._take_all(phrases, meaning)
        self.phrases.gaps = {0, *map(self._pattern, words.group("gaps"))}
        self.pronouns = frozenset(map(self._pattern, words.group("pronouns")))
        """The patterns of words that stand for the concept spoken of last."""
        self._endings = self._keys_of(words.group("endings"))
        self._by_start = _by_start(self._stems)
        kept = self._keys_of(words.group("not-ours")) | self._acronyms
        tables = (self._words, self._stems)
        by_itself = frozenset(key for table in tables for key in table if not alone.isdisjoint(table[key]))
        self._speller = Speller(by_itself, self._words, self._stems, kept)
        del self._patterns, self._own, self._rows, self._stems, self._spelt

    def key(self, word: str) -> str:
        """A folded word as it is looked up here."""
        return squeezed(word) if self.language == "bg" else word

    def _keys(self, word: str) -> Iterable[str]:
        return self._spelt.get(word, (word,))

    def _keys_of(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(key for word in words for key in self._keys(word))

    def _take_all(self, phrases: Iterable[str], meaning: Meaning) -> set[int]:
        """Take phrases over; gives the patterns of those that are one word."""
        is_alias = meaning.kind == "alias"
        table, known, alone = self.aliases if is_alias else self.phrases, self._patterns, set()
        for phrase in phrases:
            if " " in phrase:
                row = phrase.split()
                table.add([known.get(word) or self._pattern(word) for word in row], meaning)
                for first, second in pairwise(row) if is_alias else ():
                    self._take_pair(first, second)
                continue
            word = self._pattern(phrase) if phrase in self._own else self._shared(phrase, meaning)
            table.add_word(word, meaning)
            alone.add(word)
            if is_alias and len(phrase) <= ACRONYM + 1:
                self._acronyms.update(self._keys(phrase))
        return alone

    def _take_pair(self, first: str, second: str) -> None:
        """Remember two words that stand side by side in an alias."""
        self._add(self._seconds, first, second.rstrip(STEM))
        if len(second.rstrip(STEM)) >= SHORTEST_PART:
            self._add(self._firsts, second, first.rstrip(STEM))

    def _add(self, pairs: dict[int, tuple[str, ...]], word: str, other: str) -> None:
        pattern = self._pattern(word)
        known = pairs.get(pattern, ())
        pairs[pattern] = (*known, *(key for key in self._keys(other) if key not in known))

    def _pattern(self, word: str) -> int:
        """The pattern of a word or stem by itself."""
        known = self._patterns.get(word)
        if known is None:
            known = self._patterns[word] = len(self._patterns)
            assert known < MOST_PATTERNS, "too many words for one language"
            self._enter(word, (known,))
        return known

    def _shared(self, word: str, meaning: Meaning) -> int:
        """The pattern which all words have that mean this, stand in no phrase and in no second list."""
        row = self._rows.get(meaning)
        if row is None:
            row = self._rows[meaning] = (self._patterns.setdefault(f"{STEM}{len(self._rows)}", len(self._patterns)),)
        self._enter(word, row)
        return row[0]

    def _enter(self, word: str, row: Patterns) -> None:
        """A word with its pattern, under each of its keys."""
        table = self._words
        if word[-1] == STEM:
            table, word = self._stems, word.rstrip(STEM)
        for key in self._keys(word):
            table[key] = table[key] + row if key in table else row

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
        stems, patterns = self._by_start.get(key[:SHORTEST_STEM], NO_STEMS)
        if key.startswith(stems):
            for stem, row in zip(stems, patterns, strict=True):
                if key.startswith(stem):
                    found += row
        return found

    def known(self, words: Iterable[str]) -> Found:
        """Which of these folded words are known as they stand."""
        found: Found = {}
        for word in words:
            if patterns := self.patterns(self.key(word)):
                found[word] = patterns
        return found

    def parts(self, key: str, looked_up: Patterns | None = None) -> tuple[list[Patterns], bool]:
        """What a word is read as: itself, an acronym with its ending, two words of a compound, or a slip of another.

        Empty when it is none of these. The flag says whether it was a slip. `looked_up`: its `patterns`, if known.
        """
        if key in self._words:
            return [looked_up or self.patterns(key)], False
        if len(key) > LONGEST_WORD:
            return [], False
        if acronym := self._acronym(key):
            return acronym, False
        if found := looked_up or self.patterns(key):
            return [found, *self._tail(key)], False
        compound = self._compound(key)
        return (compound, False) if compound else (self._slip(key), True)

    def _slip(self, key: str) -> list[Patterns]:
        """What a word is read as that can only be a slip: an acronym with a letter typed twice, or another word."""
        if acronym := self._acronym(DOUBLED.sub(r"\1", key, count=1)):
            return acronym
        repaired = self.repaired(key)
        return [repaired] if repaired else []

    def _stem(self, key: str) -> str:
        """The longest stem that a word begins with; "" for none."""
        return next(filter(key.startswith, self._by_start.get(key[:SHORTEST_STEM], NO_STEMS)[0]), "")

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

    def _of_few(self, expected: Mapping[int, tuple[str, ...]], beside: Patterns, key: str) -> Patterns:
        word = nearest_of(key, {word for pattern in beside for word in expected.get(pattern, ())})
        return self.patterns(word) if word else NONE

    def repaired(self, key: str, *, by_itself: bool = False) -> Patterns:
        """The patterns of the word that this one is a slip of; none when it is no slip, or known by itself."""
        word = self._speller.nearest(key, by_itself=by_itself)
        return self.patterns(word) if word else NONE


def _own(lists: Iterable[Sequence[str]]) -> set[str]:
    """The words that need a pattern of their own: those that phrases hold, and those that stand in two lists."""
    own: set[str] = set()
    alone: set[str] = set()
    for phrases in lists:
        own.update(" ".join(phrase for phrase in phrases if " " in phrase).split())
        words = {phrase for phrase in phrases if " " not in phrase}
        own |= alone & words
        alone |= words
    return own


def _spelt(words: WordList, listed: Iterable[tuple[Meaning, Sequence[str]]]) -> dict[str, tuple[str, ...]]:
    """The keys of every word of the Bulgarian lists, stems without their star."""
    groups = map(words.group, NO_PHRASES)
    text = " ".join(phrase for phrases in (*(phrases for _, phrases in listed), *groups) for phrase in phrases)
    return spellings(set(text.replace(STEM, "").split()))


def _by_start(stems: Mapping[str, Patterns]) -> dict[str, Stems]:
    """The stems by their first letters, the longest first, with their patterns."""
    found: dict[str, list[str]] = defaultdict(list)
    for stem in sorted(stems, key=lambda stem: -len(stem)):
        found[stem[:SHORTEST_STEM]].append(stem)
    return {start: (tuple(group), tuple(map(stems.__getitem__, group))) for start, group in found.items()}


def _all(words: WordList, loans: WordList | None) -> Iterator[tuple[Meaning, Sequence[str]]]:
    yield from words.phrases()
    if loans is not None:
        yield from ((meaning, phrases) for meaning, phrases in loans.phrases() if meaning.kind == "alias")
