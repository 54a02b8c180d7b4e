"""Telegram's update -> event. The last place that knows Telegram's shape.

Each update is read alone, and only as far as we need it: one that is malformed breaks alone, an unknown kind is
ignored. What each kind comes to is the table in the README.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from bot.dialog.events import AnyEvent, Commanded, Inquired, Pressed, Said, Sent
from bot.languages import Language, language_of
from bot.turns import Incoming

ALLOWED: Final = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
)
COMMAND: Final = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@\w+)?(?:\s+(.*))?\Z", re.DOTALL)
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
LONGEST: Final = 4096
LONGEST_INQUIRY: Final = 256


def read_update(raw: Mapping[str, Any]) -> Incoming:
    """The update as the turns see it; kind `broken` when it is malformed.

    Raises KeyError or TypeError without an update id.
    """
    update_id = _integer(raw["update_id"])
    try:
        return _read(update_id, raw)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return Incoming(update_id, "broken", error=f"malformed update: {error!r}", callback=_callback_id(raw), raw=raw)


def _callback_id(raw: Mapping[str, Any]) -> str:
    query = raw.get("callback_query")
    found = query.get("id") if isinstance(query, Mapping) else None
    return found if isinstance(found, str) else ""


def _read(update_id: int, raw: Mapping[str, Any]) -> Incoming:
    if "message" in raw:
        return _message(update_id, raw["message"], raw)
    if "callback_query" in raw:
        return _press(update_id, raw["callback_query"], raw)
    if "inline_query" in raw:
        return _inquiry(update_id, raw["inline_query"], raw)
    if "my_chat_member" in raw:
        return _membership(update_id, raw["my_chat_member"], raw)
    return Incoming(update_id, raw=raw)


def _message(update_id: int, message: Mapping[str, Any], raw: Mapping[str, Any]) -> Incoming:
    chat_id, kind = _integer(message["chat"]["id"]), message["chat"]["type"]
    sender = message.get("from")
    if kind == "channel" or "sender_chat" in message or sender is None or not _is_person(sender):
        return Incoming(update_id, raw=raw)
    language = _language(sender)
    if kind != "private":
        addressed = "text" in message or "new_chat_members" in message
        return Incoming(update_id, "group" if addressed else "ignored", chat_id, language=language, raw=raw)
    event = _event(message)
    if event is None:
        return Incoming(update_id, raw=raw)
    sent_at = _integer(message["date"]) * 1000
    return Incoming(update_id, "event", chat_id, event, language, sent_at=sent_at, raw=raw)


def _event(message: Mapping[str, Any]) -> AnyEvent | None:
    if "text" in message:
        return _spoken(storable(_string(message["text"])))
    kind = next((name for name in MEDIA if name in message), None)
    if kind is None and any(SERVICE.match(name) for name in message):
        return None
    return Sent(what=kind or "something else")


def _spoken(text: str) -> AnyEvent:
    command = COMMAND.match(text)
    if command:
        return Commanded(name=command[1].lower(), argument=(command[2] or "").strip()[:64])
    return Said(text=text[:LONGEST])


def storable(text: str) -> str:
    """`text` without what no database takes: NUL, and halves of characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def _press(update_id: int, query: Mapping[str, Any], raw: Mapping[str, Any]) -> Incoming:
    callback, sender = _string(query["id"]), query["from"]
    message = query.get("message") or {}
    chat = message.get("chat") or {}
    if chat.get("type") != "private" or chat["id"] != sender["id"]:
        return Incoming(update_id, callback=callback, raw=raw)
    data = storable(_string(query.get("data", "")))[:64]
    return Incoming(
        update_id, "event", _integer(chat["id"]), Pressed(data=data), _language(sender),
        message_id=_integer(message["message_id"]), callback=callback, label=_label(message, data), raw=raw,
    )  # fmt: skip


def _inquiry(update_id: int, query: Mapping[str, Any], raw: Mapping[str, Any]) -> Incoming:
    """Words after the bot's name in any chat; who typed them is looked at for their language alone."""
    sender = query["from"]
    if not _is_person(sender):
        return Incoming(update_id, raw=raw)
    event = Inquired(text=storable(_string(query["query"]))[:LONGEST_INQUIRY])
    person, language = _integer(sender["id"]), _language(sender)
    return Incoming(update_id, "inquiry", person, event, language, inquiry=_string(query["id"]), raw=raw)


def _label(message: Mapping[str, Any], data: str) -> str:
    """The words of the button that was pressed, where the message still shows it."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    labels = (button.get("text") for row in rows for button in row if button.get("callback_data") == data)
    return storable(_string(next(labels, "")))


def _membership(update_id: int, change: Mapping[str, Any], raw: Mapping[str, Any]) -> Incoming:
    chat_id, private = _integer(change["chat"]["id"]), change["chat"]["type"] == "private"
    status = change["new_chat_member"]["status"]
    if private:
        return Incoming(update_id, "blocked" if status == "kicked" else "unblocked", chat_id, raw=raw)
    joined = status in ("member", "administrator") and change["chat"]["type"] != "channel"
    return Incoming(update_id, "group" if joined else "ignored", chat_id, language=_language(change["from"]), raw=raw)


def _is_person(sender: Mapping[str, Any]) -> bool:
    return not sender["is_bot"] and sender["id"] not in NOT_PEOPLE


def _language(sender: Mapping[str, Any]) -> Language:
    code = sender.get("language_code")
    return language_of(code if isinstance(code, str) else None)


def _integer(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise TypeError(f"{type(value).__name__} instead of an integer")
    return value


def _string(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of a text")
    return value
