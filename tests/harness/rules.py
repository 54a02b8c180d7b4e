"""What each act of a person must lead to, told from the screens alone: an independent, small model of the talk.

It knows nothing of the bot's engine or database. It reads session, step and ids in the buttons that the person saw,
and says which messages and edits must follow, in order. An act is judged when its turn comes, on the state that the
acts before it left: so also what was fired blindly, without waiting for replies, has one right answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from harness.screens import ASIDE, ASKING, OPEN, STANDING, Button, Screen, typed_label

ANY_STEP = frozenset({"find", "go-on", "recap"})
"""Presses that count at any step of their session; the others count only at the step they were shown at."""
NONSENSE = "qwertzuiop"
"""What no screen offers, and no knowledge answers."""
QUESTION = "outsourcing"
"""What is a question in every language, and answered in passing."""


@dataclass(frozen=True, slots=True)
class Act:
    """One update: a pressed button (`query`: its id) of the message `message_id`, or a typed text."""

    update_id: int
    text: str = ""
    button: Button | None = None
    message_id: int = 0
    query: str = ""

    def about(self) -> str:
        """For a report."""
        return f"update {self.update_id} " + (f"press {self.button.data}" if self.button else f"text {self.text!r}")


@dataclass(frozen=True, slots=True)
class Sees:
    """A new message: one of these screens, at the state's session and step; `begins`: its first words.

    `fresh`: of a session never seen before.
    """

    kinds: frozenset[str]
    begins: tuple[str, ...] = ("",)
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class Edits:
    """This message changes and loses its buttons; 0: the question asked last, or a copy of it."""

    message: int = 0


Effect = Sees | Edits


@dataclass(slots=True)
class State:
    """Where a person stands, as far as their screen tells."""

    agreed: bool = False
    session: int = 0
    step: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    open: str = ""
    stands: Screen | None = None
    asked: Screen | None = None
    asked_ids: frozenset[int] = frozenset()
    going_back: bool = False

    @property
    def waits(self) -> frozenset[str]:
        """The screen that the next words belong to."""
        return frozenset({self.open}) if self.open else STANDING

    def copy(self) -> "State":
        """The same, to try things on."""
        return replace(self, answers=dict(self.answers))

    # -- what the screens tell

    def fits(self, effect: Sees, screen: Screen) -> bool:
        """Whether `screen` is what must come."""
        if screen.kind not in effect.kinds or not screen.text.startswith(effect.begins):
            return False
        if not screen.buttons or not self.agreed:
            return True
        if effect.fresh:
            return screen.session > self.session and screen.step == 0
        return (screen.session, screen.step) == (self.session, self.step)

    def see(self, screen: Screen) -> None:
        """Take in a message that was due."""
        if screen.buttons and self.agreed:
            self.session = screen.session
        if screen.kind in STANDING:
            self._stand(screen)
        if screen.kind in ASKING:
            self.asked, self.asked_ids = screen, frozenset({screen.message_id})
        if screen.kind in OPEN | STANDING:
            self.open = screen.kind if screen.kind in OPEN else ""
        if screen.kind == "why":
            self.open = "changing" if screen.node in self.answers else ""

    def _stand(self, screen: Screen) -> None:
        self.stands = screen
        if self.going_back:
            self.answers.pop(screen.node, None)
        self.going_back = False

    def see_copy(self, screen: Screen) -> None:
        """Take in a message that came twice: either may be edited."""
        if self.asked is not None and screen.says(self.asked):
            self.asked_ids |= {screen.message_id}


@dataclass(frozen=True, slots=True)
class Due:
    """What an act must lead to. `toast`: the press is answered with words."""

    effects: tuple[Effect, ...] = ()
    toast: bool = False


class Rules:
    """The rules of the talk. In: the possible first words of the notes, by command."""

    def __init__(self, notes: Mapping[str, tuple[str, ...]]) -> None:
        self._notes = notes

    def due(self, act: Act, state: State) -> Due:
        """What `act` must lead to; moves `state` by it."""
        if act.button:
            return self._press(act, act.button, state)
        return self._text(act.text, state)

    # -- presses

    def _press(self, act: Act, button: Button, state: State) -> Due:
        if not state.agreed:
            return self._agree(act, state)
        if button.action == "privacy":
            return self._note("/privacy")
        if button.action == "speak":
            return Due((_edits(act), Sees(STANDING | OPEN)))
        if button.action in ANYTIME:
            return ANYTIME[button.action](state)
        if button.session == state.session and (button.step == state.step or button.action in ANY_STEP):
            return PRESSES[button.action](act, button, state)
        return Due(toast=True) if _is_double(button, state) else Due((Sees(state.waits),), toast=True)

    def _agree(self, act: Act, state: State) -> Due:
        state.agreed = True
        return Due((_edits(act), Sees(frozenset({"menu"}), fresh=True)))

    # -- texts

    def _text(self, text: str, state: State) -> Due:
        if text in self._notes and text not in ("/cancel", NONSENSE, QUESTION):
            return self._note(text)
        if not state.agreed:
            return _shows("greeting")
        if text in COMMANDS:
            return COMMANDS[text](state)
        if text == "/cancel":
            return self._cancel(state)
        return self._typed(text, state)

    def _cancel(self, state: State) -> Due:
        if state.open in ("", "menu"):
            return self._note("/cancel")
        return _closed(state)

    def _note(self, command: str) -> Due:
        return Due((Sees(ASIDE, self._notes[command]),))

    # -- typed words

    def _typed(self, text: str, state: State) -> Due:
        if state.open == "menu" and text == "1":
            return _closed(state)
        option = _meant(text, state.asked) if state.open in ("", "changing") and not _at_advice(state) else None
        if option is not None:
            return _answer(Edits(), option, state)
        if text == QUESTION:
            return Due((Sees(ASIDE, self._notes[QUESTION]), Sees(state.waits)))
        return Due((Sees(state.waits, self._notes[NONSENSE]),))


def _at_advice(state: State) -> bool:
    return not state.open and state.stands is not None and state.stands.kind == "advice"


def _edits(act: Act) -> Edits:
    return Edits(act.message_id)


def _shows(*kinds: str) -> Due:
    return Due((Sees(frozenset(kinds)),))


def _closed(state: State) -> Due:
    state.open = ""
    return Due((Sees(STANDING),))


def _is_double(button: Button, state: State) -> bool:
    """The same tap again, just after it was taken."""
    if button.session != state.session:
        return button.action in ("start-over", "restart-yes") and state.step == 0
    if button.step != state.step - 1:
        return False
    if button.action == "answer":
        return state.answers.get(button.words[0]) == button.words[1]
    return button.action == "back" and not _is_on_path(button.words[0], state)


def _is_on_path(node: str, state: State) -> bool:
    return node in state.answers or (state.stands is not None and state.stands.node == node)


def _answer(edits: Edits, button: Button, state: State) -> Due:
    node, option = button.words[0], button.words[1]
    if state.answers.get(node) != option:
        state.answers[node] = option
        state.step += 1
    state.open = ""
    return Due((edits, Sees(STANDING)))


def _press_answer(act: Act, button: Button, state: State) -> Due:
    return _answer(_edits(act), button, state)


def _back(edits: Edits, state: State) -> Due:
    state.step += 1
    state.open, state.going_back = "", True
    return Due((edits, Sees(frozenset({"question"}))))


def _press_back(act: Act, button: Button, state: State) -> Due:
    return _back(_edits(act), state)


def _press_keep(act: Act, button: Button, state: State) -> Due:
    """All stays as it was; a second time there is nothing to leave."""
    return Due((_edits(act), *_closed(state).effects)) if state.open else Due(toast=True)


def _start_over(state: State) -> Due:
    state.step, state.answers, state.open = 0, {}, ""
    return Due((Sees(frozenset({"question"}), fresh=True),))


def _press_restart_yes(act: Act, button: Button, state: State) -> Due:
    return Due((_edits(act), *_start_over(state).effects))


def _in_passing(state: State) -> Due:
    """Something is told, then what waits is shown again; nothing moves."""
    return Due((Sees(ASIDE), Sees(state.waits)))


ANYTIME: Mapping[str, Callable[[State], Due]] = {
    "agree": lambda state: Due(toast=True),
    "languages": lambda state: _shows("languages"),
    "know": _in_passing,
    "sources": _in_passing,
    "helpful": lambda state: Due(toast=True),
    "unhelpful": lambda state: Due((Sees(state.waits),), toast=True),
    "person": lambda state: Due((Sees(state.waits),)),
    "human": lambda state: Due((Sees(state.waits),)),
    "tell": lambda _: Due(toast=True),
    "terms": lambda state: Due((Sees(ASIDE),)),
    "compare": lambda state: Due((Sees(ASIDE),)),
}
"""Presses that count at any step of any session."""

PressRule = Callable[[Act, Button, State], Due]
PRESSES: Mapping[str, PressRule] = {
    "answer": _press_answer,
    "back": _press_back,
    "why": lambda act, button, state: _shows("why"),
    "change": lambda act, button, state: _shows("changing"),
    "keep": _press_keep,
    "recap": lambda act, button, state: _shows("recap", "recap-empty"),
    "find": lambda act, button, state: _closed(state),
    "go-on": lambda act, button, state: _closed(state),
    "start-over": lambda act, button, state: _start_over(state),
    "restart-yes": _press_restart_yes,
    "restart-no": _press_keep,
}


# -- commands


def _restart(state: State) -> Due:
    if not state.answers:
        return _closed(state)
    return _shows("restart")


COMMANDS: Mapping[str, Callable[[State], Due]] = {
    "/start": lambda state: _shows("welcome" if state.answers else "menu"),
    "/answers": lambda state: _shows("recap", "recap-empty"),
    "/language": lambda state: _shows("languages"),
    "/restart": _restart,
}


def _meant(text: str, asking: Screen | None) -> Button | None:
    """The option that a typed number or label means."""
    options = asking.options if asking else []
    if text.isdecimal():
        return options[int(text) - 1] if int(text) <= len(options) else None
    return next((option for option in options if typed_label(option) == text), None)
