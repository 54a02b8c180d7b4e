"""What each screen says: replies made of the authors' words, as Telegram HTML."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from bot.dialog.events import PastAdvice
from bot.dialog.path import most_left
from bot.dialog.phrases import bold, italic
from bot.dialog.session import Reply, Rows
from bot.dialog.terms import term_rows
from bot.dialog.tree import Node, Option
from bot.dialog.view import View, lines, paragraphs
from bot.languages import LANGUAGES, NAMES, Language

NOT_ENOUGH: Final = "not-enough"
"""What stands in a session for advice withheld, where else a candidate's id stands."""


# -- before and around the dialog -------------------------------------------------------------------------------------


def greeting(view: View, topic: str = "") -> Reply:
    """Who we are, that the conversation is recorded and for how long, and the question for consent."""
    agree = view.phrase_button("agree", "agree", view.session.language, topic, view.content.privacy)
    more = (view.phrase_button("language", "languages", topic), view.phrase_button("privacy", "privacy"))
    return Reply(greeting_text(view), ((agree,), more))


def greeting_text(view: View) -> str:
    """The words of the greeting."""
    recorded = view.words.say("greeting-recorded", n=view.content.retention_days)
    return paragraphs(view.words.say("greeting"), recorded, view.words.say("greeting-consent"))


def agreed_text(view: View) -> str:
    """The greeting once consent was given."""
    return paragraphs(greeting_text(view), italic(view.words.say("agreed")))


def menu(view: View, above: str = "") -> Reply:
    """What can be done: find what fits, language, privacy."""
    more = (view.phrase_button("language", "languages"), view.phrase_button("privacy", "privacy"))
    return Reply(paragraphs(above, view.words.say("welcome")), ((view.phrase_button("find", "find"),), more))


def welcome_back(view: View, topic: str = "", above: str = "") -> Reply:
    """In the middle of a session: go on, or start over (on `topic`, where a link asked for one)."""
    rows: Rows = ((view.phrase_button("go-on", "go-on"),), (view.phrase_button("start-over", "start-over", topic),))
    return Reply(paragraphs(above, view.words.say("welcome-back")), rows)


def languages(view: View, topic: str = "", above: str = "") -> Reply:
    """The choice of a language, each named in itself."""
    buttons = [view.button(NAMES[language], "speak", language, topic) for language in LANGUAGES]
    text = paragraphs(above, view.words.say("choose-language"))
    return Reply(text, tuple((button,) for button in buttons), asks=True)


def language_chosen(view: View, language: Language) -> str:
    """The words of the choice once it was made."""
    return lines(view.words.say("choose-language"), italic(view.words.say("chosen", answer=NAMES[language])))


def privacy(view: View) -> Reply:
    """What is kept, why, how long, by whom; with a copy of it and an end to it a tap away."""
    content, words = view.content, view.words
    text = paragraphs(
        words.say("privacy-operator", operator=content.operator) if content.operator else "",
        words.say("privacy-text"),
        words.say("privacy-long", n=content.retention_days),
        words.say("privacy-sealed" if content.sealed else "privacy-open", n=content.backup_days),
        words.say("privacy-rights"),
    )
    return Reply(text, ((view.phrase_button("mydata", "mydata"), view.phrase_button("forget", "forget")),))


def settings(view: View) -> Reply:
    """The settings as they stand, with what can be changed."""
    text = view.words.say("settings", language=NAMES[view.session.language], n=view.content.retention_days)
    return Reply(text, ((view.phrase_button("language", "languages"), view.phrase_button("privacy", "privacy")),))


def restart_sure(view: View, above: str = "") -> Reply:
    """Shall we really start over?"""
    yes, no = view.phrase_button("restart-yes", "restart-yes"), view.phrase_button("restart-no", "restart-no")
    return Reply(paragraphs(above, view.words.say("restart-sure")), ((yes,), (no,)), asks=True)


def forget_sure(view: View, above: str = "") -> Reply:
    """Shall everything be deleted? Only a press says so, no typed words."""
    buttons = [view.phrase_button(phrase, phrase) for phrase in ("forget-yes", "forget-no", "mydata")]
    return Reply(paragraphs(above, view.words.say("forget-sure")), tuple((button,) for button in buttons))


def note(view: View, phrase: str, **variables: object) -> Reply:
    """One phrase, no buttons."""
    return Reply(view.words.say(phrase, **variables))


def aside(view: View, reply: Reply) -> Reply:
    """Something said in passing, with a way back to what waits (not before consent, and not over the menu)."""
    if not view.agreed or view.session.open == "menu":
        return reply
    return replace(reply, rows=(*reply.rows, (view.phrase_button("go-on", "go-on"),)))


def history(view: View, past: Iterable[PastAdvice]) -> Reply:
    """Earlier advice, newest first."""
    rows = [view.words.say("history-line", date=item.date, name=_past_name(view, item)) for item in past]
    if not rows:
        return note(view, "history-empty")
    return Reply(paragraphs(bold(view.words.say("history")), lines(*rows)))


def _past_name(view: View, item: PastAdvice) -> str:
    return item.name or candidate_name(view, item.candidate)


def candidate_name(view: View, candidate_id: str) -> str:
    """A candidate's name as plain text. One that is gone from the dialog is called by its id."""
    if candidate_id in ("", NOT_ENOUGH):
        return view.words.plain("not-enough-short")
    candidate = view.content.dialog.candidates.get(candidate_id)
    return candidate.name.to(view.session.language) if candidate else candidate_id


# -- a question -------------------------------------------------------------------------------------------------------


def question(view: View, node: Node, above: str = "") -> Reply:
    """The next question, with its progress."""
    text = paragraphs(above, lines(italic(progress(view)), bold(view.words.of(node.text))))
    back = [view.phrase_button("back", "back", node.id)] if view.path.steps else []
    more = (*back, view.phrase_button("why", "why", node.id))
    return Reply(text, (*option_rows(view, node), *term_rows(view, node), more), asks=True)


def changing(view: View, node: Node, option: Option, above: str = "") -> Reply:
    """A question asked again because its answer shall change."""
    now = view.words.say("changing", answer=option_label(view, option))
    keep = (view.phrase_button("keep-answer", "keep"), view.phrase_button("why", "why", node.id))
    text = paragraphs(above, lines(bold(view.words.of(node.text)), italic(now)))
    return Reply(text, (*option_rows(view, node), *term_rows(view, node), keep), asks=True)


def option_rows(view: View, node: Node) -> Rows:
    """A row an option, numbered as they can be typed, then "not sure"."""
    labels = [f"{place}. {option_label(view, option)}" for place, option in enumerate(node.options, 1)]
    labels.append(view.words.plain("not-sure"))
    options = (*node.options, node.not_sure)
    pairs = zip(labels, options, strict=True)
    return tuple((view.button(label, "answer", node.id, option.id),) for label, option in pairs)


def option_label(view: View, option: Option) -> str:
    """An option's words as plain text."""
    return option.label.to(view.session.language) if option.label else view.words.plain("not-sure")


def progress(view: View) -> str:
    """Which question this is, and how many can still come after it."""
    number, left = len(view.path.steps) + 1, most_left(view.content.dialog, view.session.answers) - 1
    if left == 0:
        return view.words.say("question-last", number=number)
    return view.words.say("question-left", number=number, n=left)


def answered(view: View, node: Node, option: Option) -> str:
    """The words of a question once it was answered."""
    choice = view.words.say("chosen", answer=option_label(view, option))
    return lines(bold(view.words.of(node.text)), choice)


def withdrawn(view: View, node: Node) -> str:
    """The words of a question that was left by going back."""
    return lines(bold(view.words.of(node.text)), italic(view.words.say("taken-back")))


def why(view: View, node: Node) -> Reply:
    """Why do we ask? The answer can be given right there."""
    text = paragraphs(bold(view.words.of(node.text)), view.words.of(node.help))
    back = ((view.phrase_button("back", "back", node.id),),) if node is view.path.current and view.path.steps else ()
    return Reply(text, (*option_rows(view, node), *term_rows(view, node), *back), asks=True)


def changed(view: View, node: Node, before: Option, after: Option) -> str:
    """What a change of an answer changed."""
    names = {"before": option_label(view, before), "after": option_label(view, after)}
    return view.words.say("changed", title=node.title.to(view.session.language), **names)


def recap(view: View, above: str = "") -> Reply:
    """The answers so far, each with a button to change it."""
    steps = view.path.steps
    if not steps:
        return Reply(paragraphs(above, view.words.say("recap-empty")), ((view.phrase_button("find", "find"),),))
    answers = lines(*(_recap_line(view, place, node, option) for place, (node, option) in enumerate(steps, 1)))
    text = paragraphs(above, bold(view.words.say("recap")), answers, italic(view.words.say("recap-hint")))
    return Reply(text, (*change_rows(view, [node for node, _ in steps]), (view.phrase_button("go-on", "go-on"),)))


def _recap_line(view: View, place: int, node: Node, option: Option) -> str:
    title, answer = node.title.to(view.session.language), option_label(view, option)
    return f"{place}. " + view.words.say("recap-line", title=title, answer=answer)


def change_rows(view: View, nodes: Iterable[Node]) -> Rows:
    """A button for each of these questions, two a row, that opens it again."""
    buttons = [view.button(f"✏️ {node.title.to(view.session.language)}", "change", node.id) for node in nodes]
    return tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))
