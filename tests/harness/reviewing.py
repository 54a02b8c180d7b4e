"""The review pages on a real database file, asked as a browser asks; the time is the test's."""

import contextlib
import re
import secrets
import sqlite3
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.routing import Mount

from bot.content.load import load
from bot.dialog.phrases import Content
from bot.preview.cast import OLGA
from bot.review.context import PREFIX, Review
from bot.review.guard import COOKIE
from bot.review.web import review_pages
from bot.settings import shipped
from bot.store import people, visits
from bot.store.contents import Contents
from bot.store.database import Database, opened
from harness.telegram import TOKEN

ADDRESS = "https://review.example.org"
BEGAN_MS = 1_795_341_600_000
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(slots=True)
class Reviewing:
    """The pages at ADDRESS. `now`: the time, epoch milliseconds."""

    database: Database
    file: Path
    app: Starlette = field(default_factory=Starlette)
    now: int = BEGAN_MS

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """One with no cookies yet; what the app raises is an answer of 500."""
        wire = httpx.ASGITransport(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=wire, base_url=f"{ADDRESS}{PREFIX}/", headers=headers)

    async def link(self, person: int = OLGA.id) -> str:
        """A fresh secret for this person, as the bot makes one."""
        secret = secrets.token_urlsafe(16)
        await self.database.write(visits.make_link(secret, person, self.now))
        return secret

    async def signed_in(self, person: int = OLGA.id) -> httpx.AsyncClient:
        """A browser that this admin has signed in."""
        async with self.browser() as signing:
            answer = await signing.post(f"in/{await self.link(person)}")
            assert answer.status_code == 303, answer.text
        browser = self.browser()
        browser.cookies.update(signing.cookies)
        return browser

    async def appoint(self, *admins: int) -> None:
        """These are the admins, and nobody else."""
        await self.database.write(people.appoint(admins, self.now))

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """What the database holds."""
        with contextlib.closing(sqlite3.connect(self.file)) as connection:
            return connection.execute(sql).fetchall()

    @contextlib.asynccontextmanager
    async def unwritten(self) -> AsyncIterator[None]:
        """Nothing is written meanwhile."""
        with contextlib.closing(sqlite3.connect(self.file)) as connection:
            before = connection.execute("PRAGMA data_version").fetchone()
            yield
            assert connection.execute("PRAGMA data_version").fetchone() == before


@cache
def _content() -> Content:
    return load(shipped("dialogs"), shipped("knowledge"))


@contextlib.asynccontextmanager
async def reviewing(folder: Path, admins: Sequence[int] = (OLGA.id,)) -> AsyncIterator[Reviewing]:
    """The pages over a database in this folder, with these admins."""
    file = folder / "bot.db"
    async with opened(file) as database:
        place = Reviewing(database, file)
        contents = Contents(_content(), lambda files: None)
        pages = review_pages(Review(database, contents, lambda: place.now, ADDRESS, TOKEN))
        place.app = Starlette(routes=[Mount(PREFIX, pages)])
        await place.appoint(*admins)
        yield place


async def form_token(browser: httpx.AsyncClient, path: str = "") -> str:
    """What the forms of this browser's visit carry."""
    found = re.search(r'name="form" value="([^"]+)"', (await browser.get(path)).text)
    assert found
    return unescape(found[1])


def cookie_of(browser: httpx.AsyncClient) -> str:
    """The visit's cookie."""
    return str(browser.cookies[COOKIE])
