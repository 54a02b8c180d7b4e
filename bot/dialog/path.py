"""Where an owner stands: the path is computed from the answers, never stored (law 2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from bot.dialog.apart import seen_from
from bot.dialog.tree import ADVICE, Dialog, Node, Option


@dataclass(frozen=True, slots=True)
class Path:
    """The questions answered so far, in order, and the one that comes now (None: the dialog is at its end)."""

    steps: tuple[tuple[Node, Option], ...]
    current: Node | None

    def answers(self) -> dict[str, str]:
        """The answers that count: those on the path."""
        return {node.id: option.id for node, option in self.steps}

    def option_at(self, node_id: str) -> Option | None:
        """The answer given to this question, if it is on the path."""
        return next((option for node, option in self.steps if node.id == node_id), None)


def walk(dialog: Dialog, answers: Mapping[str, str]) -> Path:
    """Follow the answers from the start. An answer off the path, or to an option that is gone, has no effect."""
    steps: list[tuple[Node, Option]] = []
    on_path: dict[str, str] = {}
    node = asked_from(dialog, dialog.start, on_path)
    while node is not None and (option := node.option(answers.get(node.id))) is not None:
        steps.append((node, option))
        on_path[node.id] = option.id
        node = asked_from(dialog, option.goto, on_path)
    return Path(tuple(steps), node)


def asked_from(dialog: Dialog, place: str, answers: Mapping[str, str]) -> Node | None:
    """The first question from `place` on whose condition holds; None at the end of the dialog."""
    while place != ADVICE:
        node = dialog.nodes[place]
        if node.when.holds(answers):
            return node
        place = node.next or ADVICE
    return None


def most_left(dialog: Dialog, answers: Mapping[str, str]) -> int:
    """How many questions can still come, the current one included: the longest way to the end.

    Exact (every combination of answers that a later condition can see is tried), so it never grows while answers
    are added, only when one is changed or taken back.
    """
    path = walk(dialog, answers)
    return _longest_from(dialog, path.current, path.answers(), answers)


def _longest_from(dialog: Dialog, node: Node | None, on_path: Mapping[str, str], kept: Mapping[str, str]) -> int:
    if node is None:
        return 0
    ahead = dialog.ahead[node.id]
    waiting = frozenset(item for item in kept.items() if item[0] in ahead)
    return _longest(dialog, node.id, seen_from(dialog, node.id, on_path), waiting)


@lru_cache(maxsize=1 << 16)
def _longest(
    dialog: Dialog, node_id: str, on_path: frozenset[tuple[str, str]], kept: frozenset[tuple[str, str]]
) -> int:
    node, answers, waiting = dialog.nodes[node_id], dict(on_path), dict(kept)
    given = node.option(waiting.get(node_id))
    options = (given,) if given else (*node.options, node.not_sure)
    return (0 if given else 1) + max(_longest_after(dialog, node, option, answers, waiting) for option in options)


def _longest_after(
    dialog: Dialog, node: Node, option: Option, on_path: Mapping[str, str], kept: Mapping[str, str]
) -> int:
    onward = {**on_path, node.id: option.id}
    return _longest_from(dialog, asked_from(dialog, option.goto, onward), onward, kept)
