"""The commands menu, the description and the short description, in every language; sent only where they differ."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.chat.transport import call
from bot.dialog.engine import COMMANDS
from bot.dialog.phrases import Content, Phrase, Words
from bot.languages import LANGUAGES, Language

CODES: Final[tuple[tuple[str, Language], ...]] = (("", "en"), *((name, name) for name in LANGUAGES))
"""Telegram's language codes with our wording for each; the empty one is for every other language."""

log = structlog.get_logger(__name__)


class Profile:
    """Sets the profile in the background, again whenever the phrases change."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._phrases: Mapping[str, Phrase] = {}
        self._setting: asyncio.Task[None] | None = None

    def keep(self, content: Content) -> None:
        """Make the profile say what this content says; what was still being set is let go."""
        if content.phrases != self._phrases:
            self.stop()
            self._phrases = content.phrases
            self._setting = asyncio.create_task(set_profile(self._bot, content), name="profile")

    def stop(self) -> None:
        """Set nothing any more."""
        if self._setting:
            self._setting.cancel()


async def set_profile(bot: Bot, content: Content) -> None:
    """Make the bot's profile say what the content says. Trouble is logged: the bot works without."""
    try:
        sent = sum([await _set_language(bot, code, Words(content, language)) for code, language in CODES])
        log.info("profile stands", sent=sent)
    except TelegramError as error:
        log.warning("the profile could not be set; trying again at the next start", error=type(error).__name__)


async def _set_language(bot: Bot, code: str, words: Words) -> int:
    """How many calls it took beside the looking."""
    description, short = words.plain("bot-description"), words.plain("bot-short-description")
    return sum(
        [
            await _set(bot, "Commands", code, commands=menu(words)),
            await _set(bot, "Description", code, description=description),
            await _set(bot, "ShortDescription", code, short_description=short),
        ]
    )


async def _set(bot: Bot, what: str, code: str, **wanted: Any) -> bool:
    where: dict[str, Any] = {"language_code": code} if code else {}
    stands = await call(bot, f"getMy{what}", **where)
    if stands in (wanted, *wanted.values()):
        return False
    await call(bot, f"setMy{what}", **where, **wanted)
    return True


def menu(words: Words) -> list[dict[str, str]]:
    """The commands of the menu, with what each does."""
    return [{"command": name, "description": words.plain(f"command-{name}")} for name in COMMANDS]
