"""Mistakes in the words of a language: unknown keys, empty lists, phrases that cannot be found or mean two things."""

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

from bot.content.knowledge_draft import KnowledgeDraft
from bot.content.knowledge_models import ConceptShape
from bot.content.problems import Problem, closest, listed, shortened
from bot.content.strict_yaml import MOST_SLIPS
from bot.content.word_lists import PhraseList, is_short_stem, usable, words_in
from bot.knowledge.entries import FACETS
from bot.knowledge.lexicon import PLACE, SHORTEST_STEM
from bot.knowledge.word_list import NO_PHRASES

MOST_WORDS: Final = 7
"""More than this would be a sentence learnt by heart."""
_WORD: Final = r"[^\W_][\w'’]*\*?"
_PHRASE: Final = re.compile(rf"(?:…|{_WORD})(?:[ -](?:…|{_WORD}))*-?")
_STEMS: Final = rf"(?!\w{{1,{SHORTEST_STEM - 1}}}\*){_WORD}"
_FINE: Final = re.compile(rf"(?:(?:… )?{_STEMS}(?:[ -](?:…|{_STEMS})){{0,{MOST_WORDS - 1}}}\n)*")
"""A whole list at once, as most are: thousands of phrases are not looked at one by one."""


Claims = dict[str, tuple[PhraseList, Mapping[str, str]]]
"""Who claims a phrase, by what it is told apart by: a list, with all its phrases."""


def _lists(draft: KnowledgeDraft) -> Iterator[PhraseList]:
    for words in draft.words.values():
        yield from words.lists


def unknown_keys(draft: KnowledgeDraft) -> Iterator[Problem]:
    """Aliases name concepts, cues and hints name facets."""
    concepts = draft.concepts.keys() | draft.unsure[ConceptShape]
    for found in _lists(draft):
        known: Iterable[str] = concepts if found.kind == "alias" else FACETS
        if found.kind != "group" and found.value not in known:
            what = "concept" if found.kind == "alias" else "facet"
            names = draft.concepts if found.kind == "alias" else FACETS
            hint = closest(found.value, names) or "delete it"
            yield found.spot.key_problem(f"there is no {what} `{shortened(found.value)}`", hint)


def empty_lists(draft: KnowledgeDraft) -> Iterator[Problem]:
    """A list holds something."""
    for found in _lists(draft):
        if not found.phrases and found.spot.raw is not None:
            yield found.spot.key_problem("an empty list", "write words, separated by commas, or delete it")


def unusable_phrases(draft: KnowledgeDraft) -> Iterator[Problem]:
    """What is listed is words that the reader can find in a text. At most MOST_SLIPS are told: each is looked up."""
    yield from islice(_all_unusable(draft), MOST_SLIPS)


def _all_unusable(draft: KnowledgeDraft) -> Iterator[Problem]:
    for found in _lists(draft):
        if not _FINE.fullmatch("".join(f"{phrase}\n" for phrase in found.phrases)):
            for phrase in found.phrases:
                yield from _unusable(found, phrase)


def _unusable(found: PhraseList, phrase: str) -> Iterator[Problem]:
    words = words_in(phrase)
    if any(map(is_short_stem, words)):
        hint = f"at least {SHORTEST_STEM} letters stand before the *: shorter ones begin too many words"
        yield found.problem(phrase, f"the stem in `{shortened(phrase)}` is too short", hint)
    elif not usable(phrase) or not _PHRASE.fullmatch(phrase):
        hint = "letters and digits, a * at the end of a word, … in place of the concept"
        yield found.problem(phrase, f"`{shortened(phrase)}` cannot be found in a text", hint)
    elif len([word for word in words if word != PLACE]) > MOST_WORDS:
        yield found.problem(phrase, f"`{shortened(phrase)}` has {len(words)} words", f"at most {MOST_WORDS}")


def claimed_twice(draft: KnowledgeDraft) -> Iterator[Problem]:
    """A phrase stands in one list of its language; an English alias, which counts everywhere, names one concept."""
    yield from islice(_all_claimed_twice(draft), MOST_SLIPS)


def _all_claimed_twice(draft: KnowledgeDraft) -> Iterator[Problem]:
    english = draft.words["en"].lists if "en" in draft.words else ()
    loans = _claims(found for found in english if found.kind == "alias")
    for words in draft.words.values():
        taken: Claims = {}
        for found in words.lists:
            if found.kind != "group" or found.value not in NO_PHRASES:
                own = keyed(found)
                yield from _claimed_twice(found, own, taken)
                yield from _claimed_twice(found, own, loans) if found.kind == "alias" else ()
                taken |= dict.fromkeys(own, (found, own))


def _claims(lists: Iterable[PhraseList]) -> Claims:
    return {key: (found, own) for found in lists for own in (keyed(found),) for key in own}


def _claimed_twice(found: PhraseList, own: Mapping[str, str], taken: Claims) -> Iterator[Problem]:
    for key in own.keys() & taken.keys():
        (first, theirs), phrase = taken[key], own[key]
        same = theirs[key]
        if (first.kind, first.value) != (found.kind, found.value) and (same == phrase or _decides(first, found)):
            alike = f"it reads the same as `{shortened(same)}`; " if same != phrase else ""
            yield found.problem(phrase, _claim(phrase, first, found), f"{alike}leave it in the one that is meant")


def _decides(*lists: PhraseList) -> bool:
    """Whether a concept or a facet hangs on it. Else words may read the same that are not: и and й in Bulgarian."""
    return any(found.kind != "group" for found in lists)


def _claim(phrase: str, first: PhraseList, second: PhraseList) -> str:
    claimed = {"alias": ("alias", "concepts"), "cue": ("cue", "facets")}.get(second.kind)
    if claimed and first.kind == second.kind:
        what, owners = claimed
        return f"the {what} `{shortened(phrase)}` is claimed by two {owners}, {listed((first.value, second.value))}"
    return f"`{shortened(phrase)}` stands in two lists, {listed((first.name, second.name))}"


def keyed(found: PhraseList) -> dict[str, str]:
    """The phrases by what they are told apart by when read."""
    return dict(zip(found.folded, found.phrases, strict=True))
