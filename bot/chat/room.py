"""The staff's group, as Telegram says it is: what we may do there, what we lack, how to mend it."""

import time
from collections.abc import Sequence
from typing import Any, Final

import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, TelegramError

from bot.chat.transport import call

AGAIN_SECONDS: Final = 600
"""So long we do without topics once we were refused, then we look again."""
INSIDE: Final = ("administrator", "creator", "member", "restricted")

log = structlog.get_logger(__name__)


class Room:
    """What is known of the staff's group. `chat` 0: there is none."""

    def __init__(self, bot: Bot, chat: int) -> None:
        self._bot, self.chat = bot, chat
        self.has_topics = False
        self.lacks: tuple[str, ...] = ()
        """What is missing, by the ends of the phrases `staff-lacks-...`."""
        self._looked = float("-inf")
        self._known = False

    async def uses_topics(self, chat: int) -> bool:
        """Whether conversations get topics of their own in this chat. Asks Telegram once, and now and then again."""
        if chat != self.chat:
            return False
        if not self._known or (not self.has_topics and time.monotonic() - self._looked > AGAIN_SECONDS):
            await self.look()
        return self.has_topics

    def lost_topics(self) -> None:
        """We were just refused."""
        self.has_topics, self._looked = False, time.monotonic()
        log.warning("topics cannot be made in the staff's group; conversations go on as replies to their cards")

    async def look(self) -> None:
        """Ask Telegram what we may do. What cannot be asked stays as it was."""
        self._looked = time.monotonic()
        try:
            group = await call(self._bot, "getChat", chat_id=self.chat)
            us = await call(self._bot, "getChatMember", chat_id=self.chat, user_id=self._bot.id)
        except ChatMigrated as error:
            self.chat = error.new_chat_id
            return await self.look()
        except (BadRequest, Forbidden):
            self.has_topics, self._known, self.lacks = False, True, ("access",)
            return None
        except TelegramError as error:
            log.warning("the staff's group could not be looked at", error=type(error).__name__)
            return None
        self._known = True
        self.lacks = tuple(_missing(group, us, reads_all=bool(self._bot.bot.can_read_all_group_messages)))
        self.has_topics = not {"access", "topics", "manage"} & set(self.lacks)
        return None


def _missing(group: Any, us: Any, *, reads_all: bool) -> Sequence[str]:
    """What we lack, the gravest first."""
    status = us.get("status", "")
    is_admin = status in ("administrator", "creator")
    if status not in INSIDE:
        return ["access"]
    missing = [] if is_admin or reads_all else ["admin"]
    if not group.get("is_forum"):
        return [*missing, "topics"]
    may_manage = status == "creator" or (is_admin and us.get("can_manage_topics"))
    return missing if may_manage else [*missing, "manage"]
