"""Over HTTP: the pretend Telegram for a bot that runs as a process of its own. Loopback only.

    python -m bot.preview.server --port 0 --token 42:test

prints one JSON line, {"port": 18081, "url": "http://127.0.0.1:18081"}, and serves until it is stopped:
`/bot<token>/<method>` as the Bot API does, and `/control/...` (see control.py) for tests.
"""

import argparse
import asyncio
import contextlib
import json
import sys
from collections.abc import Mapping
from typing import Any

from aiohttp import web

from bot.preview.control import Control
from bot.preview.errors import VisitorError
from bot.preview.pretend import PREVIEW_TOKEN, PretendTelegram
from bot.preview.wire import LineCutError, exchange

LOOPBACK = "127.0.0.1"
LARGEST_BODY = 64 * 2**20


class PretendServer:
    """Listens on loopback; `port` 0 takes a free one. `async with PretendServer(telegram) as server: server.url`."""

    def __init__(self, telegram: PretendTelegram, port: int = 0) -> None:
        self.telegram = telegram
        self.port = port
        self._control = Control(telegram)
        self._runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)

    @property
    def url(self) -> str:
        """What ADVISOR_TELEGRAM_API is set to."""
        return f"http://{LOOPBACK}:{self.port}"

    async def start(self) -> None:
        """Listen. Raises OSError when the port is taken."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, LOOPBACK, self.port, backlog=512, reuse_address=True)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        """End the polls and stop listening."""
        self.telegram.close()
        await self._runner.cleanup()

    async def __aenter__(self) -> "PretendServer":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=LARGEST_BODY)
        app.router.add_route("*", "/bot{token}/{method}", self._bot)
        app.router.add_route("*", "/control/{name}", self._drive)
        return app

    async def _bot(self, request: web.Request) -> web.Response:
        token, method = request.match_info["token"], request.match_info["method"]
        try:
            status, body = await exchange(self.telegram, token, method, await _params(request))
        except LineCutError:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        kind = "text/html" if body.startswith(b"<") else "application/json"
        return web.Response(status=status, body=body, content_type=kind)

    async def _drive(self, request: web.Request) -> web.Response:
        body = await request.json() if request.can_read_body else {}
        try:
            result = self._control.handle(request.method, request.match_info["name"], request.query, body)
        except (VisitorError, TypeError, ValueError, KeyError) as error:
            return web.json_response({"ok": False, "error": str(error)}, status=400)
        return web.json_response({"ok": True, "result": result})


async def _params(request: web.Request) -> Mapping[str, Any]:
    params: dict[str, Any] = dict(request.query)
    if request.can_read_body and request.content_type == "application/json":
        return {**params, **json.loads(await request.read() or b"{}")}
    if request.can_read_body:
        params.update(await request.post())
    return params


async def serve(telegram: PretendTelegram, port: int) -> None:
    """Serve until cancelled."""
    async with PretendServer(telegram, port) as server:
        sys.stdout.write(json.dumps({"port": server.port, "url": server.url}) + "\n")
        sys.stdout.flush()
        await asyncio.Event().wait()


def main(arguments: list[str] | None = None) -> int:
    """The command. Out: the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bot.preview.server", description="A pretend Telegram on loopback.")
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--token", default=PREVIEW_TOKEN, help="the only token it knows")
    parser.add_argument("--seed", type=int, default=1, help="of the staged accidents")
    chosen = parser.parse_args(arguments)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(PretendTelegram(chosen.token, seed=chosen.seed), chosen.port))
    return 0


if __name__ == "__main__":
    sys.exit(main())
