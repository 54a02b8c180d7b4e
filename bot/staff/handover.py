"""A handover: who speaks in a chat. bot -> waiting -> claimed -> returned, and exactly one side speaks.

    waiting    a person was wished for; the bot goes on speaking
    claimed    a staff member has it: of a whole chat the dialog is silent, of one question the bot goes on
    returned   it has ended, and the bot speaks

There is at most one open handover a chat. All changes of it are in this file.
"""

from dataclasses import dataclass, replace
from typing import Literal

from bot.languages import Language

Kind = Literal["question", "chat"]
State = Literal["waiting", "claimed", "returned"]
Ending = Literal["", "closed", "owner", "silence", "blocked"]


@dataclass(frozen=True, slots=True)
class Handover:
    """One of them. Times are epoch milliseconds, 0 where it has not happened; ids of people are Telegram's.

    `kind`: one question was passed on, or the whole chat. `language`: in which the owner wished for it. `name`: the
    owner's. `question`: their words, `""` where only a person was wished for. `owner_at`, `staff_at`: when each side
    spoke last. `card_id`: outbox row of the newest card. `overdue_told`, `silence_told`: the staff were alerted.
    `rating`: 1 to 5, 0 while the owner has not said.
    """

    id: int
    chat_id: int
    session_id: int
    kind: Kind
    language: Language
    name: str
    question: str
    wished_at: int
    state: State = "waiting"
    claimed_by: int = 0
    claimed_name: str = ""
    claimed_at: int = 0
    owner_at: int = 0
    staff_at: int = 0
    ended_at: int = 0
    ending: Ending = ""
    card_id: int = 0
    overdue_told: bool = False
    silence_told: bool = False
    rating: int = 0

    @property
    def is_open(self) -> bool:
        """Whether a person is still expected, or there."""
        return self.state != "returned"

    @property
    def is_claimed(self) -> bool:
        """Whether a staff member has it."""
        return self.state == "claimed"

    @property
    def is_answered(self) -> bool:
        """Whether the staff said something to the owner since they have it."""
        return self.claimed_at != 0 and self.staff_at >= self.claimed_at

    @property
    def acted_at(self) -> int:
        """When the staff spoke last, or took it."""
        return max(self.staff_at, self.claimed_at)

    @property
    def person_speaks(self) -> bool:
        """Whether the dialog is silent."""
        return self.is_claimed and self.kind == "chat"

    def is_of(self, person: int) -> bool:
        """Whether this staff member has it."""
        return self.is_claimed and self.claimed_by == person


def claimed(handover: Handover, person: int, name: str, now: int) -> Handover:
    """A staff member takes it, or takes it over from a colleague who passes it on."""
    return replace(
        handover, state="claimed", claimed_by=person, claimed_name=name, claimed_at=now, silence_told=False,
    )  # fmt: skip


def released(handover: Handover, now: int) -> Handover:
    """Back among those who wait; the time already waited counts on, the alert comes anew."""
    return replace(
        handover, state="waiting", claimed_by=0, claimed_name="", claimed_at=0, overdue_told=False,
        silence_told=False,
    )  # fmt: skip


def returned(handover: Handover, ending: Ending, now: int) -> Handover:
    """The bot has the chat again."""
    return replace(handover, state="returned", ended_at=now, ending=ending)


def widened(handover: Handover) -> Handover:
    """One question becomes the whole chat."""
    return replace(handover, kind="chat")


def owner_spoke(handover: Handover, now: int) -> Handover:
    """The owner said something to the person."""
    return replace(handover, owner_at=now, silence_told=False)


def staff_spoke(handover: Handover, now: int) -> Handover:
    """The person said something to the owner."""
    return replace(handover, staff_at=now)
