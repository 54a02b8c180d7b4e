"""A typed text that is read as a question: it is answered in passing, and the session stays where it stands.

What the reader makes of a text is its own business (bot.knowledge.answering); here stands what we say to each outcome.
What stays without an answer is kept in the turn, for the staff and the authors.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from bot.dialog import knowledge_screens, looked_up, place, rights
from bot.dialog.moves import stay
from bot.dialog.session import Question, Turn
from bot.dialog.view import View, lines
from bot.knowledge.answering import Action, Answer, Context, answer
from bot.knowledge.entries import Cell, Entry

QUESTION_MARKS: Final = ("?", "？", "؟")
UNDERSTOOD: Final = frozenset({"answer", "suggest", "handover", "own-data", "taught"})
"""Outcomes that show that a text was meant as a question."""


def is_question(text: str) -> bool:
    """Whether a text says by itself that it is one."""
    return text.rstrip().endswith(QUESTION_MARKS)


def heard(view: View, text: str) -> Answer:
    """What the reader makes of a text, after what was answered last."""
    return answer(view.content.knowledge, text, view.session.language, _context(view))


def _context(view: View) -> Context:
    entry = view.content.knowledge.by_name.get(view.session.about)
    return Context(entry.cell.concepts, entry.cell.facet) if entry else Context()


def replied(view: View, text: str, said: Answer) -> Turn:
    """What we say to a text that was heard so."""
    return REPLIES[said.action](view, text, said)


def _answer(view: View, text: str, said: Answer) -> Turn:
    assert said.cell is not None
    entry = view.content.knowledge.entries[said.cell]
    return replace(looked_up.told(view, entry, said.language, _entries(view, said.suggestions)), act="asked")


def _suggest(view: View, text: str, said: Answer) -> Turn:
    reply = knowledge_screens.did_you_mean(view.into(said.language), _entries(view, said.suggestions))
    return replace(looked_up.beside(view, reply), question=Question(text, said.language, "suggested"), act="asked")


def _entries(view: View, cells: tuple[Cell, ...]) -> list[Entry]:
    return [view.content.knowledge.entries[cell] for cell in cells]


def _taught(view: View, text: str, said: Answer) -> Turn:
    one = view.content.knowledge.taught_by_id[said.taught]
    return replace(looked_up.beside(view, knowledge_screens.taught(view, one)), act="asked")


def _handover(view: View, text: str, said: Answer) -> Turn:
    return looked_up.noted(view, text, said.language, "chat")


def _smalltalk(view: View, text: str, said: Answer) -> Turn:
    return stay(view, place.again(view, view.into(said.language).words.say(f"smalltalk-{said.kind}")))


def _own_data(view: View, text: str, said: Answer) -> Turn:
    return rights.pointed(view.into(said.language))


def _refuse(view: View, text: str, said: Answer) -> Turn:
    return stay(view, place.again(view, view.into(said.language).words.say(f"refuse-{said.kind}")))


def _abstain(view: View, text: str, said: Answer) -> Turn:
    """We say that we do not know it, and how to go on."""
    if not _asks(view, text, said):
        return replace(stay(view, place.again(view, _puzzled(view, "not-understood"))), act="unclear")
    reply = knowledge_screens.with_ways_out(view, place.again(view, _puzzled(view, "not-known")))
    return replace(stay(view, reply), question=Question(text, said.language, "unknown"), act="unanswered")


def _asks(view: View, text: str, said: Answer) -> bool:
    """Whether a text can be meant as a question: not without a letter, nor a little word of ours by itself ("no")."""
    if not view.content.knowledge.lexicons or not any(letter.isalpha() for letter in text):
        return False
    return bool(said.unknown) or is_question(text) or len(text.split()) > 1


def _puzzled(view: View, phrase: str) -> str:
    """At the advice nothing is asked, so there is no hint how to answer."""
    hint = "" if place.is_at_advice(view) else view.words.say("not-understood-hint")
    return lines(view.words.say(phrase), hint)


REPLIES: Final[Mapping[Action, Callable[[View, str, Answer], Turn]]] = {
    "answer": _answer,
    "suggest": _suggest,
    "handover": _handover,
    "smalltalk": _smalltalk,
    "own-data": _own_data,
    "refuse": _refuse,
    "abstain": _abstain,
    "taught": _taught,
}
"""What we say, by what was heard."""
