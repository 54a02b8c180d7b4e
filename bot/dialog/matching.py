"""A typed answer: which of the labels on the screen does it mean?"""

import re
import unicodedata
from collections.abc import Container, Sequence
from functools import lru_cache
from typing import Final

from rapidfuzz.distance import DamerauLevenshtein

SHORTEST_START: Final = 3
"""Letters that a part of a word needs to count; shorter ones are too often something else."""
UNSEEN: Final = frozenset({"Mn", "Mc", "Me", "Cf"})
"""Unicode categories of accents and of what has no width: they stand in a word without being a part of it."""
SHORTEST_INSIDE: Final = 4
"""Letters that words from the middle of a label need."""
SHORTEST_OF_CONTROL: Final = 5
"""Letters that the start of a control needs: "no" and "não" are not yet "not sure" and "não sei"."""
NEGATIONS: Final = frozenset(
    ["not", "cannot", "never", "nao", "nunca", "не", "няма", "ei", "en", "et", "emme", "ette", "eivat"]
)
"""Words, as `folded` leaves them, after which words from the middle of a label mean the opposite of it."""
PART_ENDS: Final = re.compile(r"[,.:;!?]")
LONGEST: Final = 400
"""No label is as long as this; of a longer text only so much is read."""


def folded(text: str) -> str:
    """Lower case, no accents, letters and digits only, single spaces; nothing invisible."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    bare = (letter for letter in spread if unicodedata.category(letter) not in UNSEEN)
    return " ".join("".join(letter if letter.isalnum() else " " for letter in bare).split())


@lru_cache(maxsize=4096)
def folded_label(label: str) -> str:
    """As `folded`, for words of ours, which come again and again."""
    return folded(label)


def chosen(text: str, labels: Sequence[str], numbered: int | None = None, controls: Container[int] = ()) -> int | None:
    """The position of the label that `text` means, else None.

    In this order: the label itself, its number (from 1; the first `numbered` have one, by default all), both, its
    start where only one label starts so, whole words that stand in only one, the label with a typo. What could mean
    two of them means none. `controls` are positions whose start must be longer to count, and words inside do not:
    "sure" is not "not sure".
    """
    said, shown = folded(text[:LONGEST])[:LONGEST], [folded_label(label) for label in labels]
    listed = [f"{number} {label}" for number, label in enumerate(shown[:numbered], 1)]
    if not said:
        return None
    for matches in (
        _same(said, shown),
        _numbered(said, shown[:numbered]),
        _same(said, listed),
        [place for place in _starting(said, shown) if place not in controls or len(said) >= SHORTEST_OF_CONTROL],
        _inside(said, shown, labels, controls),
        _misspelt(said, shown),
    ):
        if matches:
            return matches[0] if len(matches) == 1 else None
    return None


def _same(said: str, shown: Sequence[str]) -> list[int]:
    return [place for place, label in enumerate(shown) if label == said]


def _numbered(said: str, shown: Sequence[str]) -> list[int]:
    place = int(said) - 1 if said.isdecimal() and len(said) < 4 else -1
    return [place] if 0 <= place < len(shown) else []


def _starting(said: str, shown: Sequence[str]) -> list[int]:
    """Whole words ("no" for "No, go on"), or three letters and more."""
    start = said if len(said) >= SHORTEST_START else f"{said} "
    return [place for place, label in enumerate(shown) if len(said) > 1 and label.startswith(start)]


def _inside(said: str, shown: Sequence[str], labels: Sequence[str], controls: Container[int]) -> list[int]:
    """Whole words from anywhere in a label, unless they would mean the opposite of it."""
    if len(said) < SHORTEST_INSIDE:
        return []
    places = [place for place, label in enumerate(shown) if place not in controls and f" {said} " in f" {label} "]
    return [] if len(places) == 1 and _denied(said, labels[places[0]]) else places


def _denied(said: str, label: str) -> bool:
    """Whether a "not" stands before these words, in their part of the label."""
    parts = [folded(part) for part in PART_ENDS.split(label)]
    part = next((part for part in parts if f" {said} " in f" {part} "), folded(label))
    before, _, _ = f" {part} ".partition(f" {said} ")
    return not NEGATIONS.isdisjoint(before.split())


def _misspelt(said: str, shown: Sequence[str]) -> list[int]:
    """One slip from four letters on, two from eight on; the start of a longer label may be misspelt as well."""
    slips = 2 if len(said) >= 8 else 1 if len(said) >= 4 else 0
    return [place for place, label in enumerate(shown) if slips and _slips(said, label) <= slips]


def _slips(said: str, label: str) -> int:
    start = label[: len(said)] if len(said) >= 6 else label
    return min(_distance(said, label), _distance(said, start))


def _distance(said: str, meant: str) -> int:
    """How many slips make one of the other. Another digit is no slip: it is another number."""
    same_digits = _digits(said) == _digits(meant)
    return DamerauLevenshtein.distance(said, meant) if same_digits else len(said)


def _digits(text: str) -> list[str]:
    return [letter for letter in text if letter.isdigit()]
