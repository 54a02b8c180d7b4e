"""What can happen to a session: it stays, it moves, it begins anew. Every rule of the conversation ends in one of them.

One law: nothing moves but by an answer, a step back, a change or a topic, and each of these raises the step; a new
start is a new session. All else shows a screen and leaves the answers as they are.
"""

from collections.abc import Mapping
from dataclasses import replace

from bot.dialog import place, result, screens
from bot.dialog.session import NOTHING, Reply, Session, Turn
from bot.dialog.tree import Node, Option
from bot.dialog.view import View, paragraphs
from bot.languages import Language


def stay(view: View, *replies: Reply, toast: str = "", closes: str | None = None) -> Turn:
    """Say something; the session stays as it is."""
    return Turn(view.session, replies, toast, closes)


def shown(view: View, session: Session, above: str = "", closes: str | None = None) -> Turn:
    """Go to where `session` stands, and remember what advice was shown there."""
    there = View(view.content, session)
    advised = session.advised if there.path.current else result.advised(there)
    return Turn(replace(session, advised=advised), (place.waiting(there, above),), closes=closes)


def opened(view: View, what: str, closes: str | None = None) -> Turn:
    """Open a confirmation, or a menu."""
    return shown(view, replace(view.session, open=what), closes=closes)


def closed(view: View, above: str = "", closes: str | None = None) -> Turn:
    """Leave what is open, back to the question."""
    return shown(view, replace(view.session, open=""), above, closes)


def kept(view: View, closes: str) -> Turn:
    """Leave an answer as it was."""
    return closed(view, view.words.say("unchanged"), closes)


def answered(view: View, node: Node, option: Option) -> Turn:
    """Take an answer: to the question that waits, or another one to a question on the path."""
    before, closes = view.path.option_at(node.id), screens.answered(view, node, option)
    if before is option:
        return kept(view, closes)
    session = moved(view.session, {**view.session.answers, node.id: option.id})
    changed = screens.changed(view, node, before, option) if before else ""
    advice = result.advice_change(View(view.content, session), view.session.advised)
    return replace(shown(view, session, paragraphs(changed, advice), closes), act="answer")


def back(view: View) -> Turn:
    """Un-answer the last answer on the path."""
    path = view.path
    if not path.steps:
        return shown(view, view.session, view.words.say("first-question"))
    last, _ = path.steps[-1]
    answers = {node: option for node, option in view.session.answers.items() if node != last.id}
    closes = screens.withdrawn(view, path.current) if path.current else None
    return replace(shown(view, moved(view.session, answers), closes=closes), act="back")


def moved(session: Session, answers: Mapping[str, str]) -> Session:
    """The session with other answers: one step on, nothing open."""
    return replace(session, answers=answers, step=session.step + 1, open="")


def begun(view: View, fresh: int, topic: str = "") -> Session:
    """A new session, with the answers that a topic brings."""
    answers = view.content.dialog.topics.get(topic, NOTHING)
    return Session(view.session.language, view.session.consent, fresh, answers=answers)


def topic_of(view: View, word: str) -> str:
    """`word` as a topic, else ""."""
    return word if word in view.content.dialog.topics else ""


def choosing_language(view: View) -> Turn:
    """Open the choice of a language; what was open before waits under it. Before consent nothing is open."""
    if not view.agreed:
        return stay(view, screens.languages(view))
    return opened(view, place.LANGUAGES + view.session.open.removeprefix(place.LANGUAGES))


def spoken(view: View, language: Language, *, was_choice: bool) -> Turn:
    """The same place, in another language. `was_choice`: by a tap on the list of languages, which is closed by it."""
    before = view.session.open.removeprefix(place.LANGUAGES)
    session = replace(view.session, language=language, open=before)
    there = View(view.content, session)
    closes = screens.language_chosen(there, language) if was_choice else None
    return shown(there, session, there.words.say("language-set"), closes)
