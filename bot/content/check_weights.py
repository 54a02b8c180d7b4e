"""Mistakes in candidates, weights, cautions and sources."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.content.draft import Draft, Spot
from bot.content.models import MOST_STEPS
from bot.content.problems import Problem, closest, shortened
from bot.content.strict_yaml import BLANK
from bot.content.tree import Tree, options_of
from bot.dialog.conditions import ALWAYS
from bot.dialog.tree import Node, Option, Weight

MOST_CANDIDATES: Final = 10
_SOURCE: Final = re.compile(r"[a-z0-9-]+(\+[a-z0-9-]+)*/[a-z0-9-]+")


def every_weight(draft: Draft) -> Iterator[tuple[Node, Option, Weight, Spot]]:
    """Every weight with the place where it stands."""
    for node in draft.nodes.values():
        for option in options_of(node):
            for index, weight in enumerate(option.weighs):
                yield node, option, weight, draft.option_at(node, option) / "weighs" / index


def named(spot: Spot) -> Iterator[tuple[str, Spot]]:
    """The names that stand at `spot`, alone or in a list, each with its place."""
    raw = spot.raw
    places = [(name, spot / index) for index, name in enumerate(raw)] if isinstance(raw, list) else [(raw, spot)]
    return ((name, place) for name, place in places if isinstance(name, str))


def _unknown(draft: Draft, spot: Spot, known: Mapping[str, object], what: str) -> Iterator[Problem]:
    for name, place in named(spot):
        if name not in known and name not in draft.unsure:
            yield place.problem(f"there is no {what} `{shortened(name)}`", closest(name, known))


# candidates


def unknown_candidates(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Whatever is weighed, or advised with a caution, can be recommended."""
    for _node, _option, weight, spot in every_weight(draft):
        yield from _unknown(draft, spot / weight.kind, draft.candidates, "candidate")
    for name in draft.cautions:
        yield from _unknown(draft, draft.at("cautions", name) / "only_for", draft.candidates, "candidate")


def weighed_twice(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """One answer says one thing about a candidate; more only under conditions."""
    for node in draft.nodes.values():
        for option in options_of(node):
            yield from _weighed_twice(option, draft.option_at(node, option) / "weighs")


def _weighed_twice(option: Option, weighs: Spot) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, weight in enumerate(option.weighs):
        own: set[str] = set()
        for name, place in named(weighs / index / weight.kind):
            if name in own or (name in seen and weight.when is ALWAYS):
                hint = "make it one weight, or give one of them a `when`"
                yield place.problem(f"this answer weighs `{shortened(name)}` a second time", hint)
            own.add(name)
        seen |= own if weight.when is ALWAYS else set()


def never_weighed(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Some answer speaks for every candidate."""
    names = (weight.candidates for _, _, weight, _ in every_weight(draft) if weight.kind == "for")
    weighed = {name for candidates in names for name in candidates}
    for name in draft.candidates.keys() - weighed - draft.unsure:
        hint = "add a weight with `for:`, or delete the candidate"
        yield draft.at("candidates", name).key_problem(f"no answer weighs for `{shortened(name)}`", hint)


def number_of_steps(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """A candidate has one to three next steps."""
    for name, candidate in draft.candidates.items():
        if not 1 <= len(candidate.steps) <= MOST_STEPS:
            spot = draft.at("candidates", name) / "steps"
            yield spot.key_problem(f"{len(candidate.steps)} next steps", f"write one to {MOST_STEPS}")


def number_of_candidates(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """All that is ruled out fits one message, with its reasons."""
    for name in list(draft.candidates)[MOST_CANDIDATES : MOST_CANDIDATES + 1]:
        yield draft.at("candidates", name).key_problem(f"more than {MOST_CANDIDATES} candidates", "unite some of them")


# cautions


def _raises(draft: Draft) -> Iterator[Spot]:
    """Every place where cautions can be raised."""
    for name in draft.candidates:
        yield draft.at("candidates", name) / "raises"
    for node in draft.nodes.values():
        for option in options_of(node):
            yield draft.option_at(node, option) / "raises"


def unknown_cautions(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Whatever is raised can be shown."""
    for spot in _raises(draft):
        yield from _unknown(draft, spot, draft.cautions, "caution")


def never_raised(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Every caution can come up: what nobody raises was forgotten somewhere."""
    raised = {name for spot in _raises(draft) for name, _ in named(spot)}
    raised |= {name for name, caution in draft.cautions.items() if caution.when}
    for name in draft.cautions.keys() - raised - draft.unsure:
        hint = f"add `raises: [{shortened(name)}]` to an option or a candidate, or delete it"
        yield draft.at("cautions", name).key_problem(f"nothing raises `{shortened(name)}`", hint)


# sources


def unknown_sources(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Every source has its form, and is a cell of the knowledge where the cells are known."""
    places = [spot / "source" for _, _, _, spot in every_weight(draft)]
    places += [draft.at("cautions", name) / "source" for name in draft.cautions]
    for spot in places:
        for source, place in named(spot):
            yield from _unknown_source(source, place, draft.cells)


def _unknown_source(source: str, spot: Spot, cells: frozenset[str] | None) -> Iterator[Problem]:
    if source == BLANK:
        return
    if not _SOURCE.fullmatch(source):
        hint = "write `concept/facet`, or `concept+concept/facet`"
        yield spot.problem(f"`{shortened(source)}` is not the name of a knowledge cell", hint)
    elif cells is not None and source not in cells:
        yield spot.problem(f"there is no knowledge cell `{shortened(source)}`", closest(source, sorted(cells)))
