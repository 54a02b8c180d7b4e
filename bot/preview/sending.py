"""The methods that put messages on a screen."""

from typing import Any

from bot.preview import errors
from bot.preview.chats import Chat
from bot.preview.errors import bad_request, too_large
from bot.preview.keyboards import inline_part, read_markup
from bot.preview.params import Params, Upload
from bot.preview.threads import wanted_place, wanted_thread
from bot.preview.wording import read_caption, read_text
from bot.preview.world import World

Json = dict[str, Any]

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
LARGEST_FILE = 50 * 2**20
CAPTIONED = ("photo", "document", "voice", "video", "audio", "animation")
COPIED = (
    *("text", "entities", "caption", "caption_entities", *CAPTIONED),
    *("sticker", "video_note", "location", "venue", "contact", "poll", "dice"),
)


def send_message(world: World, params: Params) -> Json:
    chat = world.open_chat(params.chat())
    content = read_text(params, errors.TOO_LONG)
    return _send(world, chat, params, content)


def send_photo(world: World, params: Params) -> Json:
    return _send_file(world, params, "photo")


def send_document(world: World, params: Params) -> Json:
    return _send_file(world, params, "document")


def copy_message(world: World, params: Params) -> Json:
    """Another message's content, without a trace of where it came from; answers only the new id."""
    original = world.open_chat(params.chat("from_chat_id")).messages.get(params.integer("message_id"))
    if original is None:
        raise bad_request(errors.NO_COPY)
    content = {name: original[name] for name in COPIED if name in original}
    if not content:
        raise bad_request(errors.NOT_COPYABLE)
    if params.given("caption") and any(name in content for name in CAPTIONED):
        content = {**_bare(content), **read_caption(params)}
    return {"message_id": _send(world, world.open_chat(params.chat()), params, content)["message_id"]}


def send_chat_action(world: World, params: Params) -> bool:
    chat = world.open_chat(params.chat())
    if params.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    world.tell(chat.id, {"type": "typing", "action": params.text("action"), "thread": wanted_thread(chat, params)})
    return True


def _send(world: World, chat: Chat, params: Params, content: Json) -> Json:
    inline = inline_part(read_markup(params))
    where = wanted_place(chat, params, world.bot_id)
    author = {"sender_chat": chat.facts} if chat.kind == "channel" else {"from": world.bot_user()}
    head = {"message_id": chat.new_id(), **author, "chat": chat.facts, "date": world.now()}
    message = {**head, **where, **content, **({"reply_markup": inline} if inline else {})}
    world.tell(chat.id, {"type": "message", "message": message})
    return chat.keep(message)


def _send_file(world: World, params: Params, kind: str) -> Json:
    chat = world.open_chat(params.chat())
    if upload := params.upload(kind):
        return _send(world, chat, params, {kind: _kept(world, upload, kind), **read_caption(params)})
    name = params.text(kind)
    if not name or not params.is_text(kind) or name.startswith("attach://"):
        raise bad_request(f"there is no {kind} in the request")
    file = {"file_id": name, "file_unique_id": name[-16:], "file_size": 1024}
    shape: Any = [{**file, "width": 640, "height": 480}] if kind == "photo" else {**file, "file_name": name[-64:]}
    return _send(world, chat, params, {kind: shape, **read_caption(params)})


def _kept(world: World, upload: Upload, kind: str) -> Any:
    """An upload's place in a message; its content stays where a download finds it."""
    if not upload.content:
        raise bad_request("file must be non-empty")
    if len(upload.content) > LARGEST_FILE:
        raise too_large()
    number = f"upload-{world.number()}"
    world.keep_file(number, upload.name, upload.kind, upload.content)
    file = {"file_id": number, "file_unique_id": number, "file_size": len(upload.content)}
    if kind == "photo":
        return [{**file, "width": 640, "height": 480}]
    return {**file, "file_name": upload.name, "mime_type": upload.kind}


def _bare(content: Json) -> Json:
    return {name: value for name, value in content.items() if name not in ("caption", "caption_entities")}
