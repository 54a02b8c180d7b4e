"""Telegram's users and chats, as the server keeps them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
ChatKind = Literal["private", "group", "supergroup", "channel"]

KEPT_MESSAGES = 2_000
ADMINS = ("creator", "administrator")
GONE = ("left", "kicked")
_RIGHTS = (
    "can_manage_chat can_delete_messages can_manage_video_chats can_restrict_members can_promote_members "
    "can_change_info can_invite_users can_post_stories can_edit_stories can_delete_stories can_pin_messages "
    "can_manage_topics"
)
_PERMISSIONS = (
    "can_send_messages can_send_audios can_send_documents can_send_photos can_send_videos can_send_video_notes "
    "can_send_voice_notes can_send_polls can_send_other_messages can_add_web_page_previews can_react_to_messages "
    "can_edit_tag can_change_info can_invite_users can_pin_messages can_manage_topics"
)
RIGHTS, PERMISSIONS = _RIGHTS.split(), _PERMISSIONS.split()


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


@dataclass(frozen=True)
class Topic:
    """A topic of a forum. `id` is its message_thread_id: the id of the message that created it."""

    id: int
    name: str
    icon_color: int
    icon_custom_emoji_id: str = ""
    closed: bool = False

    def facts(self) -> Json:
        """As a Bot API ForumTopic."""
        return {"message_thread_id": self.id, **self.look()}

    def look(self) -> Json:
        """As a Bot API ForumTopicCreated."""
        return {
            "name": self.name,
            "icon_color": self.icon_color,
            **_given(icon_custom_emoji_id=self.icon_custom_emoji_id),
        }


@dataclass(frozen=True)
class Seat:
    """The bot's own place in a group: its status, and the rights that an administrator may lack."""

    status: str = "administrator"
    can_manage_topics: bool = True
    can_delete_messages: bool = True


@dataclass
class Chat:
    """One chat: its facts, its messages by id (the newest 2,000), who is in it, its topics by id.

    `shut` is Telegram's reason why the bot may not send here, "" while it may; `seat` is the bot's place in a group.
    """

    facts: Json
    next_message_id: int
    members: dict[int, str] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    shut: str = ""
    migrated_to: int = 0
    topics: dict[int, Topic] = field(default_factory=dict)
    seat: Seat = Seat()

    @property
    def id(self) -> int:
        return int(self.facts["id"])

    @property
    def kind(self) -> str:
        return str(self.facts["type"])

    @property
    def is_forum(self) -> bool:
        return bool(self.facts.get("is_forum"))

    @property
    def bot_is_admin(self) -> bool:
        return not self.shut and self.seat.status in ADMINS

    def status_of(self, person_id: int) -> str:
        """A person's status, as getChatMember names it; in a private chat everyone is a member."""
        return self.members.get(person_id, "left") if self.kind != "private" else "member"

    def take(self, seat: Seat) -> None:
        """The bot gets another place; out of the chat it may not send."""
        self.seat = seat
        reasons = {"kicked": f"bot was kicked from the {self.kind} chat"}
        reasons["left"] = f"bot is not a member of the {self.kind} chat"
        self.shut = reasons.get(seat.status, "")

    def in_topic(self, thread_id: int) -> Iterator[Json]:
        """The messages of a topic, oldest first; 0 is General (and all of a chat without topics)."""
        return (message for message in self.messages.values() if topic_of(message) == thread_id)

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


def topic_of(message: Json) -> int:
    """The topic a message stands in, 0 for General. (Replies elsewhere carry a message_thread_id, too.)"""
    return int(message.get("message_thread_id", 0)) if message.get("is_topic_message") else 0


def group_chat(chat_id: int, kind: ChatKind, title: str, first_message_id: int, *, forum: bool = False) -> Chat:
    """A group, supergroup or channel. `forum`: with topics."""
    facts: Json = {"id": chat_id, "title": title, "type": kind, **({"is_forum": True} if forum else {})}
    return Chat(facts, first_message_id)


def full_chat(chat: Chat) -> Json:
    """As getChat answers it."""
    gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels")
    more: Json = {"accepted_gift_types": dict.fromkeys(gifts, False)}
    if chat.kind in ("group", "supergroup"):
        more["permissions"] = dict.fromkeys(PERMISSIONS, True) | {"can_manage_topics": False}
    return {**chat.facts, "accent_color_id": 0, "max_reaction_count": 11, **more}


def chat_member(user: Json, status: str) -> Json:
    """As getChatMember answers it. An administrator has every right."""
    member = {"user": user, "status": status}
    if status == "creator":
        return {**member, "is_anonymous": False}
    if status == "kicked":
        return {**member, "until_date": 0}
    if status != "administrator":
        return member
    return {**member, "can_be_edited": False, "is_anonymous": False, **dict.fromkeys(RIGHTS, True)}


def bot_member(user: Json, chat: Chat) -> Json:
    """The bot itself, as getChatMember answers it."""
    if chat.kind == "private":
        return chat_member(user, "kicked" if chat.shut else "member")
    member = chat_member(user, chat.seat.status)
    if chat.seat.status != "administrator":
        return member
    rights = {name: getattr(chat.seat, name) for name in ("can_manage_topics", "can_delete_messages")}
    return {**member, **rights}


def _given(**values: str) -> Json:
    return {name: value for name, value in values.items() if value}
