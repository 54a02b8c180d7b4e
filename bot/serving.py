"""The web server, in the bot's own event loop."""

import asyncio
import contextlib
import socket
from collections.abc import Iterable, Iterator
from typing import Any, Final

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

ANYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104  # who listens there wants to be reached under any name

MOST_CONNECTIONS: Final = 200
"""The bot's own calls and its database need the files that the system lets a process open, 1024 as a rule."""
AT_ONCE: Final = 32
"""So many are taken in before the first of them is looked at."""
REQUEST_SECONDS: Final = 15
"""So long a request may be on its way, from its first byte to its last."""


class _Connection(H11Protocol):
    """A connection that nobody can keep for nothing: uvicorn itself waits for ever for what a client does not send."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        super().connection_made(transport)
        self._opened_at = self.loop.time()
        self._look(None)
        if len(self.connections) > MOST_CONNECTIONS:
            self._longest_waited_for().abort()

    def _look(self, before: object) -> None:
        """Every REQUEST_SECONDS: a request that was on its way the last time, too, has had its time."""
        if self.transport.is_closing():
            return
        under_way = (self.cycle, self.conn.their_state) if self._is_owed() else None
        if before is not None and under_way == before:
            self.transport.abort()
        else:
            self.loop.call_later(REQUEST_SECONDS, self._look, under_way)

    def _is_owed(self) -> bool:
        """Whether the client has yet to send (the rest of) a request."""
        return self.conn.their_state in (h11.IDLE, h11.SEND_BODY)

    def _longest_waited_for(self) -> asyncio.Transport:
        """Which one goes when there are too many: of those whose client does not send or read, the oldest."""
        opened: Iterable[Any] = self.connections  # each is one of ours
        held = [one for one in opened if one._is_owed() or one.flow.write_paused]
        oldest: asyncio.Transport = min(held, key=lambda one: one._opened_at).transport
        return oldest


class _Server(uvicorn.Server):
    """A server that leaves the signals to the bot."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bound(host: str, port: int) -> socket.socket:
    """A socket at this address; who comes before there is a server waits for it. Raises OSError: it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    listening.listen()
    return listening


def url_of(listening: socket.socket) -> str:
    """How a browser on this machine reaches what is served there."""
    host, port = listening.getsockname()[:2]
    if host in ANYWHERE:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(app: ASGIApp, listening: socket.socket) -> None:
    """Serve this app at `listening` until cancelled. No access log: addresses may hold secrets; and no word of what
    strangers send that is no HTTP: the log would be theirs to fill."""
    config = uvicorn.Config(
        app, http=_Connection, ws="none", lifespan="off", log_config=None, log_level="error", access_log=False,
        backlog=AT_ONCE, timeout_graceful_shutdown=1,
    )  # fmt: skip
    await _Server(config).serve(sockets=[listening])
