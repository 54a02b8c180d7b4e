"""What an owner looks up by a button, beside the dialog: an answer, its sources, the terms, a comparison, a person.

Nothing here moves: answers, step and what is open stay, and what waits is shown again with live buttons. These buttons
count in every session and at every step; what they name may be gone from the knowledge, then they are old buttons.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Final, Literal

from bot.dialog import compared, knowledge_screens, place, screens
from bot.dialog.moves import stay
from bot.dialog.presses import Press
from bot.dialog.session import Opinion, Question, Reply, Turn, Wish
from bot.dialog.terms import WITH_SOURCES
from bot.dialog.view import View
from bot.knowledge.entries import Entry
from bot.languages import Language, as_language


def told(view: View, entry: Entry, language: Language, others: Iterable[Entry] = (), *, sourced: bool = False) -> Turn:
    """An entry is told, and what waits is shown again; the next question may go on from it."""
    there = View(view.content, replace(view.session, about=entry.cell.name))
    return beside(there, knowledge_screens.answer(there, entry, language, others, sourced=sourced))


def beside(view: View, reply: Reply) -> Turn:
    """Something in passing, and what waits once more."""
    return stay(view, reply, place.again(view))


def noted(view: View, text: str, language: Language, kind: Literal["question", "chat"] = "question") -> Turn:
    """A wish for a person, kept for the staff. Nothing is promised but that they can read it: who is there, and when,
    is known where the turn is taken (bot.staff)."""
    reply = place.again(view, view.into(language).words.say("person-noted"))
    return replace(stay(view, reply), question=Question(text, language, "person"), wish=Wish(kind, text, language))


def _entry(view: View, press: Press) -> Entry | None:
    return view.content.knowledge.by_code.get(press.word(0))


def _language(view: View, press: Press) -> Language:
    """The language of the answer that the button stands under."""
    return as_language(press.word(1)) or view.session.language


def _know(view: View, press: Press) -> Turn | None:
    entry = _entry(view, press)
    return told(view, entry, _language(view, press), sourced=press.word(2) == WITH_SOURCES) if entry else None


def _sources(view: View, press: Press) -> Turn | None:
    entry = _entry(view, press)
    return beside(view, knowledge_screens.sources(view.into(_language(view, press)), entry)) if entry else None


def _helpful(view: View, press: Press) -> Turn | None:
    entry, language = _entry(view, press), _language(view, press)
    return _judged(view, entry, language, helpful=True) if entry else None


def _unhelpful(view: View, press: Press) -> Turn | None:
    """A person may do better: that is offered above what waits."""
    entry, language = _entry(view, press), _language(view, press)
    if entry is None:
        return None
    above = view.into(language).words.say("unhelpful-more")
    reply = knowledge_screens.with_person(view.into(language), place.again(view, above), entry.cell.code, language)
    return replace(_judged(view, entry, language, helpful=False), replies=(reply,))


def _judged(view: View, entry: Entry, language: Language, *, helpful: bool) -> Turn:
    toast = view.into(language).words.plain("thanks-opinion")
    return replace(stay(view, toast=toast), opinion=Opinion(entry.cell.name, language, helpful))


def _person(view: View, press: Press) -> Turn:
    """With the question of the answer that the button stands under; a typed one was kept when it was typed."""
    entry, language = _entry(view, press), _language(view, press)
    taught = knowledge_screens.taught_of(view, press.word(0))
    question = entry.question.to(language) if entry else taught.question if taught else ""
    return noted(view, question, language)


def _tell(view: View, press: Press) -> Turn:
    """The last question of the session that the button belongs to."""
    return replace(stay(view, toast=view.words.plain("tell-noted")), tell=press.session)


def _human(view: View, press: Press) -> Turn:
    """The whole chat, as it stands."""
    return noted(view, "", view.session.language, "chat")


def _of_the_staff(view: View, press: Press) -> None:
    """What counts only while a person is there (bot.staff.owner takes it first); otherwise an old button."""


def _terms(view: View, press: Press) -> Turn:
    return stay(view, screens.aside(view, knowledge_screens.terms(view)))


def _compare(view: View, press: Press) -> Turn | None:
    return compared.compared(view, [word for word in press.words if word])


RULES: Final[Mapping[str, Callable[[View, Press], Turn | None]]] = {
    "know": _know,
    "sources": _sources,
    "helpful": _helpful,
    "unhelpful": _unhelpful,
    "person": _person,
    "human": _human,
    "talk": _of_the_staff,
    "to-bot": _of_the_staff,
    "rate": _of_the_staff,
    "tell": _tell,
    "terms": _terms,
    "compare": _compare,
}
"""None: what the button names is not there (any more)."""
