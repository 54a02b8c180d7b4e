"""all / any / not over answers. Structural, no expression language: a typo is found when the file is loaded."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final


class Condition(ABC):
    """Something that holds or does not, given the answers on the path (question id -> option id)."""

    __slots__ = ()

    @abstractmethod
    def holds(self, answers: Mapping[str, str]) -> bool:
        """Whether it holds. A question without an answer equals no option."""

    @abstractmethod
    def leaves(self) -> tuple["AnswerIs", ...]:
        """Every (question, options) it speaks of."""

    def questions(self) -> tuple[str, ...]:
        """The questions it speaks of."""
        return tuple(leaf.question for leaf in self.leaves())


@dataclass(frozen=True, slots=True)
class AnswerIs(Condition):
    """The answer to `question` is one of `options`."""

    question: str
    options: frozenset[str]

    def holds(self, answers: Mapping[str, str]) -> bool:
        return answers.get(self.question) in self.options

    def leaves(self) -> tuple["AnswerIs", ...]:
        return (self,)


@dataclass(frozen=True, slots=True)
class All(Condition):
    """Each part holds; true when there are none."""

    parts: tuple[Condition, ...]

    def holds(self, answers: Mapping[str, str]) -> bool:
        return all(part.holds(answers) for part in self.parts)

    def leaves(self) -> tuple[AnswerIs, ...]:
        return tuple(leaf for part in self.parts for leaf in part.leaves())


@dataclass(frozen=True, slots=True)
class Any(Condition):
    """At least one part holds."""

    parts: tuple[Condition, ...]

    def holds(self, answers: Mapping[str, str]) -> bool:
        return any(part.holds(answers) for part in self.parts)

    def leaves(self) -> tuple[AnswerIs, ...]:
        return tuple(leaf for part in self.parts for leaf in part.leaves())


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """The part does not hold."""

    part: Condition

    def holds(self, answers: Mapping[str, str]) -> bool:
        return not self.part.holds(answers)

    def leaves(self) -> tuple[AnswerIs, ...]:
        return self.part.leaves()


ALWAYS: Final[Condition] = All(())
