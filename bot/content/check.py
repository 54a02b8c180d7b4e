"""Every kind of mistake that shapes alone do not show: one small function each, over the draft and its tree."""

from collections.abc import Callable, Iterator
from typing import Final

from bot.content import (
    check_conditions,
    check_knowledge,
    check_lists,
    check_phrases,
    check_tree,
    check_weights,
    check_words,
)
from bot.content.draft import Draft
from bot.content.knowledge_draft import KnowledgeDraft
from bot.content.problems import MOST_PROBLEMS, Problem
from bot.content.tree import Tree

Check = Callable[[Draft, Tree], Iterator[Problem]]

DIALOG: Final[tuple[Check, ...]] = (
    check_tree.missing_heads,
    check_tree.empty_sections,
    check_tree.bad_names,
    check_tree.unknown_targets,
    check_tree.start_is_a_question,
    check_tree.dead_ends,
    check_tree.condition_without_next,
    check_tree.circles,
    check_tree.unreachable,
    check_tree.too_many_nodes,
    check_tree.too_many_ways,
    check_tree.too_long_a_way,
    check_tree.number_of_options,
    check_conditions.unknown_in_conditions,
    check_conditions.never_answered_by_then,
    check_conditions.pointless_conditions,
    check_conditions.topics,
    check_weights.unknown_candidates,
    check_weights.weighed_twice,
    check_weights.never_weighed,
    check_weights.number_of_steps,
    check_weights.number_of_candidates,
    check_weights.unknown_cautions,
    check_weights.never_raised,
    check_weights.unknown_sources,
    check_words.flawed_wordings,
    check_words.labels_alike,
)
"""What must hold for a dialog."""
PHRASES: Final[tuple[Check, ...]] = (
    check_phrases.missing_phrases,
    check_phrases.unknown_phrases,
    check_phrases.flawed_phrases,
    check_phrases.too_much_around_advice,
    check_phrases.braces,
    check_phrases.unknown_variables,
    check_phrases.variables_differ,
    check_phrases.needless_plurals,
    check_phrases.controls_alike,
)
"""What must hold for the bot's own words."""
KNOWLEDGE: Final[tuple[Callable[[KnowledgeDraft], Iterator[Problem]], ...]] = (
    check_knowledge.about_one_or_two,
    check_knowledge.unknown_concepts,
    check_knowledge.names_of_concepts,
    check_knowledge.broader_in_circles,
    check_knowledge.entries_twice,
    check_knowledge.facets,
    check_knowledge.unknown_sources_and_facts,
    check_knowledge.facts_without_their_source,
    check_knowledge.claims_told_as_facts,
    check_knowledge.dates,
    check_knowledge.flawed_wordings,
    check_knowledge.unfinished_wordings,
    check_knowledge.too_much_with_sources,
    check_knowledge.cells_without_entry,
    check_knowledge.unused_facts,
    check_knowledge.missing_words,
    check_lists.unknown_keys,
    check_lists.empty_lists,
    check_lists.unusable_phrases,
    check_lists.claimed_twice,
)
"""What must hold for the knowledge; that every entry is reached is proved apart (prove_knowledge.py)."""


def problems_of(draft: Draft, checks: tuple[Check, ...] = DIALOG + PHRASES) -> Iterator[Problem]:
    """Every mistake in the draft: those of its shape, and those the checks find."""
    yield from draft.problems
    tree = Tree(draft)
    for check in checks if len(draft.problems) < MOST_PROBLEMS else ():
        yield from check(draft, tree)


def knowledge_problems(draft: KnowledgeDraft) -> Iterator[Problem]:
    """Every mistake in the knowledge: those of its shape, and those the checks find."""
    yield from draft.problems
    for check in KNOWLEDGE:
        yield from check(draft)
