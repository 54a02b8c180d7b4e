"""The simulated staff: what happens, and when, once an owner wished for a person."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from bot.dialog.events import Pressed, Said
from bot.dialog.phrases import Words
from bot.dialog.presses import Action, Press, base36
from bot.simulation import habits, wordings
from bot.simulation.owners import Deed, Owner
from bot.staff.events import GroupEvent, Tapped, Who, Wrote
from bot.staff.handover import Handover
from bot.staff.moment import Person
from bot.staff.posts import Tap
from bot.store.sessions import SIMULATED_FROM

GROUP: Final = -SIMULATED_FROM
"""Their group, which is nowhere."""
PEOPLE: Final = tuple(Person(SIMULATED_FROM + place, "staff", name) for place, name in enumerate(wordings.STAFF))
MINUTE: Final = 60_000


@dataclass(frozen=True, slots=True)
class Happens:
    """Something that happens `after` ms: an owner's deed, or an event in the group."""

    after: int
    deed: Deed | None = None
    in_group: GroupEvent | None = None


def course(owner: Owner, handover: Handover, thread: int, words: Words) -> Iterator[Happens]:
    """What a wish leads to, in order. `thread`: the owner's topic; `words`: in which buttons are labelled."""
    random = owner.random
    if owner.chance(habits.UNHEARD):
        yield Happens(
            int(random.uniform(1, 6) * 60 * MINUTE), _pressed(words.plain("no-person"), "to-bot", base36(handover.id))
        )
        return
    minutes = min(random.lognormvariate(0, 0.9) * habits.USUAL_WAIT_MINUTES, habits.LONGEST_WAIT_MINUTES)
    helper = random.choice(PEOPLE)
    who, after = Who(helper.id, helper.name), int(minutes * MINUTE)
    yield Happens(after, in_group=Tapped(who=who, data=Tap("claim", handover.id).data(), thread=thread))
    answers = wordings.STAFF_SAYS[handover.language]
    for place in range(random.randint(1, len(answers))):
        after += random.randint(1, 4) * MINUTE
        yield Happens(after, in_group=Wrote(who=who, text=answers[place], thread=thread))
        if handover.kind == "chat":
            after += owner.pause(2)
            yield Happens(after, Deed(Said(text=wordings.TO_STAFF[handover.language][place])))
    after += random.randint(1, 4) * MINUTE
    yield Happens(after, in_group=Tapped(who=who, data=Tap("close", handover.id).data(), thread=thread))
    if owner.chance(habits.SAYS_HOW_IT_WAS):
        stars = _stars(owner, minutes)
        yield Happens(after + owner.pause(), _pressed(f"⭐ {stars}", "rate", base36(handover.id), str(stars)))


def _stars(owner: Owner, minutes: float) -> int:
    best = 5 if minutes <= habits.PATIENCE_MINUTES else 3
    return max(1, best - owner.random.choice((0, 0, 0, 1, 1, 2)))


def _pressed(label: str, action: Action, *words: str) -> Deed:
    return Deed(Pressed(data=Press(action, words=words).data()), label)
