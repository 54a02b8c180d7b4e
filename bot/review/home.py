"""The first page: what to do something about, at a glance, and the sessions that came last."""

import asyncio
from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.dialog.phrases import plain
from bot.review import questions
from bot.review.context import Review, review_of
from bot.review.funnel import Funnel, funnel
from bot.review.handovers import told
from bot.review.questions import ENGLISH, Group, Served
from bot.review.rendering import page
from bot.review.session_filter import STATE_NAMES
from bot.store import figures, handovers, records, traffic
from bot.store.database import TooSlowError
from bot.store.filters import DAY_MS, Filter

DAYS: Final = 28
MOST_SESSIONS: Final = 5
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many owners wait for a person now, and for how long the one who waits longest (in words)."""

    n: int
    longest: str


async def show(request: Request) -> Response:
    """What stands out of the last weeks; each finding links to the page that it is from, narrowed to the same weeks."""
    review = review_of(request)
    recent = _recent(review.clock())
    return page(
        request, "home.html",
        days=DAYS, recent=recent.set_values(), names=ENGLISH, states=STATE_NAMES, candidates=_candidates(review),
        funnel=await _in_time(_funnel(review, recent)),
        served=await _in_time(_served(review, recent)),
        groups=await _in_time(_groups(review, recent)),
        waiting=await _waiting(review),
        newest=await _in_time(records.newest(review.database, MOST_SESSIONS, review.clock())),
    )  # fmt: skip


def _recent(now: int) -> Filter:
    since = datetime.fromtimestamp((now - (DAYS - 1) * DAY_MS) / 1000, UTC)
    return Filter(since=since.date().isoformat())


async def _in_time(finding: Awaitable[T]) -> T | None:
    """The finding; None where it takes too long: the others are shown all the same."""
    try:
        return await finding
    except TooSlowError:
        return None


async def _funnel(review: Review, wanted: Filter) -> Funnel:
    counts = await traffic.by_place(review.database, wanted)
    there = await traffic.still_there(review.database, wanted, review.clock())
    return funnel(review.contents.current.dialog, "en", counts, there)


async def _served(review: Review, wanted: Filter) -> list[Served]:
    asked = await traffic.asked(review.database, wanted)
    return questions.by_language(asked, await figures.judged(review.database, wanted))


async def _groups(review: Review, wanted: Filter) -> list[Group]:
    """Questions that still have no answer, the most asked first."""
    asked = await figures.unanswered(review.database, wanted, questions.MOST_GROUPED)
    groups = await asyncio.to_thread(questions.grouped, asked, review.contents.current.knowledge)
    return [one for one in groups if not one.by_now]


async def _waiting(review: Review) -> Waiting:
    since = [one.wished_at for one in await handovers.still_open(review.database) if one.state == "waiting"]
    return Waiting(len(since), told(review.clock() - min(since)) if since else "")


def _candidates(review: Review) -> dict[str, str]:
    return {one.id: plain(one.name.to("en")) for one in review.contents.current.dialog.candidates.values()}


routes = [Route("/", show)]
