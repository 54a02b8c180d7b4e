"""Phrases as rows of patterns: what each stands for, and the longest one that begins at a place in a text."""

from collections.abc import Sequence
from typing import Final, NamedTuple

MOST_PATTERNS: Final = 1 << 16
Patterns = tuple[int, ...]
NONE: Final[Patterns] = ()


class Meaning(NamedTuple):
    """What a phrase stands for: an alias of the concept `value`, a cue or hint for the facet `value`, or a group."""

    kind: str
    value: str = ""


class Step(NamedTuple):
    """What a word of a phrase leads to: the node from which phrases go on (or 0), and the phrase that ends here.

    `words` of that phrase, 0 where none ends.
    """

    node: int
    meaning: Meaning | None = None
    words: int = 0


class Phrases:
    """Rows of patterns with their meanings, as a tree in one flat table: (node, pattern) -> step."""

    def __init__(self) -> None:
        self.gaps: set[int] = set()
        """The patterns of words that may stand inside a phrase without changing it."""
        self.begins: set[int] = set()
        """The patterns that a phrase can begin with."""
        self._words: dict[int, Meaning] = {}
        self._starts: set[int] = set()
        self._steps: dict[int, Step] = {}
        self._nodes = 0
        self._ends: dict[tuple[Meaning, int], Step] = {}
        """Steps with which no phrase goes on: most phrases end alike, so they share them."""

    def add(self, row: Sequence[int], meaning: Meaning) -> None:
        """Take a phrase of several patterns over; of two that are alike the first stays."""
        node, steps = 0, self._steps
        for pattern in row[:-1]:
            place = node * MOST_PATTERNS + pattern
            step = steps.get(place)
            node = step.node if step and step.node else self._branch(place, step)
        place = node * MOST_PATTERNS + row[-1]
        step = steps.get(place)
        if not step:
            told = (meaning, len(row))
            steps[place] = self._ends.get(told) or self._ends.setdefault(told, Step(0, meaning, len(row)))
        elif not step.words:
            steps[place] = Step(step.node, meaning, len(row))
        self._starts.add(row[0])
        self.begins.add(row[0])

    def _branch(self, place: int, step: Step | None) -> int:
        """A new node, to which the step at a place leads from now on."""
        self._nodes += 1
        self._steps[place] = step._replace(node=self._nodes) if step else Step(self._nodes)
        return self._nodes

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
        here, size = spots[place], 1
        best = self.by_itself(here) if here else None
        longest = 0 if best is None else 1
        if self._starts.isdisjoint(here):
            return best, size, longest
        steps, nodes = self._steps, [0]
        for end in range(place, len(spots)):
            after: list[int] = []
            for node in nodes:
                for pattern in spots[end]:
                    if step := steps.get(node * MOST_PATTERNS + pattern):
                        if step.words > longest:
                            size, best, longest = end + 1 - place, step.meaning, step.words
                        if step.node:
                            after.append(step.node)
            if end > place and not self.gaps.isdisjoint(spots[end]):
                after += nodes
            if not after:
                break
            nodes = after
        return best, size, longest
