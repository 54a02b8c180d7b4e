"""Where a message stands: which topic it belongs to, and what it replies to."""

from typing import Any

from bot.preview import errors
from bot.preview.chats import Chat, topic_of
from bot.preview.errors import bad_request
from bot.preview.params import Params

Json = dict[str, Any]


def place(chat: Chat, thread_id: int, original: Json | None) -> Json:
    """The part of a message that tells its topic and the message it replies to.

    A plain message in a topic "replies" to the message that created the topic, as in Telegram. In a supergroup without
    topics a reply carries the id of the thread's first message, and no is_topic_message.
    """
    if thread_id:
        original = original or chat.messages.get(thread_id)
        return {"message_thread_id": thread_id, "is_topic_message": True, **_reply(original)}
    if original and chat.kind == "supergroup" and not chat.is_forum:
        return {"message_thread_id": original.get("message_thread_id", original["message_id"]), **_reply(original)}
    return _reply(original)


def wanted_place(chat: Chat, params: Params, bot_id: int) -> Json:
    """The same for a request of the bot. Raises ApiError: no such topic, a closed one, nothing to reply to."""
    original = _original(chat, params)
    thread_id = wanted_thread(chat, params) or (topic_of(original) if original else 0)
    topic = chat.topics.get(thread_id)
    if topic and topic.closed and not may_manage(chat, thread_id, bot_id):
        raise bad_request(errors.TOPIC_CLOSED)
    return place(chat, thread_id, original if original and topic_of(original) == thread_id else None)


def wanted_thread(chat: Chat, params: Params) -> int:
    """The topic a request names, 0 for none. Raises ApiError for one that is not there."""
    thread_id = params.integer("message_thread_id")
    if thread_id <= 0 or not chat.is_forum:
        return 0  # as Telegram does: nothing is said
    if thread_id not in chat.topics:
        raise bad_request(errors.NO_THREAD)
    return thread_id


def may_manage(chat: Chat, thread_id: int, bot_id: int) -> bool:
    """Whether the bot may rename, close and open this topic: as administrator with the right, or when it made it."""
    created = chat.messages.get(thread_id, {})
    return (chat.bot_is_admin and chat.seat.can_manage_topics) or created.get("from", {}).get("id") == bot_id


def without_reply(message: Json) -> Json:
    """A message as it stands inside another: one level deep."""
    return {key: value for key, value in message.items() if key not in ("reply_to_message", "reply_markup")}


def _reply(original: Json | None) -> Json:
    return {"reply_to_message": without_reply(original)} if original else {}


def _original(chat: Chat, params: Params) -> Json | None:
    wanted = params.fields("reply_parameters")
    if not wanted.get("message_id"):
        return None
    original = chat.messages.get(wanted["message_id"])
    if original is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request(errors.NO_REPLY)
    return original
