"""Whether two questions ask the same, though their words differ: a taught answer may answer only its own question.

A text is taken apart into what it asks (`?howlong`), what it is about, and small words that change nothing
(bot.knowledge.grammar). Two texts are the same when every other word of one has its word in the other: inflected
otherwise, misspelt in one place, in another order, but with the same number, place and "not". Whatever is left over
may make it another question, so then we say nothing. `NEAR` is for people to look at: most words are the same.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest, nsmallest
from typing import TYPE_CHECKING, Final

from rapidfuzz.distance import OSA

from bot.knowledge.endings import apart
from bot.knowledge.gist import Gist, Word
from bot.knowledge.grammar import GRAMMARS, NOT, WEAK
from bot.languages import Language

if TYPE_CHECKING:
    from bot.knowledge.taught import Taught

SAME: Final = 0.9
"""From here on an answer to one question may answer the other."""
NEAR: Final = 0.6
"""From here on two questions may stand in one group."""
OF_SLIP: Final = 0.05
"""What a slip takes off: with two of them a text is still the same."""
MANY_WORDS: Final = 6
"""Words of a text in which two slips are forgiven; in a shorter one it is one."""
SHORTEST_SLIP: Final = 5
"""Letters of a word that may be misspelt: many short words are a slip from another one."""
SPELT_AS_SPOKEN: Final = 2
"""So much longer it must be in Finnish, where a letter more or less is another word."""
SHORTEST_UNKNOWN: Final = 8
"""Letters of a misspelt word that is none of ours when it is spelt well; and of one with a wrong vowel."""
SHORTEST_STEM: Final = 6
TWO_SLIPS_FROM: Final = 10
VOWELS: Final = frozenset("aeiouy")
KEYS: Final = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
OF_ASKING: Final = 0.4
OF_LIGHT: Final = 0.5
"""What such words count where words are counted (a number, a place, a thing: 1)."""
ONE_PART_MOVED: Final = 3
RAREST: Final = 3
"""Of so many of its words a question seeks its group: the rarest."""
MOST_TRIED: Final = 40
"""Groups under a word that are looked at."""
MOST_HELD: Final = 4
"""Groups that a text is held against."""
DIGITS: Final = re.compile(r"\d+")


# comparing


def alike(one: Gist, other: Gist) -> float:
    """How much two texts ask the same: from SAME on the same, from NEAR on nearly, 0: nothing in common."""
    if one.language != other.language or not one.words or not other.words:
        return 0.0
    slips = _slips(one, other)
    return max(SAME, 1 - OF_SLIP * slips) if slips is not None else SAME * 0.99 * _shared(one, other)


def same(one: Gist, other: Gist) -> bool:
    """Whether an answer to one may answer the other."""
    return one.language == other.language and _slips(one, other) is not None


def _slips(one: Gist, other: Gist) -> int | None:
    """The slips by which two texts differ that ask the same; None when they do not."""
    if one.key != other.key or not _one_may_say(one.subjects, other.subjects):
        return None
    if not _one_may_say(one.owners, other.owners) or not _tells(one):
        return None
    pairs = _paired(one, other)
    if pairs is None or not _keeps_order(one, other, pairs):
        return None
    slips = sum(word.stem != meant.stem for word, meant in pairs)
    return slips if slips <= (2 if len(pairs) >= MANY_WORDS else 1) else None


def _one_may_say(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether who is meant agrees: "we" may stay unsaid."""
    return one == other or {one, other} == {frozenset(), frozenset("1")}


def _tells(one: Gist) -> bool:
    """Whether a text says by itself what it is about: "how long does it take?" does not."""
    light = GRAMMARS[one.language].light
    return any(word.stem[0] not in "?!#¬@" and word.stem not in light for word in one.words)


Pairs = list[tuple[Word, Word]]


def _paired(one: Gist, other: Gist) -> Pairs | None:
    """Every word of one with its own of the other; None when one has none. Slips come last."""
    free, found = list(other.words), dict[int, Word]()
    for fits in (_is_form_of, _is_slip_of):
        for place, word in enumerate(one.words):
            if place not in found and (meant := next((it for it in free if fits(word, it, one.language)), None)):
                found[place] = meant
                free.remove(meant)
    return None if free else [(word, found[place]) for place, word in enumerate(one.words)]


def _is_form_of(word: Word, other: Word, language: Language) -> bool:
    if word.stem != other.stem or not _agree(word, other):
        return False
    return language != "fi" or not _are_two_names(word.text, other.text)


def _are_two_names(one: str, other: str) -> bool:
    """Finnish words that differ in a vowel before the same ending: tilin, tilan."""
    unlike = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    return len(one) == len(other) and len(unlike) == 1 and set(unlike[0]) <= VOWELS


def _agree(word: Word, other: Word) -> bool:
    if word.mark != other.mark and ((word.mark and other.mark) or not {word.mark, other.mark} <= WEAK | {""}):
        return False
    return not apart(word.role, other.role)


def _is_slip_of(word: Word, other: Word, language: Language) -> bool:
    """Whether one of two words is misspelt. Not when both may well be words: a short one is held against ours only."""
    if (word.known and other.known) or not _agree(word, other):
        return False
    shortest = SHORTEST_SLIP + SPELT_AS_SPOKEN * (language == "fi") if word.known or other.known else SHORTEST_UNKNOWN
    if min(len(word.text), len(other.text)) < shortest:
        return False
    if len(word.text) < SHORTEST_UNKNOWN and _is_doubled(*((other, word) if word.known else (word, other))):
        return False
    in_stem = min(len(word.stem), len(other.stem)) >= SHORTEST_STEM and _are_near(word.stem, other.stem)
    return (in_stem or _are_near(word.text, other.text)) and not _are_two_endings(word.text, other.text)


def _is_doubled(word: Word, known: Word) -> bool:
    """Whether a word is one of ours with a letter doubled: a filling is no filing, but an ofice is an office."""
    return any(word.text == known.text[:at] + letter + known.text[at:] for at, letter in enumerate(known.text))


def _are_two_endings(one: str, other: str) -> bool:
    """Whether only the last letter is other, or one more: an employee, an employer."""
    return one[:-1] == other[:-1] or one[:-1] == other or one == other[:-1]


def _are_near(one: str, other: str) -> bool:
    """Whether a finger may have slipped: a letter too many or too few, two swapped, or one hit beside the right one."""
    if one[0] != other[0] or _are_two_endings(one, other):
        return False
    most = 2 if min(len(one), len(other)) >= TWO_SLIPS_FROM else 1
    if OSA.distance(one, other, score_cutoff=most) > most:
        return False
    unlike = [pair for pair in zip(one, other, strict=False) if pair[0] != pair[1]]
    if len(one) != len(other) or len(unlike) != 1:
        return True
    return _are_neighbours(*unlike[0]) or (len(one) >= SHORTEST_UNKNOWN and set(unlike[0]) <= VOWELS)


def _are_neighbours(one: str, other: str) -> bool:
    """Whether two letters lie beside each other on the keyboard."""
    places = [(row, line.find(letter)) for letter in (one, other) for row, line in enumerate(KEYS) if letter in line]
    return len(places) == 2 and abs(places[0][0] - places[1][0]) <= 1 and abs(places[0][1] - places[1][1]) <= 1


def _keeps_order(one: Gist, other: Gist, pairs: Pairs) -> bool:
    """Whether the words come in the same order, or with one part put before another that its own words mark as such.

    What is called and who calls must not change places; what is asked, and how much time it takes, may stand anywhere.
    """
    measures = GRAMMARS[one.language].measures
    fixed = [(word, meant) for word, meant in pairs if word.stem[0] not in "?!¬" and word.stem not in measures]
    order = sorted(fixed, key=lambda pair: other.words.index(pair[1]))
    moved = _breaks([order.index(pair) for pair in fixed])
    if not moved:
        return True
    marked = all((word.mark, word.role) == (meant.mark, meant.role) for word, meant in fixed)
    return moved <= ONE_PART_MOVED and marked and one.subjects == other.subjects


def _breaks(places: Sequence[int]) -> int:
    """How often the order breaks: 0 for the same, ONE_PART_MOVED where one part was put before another."""
    return sum(after != before + 1 for before, after in zip((-1, *places), (*places, len(places)), strict=True))


def _shared(one: Gist, other: Gist) -> float:
    """The share of words that both texts have."""
    light = GRAMMARS[one.language].light
    here, there = ({word.stem: _weight(word, light) for word in text.words} for text in (one, other))
    both = sum(weight for stem, weight in here.items() if stem in there)
    return 2 * both / (sum(here.values()) + sum(there.values()))


def _weight(word: Word, light: frozenset[str]) -> float:
    if word.stem[0] in "?!@":
        return OF_ASKING
    return OF_LIGHT if word.stem in light or word.stem == NOT else 1.0


# one among many


Shelf = Mapping[tuple[frozenset[str], int], Sequence[tuple[frozenset[str], Gist, "Taught"]]]
"""Taught answers, with the stems and the gist of their questions, by what these have in common."""
MOST_UNLIKE: Final = 4
"""Stems by which two slips make two texts differ."""


def shelved(taught: Iterable[tuple[Gist, "Taught"]]) -> Shelf:
    """The taught answers of one language, with the gists of their questions, ready to be looked through."""
    shelf: dict[tuple[frozenset[str], int], list[tuple[frozenset[str], Gist, Taught]]] = defaultdict(list)
    for about, one in taught:
        shelf[about.key].append((about.stems, about, one))
    return shelf


def likest(shelf: Shelf, asked: Gist) -> "Taught | None":
    """The taught answer whose question is the same; of two that are as like, the one approved last."""
    listed, stems = shelf.get(asked.key, ()), asked.stems
    near = ((about, one) for known, about, one in listed if len(known ^ stems) <= MOST_UNLIKE)
    found = [(alike(about, asked), one.approved_at, one.id, one) for about, one in near if same(about, asked)]
    return max(found, key=lambda row: row[:3])[3] if found else None


def groups(gists: Sequence[Gist]) -> list[list[int]]:
    """The places of those that are near to each other, group by group, in the order of the first of each."""
    grouping = _Grouping(gists)
    found: dict[int, list[int]] = {}
    for place in range(len(gists)):
        found.setdefault(grouping.first_of(place), []).append(place)
    return list(found.values())


class _Grouping:
    """Texts that find their groups one by one: a text joins the group whose first text is likest.

    It is held against few: of those that have one of its rarest words, the ones with most of its words.
    """

    def __init__(self, gists: Sequence[Gist]) -> None:
        self._gists = gists
        self._stems = [frozenset((one.language, stem) for stem in one.stems) for one in gists]
        self._counted = Counter(stem for stems in self._stems for stem in stems)
        self._firsts: dict[tuple[Language, str], list[int]] = defaultdict(list)
        self._known: dict[tuple[Language, frozenset[tuple[Language, str]]], int] = {}

    def first_of(self, place: int) -> int:
        """The place of the first text of the group; this one begins a new group when none is near."""
        words = (self._gists[place].language, self._stems[place])
        if words not in self._known:
            self._known[words] = self._nearest(place)
            if self._known[words] == place:
                for stem in self._stems[place]:
                    self._firsts[stem].append(place)
        return self._known[words]

    def _nearest(self, place: int) -> int:
        here = self._gists[place]
        near = max(((alike(self._gists[at], here), -at) for at in self._tried(place)), default=(0.0, 0))
        return -near[1] if near[0] >= NEAR else place

    def _tried(self, place: int) -> list[int]:
        stems = self._stems[place]
        rarest = nsmallest(RAREST, stems, key=lambda stem: (self._counted[stem], stem))
        found = {at for stem in rarest for at in self._firsts[stem][-MOST_TRIED:]}
        return nlargest(MOST_HELD, found, key=lambda at: (len(self._stems[at] & stems), -at))
