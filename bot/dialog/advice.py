"""From answers to advice.

The weighing: every answer on the path adds the points of its weights to the candidates it speaks for, takes them from
those it speaks against, and rules out those it excludes. The best of what is left is recommended if it has enough
points; ties go to the candidate the authors named first. "Not sure" usually weighs nothing, so an owner who is sure of
nothing gets no advice, and is told which answers would help.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from bot.dialog.path import Path
from bot.dialog.tree import NOT_SURE, Candidate, Caution, Dialog, Node, Weight

CAUTIONS_SHOWN: Final = 6
RUNNERS_UP: Final = 2
HELPFUL_SHOWN: Final = 3


@dataclass(frozen=True, slots=True)
class Reason:
    """One weight, as it bears on one candidate, and the question whose answer carried it."""

    node: Node
    weight: Weight
    points: int


@dataclass(frozen=True, slots=True)
class Ranked:
    """A candidate with its points and what they come from, heaviest reason first."""

    candidate: Candidate
    points: int
    reasons: tuple[Reason, ...]

    def pros(self) -> tuple[Reason, ...]:
        """The reasons that speak for it."""
        return tuple(reason for reason in self.reasons if reason.points > 0)

    def cons(self) -> tuple[Reason, ...]:
        """The reasons that speak against it."""
        return tuple(reason for reason in self.reasons if reason.points < 0)


@dataclass(frozen=True, slots=True)
class Advice:
    """`best` is None when the answers do not carry advice. `ruled_out` keeps what excluded each candidate."""

    ranked: tuple[Ranked, ...]
    ruled_out: tuple[tuple[Candidate, Reason], ...]
    best: Ranked | None
    runners_up: tuple[Ranked, ...]
    cautions: tuple[Caution, ...]
    would_help: tuple[Node, ...]


def advise(dialog: Dialog, path: Path) -> Advice:
    """The advice that the answers on `path` carry."""
    reasons = list(_reasons(path))
    out = tuple(_ruled_out(dialog, reasons))
    excluded = {candidate.id for candidate, _ in out}
    ranked = _ranked((item for item in dialog.candidates.values() if item.id not in excluded), reasons)
    best = ranked[0] if ranked and ranked[0].points >= dialog.enough else None
    runners_up = tuple(item for item in ranked[1:] if best and item.points >= dialog.enough)[:RUNNERS_UP]
    return Advice(ranked, out, best, runners_up, _cautions(dialog, path, best), _would_help(path))


def _reasons(path: Path) -> Iterator[Reason]:
    answers = path.answers()
    for node, option in path.steps:
        for weight in option.weighs:
            if weight.when.holds(answers):
                yield Reason(node, weight, -weight.by if weight.kind == "against" else weight.by)


def _ruled_out(dialog: Dialog, reasons: list[Reason]) -> Iterator[tuple[Candidate, Reason]]:
    for candidate in dialog.candidates.values():
        excluding = (item for item in reasons if item.weight.kind == "rules_out")
        reason = next((item for item in excluding if candidate.id in item.weight.candidates), None)
        if reason is not None:
            yield candidate, reason


def _ranked(candidates: Iterable[Candidate], reasons: list[Reason]) -> tuple[Ranked, ...]:
    unsorted = [_weighed(candidate, reasons) for candidate in candidates]
    return tuple(sorted(unsorted, key=lambda item: -item.points))


def _weighed(candidate: Candidate, reasons: list[Reason]) -> Ranked:
    own = [item for item in reasons if item.points and candidate.id in item.weight.candidates]
    heaviest_first = tuple(sorted(own, key=lambda item: -abs(item.points)))
    return Ranked(candidate, sum(item.points for item in own), heaviest_first)


def _cautions(dialog: Dialog, path: Path, best: Ranked | None) -> tuple[Caution, ...]:
    """Those the answers raise first, then those of the candidate, each in the order of the authors' list.

    Without advice, those that the answers raise and that go with any advice.
    """
    answers = path.answers()
    raised = {name for _, option in path.steps for name in option.raises}
    raised |= {item.id for item in dialog.cautions.values() if item.when and item.when.holds(answers)}
    groups = (raised, set(best.candidate.raises) - raised if best else set())
    chosen = best.candidate.id if best else None
    fitting = [item for item in dialog.cautions.values() if not item.only_for or chosen in item.only_for]
    return tuple(item for group in groups for item in fitting if item.id in group)[:CAUTIONS_SHOWN]


def _would_help(path: Path) -> tuple[Node, ...]:
    """The first questions answered with "not sure": what comes first decides most, the branch above all."""
    return tuple(node for node, option in path.steps if option.id == NOT_SURE)[:HELPFUL_SHOWN]
