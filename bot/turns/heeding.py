"""Which updates are read at all: a flood (flood.py) is not, and whoever sends it is told so."""

from typing import Final

import structlog

from bot.dialog.session import Reply
from bot.staff.events import Changed, Grew, Left
from bot.turns.batch import Answer, Batch, Incoming
from bot.turns.flood import Flood, Sender, Verdict
from bot.turns.keep import Keeper
from bot.turns.setting_aside import words_for
from bot.turns.staffing import Staffing

NOBODYS_ACT: Final = (Changed, Grew, Left)

log = structlog.get_logger(__name__)


class Heeding:
    """Counts what each sends, in each chat."""

    def __init__(self, keeper: Keeper, staffing: Staffing) -> None:
        self._keeper, self._staffing = keeper, staffing
        self._flood = Flood()

    def verdict(self, batch: Batch, item: Incoming) -> Verdict:
        """Whether somebody did not send more than can be read. It counts, also where the turn breaks then."""
        sender = _sender(item)
        if sender is None:
            return "take"
        at = item.received_at or item.sent_at or batch.now
        verdict, dropped = self._flood.verdict(sender, at, batch.flood)
        if dropped:
            log.warning("somebody sent more than is read", chat_id=sender[0], who=sender[1], not_read=dropped)
        return verdict

    async def is_read(self, batch: Batch, item: Incoming, verdict: Verdict, *, is_staffs: bool) -> bool:
        """Who sent more than is read is told so, once, and not one of their taps is answered then: in a storm of them
        the answers would cost as much as the turns. `is_staffs`: it came from the staff's group; other groups, and
        who hides in it, hear nothing."""
        if verdict == "tell" and item.kind == "event":
            self._keeper.post(batch, item.chat_id, Reply(words_for(batch, item).say("too-many")))
        if verdict == "tell" and item.in_group and item.in_group.who.id and is_staffs:
            await self._staffing.tell_too_many(batch, item.in_group)
        if verdict == "tell" and item.callback:
            batch.answers.append(Answer(item.callback))
        return verdict == "take"

    def keep(self, batch: Batch) -> None:
        """Remember what was counted: it was written."""
        self._flood.keep(batch.flood)


def _sender(item: Incoming) -> Sender | None:
    """Who did something, and where; None: nobody did."""
    if item.kind in ("event", "inquiry"):
        return item.chat_id, item.chat_id
    if item.in_group is None or isinstance(item.in_group, NOBODYS_ACT):
        return None
    return item.chat_id, item.in_group.who.id
