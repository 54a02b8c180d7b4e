"""The first page: what there is to look at."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.review.rendering import page


async def show(request: Request) -> Response:
    """The sections, each with what it tells."""
    return page(request, "home.html")


routes = [Route("/", show)]
