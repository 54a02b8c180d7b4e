"""How often a bot may send: Telegram's limits, as far as they are known."""

import math
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Rates:
    """Messages a second overall, a second in one chat (after a burst), a minute in a group."""

    overall: float = 30.0
    chat: float = 1.0
    burst: int = 5
    group_minute: int = 20


class Limiter:
    """Says how long to wait. In: a clock in seconds."""

    def __init__(self, clock: Callable[[], float], rates: Rates | None = None) -> None:
        self._clock = clock
        self.rates = rates
        self._levels: dict[int, tuple[float, float]] = {}

    def wait(self, chat_id: int) -> int:
        """0 when a message to the chat may go (it then counts), else the seconds to wait."""
        if self.rates is None:
            return 0
        buckets = self._buckets(chat_id, self.rates)
        seconds = max(self._missing(key, rate, size) for key, rate, size in buckets)
        if seconds > 0:
            return math.ceil(seconds)
        for key, rate, size in buckets:
            self._levels[key] = (self._level(key, rate, size) - 1, self._clock())
        return 0

    def _buckets(self, chat_id: int, rates: Rates) -> list[tuple[int, float, float]]:
        overall = (0, rates.overall, max(rates.overall, 1.0))
        if chat_id < 0:
            return [overall, (chat_id, rates.group_minute / 60, float(rates.group_minute))]
        return [overall, (chat_id, rates.chat, float(rates.burst))]

    def _level(self, key: int, rate: float, size: float) -> float:
        level, since = self._levels.get(key, (size, self._clock()))
        return min(size, level + (self._clock() - since) * rate)

    def _missing(self, key: int, rate: float, size: float) -> float:
        return max(0.0, (1 - self._level(key, rate, size)) / rate)
