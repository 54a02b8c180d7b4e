"""A question, the chat's language and what was answered last -> what we say to it.

The reading decides: the concepts (none, one, two) and the facet asked for name a cell. A word that no list knows may
change the question into another one, so with any of them we suggest at most: that is what keeps us silent where a
question names a concept of ours and asks for something else. A clause that is a question by itself counts alone.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Final, Literal, NamedTuple, cast

from bot.knowledge.entries import FACETS, OF_TWO, Cell, Facet, Knowledge, cell_of
from bot.knowledge.gist import gist
from bot.knowledge.lexicon import SMALLTALK
from bot.knowledge.likeness import likest
from bot.knowledge.reading import NOT_OURS, Reading, clauses, read, whole
from bot.knowledge.recognition import recognised
from bot.knowledge.taught import Taught
from bot.knowledge.wishes import wants_a_person, wants_own_data
from bot.languages import Language

MOST_SUGGESTIONS: Final = 3
MOST_UNKNOWN: Final = 2
"""Unknown words with which we still suggest."""
MOST_BESIDE: Final = 3
"""Words beside a concept with which we still take it for the question what it is."""
MUCH_KNOWN: Final = 4
"""Words of a text in which one unknown word may be forgiven."""
PRIORITY: Final[tuple[Facet, ...]] = (
    "cost", "drawbacks", "benefits", "trend", "staffing", "types", "services", "fit", "definition",
    "difference", "relation",
)  # fmt: skip
"""Which facet is meant when a text has cues for several."""
OFTEN_MEANT: Final[tuple[Facet, ...]] = ("definition", "benefits", "fit")
"""What is suggested about a concept."""
TWO_FIRST: Final = tuple(sorted(FACETS, key=lambda facet: facet not in OF_TWO))
OWN_SUBJECT: Final = frozenset({"cost", "staffing", "services", "types"})
"""Facets for which a text may have a subject of its own: "what does bread cost", "examples of good shops"."""
INSTEAD: Final[dict[Facet, tuple[Facet, ...]]] = {"types": ("services",), "services": ("types", "definition")}
"""Facets that answer for another one that a concept has not."""

Action = Literal["answer", "suggest", "abstain", "handover", "smalltalk", "own-data", "refuse", "taught"]
NOT_ANSWERED: Final = frozenset({"abstain", "suggest"})
"""Where a taught answer may step in."""


class Context(NamedTuple):
    """The cell that was answered last."""

    concepts: tuple[str, ...] = ()
    facet: Facet = "definition"


class Answer(NamedTuple):
    """What we say to a text. `cell`: of an answer; `suggestions`: cells that may be meant, or come next.

    `kind`: for small talk which of SMALLTALK it is, for a refusal `insult` or `injection`. `unknown`: the words that
    no list knows. `taught`: the number of a taught answer.
    """

    action: Action
    language: Language
    cell: Cell | None = None
    suggestions: tuple[Cell, ...] = ()
    kind: str = ""
    unknown: tuple[str, ...] = ()
    taught: int = 0


def answer(knowledge: Knowledge, text: str, language: Language, context: Context | None = None) -> Answer:
    """What we say to `text` in a chat that is held in `language`."""
    parts = clauses(text)
    if not parts or not knowledge.lexicons:
        return Answer("abstain", language)
    spoken, known = recognised(text, parts, knowledge.lexicons, language)
    readings = read(parts, knowledge.lexicons[spoken], known)
    said = _Asked(knowledge, readings, whole(readings), context or Context()).answer()
    return _taught(knowledge, text, said) if knowledge.taught and said.action in NOT_ANSWERED else said


def _taught(knowledge: Knowledge, text: str, said: Answer) -> Answer:
    """The taught answer to the very same question, if there is one: for what the entries do not answer."""
    shelf = knowledge.shelf(said.language)
    found = likest(shelf, gist(knowledge, text, said.language)) if shelf else None
    return said._replace(action="taught", suggestions=(), taught=found.id) if found else said


def answers_itself(knowledge: Knowledge, one: Taught) -> bool:
    """Whether a taught answer would be given to its own question: not where an entry is, or it tells too little."""
    return answer(knowledge.with_taught((one,)), one.question, one.language).taught == one.id


def proposed(knowledge: Knowledge, text: str, language: Language) -> tuple[str, str]:
    """The concept and the facet that a question seems to be about, the likeliest of each; "" for none."""
    parts, lexicon = clauses(text), knowledge.lexicons.get(language)
    if not parts or lexicon is None:
        return "", ""
    asked = whole(read(parts, lexicon))
    broader = {above for concept in asked.concepts for above in knowledge.broader(concept)}
    concept = next((one for one in asked.concepts if one not in broader), "")
    clear, hinted = (sorted(_of_kind(said), key=PRIORITY.index) for said in (asked.cues, asked.hints))
    return concept, next(iter((*clear, *hinted)), "")


@dataclass(slots=True)
class _Asked:
    """A text that was read, on its way to an answer."""

    knowledge: Knowledge
    parts: list[Reading]
    text: Reading
    context: Context

    def answer(self) -> Answer:
        text = self.text
        if text.says("injection"):
            return self._say("refuse", kind="injection")
        if wish := self._wish():
            return self._say(wish)
        if cell := self._cell():
            return self._say("answer", cell, self._others(cell))
        if text.says("insult"):
            return self._say("refuse", kind="insult")
        if kind := self._smalltalk():
            return self._say("smalltalk", kind=kind)
        suggestions = self._suggestions()
        return self._say("suggest" if suggestions else "abstain", others=suggestions)

    def _say(self, action: Action, cell: Cell | None = None, others: Iterable[Cell] = (), kind: str = "") -> Answer:
        return Answer(action, self.text.language, cell, tuple(others)[:MOST_SUGGESTIONS], kind, self.text.unknown)

    # wishes and small talk

    def _wish(self) -> Action | None:
        if wants_a_person(self.text, self.parts):
            return "handover"
        return "own-data" if wants_own_data(self.text, self.parts) else None

    def _smalltalk(self) -> str:
        text = self.text
        kinds = [unit.meaning.kind for unit in text.units if unit.meaning.kind in SMALLTALK]
        if not kinds or text.says("alias", "cue", *NOT_OURS):
            return ""
        return next((kind for kind in ("identity", "wellbeing") if kind in kinds), kinds[0])

    # which cell

    def _cell(self) -> Cell | None:
        """The cell of the whole text when every word is known, else of a clause that is a question by itself."""
        if len(self.text.unknown) <= self._forgiven():
            return self._asks(self.text)
        for part in reversed(self.parts):
            if not part.unknown and _facets(part) and (part.concepts or part.says("pronouns")):
                concepts = part.concepts or self.text.concepts
                if concepts and (cell := self._of(part, concepts)):
                    return cell
        return None

    def _forgiven(self) -> int:
        """How many unknown words do not matter: one where a concept and a clear cue stand beside it, or two cues."""
        text = self.text
        clear = [cue for cue in text.cues if cue != "definition"]
        is_sure = text.repaired.isdisjoint({"alias", "cue"}) and not text.says("asks-else")
        is_clear = text.concepts and len(clear) in (1, 2) and is_sure
        return 1 if is_clear and text.size >= MUCH_KNOWN else 0

    def _asks(self, text: Reading) -> Cell | None:
        if text.concepts:
            return self._of(text, text.concepts)
        if not self.context.concepts or not text.says("cue", "hint"):
            return None
        goes_on = text.says("follow-up", "pronouns") or self._goes_on_bare(text)
        asked = _of_kind(text.cues) or _of_kind(text.hints)
        facets = self._of_last(text) if len(self.context.concepts) > 1 else asked
        return self._first(facets, self.context.concepts) if goes_on else None

    def _goes_on_bare(self, text: Reading) -> bool:
        """Whether a clear cue alone asks on: not what something else costs, nor who else does it."""
        return text.says("cue") and not (text.says("context", "human-person") and OWN_SUBJECT.intersection(text.cues))

    def _of_last(self, text: Reading) -> list[Facet]:
        """What can be asked of the two that were spoken of last."""
        clear, hinted = ((*_of_kind(said), *_of_kind(said, of_two=True)) for said in (text.cues, text.hints))
        return [facet for facet in (*clear, *hinted) if facet != "definition"]

    def _of(self, text: Reading, concepts: tuple[str, ...]) -> Cell | None:
        if len(concepts) > 2:
            compares = bool(_of_kind(text.cues, of_two=True))
            concepts = self._without_broader(concepts) if compares else self._narrowest_two(concepts)
            if compares and len(concepts) != 2:
                return None
        if len(concepts) == 2:
            return self._of_two(text, concepts)
        return self._of_one(text, concepts[0]) if len(concepts) == 1 else None

    def _of_two(self, text: Reading, concepts: tuple[str, ...]) -> Cell | None:
        """What was clearly asked of both, else their difference; else it is about the narrower one."""
        asked = [facet for facet in _of_kind(text.cues) if facet != "definition"]
        if both := self._first(asked, concepts, instead=False):
            return both
        clear, hinted = (_of_kind(said, of_two=True) for said in (text.cues, text.hints))
        compared = (*clear, *hinted, "difference", "relation")
        if (clear or not asked) and (both := self._first(cast(Iterable[Facet], compared), concepts, instead=False)):
            return both
        narrower = self._without_broader(concepts)
        if clear or len(narrower) != 1:
            return None
        return self._of_one(text, narrower[0]) or self._first(asked, tuple(set(concepts) - set(narrower)))

    def _of_one(self, text: Reading, concept: str) -> Cell | None:
        compared = _of_kind(text.cues, of_two=True)
        if compared and not _of_kind(text.cues):
            return self._with_last(compared[0], concept)
        facets = _of_kind(text.cues) or _of_kind(text.hints)
        return self._first(facets, (concept,)) if facets else self._bare(text, concept)

    def _with_last(self, facet: Facet, concept: str) -> Cell | None:
        """Compared with what was spoken of last. With anything else we may not know what is meant."""
        last = self.context.concepts
        return cell_of(facet, concept, *last) if self.knowledge.has(facet, concept, *last) else None

    def _bare(self, text: Reading, concept: str) -> Cell | None:
        """A concept and no facet: after "and", the facet of the last answer; else what it is."""
        last = self.context
        goes_on = text.says("follow-up") or "relation" in text.hints
        if last.concepts and goes_on and self.knowledge.has(last.facet, concept):
            return cell_of(last.facet, concept)
        is_short = text.size - text.concept_words <= MOST_BESIDE and not text.says("insult")
        return self._first(("definition",), (concept,)) if is_short else None

    def _first(self, facets: Iterable[Facet], concepts: tuple[str, ...], *, instead: bool = True) -> Cell | None:
        """The cell of the first of these facets that has an answer, or an answer that serves as well."""
        tried = (other for facet in facets for other in (facet, *(INSTEAD.get(facet, ()) if instead else ())))
        return next((cell_of(facet, *concepts) for facet in tried if self.knowledge.has(facet, *concepts)), None)

    def _without_broader(self, concepts: tuple[str, ...]) -> tuple[str, ...]:
        """Without those that another one of them is a kind of."""
        broader = {above for concept in concepts for above in self.knowledge.broader(concept)}
        return tuple(concept for concept in concepts if concept not in broader)

    def _narrowest_two(self, concepts: tuple[str, ...]) -> tuple[str, ...]:
        """Without the broadest of those that another one is a kind of, until two are left."""
        depth = {concept: len(self.knowledge.broader(concept)) for concept in concepts}
        spare = sorted(set(concepts) - set(self._without_broader(concepts)), key=depth.__getitem__)
        dropped = spare[: len(concepts) - 2]
        return tuple(concept for concept in concepts if concept not in dropped)

    # suggestions

    def _others(self, cell: Cell) -> list[Cell]:
        """What else the text may ask: its other cues."""
        others = [self._first((cast(Facet, facet),), cell.concepts) for facet in self.text.cues]
        return [other for other in dict.fromkeys(others) if other and other != cell]

    def _suggestions(self) -> list[Cell]:
        text = self.text
        if len(text.unknown) > MOST_UNKNOWN or len(text.unknown) > (text.size + 1) / 2:  # mostly about something else
            return []
        concepts = text.concepts or (self.context.concepts if text.says("cue") else ())
        if concepts:
            return list(dict.fromkeys(self._near(concepts, _facets(text))))
        facets = _facets(text) if text.cues and not text.unknown else ()
        return [cell for concept in self.knowledge.concepts if facets and (cell := self._first(facets[:1], (concept,)))]

    def _near(self, concepts: tuple[str, ...], facets: tuple[Facet, ...]) -> Iterable[Cell]:
        knowledge = self.knowledge
        for two in combinations(concepts, 2):
            yield from (cell_of(facet, *two) for facet in TWO_FIRST if knowledge.has(facet, *two))
        wider = (*concepts, *(above for concept in concepts for above in knowledge.broader(concept)))
        for facet in facets:
            yield from (cell for concept in wider if (cell := self._first((facet,), (concept,))))
        compared = _of_kind(self.text.cues, of_two=True)
        yield from (cell for facet in compared for concept in concepts for cell in knowledge.pairs_with(concept, facet))
        for concept in concepts:
            yield from (cell_of(facet, concept) for facet in OFTEN_MEANT if knowledge.has(facet, concept))


def _facets(text: Reading) -> tuple[Facet, ...]:
    """The facets of one concept that a text may ask for, the likeliest first: its cues, then its hints."""
    return tuple(dict.fromkeys((*_of_kind(text.cues), *_of_kind(text.hints))))


def _of_kind(said: Iterable[str], *, of_two: bool = False) -> list[Facet]:
    """Those of two concepts, as they come; or those of one, the likeliest first."""
    found = [cast(Facet, facet) for facet in said if (facet in OF_TWO) == of_two]
    return found if of_two else sorted(found, key=PRIORITY.index)
