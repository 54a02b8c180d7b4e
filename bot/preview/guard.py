"""Keeps other sites away from the chat page: names that point to loopback (DNS rebinding), forms elsewhere (CSRF)."""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK_HOSTS = ("localhost", "127.0.0.1", "::1")
SAFE_VERBS = {"GET", "HEAD", "OPTIONS"}
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Guard:
    """ASGI middleware. In: the host names the page may be asked for; "*" allows any (then keep a fence of your own)."""

    def __init__(self, app: ASGIApp, hosts: Iterable[str] = LOOPBACK_HOSTS) -> None:
        self._app = app
        self._hosts = frozenset(host.strip("[]").lower() for host in hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope["method"], Headers(scope=scope))
        if refusal:
            await PlainTextResponse(refusal, status_code=403)(scope, receive, send)
            return
        await self._app(scope, receive, _with_headers(send))

    def _refusal(self, verb: str, headers: Headers) -> str:
        host = headers.get("host", "")
        if "*" not in self._hosts and _name(f"//{host}") not in self._hosts:
            return "This page answers only under its own name."
        if verb in SAFE_VERBS:
            return ""
        origin = headers.get("origin")
        if origin is not None and urlsplit(origin).netloc != host:
            return "Only this page itself may do that."
        if not headers.get("content-type", "").startswith("application/json"):
            return "Only JSON is taken here."
        return ""


class HereOnly:
    """ASGI middleware: answers the browsers of this machine and nobody else, under whatever name they ask."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not is_here((scope.get("client") or ("",))[0]):
            refusal = PlainTextResponse("This page answers the machine alone on which the preview runs.", 403)
            await refusal(scope, receive, _with_headers(send))
            return
        await self._app(scope, receive, send)


def is_here(address: str) -> bool:
    """Whether an address is one by which a machine reaches only itself."""
    try:
        at = ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return (getattr(at, "ipv4_mapped", None) or at).is_loopback


def _name(url: str) -> str:
    try:
        return "" if "@" in url else urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).update(HEADERS)
        await send(message)

    return sending
