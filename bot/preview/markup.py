"""Telegram's HTML, read as strictly as Telegram reads it, and the entities that Telegram finds by itself.

Offsets and lengths are in UTF-16 units, as everywhere in the Bot API.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from bot.preview.errors import ApiError, bad_request

Entity = dict[str, Any]

KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "blockquote": "blockquote",
    "span": "spoiler",
    "tg-spoiler": "spoiler",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
SILENT = {"custom_emoji", "date_time"}  # accepted, drawn as plain text
FORMATTING = set(KINDS.values()) | {"expandable_blockquote", "text_mention"}

_TOKEN = re.compile(r"<|&(?:#x[0-9a-fA-F]+|#[0-9]+|lt|gt|amp|quot);")
_ATTRIBUTE = r"""\s+([a-zA-Z-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s>"']+))?"""
_START = re.compile(rf"<([a-zA-Z-]+)((?:{_ATTRIBUTE})*)\s*>")
_NAME = re.compile(r"<([^\s>]*)")
_END = re.compile(r"</([a-zA-Z-]*)\s*>")
_LINK = re.compile(r"(?:https?://|tg://|mailto:|tel:)\S+", re.IGNORECASE)
_FOUND = re.compile(
    r"(?P<url>https?://[^\s<>\"]*[^\s<>\".,;:!?)\]])|(?<![\w/<>])(?P<bot_command>/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?)(?![\w/<>])"
)


def units(text: str) -> int:
    """How long Telegram says a text is."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def read_html(text: str) -> tuple[str, list[Entity]]:
    """HTML -> plain text and entities.

    Raises ApiError 400 `can't parse entities: ...` with the byte offset, as Telegram does.
    """
    reader = _Reader(text)
    reader.read()
    return "".join(reader.out), sorted(reader.entities, key=lambda e: (e["offset"], -e["length"]))


def found_entities(text: str, taken: list[Entity]) -> list[Entity]:
    """Links and /commands in plain text, outside the entities already there."""
    found: list[Entity] = []
    read = offset = 0
    for match in _FOUND.finditer(text):
        offset += units(text[read : match.start()])
        read = match.start()
        found.append({"type": match.lastgroup, "offset": offset, "length": units(match.group())})
    return [entity for entity in found if not any(_within(entity, other) for other in taken)]


def trimmed(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """Without the white space around it, which Telegram takes away."""
    bare = text.strip()
    if bare == text:
        return text, entities
    lead, size = units(text[: len(text) - len(text.lstrip())]), units(bare)
    moved = (_clipped(entity, lead, size) for entity in entities)
    return bare, [entity for entity in moved if entity["length"] > 0]


def _clipped(entity: Entity, lead: int, size: int) -> Entity:
    start = max(entity["offset"] - lead, 0)
    end = min(entity["offset"] + entity["length"] - lead, size)
    return {**entity, "offset": start, "length": end - start}


def _within(one: Entity, other: Entity) -> bool:
    if other["type"] not in {"code", "pre", "text_link", "url"}:
        return False
    return bool(one["offset"] < other["offset"] + other["length"] and other["offset"] < one["offset"] + one["length"])


@dataclass(frozen=True)
class _Open:
    tag: str
    offset: int
    attributes: dict[str, str]


@dataclass
class _Reader:
    text: str
    out: list[str] = field(default_factory=list)
    size: int = 0
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)

    def read(self) -> None:
        position = 0
        while position < len(self.text):
            position = self._step(position)
        if self.open:
            raise self._fault(f'Can\'t find end tag corresponding to start tag "{self.open[-1].tag}"')

    def _step(self, position: int) -> int:
        token = _TOKEN.search(self.text, position)
        if token is None or token.start() > position:
            end = token.start() if token else len(self.text)
            return self._keep(self.text[position:end], end)
        if token.group() != "<":
            return self._keep(html.unescape(token.group()), token.end())
        return self._close(position) if self.text.startswith("</", position) else self._begin(position)

    def _keep(self, text: str, end: int) -> int:
        self.out.append(text)
        self.size += units(text)
        return end

    def _begin(self, position: int) -> int:
        place = f"at byte offset {self._byte(position)}"
        match = _START.match(self.text, position)
        tag = self._tag(position)
        if tag not in KINDS:
            raise self._fault(f'Unsupported start tag "{tag}" {place}')
        if match is None:
            raise self._fault(f"Unclosed start tag {place}")
        attributes = {name.lower(): value.strip("\"'") for name, value in re.findall(_ATTRIBUTE, match[2])}
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise self._fault(f'Tag "span" must have class "tg-spoiler" {place}')
        self.open.append(_Open(tag, self.size, attributes))
        return match.end()

    def _tag(self, position: int) -> str:
        name = _NAME.match(self.text, position)
        return name[1].lower() if name else ""

    def _close(self, position: int) -> int:
        match = _END.match(self.text, position)
        if not self.open or match is None:
            raise self._fault(f"Unexpected end tag at byte offset {self._byte(position)}")
        opened = self.open.pop()
        if match[1].lower() not in ("", opened.tag):
            expected = f'expected "</{opened.tag}>", found "</{match[1].lower()}>"'
            raise self._fault(f"Unmatched end tag at byte offset {self._byte(position)}, {expected}")
        self.entities.extend(self._entity(opened))
        return match.end()

    def _entity(self, opened: _Open) -> Iterator[Entity]:
        kind = KINDS[opened.tag]
        entity: Entity = {"type": kind, "offset": opened.offset, "length": self.size - opened.offset}
        if not entity["length"] or kind in SILENT:
            return
        if kind == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        if kind == "text_link":
            entity["url"] = html.unescape(opened.attributes.get("href", ""))
            if not _LINK.fullmatch(entity["url"]):
                return
        yield self._of_code(entity, opened)

    def _of_code(self, entity: Entity, opened: _Open) -> Entity:
        """`<pre><code class="language-x">` is one block of code in the language x."""
        inner = next((e for e in self.entities if e["type"] == "code" and e["offset"] == entity["offset"]), None)
        if entity["type"] == "pre" and inner is not None and inner["length"] == entity["length"]:
            self.entities.remove(inner)
            return {**entity, **({"language": inner["language"]} if "language" in inner else {})}
        language = opened.attributes.get("class", "")
        if entity["type"] == "code" and language.startswith("language-"):
            return {**entity, "language": language.removeprefix("language-")}
        return entity

    def _byte(self, position: int) -> int:
        return len(self.text[:position].encode("utf-8", "surrogatepass"))

    @staticmethod
    def _fault(reason: str) -> ApiError:
        return bad_request(f"can't parse entities: {reason}")
