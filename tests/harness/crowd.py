"""Many people who talk to the bot at once, at a steady pace with random gaps, and see only their screens."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

from bot.preview.visitors import Visitors
from harness.oracle import Ledger, Oracle
from harness.rules import NONSENSE, QUESTION, Act
from harness.screens import STANDING, Button, Screen, typed_label

FIRST_PERSON = 1001
LANGUAGES = ("en", "pt", "bg", "fi")
BLIND = ("/help", "/settings", "/privacy", "/history")
RIGHTS = {"mydata", "forget", "forget-yes", "forget-no"}
"""Buttons that this crowd leaves alone, and asks something instead: tests/test_forgetting_crash.py presses them."""
MOST_WAITING = 8
"""Updates a person may fire blindly before replies come."""

Move = Callable[[Ledger], None]


class Crowd:
    """So many people. `act` lets one of them do something; the oracle hears of each update."""

    def __init__(self, visitors: Visitors, oracle: Oracle, people: int, seed: int) -> None:
        self._visitors, self._oracle = visitors, oracle
        self._dice = random.Random(seed)
        self.people = list(range(FIRST_PERSON, FIRST_PERSON + people))
        for person in self.people:
            visitors.add_person(f"Person {person}", LANGUAGES[person % 4], person_id=person)

    async def run(self, rate: float, stop: asyncio.Event) -> None:
        """Act until told to stop: `rate` updates a second on average, the gaps as they come."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        while not stop.is_set():
            before = self._oracle.updates
            self.act()
            done = max(1, self._oracle.updates - before)
            due = max(due + sum(self._dice.expovariate(rate) for _ in range(done)), loop.time() - 0.5)
            await asyncio.sleep(max(0.0, due - loop.time()))

    def act(self) -> None:
        """One person acts: one who has all their replies, else one who does not wait for them."""
        ledgers = [ledger for ledger in map(self._oracle.ledger, self.people) if not ledger.broken]
        ready = [ledger for ledger in ledgers if ledger.idle]
        if ready and self._dice.random() > 0.1:
            self._next(self._dice.choice(ready))
            return
        talking = [one for one in ledgers if one.state.stands and len(one.acts) < MOST_WAITING]
        if talking:
            self._blindly(self._dice.choice(talking))

    # -- what a person does

    def _next(self, ledger: Ledger) -> None:
        screen = next((one for one in reversed(ledger.screens) if one.buttons), None)
        if screen is None:
            self._say(ledger, "/start")
        else:
            self._at(screen.kind)(ledger, screen)

    def _at(self, kind: str) -> Callable[[Ledger, Screen], None]:
        return {"question": self._at_question, "changing": self._at_changing, "greeting": self._at_greeting}.get(
            kind, self._at_any
        )

    def _at_greeting(self, ledger: Ledger, screen: Screen) -> None:
        self._press(ledger, screen, next(button for button in screen.buttons if button.action == "agree"))

    def _at_question(self, ledger: Ledger, screen: Screen) -> None:
        answers = [button for button in screen.buttons if button.action == "answer"]
        answer, roll = self._dice.choice(answers), self._dice.random()
        if roll < 0.5:
            self._press(ledger, screen, answer)
        elif roll < 0.58:
            self._press(ledger, screen, answer)
            self._press(ledger, screen, answer)
        elif roll < 0.68:
            self._type_answer(ledger, screen)
        elif roll < 0.76:
            self._press_old(ledger, screen)
        elif roll < 0.88:
            self._press(ledger, screen, self._dice.choice(screen.buttons))
        elif roll < 0.92:
            self._blindly(ledger)
        elif roll < 0.96:
            self._say(ledger, QUESTION)
        else:
            self._say(ledger, self._dice.choice((NONSENSE, "/start", "/restart", "/cancel", "/language", "/answers")))

    def _type_answer(self, ledger: Ledger, screen: Screen) -> None:
        """By number or by label, at the question that is open."""
        option = self._dice.choice(screen.options)
        number = screen.options.index(option) + 1
        self._say(ledger, typed_label(option) if self._dice.random() < 0.5 else str(number))

    def _press_old(self, ledger: Ledger, screen: Screen) -> None:
        """A button from further up."""
        old = [one for one in ledger.screens[:-1] if one.kind == "question"]
        above = self._dice.choice(old[-12:]) if old else screen
        known = [button for button in above.buttons if button.action in ("answer", "back", "recap")]
        self._press(ledger, above, self._dice.choice(known or above.buttons))

    def _at_changing(self, ledger: Ledger, screen: Screen) -> None:
        if self._dice.random() < 0.3:
            self._type_answer(ledger, screen)
        else:
            self._press(ledger, screen, self._dice.choice(screen.buttons))

    def _at_any(self, ledger: Ledger, screen: Screen) -> None:
        roll = self._dice.random()
        if roll < 0.1:
            self._press_old(ledger, screen)
        elif roll < 0.15:
            self._blindly(ledger)
        elif roll < 0.2:
            self._say(ledger, QUESTION)
        else:
            self._press(ledger, screen, self._dice.choice(screen.buttons))

    def _blindly(self, ledger: Ledger) -> None:
        """Several at once, without waiting: their replies must come in this order."""
        said = ledger.acts[-1].text if ledger.acts else ledger.current.text if ledger.current else ""
        texts = self._dice.sample([text for text in BLIND if text != said], self._dice.randint(2, 3))
        if ledger.idle and ledger.state.waits == STANDING and self._dice.random() < 0.5:
            texts.append("1")
        for text in texts:
            self._post(ledger, text)

    # -- as updates

    def _say(self, ledger: Ledger, text: str) -> None:
        self._keep_apart(ledger, Act(0, text=text))
        self._post(ledger, text)

    def _press(self, ledger: Ledger, screen: Screen, button: Button) -> None:
        if button.action in RIGHTS:
            return self._say(ledger, QUESTION)
        self._keep_apart(ledger, Act(0, button=button, message_id=screen.message_id))
        update = self._visitors.press(ledger.chat_id, screen.message_id, button.data)
        return self._oracle.acted(ledger.chat_id, press_of(update, button))

    def _keep_apart(self, ledger: Ledger, act: Act) -> None:
        """A reply like the last message could be taken for its repetition after a kill: then say a word between."""
        if ledger.idle and not self._oracle.is_plain(ledger, act):
            words = (Act(0, text=text) for text in BLIND)
            self._post(ledger, next(word.text for word in words if self._oracle.is_plain(ledger, word)))

    def _post(self, ledger: Ledger, text: str) -> None:
        update = self._visitors.say(ledger.chat_id, text)
        self._oracle.acted(ledger.chat_id, Act(update["update_id"], text=text))


def press_of(update: dict[str, Any], button: Button) -> Act:
    """The act behind a callback query."""
    query = update["callback_query"]
    return Act(update["update_id"], button=button, message_id=query["message"]["message_id"], query=query["id"])
