"""Reply -> what the Bot API wants."""

from collections.abc import Iterable
from typing import Any, Final

from bot.dialog.session import Definition
from bot.store.outbox import Message

NO_PREVIEW = {"is_disabled": True}
MOST_RESULTS: Final = 50
CACHE_SECONDS: Final = 300
"""How long Telegram may give the same answer to the same words of the same person."""


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


def inline_answer(inquiry: str, definitions: Iterable[Definition]) -> dict[str, Any]:
    """The parameters that answer an inline query with these definitions."""
    results = [_result(definition) for definition in definitions][:MOST_RESULTS]
    return {"inline_query_id": inquiry, "results": results, "cache_time": CACHE_SECONDS, "is_personal": True}


def _result(definition: Definition) -> dict[str, Any]:
    message = {"message_text": definition.text, "parse_mode": "HTML", "link_preview_options": NO_PREVIEW}
    return {
        "type": "article",
        "id": definition.id,
        "title": definition.title,
        "description": definition.summary,
        "input_message_content": message,
    }


def _button(label: str, data: str) -> dict[str, str]:
    return {"text": label, "callback_data": data}
