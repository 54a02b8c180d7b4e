"""Comings and goings, of people and of the bot; and the topics that people make."""

from dataclasses import replace
from typing import Any

from bot.preview.acting import ANONYMOUS_ADMIN, Acting
from bot.preview.chats import ADMINS, Chat, ChatKind, Person, Seat, group_chat
from bot.preview.errors import BLOCKED, VisitorError
from bot.preview.threads import place
from bot.preview.topics import forget_topic, new_topic, shut_message, tell_topic

Json = dict[str, Any]


class Comings(Acting):
    """Who is there, and who may do what."""

    def add_person(
        self, first_name: str, language_code: str = "en", *, person_id: int = 0, username: str = ""
    ) -> Person:
        """A new person (or a known one under a new name or language)."""
        person_id = person_id or 5_000_000_000 + self.world.number()
        return self.world.add_person(Person(person_id, first_name, language_code, username=username))

    def speak(self, person_id: int, language_code: str) -> Person:
        """The person's app is set to another language."""
        return self.world.add_person(replace(self.world.person(person_id), language_code=language_code))

    def add_group(
        self,
        title: str,
        members: dict[int, str],
        kind: ChatKind = "supergroup",
        chat_id: int = 0,
        *,
        forum: bool = False,
        bot: str = "administrator",
        can_manage_topics: bool = True,
        can_delete_messages: bool = True,
    ) -> Chat:
        """A group or channel. In: the members' status by id ("member", "administrator" ...), the bot's own, its rights.

        `forum`: with topics. Nothing is told to the bot.
        """
        chat_id = chat_id or -(1_000_000_000_000 + self.world.number() if kind != "group" else self.world.number())
        chat = self.world.chats[chat_id] = group_chat(chat_id, kind, title, self.world.first_id, forum=forum)
        chat.members = dict(members)
        chat.take(Seat(bot, can_manage_topics, can_delete_messages))
        return chat

    def set_privacy(self, *, on: bool) -> None:
        """@BotFather's /setprivacy: on, a bot that is no administrator hears only what is meant for it."""
        self.world.privacy_mode = on

    # -- people in groups

    def join(self, person_id: int, chat_id: int, *, by: int = 0, status: str = "member") -> Json:
        """A person comes into a group, brought by somebody or alone. Answers the message that tells it."""
        chat, user = self.world.known_chat(chat_id), self.world.person(person_id).user()
        self._person_changed(by or person_id, chat, person_id, status)
        author = self.world.person(by or person_id).user()
        return self._keep("message", chat, {"from": author, "new_chat_members": [user]})

    def leave(self, person_id: int, chat_id: int) -> Json:
        """A person goes. Answers the message that tells it."""
        return self._gone(person_id, self._chat(person_id, chat_id), person_id, "left")

    def expel(self, person_id: int, chat_id: int, *, by: int) -> Json:
        """An administrator throws a person out for good. Answers the message that tells it."""
        return self._gone(by, self._admin_chat(by, chat_id), person_id, "kicked")

    def promote(self, person_id: int, chat_id: int, status: str, *, by: int) -> Json:
        """Somebody makes a member an administrator, or a member again. Answers the chat_member update."""
        return self._person_changed(by, self._chat(person_id, chat_id), person_id, status)

    # -- the bot

    def block(self, person_id: int) -> Json:
        """The person stops the bot."""
        return self._switch(person_id, BLOCKED)

    def unblock(self, person_id: int) -> Json:
        """The person lets the bot write again."""
        return self._switch(person_id, "")

    def kick(self, chat_id: int, person_id: int) -> Json:
        """A person throws the bot out of a group."""
        return self.place_bot(chat_id, "kicked", by=person_id)

    def place_bot(
        self, chat_id: int, status: str, *, by: int, can_manage_topics: bool = True, can_delete_messages: bool = True
    ) -> Json:
        """A person gives the bot another place in a group: member, administrator with these rights, left, kicked."""
        chat = self.world.known_chat(chat_id)
        old = self._bot_in(chat)
        chat.take(Seat(status, can_manage_topics, can_delete_messages))
        return self._bot_changed(by, chat, old)

    def upgrade(self, chat_id: int, *, forum: bool = False) -> int:
        """A group becomes a supergroup: gives the new id; the old one answers 400 with it from now on."""
        old = self.world.known_chat(chat_id)
        new = self.add_group(old.facts["title"], old.members, "supergroup", forum=forum or old.is_forum)
        new.take(old.seat)
        old.migrated_to = new.id
        self._keep("message", old, {"from": ANONYMOUS_ADMIN, "sender_chat": old.facts, "migrate_to_chat_id": new.id})
        self._keep("message", new, {"from": ANONYMOUS_ADMIN, "sender_chat": new.facts, "migrate_from_chat_id": chat_id})
        return new.id

    # -- topics

    def create_topic(self, person_id: int, chat_id: int, name: str) -> int:
        """An administrator makes a topic. Gives its thread id."""
        chat = self._admin_chat(person_id, chat_id)
        if not chat.is_forum:
            raise VisitorError(f"{chat_id} has no topics")
        topic = new_topic(chat, name)
        self._keep("message", chat, self._told(person_id, chat, topic.id, {"forum_topic_created": topic.look()}))
        tell_topic(self.world, chat, topic)
        return topic.id

    def close_topic(self, person_id: int, chat_id: int, thread_id: int) -> Json:
        """An administrator closes a topic."""
        return self._shut_topic(person_id, chat_id, thread_id, closed=True)

    def reopen_topic(self, person_id: int, chat_id: int, thread_id: int) -> Json:
        """An administrator opens a topic again."""
        return self._shut_topic(person_id, chat_id, thread_id, closed=False)

    def delete_topic(self, person_id: int, chat_id: int, thread_id: int) -> None:
        """An administrator deletes a topic with all in it. Telegram tells no bot about that."""
        chat = self._admin_chat(person_id, chat_id)
        self._where(chat, thread_id, 0, admin=True)
        forget_topic(self.world, chat, thread_id)

    # -- the rest

    def _shut_topic(self, person_id: int, chat_id: int, thread_id: int, *, closed: bool) -> Json:
        chat = self._admin_chat(person_id, chat_id)
        self._where(chat, thread_id, 0, admin=True)
        tell_topic(self.world, chat, replace(chat.topics[thread_id], closed=closed))
        return self._keep("message", chat, self._told(person_id, chat, thread_id, shut_message(closed=closed)))

    def _told(self, person_id: int, chat: Chat, thread_id: int, body: Json) -> Json:
        return {"from": self.world.person(person_id).user(), **place(chat, thread_id, None), **body}

    def _gone(self, by: int, chat: Chat, person_id: int, status: str) -> Json:
        if chat.status_of(by) not in ADMINS and by != person_id:
            raise VisitorError(f"{by} may not do that")
        self._person_changed(by, chat, person_id, status)
        author, user = self.world.person(by).user(), self.world.person(person_id).user()
        return self._keep("message", chat, {"from": author, "left_chat_member": user})

    def _switch(self, person_id: int, shut: str) -> Json:
        chat = self._chat(person_id, 0)
        old = self._bot_in(chat)
        chat.shut = shut
        self.world.tell(chat.id, {"type": "blocked", "blocked": bool(shut)})
        return self._bot_changed(person_id, chat, old)
