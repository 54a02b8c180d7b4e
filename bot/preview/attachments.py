"""What people send that is not text, in the shapes of the Bot API."""

from typing import Any

from bot.preview.errors import VisitorError

Json = dict[str, Any]

_FILE = {"file_id": "pretend-file", "file_unique_id": "pretend", "file_size": 2048}
_PICTURE = {**_FILE, "width": 640, "height": 480}
_STICKER = {"type": "regular", "is_animated": False, "is_video": False, "emoji": "👍"}
_OPTIONS = [{"text": word, "voter_count": 0, "persistent_id": word} for word in ("Yes", "No")]
_POLL = {
    "id": "1",
    "question": "Shall we?",
    "options": _OPTIONS,
    "total_voter_count": 0,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}
_SHAPES: Json = {
    "photo": [_PICTURE],
    "document": {**_FILE, "file_name": "figures.pdf", "mime_type": "application/pdf"},
    "voice": {**_FILE, "duration": 7, "mime_type": "audio/ogg"},
    "video": {**_PICTURE, "duration": 12},
    "sticker": {**_FILE, "width": 512, "height": 512, **_STICKER},
    "location": {"latitude": 38.7223, "longitude": -9.1393},
    "contact": {"phone_number": "+351000000000", "first_name": "Rui"},
    "dice": {"emoji": "🎲", "value": 4},
    "poll": _POLL,
}
KINDS = tuple(_SHAPES)


def attachment(kind: str, file_id: str = "") -> Json:
    """The part of a message that carries it, its file under this id. Raises VisitorError for an unknown kind."""
    if kind not in _SHAPES:
        raise VisitorError(f"cannot send a {kind}")
    return {kind: _named(_SHAPES[kind], file_id) if file_id else _SHAPES[kind]}


def _named(shape: Any, file_id: str) -> Any:
    if isinstance(shape, list):
        return [_named(one, file_id) for one in shape]
    return {**shape, "file_id": file_id, "file_unique_id": file_id[-16:]} if "file_id" in shape else shape
