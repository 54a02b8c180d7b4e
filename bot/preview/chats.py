"""Telegram's users and chats, as the server keeps them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChatKind = Literal["private", "group", "supergroup", "channel"]

KEPT_MESSAGES = 2_000


@dataclass(frozen=True)
class Person:
    """A user of Telegram. `language_code` is the client's language, "" when it tells none."""

    id: int
    first_name: str
    language_code: str = ""
    last_name: str = ""
    username: str = ""

    def user(self) -> Json:
        """As a Bot API User."""
        return {"id": self.id, "is_bot": False, **self._names(), **_given(language_code=self.language_code)}

    def chat(self) -> Json:
        """As the Bot API Chat of the private chat with this person."""
        return {"id": self.id, **self._names(), "type": "private"}

    def _names(self) -> Json:
        return {"first_name": self.first_name, **_given(last_name=self.last_name, username=self.username)}


@dataclass
class Chat:
    """One chat: its facts, its messages by id (the newest 2,000), who is in it.

    `shut` is Telegram's reason why the bot may not send here, "" while it may.
    """

    facts: Json
    next_message_id: int
    members: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    shut: str = ""
    migrated_to: int = 0

    @property
    def id(self) -> int:
        return int(self.facts["id"])

    @property
    def kind(self) -> str:
        return str(self.facts["type"])

    def new_id(self) -> int:
        """The id of the next message."""
        self.next_message_id += 1
        return self.next_message_id - 1

    def keep(self, message: Json) -> Json:
        """Put a message, new or edited, into the chat; the oldest goes when there are too many."""
        self.messages[message["message_id"]] = message
        if len(self.messages) > KEPT_MESSAGES:
            del self.messages[next(iter(self.messages))]
        return message

    def newest(self) -> Iterator[Json]:
        """Its messages, newest first."""
        return reversed(self.messages.values())


def group_chat(chat_id: int, kind: ChatKind, title: str, first_message_id: int) -> Chat:
    """A group, supergroup or channel."""
    return Chat({"id": chat_id, "title": title, "type": kind}, first_message_id)


def full_chat(chat: Chat) -> Json:
    """As getChat answers it."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    accepted = dict.fromkeys(gifts, False)
    return {**chat.facts, "accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": accepted}


def chat_member(user: Json, status: str) -> Json:
    """As getChatMember answers it."""
    member = {"user": user, "status": status}
    if status != "administrator":
        return {**member, **({"is_anonymous": False} if status == "creator" else {})}
    rights = (
        "can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members "
        "can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories can_pin_messages "
        "can_manage_topics"
    )
    return {**member, "can_be_edited": False, "is_anonymous": False, **dict.fromkeys(rights.split(), True)}


def _given(**values: str) -> Json:
    return {name: value for name, value in values.items() if value}
