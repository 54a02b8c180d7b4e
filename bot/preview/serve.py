"""Serves the chat page, and what stands beside it."""

import socket
from collections.abc import Mapping

from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from bot.preview.guard import LOOPBACK_HOSTS, HereOnly
from bot.preview.page import chat_page
from bot.preview.pretend import PretendTelegram
from bot.serving import ANYWHERE
from bot.serving import serve as serve_app


async def serve(
    telegram: PretendTelegram,
    listening: socket.socket,
    *,
    staff: bool = False,
    beside: Mapping[str, ASGIApp] | None = None,
) -> None:
    """Serve the chat page at `listening` until cancelled. `staff`: with the staff group beside the owner's chat.

    `beside`: other apps by their paths; each has a guard of its own. They answer this machine alone: on the chat page
    everybody can be anybody, the admin, too.
    """
    host = listening.getsockname()[0]
    hosts = ("*",) if host in ANYWHERE else (*LOOPBACK_HOSTS, host)
    page = chat_page(telegram, hosts, staff=staff)
    app = Starlette(
        routes=[*(Mount(path, HereOnly(other)) for path, other in (beside or {}).items()), Mount("/", page)]
    )
    try:
        await serve_app(app, listening)
    finally:
        telegram.close()
