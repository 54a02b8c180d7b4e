"""What people do in Telegram's app: each act becomes the update that Telegram would send to the bot."""

from dataclasses import replace
from typing import Any

from bot.preview.attachments import attachment
from bot.preview.chats import Chat, ChatKind, Person, chat_member, group_chat
from bot.preview.errors import BLOCKED, VisitorError
from bot.preview.faults import Faults
from bot.preview.keyboards import buttons_of
from bot.preview.markup import found_entities
from bot.preview.sending import without_reply
from bot.preview.world import INLINE_SECONDS, World

Json = dict[str, Any]

ANONYMOUS_ADMIN = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}


class Visitors:
    """The acts of people. Each answers the update it caused; impossible acts raise VisitorError.

    `chat_id` 0 means the person's private chat with the bot.
    """

    def __init__(self, world: World, faults: Faults) -> None:
        self.world = world
        self._faults = faults

    # -- who is there

    def add_person(
        self, first_name: str, language_code: str = "en", *, person_id: int = 0, username: str = ""
    ) -> Person:
        """A new person (or a known one under a new name or language)."""
        person_id = person_id or 5_000_000_000 + self.world.number()
        return self.world.add_person(Person(person_id, first_name, language_code, username=username))

    def speak(self, person_id: int, language_code: str) -> Person:
        """The person's app is set to another language."""
        return self.world.add_person(replace(self.world.person(person_id), language_code=language_code))

    def add_group(self, title: str, members: dict[int, str], kind: ChatKind = "supergroup", chat_id: int = 0) -> Chat:
        """A group or channel with the bot in it. In: the members' status by id ("member", "administrator" ...)."""
        chat_id = chat_id or -(1_000_000_000_000 + self.world.number() if kind != "group" else self.world.number())
        chat = self.world.chats[chat_id] = group_chat(chat_id, kind, title, self.world.first_id)
        chat.members = dict(members)
        return chat

    # -- messages

    def say(self, person_id: int, text: str, *, chat_id: int = 0, reply_to: int = 0, **more: Any) -> Json:
        """A text; over 4,096 characters it still comes as one message. `more` goes into the message as it is."""
        entities = found_entities(text, [])
        return self._post(person_id, chat_id, {"text": text, **_if("entities", entities), **more}, reply_to)

    def send(self, person_id: int, kind: str, *, chat_id: int = 0, caption: str = "", **more: Any) -> Json:
        """Anything but text: photo, document, voice, video, sticker, location, contact, poll, dice."""
        return self._post(person_id, chat_id, {**attachment(kind), **_if("caption", caption), **more})

    def forward(self, person_id: int, text: str, author: str, *, chat_id: int = 0) -> Json:
        """Somebody else's words, forwarded."""
        origin = {"type": "hidden_user", "sender_user_name": author, "date": self.world.now() - 60}
        return self.say(person_id, text, chat_id=chat_id, forward_origin=origin)

    def edit(self, person_id: int, message_id: int, text: str, *, chat_id: int = 0) -> Json:
        """The person changes a text of theirs."""
        chat = self._chat(person_id, chat_id)
        message = chat.messages.get(message_id)
        if message is None or message.get("from", {}).get("id") != person_id:
            raise VisitorError(f"message {message_id} is not of {person_id}")
        kept = {key: value for key, value in message.items() if key != "entities"}
        changed = {**kept, "text": text, **_if("entities", found_entities(text, [])), "edit_date": self.world.now()}
        self.world.tell(chat.id, {"type": "edit", "message": chat.keep(changed)})
        return self._happen("edited_message", changed)

    def say_anonymously(self, chat_id: int, text: str) -> Json:
        """An admin writes in the name of the group."""
        chat = self.world.known_chat(chat_id)
        body = {"from": ANONYMOUS_ADMIN, "sender_chat": chat.facts, "text": text}
        return self._keep("message", chat, body)

    def publish(self, chat_id: int, text: str) -> Json:
        """A post in a channel."""
        chat = self.world.known_chat(chat_id)
        return self._keep("channel_post", chat, {"sender_chat": chat.facts, "text": text})

    # -- buttons and queries

    def press(
        self, person_id: int, message_id: int, data: str, *, chat_id: int = 0, inaccessible: bool = False
    ) -> Json:
        """A tap on an inline button; `data` may be forged, the message old (then only its id is known)."""
        person, chat = self.world.person(person_id), self._chat(person_id, chat_id)
        message = chat.messages.get(message_id)
        if message is None or inaccessible:
            message = {"chat": chat.facts, "message_id": message_id, "date": 0}
        query_id = self.world.open_query(person_id)
        instance = str(-(chat.id * 2_654_435_761 % 2**62))
        query = {"id": query_id, "from": person.user(), "message": message, "chat_instance": instance, "data": data}
        return self._happen("callback_query", query)

    def tap(self, person_id: int, label: str, *, chat_id: int = 0) -> Json:
        """A tap on the newest button with this label, or this data. Raises VisitorError when no message has it."""
        for message in self._chat(person_id, chat_id).newest():
            for button in buttons_of(message):
                if label in (button["text"], button.get("callback_data")) and "callback_data" in button:
                    return self.press(person_id, message["message_id"], button["callback_data"], chat_id=chat_id)
        raise VisitorError(f"no button {label!r}")

    def ask_inline(self, person_id: int, query: str, offset: str = "") -> Json:
        """The person types `@bot query` in some chat."""
        person, query_id = self.world.person(person_id), self.world.open_query(person_id, INLINE_SECONDS)
        body = {"id": query_id, "from": person.user(), "query": query, "offset": offset, "chat_type": "private"}
        return self._happen("inline_query", body)

    # -- comings and goings

    def block(self, person_id: int) -> Json:
        """The person stops the bot."""
        return self._switch(person_id, BLOCKED, ("member", "kicked"))

    def unblock(self, person_id: int) -> Json:
        """The person lets the bot write again."""
        return self._switch(person_id, "", ("kicked", "member"))

    def kick(self, chat_id: int, person_id: int) -> Json:
        """A person throws the bot out of a group."""
        chat = self.world.known_chat(chat_id)
        chat.shut = f"bot was kicked from the {chat.kind} chat"
        return self._membership(person_id, chat, ("member", "kicked"))

    def upgrade(self, chat_id: int) -> int:
        """A group becomes a supergroup: gives the new id; the old one answers 400 with it from now on."""
        old = self.world.known_chat(chat_id)
        new = self.add_group(old.facts["title"], old.members, "supergroup")
        old.migrated_to = new.id
        self._keep("message", old, {"from": ANONYMOUS_ADMIN, "sender_chat": old.facts, "migrate_to_chat_id": new.id})
        self._keep("message", new, {"from": ANONYMOUS_ADMIN, "sender_chat": new.facts, "migrate_from_chat_id": chat_id})
        return new.id

    def inject(self, update: Json, copies: int = 1) -> Json:
        """Any update at all, as it is, so many times."""
        self.world.updates.inject(update, copies)
        return update

    # -- the rest

    def _chat(self, person_id: int, chat_id: int) -> Chat:
        return self.world.known_chat(chat_id or self.world.person(person_id).id)

    def _post(self, person_id: int, chat_id: int, body: Json, reply_to: int = 0) -> Json:
        person, chat = self.world.person(person_id), self._chat(person_id, chat_id)
        if chat.shut == BLOCKED:
            raise VisitorError("the bot is blocked")
        original = chat.messages.get(reply_to)
        reply = {"reply_to_message": without_reply(original)} if original else {}
        return self._keep("message", chat, {"from": person.user(), **reply, **body})

    def _keep(self, kind: str, chat: Chat, body: Json) -> Json:
        message = {"message_id": chat.new_id(), "chat": chat.facts, "date": self.world.now(), **body}
        self.world.tell(chat.id, {"type": "message", "message": chat.keep(message)})
        return self._happen(kind, message)

    def _switch(self, person_id: int, shut: str, change: tuple[str, str]) -> Json:
        chat = self._chat(person_id, 0)
        chat.shut = shut
        self.world.tell(chat.id, {"type": "blocked", "blocked": bool(shut)})
        return self._membership(person_id, chat, change)

    def _membership(self, person_id: int, chat: Chat, change: tuple[str, str]) -> Json:
        bot = self.world.bot_user()
        old, new = ({**chat_member(bot, status), **_until(status)} for status in change)
        head = {"chat": chat.facts, "from": self.world.person(person_id).user(), "date": self.world.now()}
        return self._happen("my_chat_member", {**head, "old_chat_member": old, "new_chat_member": new})

    def _happen(self, kind: str, body: Json) -> Json:
        update = self.world.updates.add(kind, body)
        if repeats := self._faults.repeats(kind):
            self.world.updates.deliver_again(update, repeats)
        return update


def _until(status: str) -> Json:
    return {"until_date": 0} if status == "kicked" else {}


def _if(name: str, value: Any) -> Json:
    return {name: value} if value else {}
