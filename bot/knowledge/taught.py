"""What the staff taught: an answer in one language, live once an admin approved it."""

from dataclasses import dataclass
from typing import Final

from bot.languages import Language

LONGEST: Final = 3000
"""Letters of an answer, so that it fits into a message with its question."""


@dataclass(frozen=True, slots=True)
class Taught:
    """A taught answer, as it is kept. `state`: draft, submitted, approved, refused.

    `concept` and `facet` say what it is about, `""` for none; `approved_by` and `approved_at` are 0 until an admin
    approved it, on the day `approved_on` (as 2026-11-22); `handover_id` and `card_id` are where it came from and where
    it stands in the staff's group. Times are epoch milliseconds.
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
    approved_on: str = ""
