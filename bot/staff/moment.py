"""What the staff's side of a turn meets: the time, the staff's language and hours, and the group."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from bot.dialog.phrases import Content, Words
from bot.knowledge.taught import Taught
from bot.languages import Language
from bot.staff.handover import Handover
from bot.staff.hours import Hours

NOBODY: Mapping[int, "Person"] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a role, now or once."""

    id: int
    role: str
    name: str


@dataclass(frozen=True, slots=True)
class Desk:
    """How the staff work, as the settings say.

    `chat`: the group's id today, 0: there is none. `language`: of the cards. `hours`: None where none are set, then
    `zone` alone says what a time means. `wait_alert`: minutes until a waiting person is overdue. `claim_hours`: so long
    may the staff be silent before a chat goes back to the bot.
    """

    chat: int = 0
    language: Language = "en"
    hours: Hours | None = None
    zone: str = "UTC"
    wait_alert: float = 30
    claim_hours: float = 8

    @property
    def is_staffed(self) -> bool:
        """Whether there is anybody to ask."""
        return self.chat != 0


@dataclass(frozen=True, slots=True)
class Moment:
    """The desk at one time (epoch ms), with today's content."""

    desk: Desk
    content: Content
    now: int

    @property
    def words(self) -> Words:
        """The phrases in the staff's language."""
        return Words(self.content, self.desk.language)

    @property
    def date(self) -> str:
        """The day in UTC, as 2026-11-22."""
        return datetime.fromtimestamp(self.now / 1000, UTC).date().isoformat()

    def clock(self, at: int) -> str:
        """A time of the staff's clock, as `14:05`; with its date where that is not today."""
        zone = ZoneInfo(self.desk.zone)
        then, today = (datetime.fromtimestamp(time / 1000, zone) for time in (at, self.now))
        return f"{then:%H:%M}" if then.date() == today.date() else f"{then:%Y-%m-%d %H:%M}"


@dataclass(frozen=True, slots=True)
class Known:
    """What the store knows that an event in the group may need.

    `people`: those with a role, by id. `handover`: the one it is about, None: of none. `waiting`: all open ones,
    oldest first. `draft`: the taught answer it is about. `last_answer`: what the staff told this owner last, plain.
    `row`: the outbox row that this event's message became (for an edit), 0: none. `fresh`: the id of the next draft.
    """

    people: Mapping[int, Person] = field(default_factory=lambda: NOBODY)
    handover: Handover | None = None
    waiting: tuple[Handover, ...] = ()
    draft: Taught | None = None
    last_answer: str = ""
    row: int = 0
    fresh: int = 0
