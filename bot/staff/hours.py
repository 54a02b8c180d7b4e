"""The staff's working hours: written as `Mon-Fri 09:00-17:00, Sat 10:00-14:00`, in a time zone."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN: Final = re.compile(r"([a-z]{3})(?:-([a-z]{3}))?\s+(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})\Z")
DAY_ENDS: Final = (24, 0)

Spans = Mapping[int, tuple[tuple[time, timedelta], ...]]
"""By day of the week (0: Monday): when work begins, and how long it goes."""


@dataclass(frozen=True, slots=True)
class Opening:
    """When the staff are there again: days from today, day of the week (0: Monday), and the time, as `09:00`."""

    days: int
    weekday: int
    time: str


@dataclass(frozen=True, slots=True)
class Hours:
    """Working hours as they were `written`, in `zone` (an IANA name)."""

    written: str
    zone: str
    spans: Spans

    def is_open(self, now: int) -> bool:
        """Whether somebody works at this time (epoch ms)."""
        here = datetime.fromtimestamp(now / 1000, ZoneInfo(self.zone))
        days = (here.date() - timedelta(days=1), here.date())
        return any(begin <= here < end for day in days for begin, end in self._on(day))

    def next_opening(self, now: int) -> Opening | None:
        """When work begins next after this time (epoch ms)."""
        here = datetime.fromtimestamp(now / 1000, ZoneInfo(self.zone))
        for days in range(8):
            day = here.date() + timedelta(days=days)
            for begin, _ in self._on(day):
                if begin > here:
                    return Opening(days, day.weekday(), f"{begin:%H:%M}")
        return None

    def _on(self, day: date) -> list[tuple[datetime, datetime]]:
        """The spans of this date, as the clock on the wall shows them: also on the days it is changed."""
        zone = ZoneInfo(self.zone)
        spans = ((datetime.combine(day, at), long) for at, long in self.spans.get(day.weekday(), ()))
        return [(begin.replace(tzinfo=zone), (begin + long).replace(tzinfo=zone)) for begin, long in spans]


def hours(written: str, zone: str) -> Hours:
    """Working hours as written. Raises ValueError, saying what is wrong."""
    try:
        ZoneInfo(zone)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"{zone!r} is no time zone; write one as Europe/Lisbon") from None
    spans: dict[int, list[tuple[time, timedelta]]] = {}
    for part in filter(None, (part.strip().lower() for part in re.split("[,;]", written))):
        for day, begin, long in _span(part):
            spans.setdefault(day, []).append((begin, long))
    if not spans:
        raise ValueError("write days and times, as Mon-Fri 09:00-17:00")
    return Hours(written.strip(), zone, {day: tuple(sorted(listed)) for day, listed in spans.items()})


def _span(part: str) -> list[tuple[int, time, timedelta]]:
    """One part: its days, when it begins and how long it goes; one that ends before it begins goes over midnight."""
    found = SPAN.match(part)
    if not found or found[1] not in DAYS or (found[2] or found[1]) not in DAYS:
        raise ValueError(f"{part!r} is not understood; write days and times, as Mon-Fri 09:00-17:00")
    begin, end = (int(found[3]), int(found[4])), (int(found[5]), int(found[6]))
    if begin >= DAY_ENDS or end > DAY_ENDS or max(begin[1], end[1]) > 59 or begin == end:
        raise ValueError(f"{part!r} names a time that there is not")
    minutes = (end[0] - begin[0]) * 60 + end[1] - begin[1]
    first, last = DAYS.index(found[1]), DAYS.index(found[2] or found[1])
    days = [day % 7 for day in range(first, last + 1 + 7 * (last < first))]
    return [(day, time(*begin), timedelta(minutes=minutes % (24 * 60) or 24 * 60)) for day in days]
