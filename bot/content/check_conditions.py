"""Mistakes in conditions, and in the answers of topics."""

from collections.abc import Iterable, Iterator, Mapping

from bot.content.draft import Draft, Spot
from bot.content.problems import Problem, closest, listed, shortened
from bot.content.strict_yaml import BLANK
from bot.content.tree import MOST_STATES, Tree, options_of
from bot.dialog.conditions import ALWAYS, All, AnswerIs, Any, Condition, Not
from bot.dialog.path import walk
from bot.dialog.tree import Node


def conditions(draft: Draft) -> Iterator[tuple[Node, Condition, Spot, bool]]:
    """Every condition: whose it is, where it stands, and whether it stands at a question (else at a weight)."""
    for node in draft.nodes.values():
        yield node, node.when, draft.at("nodes", node.id) / "when", True
        for option in options_of(node):
            for index, weight in enumerate(option.weighs):
                yield node, weight.when, draft.option_at(node, option) / "weighs" / index / "when", False


def leaves(condition: Condition, spot: Spot) -> Iterator[tuple[AnswerIs, Spot]]:
    """Every question a condition speaks of, with the place of its key."""
    match condition:
        case AnswerIs():
            yield condition, spot / condition.question
        case Not():
            yield from leaves(condition.part, spot / "not")
        case All() | Any():
            word = "all" if isinstance(condition, All) else "any"
            for index, part in enumerate(condition.parts):
                yield from leaves(part, spot / word / index)


def unknown_in_conditions(draft: Draft, _tree: Tree) -> Iterator[Problem]:
    """Conditions speak of questions and options that exist."""
    placed = [(condition, place) for _node, condition, place, _asked in conditions(draft)]
    raising = ((caution.when, draft.at("cautions", name) / "when") for name, caution in draft.cautions.items())
    for condition, place in (*placed, *((when, place) for when, place in raising if when)):
        for leaf, spot in leaves(condition, place):
            if leaf.question in draft.nodes:
                yield from _unknown_options(draft.nodes[leaf.question], spot)
            elif leaf.question not in draft.unsure:
                hint = closest(leaf.question, draft.nodes)
                yield spot.key_problem(f"there is no question `{shortened(leaf.question)}`", hint)


def _unknown_options(question: Node, spot: Spot) -> Iterator[Problem]:
    raw = spot.raw
    named = [(name, spot / index) for index, name in enumerate(raw)] if isinstance(raw, list) else [(raw, spot)]
    known = [option.id for option in options_of(question)]
    for name, place in named:
        if name not in known and BLANK not in known:
            hint = closest(str(name), known) or f"it has {listed(known)}"
            yield place.problem(f"`{question.id}` has no option `{shortened(str(name))}`", hint)


def never_answered_by_then(draft: Draft, tree: Tree) -> Iterator[Problem]:
    """A question's condition looks back; a weight's condition looks at what can be answered besides."""
    if not tree.walkable:
        return
    for node, condition, place, asked in conditions(draft):
        for leaf, spot in leaves(condition, place):
            after = tree.after.get(leaf.question, frozenset({node.id}))
            if leaf.question == node.id:
                yield spot.key_problem(f"`{node.id}` speaks of its own answer", "speak of another question")
            elif asked and node.id not in after:
                message = f"`{leaf.question}` does not come before `{node.id}`"
                yield spot.key_problem(message, "speak of an earlier question")
            elif node.id not in after and leaf.question not in tree.after[node.id]:
                hint = "they lie on different branches"
                yield spot.key_problem(f"`{leaf.question}` and `{node.id}` are never answered together", hint)


def pointless_conditions(draft: Draft, tree: Tree) -> Iterator[Problem]:
    """A condition holds for some who come to it, and not for others."""
    if not tree.walkable or tree.seen.states > MOST_STATES or _is_incomplete(draft):
        return
    for node in draft.nodes.values():
        spot = draft.at("nodes", node.id) / "when"
        if node.when is ALWAYS or any(_leaf_is_wrong(draft, tree, node, leaf) for leaf in node.when.leaves()):
            continue
        if node.id in tree.seen.skipped - tree.seen.asked:
            yield spot.key_problem("this never holds for anyone who comes here", "nobody is asked; correct it")
        if node.id in tree.seen.asked - tree.seen.skipped:
            yield spot.key_problem("this holds for everyone who comes here", "delete the `when`")


def _is_incomplete(draft: Draft) -> bool:
    """Whether ways lead into, or come from, what could not be read."""
    targets = (target for node in draft.nodes.values() for target in node.targets())
    return not draft.unsure.isdisjoint((*draft.nodes, *targets))


def _leaf_is_wrong(draft: Draft, tree: Tree, node: Node, leaf: AnswerIs) -> bool:
    """Whether another check has spoken of it."""
    question = draft.nodes.get(leaf.question)
    known = {option.id for option in options_of(question)} if question else frozenset()
    return not leaf.options <= known or leaf.question == node.id or node.id not in tree.after[leaf.question]


# topics


def topics(draft: Draft, tree: Tree) -> Iterator[Problem]:
    """The answers of a topic are the first ones of a path."""
    for name, answers in draft.topics.items():
        spot = draft.at("topics", name) / "answers"
        wrong = list(_unknown_answers(draft, answers, spot))
        yield from wrong
        if not wrong and tree.walkable and BLANK not in answers and answers.keys() <= draft.nodes.keys():
            yield from _off_the_path(tree, answers, spot)


def _unknown_answers(draft: Draft, answers: Iterable[str], spot: Spot) -> Iterator[Problem]:
    for question in answers:
        node = draft.nodes.get(question)
        if node:
            yield from _unknown_options(node, spot / question)
        elif question not in draft.unsure and question != BLANK:
            hint = closest(question, draft.nodes)
            yield (spot / question).key_problem(f"there is no question `{shortened(question)}`", hint)


def _off_the_path(tree: Tree, answers: Mapping[str, str], spot: Spot) -> Iterator[Problem]:
    path = walk(tree.dialog, answers)
    hint = f"the next question there is `{path.current.id}`" if path.current else "the dialog ends before"
    for question in answers.keys() - path.answers().keys():
        yield (spot / question).key_problem(f"`{question}` is not asked after these answers", hint)
