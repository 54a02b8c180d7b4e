"""The methods that change messages and take them away."""

from typing import Any

from bot.preview import errors
from bot.preview.chats import Chat
from bot.preview.errors import bad_request
from bot.preview.keyboards import inline_part, read_markup
from bot.preview.params import Params
from bot.preview.sending import CAPTIONED
from bot.preview.wording import read_caption, read_text
from bot.preview.world import World

Json = dict[str, Any]

DELETABLE_SECONDS = 48 * 3600


def edit_message_text(world: World, params: Params) -> Json:
    chat = world.open_chat(params.chat())
    before = _ours(world, chat, params)
    if "text" not in before:
        raise bad_request(errors.NO_TEXT)
    content = read_text(params, errors.EDIT_TOO_LONG)
    return _edit(world, chat, before, {**_without(before, "text", "entities"), **content, **_markup(params)})


def edit_message_caption(world: World, params: Params) -> Json:
    chat = world.open_chat(params.chat())
    before = _ours(world, chat, params)
    if not any(kind in before for kind in CAPTIONED):
        raise bad_request(errors.NO_CAPTION)
    kept = _without(before, "caption", "caption_entities")
    return _edit(world, chat, before, {**kept, **read_caption(params), **_markup(params)})


def edit_message_reply_markup(world: World, params: Params) -> Json:
    chat = world.open_chat(params.chat())
    before = _ours(world, chat, params)
    return _edit(world, chat, before, {**_without(before), **_markup(params)})


def delete_message(world: World, params: Params) -> bool:
    chat = world.open_chat(params.chat())
    _delete(world, chat, params.integer("message_id"))
    return True


def delete_messages(world: World, params: Params) -> bool:
    """Skips what is not there, as Telegram does."""
    chat = world.open_chat(params.chat())
    wanted = params.items("message_ids", int)
    if not 1 <= len(wanted) <= 100:
        raise bad_request("message identifiers are not specified")
    for message_id in wanted:
        if message_id in chat.messages:
            _delete(world, chat, message_id)
    return True


def _edit(world: World, chat: Chat, before: Json, after: Json) -> Json:
    after.pop("edit_date", None)
    if after == {key: value for key, value in before.items() if key != "edit_date"}:
        raise bad_request(errors.NOT_MODIFIED)
    after["edit_date"] = world.now()
    world.tell(chat.id, {"type": "edit", "message": after})
    return chat.keep(after)


def _ours(world: World, chat: Chat, params: Params) -> Json:
    message_id = params.integer("message_id")
    if not message_id:
        raise bad_request(errors.NO_MESSAGE_ID)
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(errors.NO_EDIT)
    if not _is_ours(world, message):
        raise bad_request(errors.NOT_OURS)
    return message


def _delete(world: World, chat: Chat, message_id: int) -> None:
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(errors.NO_DELETE)
    allowed = _is_ours(world, message) or chat.kind == "private" or _may_delete_all(chat)
    if not allowed or world.now() - message["date"] > DELETABLE_SECONDS or "forum_topic_created" in message:
        raise bad_request(errors.NOT_DELETABLE)
    del chat.messages[message_id]
    world.tell(chat.id, {"type": "delete", "message_id": message_id})


def _is_ours(world: World, message: Json) -> bool:
    return bool(message.get("from", {}).get("id", world.bot_id) == world.bot_id)


def _may_delete_all(chat: Chat) -> bool:
    return chat.bot_is_admin and chat.seat.can_delete_messages


def _without(message: Json, *names: str) -> Json:
    return {key: value for key, value in message.items() if key not in (*names, "reply_markup")}


def _markup(params: Params) -> Json:
    inline = inline_part(read_markup(params))
    return {"reply_markup": inline} if inline else {}
