"""Spelling repair: the known word that an unknown one is a slip of.

One edit (a letter too many, too few, another, or two swapped) for words of four letters and more, two from seven on,
and from five on where the letters stay the same ones (swapped, or typed twice); the first letter is always right.
Acronyms are never repaired: another three-letter word must not become one of ours. The distance is that of Damerau and
Levenshtein (optimal string alignment), as rapidfuzz computes it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable
from typing import Final

from rapidfuzz.distance import OSA, Indel
from rapidfuzz.process import extract, extractOne

SHORTEST: Final = 4
SHORTEST_STEM: Final = 5
"""Letters of a stem that may be misspelt; shorter ones begin too many other words."""
LONGEST_TAIL: Final = 3
"""Letters after a misspelt stem that are an ending; with more of them, a nearer whole word goes first."""
TWO_SLIPS_FROM: Final = 7
TWO_SLIPS_IN_STEM_FROM: Final = 9


class Buckets:
    """Words by their first letter and length."""

    def __init__(self, words: Iterable[str]) -> None:
        self._by_letter: dict[str, list[str]] = {}
        self._found: dict[tuple[str, int, int], list[str]] = {}
        for word in sorted(words, key=len):
            self._by_letter.setdefault(word[0], []).append(word)

    def of(self, first: str, length: int) -> list[str]:
        """The words of a length that begin with a letter."""
        return self.about(first, length, 0)

    def about(self, first: str, length: int, more: int) -> list[str]:
        """Those of that length, and of so many letters less or more; the shortest first. Kept, as they come again."""
        found = self._found.get((first, length, more))
        if found is None:
            words = self._by_letter.get(first, [])
            begin = bisect_left(words, length - more, key=len)
            found = words[begin : bisect_right(words, length + more, begin, key=len)]
            self._found[first, length, more] = found
        return found


class Speller:
    """Repairs against known words and stems. Made once, never changed."""

    def __init__(
        self, alone: Collection[str], words: Iterable[str], stems: Iterable[str], kept: Collection[str]
    ) -> None:
        """`alone`: words and stems that mean something by themselves: preferred to those that only phrases hold.

        `kept` are words that are never taken for a slip of another; what is a slip of them is left alone.
        """
        self._kept = kept
        usable = [word for word in words if len(word) >= SHORTEST and word not in kept]
        left_alone = (word for word in kept if len(word) >= SHORTEST)
        self._words = Buckets([*(word for word in usable if word in alone), *left_alone])
        self._parts = Buckets(word for word in usable if word not in alone)
        long = [stem for stem in stems if len(stem) >= SHORTEST_STEM]
        self._stems = Buckets(long)
        self._stems_alone = Buckets(stem for stem in long if stem in alone)

    def nearest(self, word: str, *, by_itself: bool = False) -> str | None:
        """The known word or stem that `word` is a slip of, but for itself; None when there is none.

        `by_itself`: only one that means something by itself.
        """
        if len(word) < SHORTEST or not word.isalpha() or word in self._words.of(word[0], len(word)):
            return None
        found = self._nearest(word, by_itself=by_itself)
        return None if found in self._kept else found

    def _nearest(self, word: str, *, by_itself: bool) -> str | None:
        stems = self._stems_alone if by_itself else self._stems
        most = slips_in(word)
        for slips in range(1, most + 1):
            found = _word(self._words, word, slips) or _stem(stems, word, slips, _with_endings(word, slips))
            found = found or (None if by_itself else _word(self._parts, word, slips))
            if found and found != word:
                return found
        begins = (_stem(stems, word, slips, _with_more(word)) for slips in range(1, most + 1))
        return self._same_letters(word) or next(filter(None, begins), None)

    def _same_letters(self, word: str) -> str | None:
        """Two slips in a word that is too short for any two: no other letter came in, and none was lost."""
        if not SHORTEST < len(word) < TWO_SLIPS_FROM:
            return None
        return _likeliest(word, [other for other in _near(self._words, word, 2) if set(other) == set(word)])


def _word(buckets: Buckets, word: str, slips: int) -> str | None:
    """The likeliest word. A short one that goes on with another letter is no slip, but a form of its own."""
    found = _near(buckets, word, slips)
    return _likeliest(word, [other for other in found if len(word) > SHORTEST or not other.startswith(word)])


def _near(buckets: Buckets, word: str, slips: int) -> list[str]:
    """All words that are so many slips away, or fewer."""
    known = buckets.about(word[0], len(word), slips)
    return [other for other, *_ in extract(word, known, scorer=OSA.distance, score_cutoff=slips, limit=None)]


def _likeliest(word: str, near: list[str]) -> str | None:
    """Of near words the nearest; of two as near, the one where letters are swapped, lost or too many, not mistaken."""
    if len(near) < 2:
        return near[0] if near else None
    return min(near, key=lambda other: (OSA.distance(word, other), _oddness(word, other)))


def _oddness(word: str, other: str) -> int:
    """How unlikely it is that `word` was meant to be `other`, of words that are as near."""
    return 0 if sorted(word) == sorted(other) else Indel.distance(word, other)


def _with_endings(word: str, slips: int) -> range:
    """Lengths of the stems that leave no more than an ending of `word`, the longest first."""
    return range(len(word) + slips, max(len(word) - LONGEST_TAIL, SHORTEST_STEM) - 1, -1)


def _with_more(word: str) -> range:
    """Lengths of the stems that leave more than an ending: the first part of a compound."""
    return range(len(word) - LONGEST_TAIL - 1, SHORTEST_STEM - 1, -1)


def _stem(buckets: Buckets, word: str, slips: int, lengths: range) -> str | None:
    """A stem that the beginning of `word` is a slip of; with two slips in a short word, only if all of it is."""
    is_whole = slips > 1 and len(word) < TWO_SLIPS_IN_STEM_FROM
    for length in lengths:
        if slips > slips_in(word[:length]) or not (stems := buckets.of(word[0], length)):
            continue
        begin = len(word) if is_whole else length - slips
        for end in range(begin, min(length + slips, len(word)) + 1):
            if found := _closest(word[:end], stems, slips):
                return found
    return None


def nearest_of(word: str, expected: Iterable[str]) -> str | None:
    """The one of a few expected words that `word` is a slip of: two slips will do, in short words only some."""
    alike = [other for other in sorted(expected) if other[0] == word[0]] if len(word) >= SHORTEST else []
    return _likeliest(word, [other for other in alike if _may_be(word, other)])


def _may_be(word: str, other: str) -> bool:
    """Whether `word` is at most two slips away; a short word may only have swapped or lost letters."""
    if OSA.distance(word, other) > 2:
        return False
    return len(word) > SHORTEST or _oddness(word, other) <= len(other) - len(word)


def slips_in(word: str) -> int:
    """How many slips a word may hold and still be read."""
    return 2 if len(word) >= TWO_SLIPS_FROM else 1 if len(word) >= SHORTEST else 0


def _closest(word: str, known: list[str], slips: int) -> str | None:
    found = extractOne(word, known, scorer=OSA.distance, score_cutoff=slips)
    return found[0] if found else None
