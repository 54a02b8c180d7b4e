"""What waits for one chat, and what goes next.

A private chat is first come, first served. In the staff's group what belongs to a conversation stays in order. Among
conversations, what the staff do or ask for goes first: somebody waits for it. Then cards that have waited long, owners'
words, and new cards. Cards that would have to wait too long are told together, a line each, so that the last is seen
soon.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from bot.dialog.phrases import plain
from bot.dialog.tree import MESSAGE_UNITS, utf16_units
from bot.store.outbox import Message

BATCHED_AT_ONCE: Final = 20
"""Cards in one message: so many lines and buttons are still read."""
BATCHED_UNITS: Final = MESSAGE_UNITS - 296
"""Letters in one message, a heading apart."""
PATIENCE_MS: Final = 20_000
"""So long a new card lets owners' words go first: a flood of words must not hide who came meanwhile."""


class Waiting:
    """The messages of one chat."""

    def __init__(self) -> None:
        self._messages: list[Message] = []

    def __bool__(self) -> bool:
        return bool(self._messages)

    def add(self, message: Message) -> None:
        """One more, younger than all others."""
        self._messages.append(message)

    def clear(self) -> list[Message]:
        """Nothing waits any more; gives what did."""
        waited, self._messages = self._messages, []
        return waited

    def take(self, at_once: float, now: int) -> list[Message]:
        """What goes next, taken out: one message; or several new cards where more than `at_once` of them wait."""
        heads = list(self._heads())
        best = min(heads, key=lambda one: (_place(one, now), one.id))
        cards = [one for one in heads if is_new_card(one)] if is_new_card(best) else []
        taken = list(_in_one_message(cards)) if len(cards) > at_once else [best]
        ids = {one.id for one in taken}
        self._messages = [one for one in self._messages if one.id not in ids]
        return taken

    def _heads(self) -> Iterator[Message]:
        """The oldest message of each conversation; of what belongs to none, the oldest of all."""
        seen: set[int | None] = set()
        for message in self._messages:
            if message.handover_id not in seen:
                seen.add(message.handover_id)
                yield message


def is_new_card(message: Message) -> bool:
    """Whether it is the first card of a conversation."""
    return message.what == "card" and message.edits_row is None


def is_owners_words(message: Message) -> bool:
    """Whether it brings what an owner said, or said anew."""
    return message.source_message is not None or (message.is_edit and message.what in ("text", "caption"))


def _place(message: Message, now: int) -> int:
    """In line, of the staff's group; elsewhere all are equal."""
    if message.handover_id is None:
        return 0
    if is_new_card(message):
        return 1 if now - message.created_at >= PATIENCE_MS else 3
    return 2 if is_owners_words(message) else 0


def _in_one_message(cards: Iterable[Message]) -> Iterator[Message]:
    """The first of these, as many as one message takes; at least one."""
    units = 0
    for number, card in enumerate(cards):
        units += utf16_units(plain(card.brief)) + 1
        if number and (units > BATCHED_UNITS or number >= BATCHED_AT_ONCE):
            return
        yield card
