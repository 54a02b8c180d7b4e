"""Reply -> what the Bot API wants."""

from typing import Any

from bot.store.outbox import Message

NO_PREVIEW = {"is_disabled": True}


def request_for(message: Message, edited: int | None) -> tuple[str, dict[str, Any]]:
    """Method and parameters that deliver `message`; `edited` is the Telegram message that an edit changes."""
    params: dict[str, Any] = {
        "chat_id": message.chat_id,
        "text": message.text,
        "parse_mode": "HTML",
        "link_preview_options": NO_PREVIEW,
    }
    if message.buttons:
        params["reply_markup"] = {"inline_keyboard": [[_button(*button) for button in row] for row in message.buttons]}
    if edited is None:
        return "sendMessage", params
    return "editMessageText", {**params, "message_id": edited}


def _button(label: str, data: str) -> dict[str, str]:
    return {"text": label, "callback_data": data}
