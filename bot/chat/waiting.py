"""What waits for one chat, and what goes next.

A private chat is first come, first served. In the staff's group what belongs to a conversation stays in order. Among
conversations, what the staff do or ask for goes first: somebody waits for it. Then cards that have waited long, the
words of owners whom somebody attends to, those of owners who wait, and new cards. Cards that would have to wait too
long are told together, a line each, so that the last is seen soon.
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

    def __init__(self, attended: set[int | None] | None = None) -> None:
        """`attended`: the conversations that the staff are busy with, which is kept up to date here."""
        self._messages: list[Message] = []
        self._attended = attended if attended is not None else set()

    def __bool__(self) -> bool:
        return bool(self._messages)

    def add(self, message: Message) -> None:
        """One more, younger than all others."""
        self._messages.append(message)
        if message.what == "topic":
            (self._attended.add if message.brief == "open" else self._attended.discard)(message.handover_id)

    def clear(self) -> list[Message]:
        """Nothing waits any more; gives what did."""
        waited, self._messages = self._messages, []
        return waited

    def shut(self) -> None:
        """Nothing reaches this owner: nothing waits any more but what there is to do once they were forgotten."""
        self._messages = [one for one in self._messages if one.what == "forgotten"]

    def drop(self, chat: int, handovers: set[int]) -> None:
        """Nothing for this owner, about them or from them waits any more; `handovers`: theirs."""
        self._attended.difference_update(handovers)
        self._messages = [
            one
            for one in self._messages
            if chat not in (one.chat_id, one.source_chat) and one.handover_id not in handovers
        ]

    def take(self, at_once: float, now: int = 0) -> list[Message]:
        """What goes next, taken out: one message; or several new cards where more than `at_once` of them wait."""
        heads = self._heads(now)
        best = min(heads, key=lambda one: (one[0], one[1].id))[1]
        cards = [one for _, one in heads if is_new_card(one)] if is_new_card(best) else []
        taken = list(_in_one_message(cards)) if len(cards) > at_once else [best]
        ids = {one.id for one in taken}
        self._messages = [one for one in self._messages if one.id not in ids]
        return taken

    def _heads(self, now: int) -> list[tuple[int, Message]]:
        """The oldest message of each conversation, with the place in line of what is most urgent in it."""
        first: dict[int | None, Message] = {}
        places: dict[int | None, int] = {}
        for message in self._messages:
            about = message.handover_id
            first.setdefault(about, message)
            places[about] = min(places.get(about, 9), self._place(message, now))
        return [(places[about], message) for about, message in first.items()]

    def _place(self, message: Message, now: int) -> int:
        """In line, of the staff's group; elsewhere all are equal."""
        if message.handover_id is None:
            return 0
        if is_new_card(message):
            return 1 if now - message.created_at >= PATIENCE_MS else 4
        if is_owners_words(message):
            return 2 if message.handover_id in self._attended else 3
        return 0


def is_new_card(message: Message) -> bool:
    """Whether it is the first card of a conversation."""
    return message.what == "card" and message.edits_row is None


def is_owners_words(message: Message) -> bool:
    """Whether it brings what an owner said, or said anew."""
    is_corrected = message.is_edit and message.what in ("text", "caption") and not message.buttons
    return message.source_message is not None or is_corrected


def _in_one_message(cards: Iterable[Message]) -> Iterator[Message]:
    """The first of these, as many as one message takes; at least one."""
    units = 0
    for number, card in enumerate(cards):
        units += utf16_units(plain(card.brief)) + 1
        if number and (units > BATCHED_UNITS or number >= BATCHED_AT_ONCE):
            return
        yield card
