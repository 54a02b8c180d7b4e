"""An admin who looks at the review pages of a database, through the whole app, without a browser."""

import asyncio
import contextlib
import re
import secrets
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from dialog_live import LIVE

from bot.app import stored_dialog
from bot.dialog.phrases import Content
from bot.review.context import PREFIX, Review
from bot.review.guard import COOKIE
from bot.review.web import review_pages
from bot.store import people, visits
from bot.store.contents import Contents
from bot.store.database import Database, opened
from bot.store.database_file import DatabaseFile

ADMIN = 77


@dataclass(slots=True)
class Answer:
    """What a page came to."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    parts: list[bytes] = field(default_factory=list)

    @property
    def text(self) -> str:
        """All of it."""
        return b"".join(self.parts).decode()

    @property
    def words(self) -> str:
        """What a reader sees of it, in one line."""
        return " ".join(unescape(re.sub(r"<[^>]*>", "", self.text)).split())


@dataclass(slots=True)
class Admin:
    """Signed in to the pages of a database. `form`: what the forms of the visit carry."""

    database: Database
    app: Any
    form: str = ""
    cookie: str = field(default_factory=secrets.token_urlsafe)

    async def get(self, path: str, **query: object) -> Answer:
        """Open a page: `sessions`, with what is asked for."""
        return await self._ask("GET", path, query, b"")

    async def post(self, path: str, fields: dict[str, str], **query: object) -> Answer:
        """Send a form of a page."""
        return await self._ask("POST", path, query, urlencode({**fields, "form": self.form}).encode())

    async def _ask(self, method: str, path: str, query: dict[str, object], body: bytes) -> Answer:
        answer = Answer()
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "path": f"{PREFIX}/{path}", "root_path": PREFIX,
            "raw_path": path.encode(), "query_string": urlencode(query).encode(), "scheme": "http",
            "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 9),
            "headers": [
                (b"host", b"127.0.0.1"), (b"cookie", f"{COOKIE}={self.cookie}".encode()),
                (b"content-type", b"application/x-www-form-urlencoded"),
            ],
        }  # fmt: skip
        sent = [{"type": "http.request", "body": body, "more_body": False}]

        async def receive() -> dict[str, Any]:
            return sent.pop() if sent else await asyncio.Future[dict[str, Any]]()

        async def send(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                answer.status = message["status"]
                answer.headers = {name.decode(): value.decode() for name, value in message["headers"]}
            else:
                answer.parts.append(message.get("body", b""))

        await self.app(scope, receive, send)
        return answer


@contextlib.asynccontextmanager
async def looking(file: Path | DatabaseFile, clock: Callable[[], int], content: Content = LIVE) -> AsyncIterator[Admin]:
    """An admin who is signed in to the pages of the database in this file."""
    path = file.path if isinstance(file, DatabaseFile) else file
    keys = file.keys if isinstance(file, DatabaseFile) else None
    async with opened(path, keys) as database:
        yield await admin_of(database, clock, content)


async def admin_of(database: Database, clock: Callable[[], int], content: Content = LIVE) -> Admin:
    """As `looking`, on an open database."""
    contents = Contents(content, stored_dialog)
    review = Review(database, contents, clock, "http://127.0.0.1")
    await database.write(people.appoint([ADMIN], clock()))
    admin, link = Admin(database, review_pages(review)), secrets.token_urlsafe()
    await database.write(visits.make_link(link, ADMIN, clock()))
    await database.write(visits.begin_by_link(link, admin.cookie, clock()))
    found = re.search(r'name="form" value="([^"]*)"', (await admin.get("")).text)
    assert found
    admin.form = found[1]
    return admin
