"""How much of what should be answered is answered: the figures that `advisor check` prints."""

from dataclasses import dataclass

from bot.content.check_knowledge import unused
from bot.content.knowledge_draft import KnowledgeDraft
from bot.content.strict_yaml import BLANK
from bot.knowledge.entries import Entry
from bot.languages import LANGUAGES


@dataclass(frozen=True, slots=True)
class Coverage:
    """`cells`: those of cells.yaml; `answers`: cells x languages; `filled` is always a part of the number before."""

    cells: int
    cells_filled: int
    answers: int
    answers_filled: int
    facts: int
    facts_used: int
    phrases: int
    """Aliases, cues and hints of all languages."""

    def __str__(self) -> str:
        return (
            f"knowledge: {self.cells_filled} of {self.cells} cells in {len(LANGUAGES)} languages"
            f" ({self.answers_filled} of {self.answers}), facts used {self.facts_used} of {self.facts},"
            f" {self.phrases} aliases and cues"
        )


def coverage_of(draft: KnowledgeDraft) -> Coverage:
    """The figures of a knowledge, whether it is right or not."""
    entries = {cell.name: entry for cell, entry in draft.entries.items()}
    listed = [entries[name] for name in draft.cells if name in entries]
    return Coverage(
        cells=len(draft.cells),
        cells_filled=len(listed),
        answers=len(LANGUAGES) * len(draft.cells),
        answers_filled=sum(_languages(entry) for entry in listed),
        facts=len(draft.facts),
        facts_used=len(draft.facts) - len(unused(draft)),
        phrases=sum(words.count() for words in draft.words.values()),
    )


def _languages(entry: Entry) -> int:
    """In how many languages it is asked and answered."""
    pairs = ((entry.question.to(language), entry.answer.to(language)) for language in LANGUAGES)
    return sum(all(words.strip() and words != BLANK for words in pair) for pair in pairs)
