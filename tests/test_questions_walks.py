"""Digressions lose nobody: a walk with questions at every point ends where the same walk ends without.

A short run by default. In full, 2,000 walks through the shipped dialog:

    DIGRESSED_WALKS=2000 .venv/bin/python -m pytest tests/test_questions_walks.py
"""

import os
import random
from dataclasses import replace

import pytest
from dialog_knowledge import KNOWING
from dialog_live import LIVE, STRAY, a_question
from dialog_words import assert_fits_telegram, buttons_of

from bot.dialog import looked_up, place, result
from bot.dialog.engine import take_turn
from bot.dialog.events import AnyEvent, Commanded, Inquired, Pressed, Said
from bot.dialog.phrases import Content
from bot.dialog.session import Button, Session, Turn
from bot.dialog.view import View
from bot.languages import LANGUAGES

WALKS = int(os.environ.get("DIGRESSED_WALKS", "40"))
MOST_ACTS = 40
OPENING = ("answers", "restart", "start", "language", "cancel")
FRESH = 1_000


class Walk:
    """Two owners who do the same, but the second one is always asking something in between."""

    def __init__(self, content: Content, seed: int) -> None:
        self.content, self.dice = content, random.Random(seed)
        begun = Session(self.dice.choice(LANGUAGES), content.privacy, id=1)
        self.plain = self.digressed = begun
        self.asides: list[Button] = []
        self.acts = self.digressions = self.passed_over = 0

    def to_its_end(self) -> None:
        """Until the advice was seen, after some changes of mind."""
        while self.acts < MOST_ACTS and not (self.acts > MOST_ACTS / 2 and place.is_at_advice(self.view(self.plain))):
            for _ in range(self.dice.choice([1, 1, 2, 3])):
                self.digress()
            self.act()
        self.digress()

    def view(self, session: Session) -> View:
        return View(self.content, session)

    # what both of them do

    def act(self) -> None:
        """Mostly a button of what waits; sometimes its words, or a command that opens something."""
        self.acts += 1
        event = self._act()
        first, second = self.turn(self.plain, event), self.turn(self.digressed, event)
        self.plain, self.digressed = first.session, second.session
        assert (first.replies, first.toast, first.closes) == (second.replies, second.toast, second.closes), event

    def _act(self) -> AnyEvent:
        if self.dice.random() < 0.1:
            return Commanded(name=self.dice.choice(OPENING))
        buttons = self.waiting()
        answers = [button for button in buttons if button.press.action == "answer"]
        button = self.dice.choice(answers if answers and self.dice.random() < 0.8 else buttons)
        return Said(text=button.label) if self.dice.random() < 0.2 else Pressed(data=button.press.data())

    def waiting(self) -> list[Button]:
        shown = buttons_of(place.waiting(self.view(self.plain)))
        return [button for button in shown if button.press.action not in looked_up.RULES]

    # what only the second one does

    def digress(self) -> None:
        """A digression moves nothing, whatever it is, and ends with what waits."""
        event = self._digression()
        if isinstance(event, Said) and self.names_a_button(event.text):
            self.passed_over += 1
            return
        self.digressions += 1
        turn = self.turn(self.digressed, event)
        assert replace(turn.session, about="") == replace(self.digressed, about=""), event
        self.sees_what_waits(turn, event)
        self.asides += [button for reply in turn.replies for button in buttons_of(reply)]
        self.asides = [button for button in self.asides if button.press.action in looked_up.RULES][-40:]
        self.digressed = turn.session

    def _digression(self) -> AnyEvent:
        roll = self.dice.random()
        if self.asides and roll < 0.4:
            return Pressed(data=self.dice.choice(self.asides).press.data())
        if roll < 0.5:
            words = self.dice.choice(["", "", a_question(self.content, self.dice)])
            return Commanded(name=self.dice.choice(["terms", "compare"]), argument=words)
        if roll < 0.55:
            return Inquired(text=a_question(self.content, self.dice))
        return Said(text=self.dice.choice(STRAY) if roll < 0.65 else a_question(self.content, self.dice))

    def names_a_button(self, text: str) -> bool:
        """Whether the words would press something with no knowledge to ask: then they are no digression."""
        silent = replace(self.content, knowledge=replace(self.content.knowledge, lexicons={}))
        before = replace(self.digressed, texted=False)
        turn = take_turn(silent, before, Said(text=text))
        return turn.session != before or turn.closes is not None or not turn.replies[-1:] or self._pressed(turn)

    def _pressed(self, turn: Turn) -> bool:
        """ "Why" shows a question without moving anything."""
        puzzled = self.view(self.digressed).words.say("not-understood")
        return not turn.replies[-1].text.startswith(puzzled)

    def sees_what_waits(self, turn: Turn, event: AnyEvent) -> None:
        """Last of all, with every button it has; over it may stand nothing, or a list to choose from with a way on."""
        last = list(buttons_of(turn.replies[-1])) if turn.replies else []
        if {button.press.action for button in last} <= {"know", "compare", "go-on"}:
            assert not last or self.digressed.open == "menu" or last[-1].press.action == "go-on", event
            return
        view = self.view(self.digressed)
        rows = result.advice_above(view) if place.is_at_advice(view) else place.waiting(view)
        assert set(buttons_of(rows)) <= set(last), event

    def turn(self, session: Session, event: AnyEvent) -> Turn:
        turn = take_turn(self.content, session, replace(event, fresh=FRESH + self.acts))
        assert_fits_telegram(turn)
        return turn


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("content", [KNOWING, LIVE], ids=["small", "live"])
def test_a_walk_with_questions_at_every_point_ends_in_the_same_place_with_the_same_advice(content: Content) -> None:
    at_advice = digressions = passed_over = 0
    for seed in range(WALKS):
        walk = Walk(content, seed)
        walk.to_its_end()
        plain, digressed = walk.view(walk.plain), walk.view(walk.digressed)
        assert replace(walk.digressed, about="") == replace(walk.plain, about=""), seed
        assert place.waiting(digressed) == place.waiting(plain), seed
        at_advice += plain.path.current is None
        digressions += walk.digressions
        passed_over += walk.passed_over
    assert at_advice > WALKS / 3, "too few walks came to an advice"
    assert passed_over < digressions / 20, "too many questions name a button"
    print(f"{WALKS} walks, {digressions} digressions, {at_advice} at the advice, {passed_over} named a button")
