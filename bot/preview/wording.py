"""The text or caption of a request, parsed and measured as Telegram does."""

from typing import Any

from bot.preview import errors
from bot.preview.errors import bad_request
from bot.preview.markup import FORMATTING, Entity, found_entities, read_html, trimmed, units
from bot.preview.params import Params

Json = dict[str, Any]

LONGEST_TEXT = 4096
LONGEST_CAPTION = 1024


def read_text(params: Params, too_long: str) -> Json:
    """`text` and `entities` of a message. Raises ApiError; `too_long` is what Telegram then says."""
    if not params.text("text"):
        raise bad_request(errors.EMPTY_TEXT)
    text, entities = _formatted(params, params.text("text"), "entities")
    if not text:
        raise bad_request(errors.BLANK_TEXT)
    if units(text) > LONGEST_TEXT:
        raise bad_request(too_long)
    return {"text": text, **({"entities": entities} if entities else {})}


def read_caption(params: Params) -> Json:
    """`caption` and `caption_entities` of a message; nothing when there is none. Raises ApiError."""
    text, entities = _formatted(params, params.text("caption"), "caption_entities")
    if units(text) > LONGEST_CAPTION:
        raise bad_request(errors.CAPTION_TOO_LONG)
    return {**({"caption": text} if text else {}), **({"caption_entities": entities} if entities else {})}


def _formatted(params: Params, raw: str, given: str) -> tuple[str, list[Entity]]:
    text, entities = _parsed(params, raw, given)
    text, entities = trimmed(text, entities)
    if "/" in text:
        entities = sorted([*entities, *found_entities(text, entities)], key=lambda e: (e["offset"], -e["length"]))
    return text, entities


def _parsed(params: Params, raw: str, given: str) -> tuple[str, list[Entity]]:
    mode = params.text("parse_mode")
    if mode.upper() == "HTML":
        return read_html(raw)
    if mode:
        raise bad_request("unsupported parse_mode")
    wanted = params.items(given, dict)
    return raw, [dict(entity) for entity in wanted if entity.get("type") in FORMATTING]
