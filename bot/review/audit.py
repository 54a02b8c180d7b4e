"""Who looked at what: noted with every act that review tells of, and its page."""

from typing import Final

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.review.context import review_of, visitor_of
from bot.review.rendering import page
from bot.store import audits

ON_A_PAGE: Final = 50
NEWEST: Final = 2**62


async def audited(request: Request, act: str, what: str) -> None:
    """Note that the visitor did this. `what`: the page or the session, with its filter; never an owner's words."""
    review = review_of(request)
    await review.database.write(audits.note(visitor_of(request).person_id, act, what, review.clock()))


async def show(request: Request) -> Response:
    """The log, newest first; `before` is the row where the last page ended."""
    asked = request.query_params.get("before", "")
    row = int(asked) if asked.isdecimal() and len(asked) < 19 else NEWEST
    found = await audits.before(review_of(request).database, row, ON_A_PAGE + 1)
    more = found[ON_A_PAGE - 1].id if len(found) > ON_A_PAGE else None
    return page(request, "audit.html", acts=found[:ON_A_PAGE], more=more, is_first=row == NEWEST)


routes = [Route("/audit", show)]
