"""What people do in Telegram's app: each act becomes the update that Telegram would send to the bot."""

from typing import Any

from bot.preview.acting import ANONYMOUS_ADMIN
from bot.preview.attachments import attachment
from bot.preview.chats import Chat, topic_of
from bot.preview.comings import Comings
from bot.preview.errors import VisitorError
from bot.preview.keyboards import buttons_of
from bot.preview.markup import found_entities
from bot.preview.world import INLINE_SECONDS

Json = dict[str, Any]


class Visitors(Comings):
    """The acts of people. Each answers the update it caused; impossible acts raise VisitorError.

    `chat_id` 0 means the person's private chat with the bot; `thread_id` 0 the General topic, or the topic of the
    message that is replied to. What the bot does not hear (it is out, or in privacy mode) comes without an update_id.
    """

    # -- messages

    def say(
        self, person_id: int, text: str, *, chat_id: int = 0, thread_id: int = 0, reply_to: int = 0, **more: Any
    ) -> Json:
        """A text; over 4,096 characters it still comes as one message. `more` goes into the message as it is."""
        body = {"text": text, **_if("entities", found_entities(text, [])), **more}
        return self._post(person_id, chat_id, body, reply_to, thread_id)

    def send(
        self,
        person_id: int,
        kind: str,
        *,
        chat_id: int = 0,
        thread_id: int = 0,
        reply_to: int = 0,
        caption: str = "",
        file_id: str = "",
        **more: Any,
    ) -> Json:
        """Anything but text: photo, document, voice, video, sticker, location, contact, poll, dice."""
        file_id = file_id or f"pretend-{kind}-{self.world.number()}"
        said = {**_if("caption", caption), **_if("caption_entities", found_entities(caption, []))}
        return self._post(person_id, chat_id, {**attachment(kind, file_id), **said, **more}, reply_to, thread_id)

    def forward(self, person_id: int, text: str, author: str, *, chat_id: int = 0, thread_id: int = 0) -> Json:
        """Somebody else's words, forwarded."""
        origin = {"type": "hidden_user", "sender_user_name": author, "date": self.world.now() - 60}
        return self.say(person_id, text, chat_id=chat_id, thread_id=thread_id, forward_origin=origin)

    def edit(self, person_id: int, message_id: int, text: str, *, chat_id: int = 0) -> Json:
        """The person changes a message of theirs: its text, or its caption where it has no text."""
        chat = self._chat(person_id, chat_id)
        message = chat.messages.get(message_id)
        if message is None or message.get("from", {}).get("id") != person_id:
            raise VisitorError(f"message {message_id} is not of {person_id}")
        changed = {**_reworded(message, text), "edit_date": self.world.now()}
        self.world.tell(chat.id, {"type": "edit", "message": chat.keep(changed)})
        return self._heard("edited_message", chat, changed)

    def say_anonymously(self, chat_id: int, text: str, *, thread_id: int = 0, reply_to: int = 0) -> Json:
        """An admin writes in the name of the group. (A press of theirs is a plain press: it carries their own id.)"""
        chat = self.world.known_chat(chat_id)
        where = self._where(chat, thread_id, reply_to, admin=True)
        said = {"text": text, **_if("entities", found_entities(text, []))}
        return self._keep("message", chat, {"from": ANONYMOUS_ADMIN, "sender_chat": chat.facts, **where, **said})

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
        query_id = self.world.open_query(person_id, chat_id=chat.id)
        instance = str(-(chat.id * 2_654_435_761 % 2**62))
        query = {"id": query_id, "from": person.user(), "message": message, "chat_instance": instance, "data": data}
        return self._happen("callback_query", query)

    def tap(self, person_id: int, label: str, *, chat_id: int = 0, thread_id: int | None = None) -> Json:
        """A tap on the newest button with this label, or this data, in a topic or (None) anywhere in the chat.

        Raises VisitorError when no message has it.
        """
        for message in self._newest(self._chat(person_id, chat_id), thread_id):
            for button in buttons_of(message):
                if label in (button["text"], button.get("callback_data")) and "callback_data" in button:
                    return self.press(person_id, message["message_id"], button["callback_data"], chat_id=chat_id)
        raise VisitorError(f"no button {label!r}")

    def ask_inline(self, person_id: int, query: str, offset: str = "") -> Json:
        """The person types `@bot query` in some chat."""
        person, query_id = self.world.person(person_id), self.world.open_query(person_id, INLINE_SECONDS)
        body = {"id": query_id, "from": person.user(), "query": query, "offset": offset, "chat_type": "private"}
        return self._happen("inline_query", body)

    # -- the rest

    def inject(self, update: Json, copies: int = 1) -> Json:
        """Any update at all, as it is, so many times."""
        self.world.updates.inject(update, copies)
        return update

    @staticmethod
    def _newest(chat: Chat, thread_id: int | None) -> list[Json]:
        return [message for message in chat.newest() if thread_id in (None, topic_of(message))]


def _reworded(message: Json, words: str) -> Json:
    text, entities = ("text", "entities") if "text" in message else ("caption", "caption_entities")
    kept = {key: value for key, value in message.items() if key not in (text, entities)}
    return {**kept, text: words, **_if(entities, found_entities(words, []))}


def _if(name: str, value: Any) -> Json:
    return {name: value} if value else {}
