"""One message of the outbox -> the calls that deliver it: into its topic, as a copy, as an edit, as a card."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog
from telegram import Bot
from telegram.error import BadRequest, Forbidden, NetworkError

from bot.chat.erase import Copies, erased
from bot.chat.files import Files
from bot.chat.invitation import Door
from bot.chat.messages import request_for
from bot.chat.room import Room
from bot.chat.transport import call, says
from bot.dialog.phrases import bold
from bot.staff.cards import topic_name
from bot.staff.handover import Handover
from bot.store import handovers, outbox
from bot.store.database import Database, StoreError
from bot.store.handovers import Topic
from bot.store.outbox import Message
from bot.store.statements import Job

HARMLESS: Final = ("message is not modified", "message to edit not found", "message can't be edited", "no caption")
"""What an edit may be refused with and still count as delivered: it was done before, or there is nothing to edit."""
NOT_MODIFIED: Final = ("message is not modified",)
NO_TOPIC: Final = ("message thread not found", "topic_id_invalid", "topic_deleted")
NO_TOPICS: Final = ("not a forum", "not enough rights")
NO_COPY: Final = (
    "message to copy not found", "can't be copied", "message_id_invalid", "chat not found", "was kicked",
    "not a member",
)  # fmt: skip
"""The message is gone, or we may no longer see where it stands."""
OWNER_GONE: Final = ("blocked by the user", "user is deactivated")
CLOSED: Final = ("topic_closed",)
UNCHANGED: Final = ("not enough rights", "not a forum", *NO_TOPIC)
FORGOTTEN: Final = "the owner was forgotten meanwhile"
AS_WISHED: Final = ("topic_not_modified", "topic_closed")

log = structlog.get_logger(__name__)

Params = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How messages are delivered.

    `pause` waits until the chat may get another call; `store` writes a job, however long it takes; `room`: the
    staff's group; `files` makes those with all that is kept of an owner; `clock` gives epoch milliseconds; `door`:
    where the review pages are.
    """

    bot: Bot
    database: Database
    room: Room
    pause: Callable[[int], Awaitable[None]]
    store: Callable[[Job], Awaitable[None]]
    files: Files
    clock: Callable[[], int]
    door: Door | None = None

    async def deliver(self, message: Message) -> int | None:
        """Deliver one; gives the id of the Telegram message, None for an edit of something that is not there.

        Raises TelegramError.
        """
        kinds: Mapping[str, Callable[[Message], Awaitable[int | None]]] = {
            "copy": self._copy,
            "caption": self._caption,
            "card": self._card,
            "topic": self._topic,
            "login": self._login,
            "mydata": self._file,
            "forgotten": self._farewell,
        }
        return await kinds.get(message.what, self._text)(message)

    async def deliver_together(self, cards: Sequence[Message], heading: str) -> int:
        """New cards as one message, a line and a button each, in General."""
        buttons = [row[0] for card in cards for row in card.buttons[-1:]]
        labelled = [(f"{label} #{card.handover_id}", data) for card, (label, data) in zip(cards, buttons, strict=True)]
        rows = [labelled[place : place + 2] for place in range(0, len(labelled), 2)]
        text = "\n".join([bold(heading), "", *(card.brief for card in cards)])
        together = Message(0, cards[0].chat_id, text, rows)
        return await self._send(*request_for(together, None))

    # -- the kinds

    async def _text(self, message: Message) -> int | None:
        if message.is_edit:
            edited = await self._edited(message)
            return None if edited is None else await self._edit(message, edited)
        if message.handover_id:
            return await self._in_topic(message, request_for(message, None))
        method, params = request_for(message, None)
        return await self._send(method, {**params, **self._thread(message.thread)})

    async def _edited(self, message: Message) -> int | None:
        """The Telegram message that an edit changes."""
        if message.edits_row is not None:
            return (await outbox.became(self.database, message.edits_row, message.chat_id))[0]
        return message.edits_message

    async def _edit(self, message: Message, edited: int) -> int:
        try:
            return await self._send(*request_for(message, edited))
        except BadRequest as error:
            if says(error, HARMLESS):
                return edited
            raise

    async def _login(self, message: Message, *, as_text: bool = False) -> int:
        """A link to the review pages, stored (its digest) before it is sent. Each try makes another."""
        if self.door is None:
            raise BadRequest("the review pages are not served")
        job, request = self.door.invitation(message, as_text=as_text)
        await self.store(job)
        try:
            return await self._send(*request)
        except BadRequest:
            if as_text:
                raise
        log.warning("Telegram takes no button with the address of the review pages; the link is sent as text")
        return await self._login(message, as_text=True)

    async def _caption(self, message: Message) -> int | None:
        edited = await self._edited(message)
        if edited is None:
            return None
        params = {"chat_id": message.chat_id, "message_id": edited, "caption": message.text, "parse_mode": "HTML"}
        try:
            return await self._send("editMessageCaption", params)
        except BadRequest as error:
            if says(error, HARMLESS):
                return edited
            raise

    async def _copy(self, message: Message) -> int:
        params: Params = {
            "chat_id": message.chat_id,
            "from_chat_id": message.source_chat,
            "message_id": message.source_message,
        }
        if message.text:
            params |= {"caption": message.text, "parse_mode": "HTML"}
        try:
            return await self._in_topic(message, ("copyMessage", params))
        except (BadRequest, Forbidden) as error:
            if not says(error, NO_COPY if message.chat_id > 0 else (*NO_COPY, *OWNER_GONE)):
                raise
            words = replace(message, what="text", text="\n".join(filter(None, (message.brief, message.text))))
            return await self._in_topic(words, request_for(words, None))

    async def _card(self, message: Message) -> int:
        """Changes the card that is there; where there is none (yet, or any more), a new one in its topic."""
        if message.edits_row is not None:
            number, batched = await outbox.became(self.database, message.edits_row, message.chat_id)
            if number is not None and not batched:
                try:
                    return await self._send(*request_for(message, number))
                except BadRequest as error:
                    if says(error, NOT_MODIFIED):
                        return number
                    if not says(error, HARMLESS):
                        raise
        return await self._in_topic(message, request_for(message, None))

    # -- the rights of owners

    async def _file(self, message: Message) -> int:
        """All that is kept of an owner, as of now; in several files where it is too much for one."""
        number = 0
        try:
            parts = await self.files.of(message, self.clock())
        except StoreError:
            raise
        except Exception as error:  # our slip must not stop what others wait for
            log.exception("a file with all that is kept could not be made", row=message.id)
            raise BadRequest(f"the file could not be made: {type(error).__name__}") from None
        for part in parts:
            number = await self._send("sendDocument", {"chat_id": message.chat_id, **part})
        return number

    async def _farewell(self, message: Message) -> int:
        """The last message to an owner, after their copies in the staff's group were removed as far as may be."""
        brief = json.loads(message.brief)
        copies = Copies(brief["staff"], brief["thread"], brief["messages"], brief["name"], brief["blank"])
        remains = not await erased(self._calls, copies, self.clock()) or brief["remains"]
        if remains:
            await self._attempted("sendMessage", {"chat_id": copies.staff, "text": brief["line"], "parse_mode": "HTML"})
        if brief["asked"]:
            await self._attempted("editMessageReplyMarkup", {"chat_id": message.chat_id, "message_id": brief["asked"]})
        told = replace(message, text=brief["left"]) if remains else message
        return await self._send(*request_for(told, None))

    async def take_back(self, chat: int, number: int) -> None:
        """Delete what was just posted."""
        await self._attempted("deleteMessage", {"chat_id": chat, "message_id": number})

    async def _calls(self, method: str, params: Mapping[str, Any]) -> Any:
        return await self._call(method, dict(params))

    async def _attempted(self, method: str, params: Params) -> None:
        """A call that may be refused."""
        try:
            await self._call(method, params)
        except (BadRequest, Forbidden) as error:
            log.warning("a message about a forgotten owner failed", method=method, why=str(error))

    # -- topics

    async def _topic(self, message: Message) -> int | None:
        """Its name, and whether it is open, as they are to be; a topic that is gone needs neither."""
        handover, topic = await self._place(message)
        if handover is None or topic is None or not await self.room.uses_topics(message.chat_id):
            return None
        where = _where(topic)
        is_open = message.brief == "open"
        if topic.name != message.text and await self._change("editForumTopic", {**where, "name": message.text}):
            topic = replace(topic, name=message.text)
        method = "reopenForumTopic" if is_open else "closeForumTopic"
        if topic.open != is_open and await self._change(method, where):
            topic = replace(topic, open=is_open)
        await self.store(handovers.keep_topic(topic))
        return None

    async def _change(self, method: str, params: Params) -> bool:
        """A change of a topic that Telegram may refuse without harm. Whether it is as wished now."""
        try:
            await self._call(method, params)
        except BadRequest as error:
            if not says(error, (*UNCHANGED, *AS_WISHED)):
                raise
            log.warning("a topic could not be changed", method=method, why=str(error))
            return says(error, AS_WISHED)
        return True

    async def _place(self, message: Message) -> tuple[Handover | None, Topic | None]:
        handover = await handovers.one(self.database, message.handover_id) if message.handover_id else None
        topic = await handovers.topic(self.database, handover.chat_id, message.chat_id) if handover else None
        return handover, topic

    async def _in_topic(self, message: Message, request: tuple[str, Params]) -> int:
        """Send it where its conversation is: its topic, else as a reply to its card."""
        method, params = request
        handover, topic = await self._place(message)
        if handover is None:
            if message.handover_id:
                raise BadRequest(FORGOTTEN)
            return await self._send(method, params)
        if not await self.room.uses_topics(message.chat_id):
            return await self._send(method, {**params, **await self._reply(message, handover)})
        topic = topic or await self._made(message, handover)
        if topic is None:
            return await self._send(method, {**params, **await self._reply(message, handover)})
        if handover.is_open and not topic.open:
            await self._reopened(topic, handover)
        try:
            if message.what != "card":
                await self._show_card(handover, topic)
            return await self._send(method, {**params, "message_thread_id": topic.thread_id})
        except BadRequest as error:
            if says(error, CLOSED) and await self._change("reopenForumTopic", _where(topic)):
                return await self._send(method, {**params, "message_thread_id": topic.thread_id})
            if not says(error, NO_TOPIC):
                raise
            await self.store((*handovers.forget_topic(handover.chat_id), *outbox.unshown(handover.id)))
            log.warning("a topic was deleted; it is made anew", handover=handover.id)
            return await self._in_topic(message, request)

    async def _reopened(self, topic: Topic, handover: Handover) -> None:
        """A topic that is used again."""
        where = _where(topic)
        await self._change("reopenForumTopic", where)
        await self._change("editForumTopic", {**where, "name": topic_name(handover)})
        await self.store(handovers.keep_topic(replace(topic, name=topic_name(handover), open=True)))

    async def _made(self, message: Message, handover: Handover) -> Topic | None:
        """A topic for the owner, with the card in it; None where we may not make one."""
        name = topic_name(handover)
        try:
            result = await self._call("createForumTopic", {"chat_id": message.chat_id, "name": name})
        except BadRequest as error:
            if not says(error, NO_TOPICS):
                raise
            self.room.lost_topics()
            return None
        thread = result.get("message_thread_id") if isinstance(result, dict) else None
        if not isinstance(thread, int):
            raise NetworkError("a topic without an id")
        topic = Topic(handover.chat_id, message.chat_id, thread, name, open=True)
        await self.store(handovers.keep_topic(topic))
        if await handovers.one(self.database, handover.id) is None:
            await self._attempted("deleteForumTopic", _where(topic))
            raise BadRequest(FORGOTTEN)
        return topic

    async def _show_card(self, handover: Handover, topic: Topic) -> None:
        """The card into a topic that has none: it was told in a line, or went with the topic before."""
        row, number, batched = await outbox.card_of(self.database, handover.id, topic.staff_chat) or (0, 0, False)
        card = await outbox.one(self.database, row) if number is None or batched else None
        if card is None:
            return
        method, params = request_for(replace(card, chat_id=topic.staff_chat, edits_row=None), None)
        number = await self._send(method, {**params, "message_thread_id": topic.thread_id})
        await self.store(outbox.shown(card.id, number))

    async def _reply(self, message: Message, handover: Handover) -> Params:
        """Without topics a conversation is what replies to its card."""
        _, number, _ = await outbox.card_of(self.database, handover.id, message.chat_id) or (0, None, False)
        if number is None or message.what == "card":
            return {}
        return {"reply_parameters": {"message_id": number, "allow_sending_without_reply": True}}

    def _thread(self, thread: int) -> Params:
        return {"message_thread_id": thread} if thread else {}

    # -- calls

    async def _send(self, method: str, params: Params) -> int:
        result = await self._call(method, params)
        number = result.get("message_id") if isinstance(result, dict) else None
        if not isinstance(number, int):
            raise NetworkError("an answer without a message id")
        return number

    async def _call(self, method: str, params: Params) -> Any:
        await self.pause(int(params["chat_id"]))
        return await call(self.bot, method, **params)


def _where(topic: Topic) -> Params:
    return {"chat_id": topic.staff_chat, "message_thread_id": topic.thread_id}
