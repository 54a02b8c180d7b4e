"""The tree of a draft, made walkable: what is wrong with its edges is healed, so that all else can be checked."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from typing import Final, TypeAlias

from bot.content.draft import Draft
from bot.content.problems import nearest
from bot.dialog.apart import seen_from
from bot.dialog.conditions import ALWAYS
from bot.dialog.tree import ADVICE, Dialog, Node, Option, reachable

MOST_NODES: Final = 100
"""The engine looks ahead node by node; a longer dialog would be no conversation."""
MOST_ON_A_WAY: Final = 30
"""A list of all answers, at their limits, fits one message."""
MOST_STATES: Final = 10_000
"""How many combinations of answers may decide what is asked. The engine keeps these to count what is left."""
MOST_CIRCLES: Final = 20

Circle: TypeAlias = tuple[str, ...]
State: TypeAlias = tuple[str, frozenset[tuple[str, str]]]
"""A place in the tree, with the answers that still matter from there on."""


@dataclass(slots=True)
class Seen:
    """What walking every way through the tree has shown: which questions were asked, and which passed over."""

    asked: set[str]
    skipped: set[str]
    states: int = 0


class Tree:
    """The nodes of a draft without circles and without targets that do not exist.

    `circles` are those that were cut: each a tuple of names, the last of which leads back to the first.
    """

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.small = len(draft.nodes) <= MOST_NODES
        self.nodes = {name: _redirected(_trimmed(node), self.meant) for name, node in draft.nodes.items()}
        self.circles = tuple(self._cut_circles())
        self.start = self.meant(str(draft.head.get("start", ADVICE)))

    def meant(self, target: str) -> str:
        """The node that an author meant by `target`; the advice where none is near."""
        if target in self.draft.nodes or target == ADVICE:
            return target
        return (nearest(target, self.draft.nodes) if self.small else None) or ADVICE

    def _cut_circles(self) -> Iterator[Circle]:
        for _ in range(MOST_CIRCLES):
            circle = _circle(self.nodes)
            if circle:
                self._cut(circle[-1], circle[0])
                yield circle

    def _cut(self, last: str, first: str) -> None:
        self.nodes[last] = _redirected(self.nodes[last], lambda target: ADVICE if target == first else target)

    @cached_property
    def walkable(self) -> bool:
        """Whether every way through it comes to an end, and in a sensible time."""
        return self.start != ADVICE and self.small and not _circle(self.nodes)

    @cached_property
    def reached(self) -> frozenset[str]:
        """What some answers lead to, conditions aside."""
        roots = {self.start} | (self.draft.unsure & self.nodes.keys())
        return frozenset(name for root in roots for name in reachable(self.nodes, root))

    @cached_property
    def after(self) -> Mapping[str, frozenset[str]]:
        """For each node all that can follow it, itself included."""
        return {name: reachable(self.nodes, name) for name in self.nodes}

    @cached_property
    def longest(self) -> int:
        """How many questions the longest way has, conditions aside. Only for a walkable tree."""
        lengths = {ADVICE: 0}
        targets = {name: node.targets() for name, node in self.nodes.items()}
        for name in TopologicalSorter(targets).static_order():
            lengths.setdefault(name, 1 + max((lengths[target] for target in targets.get(name, ())), default=0))
        return lengths[self.start]

    @cached_property
    def dialog(self) -> Dialog:
        """The healed tree as a dialog to walk in. Only for a walkable tree."""
        return Dialog("", "", self.start, 1, self.nodes, {}, {}, {})

    @cached_property
    def seen(self) -> Seen:
        """Every way walked, up to MOST_STATES. Only for a walkable tree."""
        return _explored(self.dialog)


def options_of(node: Node) -> tuple[Option, ...]:
    """The author's options, and "not sure"."""
    return (*node.options, node.not_sure)


def _trimmed(node: Node) -> Node:
    """Without a `next` that nothing follows."""
    used = node.when is not ALWAYS or any(option.goto == node.next for option in options_of(node))
    return node if used else replace(node, next=None)


def _redirected(node: Node, aim: Callable[[str], str]) -> Node:
    options = tuple(replace(option, goto=aim(option.goto)) for option in options_of(node))
    following = None if node.next is None else aim(node.next)
    return replace(node, options=options[:-1], not_sure=options[-1], next=following)


def _circle(nodes: Mapping[str, Node]) -> Circle:
    """One circle of questions, from the one that stands first in the files; empty when there is none."""
    try:
        TopologicalSorter({name: node.targets() for name, node in nodes.items()}).prepare()
    except CycleError as error:
        names = list(reversed(error.args[1]))[1:]
        first = min(range(len(names)), key=lambda index: list(nodes).index(names[index]))
        return tuple(names[first:] + names[:first])
    return ()


def _explored(dialog: Dialog) -> Seen:
    seen = Seen(set(), set())
    todo: list[State] = [(dialog.start, frozenset())]
    done: set[State] = set(todo)
    while todo and len(done) <= MOST_STATES:
        for state in _following(dialog, *todo.pop(), seen):
            if state not in done:
                done.add(state)
                todo.append(state)
    seen.states = len(done)
    return seen


def _following(dialog: Dialog, name: str, answers: frozenset[tuple[str, str]], seen: Seen) -> Iterator[State]:
    """The states that can come right after one; and it is noted whether the question there is asked."""
    node, known = dialog.nodes[name], dict(answers)
    if node.when.holds(known):
        seen.asked.add(name)
        ways = [(option.goto, known | {name: option.id}) for option in options_of(node)]
    else:
        seen.skipped.add(name)
        ways = [(node.next or ADVICE, known)]
    return ((place, seen_from(dialog, place, onward)) for place, onward in ways if place != ADVICE)
