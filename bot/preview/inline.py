"""The results that an inline query is answered with, and their limits."""

from typing import Any

from bot.preview.errors import BLANK_TEXT, TOO_LONG, bad_request
from bot.preview.markup import read_html, trimmed, units
from bot.preview.params import Params

Json = dict[str, Any]

MOST_RESULTS = 50
MOST_ID_BYTES = 64
LONGEST_TEXT = 4096


def read_results(params: Params) -> list[Json]:
    """The results of a request as the person would see them. Raises ApiError 400 for what Telegram does not take."""
    results = params.items("results", dict)
    if len(results) > MOST_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    if len({str(result.get("id")) for result in results}) < len(results):
        raise bad_request("RESULT_ID_DUPLICATE")
    return [_result(result) for result in results]


def _result(result: Json) -> Json:
    if result.get("type") != "article":
        raise bad_request("the pretend Telegram takes articles only, so far")
    if not 1 <= len(_words(result, "id").encode()) <= MOST_ID_BYTES:
        raise bad_request("RESULT_ID_INVALID")
    text = _text(result.get("input_message_content"))
    return {"id": result["id"], "title": _words(result, "title"), "description": result.get("description", ""), **text}


def _words(result: Json, name: str) -> str:
    value = result.get(name)
    if not isinstance(value, str) or not value.strip():
        raise bad_request(f'can\'t parse inline query result: field "{name}" must be a non-empty text')
    return value


def _text(content: Any) -> Json:
    """The message that would be sent, with its entities."""
    if not isinstance(content, dict):
        raise bad_request("can't parse inline query result: Input message content is not specified")
    raw, mode = _words(content, "message_text"), content.get("parse_mode", "")
    text, entities = trimmed(*(read_html(raw) if str(mode).upper() == "HTML" else (raw, [])))
    if not text:
        raise bad_request(BLANK_TEXT)
    if units(text) > LONGEST_TEXT:
        raise bad_request(TOO_LONG)
    return {"text": text, "entities": entities}
