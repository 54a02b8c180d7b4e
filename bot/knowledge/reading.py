"""What a text says: its concepts, the facets it asks for, the kinds of words around them, and which are unknown."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from bot.knowledge.folding import folded, squeezed
from bot.knowledge.lexicon import NONE, Lexicon, Meaning, Patterns, Phrases
from bot.languages import Language

WORD: Final = re.compile(r"[^\W_]+")
CLAUSE: Final = re.compile(r"[.,;!?\n()\"«»„“”…/]+|\s[-–—]+\s")
GLUE: Final = ":-–‑"
"""What an ending hangs on: kpo:n, BPO-to."""
LONGEST_ENDING: Final = 6
UNKNOWN: Final = Meaning("unknown")
NOT_OURS: Final = ("unknown", "asks-else")
"""Kinds of words that make a question another one: unknown ones, and those that ask for a number, a place, a time."""
MOST_WORDS: Final = 60


@dataclass(frozen=True, slots=True)
class Unit:
    """Words of the text that mean something together."""

    meaning: Meaning
    size: int
    text: str = ""
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Reading:
    """The units of a text, or of a part of it, sorted by what they say.

    `concepts`, `cues` and `hints` are in the order of their first mention; `unknown` are the words that no list knows,
    and those that ask for what no entry holds; `kinds` of all units; `size` in words, `concept_words` of them name
    concepts. `repaired`: a concept was found only by repairing a slip.
    """

    language: Language
    units: tuple[Unit, ...]
    concepts: tuple[str, ...]
    cues: tuple[str, ...]
    hints: tuple[str, ...]
    unknown: tuple[str, ...]
    kinds: frozenset[str]
    size: int
    concept_words: int
    repaired: bool

    def says(self, *kinds: str) -> bool:
        """Whether any of these kinds is there."""
        return not self.kinds.isdisjoint(kinds)

    def only(self, *kinds: str) -> bool:
        """Whether nothing but these kinds is there."""
        return self.kinds <= set(kinds)


def reading_of(units: Sequence[Unit], language: Language) -> Reading:
    """Sort the units."""
    values: dict[str, dict[str, None]] = {"alias": {}, "cue": {}, "hint": {}}
    unknown, kinds, repaired = [], set(), False
    for unit in units:
        kind = unit.meaning.kind
        kinds.add(kind)
        if kind in values:
            values[kind][unit.meaning.value] = None
            repaired = repaired or (unit.repaired and kind == "alias")
        elif kind in NOT_OURS:
            unknown.append(unit.text)
    concepts, cues, hints = (tuple(found) for found in values.values())
    size = sum(unit.size for unit in units)
    named = sum(unit.size for unit in units if unit.meaning.kind == "alias")
    return Reading(
        language, tuple(units), concepts, cues, hints, tuple(unknown), frozenset(kinds), size, named, repaired
    )


@dataclass(frozen=True, slots=True)
class Word:
    """A word of the text; `glued`: it hangs on the one before by a colon or a hyphen."""

    text: str
    glued: str = ""


def words_of(text: str) -> list[Word]:
    """The words of a folded text."""
    words = []
    for found in WORD.finditer(text):
        before = text[found.start() - 1] if found.start() > 1 else ""
        glued = before if before and before in GLUE and text[found.start() - 2].isalnum() else ""
        words.append(Word(found[0], glued))
        if len(words) == MOST_WORDS:
            break
    return words


def clauses(text: str) -> list[list[Word]]:
    """The words of a text as typed, clause by clause."""
    parts = (words_of(part) for part in CLAUSE.split(folded(text)))
    return [part for part in parts if part]


def read(parts: Iterable[list[Word]], lexicon: Lexicon) -> list[Reading]:
    """A reading of each clause."""
    return [reading_of(_units(part, lexicon), lexicon.language) for part in parts]


def whole(readings: list[Reading]) -> Reading:
    """All clauses as one."""
    if len(readings) == 1:
        return readings[0]
    units = [unit for reading in readings for unit in reading.units]
    return reading_of(units, readings[0].language)


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place in a clause: the patterns that match there, or the unit that was found there."""

    patterns: Patterns
    text: str
    unit: Unit | None = None
    repaired: bool = False


PLACE_OF_CONCEPT: Final[Patterns] = (0,)


def _units(words: list[Word], lexicon: Lexicon) -> list[Unit]:
    spots = _with_concepts(_spots(words, lexicon), lexicon.aliases)
    patterns = [spot.patterns for spot in spots]
    units, place = [], 0
    while place < len(spots):
        meaning, size = lexicon.phrases.longest(patterns, place)
        taken = spots[place : place + size]
        if meaning is not None:
            units.append(Unit(meaning, size, taken[0].text))
            units += [spot.unit for spot in taken if spot.unit]
        elif unit := taken[0].unit or _left_over(taken[0]):
            units.append(unit)
        place += size
    return units


def _left_over(spot: _Spot) -> Unit | None:
    """A word that no phrase took. Numbers and single letters say nothing."""
    if len(spot.text) == 1 or spot.text.isdigit():
        return None
    return Unit(UNKNOWN, 1, spot.text)


def _with_concepts(spots: list[_Spot], aliases: Phrases) -> list[_Spot]:
    """The spots with every alias made one spot."""
    patterns = [spot.patterns for spot in spots]
    found, place = [], 0
    while place < len(spots):
        meaning, size = aliases.longest(patterns, place)
        taken = spots[place : place + size]
        repaired = any(spot.repaired for spot in taken)
        found.append(taken[0] if meaning is None else _Spot(PLACE_OF_CONCEPT, "", Unit(meaning, size, "", repaired)))
        place += size
    return found


def _spots(words: list[Word], lexicon: Lexicon) -> list[_Spot]:
    spots: list[_Spot] = []
    for before, word in zip([None, *words], words, strict=False):
        if before and word.glued and _is_ending(before, word, lexicon):
            continue
        key = squeezed(word.text) if lexicon.language == "bg" else word.text
        parts, repaired = lexicon.parts(key)
        spots += [_Spot(part, key, None, repaired) for part in parts] or [_Spot(NONE, key)]
    return spots


def _is_ending(before: Word, word: Word, lexicon: Lexicon) -> bool:
    if word.glued == ":":
        return len(before.text) <= 5 and len(word.text) <= LONGEST_ENDING
    return lexicon.is_ending(word.text)
