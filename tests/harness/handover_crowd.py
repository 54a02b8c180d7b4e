"""Owners and staff who talk at once, at a steady pace with random gaps; each acts only on what is on their screen."""

import asyncio
import random
from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.preview.cast import STAFF_GROUP
from bot.preview.chats import Person
from bot.preview.pretend import PretendTelegram
from harness.conversations import Conversation, Handover, HandoverOracle, Seen

FIRST_OWNER: Final = 2001
LANGUAGES: Final = ("en", "pt", "bg", "fi")
MOST_DUE: Final = 6
"""So much may be due in a conversation before its people wait."""
PUZZLING: Final = "qwertzuiop blorf"
"""What the bot has no answer to."""


class HandoverCrowd:
    """So many owners, and these staff members, who must have their role already."""

    def __init__(self, telegram: PretendTelegram, oracle: HandoverOracle, staff: tuple[Person, ...], seed: int) -> None:
        self._telegram, self._visitors, self._oracle, self.staff = telegram, telegram.visitors, oracle, staff
        self._dice = random.Random(seed)
        self._all = list(oracle.conversations.values())

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
        """Somebody does something."""
        ready = [one for one in self._all if not one.broken and len(one.topic.due) + len(one.private.due) < MOST_DUE]
        if not ready:
            return
        if self._dice.random() < 0.55:
            self._owner(self._dice.choice(ready))
        elif visible := [one for one in ready if one.newest and one.newest.cards]:
            self._staff(self._dice.choice(visible), self._dice.choice(self.staff))

    # -- owners

    def _owner(self, one: Conversation) -> None:
        handover = one.open
        if not one.at_dialog:
            self.walk(one)
        elif handover is None:
            self._alone(one)
        elif handover.speaks:
            self._to_the_person(one, handover)
        else:
            self._while_waiting(one, handover)

    def walk(self, one: Conversation) -> None:
        """One step to the first question, once the step before has come."""
        if not one.private.idle:
            return
        last = one.private.last
        if last is None:
            self._says(one, "/start")
            one.started()
        elif last.screen.kind == "greeting":
            one.agreed(self._press(one, last, "agree"))
        elif last.screen.kind == "menu":
            self._press(one, last, "find")
            one.found()

    def _alone(self, one: Conversation) -> None:
        """Nobody is expected."""
        roll = self._dice.random()
        if not one.private.idle:
            return
        if roll < 0.15 and self._rate(one):
            return
        last = one.private.newest(lambda seen: bool(seen.data))
        if roll < 0.5:
            self.go_on(one)
        elif roll < 0.8:
            self.says_human(one)
        elif last and any(data.startswith("person:") for data in last.data):
            self._press(one, last, "person")
            one.wished("question")
        else:
            self._says(one, PUZZLING)
            one.puzzled()

    def says_human(self, one: Conversation) -> None:
        """They wish for a person to have the chat."""
        self._says(one, "/human")
        one.wished("chat")

    def _rate(self, one: Conversation) -> bool:
        handover, asked = one.newest, self._with(one, "rate")
        if handover is None or handover.rated or asked is None or _number(asked, "rate") != handover.number:
            return False
        one.rated(self._press(one, asked, "rate"))
        return True

    def go_on(self, one: Conversation) -> bool:
        """Answer the question that is open, or begin anew after the advice; whether there was any."""
        screen = one.stands()
        if screen is None:
            return False
        if screen.screen.kind == "advice":
            self._press(one, screen, "start-over")
            one.started_over()
        else:
            one.answered(self._press(one, screen, "answer"))
        return True

    def _while_waiting(self, one: Conversation, handover: Handover) -> None:
        """The bot speaks; what it cannot answer is passed on."""
        roll = self._dice.random()
        if roll < 0.5:
            self.write(one, photo=roll < 0.1)
        elif roll < 0.75 and one.private.idle:
            self.go_on(one)
        elif roll < 0.82:
            self.says_human(one)
        elif roll < 0.9 and handover.kind == "question" and (offered := self._with(one, "talk")):
            if _number(offered, "talk") == handover.number:
                self._press(one, offered, "talk")
                one.talked_back()
        elif roll < 0.94:
            self.go_back(one)

    def _to_the_person(self, one: Conversation, handover: Handover) -> None:
        """The person has the chat."""
        roll = self._dice.random()
        if roll < 0.75:
            for _ in range(self._dice.randint(1, 3)):
                self.write(one, photo=self._dice.random() < 0.2)
        elif roll < 0.87:
            if screen := one.stands():  # an old button: only a notice
                self._press(one, screen, self._dice.choice(screen.data).split(":")[0])
        elif roll < 0.91:
            self._says(one, self._dice.choice(("/start", "/answers", "/restart")))
            one.reminded()
        elif roll < 0.94:
            self._says(one, "/cancel")
            one.went_back()
        elif roll < 0.97:
            self.go_back(one)

    def write(self, one: Conversation, *, photo: bool = False) -> None:
        """A numbered text, or a photo with one, for the person."""
        number = self._oracle.fresh()
        self._sends(one.person, f"zq{number}x {PUZZLING}", photo=photo)
        one.wrote(number, photo=photo)

    def go_back(self, one: Conversation) -> bool:
        """By the button; whether there is one."""
        offered = self._with(one, "to-bot")
        if offered is None or one.open is None or _number(offered, "to-bot") != one.open.number:
            return False
        self._press(one, offered, "to-bot")
        one.went_back()
        return True

    # -- staff

    def _staff(self, one: Conversation, person: Person) -> None:
        handover = one.newest
        assert handover is not None
        if handover.state == "waiting":
            self._take(one, handover, person)
        elif handover.state == "claimed":
            holder = next(each for each in self.staff if each.first_name == handover.by)
            self._holder(one, handover, holder) if self._dice.random() < 0.9 else self._other(one, handover, person)

    def _take(self, one: Conversation, handover: Handover, person: Person) -> None:
        """By the button, perhaps two at once; or by writing."""
        roll = self._dice.random()
        if roll < 0.25:
            self.answer(one, person, photo=roll < 0.05)
        else:
            rivals = self._dice.sample(self.staff, self._dice.choice((1, 1, 2, 3)))
            self._oracle.contested += len(rivals) > 1
            for rival in rivals:
                self.claim(one, handover, rival)

    def claim(self, one: Conversation, handover: Handover, person: Person) -> None:
        """By the button of its newest card, if it is there."""
        query = self._tap(one, handover, person, "claim")
        if query:
            won = one.claimed(handover, person.first_name)
            self._oracle.claims[query] = won, f"{person.first_name} claims {one.name}"

    def _holder(self, one: Conversation, handover: Handover, person: Person) -> None:
        roll = self._dice.random()
        if roll < 0.7:
            for _ in range(self._dice.randint(1, 2)):
                self.answer(one, person, photo=self._dice.random() < 0.2)
        elif roll < 0.77:
            self._pass(one, handover, person)
        elif roll < 0.85:
            self.release(one, handover, person)
        elif roll < 0.92:
            self.close(one, handover, person)
        elif handover.kind == "question" and self._tap(one, handover, person, "talk"):
            one.widened(handover, person.first_name)

    def _other(self, one: Conversation, handover: Handover, person: Person) -> None:
        """Somebody who may have it, or not, tries to close or to write."""
        if self._dice.random() < 0.5:
            self.close(one, handover, person)
        else:
            self.answer(one, person)

    def answer(self, one: Conversation, person: Person, *, photo: bool = False) -> None:
        """A numbered text, or a photo with one, in the topic, as far as a member may write there."""
        if not one.threads or self._telegram.world.chats[STAFF_GROUP].topics[one.threads[-1]].closed:
            return
        number = self._oracle.fresh()
        words = f"st{number}x as I see it"
        self._sends(person.id, words, photo=photo, chat_id=STAFF_GROUP, thread_id=one.threads[-1])
        one.staff_wrote(person.first_name, number, photo=photo)

    def _pass(self, one: Conversation, handover: Handover, person: Person) -> None:
        """Ask to whom; or choose, where that was asked."""
        others = [each for each in self.staff if each is not person]
        to = self._dice.choice(others)
        if self._dice.random() < 0.7 and self._tap(one, handover, person, "pass-to", base36(to.id)):
            one.passed(handover, person.first_name, to.first_name)
        elif self._tap(one, handover, person, "pass"):
            one.asked_to_pass(handover, person.first_name)

    def release(self, one: Conversation, handover: Handover, person: Person) -> bool:
        """Back to those who wait."""
        if pressed := bool(self._tap(one, handover, person, "release")):
            one.released(handover, person.first_name)
        return pressed

    def close(self, one: Conversation, handover: Handover, person: Person) -> bool:
        """The bot has it again; whether there is a button."""
        if pressed := bool(self._tap(one, handover, person, "close")):
            one.closed(handover, person.first_name)
        return pressed

    # -- as updates

    def _says(self, one: Conversation, text: str) -> None:
        self._did(self._visitors.say(one.person, text))

    def _sends(self, person: int, words: str, *, photo: bool, **where: Any) -> None:
        if photo:
            self._did(self._visitors.send(person, "photo", caption=words, **where))
        else:
            self._did(self._visitors.say(person, words, **where))

    def _press(self, one: Conversation, seen: Seen, act: str) -> int:
        """One of the buttons for this act; gives the message."""
        data = self._dice.choice([data for data in seen.data if data.split(":")[0] == act])
        self._did(self._visitors.press(one.person, seen.screen.message_id, data))
        return seen.screen.message_id

    def _tap(self, one: Conversation, handover: Handover, person: Person, act: str, word: str = "") -> str:
        """The newest button of the staff for this; gives the query, "" where there is none."""
        wanted = f"!{act}:{base36(handover.number)}" + (f":{word}" if word else "")
        found = one.topic.newest(lambda seen: wanted in seen.data) if handover.number else None
        if found is None:
            return ""
        update = self._visitors.press(person.id, found.screen.message_id, wanted, chat_id=STAFF_GROUP)
        self._did(update)
        return str(update["callback_query"]["id"])

    def _did(self, update: Mapping[str, Any]) -> None:
        assert "update_id" in update, update
        self._oracle.updates += 1

    @staticmethod
    def _with(one: Conversation, act: str) -> Seen | None:
        """The newest message to the owner with a button for this."""
        has: Callable[[Seen], bool] = lambda seen: any(data.startswith(f"{act}:") for data in seen.data)  # noqa: E731
        return one.private.newest(has)


def _number(seen: Seen, act: str) -> int:
    """The handover that an owner's button for this speaks of."""
    return next(int(data.split(":")[3], 36) for data in seen.data if data.startswith(f"{act}:"))


def base36(value: int) -> str:
    """As it stands in a button."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return (base36(value // 36) if value >= 36 else "") + digits[value % 36]
