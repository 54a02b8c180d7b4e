"""Which answers later conditions can tell apart: what they cannot is one case, however many answers there are."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias

from bot.dialog.tree import Dialog, Node, reachable

Apart: TypeAlias = Mapping[str, Mapping[str, str]]
"""For each question that conditions speak of: each option they name, and the first option they treat alike."""


def seen_from(dialog: Dialog, place: str, answers: Mapping[str, str]) -> frozenset[tuple[str, str]]:
    """The answers as far as conditions from `place` on can see them: every such condition holds as before."""
    apart = _apart(dialog)[place]
    known = ((question, apart.get(question, {}).get(option)) for question, option in answers.items())
    return frozenset((question, option) for question, option in known if option is not None)


@lru_cache(maxsize=16)
def _apart(dialog: Dialog) -> Mapping[str, Apart]:
    return {name: _apart_from(dialog.nodes, name) for name in dialog.nodes}


def _apart_from(nodes: Mapping[str, Node], place: str) -> dict[str, dict[str, str]]:
    groups: dict[str, list[frozenset[str]]] = {}
    for leaf in (leaf for name in reachable(nodes, place) for leaf in nodes[name].when.leaves()):
        groups.setdefault(leaf.question, []).append(leaf.options)
    return {question: dict(_first_alike(options)) for question, options in groups.items()}


def _first_alike(groups: list[frozenset[str]]) -> Iterator[tuple[str, str]]:
    """What no group names is left out: it is as if it had not been answered."""
    first: dict[tuple[bool, ...], str] = {}
    for option in sorted(frozenset[str]().union(*groups)):
        yield option, first.setdefault(tuple(option in group for group in groups), option)
