"""The web server, in the bot's own event loop."""

import contextlib
import socket
from collections.abc import Iterator
from typing import Final

import uvicorn
from starlette.types import ASGIApp

ANYWHERE: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104  # who listens there wants to be reached under any name


class _Server(uvicorn.Server):
    """A server that leaves the signals to the bot."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def bound(host: str, port: int) -> socket.socket:
    """A socket at this address. Raises OSError when it cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind((host, port))
    return listening


def url_of(listening: socket.socket) -> str:
    """How a browser on this machine reaches what is served there."""
    host, port = listening.getsockname()[:2]
    if host in ANYWHERE:
        host = "127.0.0.1"
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


async def serve(app: ASGIApp, listening: socket.socket) -> None:
    """Serve this app at `listening` until cancelled. No access log: addresses may hold secrets."""
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1)
    await _Server(config).serve(sockets=[listening])
