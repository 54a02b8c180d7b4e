"""The commands menu, the description and the short description, in every language; sent only where they differ."""

from typing import Any, Final

import structlog
from telegram import Bot
from telegram.error import TelegramError

from bot.chat.transport import call
from bot.dialog.engine import COMMANDS
from bot.dialog.phrases import Content, Words
from bot.languages import LANGUAGES, Language

CODES: Final[tuple[tuple[str, Language], ...]] = (("", "en"), *((name, name) for name in LANGUAGES))
"""Telegram's language codes with our wording for each; the empty one is for every other language."""

log = structlog.get_logger(__name__)


async def set_profile(bot: Bot, content: Content) -> None:
    """Make the bot's profile say what the content says. Trouble is logged: the bot works without."""
    try:
        for code, language in CODES:
            await _set_language(bot, code, Words(content, language))
    except TelegramError as error:
        log.warning("the profile could not be set; trying again at the next start", error=type(error).__name__)


async def _set_language(bot: Bot, code: str, words: Words) -> None:
    await _set(bot, "Commands", code, commands=menu(words))
    await _set(bot, "Description", code, description=words.plain("bot-description"))
    await _set(bot, "ShortDescription", code, short_description=words.plain("bot-short-description"))


async def _set(bot: Bot, what: str, code: str, **wanted: Any) -> None:
    where: dict[str, Any] = {"language_code": code} if code else {}
    stands = await call(bot, f"getMy{what}", **where)
    if stands not in (wanted, *wanted.values()):
        await call(bot, f"setMy{what}", **where, **wanted)
        log.info("profile set", what=what, language=code or "others")


def menu(words: Words) -> list[dict[str, str]]:
    """The commands of the menu, with what each does."""
    return [{"command": name, "description": words.plain(f"command-{name}")} for name in COMMANDS]
