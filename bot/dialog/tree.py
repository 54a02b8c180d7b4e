"""What the authors wrote, frozen: nodes, options, weights, candidates; and the limits a message must keep."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, Literal

from bot.dialog.conditions import ALWAYS, Condition
from bot.languages import Text

ADVICE: Final = "advice"
"""Where a dialog ends: the target of an option after which nothing more is asked."""
NOT_SURE: Final = "not-sure"
"""The option that stands at every question by itself."""

MESSAGE_UNITS: Final = 4096
"""UTF-16 units of one message; telegram.md 1.2 tells why units and not characters."""
BUTTON_DATA_BYTES: Final = 64
ID_LENGTH: Final = 20
"""Longest id of a node or an option: both stand in the data of a button."""


class Limit:
    """Longest wordings, in UTF-16 units, so that whatever is composed of them fits one message."""

    NAME = 60
    SUMMARY = 300
    STEP = 160
    CAUTION = 180
    TITLE = 30
    QUESTION = 500
    HELP = 700
    LABEL = 48
    BECAUSE = 200


@dataclass(frozen=True, slots=True)
class Weight:
    """What an option weighs: `by` points for or against each of `candidates`, or rules them out (`by` is 0)."""

    kind: Literal["for", "against", "rules_out"]
    candidates: tuple[str, ...]
    by: int
    because: Text
    source: str
    when: Condition = ALWAYS


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a question. `goto` is a node's id or ADVICE; `label` is None for NOT_SURE."""

    id: str
    label: Text | None
    goto: str
    weighs: tuple[Weight, ...] = ()
    raises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Node:
    """One question. `options` holds the author's options; NOT_SURE stands beside them."""

    id: str
    title: Text
    text: Text
    help: Text
    options: tuple[Option, ...]
    not_sure: Option
    when: Condition = ALWAYS
    next: str | None = None

    def option(self, option_id: str | None) -> Option | None:
        """The option with this id, NOT_SURE among them; None when there is none."""
        return next((option for option in (*self.options, self.not_sure) if option.id == option_id), None)

    def targets(self) -> tuple[str, ...]:
        """Every place this question can lead to, each once."""
        skip = (self.next,) if self.next is not None else ()
        return tuple(dict.fromkeys([option.goto for option in (*self.options, self.not_sure)] + list(skip)))


@dataclass(frozen=True, slots=True)
class Candidate:
    """A thing that can be recommended."""

    id: str
    name: Text
    summary: Text
    steps: tuple[Text, ...]
    raises: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Caution:
    """What to watch out for: raised by options, by the candidate, or by answers that fulfil `when`.

    `only_for` empty: with any advice.
    """

    id: str
    text: Text
    source: str
    only_for: tuple[str, ...] = ()
    when: Condition | None = None


@dataclass(frozen=True, eq=False, slots=True)
class Dialog:
    """The whole tree. `version` is the fingerprint of the files it was read from; equal only to itself."""

    name: str
    version: str
    start: str
    enough: int
    nodes: Mapping[str, Node]
    candidates: Mapping[str, Candidate]
    cautions: Mapping[str, Caution]
    topics: Mapping[str, Mapping[str, str]]
    ahead: Mapping[str, frozenset[str]] = field(init=False)
    """For each node, all that can follow it, itself included."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "ahead", MappingProxyType({name: reachable(self.nodes, name) for name in self.nodes}))


def reachable(nodes: Mapping[str, Node], start: str) -> frozenset[str]:
    """The ids of all nodes that can follow `start`, itself included, whatever their conditions say."""
    seen: set[str] = set()
    todo = [start]
    while todo:
        name = todo.pop()
        if name in nodes and name not in seen:
            seen.add(name)
            todo.extend(nodes[name].targets())
    return frozenset(seen)


def utf16_units(text: str) -> int:
    """The length of `text` as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def all_weights(nodes: Iterable[Node]) -> Iterable[tuple[Node, Option, Weight]]:
    """Every weight of `nodes` with the place where it stands."""
    for node in nodes:
        for option in (*node.options, node.not_sure):
            for weight in option.weighs:
                yield node, option, weight
