"""Which sessions are wanted: one value for the list, its counts, its links, its export and the terminal."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import urlencode

from bot.languages import LANGUAGES

DAY_MS: Final = 24 * 3600 * 1000
STATES: Final = ("going-on", "advised", "left")
RATINGS: Final = ("1", "2", "3", "4", "5", "helpful", "unhelpful")
YES_NO: Final = ("yes", "no")
OF_TWO: Final = ("handed", "flagged", "reviewed", "simulated")
"""What is yes or no. Elsewhere "no" is a word like another."""
LONGEST_VALUE: Final = 100
_NAME = re.compile(r"[\w.:-]+")
_LABEL = re.compile(r"[^\x00-\x1f\x7f]+")


class FilterError(ValueError):
    """A value that names no filter; the message says which are known."""


@dataclass(frozen=True, slots=True)
class Filter:
    """The sessions that fulfil all that is set; `""` is not set.

    `since`, `until`: days on which a session began (UTC, ISO), both included. `state`: going-on, advised or left (no
    advice, and nothing for a day). `advice`: the candidate last recommended, or not-enough. `rating`: 1 to 5 for a
    person's help, helpful or unhelpful for a knowledge answer. `left_at`: the question at which it was left.
    `handed`, `flagged`, `reviewed`, `simulated`: yes or no. `words`: each begins a word that owners or staff wrote in
    one of its lines.
    """

    since: str = ""
    until: str = ""
    language: str = ""
    state: str = ""
    advice: str = ""
    version: str = ""
    rating: str = ""
    handed: str = ""
    flagged: str = ""
    reviewed: str = ""
    simulated: str = ""
    label: str = ""
    left_at: str = ""
    words: str = ""

    @classmethod
    def from_query(cls, values: Mapping[str, str]) -> "Filter":
        """The filter that a query string, or the options of a command, stand for; other keys are not ours.

        Raises FilterError for a value that cannot be meant.
        """
        return cls(**{name: _checked(name, values[name].strip()) for name in NAMES if values.get(name, "").strip()})

    def as_query(self, **more: object) -> str:
        """As a query string that `from_query` reads, without what is not set; `more` comes after it."""
        return urlencode(
            {**self.set_values(), **{name: value for name, value in more.items() if value not in ("", None)}}
        )

    def without(self, name: str) -> "Filter":
        """The same with one thing not set."""
        return replace(self, **{name: ""})

    def set_values(self) -> dict[str, str]:
        """What is set, in order."""
        return {name: value for name in NAMES if (value := getattr(self, name))}

    @property
    def period(self) -> tuple[int, int]:
        """From and until when a session may have begun, epoch ms, the second excluded."""
        since = _midnight(self.since) if self.since else 0
        return since, (_midnight(self.until) + DAY_MS if self.until else 1 << 62)


NAMES: Final = tuple(field.name for field in fields(Filter))
_CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "language": tuple(LANGUAGES),
    "state": STATES,
    "rating": RATINGS,
    **dict.fromkeys(OF_TWO, YES_NO),
}


def _checked(name: str, value: str) -> str:
    if name == "words":
        return value[:1000]
    if name in ("since", "until"):
        return _day(name, value)
    if name in _CHOICES and value not in _CHOICES[name]:
        raise FilterError(f"{name} is one of {', '.join(_CHOICES[name])}; not {value[:LONGEST_VALUE]!r}.")
    pattern = _LABEL if name == "label" else _NAME
    if len(value) > LONGEST_VALUE or not pattern.fullmatch(value):
        raise FilterError(f"{name} cannot be {value[:LONGEST_VALUE]!r}.")
    return value


def _day(name: str, value: str) -> str:
    try:
        day = date.fromisoformat(value)
        datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        raise FilterError(f"{name} is a day, as 2026-11-30; not {value[:LONGEST_VALUE]!r}.") from None
    return day.isoformat()


def _midnight(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp()) * 1000
