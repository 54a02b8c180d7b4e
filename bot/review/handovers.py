"""The page of the handovers: how long owners waited for a person, when they ask for one, and who waits now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.languages import LANGUAGES, NAMES
from bot.review.charts import Bar, bars, columns
from bot.review.context import review_of
from bot.review.figures_filter import narrowed, narrowing
from bot.review.rendering import page
from bot.store import figures
from bot.store.figures import Waited
from bot.store.filters import Filter

MOST: Final = 100_000
MOST_WAITING: Final = 50
MINUTE_MS: Final = 60_000
STEPS: Final = (("under 1 minute", 1), ("1 to 5 minutes", 5), ("5 to 15 minutes", 15), ("15 to 60 minutes", 60),
                ("1 to 4 hours", 240), ("4 to 24 hours", 1440), ("over a day", None))  # fmt: skip
"""How waiting times are put together: a name, and under how many minutes."""


@dataclass(frozen=True, slots=True)
class Waits:
    """How long some owners waited until somebody took them on. `given_up`: it ended before that."""

    name: str
    wished: int
    claimed: int
    given_up: int
    median: str
    p90: str
    longest: str


async def _show(request: Request, wanted: Filter) -> Response:
    review, now = review_of(request), review_of(request).clock()
    found = await figures.waited(review.database, wanted, MOST)
    choices = await narrowing(request, wanted)
    # In a thread: they may be many, and turns go on meanwhile.
    return page(request, "handovers.html", narrowing=choices, **await asyncio.to_thread(_figures, found, now))


def _figures(found: Sequence[Waited], now: int) -> dict[str, Any]:
    """What the page shows of these."""
    waiting = sorted((one for one in found if one.state == "waiting"), key=lambda one: one.wished_at)
    steps, hours = _steps(found), by_hour(found)
    kinds = (("question", "One question"), ("chat", "The whole chat"))
    return {
        "found": len(found), "is_cut": len(found) == MOST, "names": NAMES,
        "whole": waits("All", found), "languages": [waits(NAMES[one], _of(found, one)) for one in LANGUAGES],
        "kinds": [waits(name, [one for one in found if one.kind == kind]) for kind, name in kinds],
        "waiting": [(one, told(now - one.wished_at)) for one in waiting[:MOST_WAITING]], "in_wait": len(waiting),
        "steps": steps, "hours": hours,
        "steps_chart": bars("Handovers by how long the owner waited", [Bar(*step) for step in steps]),
        "hours_chart": columns("Wishes for a person by the hour of the day, UTC", hours,
                               [f"{hour:02}" if hour % 6 == 0 else "" for hour in range(24)]),
    }  # fmt: skip


def _of(found: Sequence[Waited], language: str) -> list[Waited]:
    return [one for one in found if one.language == language]


def waits(name: str, found: Sequence[Waited]) -> Waits:
    """The figures of these."""
    waited = _waited(found)
    given_up = sum(one.state == "returned" and not one.claimed_at for one in found)
    return Waits(
        name, len(found), len(waited), given_up,
        _at(waited, 0.5), _at(waited, 0.9), _at(waited, 1.0),
    )  # fmt: skip


def _waited(found: Sequence[Waited]) -> list[int]:
    """The waiting times of those who were taken on (ms), the shortest first."""
    return sorted(max(0, one.claimed_at - one.wished_at) for one in found if one.claimed_at)


def _at(waited: Sequence[int], part: float) -> str:
    """So much of them waited at most this long: the time of the last one of that part."""
    return told(waited[max(0, ceil(part * len(waited)) - 1)]) if waited else "–"


def told(ms: int) -> str:
    """A time span to read: 45 s, 12 min, 3 h 05 min, 2 d 4 h."""
    seconds = max(0, ms) // 1000
    if seconds < 60:
        return f"{seconds} s"
    minutes = seconds // 60
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 1440:
        return f"{minutes // 60} h {minutes % 60:02} min"
    return f"{minutes // 1440} d {minutes % 1440 // 60} h"


def _steps(found: Sequence[Waited]) -> list[tuple[str, int]]:
    waited, below = _waited(found), 0
    steps: list[tuple[str, int]] = []
    for name, minutes in STEPS:
        until = len(waited) if minutes is None else sum(ms < minutes * MINUTE_MS for ms in waited)
        steps.append((name, until - below))
        below = until
    return steps


def by_hour(found: Sequence[Waited]) -> list[int]:
    """How many wished for a person in each hour of the day, UTC."""
    hours = [0] * 24
    for one in found:
        hours[datetime.fromtimestamp(one.wished_at / 1000, UTC).hour] += 1
    return hours


routes = [Route("/handovers", narrowed(_show, without="version"))]
