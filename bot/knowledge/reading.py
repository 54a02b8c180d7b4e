"""What a text says: its concepts, the facets it asks for, the kinds of words around them, and which are unknown."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from bot.knowledge.folding import folded
from bot.knowledge.lexicon import Lexicon
from bot.knowledge.phrases import NONE, Meaning, Patterns, Phrases
from bot.languages import Language

WORD: Final = re.compile(r"(?:(?<=[^\W_])([:\-–‑]):?)?([^\W_]+)")
"""A word, with the colon (typed twice, maybe) or hyphen by which it hangs on the one before (kpo:n, BPO-to)."""
CLAUSE: Final = re.compile(r"[.,;!?\n()\"«»„“”…/]+|\s[-–—]+\s")
LONGEST_BASE: Final = 5
LONGEST_ENDING: Final = 6
UNKNOWN: Final = Meaning("unknown")
PRONOUN: Final = Meaning("pronouns")
PERSON: Final = Meaning("human-person")
WISHING: Final = frozenset({"human-talk", "human-want"})
"""Kinds of phrases that may name the person as well: "call someone"."""
NOT_OURS: Final = ("unknown", "asks-else", "own-data-do")
"""Kinds of words that make a question another one: unknown ones, those that ask for a number, a place, a time, and
those that mean harm to anything but one's own data ("delete")."""
NEVER_REPAIRED: Final = ("insult", "injection")
"""Kinds that nobody is accused of for a slip."""
MOST_WORDS: Final = 60
PLACE_OF_CONCEPT: Final[Patterns] = (0,)

# Named tuples, where the rest of the house has dataclasses: a question makes dozens of them, and they cost a third.


class Unit(NamedTuple):
    """Words of the text that mean something together."""

    meaning: Meaning
    size: int
    text: str = ""
    repaired: bool = False


Word = tuple[str, str]
"""The sign by which a word hangs on the one before (or ""), and the folded word."""


class Spot(NamedTuple):
    """A place in a clause: the patterns that match there, or the unit that was found there."""

    patterns: Patterns
    text: str
    unit: Unit | None = None
    repaired: bool = False


class Reading(NamedTuple):
    """The units of a text, or of a part of it, sorted by what they say.

    `concepts`, `cues` and `hints` are in the order of their first mention; `unknown` are the words that no list knows,
    and those that ask for what no entry holds; `kinds` of all units; `size` in words, `concept_words` of them name
    concepts. `repaired`: the kinds of units that were found only by repairing a slip.
    """

    language: Language
    units: Sequence[Unit]
    concepts: tuple[str, ...]
    cues: tuple[str, ...]
    hints: tuple[str, ...]
    unknown: tuple[str, ...]
    kinds: frozenset[str]
    size: int
    concept_words: int
    repaired: frozenset[str]

    def says(self, *kinds: str) -> bool:
        """Whether any of these kinds is there."""
        return not self.kinds.isdisjoint(kinds)

    def only(self, *kinds: str) -> bool:
        """Whether nothing but these kinds is there."""
        return self.kinds <= set(kinds)


def reading_of(units: Sequence[Unit], language: Language) -> Reading:
    """Sort the units."""
    values: dict[str, dict[str, None]] = {"alias": {}, "cue": {}, "hint": {}}
    unknown: list[str] = []
    kinds: set[str] = set()
    size, named = 0, 0
    repaired: set[str] = set()
    for (kind, value), words, text, is_repaired in units:
        kinds.add(kind)
        size += words
        if is_repaired:
            repaired.add(kind)
        if kind in values:
            values[kind][value] = None
            named += words if kind == "alias" else 0
        elif kind in NOT_OURS:
            unknown.append(text)
    concepts, cues, hints = map(tuple, values.values())
    return Reading(
        language, units, concepts, cues, hints, tuple(unknown), frozenset(kinds), size, named, frozenset(repaired)
    )


def clauses(text: str) -> list[list[Word]]:
    """The words of a text as typed, clause by clause; at most MOST_WORDS in all."""
    parts, left = [], MOST_WORDS
    for clause in CLAUSE.split(folded(text)):
        if left > 0 and (words := WORD.findall(clause)[:left]):
            parts.append(words)
            left -= len(words)
    return parts


def read(
    parts: Iterable[list[Word]], lexicon: Lexicon, looked_up: Mapping[str, Patterns] | None = None
) -> list[Reading]:
    """A reading of each clause. `looked_up`: words that were looked up in this lexicon already."""
    return [reading_of(_units(part, lexicon, looked_up or {}), lexicon.language) for part in parts]


def whole(readings: list[Reading]) -> Reading:
    """All clauses as one."""
    if len(readings) == 1:
        return readings[0]
    units = [unit for reading in readings for unit in reading.units]
    return reading_of(units, readings[0].language)


def _units(words: list[Word], lexicon: Lexicon, looked_up: Mapping[str, Patterns]) -> list[Unit]:
    spots = _spots(words, lexicon, looked_up)
    units = _matched(spots, lexicon)
    stray = {unit.text for unit in units if unit.meaning is UNKNOWN}
    stray &= {spot.text for spot in spots if spot.patterns}
    return _matched(_mended(spots, stray, lexicon), lexicon) if stray else units


def _mended(spots: list[Spot], stray: Collection[str], lexicon: Lexicon) -> list[Spot]:
    """Words that only phrases hold and no phrase took may be slips of others; repaired ones, of others again."""
    again = {spot.text for spot in spots if spot.repaired}
    meant = {text: found for text in stray if (found := lexicon.repaired(text, by_itself=text in again))}
    return [spot._replace(patterns=meant[spot.text], repaired=True) if spot.text in meant else spot for spot in spots]


def _matched(spots: list[Spot], lexicon: Lexicon) -> list[Unit]:
    spots = _with_concepts(spots, lexicon.aliases)
    patterns = [spot.patterns for spot in spots]
    units: list[Unit] = []
    place = 0
    while place < len(spots):
        meaning, size = _best(lexicon.phrases, patterns, place)
        if meaning is None:
            spot = spots[place]
            if unit := spot.unit or _left_over(spot.text):
                units.append(unit)
        else:
            _take(units, meaning, spots[place : place + size], lexicon)
        place += size
    return units


def _take(units: list[Unit], meaning: Meaning, spots: list[Spot], lexicon: Lexicon) -> None:
    """Add the unit of a phrase, and what its words say beside it."""
    first = spots[0]
    repaired = first.repaired or (len(spots) > 1 and any(spot.repaired for spot in spots))
    taken = UNKNOWN if repaired and meaning.kind in NEVER_REPAIRED else meaning
    units.append(Unit(taken, len(spots), first.text, repaired))
    if len(spots) > 1:
        units += _inside(meaning, spots, lexicon)
    elif first.unit:
        units.append(first.unit)


def _best(phrases: Phrases, patterns: list[Patterns], place: int) -> tuple[Meaning | None, int]:
    """The longest phrase that begins here; a shorter one when a longer one begins inside it."""
    meaning, size, words = phrases.longest(patterns, place)
    if size == 1:
        return meaning, size
    for inner in range(place + 1, place + size):
        if phrases.longest(patterns, inner)[2] > words:
            return phrases.longest(patterns[:inner], place)[:2]
    return meaning, size


def _inside(meaning: Meaning, spots: list[Spot], lexicon: Lexicon) -> list[Unit]:
    """What the words of a phrase say beside it: the concept it is about, the "it" that stands for one, the person."""
    found = [spot.unit for spot in spots if spot.unit]
    if meaning.kind == "function":  # the "there" of "is there" stands for nothing
        return found
    if any(not lexicon.pronouns.isdisjoint(spot.patterns) for spot in spots):
        found.append(Unit(PRONOUN, 0))
    if meaning.kind in WISHING and any(lexicon.is_person(spot.patterns) for spot in spots):
        found.append(Unit(PERSON, 0))
    return found


def _left_over(text: str) -> Unit | None:
    """A word that no phrase took. Single letters, and the rest of a compound, say nothing."""
    return None if len(text) <= 1 else Unit(UNKNOWN, 1, text)


def _with_concepts(spots: list[Spot], aliases: Phrases) -> list[Spot]:
    """The spots with every alias made one spot."""
    begins = [not aliases.begins.isdisjoint(spot.patterns) for spot in spots]
    if not any(begins):
        return spots
    patterns = [spot.patterns for spot in spots]
    found: list[Spot] = []
    place = 0
    while place < len(spots):
        meaning, size, _ = aliases.longest(patterns, place) if begins[place] else (None, 1, 0)
        if meaning is None:
            found.append(spots[place])
        else:
            repaired = any(spot.repaired for spot in spots[place : place + size])
            found.append(Spot(PLACE_OF_CONCEPT, "", Unit(meaning, size, "", repaired)))
        place += size
    return found


def _spots(words: list[Word], lexicon: Lexicon, looked_up: Mapping[str, Patterns]) -> list[Spot]:
    spots: list[Spot] = []
    read_as: dict[str, tuple[list[Patterns], bool]] = {}
    unsure = False
    for position, (glue, text) in enumerate(words):
        if text.isdigit():
            continue
        if glue and position and _is_ending(before := words[position - 1][1], glue, text, lexicon):
            if unsure and (acronym := lexicon.acronym(before + text)):  # the sign is in the wrong place
                spots[-1], unsure = Spot(acronym, before), False
            continue
        key = lexicon.key(text)
        if key not in read_as:
            read_as[key] = lexicon.parts(key, looked_up.get(text))
        parts, repaired = read_as[key]
        if repaired and spots and (expected := lexicon.expected(spots[-1].patterns, key)):
            parts = [expected]
        if unsure and parts and (begun := lexicon.begun(spots[-1].text, parts[0])):
            spots[-1] = spots[-1]._replace(patterns=begun, repaired=True)
        unsure = repaired
        spots += [Spot(part, "" if rest else key, None, repaired) for rest, part in enumerate(parts)] or (
            Spot(NONE, key),
        )
    return spots


def _is_ending(before: str, glue: str, text: str, lexicon: Lexicon) -> bool:
    if glue == ":":
        return len(before) <= LONGEST_BASE and len(text) <= LONGEST_ENDING
    return lexicon.is_ending(text)
