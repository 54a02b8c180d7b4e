"""What happens in groups -> events of the staff's side. Whether a group is the staff's is for the turns to know."""

from collections.abc import Mapping
from typing import Any, Final

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
from bot.staff.events import Beginning, Changed, Corrected, Grew, GroupEvent, Left, Ordered, Posted, Tapped, Who, Wrote
from bot.staff.posts import cut

ANONYMOUS_ADMIN: Final = 1087968824
GONE: Final = frozenset({"left", "kicked"})


def in_group(message: Mapping[str, Any]) -> GroupEvent | None:
    """What a message in a group is; None for what is nobody's act: channels, other bots, most service messages."""
    if "migrate_to_chat_id" in message:
        return Grew(who=Who(0), into=integer(message["migrate_to_chat_id"]))
    if "left_chat_member" in message:
        return _left(message["left_chat_member"])
    who = _who(message)
    if who is None:
        return None
    where = _where(message)
    if "text" in message:
        return _written(who, where, storable(string(message["text"])))
    kind = kind_of_media(message)
    return Posted(who=who, **where, what=kind, text=captioned(message)) if kind else None


def edited_in_group(message: Mapping[str, Any]) -> GroupEvent | None:
    """What an edited message in a group is."""
    who = _who(message)
    if who is None:
        return None
    if "text" in message:
        return Corrected(who=who, **_where(message), text=cut(storable(string(message["text"])), LONGEST))
    return Corrected(who=who, **_where(message), text=captioned(message), is_caption=True)


def press_in_group(query: Mapping[str, Any], message: Mapping[str, Any]) -> GroupEvent:
    """A press on a button in a group: who pressed is known even of an anonymous admin."""
    sender = query["from"]
    who = Who(integer(sender["id"]), full_name(sender)) if is_person(sender) else Who(0)
    data = storable(string(query.get("data", "")))[:64]
    return Tapped(who=who, **_where(message), data=data)


def rights_in_group(change: Mapping[str, Any]) -> GroupEvent:
    """Our own rights in a group changed."""
    return Changed(who=Who(0))


def member_in_group(change: Mapping[str, Any]) -> GroupEvent | None:
    """A member's status changed: only leaving matters."""
    now = change["new_chat_member"]
    is_gone = now["status"] in GONE or (now["status"] == "restricted" and now.get("is_member") is False)
    return _left(now["user"]) if is_gone else None


def _left(user: Mapping[str, Any]) -> GroupEvent | None:
    return Left(who=Who(integer(user["id"]), full_name(user))) if is_person(user) else None


def _who(message: Mapping[str, Any]) -> Who | None:
    """Who wrote; 0 for an admin who hides behind the group; None for channels and bots."""
    sender = message.get("from")
    if not isinstance(sender, Mapping):
        return None
    if "sender_chat" in message:
        return Who(0) if sender.get("id") == ANONYMOUS_ADMIN else None
    return Who(integer(sender["id"]), full_name(sender)) if is_person(sender) else None


def _written(who: Who, where: Mapping[str, Any], text: str) -> GroupEvent:
    command = command_in(text)
    if command:
        return Ordered(who=who, **where, name=command[0], argument=cut(command[1], LONGEST))
    return Wrote(who=who, **where, text=cut(text, LONGEST))


def _where(message: Mapping[str, Any]) -> dict[str, Any]:
    """The message, its topic, and what it replies to.

    In a topic every message "replies" to the one that made the topic: that is no reply. Without topics a chain of
    replies bears a thread id, too: that is no topic.
    """
    topic = message.get("message_thread_id") if message.get("is_topic_message") else None
    thread = integer(topic) if topic is not None else 0
    original = message.get("reply_to_message")
    replied = original.get("message_id") if isinstance(original, Mapping) else None
    where = {"message": integer(message["message_id"]), "thread": thread}
    if isinstance(replied, int) and replied != thread:
        return {**where, "reply_to": replied}
    return {**where, "beginning": _beginning(original)} if thread and isinstance(original, Mapping) else where


def _beginning(first: Mapping[str, Any]) -> Beginning | None:
    """What the message that made a topic tells of it, where somebody made it under their own name."""
    made, maker, at = first.get("forum_topic_created"), first.get("from"), first.get("date")
    if not isinstance(made, Mapping) or not isinstance(maker, Mapping) or "sender_chat" in first:
        return None
    name, by = made.get("name"), maker.get("username")
    if not (isinstance(name, str) and isinstance(by, str) and isinstance(at, int)):
        return None
    return Beginning(by, at * 1000, storable(name))
