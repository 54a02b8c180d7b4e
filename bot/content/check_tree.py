"""Mistakes in names and in where things lead."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from bot.content.build import NOWHERE
from bot.content.draft import Draft, Spot
from bot.content.models import ID_PATTERN, MOST_OPTIONS
from bot.content.problems import Problem, closest, shortened
from bot.content.strict_yaml import BLANK
from bot.content.tree import MOST_NODES, MOST_ON_A_WAY, MOST_STATES, Tree, options_of
from bot.dialog.conditions import ALWAYS
from bot.dialog.screens import NOT_ENOUGH
from bot.dialog.tree import ADVICE, ID_LENGTH, NOT_SURE, Node

RESERVED: Final = frozenset({NOT_SURE, "true", "false", "null"})
RESERVED_IN: Final[Mapping[str, frozenset[str]]] = {
    "nodes": frozenset({ADVICE, "all", "any", "not"}),
    "candidates": frozenset({NOT_ENOUGH}),
}
_ID: Final = re.compile(ID_PATTERN)
_ID_HINT: Final = "a-z, 0-9 and single hyphens between them, with at least one letter"


# names


def missing_heads(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """`dialog`, `start` and `enough` stand in some file."""
    for key in ("dialog", "start", "enough"):
        if key not in draft.head and key not in draft.unsure:
            yield Spot(draft.first_file()).problem(f"`{key}:` is missing", f"add `{key}:` to one of the files")


def empty_sections(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """There is something to ask and something to recommend."""
    for section, entries in (("nodes", draft.nodes), ("candidates", draft.candidates)):
        if not entries and not draft.unsure:
            yield Spot(draft.first_file()).problem(f"there are no {section}", f"add `{section}:` to one of the files")


def bad_names(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Names have the form that buttons and links can carry."""
    for (section, name), spot in draft.spots.items():
        if section not in ("", "phrases"):
            yield from _bad_name(name, spot, RESERVED | RESERVED_IN.get(section, frozenset()))
    for node in draft.nodes.values():
        for option in node.options:
            yield from _bad_name(option.id, draft.option_at(node, option), RESERVED)


def _bad_name(name: str, spot: Spot, reserved: frozenset[str]) -> Iterator[Problem]:
    if name == BLANK:
        return
    if not _ID.match(name) or name.replace("-", "").isdigit():
        yield spot.key_problem(f"`{shortened(name)}` is not a name", _ID_HINT)
    elif len(name) > ID_LENGTH:
        hint = f"at most {ID_LENGTH} characters: names travel in a button's 64 bytes of data"
        yield spot.key_problem(f"the name `{shortened(name)}` has {len(name)} characters", hint)
    elif name in reserved:
        yield spot.key_problem(f"the name `{name}` has a meaning of its own", "choose another name")


# where things lead


def written_targets(draft: Draft, node: Node) -> Iterator[tuple[str, Spot]]:
    """Every target that stands in a node, with its place."""
    if node.next is not None:
        yield node.next, draft.at("nodes", node.id) / "next"
    for option in options_of(node):
        spot = draft.option_at(node, option) / "goto"
        if spot.raw is not None:
            yield option.goto, spot


def unknown_targets(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Every target exists."""
    known = draft.nodes.keys() | draft.unsure | {ADVICE}
    targets = [pair for node in draft.nodes.values() for pair in written_targets(draft, node)]
    if "start" in draft.head:
        targets.append((str(draft.head["start"]), draft.at("", "start")))
    for target, spot in targets:
        if target not in known:
            hint = closest(target, [*draft.nodes, ADVICE]) or f"name a question, or `{ADVICE}` for the end"
            yield spot.problem(f"there is no question `{shortened(target)}`", hint)


def start_is_a_question(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """The dialog does not begin with its end."""
    if draft.head.get("start") == ADVICE:
        yield draft.at("", "start").problem("a dialog cannot begin with its end", "name the first question")


def dead_ends(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Every option leads somewhere."""
    for node in draft.nodes.values():
        for option in node.options:
            if option.goto == NOWHERE and option.id != BLANK:
                message = f"the option `{shortened(option.id)}` leads nowhere"
                yield draft.option_at(node, option).key_problem(message, "add `goto:`, or `next:` to the question")
        if node.not_sure.goto == NOWHERE:
            hint = "add `next:`, or `not_sure: {goto: ...}`"
            yield draft.at("nodes", node.id).key_problem('"Not sure" leads nowhere here', hint)


def condition_without_next(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """A question that is asked only sometimes says what comes instead."""
    for node in draft.nodes.values():
        if node.when is not ALWAYS and node.next is None:
            spot = draft.at("nodes", node.id) / "when"
            yield spot.key_problem("a question with `when` needs `next`", "say what comes when it is not asked")


def circles(draft: Draft, tree: Tree) -> Iterator[Problem]:
    """No question comes again."""
    for circle in tree.circles:
        names = " -> ".join((*circle, circle[0]))
        spot = _edge(draft, tree, circle[-1], circle[0])
        yield spot.problem(f"questions in a circle: {names}", "lead onward, or to `advice`")


def _edge(draft: Draft, tree: Tree, last: str, first: str) -> Spot:
    """Where `last` says that it leads to `first`."""
    targets = written_targets(draft, draft.nodes[last])
    return next((spot for target, spot in targets if tree.meant(target) == first), draft.at("nodes", last))


def unreachable(draft: Draft, tree: Tree) -> Iterator[Problem]:
    """Some answers lead to every question."""
    for name in draft.nodes:
        if tree.start != ADVICE and name not in tree.reached:
            hint = "name it in a `goto` or `next`, or delete it"
            yield draft.at("nodes", name).key_problem(f"no answer leads to `{shortened(name)}`", hint)


def too_many_nodes(draft: Draft, tree: Tree) -> Iterator[Problem]:
    """The engine can look ahead."""
    if not tree.small:
        spot = draft.at("nodes", list(draft.nodes)[MOST_NODES])
        yield spot.key_problem(f"more than {MOST_NODES} questions", "nobody answers so many; split the dialog")


def too_long_a_way(draft: Draft, tree: Tree) -> Iterator[Problem]:
    """All answers fit one message."""
    if tree.walkable and tree.longest > MOST_ON_A_WAY:
        hint = f"at most {MOST_ON_A_WAY}: all answers are shown in one message"
        yield draft.at("", "start").key_problem(f"the longest way has {tree.longest} questions", hint)


def too_many_ways(draft: Draft, tree: Tree) -> Iterator[Problem]:
    """The engine can count what is left."""
    if tree.walkable and tree.seen.states > MOST_STATES:
        hint = "let the conditions speak of fewer questions"
        yield draft.at("", "start").key_problem("too many combinations of answers decide what is asked", hint)


def number_of_options(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """A question has some options, and no more than a screen holds."""
    for node in draft.nodes.values():
        spot = draft.at("nodes", node.id) / "options"
        if not node.options:
            yield spot.key_problem("a question without options", "add at least one")
        if len(node.options) > MOST_OPTIONS:
            yield spot.key_problem(f"{len(node.options)} options", f"at most {MOST_OPTIONS} fit a screen")
