"""An admin who looks at the review pages over HTTP, in the test's own process."""

import contextlib
import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.review.context import Review
from bot.review.guard import COOKIE
from bot.review.rendering import TOKEN_FIELD
from bot.review.web import review_pages
from bot.store import visits
from harness.walkers import Walked

ADDRESS = "https://advisor.example.org"
FORM = "the-form-of-the-visit"


class Admin:
    """Somebody with a browser; `person`: their Telegram id."""

    def __init__(self, client: httpx.AsyncClient, person: int) -> None:
        self._client, self.person = client, person

    async def get(self, path: str) -> httpx.Response:
        """Open a page below /review."""
        return await self._client.get(f"/review/{path}")

    async def page(self, path: str) -> str:
        """Its HTML; it must be there."""
        response = await self.get(path)
        assert response.status_code == 200, (response.status_code, response.text)
        return response.text

    async def text(self, path: str) -> str:
        """Its words, as they are read."""
        return words_of(await self.page(path))

    async def send(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of this visit."""
        return await self._client.post(f"/review/{path}", data={TOKEN_FIELD: FORM, **fields})


def words_of(html: str) -> str:
    """What is to be read on a page, on one line."""
    body = re.sub(r"<(svg|select)\b.*?</\1>", " ", html.split("<main", 1)[-1], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


@contextlib.asynccontextmanager
async def signed_in(walked: Walked, person: int) -> AsyncIterator[Admin]:
    """An admin of this crowd's bot, with a visit that goes on. The person must be one, or sees nothing."""
    review = Review(walked.database, walked.contents, lambda: walked.clock[0], ADDRESS, turns=walked.turns)
    cookie = f"cookie-of-{person}"
    link = f"link-of-{person}"
    await walked.database.write(visits.make_link(link, person, walked.clock[0]))
    await walked.database.write(visits.begin_by_link(link, cookie, FORM, walked.clock[0]))
    mounted = Mount("/review", review_pages(review))
    transport = httpx.ASGITransport(app=Starlette(routes=[mounted]), raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url=ADDRESS, headers={"cookie": f"{COOKIE}={cookie}"}
    ) as client:
        yield Admin(client, person)
