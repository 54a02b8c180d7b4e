"""What the bot asked for, in order, for tests."""

from collections import deque
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """One request and how it ended: `code` 200 with a result, or the error's code and description."""

    number: int
    at: float
    method: str
    params: Mapping[str, Any]
    code: int
    outcome: Any


@dataclass
class Journal:
    """The last `size` requests."""

    size: int = 20_000
    count: int = 0
    calls: deque[Call] = field(default_factory=deque)

    def add(self, at: float, method: str, params: Mapping[str, Any], code: int, outcome: Any) -> None:
        """Write one request down; the oldest goes when the journal is full."""
        self.count += 1
        self.calls.append(Call(self.count, at, method, params, code, outcome))
        if len(self.calls) > self.size:
            self.calls.popleft()

    def of(self, method: str = "", after: int = 0) -> list[Call]:
        """Requests for a method (or all), with a number above `after`."""
        return [call for call in self.calls if call.number > after and method in ("", call.method)]

    def accepted(self, method: str = "") -> list[Call]:
        """Only what had an effect."""
        return [call for call in self.of(method) if call.code == 200]


def as_json(call: Call) -> dict[str, Any]:
    """A call, ready for json.dumps (files are named, not shown)."""
    plain = {name: value if _is_plain(value) else repr(value) for name, value in call.params.items()}
    return {**asdict(call), "params": plain}


def _is_plain(value: object) -> bool:
    return value is None or isinstance(value, (str, int, float, bool, list, dict))
