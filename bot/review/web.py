"""The review pages as one web app, to be mounted at `/review` on the web server."""

from collections.abc import Iterable
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.review import advice, audit, handovers, home, questions, session, sessions, signing, tree, versions, writing
from bot.review.context import Review
from bot.review.guard import BUSY, MISSING, Guard
from bot.review.rendering import HERE, Section, page
from bot.store.database import StoreError, TooSlowError

ROUTES: Final[tuple[Route, ...]] = (
    *home.routes,
    *sessions.routes,
    *session.routes,
    *versions.routes,
    *tree.routes,
    *questions.routes,
    *writing.routes,
    *advice.routes,
    *handovers.routes,
    *audit.routes,
    *signing.routes,
)
"""Every page. A new module of pages is listed here; the guard lets in only who is signed in."""

SECTIONS: Final = (
    Section("sessions", "Sessions", "Every conversation, in the very words; search and filter, read, label, export."),
    Section("tree", "Tree", "The questions as a tree: where owners go, hesitate and leave."),
    Section("questions", "Questions", "What owners asked, what was answered well and what was not."),
    Section("advice", "Advice", "What was recommended, and what owners thought of it."),
    Section("handovers", "Handovers", "When a person took over, and how long it took."),
    Section("audit", "Audit", "Who looked at what here, and took it out."),
)
"""The navigation, in order; a section is shown once its page is among the routes."""


def review_pages(review: Review, hosts: Iterable[str] = ()) -> Guard:
    """The pages, guarded. `hosts`: names they may be asked for beside that of their address and this machine's own."""
    routes: list[BaseRoute] = [*ROUTES, Mount("/static", StaticFiles(directory=HERE / "static"))]
    app = Starlette(
        routes=routes,
        exception_handlers={HTTPException: _missing, StoreError: _busy, TooSlowError: _slow, Exception: _broken},
    )
    app.router.redirect_slashes = False
    app.state.review = review
    there = {route.path for route in ROUTES}
    app.state.sections = tuple(section for section in SECTIONS if f"/{section.path}" in there)
    return Guard(app, review, hosts)


async def _missing(request: Request, error: Exception) -> Response:
    """One answer for what there is not, and for what is not to be seen; what else a page refuses, in its words."""
    if isinstance(error, HTTPException) and error.status_code not in (404, 405):
        return page(request, "error.html", error.status_code, why=error.detail)
    return page(request, "error.html", 404, why=MISSING)


async def _busy(request: Request, error: Exception) -> Response:
    return page(request, "error.html", 503, why=BUSY)


async def _slow(request: Request, error: Exception) -> Response:
    return page(request, "error.html", 503, why="This takes too long. Ask for less: a shorter period, a rarer word.")


async def _broken(request: Request, error: Exception) -> Response:
    return page(request, "error.html", 500, why="Something broke here. What it was stands in the log.")
