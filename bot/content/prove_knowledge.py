"""The proof that every entry is reached: its own question, put to the reader, must be answered with it."""

import re
from collections.abc import Iterator
from typing import Final

from bot.content.knowledge_draft import KnowledgeDraft
from bot.content.problems import Problem, listed
from bot.content.strict_yaml import BLANK
from bot.knowledge.answering import Answer, answer
from bot.knowledge.entries import OF_TWO, Cell, Entry, Knowledge
from bot.knowledge.folding import folded, squeezed
from bot.languages import LANGUAGES, NAMES, Language

_WORD: Final = re.compile(r"[^\W_]+")


def unreached(draft: KnowledgeDraft, knowledge: Knowledge) -> Iterator[Problem]:
    """The questions that are not answered with their own entry, in the languages whose words are whole."""
    languages = [language for language in LANGUAGES if whole_words(draft, language)]
    for cell, entry in draft.entries.items():
        for language in languages if _is_right(draft, cell) else ():
            yield from _unreached(draft, knowledge, entry, language, cell)


def _is_right(draft: KnowledgeDraft, cell: Cell) -> bool:
    """Whether no other check complains of the cell itself."""
    fitting = {1: cell.facet not in OF_TWO, 2: cell.facet != "definition"}
    return fitting.get(len(cell.concepts), False) and draft.concepts.keys() >= set(cell.concepts)


def whole_words(draft: KnowledgeDraft, language: Language) -> bool:
    """Whether the words of a language are all there; English ones count in every language."""
    return all(one in draft.words and draft.words_file(one) not in draft.unread for one in (language, "en"))


def _unreached(
    draft: KnowledgeDraft, knowledge: Knowledge, entry: Entry, language: Language, cell: Cell
) -> Iterator[Problem]:
    question = entry.question.to(language)
    if not question.strip() or question == BLANK:
        return
    found = answer(knowledge, question, language)
    if found.cell != cell or found.language != language:
        yield (draft.spots[cell] / "question" / language).problem(*_explained(question, language, found, cell))


def _explained(question: str, language: Language, found: Answer, cell: Cell) -> tuple[str, str]:
    """Message and hint."""
    if found.cell is None:
        return f"no question reaches this entry: “{question}” is not answered", _missing(found, question)
    if found.cell != cell:
        message = f"two entries cannot be told apart: the question “{question}” is answered by `{found.cell.name}`"
        return message, "ask in other words, or change the cues"
    return f"the question “{question}” is not read as {NAMES[language]}", "add its words to the lists of the language"


def _missing(found: Answer, question: str) -> str:
    if found.unknown:
        return f"unknown words: {listed(_as_written(found.unknown, question))}"
    return f"it is read as {found.kind}" if found.kind else "it has no alias of the concept, or no cue of the facet"


def _as_written(unknown: tuple[str, ...], question: str) -> list[str]:
    """The unknown words as they stand in the question: the reader gives them folded."""
    written = {squeezed(folded(word)): word for word in _WORD.findall(question)}
    return [written.get(squeezed(word), word) for word in unknown]
