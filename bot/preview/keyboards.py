"""Reply markup and its limits."""

import re
from typing import Any

from bot.preview.errors import BAD_BUTTON_DATA, MARKUP_TOO_LONG, bad_request
from bot.preview.params import Params

Json = dict[str, Any]

MOST_BUTTONS = 100
MOST_IN_A_ROW = 8
MOST_DATA_BYTES = 64
ACTIONS = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}


def read_markup(params: Params) -> Json | None:
    """The reply markup of a request, None when there is none.

    Raises ApiError 400 for what Telegram does not take.
    """
    markup = params.fields("reply_markup")
    if "inline_keyboard" not in markup:
        return markup or None
    rows = _rows(markup["inline_keyboard"])
    return {"inline_keyboard": rows} if rows else None


def inline_part(markup: Json | None) -> Json | None:
    """Only inline keyboards stay with a message."""
    return markup if markup and "inline_keyboard" in markup else None


def buttons_of(message: Json) -> list[Json]:
    """The inline buttons of a message, row by row."""
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button for row in rows for button in row]


def _rows(keyboard: Any) -> list[list[Json]]:
    if not isinstance(keyboard, list) or not all(isinstance(row, list) for row in keyboard):
        raise bad_request('field "inline_keyboard" must be of type Array of Arrays')
    rows = [[_button(button) for button in row] for row in keyboard if row]
    if sum(map(len, rows)) > MOST_BUTTONS or any(len(row) > MOST_IN_A_ROW for row in rows):
        raise bad_request(MARKUP_TOO_LONG)
    return rows


def _button(button: Any) -> Json:
    if not isinstance(button, dict):
        raise _unread("InlineKeyboardButton must be an Object")
    if not str(button.get("text") or "").strip():
        raise _unread("inline keyboard button text must be non-empty")
    actions = ACTIONS & button.keys()
    if not actions:
        raise _unread("Text buttons are unallowed in the inline keyboard")
    if len(actions) > 1:
        raise _unread("exactly one action must be used")
    _check_action(button)
    return dict(button)


def _check_action(button: Json) -> None:
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str) or not 1 <= len(data.encode("utf-8", "surrogatepass")) <= MOST_DATA_BYTES:
            raise bad_request(BAD_BUTTON_DATA)
    if "url" in button and not _is_link(str(button["url"])):
        raise bad_request(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")
    app = button.get("web_app", {"url": "https://"})
    if not isinstance(app, dict) or not str(app.get("url", "")).startswith("https://"):
        raise bad_request("inline keyboard button Web App URL is invalid: Only HTTPS links are allowed")
    copied = button.get("copy_text", {"text": "x"})
    if not isinstance(copied, dict) or not 1 <= len(str(copied.get("text", ""))) <= 256:
        raise bad_request("BUTTON_COPY_TEXT_INVALID")


def _is_link(url: str) -> bool:
    """Of the web: the name of a host has a dot, so `localhost` is none."""
    return url.startswith("tg://") or re.match(r"https?://[^/?#]*\.", url) is not None


def _unread(reason: str) -> Exception:
    return bad_request(f"can't parse inline keyboard button: {reason}")
