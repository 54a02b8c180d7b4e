"""The pretend Telegram, telling each request to whoever listens."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.preview.errors import ApiError
from bot.preview.pretend import PretendTelegram

TOKEN = "4242424242:harness-Token_that-no-log-may-hold"
"""Opens nothing but the pretend Telegram."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request of the bot and how it ended: 200 with its result, or the error's code and words."""

    method: str
    params: Mapping[str, object]
    code: int
    outcome: Any

    @property
    def chat_id(self) -> int:
        """The chat it is for, 0 for none."""
        return int(str(self.params.get("chat_id", 0)))


Listener = Callable[[Request], None]
Hook: TypeAlias = Callable[[str], Awaitable[None]]


class WatchedTelegram(PretendTelegram):
    """`listeners` hear every request once it took effect; `before` and `after` may stop the bot, or cut the line."""

    def __init__(self, *, seed: int = 1) -> None:
        super().__init__(TOKEN, seed=seed)
        self.listeners: list[Listener] = []
        self.before: Hook | None = None
        self.after: Hook | None = None

    async def call(self, method: str, params: Mapping[str, object]) -> Any:
        """One request of the bot."""
        if self.before:
            await self.before(method)
        try:
            result = await super().call(method, params)
        except ApiError as error:
            self._tell(Request(method, params, error.code, error.description))
            raise
        self._tell(Request(method, params, 200, result))
        if self.after:
            await self.after(method)
        return result

    def _tell(self, request: Request) -> None:
        for listener in self.listeners:
            listener(request)
