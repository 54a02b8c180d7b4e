"""What Telegram's objects have in common, read strictly: a wrong type is a TypeError."""

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.staff.posts import cut

MEDIA: Final = (
    "photo", "document", "voice", "video", "video_note", "audio", "sticker", "animation", "location", "venue",
    "contact", "poll", "dice", "story", "game", "checklist", "paid_media", "invoice", "giveaway",
)  # fmt: skip
SERVICE: Final = re.compile(
    r"(new_|left_|group_|supergroup_|channel_|migrate_|pinned_|message_auto|successful_|refunded_|users_|chat_|connected_"
    r"|write_access|passport_|proximity_|boost_|forum_|general_forum|giveaway_|video_chat|web_app_data|delete_chat)"
)
NOT_PEOPLE: Final = frozenset({1087968824, 777000, 136817688})
"""GroupAnonymousBot, Telegram itself, Channel Bot: ids that many share."""
COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?\Z", re.DOTALL)
LONGEST: Final = 4096


def is_person(sender: Mapping[str, Any]) -> bool:
    """Whether a user is one person, whom an id stands for."""
    return not sender["is_bot"] and sender["id"] not in NOT_PEOPLE


def kind_of_media(message: Mapping[str, Any]) -> str:
    """What a message without text holds; `""` for a service message."""
    kind = next((name for name in MEDIA if name in message), "")
    if not kind and any(SERVICE.match(name) for name in message):
        return ""
    return kind or "something else"


def command_in(text: str) -> tuple[str, str] | None:
    """Name and argument of a command; None for any other text."""
    found = COMMAND.match(text)
    return (found[1].lower(), (found[2] or "").strip()) if found else None


def captioned(message: Mapping[str, Any]) -> str:
    """The caption, as far as a database takes it."""
    caption = message.get("caption")
    return cut(storable(caption), LONGEST) if isinstance(caption, str) else ""


def full_name(sender: Mapping[str, Any]) -> str:
    """How a user calls themselves."""
    names = (sender.get("first_name"), sender.get("last_name"))
    return storable(" ".join(name for name in names if isinstance(name, str)))


def storable(text: str) -> str:
    """`text` without what no database takes: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def integer(value: Any) -> int:
    """An integer that a database takes. Raises TypeError for anything else."""
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise TypeError(f"{type(value).__name__} instead of an integer")
    return value


def string(value: Any) -> str:
    """A text. Raises TypeError for anything else."""
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of a text")
    return value
