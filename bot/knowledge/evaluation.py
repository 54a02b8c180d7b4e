"""How well questions are answered: figures over a labelled set, and what was taken for what."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from bot.knowledge.answering import Answer, Context
from bot.knowledge.entries import Cell
from bot.languages import Language

Kind = Literal["in", "out", "smalltalk", "human"]
"""In scope; out of it; small talk; a request for a person."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question with what is right to say: `accepted` cells for one in scope; `note`: `near` the domain, or else."""

    id: str
    language: Language
    text: str
    kind: Kind = "in"
    accepted: frozenset[Cell] = frozenset()
    context: Context | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled question, what was said to it, and the microseconds that took."""

    asked: Labelled
    said: Answer
    us: float

    @property
    def answered(self) -> bool:
        """Whether an entry was shown."""
        return self.said.action == "answer"

    @property
    def right(self) -> bool:
        """Whether what was said is what should be."""
        match self.asked.kind:
            case "in":
                return self.said.cell in self.asked.accepted
            case "out":
                return not self.answered
            case "smalltalk":
                return self.said.action == "smalltalk"
            case "human":
                return self.said.action == "handover"

    @property
    def helped(self) -> bool:
        """Whether the right entry was shown, or suggested."""
        return self.right or (not self.answered and not self.asked.accepted.isdisjoint(self.said.suggestions))


Sort = Callable[[Judged], bool]
Share = tuple[str, Sort, Sort]


def _kind(*kinds: Kind) -> Sort:
    return lambda judged: judged.asked.kind in kinds


SHARES: Final[tuple[Share, ...]] = (
    ("right", _kind("in"), lambda judged: judged.right),
    ("wrong", _kind("in"), lambda judged: judged.answered and not judged.right),
    ("right or suggested", _kind("in"), lambda judged: judged.helped),
    ("false answers", _kind("out", "smalltalk", "human"), lambda judged: judged.answered),
    ("false, near the domain", lambda judged: judged.asked.note == "near", lambda judged: judged.answered),
    ("handed over", _kind("human"), lambda judged: judged.right),
    ("others handed over", _kind("in", "smalltalk"), lambda judged: judged.said.action == "handover"),
    ("small talk", _kind("smalltalk"), lambda judged: judged.right),
    (
        "follow-ups right",
        lambda judged: judged.asked.kind == "in" and judged.asked.context is not None,
        lambda judged: judged.right,
    ),
    ("language recognised", _kind("in"), lambda judged: judged.said.language == judged.asked.language),
)
"""Each figure: its name, of which questions it is the share, and which of them count."""


def shares(judged: Sequence[Judged]) -> dict[str, float | None]:
    """Every figure of SHARES, between 0 and 1; None where no question is of its sort."""
    return {name: _share(judged, among, counts) for name, among, counts in SHARES}


def _share(judged: Sequence[Judged], among: Sort, counts: Sort) -> float | None:
    asked = [one for one in judged if among(one)]
    return sum(map(counts, asked)) / len(asked) if asked else None


def times(judged: Sequence[Judged]) -> tuple[float, float]:
    """Microseconds a question: the median, and what 99 of 100 stay under. At least one question is needed."""
    sorted_us = sorted(one.us for one in judged)
    return sorted_us[len(sorted_us) // 2], sorted_us[int(len(sorted_us) * 0.99)]


def confusions(judged: Iterable[Judged]) -> list[tuple[str, str, int, Labelled]]:
    """What should have been said, what was, how often, and the first example; the most frequent first."""
    missed = [one for one in judged if not one.right]
    counted = Counter((expected(one.asked), got(one.said)) for one in missed)
    example = {(expected(one.asked), got(one.said)): one.asked for one in reversed(missed)}
    return [(*pair, count, example[pair]) for pair, count in counted.most_common()]


def expected(asked: Labelled) -> str:
    """What is right to say, in a word."""
    return " or ".join(sorted(cell.name for cell in asked.accepted)) or f"{asked.kind} {asked.note}".strip()


def got(said: Answer) -> str:
    """What was said, in a word."""
    return said.cell.name if said.cell else said.action
