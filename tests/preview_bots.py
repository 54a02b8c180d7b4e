"""Bots for the tests of the preview: PTB's own Bot on the pretend Telegram, in process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from telegram import Bot, BotCommand, BotCommandScopeChat, InlineKeyboardButton, InlineKeyboardMarkup, Message, Update

from bot.preview.pretend import PretendTelegram
from bot.preview.request import PretendRequest

MENU = {
    "": [("start", "Begin"), ("help", "What I can do"), ("html", "All formats")],
    "pt": [("start", "Começar"), ("help", "O que sei fazer")],
}
FORMATS = (
    '<b>bold</b> <i>italic</i> <u>under</u> <s>struck</s> <code>x = 1</code> <a href="https://example.org/">a link</a> '
    "<tg-spoiler>a secret</tg-spoiler> &lt;script&gt;alert(1)&lt;/script&gt;"
    "<pre>one\ntwo</pre><blockquote expandable>1\n2\n3\n4\n5\n6</blockquote>"
)


def ptb_bot(telegram: PretendTelegram) -> Bot:
    """PTB's Bot, plugged into the pretend Telegram for both of its requests."""
    return Bot(telegram.token, request=PretendRequest(telegram), get_updates_request=PretendRequest(telegram))


def keyboard(*rows: tuple[str, ...]) -> InlineKeyboardMarkup:
    """Buttons whose data is their label."""
    return InlineKeyboardMarkup([[InlineKeyboardButton(label, callback_data=label) for label in row] for row in rows])


class EchoBot:
    """A little bot: /start asks, a press is answered by a toast and an edit, any other text comes back."""

    def __init__(self, telegram: PretendTelegram) -> None:
        self.bot = ptb_bot(telegram)
        self.pressed: list[str] = []

    @asynccontextmanager
    async def running(self) -> AsyncIterator["EchoBot"]:
        await self.bot.initialize()
        await self._introduce()
        task = asyncio.create_task(self._run())
        try:
            yield self
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self.bot.shutdown()

    async def _introduce(self) -> None:
        for language, commands in MENU.items():
            menu = [BotCommand(name, description) for name, description in commands]
            await self.bot.set_my_commands(menu, language_code=language or None)
        await self.bot.set_my_description("Repeats what you say.")
        await self.bot.set_my_description("Repete o que diz.", language_code="pt")

    async def _run(self) -> None:
        offset = 0
        while True:
            for update in await self.bot.get_updates(offset, timeout=10):
                offset = update.update_id + 1
                await self._handle(update)

    async def _handle(self, update: Update) -> None:
        if update.callback_query is not None:
            await self._pressed(update)
        elif update.message is not None:
            await self._said(update.message.chat.id, update.message.text or "")

    async def _said(self, chat_id: int, text: str) -> None:
        if text.startswith("/start"):
            await self.bot.send_message(
                chat_id, f"Which one? {text[7:]}", reply_markup=keyboard(("one", "two"), ("alert",))
            )
        elif text == "/html":
            await self.bot.send_message(chat_id, FORMATS, parse_mode="HTML")
        elif text == "silence":
            await self.bot.send_chat_action(chat_id, "typing")
        else:
            await self.bot.send_message(chat_id, f"You said: {text or 'nothing'}")

    async def _pressed(self, update: Update) -> None:
        query = update.callback_query
        assert query is not None
        assert query.message is not None
        assert query.data is not None
        self.pressed.append(query.data)
        if query.data == "alert":
            await query.answer("Mind the gap", show_alert=True)
            return
        await query.answer(f"Chosen: {query.data}")
        if self.pressed.count(query.data) == 1:
            text = f"You chose {query.data}."
            await self.bot.edit_message_text(text, query.message.chat.id, query.message.message_id)
            await self.bot.send_message(query.message.chat.id, "And now?", reply_markup=keyboard(("two", "three")))


class RelayBot(EchoBot):
    """A little handover: "person, please" opens a topic for the owner; then each side gets the other's words."""

    def __init__(self, telegram: PretendTelegram, staff_group: int) -> None:
        super().__init__(telegram)
        self.group = staff_group
        self.topics: dict[int, int] = {}

    async def _introduce(self) -> None:
        scope = BotCommandScopeChat(self.group)
        await self.bot.set_my_commands(
            [BotCommand("queue", "Who waits"), BotCommand("mine", "Whom I took")], scope=scope
        )

    async def _handle(self, update: Update) -> None:
        message = update.message
        if update.callback_query is not None:
            await self._pressed(update)
        elif message is not None and message.from_user != self.bot.bot:
            await (self._answered(message) if message.chat.id == self.group else self._asked(message))

    async def _asked(self, message: Message) -> None:
        owner = message.chat.id
        if owner in self.topics:
            await self.bot.copy_message(self.group, owner, message.message_id, message_thread_id=self.topics[owner])
        elif message.text == "person, please":
            topic = await self.bot.create_forum_topic(self.group, message.chat.first_name or "?")
            thread = self.topics[owner] = topic.message_thread_id
            text, buttons = "A person is wanted.", keyboard(("take",))
            await self.bot.send_message(self.group, text, message_thread_id=thread, reply_markup=buttons)

    async def _answered(self, message: Message) -> None:
        for owner, topic in self.topics.items():
            if message.is_topic_message and message.message_thread_id == topic:
                await self.bot.copy_message(owner, self.group, message.message_id)

    async def _pressed(self, update: Update) -> None:
        query = update.callback_query
        assert query is not None
        assert query.message is not None
        await query.answer("It is yours")
        name = query.from_user.first_name
        await self.bot.edit_message_text(f"{name} took it.", query.message.chat.id, query.message.message_id)


def plain(update: Any) -> dict[str, Any]:
    """A PTB object as the JSON it came from."""
    shown: dict[str, Any] = update.to_dict()
    return shown
