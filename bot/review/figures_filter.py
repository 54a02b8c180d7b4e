"""Of which sessions the figures of a page are: the part of the filter of sessions that holds for figures, too."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from bot.languages import NAMES
from bot.review.audit import audited
from bot.review.context import review_of
from bot.review.rendering import page
from bot.store import traffic
from bot.store.database import TooSlowError
from bot.store.filters import Filter, FilterError

FIELDS: Final = ("since", "until", "language", "version", "simulated")

Shown = Callable[[Request, Filter], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What the form at the head of a page offers, as value and words each, and what is set."""

    wanted: Filter
    versions: tuple[tuple[str, str], ...]
    languages: tuple[tuple[str, str], ...] = tuple(NAMES.items())

    @property
    def query(self) -> dict[str, str]:
        """What is set, for links to other pages."""
        return self.wanted.set_values()


def narrowed(show: Shown, without: str = "") -> Callable[[Request], Awaitable[Response]]:
    """A page with these figures' filter, read from its query; a value that cannot be meant is told.

    That it was looked at is noted. `without`: the field that its figures do not know.
    """

    async def shown(request: Request) -> Response:
        try:
            wanted = read_wanted(request, without)
            await audited(request, "looked", f"{request.url.path.rpartition('/')[2]}?{wanted.as_query()}".rstrip("?"))
            return await show(request, wanted)
        except FilterError as error:
            return page(request, "error.html", 400, why=f"This address cannot be meant: {error}")
        except TooSlowError as error:
            return page(request, "error.html", 503, why=f"{error} A shorter period is answered sooner.")

    return shown


def read_wanted(request: Request, without: str = "") -> Filter:
    """The filter in the query, but for one field. Raises FilterError, which names the value."""
    query = request.query_params
    wanted = Filter.from_query({name: query[name] for name in FIELDS if name in query and name != without})
    if wanted.since and wanted.until and wanted.since > wanted.until:
        raise FilterError(f"since ({wanted.since}) is after until ({wanted.until}).")
    return wanted


async def narrowing(request: Request, wanted: Filter) -> Narrowing:
    """The form's choices."""
    stored = await traffic.versions(review_of(request).database)
    listed = [(version, f"{_day(at)} ({version[:8]})") for version, at in stored.items()]
    if wanted.version and wanted.version not in stored:
        listed.append((wanted.version, wanted.version[:8]))
    return Narrowing(wanted, tuple(listed))


def _day(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d}"
