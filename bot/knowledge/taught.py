"""What the staff taught: an answer in one language, live once an admin approved it."""

from dataclasses import dataclass
from typing import Final

from bot.languages import Language

LONGEST: Final = 3000
"""Letters of an answer, so that it fits into a message with its question."""
DAY_MS: Final = 24 * 3600 * 1000
EPOCH_DAY: Final = 719_468
"""Days from the first of March of the year 0 to 1970."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A taught answer, as it is kept. `state`: draft, submitted, approved, refused.

    `concept` and `facet` say what it is about, `""` for none; `approved_by` is 0 and `approved_at` 0 until an admin
    approved it; `handover_id` and `card_id` are where it came from and where it stands in the staff's group.
    Times are epoch milliseconds.
    """

    id: int
    state: str
    language: Language
    question: str
    text: str
    concept: str = ""
    facet: str = ""
    handover_id: int = 0
    by: int = 0
    by_name: str = ""
    approved_by: int = 0
    approved_name: str = ""
    made_at: int = 0
    approved_at: int = 0
    card_id: int = 0

    @property
    def approved_on(self) -> str:
        """The day of the approval in UTC, as 2026-11-22."""
        return day(self.approved_at)


def day(at: int) -> str:
    """The date of an epoch time in milliseconds, by the calendar alone: the core has no clock."""
    days = at // DAY_MS + EPOCH_DAY
    era, of_era = divmod(days, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    number = month + 3 if month < 10 else month - 9
    return f"{era * 400 + year + (number <= 2):04}-{number:02}-{of_year - (153 * month + 2) // 5 + 1:02}"
