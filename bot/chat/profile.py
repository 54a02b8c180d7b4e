"""The commands menu, the description and the short description, in every language; sent only where they differ."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, Final

import structlog
from telegram import Bot
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.chat.transport import call
from bot.dialog.engine import COMMANDS
from bot.dialog.phrases import Content, Phrase, Words
from bot.languages import LANGUAGES, Language
from bot.staff.group import COMMANDS as STAFF_COMMANDS
from bot.staff.moment import Desk

CODES: Final[tuple[tuple[str, Language], ...]] = (("", "en"), *((name, name) for name in LANGUAGES))
"""Telegram's language codes with our wording for each; the empty one is for every other language."""

log = structlog.get_logger(__name__)


class Profile:
    """Sets the profile in the background, again whenever the phrases change."""

    def __init__(self, bot: Bot, desk: Desk | None = None, admins: Sequence[int] = ()) -> None:
        """`desk`: whose group gets a menu of its own; `admins`: who have one command more in private."""
        self._bot, self._desk, self._admins = bot, desk or Desk(), tuple(admins)
        self._phrases: Mapping[str, Phrase] = {}
        self._setting: asyncio.Task[None] | None = None

    def keep(self, content: Content) -> None:
        """Make the profile say what this content says; what was still being set is let go."""
        if content.phrases != self._phrases:
            self.stop()
            self._phrases = content.phrases
            self._setting = asyncio.create_task(
                set_profile(self._bot, content, self._desk, self._admins), name="profile"
            )

    def stop(self) -> None:
        """Set nothing any more."""
        if self._setting:
            self._setting.cancel()


async def set_profile(bot: Bot, content: Content, desk: Desk | None = None, admins: Sequence[int] = ()) -> None:
    """Make the bot's profile say what the content says. Trouble is logged: the bot works without."""
    try:
        sent = sum([await _set_language(bot, code, words) for code, words in _all(content)])
        sent += await _set_staff_menu(bot, content, desk) if desk and desk.is_staffed else 0
        sent += sum([await _set_admin_menu(bot, content, admin) for admin in admins])
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


async def _set_staff_menu(bot: Bot, content: Content, desk: Desk) -> int:
    """The staff's commands, for their group alone. A group we are not in (yet) gets none."""
    words, scope = Words(content, desk.language), {"type": "chat", "chat_id": desk.chat}
    commands = [_order(words, name) for name in STAFF_COMMANDS]
    try:
        return int(await _set(bot, "Commands", "", commands=commands, scope=scope))
    except (BadRequest, Forbidden) as error:
        log.warning("the staff's menu could not be set", why=str(error))
        return 0


async def _set_admin_menu(bot: Bot, content: Content, admin: int) -> int:
    """The owners' commands and one more, in this admin's own chat. Who never wrote to the bot gets none yet."""
    scope = {"type": "chat", "chat_id": admin}
    try:
        menus = [(code, [*menu(words), _order(words, "review")]) for code, words in _all(content)]
        return sum([await _set(bot, "Commands", code, commands=rows, scope=scope) for code, rows in menus])
    except (BadRequest, Forbidden) as error:
        log.info("an admin has no menu of their own yet", admin=admin, why=str(error))
        return 0


def _all(content: Content) -> list[tuple[str, Words]]:
    return [(code, Words(content, language)) for code, language in CODES]


def _order(words: Words, name: str) -> dict[str, str]:
    """A command of the staff's side, with what it does."""
    return {"command": name, "description": words.plain(f"staff-command-{name}")}


async def _set(bot: Bot, what: str, code: str, **wanted: Any) -> bool:
    where: dict[str, Any] = {"language_code": code} if code else {}
    if "scope" in wanted:
        where["scope"] = wanted.pop("scope")
    stands = await call(bot, f"getMy{what}", **where)
    if stands in (wanted, *wanted.values()):
        return False
    await call(bot, f"setMy{what}", **where, **wanted)
    return True


def menu(words: Words) -> list[dict[str, str]]:
    """The commands of the menu, with what each does."""
    return [{"command": name, "description": words.plain(f"command-{name}")} for name in COMMANDS]
