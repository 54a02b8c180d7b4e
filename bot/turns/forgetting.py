"""An owner is forgotten: all that is theirs goes in one transaction; what the staff's group shows goes after it."""

import json
from typing import Any

from bot.dialog.phrases import Words
from bot.dialog.view import View, paragraphs
from bot.staff import cards
from bot.store import forgetting, outbox, traffic
from bot.store.forgetting import Copies
from bot.turns.batch import Answer, Batch, Incoming
from bot.turns.keep import Keeper


class Forgetting:
    """Computes what forgetting comes to."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper = keeper

    async def add(self, batch: Batch, item: Incoming, view: View) -> None:
        """Delete first, then say so: to the owner, and to the staff where they still had the conversation."""
        chat, handover = item.chat_id, batch.newest.get(item.chat_id)
        copies = Copies()
        if batch.desk.is_staffed:
            copies = await forgetting.copies(self._keeper.database, chat, batch.desk.chat)
        batch.forgotten.append(chat)
        batch.first.append(await forgetting.forgetting(self._keeper.database, chat, copies.rows))
        if handover and handover.is_open:
            text = batch.moment.words.say("staff-forgot", numbers=cards.numbers([handover.id]))
            self._keeper.tell_staff(batch, text)
        batch.extra.append(traffic.added_up())  # else the last turns' counts would stand there in their order
        self._keeper.farewell(batch, chat, _farewell(view, copies), json.dumps(_brief(batch, item, view, copies)))
        for known in (batch.chats, batch.changed, batch.newest):
            known.pop(chat, None)
        if item.callback:
            batch.answers.append(Answer(item.callback))


def _farewell(view: View, copies: Copies) -> str:
    words, days = view.words, view.content.backup_days
    return paragraphs(words.say("forgotten", n=days), words.say("forgotten-staff") if copies.handovers else "")


def _brief(batch: Batch, item: Incoming, view: View, copies: Copies) -> dict[str, Any]:
    """What is to be removed in the staff's group, and what is said where it cannot be; no word of the owner's.

    Of what is older than the outbox, nobody knows any more where it was posted: it is told as remaining.
    """
    staff, words = Words(batch.content, batch.desk.language), view.words
    numbers = cards.numbers(copies.handovers)
    return {
        "asked": item.message_id or 0,
        "staff": batch.desk.chat if copies.handovers else 0,
        "handovers": copies.handovers,
        "thread": copies.thread,
        "messages": copies.messages,
        "remains": bool(copies.since) and batch.now - copies.since > outbox.KEPT_MS,
        "name": f"✅ {numbers}",
        "blank": staff.say("staff-forgot-blank"),
        "line": staff.say("staff-forgot-left", numbers=numbers),
        "left": paragraphs(words.say("forgotten", n=view.content.backup_days), words.say("forgotten-left")),
    }
