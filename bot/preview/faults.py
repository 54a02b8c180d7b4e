"""Accidents that a test stages: refusals, cut lines, slow answers, doubled updates. The dice are seeded."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bot.preview.errors import ApiError, too_many_requests

Kind = Literal["delay", "error", "html", "reset_before", "reset_after", "hang", "hang_after", "truncate", "repeat"]

PHRASES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


@dataclass(frozen=True)
class Fault:
    """One staged accident.

    kind        delay: the call takes `seconds` (from, to), its effect at half time
                error: refused with `code` (429 with `retry_after`) and `description`, no effect
                html: `code` with a page instead of JSON, as a proxy answers; no effect
                reset_before, reset_after: the line is cut before or after the effect
                hang, hang_after: no answer for `seconds`, then cut; without or after the effect
                truncate: the effect, but only half of the answer arrives
                repeat: updates are handed out again, `copies` times
    methods     a pattern of the methods it meets (for `repeat`: of the kinds of updates)
    chance      of each such call; times: how often at most; skip: so many calls are spared first
    chat_id     only calls for this chat
    """

    kind: Kind
    methods: str = "^(send|edit|delete|answer)"
    chance: float = 1.0
    times: int | None = None
    skip: int = 0
    chat_id: int | None = None
    code: int = 502
    description: str = ""
    retry_after: int = 0
    seconds: tuple[float, float] = (0.0, 0.0)
    copies: int = 1

    def error(self) -> ApiError:
        """The refusal of an `error` fault."""
        if self.retry_after:
            return too_many_requests(self.retry_after)
        return ApiError(self.code, self.description or PHRASES.get(self.code, "Error"))


class _Staged:
    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.pattern = re.compile(fault.methods)
        self.skip = fault.skip
        self.left = fault.times

    def meets(self, method: str, chat_id: str) -> bool:
        if self.left == 0 or not self.pattern.search(method):
            return False
        return self.fault.chat_id is None or str(self.fault.chat_id) == chat_id

    def strikes(self, dice: random.Random) -> bool:
        if self.skip > 0:
            self.skip -= 1
            return False
        if self.fault.chance < 1 and dice.random() >= self.fault.chance:
            return False
        if self.left is not None:
            self.left -= 1
        return True


class Faults:
    """The staged accidents; none at first. In: the seed of the dice."""

    def __init__(self, seed: int = 1) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - dice of a test, and they must fall the same way again
        self._staged: list[_Staged] = []

    def stage(self, fault: Fault) -> None:
        """From now on, until it is used up or cleared."""
        self._staged.append(_Staged(fault))

    def clear(self) -> None:
        """No more accidents."""
        self._staged.clear()

    def delay(self, method: str, params: Mapping[str, object]) -> float:
        """How many seconds this call takes."""
        struck = [s.fault for s in self._meeting(method, params, delays=True) if s.strikes(self._dice)]
        return sum(self._dice.uniform(*fault.seconds) for fault in struck)

    def pick(self, method: str, params: Mapping[str, object]) -> Fault | None:
        """The accident that meets this call, if any: the first that strikes."""
        meeting = self._meeting(method, params, delays=False)
        return next((staged.fault for staged in meeting if staged.strikes(self._dice)), None)

    def repeats(self, kind: str) -> int:
        """How many times more an update of this kind is handed out."""
        staged = [s for s in self._staged if s.fault.kind == "repeat" and s.meets(kind, "")]
        return sum(one.fault.copies for one in staged if one.strikes(self._dice))

    def _meeting(self, method: str, params: Mapping[str, object], *, delays: bool) -> list[_Staged]:
        chat_id = str(params.get("chat_id"))
        staged = [s for s in self._staged if s.fault.kind != "repeat" and (s.fault.kind == "delay") is delays]
        return [s for s in staged if s.meets(method, chat_id)]
