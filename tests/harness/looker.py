"""An admin who looks at what a crowd did, on the review pages, over HTTP."""

import contextlib
import re
from collections.abc import AsyncIterator
from html import unescape

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.review.context import PREFIX, Review
from bot.review.rendering import TOKEN_FIELD
from bot.review.web import review_pages
from bot.store import visits
from harness.reviewing import ADDRESS, FORM, form_token
from harness.walkers import Walked


class Admin:
    """Somebody signed in."""

    def __init__(self, browser: httpx.AsyncClient) -> None:
        self._browser = browser

    async def get(self, path: str) -> httpx.Response:
        """Open a page below /review."""
        return await self._browser.get(path)

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
        token = await form_token(self._browser)
        return await self._browser.post(path, data={TOKEN_FIELD: token, **fields}, headers=FORM)


def words_of(html: str) -> str:
    """What is to be read on a page, on one line; without pictures and without what can be chosen."""
    body = re.sub(r"<(svg|select)\b.*?</\1>", " ", html.split("<main", 1)[-1], flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


@contextlib.asynccontextmanager
async def signed_in(walked: Walked, *admins: int) -> AsyncIterator[tuple[Admin, ...]]:
    """Admins of this crowd's bot, each signed in."""
    review = Review(walked.database, walked.contents, lambda: walked.clock[0], ADDRESS, turns=walked.turns)
    wire = httpx.ASGITransport(Starlette(routes=[Mount(PREFIX, review_pages(review))]), raise_app_exceptions=False)
    async with contextlib.AsyncExitStack() as stack:
        browsers = [
            await stack.enter_async_context(httpx.AsyncClient(transport=wire, base_url=f"{ADDRESS}{PREFIX}/"))
            for _ in admins
        ]
        for person, browser in zip(admins, browsers, strict=True):
            await walked.database.write(visits.make_link(f"link-of-{person}", person, walked.clock[0]))
            assert (await browser.post(f"in/link-of-{person}")).status_code == 303
        yield tuple(Admin(browser) for browser in browsers)
