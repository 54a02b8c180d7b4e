"""The methods about the topics of a forum. Telegram posts each change as a message from who made it."""

from dataclasses import replace
from typing import Any

from bot.preview import errors
from bot.preview.chats import Chat, Topic
from bot.preview.errors import bad_request
from bot.preview.params import Params
from bot.preview.threads import may_manage, place
from bot.preview.world import World

Json = dict[str, Any]

LONGEST_TOPIC_NAME = 128
COLORS = (0x6FB9F0, 0xFFD67E, 0xCB86DB, 0x8EEE98, 0xFF93B2, 0xFB6F5F)


def create_forum_topic(world: World, params: Params) -> Json:
    chat = _forum(world, params)
    if not (chat.bot_is_admin and chat.seat.can_manage_topics):
        raise bad_request(errors.MAY_NOT_CREATE)
    color = params.integer("icon_color", COLORS[0])
    topic = new_topic(chat, _name(params), color if color in COLORS else COLORS[0], params.text("icon_custom_emoji_id"))
    _posted_by_bot(world, chat, {"forum_topic_created": topic.look()}, topic.id)
    return topic.facts()


def edit_forum_topic(world: World, params: Params) -> bool:
    chat, topic = _topic(world, params, errors.MAY_NOT_EDIT)
    fresh = replace(topic, **_changes(params))
    if fresh == topic:
        raise bad_request(errors.TOPIC_NOT_MODIFIED)
    changed = {name: value for name, value in fresh.look().items() if topic.look().get(name) != value}
    _change(world, chat, fresh, {"forum_topic_edited": changed})
    return True


def close_forum_topic(world: World, params: Params) -> bool:
    return _shut(world, params, closed=True)


def reopen_forum_topic(world: World, params: Params) -> bool:
    return _shut(world, params, closed=False)


def delete_forum_topic(world: World, params: Params) -> bool:
    chat = _forum(world, params)
    if not (chat.bot_is_admin and chat.seat.can_delete_messages):
        raise bad_request(errors.MAY_NOT_DELETE)
    forget_topic(world, chat, _known(chat, params).id)
    return True


def new_topic(chat: Chat, name: str, color: int = COLORS[0], emoji: str = "") -> Topic:
    """A fresh topic in the chat; its id is that of the message that must now be posted."""
    topic = Topic(chat.next_message_id, name, color, emoji)
    chat.topics[topic.id] = topic
    return topic


def forget_topic(world: World, chat: Chat, thread_id: int) -> None:
    """A topic goes with all its messages."""
    for message in list(chat.in_topic(thread_id)):
        del chat.messages[message["message_id"]]
    del chat.topics[thread_id]
    world.tell(chat.id, {"type": "topic_deleted", "thread": thread_id})


def shut_message(*, closed: bool) -> Json:
    """The body of the message that tells it."""
    return {"forum_topic_closed" if closed else "forum_topic_reopened": {}}


def tell_topic(world: World, chat: Chat, topic: Topic) -> None:
    """Keep a topic's new state and show it to who watches."""
    chat.topics[topic.id] = topic
    world.tell(chat.id, {"type": "topic", "topic": {**topic.facts(), "closed": topic.closed}})


def _shut(world: World, params: Params, *, closed: bool) -> bool:
    chat, topic = _topic(world, params, errors.MAY_NOT_CLOSE)
    if topic.closed == closed:
        raise bad_request(errors.TOPIC_NOT_MODIFIED)
    _change(world, chat, replace(topic, closed=closed), shut_message(closed=closed))
    return True


def _change(world: World, chat: Chat, topic: Topic, body: Json) -> None:
    tell_topic(world, chat, topic)
    _posted_by_bot(world, chat, body, topic.id)


def _posted_by_bot(world: World, chat: Chat, body: Json, thread_id: int) -> None:
    # Unlike its other messages, the bot gets these back as updates.
    head = {"message_id": chat.new_id(), "from": world.bot_user(), "chat": chat.facts, "date": world.now()}
    message = chat.keep({**head, **place(chat, thread_id, None), **body})
    if "forum_topic_created" in body:
        tell_topic(world, chat, chat.topics[thread_id])
    world.tell(chat.id, {"type": "message", "message": message})
    world.updates.add("message", message)


def _forum(world: World, params: Params) -> Chat:
    chat = world.open_chat(params.chat())
    if not chat.is_forum:
        raise bad_request(errors.NOT_A_FORUM)
    return chat


def _topic(world: World, params: Params, refusal: str) -> tuple[Chat, Topic]:
    chat = _forum(world, params)
    topic = _known(chat, params)
    if not may_manage(chat, topic.id, world.bot_id):
        raise bad_request(refusal)
    return chat, topic


def _known(chat: Chat, params: Params) -> Topic:
    topic = chat.topics.get(params.integer("message_thread_id"))
    if topic is None:
        raise bad_request(errors.NO_TOPIC)
    return topic


def _name(params: Params) -> str:
    name = params.text("name").strip()[:LONGEST_TOPIC_NAME]
    if not name:
        raise bad_request(errors.NO_TOPIC_NAME)
    return name


def _changes(params: Params) -> Json:
    named = {"name": _name(params)} if params.has("name") else {}
    given = params.given("icon_custom_emoji_id")
    return {**named, **({"icon_custom_emoji_id": params.text("icon_custom_emoji_id")} if given else {})}
