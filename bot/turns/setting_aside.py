"""Our own slip: an update whose turn broke is kept, loudly, and the owner is told that nothing is lost."""

from collections.abc import Mapping
from typing import Any

import structlog

from bot.dialog.phrases import Words
from bot.dialog.session import Reply
from bot.store import updates
from bot.turns.batch import Answer, Batch, Incoming
from bot.turns.keep import Keeper

log = structlog.get_logger(__name__)


def set_aside(keeper: Keeper, batch: Batch, item: Incoming, why: str, error: str) -> None:
    """Put the update into the batch as failed. `why`: failed or quarantined; `error`: a traceback, or what happened."""
    log.error("update set aside", why=why, update_id=item.update_id, error=error.strip().splitlines()[-1])
    kept = item.raw if item.chat_id in batch.chats and item.kind != "inquiry" else _shape(item.raw)
    owner = 0 if item.kind == "group" else item.chat_id
    batch.extra.append(updates.fail(item.update_id, batch.now, why, error, kept, owner))
    if item.callback:
        batch.answers.append(Answer(item.callback))
    if item.kind == "event":
        keeper.post(batch, item.chat_id, Reply(words_for(batch, item).say("trouble")))


def words_for(batch: Batch, item: Incoming) -> Words:
    """In the language of the chat, else of the client."""
    chat = batch.chats.get(item.chat_id)
    return Words(batch.content, chat.session.language if chat else item.language)


def _shape(value: Any) -> Any:
    """An update's keys and types, none of its words: all that may be kept of one who has not agreed."""
    if isinstance(value, Mapping):
        return {str(key): _shape(inner) for key, inner in value.items()}
    return [_shape(inner) for inner in value] if isinstance(value, list) else type(value).__name__
