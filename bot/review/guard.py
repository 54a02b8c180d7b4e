"""Stands before every page: which name it is asked under, who asks, whether a form is ours; and the headers.

What is not let through learns nothing: signed out, every address there is or is not has the same answer.
"""

import hashlib
import hmac
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import Message, Receive, Scope, Send

from bot.review.context import Review, Visitor
from bot.review.rendering import TOKEN_FIELD, page
from bot.store import visits
from bot.store.database import StoreError

COOKIE: Final = "__Host-review"
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
LONGEST_BODY: Final = 64 * 1024
LONGEST_PATH: Final = 500
"""A number in an address has at most 19 digits; one of thousands cannot even be read."""
SCHEMES: Final = ("https", "http")
"""Behind a proxy we do not see which of them the browser used."""
MISSING: Final = "There is no such page, or it is gone."
READING: Final = frozenset({"GET", "HEAD"})
BUSY: Final = "The database cannot answer just now. Try again in a moment."
HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def needs_no_visit(path: str) -> bool:
    """Whether anybody may open it: the looks, and the ways in."""
    return path.startswith(("/static/", "/in/")) or path == "/app"


class Guard:
    """Around the whole app, so that errors have the headers, too."""

    def __init__(self, app: Starlette, review: Review, hosts: Iterable[str] = ()) -> None:
        """`hosts`: names the pages may be asked for beside that of their address and this machine's own."""
        self._app, self._review = app, review
        self._hosts = LOOPBACK | {_name(review.address)} | {host.strip("[]").lower() for host in hosts}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        send = _with_headers(scope, send)
        scope["app"], scope["state"] = self._app, {}
        try:
            receive = await self._admitted(scope, receive)
        except StoreError:
            await page(Request(scope), "error.html", 503, why=BUSY)(scope, receive, send)
            return
        except _RefusedError as refused:
            request = Request(scope)
            answer = page(request, refused.template, refused.status, why=refused.why)
            await answer(scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _admitted(self, scope: Scope, receive: Receive) -> Receive:
        """What the page may read of the request. Raises _RefusedError."""
        headers, path = Headers(scope=scope), _path(scope)
        if _name(f"//{headers.get('host', '')}") not in self._hosts:
            raise _RefusedError(403, "This page answers only under its own name.")
        if scope["method"] not in (*READING, "POST"):
            raise _RefusedError(403, "That cannot be done here.")
        if scope["method"] == "POST" and not _is_from_here(headers, self._review.address):
            raise _RefusedError(403, "Only these pages themselves may do that.")
        is_open = needs_no_visit(path)
        if not is_open:
            scope["state"]["visitor"] = await self._visitor(Request(scope))
            if len(path) > LONGEST_PATH:
                raise _RefusedError(404, MISSING)
        if scope["method"] in READING:
            return receive
        body = await _body(receive)
        if not is_open and not _has_token(headers, body, scope["state"]["visitor"]):
            raise _RefusedError(403, "The form was not sent from a page of your visit. Open it again, then send it.")
        return _again(body, receive)

    async def _visitor(self, request: Request) -> Visitor:
        """Who has the cookie. Raises _RefusedError when nobody has."""
        cookie, now = request.cookies.get(COOKIE, ""), self._review.clock()
        visit = await visits.find(self._review.database, cookie, now) if cookie else None
        if visit is None:
            raise _RefusedError(403, template="signed_out.html")
        if now - visit.seen_at > visits.SEEN_MS:
            await self._review.database.write(visits.seen(cookie, now))
        return Visitor(visit.person_id, visit.name, _form_token(cookie))


class _RefusedError(Exception):
    """The request goes no further."""

    def __init__(self, status: int, why: str = "", template: str = "error.html") -> None:
        super().__init__(why)
        self.status, self.why, self.template = status, why, template


def _form_token(cookie: str) -> str:
    """What the forms of a visit carry: made of its cookie, so that it stands nowhere."""
    return hashlib.sha256(f"form {cookie}".encode()).hexdigest()


def _path(scope: Scope) -> str:
    """The path below where the pages are mounted."""
    path: str = scope["path"]
    return path.removeprefix(scope.get("root_path", ""))


def _name(url: str) -> str:
    try:
        return "" if "@" in url else urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _is_from_here(headers: Headers, address: str) -> bool:
    """Whether a page of ours sends it, as far as the browser says so.

    With our Referrer-Policy browsers call the origin of a form `null`; then only Sec-Fetch-Site can tell.
    """
    origin, site = headers.get("origin"), headers.get("sec-fetch-site")
    if site is not None and site != "same-origin":
        return False
    if origin == "null":
        return site == "same-origin"
    return origin is None or origin == address or origin in [f"{how}://{headers.get('host', '')}" for how in SCHEMES]


def _has_token(headers: Headers, body: bytes, visitor: Visitor) -> bool:
    if not headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return False
    sent = dict(parse_qsl(body.decode(errors="replace"))).get(TOKEN_FIELD, "")
    return hmac.compare_digest(sent.encode(), visitor.form.encode())


async def _body(receive: Receive) -> bytes:
    """All of it. Raises _RefusedError as soon as it is too long."""
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LONGEST_BODY:
            raise _RefusedError(413, "That is too long.")
        if not message.get("more_body"):
            return bytes(body)


def _again(body: bytes, receive: Receive) -> Receive:
    """What was read, to be read by the page; then what else comes."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receiving() -> Message:
        return messages.pop() if messages else await receive()

    return receiving


def _with_headers(scope: Scope, send: Send) -> Send:
    kept = "no-cache" if _path(scope).startswith("/static/") else "no-store"

    async def sending(message: Any) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update({**HEADERS, "Cache-Control": kept})
        await send(message)

    return sending
