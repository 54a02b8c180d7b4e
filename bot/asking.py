"""Questions to the knowledge from the terminal: `advisor ask`, `advisor ask --batch FILE`, `advisor evaluate FILE`."""

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bot.dialog.phrases import Content, harmless
from bot.knowledge.answering import Action, Answer, Context, answer
from bot.knowledge.entries import FACETS, Facet, Knowledge, cell_of
from bot.knowledge.evaluation import Judged, Kind, Labelled, confusions, shares, times
from bot.languages import LANGUAGES, Language

MOST_CONFUSIONS: Final = 40


class QuestionsError(Exception):
    """A file of questions cannot be used; says which lines, and why."""


Concepts = Annotated[list[str], Field(min_length=1, max_length=3)]


class _Context(BaseModel):
    concepts: list[str] = []
    facet: Facet | None = None


class _Line(BaseModel):
    """A line of a file of questions; whatever else it holds is passed over."""

    model_config = ConfigDict(extra="ignore")
    id: str
    lang: Language
    text: str
    context: _Context | None = None
    kind: Kind = "in"
    accept: list[tuple[Concepts, Facet]] = []
    note: str = ""

    def labelled(self) -> Labelled:
        accepted = frozenset(cell_of(facet, *concepts) for concepts, facet in self.accept)
        return Labelled(self.id, self.lang, self.text, self.kind, accepted, context_of(self.context), self.note)


def context_of(given: _Context | None) -> Context | None:
    """What was answered last; None when nothing was."""
    if given is None or not given.concepts:
        return None
    return Context(tuple(sorted(given.concepts)), given.facet or "definition")


def named_context(name: str) -> Context | None:
    """The context that `kpo`, `kpo/cost` or `bpo+kpo/difference` names; None for "". Raises QuestionsError."""
    concepts, _, facet = name.partition("/")
    if facet and facet not in FACETS:
        raise QuestionsError(f"{facet!r} is not a facet: {', '.join(FACETS)}.")
    given = _Context(concepts=concepts.split("+") if concepts else [], facet=facet or None)
    return context_of(given)


def read_questions(path: Path) -> list[Labelled]:
    """The questions of a file, one JSON object a line. Raises QuestionsError with every line that is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise QuestionsError(f"{path} cannot be read: {reason}.") from None
    read, problems = [], []
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                read.append(_Line.model_validate_json(line).labelled())
            except ValidationError as error:
                problems.append(f"{path}:{number}: {_reason(error)}")
    if problems:
        raise QuestionsError("\n".join([*problems, 'A line is {"id": "q1", "lang": "en", "text": "what is bpo"}.']))
    return read


def _reason(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    place = ".".join(map(str, first["loc"]))
    return f"{place}: {first['msg']}" if place else first["msg"]


def judged(knowledge: Knowledge, questions: Iterable[Labelled]) -> Iterator[Judged]:
    """Ask each of them, by itself."""
    for one in questions:
        began = time.perf_counter_ns()
        said = answer(knowledge, one.text, one.language, one.context)
        yield Judged(one, said, (time.perf_counter_ns() - began) / 1000)


def prediction(one: Judged) -> str:
    """What was said to a question, as a line of JSON."""
    return json.dumps({"id": one.asked.id, **as_row(one.said), "us": round(one.us, 1)}, ensure_ascii=False)


FOR_PROGRAMS: Final[dict[Action, Action]] = {"refuse": "abstain", "own-data": "smalltalk"}
"""What programs need not tell apart."""


def as_row(said: Answer) -> dict[str, Any]:
    """An answer for programs; a refusal (of insults, of prompt injections) is silence."""
    return {
        "action": FOR_PROGRAMS.get(said.action, said.action),
        "concepts": list(said.cell.concepts) if said.cell else [],
        "facet": said.cell.facet if said.cell else None,
        "suggestions": [[list(cell.concepts), cell.facet] for cell in said.suggestions],
        "lang": said.language,
    }


def told(content: Content, said: Answer) -> str:
    """An answer for people: the words that the chat would show, and where they come from."""
    entries = content.knowledge.entries
    if said.cell:
        entry = entries[said.cell]
        sources = ", ".join(entry.sources)
        texts = [entry.question.to(said.language), "", entry.answer.to(said.language)]
        return "\n".join([*texts, "", f"({said.cell.name}; sources: {sources}; checked {entry.checked})"])
    if said.taught:
        one = content.knowledge.taught_by_id[said.taught]
        return "\n".join([one.question, "", one.text, "", f"(taught by {one.by_name}; number {one.id})"])
    asked = [f"  {entries[cell].question.to(said.language)}" for cell in said.suggestions]
    return "\n".join([f"({_told_in_short(said)})", *asked])


def _told_in_short(said: Answer) -> str:
    unknown = f"; words not known: {', '.join(said.unknown)}" if said.unknown else ""
    return f"{said.action} {said.kind}".strip() + unknown


def report(rows: Sequence[Judged]) -> str:
    """The figures by language, then what was taken for what."""
    columns = figures(rows)
    lines = [f"{'':24}" + "".join(f"{name:>8}" for name in columns)]
    lines += [f"{row:24}" + "".join(_cell(found[row]) for found in columns.values()) for row in columns["all"]]
    return "\n".join([*lines, *_confused(rows)])


def figures(rows: Sequence[Judged]) -> dict[str, dict[str, float | int | None]]:
    """The figures of `report`, by language, for programs."""
    found = {}
    for name, asked in _columns(rows).items():
        median, slow = times(asked)
        found[name] = {"questions": len(asked), **shares(asked), "us median": median, "us p99": slow}
    return found


def _columns(rows: Sequence[Judged]) -> dict[str, Sequence[Judged]]:
    by_language = {code: [row for row in rows if row.asked.language == code] for code in LANGUAGES}
    return {**{code: found for code, found in by_language.items() if found}, "all": rows}


def _cell(figure: float | int | None) -> str:
    if figure is None:
        return f"{'-':>8}"
    return f"{figure:8.0f}" if isinstance(figure, int) or figure > 1 else f"{figure:8.3f}"


def _confused(rows: Sequence[Judged]) -> list[str]:
    found = confusions(rows)
    lines = [harmless(f"{count:4}  {want} -> {said}  e.g. {one.id}: {one.text}") for want, said, count, one in found]
    more = [f"      ... and {len(lines) - MOST_CONFUSIONS} more"] if len(lines) > MOST_CONFUSIONS else []
    return ["", "What should have been said -> what was", *lines[:MOST_CONFUSIONS], *more] if lines else []
