"""What a button means: its data is the action, session, step, and the ids that stand in the YAML, in 64 bytes.

Session and step make a stale tap and a double tap known for what they are (design.md, 5).
"""

from dataclasses import dataclass
from typing import Final, Literal, get_args

Action = Literal[
    "agree", "speak", "languages", "privacy",
    "answer", "back", "why", "change", "keep", "recap", "find", "go-on", "start-over",
    "restart-yes", "restart-no",
    "know", "sources", "helpful", "unhelpful", "person", "terms", "compare",
    "human", "talk", "to-bot", "rate", "tell",
    "mydata", "forget", "forget-yes", "forget-no",
]  # fmt: skip

ACTIONS: Final[frozenset[str]] = frozenset(get_args(Action))
DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Press:
    """A press on one of our buttons. `session` is 0 before there is one; `words` are ids, as the action needs them."""

    action: Action
    session: int = 0
    step: int = 0
    words: tuple[str, ...] = ()

    def data(self) -> str:
        """The button's data."""
        return ":".join((self.action, base36(self.session), base36(self.step), *self.words))

    def word(self, position: int) -> str:
        """The id at this position, `""` when there is none."""
        return self.words[position] if position < len(self.words) else ""


def read_press(data: str) -> Press | None:
    """The press that `data` stands for; None when no button of ours carries it."""
    action, *rest = data.split(":")
    if action not in ACTIONS or len(rest) < 2:
        return None
    session, step = number(rest[0]), number(rest[1])
    if session is None or step is None:
        return None
    return Press(action, session, step, tuple(rest[2:]))  # type: ignore[arg-type]  # `action` is one of ACTIONS


def base36(value: int) -> str:
    """A number not below 0, in few characters."""
    digits = DIGITS[value % 36]
    while value := value // 36:
        digits = DIGITS[value % 36] + digits
    return digits


def number(text: str) -> int | None:
    """The number `base36` wrote; None for anything else."""
    if not text or len(text) > 12 or any(letter not in DIGITS for letter in text):
        return None
    return int(text, 36)
