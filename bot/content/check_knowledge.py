"""Mistakes in entries, concepts, sources and facts: one small function for each kind."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from bot.content.check_words import Wording, flaws
from bot.content.draft import Spot
from bot.content.knowledge_draft import CELLS_FILE, ConceptFile, KnowledgeDraft, facet_named
from bot.content.knowledge_models import ConceptShape, EntryShape, FactsShape, SourcesShape
from bot.content.models import ID_PATTERN
from bot.content.problems import Problem, closest, listed, shortened
from bot.content.strict_yaml import BLANK
from bot.dialog.knowledge_screens import source_lines
from bot.dialog.tree import MESSAGE_UNITS, Limit, utf16_units
from bot.knowledge.entries import FACETS, OF_TWO, Entry, Source
from bot.languages import LANGUAGES, Language, Text

SHORTEST_ANSWER: Final = 80
LONGEST_ANSWER: Final = 700
LONGEST_QUESTION: Final = 60
LONGEST_TITLE: Final = 120
MOST_WITH_SOURCES: Final = MESSAGE_UNITS - 900
"""Of an answer with its sources: the two phrases around the sources have 400 at most each, and there are gaps."""
ATTRIBUTION: Final[dict[Language, str]] = {
    "en": "one source",
    "pt": "uma fonte",
    "bg": "един от източниците",
    "fi": "erään lähteen",
}
"""How an answer says that only one source claims something."""
_ID: Final = re.compile(ID_PATTERN)
_STRAY: Final = re.compile(r"^\s|\s\Z|  |[ \t]\n| [.,;:!?]|\t")
_END: Final = (".", "!", "?", "…", ".)", ".”", ".“", ".»", '."')
BULLET: Final = "• "


# concepts


def about_one_or_two(draft: KnowledgeDraft) -> Iterator[Problem]:
    """A file is about one concept, or about two in the order of the alphabet."""
    for file in draft.files:
        about, spot = file.about, file.spot / "about"
        if len(file.shape.about) > 2 or not file.shape.about:
            yield spot.problem(f"this file is about {len(about)} concepts", "name one, or two")
        elif list(about) != sorted(set(about)):
            hint = f"write [{', '.join(sorted(set(about)))}]"
            yield spot.problem("two different concepts stand in the order of the alphabet", hint)
        for index, name in enumerate(file.shape.about):
            if name != BLANK and not _ID.match(name):
                yield (spot / index).problem(f"`{shortened(name)}` is not a name", "small letters, digits and hyphens")


def unknown_concepts(draft: KnowledgeDraft) -> Iterator[Problem]:
    """Whatever two concepts are about, and what a concept is a kind of, has a file of its own."""
    for file in draft.files:
        for index, name in enumerate(file.about if len(file.about) == 2 else ()):
            yield from _unknown_concept(draft, name, file.spot / "about" / index)
        if file.shape.broader not in (None, BLANK):
            yield from _unknown_concept(draft, str(file.shape.broader), file.spot / "broader")


def _unknown_concept(draft: KnowledgeDraft, name: str, spot: Spot) -> Iterator[Problem]:
    if name not in draft.concepts and name not in draft.unsure[ConceptShape]:
        hint = closest(name, draft.concepts) or "write a file about it"
        yield spot.problem(f"there is no concept `{shortened(name)}`", hint)


def names_of_concepts(draft: KnowledgeDraft) -> Iterator[Problem]:
    """One concept has a name, once; two together have none."""
    named: dict[str, Spot] = {}
    for file in draft.files:
        if len(file.about) == 2:
            yield from _not_of_two(file)
        elif len(file.about) == 1 and file.shape.name is None:
            yield file.spot.key_problem("`name` is missing", "add `name:` with the term in four languages")
        elif (first := named.setdefault("".join(file.about), file.spot / "name")).document is not file.spot.document:
            hint = f"the first is in {first}"
            yield (file.spot / "name").key_problem(f"`{shortened(''.join(file.about))}` has a name already", hint)


def _not_of_two(file: ConceptFile) -> Iterator[Problem]:
    for key in ("name", "broader"):
        if getattr(file.shape, key) is not None:
            yield (file.spot / key).key_problem(f"two concepts together have no `{key}`", "delete it")


def broader_in_circles(draft: KnowledgeDraft) -> Iterator[Problem]:
    """Nothing is a kind of itself, by whatever way."""
    for file in draft.files:
        above = file.shape.broader if len(file.about) == 1 else None
        seen: set[str] = set()
        while above in draft.concepts and above not in seen and above not in file.about:
            seen.add(str(above))
            above = draft.concepts[str(above)].broader
        if above in file.about:
            yield (file.spot / "broader").problem(f"`{above}` is a kind of itself", "name a wider concept, or none")


def entries_twice(draft: KnowledgeDraft) -> Iterator[Problem]:
    """A cell has one entry."""
    for file in draft.files:
        for cell, _, spot in file.entries() if file.about else ():
            if (first := draft.spots[cell]) != spot:
                yield spot.key_problem(f"there is an entry `{cell.name}` already", f"the first is in {first}")


def facets(draft: KnowledgeDraft) -> Iterator[Problem]:
    """Every entry answers a facet that there is, for as many concepts as it is about."""
    for file in draft.files:
        for name in file.shape.entries:
            spot = file.spot / "entries" / name
            if facet_named(name) is None:
                hint = closest(name, FACETS) or f"there are {listed(FACETS)}"
                yield spot.key_problem(f"there is no facet `{shortened(name)}`", hint)
            elif len(file.about) == 1 and name in OF_TWO:
                yield spot.key_problem(f"`{name}` is asked about two concepts", "write it in a file about both")
            elif len(file.about) == 2 and name == "definition":
                yield spot.key_problem("`definition` is asked about one concept", "write it in a file about one")


# entries


def _entries(draft: KnowledgeDraft) -> Iterator[tuple[Entry, EntryShape, Spot]]:
    for file in draft.files:
        for cell, shape, spot in file.entries() if file.about else ():
            if draft.spots[cell] == spot:
                yield draft.entries[cell], shape, spot


def unknown_sources_and_facts(draft: KnowledgeDraft) -> Iterator[Problem]:
    """What an entry rests on, and what a fact does, is listed."""
    sources = draft.sources.keys() | draft.unsure[SourcesShape]
    facts = draft.facts.keys() | draft.unsure[FactsShape]
    for entry, _, spot in _entries(draft):
        yield from _unknown(entry.sources, spot / "sources", sources, "source")
        yield from _unknown(entry.facts, spot / "facts", facts, "fact")
    for fact, spot in draft.facts.values():
        yield from _unknown(fact.sources, spot / "from", sources, "source")


def _unknown(names: tuple[str, ...], spot: Spot, known: set[str], what: str) -> Iterator[Problem]:
    for index, name in enumerate(names):
        if name != BLANK and name not in known:
            hint = closest(name, known) or f"add it to {what}s.yaml"
            yield (spot / index).problem(f"there is no {what} `{shortened(name)}`", hint)


def facts_without_their_source(draft: KnowledgeDraft) -> Iterator[Problem]:
    """An entry that states a fact names a document that states it."""
    for entry, _, spot in _entries(draft):
        for index, name in enumerate(entry.facts):
            fact = draft.facts[name][0] if name in draft.facts else None
            if fact and BLANK not in (*fact.sources, *entry.sources) and not set(fact.sources) & set(entry.sources):
                hint = f"add {listed(fact.sources)} to `sources`"
                yield (spot / "facts" / index).problem(f"the source of the fact `{name}` is not named", hint)


def claims_told_as_facts(draft: KnowledgeDraft) -> Iterator[Problem]:
    """A claim is told as what one source says, in every language."""
    for entry, _, spot in _entries(draft):
        claims = [name for name in entry.facts if name in draft.facts and draft.facts[name][0].claim]
        for language, words in entry.answer.wordings() if claims else ():
            if words != BLANK and ATTRIBUTION[language] not in words.casefold():
                hint = f"say “{ATTRIBUTION[language]} …”"
                yield (spot / "answer" / language).problem(f"{listed(claims)} is a claim, told here as a fact", hint)


def dates(draft: KnowledgeDraft) -> Iterator[Problem]:
    """When an entry was last checked is a date."""
    for entry, _, spot in _entries(draft):
        if entry.checked != BLANK and not _is_date(entry.checked):
            problem = f"`{shortened(entry.checked)}` is not a date"
            yield (spot / "checked").problem(problem, 'write year-month-day, such as "2026-11-21"')


def _is_date(words: str) -> bool:
    try:
        return date.fromisoformat(words).isoformat() == words
    except ValueError:
        return False


# wordings


def flawed_wordings(draft: KnowledgeDraft) -> Iterator[Problem]:
    """Everything an owner reads is words, fits, stays plain, and has its spaces right."""
    for text, spot, limit, one_line in _texts(draft):
        for language, words in text.wordings():
            if words != BLANK:
                yield from flaws(Wording(words, spot / language, limit, one_line))
                if words.strip() and (found := _STRAY.search(words)):
                    around = shortened(words[max(found.start() - 12, 0) : found.end() + 12])
                    yield (spot / language).problem(f"a space too many, at “{around}”", "delete it")


def _texts(draft: KnowledgeDraft) -> Iterator[tuple[Text, Spot, int, bool]]:
    for file in draft.files:
        if len(file.about) == 1 and file.shape.name is not None:
            yield draft.concepts[file.about[0]].name, file.spot / "name", Limit.NAME, True
    for entry, _, spot in _entries(draft):
        yield entry.question, spot / "question", LONGEST_QUESTION, True
        yield entry.answer, spot / "answer", LONGEST_ANSWER, False
    for source, spot in draft.sources.values():
        yield source.title, spot / "title", LONGEST_TITLE, True
        yield source.publisher, spot / "publisher", LONGEST_TITLE, True


def unfinished_wordings(draft: KnowledgeDraft) -> Iterator[Problem]:
    """A question ends as one; an answer says enough, and ends with a sentence or a list."""
    for entry, _, spot in _entries(draft):
        for language, words in entry.question.wordings():
            if words.strip() and words != BLANK and not words.rstrip().endswith("?"):
                yield (spot / "question" / language).problem("a question without a question mark", "end it with `?`")
        for language, words in entry.answer.wordings():
            if words.strip() and words != BLANK:
                yield from _unfinished(words, spot / "answer" / language)


def _unfinished(words: str, spot: Spot) -> Iterator[Problem]:
    if (units := utf16_units(words)) < SHORTEST_ANSWER:
        yield spot.problem(f"{units} characters", f"an answer has at least {SHORTEST_ANSWER}")
    last = words.rstrip().rpartition("\n")[2]
    if not last.startswith(BULLET) and not last.endswith(_END):
        yield spot.problem("an answer without a full stop at its end", f"end it with `.`, or with a list of “{BULLET}”")


def too_much_with_sources(draft: KnowledgeDraft) -> Iterator[Problem]:
    """An answer and its sources fit one message."""
    known = {name: source for name, (source, _) in draft.sources.items()}
    for entry, _, spot in _entries(draft):
        units, language = max((_units_with_sources(entry, known, language), language) for language in LANGUAGES)
        if units > MOST_WITH_SOURCES:
            hint = f"at most {MOST_WITH_SOURCES} fit: name fewer sources, or shorten their titles"
            problem = f"the answer and its sources have {units} characters together in `{language}`"
            yield (spot / "sources").problem(problem, hint)


def _units_with_sources(entry: Entry, known: Mapping[str, Source], language: Language) -> int:
    told = (entry.question.to(language), entry.answer.to(language), *source_lines(known, entry, language))
    return utf16_units("\n".join(told))


# coverage


def cells_without_entry(draft: KnowledgeDraft) -> Iterator[Problem]:
    """Every cell that is listed has an answer."""
    known = {cell.name for cell in draft.entries}
    for name, spot in draft.cells.items():
        facet = name.rpartition("/")[2]
        if facet_named(facet) is None:
            yield spot.problem(f"there is no facet `{shortened(facet)}`", closest(facet, FACETS) or listed(FACETS))
        elif name not in known and not draft.may_hold(name):
            hint = closest(name, sorted(known)) or f"write it, or delete it from {CELLS_FILE}"
            yield spot.problem(f"no entry answers `{shortened(name)}`", hint)


def unused_facts(draft: KnowledgeDraft) -> Iterator[Problem]:
    """Every fact is used by an entry."""
    for name in unused(draft) - draft.unsure[ConceptShape]:
        hint = "name it under `facts` in the entry that states it, or delete it"
        yield draft.facts[name][1].key_problem(f"no entry uses the fact `{shortened(name)}`", hint)


def unused(draft: KnowledgeDraft) -> set[str]:
    """The facts that no entry uses."""
    return draft.facts.keys() - {name for entry in draft.entries.values() for name in entry.facts}


def missing_words(draft: KnowledgeDraft) -> Iterator[Problem]:
    """Every language has words to understand a question by."""
    for language in LANGUAGES if draft.entries else ():
        name = draft.words_file(language)
        if language not in draft.words and name not in draft.unread:
            yield Problem(name, 1, 1, "there is no such file", "how people ask in this language stands there")
