"""How much one person may send: far more than anybody types or taps, and no more than others can bear.

A person has so many updates in store in a chat, and gets them back evenly. Once they are used up they are told so,
once; what comes until they have a good part of them again is not read and not recorded, so that neither the file nor
anybody's waiting grows with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

IN_STORE: Final = 120
EACH_MS: Final = 1000
"""After so long one more may come."""
BACK_AT: Final = 60
"""Once it was told, it is heard again when it has so many: a minute of quiet."""
MOST_SENDERS: Final = 10_000
"""Beyond so many senders, those that have their whole store are forgotten: nothing is known of them anyway."""

Verdict = Literal["take", "tell", "drop"]
Sender = tuple[int, int]
"""A chat, and who acts there."""


@dataclass(frozen=True, slots=True)
class Store:
    """What somebody has `left` as of `at` (epoch ms); `dropped` since they were told."""

    left: float
    at: int
    dropped: int = 0


def taken(store: Store | None, at: int) -> tuple[Store, Verdict]:
    """One more update came at this time: what is left, and whether it is taken, or dropped, with a word or without.

    A clock that goes back gives nothing.
    """
    before = store or Store(IN_STORE, at)
    passed = max(0, at - before.at)
    left, now = min(IN_STORE, before.left + passed / EACH_MS), max(at, before.at)
    if left >= (BACK_AT if before.dropped else 1):
        return Store(left - 1, now, 0), "take"
    return Store(left, now, before.dropped + 1), "drop" if before.dropped else "tell"


class Flood:
    """Remembers who sent something lately."""

    def __init__(self) -> None:
        self._stores: dict[Sender, Store] = {}

    def verdict(self, sender: Sender, at: int, fresh: dict[Sender, Store]) -> tuple[Verdict, int]:
        """Whether one more update of this sender is taken; where it is the first after some were dropped: how many.

        What is left goes into `fresh`, which comes before what is remembered: an update that comes again because its
        batch could not be written counts once.
        """
        before = fresh.get(sender) or self._stores.get(sender)
        fresh[sender], verdict = taken(before, at)
        return verdict, before.dropped if before and verdict == "take" else 0

    def keep(self, fresh: Mapping[Sender, Store]) -> None:
        """Remember this: it was written."""
        self._stores |= fresh
        if len(self._stores) > MOST_SENDERS and fresh:
            now = max(store.at for store in fresh.values())
            self._stores = {one: store for one, store in self._stores.items() if not _is_full(store, now)}


def _is_full(store: Store, at: int) -> bool:
    return store.left + (at - store.at) / EACH_MS >= IN_STORE
