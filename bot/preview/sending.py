"""The methods that put messages on a screen, change them and take them away."""

from typing import Any

from bot.preview import errors
from bot.preview.chats import Chat
from bot.preview.errors import bad_request
from bot.preview.keyboards import inline_part, read_markup
from bot.preview.markup import FORMATTING, Entity, found_entities, read_html, trimmed, units
from bot.preview.params import Params
from bot.preview.world import World

Json = dict[str, Any]

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024
DELETABLE_SECONDS = 48 * 3600
ACTIONS = {
    "typing",
    "upload_photo",
    "record_video",
    "upload_video",
    "record_voice",
    "upload_voice",
    "upload_document",
    "choose_sticker",
    "find_location",
    "record_video_note",
    "upload_video_note",
}


def send_message(world: World, params: Params) -> Json:
    chat = world.open_chat(params.chat())
    content = _text(params, errors.TOO_LONG)
    return _send(world, chat, params, content)


def send_photo(world: World, params: Params) -> Json:
    return _send_file(world, params, "photo")


def send_document(world: World, params: Params) -> Json:
    return _send_file(world, params, "document")


def edit_message_text(world: World, params: Params) -> Json:
    chat = world.open_chat(params.chat())
    before = _ours(world, chat, params)
    content = _text(params, errors.EDIT_TOO_LONG)
    kept = {key: value for key, value in before.items() if key not in ("text", "entities", "reply_markup")}
    return _edit(world, chat, before, {**kept, **content, **_markup(params)})


def edit_message_reply_markup(world: World, params: Params) -> Json:
    chat = world.open_chat(params.chat())
    before = _ours(world, chat, params)
    kept = {key: value for key, value in before.items() if key != "reply_markup"}
    return _edit(world, chat, before, {**kept, **_markup(params)})


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


def send_chat_action(world: World, params: Params) -> bool:
    chat = world.open_chat(params.chat())
    if params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.tell(chat.id, {"type": "typing", "action": params.text("action")})
    return True


def _send(world: World, chat: Chat, params: Params, content: Json) -> Json:
    markup = read_markup(params)
    head = {"message_id": 0, "from": world.bot_user(), "chat": chat.facts, "date": world.now()}
    if chat.kind == "channel":
        head = {**head, "sender_chat": chat.facts}
        del head["from"]
    reply = _reply(chat, params)
    inline = inline_part(markup)
    message = {**head, **reply, **content, **({"reply_markup": inline} if inline else {})}
    message["message_id"] = chat.new_id()
    world.tell(chat.id, {"type": "message", "message": message})
    return chat.keep(message)


def _send_file(world: World, params: Params, kind: str) -> Json:
    chat = world.open_chat(params.chat())
    name = params.text(kind)
    if not name:
        raise bad_request(f"there is no {kind} in the request")
    if not params.is_text(kind) or name.startswith("attach://"):
        raise bad_request("the pretend Telegram takes no uploads yet; send a file_id or a URL")
    file = {"file_id": name, "file_unique_id": name[-16:], "file_size": 1024}
    shape: Any = [{**file, "width": 640, "height": 480}] if kind == "photo" else {**file, "file_name": name[-64:]}
    return _send(world, chat, params, {kind: shape, **_caption(params)})


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
    if message.get("from", {}).get("id", world.bot_id) != world.bot_id:
        raise bad_request(errors.NOT_OURS)
    return message


def _delete(world: World, chat: Chat, message_id: int) -> None:
    message = chat.messages.get(message_id)
    if message is None:
        raise bad_request(errors.NO_DELETE)
    ours = message.get("from", {}).get("id", world.bot_id) == world.bot_id
    if world.now() - message["date"] > DELETABLE_SECONDS or not (ours or chat.kind == "private"):
        raise bad_request(errors.NOT_DELETABLE)
    del chat.messages[message_id]
    world.tell(chat.id, {"type": "delete", "message_id": message_id})


def _reply(chat: Chat, params: Params) -> Json:
    wanted = params.fields("reply_parameters")
    if not wanted.get("message_id"):
        return {}
    original = chat.messages.get(wanted["message_id"])
    if original is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request(errors.NO_REPLY)
    return {"reply_to_message": without_reply(original)} if original else {}


def without_reply(message: Json) -> Json:
    """A message as it stands inside another: one level deep."""
    return {key: value for key, value in message.items() if key not in ("reply_to_message", "reply_markup")}


def _markup(params: Params) -> Json:
    inline = inline_part(read_markup(params))
    return {"reply_markup": inline} if inline else {}


def _text(params: Params, too_long: str) -> Json:
    if not params.text("text"):
        raise bad_request(errors.EMPTY_TEXT)
    text, entities = _formatted(params, params.text("text"), "entities")
    if not text:
        raise bad_request(errors.BLANK_TEXT)
    if units(text) > LONGEST_TEXT:
        raise bad_request(too_long)
    return {"text": text, **({"entities": entities} if entities else {})}


def _caption(params: Params) -> Json:
    text, entities = _formatted(params, params.text("caption"), "caption_entities")
    if units(text) > LONGEST_CAPTION:
        raise bad_request(errors.CAPTION_TOO_LONG)
    return {**({"caption": text} if text else {}), **({"caption_entities": entities} if entities else {})}


def _formatted(params: Params, raw: str, given: str) -> tuple[str, list[Entity]]:
    text, entities = _parsed(params, raw, given)
    text, entities = trimmed(text, entities)
    if "/" in text:
        entities = sorted([*entities, *found_entities(text, entities)], key=lambda e: (e["offset"], -e["length"]))
    return text, entities


def _parsed(params: Params, raw: str, given: str) -> tuple[str, list[Entity]]:
    mode = params.text("parse_mode")
    if mode.upper() == "HTML":
        return read_html(raw)
    if mode:
        raise bad_request("unsupported parse_mode")
    wanted = params.items(given, dict)
    return raw, [dict(entity) for entity in wanted if entity.get("type") in FORMATTING]
