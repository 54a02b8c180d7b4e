"""PTB's Bot over aiohttp, and how we call it: raw results, PTB's errors.

PTB's default client takes eight times the CPU of this one for a call (measured), and nearly all a bot does is calls.
"""

import warnings
from collections.abc import Sequence
from typing import Any

import aiohttp
from telegram import Bot
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData
from telegram.warnings import PTBUserWarning

TIMEOUT = 20.0
CONNECTIONS = 100
UNKNOWN_SHAPE = (TypeError, LookupError, AttributeError, ValueError, RecursionError)
"""What PTB trips over when an answer is JSON, but not Telegram's."""

# `do_api_request` advises the typed method for every known endpoint; we want the raw JSON (design.md, 3.3).
warnings.filterwarnings("ignore", message="Please use 'Bot", category=PTBUserWarning)


class AiohttpRequest(BaseRequest):
    """PTB's request interface over one aiohttp session."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """Seconds to wait for an answer, unless told otherwise."""
        return TIMEOUT

    async def initialize(self) -> None:
        """Open the session."""
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=CONNECTIONS, keepalive_timeout=60)
            self._session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def shutdown(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call. Raises TimedOut, or NetworkError; neither holds the address, which holds the token."""
        if self._session is None:
            raise RuntimeError("the request was not initialized")
        seconds = read_timeout if isinstance(read_timeout, int | float) else TIMEOUT
        timeout = aiohttp.ClientTimeout(total=seconds, connect=10)
        try:
            async with self._session.request(method, url, data=_body(request_data), timeout=timeout) as answer:
                return answer.status, await answer.read()
        except TimeoutError:
            raise TimedOut from None
        except (aiohttp.ClientError, OSError) as error:
            raise NetworkError(type(error).__name__) from None


def _body(data: RequestData | None) -> Any:
    if data is None:
        return None
    if not data.multipart_data:
        return data.json_parameters
    form = aiohttp.FormData(data.json_parameters)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return form


def says(error: BaseException, words: Sequence[str]) -> bool:
    """Whether Telegram refused for one of these reasons."""
    return any(word in str(error).lower() for word in words)


async def call(bot: Bot, method: str, seconds: float = TIMEOUT, **params: Any) -> Any:
    """Call a Bot API method and return its raw result. Raises telegram.error.TelegramError."""
    try:
        return await bot.do_api_request(method, api_kwargs=params, read_timeout=seconds)
    except UNKNOWN_SHAPE as error:
        raise NetworkError(f"an answer of an unknown shape ({type(error).__name__})") from None
