"""What the bot hears of a group: with privacy mode on, a plain member of it hears little."""

from typing import Any

from bot.preview.chats import Chat, topic_of
from bot.preview.markup import found_entities
from bot.preview.world import World

Json = dict[str, Any]

_SERVICE = (
    "new_chat_members left_chat_member migrate_to_chat_id migrate_from_chat_id "
    "forum_topic_created forum_topic_edited forum_topic_closed forum_topic_reopened"
)
SERVICE = frozenset(_SERVICE.split())


def hears(world: World, chat: Chat, message: Json) -> bool:
    """Whether Telegram hands this message of a person to the bot."""
    if chat.kind == "private":
        return True
    if chat.shut:
        return False
    if chat.kind == "channel" or chat.bot_is_admin or not world.privacy_mode:
        return True
    return bool(SERVICE & message.keys()) or _is_command(world, message) or _answers_bot(world, message)


def _is_command(world: World, message: Json) -> bool:
    text = message.get("text", "")
    first = next((e for e in found_entities(text, []) if e["type"] == "bot_command" and e["offset"] == 0), None)
    _, _, name = text[: first["length"]].partition("@") if first else ("", "", "-")
    return name in ("", world.bot_user()["username"])


def _answers_bot(world: World, message: Json) -> bool:
    original = message.get("reply_to_message", {})
    implied = topic_of(message) == original.get("message_id")
    return not implied and original.get("from", {}).get("id") == world.bot_id
