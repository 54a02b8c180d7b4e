"""Where people stumble, computed of the traffic's counts: what happened at each question, and how many left there."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.dialog.traffic import ADVISED, ANSWER, WHOLE
from bot.dialog.tree import ADVICE, NOT_SURE, Dialog
from bot.languages import Language
from bot.review.shares import FEW, share

Counts = Mapping[tuple[str, str], int]


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened at one question: in sessions `shown`, `answered`, `left`, `here` (they may go on), `not_sure`.

    And in times: `help` (why do we ask?), `asked` in passing and what of it was `unanswered`, `unclear` words, steps
    `back` from it, answers `typed` and `changed`, wishes for a `person`. `known`: it is in the dialog that is shown.
    """

    id: str
    title: str
    text: str
    known: bool
    shown: int
    answered: int
    left: int
    here: int
    not_sure: int
    help: int
    asked: int
    unanswered: int
    unclear: int
    back: int
    typed: int
    changed: int
    person: int

    @property
    def left_share(self) -> str:
        """Of those who were shown it."""
        return share(self.left, self.shown)


@dataclass(frozen=True, slots=True)
class Funnel:
    """The whole: `begun` sessions, `asked` the first question, `advised` with a candidate, or `not_enough` for that.

    `questions`: where most people left first. `taken`: how many took an option, by (question, option).
    """

    begun: int
    asked: int
    advised: int
    not_enough: int
    restarted: int
    questions: tuple[Figures, ...]
    taken: Mapping[tuple[str, str], int]

    @property
    def most_left(self) -> Figures | None:
        """Where most people left; None where nobody did."""
        return next((one for one in self.questions if one.left), None)

    @property
    def largest_part_left(self) -> Figures | None:
        """Where the largest part of those who were shown it left, among those shown often enough."""
        often = [one for one in self.questions if one.shown >= FEW and one.left]
        return max(often, key=lambda one: one.left / one.shown, default=None)

    def of(self, question: str) -> Figures | None:
        """The figures of one question."""
        return next((one for one in self.questions if one.id == question), None)


def funnel(dialog: Dialog, language: Language, counts: Counts, here: Mapping[str, int]) -> Funnel:
    """The figures. `counts`: (question, what) -> n; `here`: who stands where and was there within the last day."""
    places = [*dialog.nodes, *sorted({place for place, _ in counts} - dialog.nodes.keys() - {WHOLE, ADVICE})]
    questions = [_figures(dialog, language, counts, here.get(place, 0), place) for place in places]
    listed = sorted(questions, key=lambda one: (-one.left, -one.shown))
    not_enough = counts.get((WHOLE, f"{ADVISED}not-enough"), 0)
    advised = sum(n for (place, what), n in counts.items() if place == WHOLE and what.startswith(ADVISED))
    return Funnel(
        begun=counts.get((WHOLE, "begun"), 0) - counts.get((WHOLE, "moved"), 0),
        asked=counts.get((dialog.start, "shown"), 0),
        advised=advised - not_enough,
        not_enough=not_enough,
        restarted=counts.get((WHOLE, "restarted"), 0),
        questions=tuple(one for one in listed if one.known or one.shown),
        taken={(place, what.removeprefix(ANSWER)): n for (place, what), n in counts.items() if what.startswith(ANSWER)},
    )


def _figures(dialog: Dialog, language: Language, counts: Counts, here: int, place: str) -> Figures:
    def of(what: str) -> int:
        return counts.get((place, what), 0)

    node = dialog.nodes.get(place)
    answered = sum(n for (where, what), n in counts.items() if where == place and what.startswith(ANSWER))
    stands = of("shown") - answered - of("aside") - of("restarted") - of("moved")
    return Figures(
        id=place, title=node.title.to(language) if node else place, text=node.text.to(language) if node else "",
        known=node is not None, shown=of("shown"), answered=answered, left=max(0, stands - here),
        here=min(here, max(0, stands)), not_sure=of(ANSWER + NOT_SURE), help=of("help"),
        asked=of("asked") + of("unanswered"), unanswered=of("unanswered"), unclear=of("unclear"), back=of("back"),
        typed=of("typed"), changed=of("changed"), person=of("person"),
    )  # fmt: skip
