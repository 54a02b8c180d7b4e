"""Takes an owner's copies out of the staff's group, as far as Telegram lets us.

A topic goes whole. Else each message is deleted (Telegram allows it for 48 hours), or, being ours, loses its words.
All of it may be done twice: a crash repeats it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import structlog
from telegram.error import BadRequest, Forbidden

from bot.chat.transport import says

AT_ONCE: Final = 100
DELETABLE_MS: Final = 48 * 3600 * 1000 - 60_000
GONE: Final = (
    "message to delete not found", "message to edit not found", "thread not found", "topic_id_invalid",
    "topic_deleted", "not modified",
)  # fmt: skip
"""What is so already."""

log = structlog.get_logger(__name__)

Call = Callable[[str, Mapping[str, Any]], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class Copies:
    """What to take out of the group `staff`: a topic (`thread`, 0: none), messages as (id, posted at in epoch ms).

    `name`: what a topic is called that may not be deleted; `blank`: what a message says that may not.
    """

    staff: int
    thread: int
    messages: Sequence[tuple[int, int]]
    name: str
    blank: str


async def erased(call: Call, copies: Copies, now: int) -> bool:
    """Whether nothing remains. Raises TelegramError where trying again may help."""
    gone = await _topic_gone(call, copies) if copies.thread else True
    fresh = [number for number, at in copies.messages if now - at < DELETABLE_MS]
    stale = [number for number, at in copies.messages if now - at >= DELETABLE_MS]
    for place in range(0, len(fresh), AT_ONCE):
        stale += await _refused(call, copies, fresh[place : place + AT_ONCE])
    blanked = [await _blanked(call, copies, number) for number in stale]
    return gone and all(blanked)


async def _topic_gone(call: Call, copies: Copies) -> bool:
    where = {"chat_id": copies.staff, "message_thread_id": copies.thread}
    if await _done(call, "deleteForumTopic", where):
        return True
    await _done(call, "editForumTopic", {**where, "name": copies.name})
    return False


async def _refused(call: Call, copies: Copies, numbers: Sequence[int]) -> list[int]:
    """Delete these; gives those that may not be."""
    if await _done(call, "deleteMessages", {"chat_id": copies.staff, "message_ids": list(numbers)}):
        return []
    each = {number: {"chat_id": copies.staff, "message_id": number} for number in numbers}
    return [number for number in numbers if not await _done(call, "deleteMessage", each[number])]


async def _blanked(call: Call, copies: Copies, number: int) -> bool:
    where = {"chat_id": copies.staff, "message_id": number}
    if await _done(call, "editMessageText", {**where, "text": copies.blank, "parse_mode": "HTML"}):
        return True
    await _done(call, "editMessageCaption", {**where, "caption": copies.blank, "parse_mode": "HTML"})
    return False  # a picture stays a picture


async def _done(call: Call, method: str, params: Mapping[str, Any]) -> bool:
    """Whether it is as wished now."""
    try:
        await call(method, params)
    except (BadRequest, Forbidden) as error:
        if not says(error, GONE):
            log.warning("an owner's copy in the staff's group could not be removed", method=method, why=str(error))
            return False
    return True
