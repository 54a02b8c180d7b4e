"""An event in the staff's group, and what it meets."""

import re
from dataclasses import dataclass
from typing import Final

from bot.dialog.view import View
from bot.staff.events import GroupEvent
from bot.staff.handover import Handover
from bot.staff.moment import Known, Moment, Person
from bot.staff.outcome import Outcome
from bot.staff.posts import Post, called, inert

NOTHING: Final = Outcome()
MARKED: Final = re.compile("\ue000(\\w+)\ue001")
"""Where a name will stand in a phrase."""


@dataclass(frozen=True, slots=True)
class Scene:
    """An event in the group, and what it meets. `view`: of the owner it is about, None: of nobody."""

    moment: Moment
    known: Known
    event: GroupEvent
    view: View | None = None

    @property
    def role(self) -> str:
        """Of the one who did it."""
        person = self.known.people.get(self.event.who.id)
        return person.role if person and self.event.who.id else ""

    @property
    def name(self) -> str:
        """By which the others know them."""
        return called(self.event.who.name) or str(self.event.who.id)

    @property
    def person(self) -> Person:
        """The one who did it."""
        return Person(self.event.who.id, self.role, self.name)

    @property
    def handover(self) -> Handover:
        """The one it is about. Only where there is one."""
        assert self.known.handover is not None
        return self.known.handover

    def says(self, phrase: str, **variables: object) -> str:
        """A phrase to the staff; HTML."""
        return self.moment.words.say(phrase, **variables)

    def tells(self, phrase: str, **variables: object) -> str:
        """A phrase with a name in it, whatever somebody calls themselves: nothing in it can be tapped; HTML."""
        marked = self.says(phrase, **{name: f"\ue000{name}\ue001" for name in variables})
        return MARKED.sub(lambda found: inert(str(variables[found[1]])), marked)

    def plain(self, phrase: str, **variables: object) -> str:
        """A phrase on a button or in a toast."""
        return self.moment.words.plain(phrase, **variables)

    def told(self, text: str, *more: Post, buttons: tuple[tuple[tuple[str, str], ...], ...] = ()) -> Outcome:
        """Something to the staff, where they asked."""
        return Outcome(posts=(self.post(text, buttons), *more))

    def post(self, text: str, buttons: tuple[tuple[tuple[str, str], ...], ...] = ()) -> Post:
        """A post where this event happened."""
        handover = self.known.handover.id if self.known.handover else 0
        return Post(text=text, buttons=buttons, handover=handover, thread=0 if handover else self.event.thread)
