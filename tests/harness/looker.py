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
    """Somebody signed in; anew whenever time has passed."""

    def __init__(self, walked: Walked, person: int, browser: httpx.AsyncClient) -> None:
        self._walked, self._person, self.browser, self._came = walked, person, browser, 0

    async def get(self, path: str) -> httpx.Response:
        """Open a page below /review."""
        await self._sign_in()
        return await self.browser.get(path)

    async def _sign_in(self) -> None:
        now = self._walked.clock[0]
        if now != self._came:
            link = f"link-of-{self._person}-at-{now}"
            await self._walked.database.write(visits.make_link(link, self._person, now))
            assert (await self.browser.post(f"in/{link}")).status_code == 303
            self._came = now

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
        await self._sign_in()
        token = await form_token(self.browser)
        return await self.browser.post(path, data={TOKEN_FIELD: token, **fields}, headers=FORM)


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
        yield tuple(Admin(walked, person, browser) for person, browser in zip(admins, browsers, strict=True))
