"""What every act of a person needs: who may act where, and how it becomes an update."""

from typing import Any

from bot.preview.chats import ADMINS, GONE, Chat, bot_member, chat_member, topic_of
from bot.preview.errors import BLOCKED, VisitorError
from bot.preview.faults import Faults
from bot.preview.hearing import hears
from bot.preview.threads import place
from bot.preview.world import World

Json = dict[str, Any]

ANONYMOUS_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


class Acting:
    """In: the world the acts change, the accidents that meet their updates."""

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self._faults = faults

    def _chat(self, person_id: int, chat_id: int) -> Chat:
        """The chat a person acts in; 0 is their private chat. Raises VisitorError outside of it."""
        chat = self.world.known_chat(chat_id or self.world.person(person_id).id)
        if chat.kind != "private" and chat.status_of(person_id) in GONE:
            raise VisitorError(f"{person_id} is not in {chat_id}")
        return chat

    def _admin_chat(self, person_id: int, chat_id: int) -> Chat:
        chat = self._chat(person_id, chat_id)
        if chat.status_of(person_id) not in ADMINS:
            raise VisitorError(f"{person_id} is no administrator of {chat_id}")
        return chat

    def _post(self, person_id: int, chat_id: int, body: Json, reply_to: int = 0, thread_id: int = 0) -> Json:
        chat = self._chat(person_id, chat_id)
        if chat.shut == BLOCKED:
            raise VisitorError("the bot is blocked")
        where = self._where(chat, thread_id, reply_to, admin=chat.status_of(person_id) in ADMINS)
        return self._keep("message", chat, {"from": self.world.person(person_id).user(), **where, **body})

    def _where(self, chat: Chat, thread_id: int, reply_to: int, *, admin: bool) -> Json:
        original = chat.messages.get(reply_to)
        thread_id = thread_id or (topic_of(original) if original else 0)
        if thread_id and thread_id not in chat.topics:
            raise VisitorError(f"no topic {thread_id}")
        if thread_id and chat.topics[thread_id].closed and not admin:
            raise VisitorError("the topic is closed")
        return place(chat, thread_id, original)

    def _keep(self, kind: str, chat: Chat, body: Json) -> Json:
        message = {"message_id": chat.new_id(), "chat": chat.facts, "date": self.world.now(), **body}
        self.world.tell(chat.id, {"type": "message", "message": chat.keep(message)})
        return self._heard(kind, chat, message)

    def _heard(self, kind: str, chat: Chat, message: Json) -> Json:
        """The update, or only its content where the bot does not hear it."""
        return self._happen(kind, message) if hears(self.world, chat, message) else {kind: message}

    def _bot_changed(self, person_id: int, chat: Chat, old: Json) -> Json:
        """The update about the bot's own place in a chat. In: how it was before."""
        return self._happen("my_chat_member", self._change(person_id, chat, old, self._bot_in(chat)))

    def _bot_in(self, chat: Chat) -> Json:
        return bot_member(self.world.bot_user(), chat)

    def _person_changed(self, by: int, chat: Chat, person_id: int, status: str) -> Json:
        """A person's place in a group changes; only an administrator bot is told."""
        user = self.world.person(person_id).user()
        old, new = chat_member(user, chat.status_of(person_id)), chat_member(user, status)
        chat.members[person_id] = status
        self.world.tell(chat.id, {"type": "members"})
        change = self._change(by, chat, old, new)
        return self._happen("chat_member", change) if chat.bot_is_admin else {"chat_member": change}

    def _change(self, person_id: int, chat: Chat, old: Json, new: Json) -> Json:
        head = {"chat": chat.facts, "from": self.world.person(person_id).user(), "date": self.world.now()}
        return {**head, "old_chat_member": old, "new_chat_member": new}

    def _happen(self, kind: str, body: Json) -> Json:
        update = self.world.updates.add(kind, body)
        if repeats := self._faults.repeats(kind):
            self.world.updates.deliver_again(update, repeats)
        return update
