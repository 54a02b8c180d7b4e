"""Request parameters: a form has only strings, a JSON body is typed; both mean the same."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from aiohttp.web import FileField

from bot.preview.errors import NO_CHAT_ID, bad_request


@dataclass(frozen=True)
class Upload:
    """A file that came with a request."""

    name: str
    content: bytes
    kind: str


class Params:
    """One request's parameters, decoded on reading.

    In: what arrived (strings, or typed JSON). Every reader answers its default when the parameter is absent and
    raises ApiError 400 when it cannot be read.
    """

    def __init__(self, raw: Mapping[str, object]) -> None:
        self._raw = raw

    def has(self, name: str) -> bool:
        return self._raw.get(name) not in (None, "")

    def given(self, name: str) -> bool:
        """Whether it came at all, if only empty."""
        return self._raw.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        value = self._raw.get(name)
        return default if value is None else str(value)

    def integer(self, name: str, default: int = 0) -> int:
        value = self._raw.get(name)
        if value is None or value == "":
            return default
        try:
            return int(str(value))
        except ValueError:
            raise bad_request(f"{name} must be an integer") from None

    def flag(self, name: str) -> bool:
        return self._raw.get(name) in (True, 1, "true", "True", "1")

    def value(self, name: str) -> Any:
        """A nested value; None when absent."""
        value = self._raw.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value) if value else None
        except ValueError:
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from None

    def fields(self, name: str) -> dict[str, Any]:
        """An object; empty when absent."""
        value = self.value(name)
        if value is not None and not isinstance(value, dict):
            raise bad_request(f"object expected as {name.replace('_', ' ')}")
        return value or {}

    def items(self, name: str, kind: type) -> list[Any]:
        """An array of things of one kind; empty when absent."""
        value = self.value(name)
        if value is not None and not (isinstance(value, list) and all(isinstance(item, kind) for item in value)):
            raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object")
        return value or []

    def is_text(self, name: str) -> bool:
        """False for a file that came with the request."""
        return isinstance(self._raw.get(name), str)

    def upload(self, name: str) -> Upload | None:
        """The file that came with the request under this name: as `attach://` says, or right there; None: there is
        none."""
        value = self._raw.get(name)
        if isinstance(value, str) and value.startswith("attach://"):
            value = self._raw.get(value.removeprefix("attach://"))
        if isinstance(value, tuple):  # in process, as PTB hands it to its request
            filename, content, kind = value
            return Upload(filename, content if isinstance(content, bytes) else content.read(), kind)
        if isinstance(value, FileField):
            return Upload(value.filename, value.file.read(), value.content_type)
        return None

    def chat(self, name: str = "chat_id") -> int | str:
        """A chat's id, or its @username."""
        value = self.text(name)
        if not value:
            raise bad_request(NO_CHAT_ID)
        return value if value.startswith("@") else self.integer(name)
