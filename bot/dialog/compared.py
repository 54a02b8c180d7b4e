"""Two or three of what the dialog can recommend, side by side. What was chosen so far travels in the buttons."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from bot.dialog import place, screens
from bot.dialog.moves import stay
from bot.dialog.phrases import bold, escaped, plain
from bot.dialog.session import Button, Reply, Turn
from bot.dialog.terms import concept_name, know_button
from bot.dialog.tree import MESSAGE_UNITS, Candidate, utf16_units
from bot.dialog.view import View, in_rows, lines, paragraphs
from bot.knowledge.entries import Cell, Entry, Facet, cell_of
from bot.knowledge.reading import clauses
from bot.knowledge.recognition import recognised
from bot.languages import Language

MOST: Final = 3
ASPECTS: Final[tuple[Facet, ...]] = ("definition", "cost", "benefits", "drawbacks", "fit")
SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=\W*[A-ZÀ-ÖØ-ÞА-Я])|\n")


@dataclass(frozen=True, slots=True)
class Side:
    """One of those compared: a concept of the knowledge, or a candidate that has none (`summary` says what it is)."""

    id: str
    name: str
    summary: str = ""

    @property
    def code(self) -> str:
        """What stands for it in a button."""
        return Cell((self.id,), "definition").code


def named_in(view: View, text: str) -> list[Side]:
    """The concepts that an owner's words name, at most as many as can be compared."""
    known, parts = view.content.knowledge, clauses(text)
    if not known.lexicons or not parts:
        return []
    language, _ = recognised(text, parts, known.lexicons, view.session.language)
    return [_concept(view, one) for one in known.concepts_in(text, language)[:MOST]]


def offered(view: View) -> list[Side]:
    """What the dialog can recommend, each once."""
    sides = (_candidate(view, candidate) for candidate in view.content.dialog.candidates.values())
    return list({side.id: side for side in sides}.values())


def _candidate(view: View, candidate: Candidate) -> Side:
    """As the concept of the same id, else as the one that its English name names."""
    known = view.content.knowledge
    named = (candidate.id, *known.terms_in(candidate.name.en, "en"))
    concept = next((one for one in named if one in known.concepts), None)
    if concept:
        return _concept(view, concept)
    language: Language = view.session.language
    return Side(candidate.id, candidate.name.to(language), candidate.summary.to(language))


def _concept(view: View, concept: str) -> Side:
    return Side(concept, concept_name(view, concept))


def compared(view: View, codes: Sequence[str]) -> Turn | None:
    """The comparison of what these codes stand for, or the choice of what is missing; None for unknown codes."""
    known = {side.code: side for side in (*_concepts(view), *offered(view))}
    if len(set(codes)) != len(codes) or len(codes) > MOST or not set(codes) <= set(known):
        return None
    return compare(view, [known[code] for code in codes])


def _concepts(view: View) -> Iterator[Side]:
    return (_concept(view, concept) for concept in view.content.knowledge.concepts)


def compare(view: View, sides: Sequence[Side]) -> Turn:
    """Two or three side by side, and what waits again; with fewer, the choice of the next one."""
    if len(sides) < 2:
        return stay(view, screens.aside(view, _choice(view, sides)))
    about = next((entry.cell.name for entry in _differences(view, sides)), view.session.about)
    there = View(view.content, replace(view.session, about=about))
    return stay(there, _comparison(there, sides), place.again(there))


# -- the choice


def _choice(view: View, sides: Sequence[Side]) -> Reply:
    others = [side for side in offered(view) if side not in sides]
    if len(sides) + len(others) < 2:
        return screens.note(view, "compare-none")
    text = view.words.say("compare-with-what", name=sides[0].name) if sides else view.words.say("compare-what")
    return Reply(text, in_rows(_adding(view, sides, side, side.name) for side in others))


def _adding(view: View, sides: Sequence[Side], side: Side, label: str) -> Button:
    return view.button(label, "compare", *(one.code for one in (*sides, side)))


# -- the comparison


def _comparison(view: View, sides: Sequence[Side]) -> Reply:
    parts = [bold(escaped(" – ".join(side.name for side in sides))), *_told_apart(view, sides), *_aspects(view, sides)]
    return Reply(_fitting(parts), (*in_rows(_definitions(view, sides)), *in_rows(_third(view, sides))))


def _fitting(parts: list[str]) -> str:
    """As many of the parts as one message takes: the last ones matter least."""
    text = paragraphs(*parts)
    return text if utf16_units(plain(text)) <= MESSAGE_UNITS else _fitting(parts[:-1])


def _differences(view: View, sides: Sequence[Side]) -> list[Entry]:
    cells = (cell_of("difference", one.id, other.id) for one, other in combinations(sides, 2))
    entries = view.content.knowledge.entries
    return [entries[cell] for cell in cells if cell in entries]


def _told_apart(view: View, sides: Sequence[Side]) -> Iterator[str]:
    """How they differ, where we know it of two of them: of only two in full."""
    language = view.session.language
    for entry in _differences(view, sides):
        answer = entry.answer.to(language)
        told = answer if len(sides) == 2 else first_sentence(answer)
        yield lines(bold(escaped(entry.question.to(language))), escaped(told))


def _aspects(view: View, sides: Sequence[Side]) -> Iterator[str]:
    for facet in ASPECTS:
        told = [f"• {bold(escaped(side.name))}: {escaped(words)}" for side, words in _each(view, sides, facet)]
        if told:
            yield lines(bold(view.words.say(f"facet-{facet}")), *told)


def _each(view: View, sides: Iterable[Side], facet: Facet) -> Iterator[tuple[Side, str]]:
    """What we know of each of them, in a sentence."""
    for side in sides:
        entry = view.content.knowledge.entries.get(cell_of(facet, side.id))
        if entry:
            yield side, first_sentence(entry.answer.to(view.session.language))
        elif facet == "definition" and side.summary:
            yield side, side.summary


def first_sentence(answer: str) -> str:
    """The first sentence; where a list follows it, its beginning is told as one."""
    first = SENTENCE_END.split(answer, maxsplit=1)[0].strip()
    return f"{first[:-1]}…" if first.endswith(":") else first


def _definitions(view: View, sides: Iterable[Side]) -> Iterator[Button]:
    cells = (cell_of("definition", side.id) for side in sides)
    entries = view.content.knowledge.entries
    return (know_button(view, entries[cell]) for cell in cells if cell in entries)


def _third(view: View, sides: Sequence[Side]) -> Iterator[Button]:
    """Each of the others, to compare with the two."""
    if len(sides) < MOST:
        others = (side for side in offered(view) if side not in sides)
        yield from (_adding(view, sides, side, f"+ {side.name}") for side in others)
