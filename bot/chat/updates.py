"""Telegram's update -> event. The last place that knows Telegram's shape; groups have a file of their own (groups.py).

Each update is read alone, and only as far as we need it: one that is malformed breaks alone, an unknown kind is
ignored. What each kind comes to is the table in the README.
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

from bot.chat.groups import edited_in_group, in_group, member_in_group, press_in_group, rights_in_group
from bot.chat.shapes import (
    LONGEST,
    captioned,
    command_in,
    full_name,
    integer,
    is_person,
    kind_of_media,
    storable,
    string,
)
from bot.dialog.events import AnyEvent, Commanded, Edited, Inquired, Pressed, Said, Sent
from bot.languages import Language, language_of
from bot.staff.posts import cut
from bot.turns import Incoming

ALLOWED: Final = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "callback_query",
    "inline_query",
    "my_chat_member",
    "chat_member",
)
LONGEST_INQUIRY: Final = 256


def read_update(raw: Mapping[str, Any]) -> Incoming:
    """The update as the turns see it; kind `broken` when it is malformed.

    Raises KeyError or TypeError without an update id.
    """
    update_id = integer(raw["update_id"])
    try:
        return _read(update_id, raw)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        return Incoming(update_id, "broken", error=f"malformed update: {error!r}", callback=_callback_id(raw), raw=raw)


def _callback_id(raw: Mapping[str, Any]) -> str:
    query = raw.get("callback_query")
    found = query.get("id") if isinstance(query, Mapping) else None
    return found if isinstance(found, str) else ""


def _read(update_id: int, raw: Mapping[str, Any]) -> Incoming:
    for kind, reader in READERS.items():
        if kind in raw:
            return reader(update_id, raw[kind], raw)
    return Incoming(update_id, raw=raw)


def _message(update_id: int, message: Mapping[str, Any], raw: Mapping[str, Any]) -> Incoming:
    chat_id, kind = integer(message["chat"]["id"]), message["chat"]["type"]
    if kind == "channel":
        return Incoming(update_id, raw=raw)
    if kind != "private":
        return _group_message(update_id, chat_id, message, raw)
    sender = _sender(message)
    event = _event(message) if sender else None
    if sender is None or event is None:
        return Incoming(update_id, raw=raw)
    return Incoming(
        update_id, "event", chat_id, event, _language(sender), sent_at=integer(message["date"]) * 1000,
        source=integer(message["message_id"]), name=full_name(sender), raw=raw,
    )  # fmt: skip


def _group_message(update_id: int, chat_id: int, message: Mapping[str, Any], raw: Mapping[str, Any]) -> Incoming:
    """Somebody spoke, came or went in a group."""
    sender, event = _sender(message), in_group(message)
    addressed = sender is not None and ("text" in message or "new_chat_members" in message)
    if not event and not addressed:
        return Incoming(update_id, raw=raw)
    language = _language(sender) if sender else "en"
    return Incoming(
        update_id, "group", chat_id, language=language, sent_at=_time(message, "date"), in_group=event,
        addressed=addressed, raw=raw,
    )  # fmt: skip


def _time(message: Mapping[str, Any], name: str) -> int:
    """Epoch ms; 0: not told."""
    return integer(message.get(name, 0)) * 1000


def _sender(message: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The person who wrote it; None: nobody, or somebody who hides."""
    sender = message.get("from")
    if sender is None or "sender_chat" in message or not is_person(sender):
        return None
    return dict(sender)


def _edited(update_id: int, message: Mapping[str, Any], raw: Mapping[str, Any]) -> Incoming:
    """An edit counts where a person was told what was edited; the turns know."""
    chat_id, kind, sender = integer(message["chat"]["id"]), message["chat"]["type"], message.get("from")
    if kind in ("group", "supergroup"):
        event = edited_in_group(message)
        edited = _time(message, "edit_date")
        return Incoming(update_id, "group" if event else "ignored", chat_id, sent_at=edited, in_group=event, raw=raw)
    if kind != "private" or sender is None or not is_person(sender):
        return Incoming(update_id, raw=raw)
    is_text = "text" in message
    text = cut(storable(string(message["text"])), LONGEST) if is_text else captioned(message)
    return Incoming(
        update_id, "event", chat_id, Edited(text=text, is_caption=not is_text), _language(sender),
        source=integer(message["message_id"]), name=full_name(sender), raw=raw,
    )  # fmt: skip


def _event(message: Mapping[str, Any]) -> AnyEvent | None:
    if "text" in message:
        return _spoken(storable(string(message["text"])))
    kind = kind_of_media(message)
    return Sent(what=kind, caption=captioned(message)) if kind else None


def _spoken(text: str) -> AnyEvent:
    command = command_in(text)
    if command:
        return Commanded(name=command[0], argument=cut(command[1], LONGEST))
    return Said(text=cut(text, LONGEST))


def _press(update_id: int, query: Mapping[str, Any], raw: Mapping[str, Any]) -> Incoming:
    callback, sender = string(query["id"]), query["from"]
    message = query.get("message") or {}
    chat = message.get("chat") or {}
    if chat.get("type") in ("group", "supergroup"):
        event = press_in_group(query, message)
        return Incoming(update_id, "group", integer(chat["id"]), callback=callback, in_group=event, raw=raw)
    if chat.get("type") != "private" or chat["id"] != sender["id"]:
        return Incoming(update_id, callback=callback, raw=raw)
    data = storable(string(query.get("data", "")))[:64]
    return Incoming(
        update_id, "event", integer(chat["id"]), Pressed(data=data), _language(sender),
        message_id=integer(message["message_id"]), callback=callback, label=_label(message, data), raw=raw,
        name=full_name(sender),
    )  # fmt: skip


def _inquiry(update_id: int, query: Mapping[str, Any], raw: Mapping[str, Any]) -> Incoming:
    """Words after the bot's name in any chat; who typed them is looked at for their language alone."""
    sender = query["from"]
    if not is_person(sender):
        return Incoming(update_id, raw=raw)
    event = Inquired(text=storable(string(query["query"]))[:LONGEST_INQUIRY])
    person, language = integer(sender["id"]), _language(sender)
    return Incoming(update_id, "inquiry", person, event, language, inquiry=string(query["id"]), raw=raw)


def _label(message: Mapping[str, Any], data: str) -> str:
    """The words of the button that was pressed, where the message still shows it."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    labels = (button.get("text") for row in rows for button in row if button.get("callback_data") == data)
    return storable(string(next(labels, "")))


def _membership(update_id: int, change: Mapping[str, Any], raw: Mapping[str, Any]) -> Incoming:
    """Our own place in a chat changed."""
    chat_id, private = integer(change["chat"]["id"]), change["chat"]["type"] == "private"
    status = change["new_chat_member"]["status"]
    if private:
        return Incoming(update_id, "blocked" if status == "kicked" else "unblocked", chat_id, raw=raw)
    if change["chat"]["type"] == "channel":
        return Incoming(update_id, raw=raw)
    joined, language = status in ("member", "administrator"), _language(change["from"])
    event = rights_in_group(change)
    return Incoming(update_id, "group", chat_id, language=language, in_group=event, addressed=joined, raw=raw)


def _member(update_id: int, change: Mapping[str, Any], raw: Mapping[str, Any]) -> Incoming:
    """Somebody's place in a group changed."""
    event = member_in_group(change) if change["chat"]["type"] in ("group", "supergroup") else None
    if event is None:
        return Incoming(update_id, raw=raw)
    return Incoming(update_id, "group", integer(change["chat"]["id"]), in_group=event, raw=raw)


def _language(sender: Mapping[str, Any]) -> Language:
    code = sender.get("language_code")
    return language_of(code if isinstance(code, str) else None)


READERS: Final[Mapping[str, Callable[[int, Mapping[str, Any], Mapping[str, Any]], Incoming]]] = {
    "message": _message,
    "edited_message": _edited,
    "callback_query": _press,
    "inline_query": _inquiry,
    "my_chat_member": _membership,
    "chat_member": _member,
}
"""What we look at; anything else is recorded as ignored."""
