"""Puts what a turn means for the traffic into the batch."""

from dataclasses import replace
from typing import Final

from bot.dialog.events import AnyEvent
from bot.dialog.session import Turn
from bot.dialog.traffic import WHOLE, Counts, Trail, traffic
from bot.dialog.tree import Dialog
from bot.store.filters import DAY_MS
from bot.store.sessions import Chat, is_simulated
from bot.store.traffic import Kind
from bot.turns.batch import Batch

NOT_COUNTED: Final = Trail()


def counted(batch: Batch, before: Chat, after: Chat, event: AnyEvent, turn: Turn, dialog: Dialog) -> Chat:
    """`after` with its trail. A session that was begun anew stands nowhere any more."""
    begun_anew = before.session.id != after.session.id
    moved = not begun_anew and before.dialog_version != after.dialog_version
    trail = Trail(before.met, before.stands) if before.session.id else NOT_COUNTED
    found = traffic(dialog, before.session, trail, event, turn, moved=moved)
    _add(batch, before, found.before)
    _add(batch, after, found.now)
    if begun_anew and before.session.id:
        batch.left.append(replace(before, stands=WHOLE))
    return replace(after, met=found.trail.met, stands=found.trail.stands)


def _add(batch: Batch, chat: Chat, counts: Counts) -> None:
    if not counts:
        return
    kind = Kind(chat.begun_at // DAY_MS, chat.dialog_version, chat.session.language, is_simulated(chat.id))
    for where, n in counts.items():
        batch.counts[kind, *where] += n
