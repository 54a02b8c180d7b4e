"""The rules of the conversation: take_turn(content, session, event) -> Turn.

One law: nothing moves but by an answer, a step back, a change, or a new start, and each of these raises the step.
Everything else (help, language, recap, what was not understood) shows a screen and leaves the session where it is.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.dialog import screens
from bot.dialog.events import AnyEvent, Commanded, Late, Pressed, Said, Sent
from bot.dialog.matching import chosen
from bot.dialog.phrases import Content
from bot.dialog.presses import Action, Press, read_press
from bot.dialog.screens import View
from bot.dialog.session import NOTHING, Reply, Session, Turn
from bot.dialog.tree import Node, Option
from bot.languages import Language, as_language

MENU = "menu"
RESTART = "restart"
CHANGE = "change:"


def take_turn(content: Content, session: Session, event: AnyEvent) -> Turn:
    """What `event` makes of `session`, and what is said. Never raises for anything an owner can send."""
    view = View(content, session)
    turn = _welcome(view, event) if session.consent != content.privacy else _take(view, event)
    return replace(turn, session=replace(turn.session, texted=isinstance(event, Sent)))


def _take(view: View, event: AnyEvent) -> Turn:
    match event:
        case Pressed():
            return _pressed(view, event)
        case Said():
            return _said(view, event)
        case Commanded():
            return COMMANDS.get(event.name, _unknown)(view, event)
        case Sent():
            return _sent(view)
        case Late():
            return _late(view, event)


def _stay(view: View, *replies: Reply, toast: str = "", closes: str | None = None) -> Turn:
    return Turn(view.session, replies, toast, closes)


def _shown(view: View, session: Session, above: str = "", closes: str | None = None) -> Turn:
    """Go to the screen where `session` stands, and remember what advice was shown there."""
    there = View(view.content, session)
    advised = session.advised if there.path.current else screens.advised(there)
    return Turn(replace(session, advised=advised), (screens.current(there, above),), closes=closes)


# -- before consent: nothing is recorded ------------------------------------------------------------------------------


def _welcome(view: View, event: AnyEvent) -> Turn:
    match event:
        case Pressed():
            turn = _pressed_before_consent(view, read_press(event.data), event.fresh)
        case Commanded() if event.name in OPEN_COMMANDS:
            turn = COMMANDS[event.name](view, event)
        case Commanded():
            turn = _stay(view, screens.greeting(view, _topic(view, event.argument)))
        case Late() if not event.first:
            turn = _stay(view)
        case _:
            turn = _stay(view, screens.greeting(view))
    return replace(turn, recorded=turn.session.consent == view.content.privacy)


def _pressed_before_consent(view: View, press: Press | None, fresh: int) -> Turn:
    if press and press.action == "privacy":
        return _stay(view, screens.privacy(view))
    if press and press.action == "languages":
        return _stay(view, screens.languages(view, _topic(view, press.word(0))))
    language = as_language(press.word(0)) if press else None
    if press and language and press.action in ("agree", "speak"):
        there = View(view.content, replace(view.session, language=language))
        topic = _topic(view, press.word(1))
        if press.action == "agree" and press.word(2) == view.content.privacy:
            return _agreed(there, topic, fresh)
        closes = screens.language_chosen(there, language) if press.action == "speak" else None
        return _stay(there, screens.greeting(there, topic), closes=closes)
    return _stay(view, screens.greeting(view))


def _agreed(view: View, topic: str, fresh: int) -> Turn:
    """Consent: the first session begins, or the running one goes on under the new privacy text."""
    session = replace(view.session, consent=view.content.privacy)
    if not session.id:
        session = _begun(view, fresh, topic, session)
    there = View(view.content, session)
    if session.answers:
        return _shown(view, session, closes=screens.agreed_text(there))
    return Turn(replace(session, open=MENU), (screens.menu(there),), closes=screens.agreed_text(there))


def _begun(view: View, fresh: int, topic: str = "", session: Session | None = None) -> Session:
    """A new session, with the answers that a topic brings."""
    owner = session or view.session
    answers = view.content.dialog.topics.get(topic, NOTHING)
    return Session(owner.language, owner.consent, fresh, answers=answers)


def _topic(view: View, word: str) -> str:
    return word if word in view.content.dialog.topics else ""


# -- presses ----------------------------------------------------------------------------------------------------------


def _pressed(view: View, event: Pressed) -> Turn:
    press = read_press(event.data)
    if press is None:
        return _old_button(view)
    if press.action in ANYTIME:
        return ANYTIME[press.action](view, press, event.fresh)
    if _is_current(view.session, press):
        return PRESSES[press.action](view, press, event.fresh)
    return _double_tap(view) if _is_double_tap(view.session, press) else _old_button(view)


def _is_current(session: Session, press: Press) -> bool:
    moves_on = press.action in ("answer", "back", "why", "change", "keep")
    return press.session == session.id and (press.step == session.step or not moves_on)


def _is_double_tap(session: Session, press: Press) -> bool:
    """The same tap again, just after it was taken: nothing to say about it."""
    if press.session != session.id:
        return press.action in ("start-over", "restart-yes") and session.step == 0
    just_before = press.step == session.step - 1
    same_answer = press.action == "answer" and session.answers.get(press.word(0)) == press.word(1)
    return just_before and (same_answer or press.action == "back")


def _double_tap(view: View) -> Turn:
    return _stay(view, toast=view.words.plain("already-noted"))


def _old_button(view: View) -> Turn:
    """A stale, foreign or forged button: a short notice and the current question."""
    return replace(_shown(view, view.session), toast=view.words.plain("old-button"))


def _press_agree(view: View, press: Press, fresh: int) -> Turn:
    return _double_tap(view)


def _press_speak(view: View, press: Press, fresh: int) -> Turn:
    language = as_language(press.word(0))
    return _speak(view, language) if language else _old_button(view)


def _speak(view: View, language: Language) -> Turn:
    """The same place, in the new language."""
    session = replace(view.session, language=language)
    there = View(view.content, session)
    closes = screens.language_chosen(there, language)
    if session.open == MENU:
        return Turn(session, (screens.menu(there),), closes=closes)
    return _shown(view, session, above=there.words.say("language-set"), closes=closes)


def _press_languages(view: View, press: Press, fresh: int) -> Turn:
    return _stay(view, screens.languages(view))


def _press_privacy(view: View, press: Press, fresh: int) -> Turn:
    return _stay(view, screens.privacy(view))


def _press_answer(view: View, press: Press, fresh: int) -> Turn:
    node = _askable(view, press.word(0))
    option = node.option(press.word(1)) if node else None
    return _answer(view, node, option) if node and option else _old_button(view)


def _askable(view: View, node_id: str) -> Node | None:
    """The question with this id, if it is the current one or was answered on the path."""
    path = view.path
    nodes = [node for node, _ in path.steps] + ([path.current] if path.current else [])
    return next((node for node in nodes if node.id == node_id), None)


def _answer(view: View, node: Node, option: Option) -> Turn:
    before = view.path.option_at(node.id)
    if before is option:
        return _kept(view, closes=screens.answered(view, node, option))
    session = _moved(view.session, {**view.session.answers, node.id: option.id})
    changed = screens.changed(view, node, before, option) if before else ""
    return _onward(view, session, changed, screens.answered(view, node, option))


def _moved(session: Session, answers: Mapping[str, str]) -> Session:
    return replace(session, answers=answers, step=session.step + 1, open="")


def _onward(view: View, session: Session, changed: str, closes: str) -> Turn:
    """To the next question, or to the advice, with a word on how it changed since it was last shown."""
    there = View(view.content, session)
    if there.path.current is None and session.advised:
        advice = screens.advice_change(there, session.advised, screens.advised(there))
        changed = screens.paragraphs(changed, advice)
    return _shown(view, session, changed, closes)


def _press_back(view: View, press: Press, fresh: int) -> Turn:
    return _back(view)


def _back(view: View) -> Turn:
    path = view.path
    if not path.steps:
        return _shown(view, view.session)
    last, _ = path.steps[-1]
    answers = {node: option for node, option in view.session.answers.items() if node != last.id}
    closes = screens.withdrawn(view, path.current) if path.current else None
    return _shown(view, _moved(view.session, answers), closes=closes)


def _press_why(view: View, press: Press, fresh: int) -> Turn:
    node = _askable(view, press.word(0))
    return _stay(view, screens.why(view, node)) if node else _old_button(view)


def _press_change(view: View, press: Press, fresh: int) -> Turn:
    node = _askable(view, press.word(0))
    option = view.path.option_at(node.id) if node else None
    if node is None or option is None:
        return _old_button(view)
    session = replace(view.session, open=CHANGE + node.id)
    return Turn(session, (screens.changing(view, node, option),))


def _press_keep(view: View, press: Press, fresh: int) -> Turn:
    return _kept(view, closes=view.words.say("kept"))


def _kept(view: View, closes: str | None) -> Turn:
    return _shown(view, replace(view.session, open=""), above=view.words.say("unchanged"), closes=closes)


def _press_recap(view: View, press: Press, fresh: int) -> Turn:
    return _stay(view, screens.recap(view))


def _press_find(view: View, press: Press, fresh: int) -> Turn:
    return _shown(view, replace(view.session, open=""))


def _press_start_over(view: View, press: Press, fresh: int) -> Turn:
    return _shown(view, _begun(view, fresh, _topic(view, press.word(0))), above=view.words.say("restarted"))


def _press_restart_yes(view: View, press: Press, fresh: int) -> Turn:
    turn = _press_start_over(view, press, fresh)
    return replace(turn, closes=view.words.say("restart-sure"))


def _press_restart_no(view: View, press: Press, fresh: int) -> Turn:
    return _shown(view, replace(view.session, open=""), closes=view.words.say("kept"))


PressRule = Callable[[View, Press, int], Turn]

ANYTIME: Mapping[Action, PressRule] = {
    "agree": _press_agree,
    "speak": _press_speak,
    "languages": _press_languages,
    "privacy": _press_privacy,
}
PRESSES: Mapping[Action, PressRule] = {
    "answer": _press_answer,
    "back": _press_back,
    "why": _press_why,
    "change": _press_change,
    "keep": _press_keep,
    "recap": _press_recap,
    "find": _press_find,
    "go-on": _press_find,
    "start-over": _press_start_over,
    "restart-yes": _press_restart_yes,
    "restart-no": _press_restart_no,
}


# -- typed text -------------------------------------------------------------------------------------------------------


def _said(view: View, event: Said) -> Turn:
    open_node = _open_change(view)
    if view.session.open == RESTART:
        return _said_of(view, event, {"restart-yes": "restart-yes", "restart-no": "restart-no"}) or _not_understood(
            view
        )
    node = open_node or view.path.current
    if node is None:
        return _said_of(view, event, AT_ADVICE) or _stay(view, _advice_above(view))
    if view.session.open == MENU and (turn := _said_of(view, event, AT_MENU)):
        return turn
    return _said_at(view, node, event) or _not_understood(view, open_node)


AT_MENU: Mapping[str, Action] = {"find": "find", "language": "languages", "privacy": "privacy"}
AT_ADVICE: Mapping[str, Action] = {"recap-button": "recap", "start-over": "start-over", "back": "back"}


def _said_of(view: View, event: Said, actions: Mapping[str, Action]) -> Turn | None:
    """The action whose phrase was typed."""
    place = chosen(event.text, [view.words.plain(phrase) for phrase in actions])
    if place is None:
        return None
    action = list(actions.values())[place]
    return {**ANYTIME, **PRESSES}[action](view, Press(action), event.fresh)


def _said_at(view: View, node: Node, event: Said) -> Turn | None:
    """A typed answer to this question, or one of the words that stand beside its options."""
    options = (*node.options, node.not_sure)
    controls = screens.control_labels(view)
    labels = [screens.option_label(view, option) for option in options] + list(controls.values())
    place = chosen(event.text, labels, numbered=len(node.options))
    if place is None:
        return None
    if place < len(options):
        return _answer(view, node, options[place])
    return _back(view) if list(controls)[place - len(options)] == "back" else _stay(view, screens.why(view, node))


def _open_change(view: View) -> Node | None:
    node_id = view.session.open.removeprefix(CHANGE) if view.session.open.startswith(CHANGE) else ""
    return next((node for node, _ in view.path.steps if node.id == node_id), None)


def _not_understood(view: View, open_node: Node | None = None) -> Turn:
    """A friendly line and the same question again; nothing moves."""
    above = screens.lines(view.words.say("not-understood"), view.words.say("not-understood-hint"))
    option = view.path.option_at(open_node.id) if open_node else None
    if open_node and option:
        return _stay(view, Reply(above), screens.changing(view, open_node, option))
    if view.session.open == RESTART:
        return _stay(view, Reply(above), screens.restart_sure(view))
    return _shown(view, view.session, above)


def _advice_above(view: View) -> Reply:
    return Reply(view.words.say("advice-above"), screens.advice_rows(view))


# -- commands, media, what came late ----------------------------------------------------------------------------------


def _start(view: View, event: Commanded) -> Turn:
    topic = _topic(view, event.argument)
    if view.path.steps:
        return _stay(view, screens.welcome_back(view, topic))
    if topic:
        return _shown(view, replace(view.session, answers=view.content.dialog.topics[topic], open=""))
    return Turn(replace(view.session, open=MENU), (screens.menu(view),))


def _language(view: View, event: Commanded) -> Turn:
    return _stay(view, screens.languages(view))


def _privacy(view: View, event: Commanded) -> Turn:
    return _stay(view, screens.privacy(view))


def _help(view: View, event: Commanded) -> Turn:
    return _stay(view, screens.note(view, "help"))


def _settings(view: View, event: Commanded) -> Turn:
    return _stay(view, screens.settings(view))


def _answers(view: View, event: Commanded) -> Turn:
    return _stay(view, screens.recap(view))


def _restart(view: View, event: Commanded) -> Turn:
    if not view.path.steps:
        return _shown(view, replace(view.session, open=""))
    return Turn(replace(view.session, open=RESTART), (screens.restart_sure(view),))


def _cancel(view: View, event: Commanded) -> Turn:
    if view.session.open in ("", MENU):
        return _stay(view, screens.note(view, "nothing-to-cancel"))
    return _shown(view, replace(view.session, open=""), above=view.words.say("cancelled"))


def _history(view: View, event: Commanded) -> Turn:
    return _stay(view, screens.history(view, event.past))


def _unknown(view: View, event: Commanded) -> Turn:
    return _stay(view, screens.note(view, "unknown-command"))


CommandRule = Callable[[View, Commanded], Turn]

COMMANDS: Mapping[str, CommandRule] = {
    "start": _start,
    "answers": _answers,
    "language": _language,
    "restart": _restart,
    "cancel": _cancel,
    "history": _history,
    "help": _help,
    "settings": _settings,
    "privacy": _privacy,
}
"""The commands, in the order of the menu."""
OPEN_COMMANDS = frozenset({"help", "settings", "language", "privacy"})
"""Those that answer before consent; the others greet."""


def _sent(view: View) -> Turn:
    return _stay(view) if view.session.texted else _stay(view, screens.note(view, "text-only"))


def _late(view: View, event: Late) -> Turn:
    return _shown(view, view.session, above=view.words.say("late")) if event.first else _stay(view)
