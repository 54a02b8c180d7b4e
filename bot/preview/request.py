"""In process: a request backend for PTB's Bot that talks to a pretend Telegram instead of the network."""

import asyncio
from typing import Any

from telegram._utils.types import ODVInput
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.preview.pretend import PretendTelegram
from bot.preview.wire import Answer, LineCutError, exchange

DEFAULT_READ_TIMEOUT = 5.0


class PretendRequest(BaseRequest):
    """Behind `telegram.Bot(token, request=..., get_updates_request=...)`, for both.

    In: the pretend Telegram; the read timeout where a call gives none. A call that outlasts its timeout still takes
    effect, as on the network; one that the pretend Telegram cuts off raises NetworkError.
    """

    def __init__(self, telegram: PretendTelegram, read_timeout: float | None = DEFAULT_READ_TIMEOUT) -> None:
        self._telegram = telegram
        self._read_timeout = read_timeout
        self._running: set[asyncio.Task[Answer]] = set()

    @property
    def read_timeout(self) -> float | None:
        return self._read_timeout

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Lets go of calls that nobody waits for any more."""
        for task in list(self._running):
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        write_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        connect_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
        pool_timeout: ODVInput[float] = BaseRequest.DEFAULT_NONE,
    ) -> Answer:
        """One call. Out: HTTP status and body. Raises TimedOut, or NetworkError for a cut line."""
        token, endpoint = url.rsplit("/bot", 1)[1].split("/", 1)
        params: dict[str, Any] = dict(request_data.parameters) if request_data else {}
        params.update(request_data.multipart_data if request_data else {})
        seconds = read_timeout if isinstance(read_timeout, (int, float)) or read_timeout is None else self._read_timeout
        return await self._within(seconds, self._start(token, endpoint, params))

    def _start(self, token: str, endpoint: str, params: dict[str, Any]) -> "asyncio.Task[Answer]":
        task = asyncio.create_task(exchange(self._telegram, token, endpoint, params))
        self._running.add(task)
        task.add_done_callback(self._finished)
        return task

    def _finished(self, task: "asyncio.Task[Answer]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()

    @staticmethod
    async def _within(seconds: float | None, task: "asyncio.Task[Answer]") -> Answer:
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(task)
        except TimeoutError:
            raise TimedOut from None
        except LineCutError:
            raise NetworkError("the connection was reset") from None
