"""The pretend Telegram: a Bot API server's behaviour, without the network."""

import inspect
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.preview import chatting, editing, profile, sending, topics
from bot.preview.errors import ApiError, not_found, too_many_requests
from bot.preview.faults import Faults
from bot.preview.journal import Journal
from bot.preview.params import Params
from bot.preview.rates import Limiter, Rates
from bot.preview.visitors import Visitors
from bot.preview.world import World

Method = Callable[[World, Params], Any]

PREVIEW_TOKEN = "1000000000:pretend-telegram"  # noqa: S105 - opens nothing but the pretend Telegram
METHODS: dict[str, Method] = {
    "getMe": chatting.get_me,
    "getUpdates": chatting.get_updates,
    "setWebhook": chatting.set_webhook,
    "deleteWebhook": chatting.delete_webhook,
    "getWebhookInfo": chatting.get_webhook_info,
    "logOut": chatting.always_true,
    "close": chatting.always_true,
    "sendMessage": sending.send_message,
    "sendPhoto": sending.send_photo,
    "sendDocument": sending.send_document,
    "copyMessage": sending.copy_message,
    "sendChatAction": sending.send_chat_action,
    "editMessageText": editing.edit_message_text,
    "editMessageCaption": editing.edit_message_caption,
    "editMessageReplyMarkup": editing.edit_message_reply_markup,
    "deleteMessage": editing.delete_message,
    "deleteMessages": editing.delete_messages,
    "answerCallbackQuery": chatting.answer_callback_query,
    "answerInlineQuery": chatting.answer_inline_query,
    "getChat": chatting.get_chat,
    "getChatMember": chatting.get_chat_member,
    "getChatAdministrators": chatting.get_chat_administrators,
    "leaveChat": chatting.leave_chat,
    "createForumTopic": topics.create_forum_topic,
    "editForumTopic": topics.edit_forum_topic,
    "closeForumTopic": topics.close_forum_topic,
    "reopenForumTopic": topics.reopen_forum_topic,
    "deleteForumTopic": topics.delete_forum_topic,
    "setMyCommands": profile.set_my_commands,
    "getMyCommands": profile.get_my_commands,
    "deleteMyCommands": profile.delete_my_commands,
    "setMyName": profile.set_my_name,
    "getMyName": profile.get_my_name,
    "setMyDescription": profile.set_my_description,
    "getMyDescription": profile.get_my_description,
    "setMyShortDescription": profile.set_my_short_description,
    "getMyShortDescription": profile.get_my_short_description,
}
_BY_LOWER_NAME = {name.lower(): name for name in METHODS}
_RATED = ("send", "edit", "copy", "createForum", "closeForum", "reopenForum")
_FREE = ("sendChatAction",)


def ids_from_clock(seconds: float) -> int:
    """A first id that lies above all ids of an earlier start, while fewer than ten a second were spent."""
    return int((seconds - 1_700_000_000) * 10)


class PretendTelegram:
    """A Telegram for one bot.

    In: the bot's token and name; the number from which update and message ids count (by default from the clock, so that
    they go on after a restart); the seed of the accidents; a clock in seconds since 1970.

    `visitors` are the acts of people, `faults` the accidents, `journal` what the bot asked for, `world` what is there.
    """

    def __init__(
        self,
        token: str = PREVIEW_TOKEN,
        *,
        name: str = "Outsourcing Advisor",
        first_id: int = 0,
        seed: int = 1,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.token = token
        self.clock = clock
        self.faults = Faults(seed)
        self.journal = Journal()
        self.world = World(int(token.split(":", maxsplit=1)[0]), name, first_id or ids_from_clock(clock()), clock)
        self.visitors = Visitors(self.world, self.faults)
        self._limiter = Limiter(clock)

    async def call(self, method: str, params: Mapping[str, object]) -> Any:
        """One request of the bot, as form strings or typed JSON; gives the `result`.

        Raises ApiError with Telegram's very words.
        """
        name = _BY_LOWER_NAME.get(method.lower(), method)
        try:
            result = await self._perform(name, Params(params))
        except ApiError as error:
            self.journal.add(self.clock(), name, params, error.code, error.description)
            raise
        self.journal.add(self.clock(), name, params, 200, result)
        return result

    def limit(self, rates: Rates | None) -> None:
        """Hold the bot to these rates (429 above them); None lifts them."""
        self._limiter = Limiter(self.clock, rates)

    def reset(self) -> None:
        """Forget everybody and everything; ids go on."""
        self.close()
        first_id = max(self.world.updates.next_id, ids_from_clock(self.clock()))
        self.world = World(self.world.bot_id, self.world.bot_name, first_id, self.clock)
        self.visitors = Visitors(self.world, self.faults)
        self.journal = Journal()
        self.faults.clear()
        self.limit(None)

    def close(self) -> None:
        """End every wait: the bot's poll (409) and the screens. Call it before stopping the web server."""
        self.world.updates.end_poll()
        self.world.close_screens()

    async def _perform(self, name: str, params: Params) -> Any:
        if name not in METHODS:
            raise not_found()
        if name.startswith(_RATED) and name not in _FREE:
            self._check_rate(params)
        result = METHODS[name](self.world, params)
        return await result if inspect.isawaitable(result) else result

    def _check_rate(self, params: Params) -> None:
        chat_id = params.chat()
        seconds = self._limiter.wait(chat_id if isinstance(chat_id, int) else 0)
        if seconds:
            raise too_many_requests(seconds)
