"""Spelling repair: the known word that an unknown one is a slip of.

One edit (a letter too many, too few, another, or two swapped) for words of four letters and more, two from seven on;
the first letter is always right. Acronyms are never repaired: another three-letter word must not become one of ours.
The distance is that of Damerau and Levenshtein (optimal string alignment), as rapidfuzz computes it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Final

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

SHORTEST: Final = 4
SHORTEST_STEM: Final = 5
"""Letters of a stem that may be misspelt; shorter ones begin too many other words."""
TWO_SLIPS_FROM: Final = 7
TWO_SLIPS_IN_STEM_FROM: Final = 9
Buckets = dict[tuple[str, int], list[str]]


class Speller:
    """Repairs against known words and stems. Made once, never changed."""

    def __init__(
        self, alone: Collection[str], words: Iterable[str], stems: Iterable[str], kept: Collection[str]
    ) -> None:
        """`alone` are the words that mean something by themselves: they are preferred to those that only phrases hold.

        `kept` are words that are never taken for a slip of another, and never the repair of one.
        """
        self._kept = kept
        self._alone = alone
        usable = [word for word in words if len(word) >= SHORTEST and word not in kept]
        self._words = _buckets(word for word in usable if word in alone)
        self._parts = _buckets(word for word in usable if word not in alone)
        self._stems = _buckets(stem for stem in stems if len(stem) >= SHORTEST_STEM)

    def nearest(self, word: str) -> str | None:
        """The known word or stem that `word` is a slip of, but for itself; None when there is none."""
        if len(word) < SHORTEST or word in self._kept or word in self._alone or not word.isalpha():
            return None
        for slips in range(1, slips_in(word) + 1):
            found = _word(self._words, word, slips) or self._stem(word, slips) or _word(self._parts, word, slips)
            if found and found != word:
                return found
        return None

    def _stem(self, word: str, slips: int) -> str | None:
        """A stem that the beginning of `word` is a slip of. Two slips only in long words: stems begin many others."""
        if slips > 1 and len(word) < TWO_SLIPS_IN_STEM_FROM:
            return None
        for length in range(len(word) + slips, SHORTEST_STEM - 1, -1):
            if slips > slips_in(word[:length]) or not (stems := self._stems.get((word[0], length))):
                continue
            for end in {min(length + change, len(word)) for change in (0, -slips, slips)}:
                if found := _closest(word[:end], stems, slips):
                    return found
        return None


def _word(buckets: Buckets, word: str, slips: int) -> str | None:
    """A word of the same length first: letters are mistaken and swapped more often than lost. Short ones only so."""
    most = slips if len(word) > SHORTEST else 0
    for change in sorted(range(-most, most + 1), key=abs):
        if found := _closest(word, buckets.get((word[0], len(word) + change)), slips):
            return found
    return None


def nearest_of(word: str, expected: Iterable[str]) -> str | None:
    """The one of a few expected words that `word` is a slip of: two slips will do from five letters on."""
    alike = [other for other in expected if other[0] == word[0]] if len(word) > SHORTEST else []
    return _closest(word, alike, 2)


def slips_in(word: str) -> int:
    """How many slips a word may hold and still be read."""
    return 2 if len(word) >= TWO_SLIPS_FROM else 1 if len(word) >= SHORTEST else 0


def _closest(word: str, known: list[str] | None, slips: int) -> str | None:
    if not known:
        return None
    found = extractOne(word, known, scorer=OSA.distance, score_cutoff=slips)
    return found[0] if found else None


def _buckets(words: Iterable[str]) -> Buckets:
    buckets: Buckets = defaultdict(list)
    for word in words:
        buckets[word[0], len(word)].append(word)
    return dict(buckets)
