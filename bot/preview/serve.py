"""Serves the chat page in the bot's own event loop."""

import contextlib
import socket
from collections.abc import Iterator

import uvicorn

from bot.preview.guard import LOOPBACK_HOSTS
from bot.preview.page import chat_page
from bot.preview.pretend import PretendTelegram

ANYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # who listens there wants to be reached under any name


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


async def serve(telegram: PretendTelegram, listening: socket.socket, *, staff: bool = False) -> None:
    """Serve the chat page at `listening` until cancelled. `staff`: with the staff group beside the owner's chat."""
    host = listening.getsockname()[0]
    hosts = ("*",) if host in ANYWHERE else (*LOOPBACK_HOSTS, host)
    app = chat_page(telegram, hosts, staff=staff)
    config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, timeout_graceful_shutdown=1)
    server = _Server(config)
    try:
        await server.serve(sockets=[listening])
    finally:
        telegram.close()
