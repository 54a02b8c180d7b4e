"""YAML made safe and exact: PyYAML's C parser behind a strict front.

Only what an author needs is YAML here: UTF-8 (a byte order mark at the head is accepted, Windows editors write one),
one document, mappings, lists and scalars. Anchors, aliases, merge keys, tags, directives and duplicate keys are
refused. Plain `true`, `false`, `null` and whole numbers are values; `yes`, `no`, `on`, `12:30`, `010`, `1.5` and dates
stay the text they are. Keys are always text.

The events are taken one at a time and reading stops at the first limit, so nothing deep or endless is ever built, and
libyaml's recursive composer, which crashes CPython on deep nesting, is never called.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from bot.content.problems import Problem, shortened

MOST_BYTES: Final = 1 << 20
MOST_DEPTH: Final = 40
MOST_EVENTS: Final = 60_000
"""A file of 1 MiB in the shape of a dialog has about a third of these."""
MOST_SLIPS: Final = 100
"""Slips in one file after which reading stops."""

Plain: TypeAlias = "dict[str, Plain] | list[Plain] | str | int | bool | None"
Key: TypeAlias = str | int
KeyPath: TypeAlias = tuple[Key, ...]
Place: TypeAlias = tuple[int, int]
"""Line and column, both from 1."""

BLANK: Final = "\ufdd0"
"""Stands where a wording should be. It is no character, so no file can hold it."""

_ENCODINGS: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16", b"\x00\x00\xfe\xff": "UTF-32"}
_UNUSABLE: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufeff\ufffe\uffff]"
)
_BREAK: Final = re.compile("\r\n|\r|\n")
_WORD: Final = re.compile("[a-z0-9_-]+")
_DIRECTIVE: Final = re.compile("^%", re.MULTILINE)
_INT: Final = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_CURLY: Final = ("“", "”", "„", "«", "‘", "’")
"""Quotation marks of word processors: YAML takes them for letters."""
_WORDS: Final[dict[str, bool | None]] = {"true": True, "false": False, "null": None, "~": None, "": None}
_UNCLOSED: Final = "found unexpected end of stream"
_QUOTES: Final = "put a text in double quotes when it holds a colon, a # or a bracket"
_OPENED: Final = (_UNCLOSED, "did not find expected ','", "could not find expected ':'")
_SYNTAX: Final = {
    "mapping values are not allowed": ("a colon where none can stand", _QUOTES),
    "found character that cannot start any token": (
        "a character that cannot begin a value",
        "indent with spaces, never with tabs; put a text in double quotes when it begins with % @ ` or a tab",
    ),
    "could not find expected ':'": ("a key without a colon", "write `key: value`, or put a long text in double quotes"),
    _UNCLOSED: ("a quote that is never closed", 'close the text with " on the same line'),
    "did not find expected ',' or '}'": ("a { that is not closed properly", "a comma between the parts, } at the end"),
    "did not find expected ',' or ']'": ("a [ that is not closed properly", "a comma between the parts, ] at the end"),
    "did not find expected key": ("this line does not fit the lines above", "check indentation and quotes"),
    "did not find expected '-' indicator": ("this line does not fit the list above", "check the indentation"),
    "found unknown escape character": ("a \\ in double quotes that means nothing", "write \\\\ for a backslash"),
    "block sequence entries are not allowed": ("a list where none can stand", "begin the list on a line of its own"),
    "found invalid Unicode character escape code": ("an escape that is no character", "write the character itself"),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A file as it was read: its plain value, where everything stands, and what was wrong with it.

    `value` is what could be read. `cut_off` holds every word of a file that could not be read to its end: what is
    named there may well exist, so nobody should complain that it is missing; empty for a file read whole.
    """

    name: str
    value: dict[str, Plain]
    keys: dict[KeyPath, Place]
    values: dict[KeyPath, Place]
    problems: tuple[Problem, ...]
    cut_off: frozenset[str] = frozenset()

    def place(self, path: KeyPath) -> Place:
        """Where the key at `path` stands; for a list's item the item; for what is not there the nearest above it."""
        while path and path not in self.keys and path not in self.values:
            path = path[:-1]
        return self.keys.get(path) or self.values.get(path) or (1, 1)

    def value_place(self, path: KeyPath) -> Place:
        """Where the value at `path` begins; for what is not there the nearest value above it."""
        while path and path not in self.values:
            path = path[:-1]
        return self.values.get(path, (1, 1))


class _Stop(Exception):  # noqa: N818  # an end, not an error
    """Reading this file ends here; the reason is among its problems."""


def read_yaml(name: str, data: bytes) -> Document:
    """Read one file. Never raises: whatever is wrong stands in the document's `problems`."""
    reader, cut_off = _Reader(name), frozenset[str]()
    try:
        reader.read(reader.decoded(data))
    except _Stop:
        cut_off = frozenset(_WORD.findall(data[:MOST_BYTES].decode("utf-8", "replace")))
        reader.forget_unfinished()
    finally:
        reader.events = iter(())  # the parser, and the text in it, would wait for the garbage collector
    return Document(name, reader.root, reader.keys, reader.values, tuple(reader.problems), cut_off)


class _Reader:
    """Builds the values of one file from the parser's events."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.root: dict[str, Plain] = {}
        self.keys: dict[KeyPath, Place] = {}
        self.values: dict[KeyPath, Place] = {}
        self.events: Iterator[Event] = iter(())

    def note(self, place: Place, message: str, hint: str = "") -> None:
        self.problems.append(Problem(self.name, *place, message, hint))
        if len(self.problems) >= MOST_SLIPS:
            raise _Stop

    def stop(self, place: Place, message: str, hint: str = "") -> _Stop:
        if len(self.problems) < MOST_SLIPS:
            self.problems.append(Problem(self.name, *place, message, hint))
        return _Stop()

    def forget_unfinished(self) -> None:
        """Take out the entry in which reading stopped: half of it would only look like more mistakes."""
        if self.root:
            section, entries = self.root.popitem()
            if isinstance(entries, dict) and entries:
                entries.popitem()
                self.root[section] = entries

    # from bytes to text

    def decoded(self, data: bytes) -> str:
        if len(data) > MOST_BYTES:
            raise self.stop((1, 1), "the file is larger than 1 MiB", "split it into several files")
        for mark, encoding in _ENCODINGS.items():
            if data.startswith(mark):
                raise self.stop((1, 1), f"the file is stored as {encoding}", "save it as UTF-8")
        text = self._as_utf8(data).removeprefix("\ufeff")
        self._only_usable(text)
        return text

    def _as_utf8(self, data: bytes) -> str:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError as error:
            place = _place_of(data[: error.start].decode("utf-8"), error.start)
            raise self.stop(place, "the file is not stored as UTF-8", "save it as UTF-8") from None

    def _only_usable(self, text: str) -> None:
        if found := _UNUSABLE.search(text):
            code = f"U+{ord(found[0]):04X}"
            raise self.stop(_place_of(text, found.start()), f"an invisible character ({code})", "delete it")
        if found := _DIRECTIVE.search(text):
            raise self.stop(_place_of(text, found.start()), "a line that begins with %", "delete it, or indent it")

    # from text to values

    def read(self, text: str) -> None:
        self.events = self._parsed(text)
        next(self.events)
        if isinstance(next(self.events), StreamEndEvent):
            return
        root = next(self.events)
        if not isinstance(root, MappingStartEvent):
            raise self.stop(_start(root), "a file is made of `key: value` lines", "begin with `nodes:` or the like")
        self._mapping(self.root, ())
        self._only_one_document()

    def _parsed(self, text: str) -> Iterator[Event]:
        """The parser's events, as long as they keep the limits."""
        count = 0
        try:
            for event in yaml.parse(text, Loader=yaml.CSafeLoader):
                count += 1
                if count > MOST_EVENTS:
                    raise self.stop(_start(event), "too much in one file", "split it into several files")
                yield event
        except yaml.YAMLError as error:
            raise self._unreadable(error) from None

    def _unreadable(self, error: yaml.YAMLError) -> _Stop:
        words = str(getattr(error, "problem", None) or error)
        place = _place_of_error(error, words)
        known = (words_known for start, words_known in _SYNTAX.items() if words.startswith(start))
        message, hint = next(known, (f"this cannot be read: {words}", _QUOTES))
        return self.stop(place, message, hint)

    def _only_one_document(self) -> None:
        next(self.events)
        event = next(self.events)
        if isinstance(event, DocumentStartEvent):
            raise self.stop(_start(event), "a second document in one file", "delete the line `---`")

    def _value(self, event: Event, path: KeyPath, put: Callable[[Plain], object]) -> None:
        """Read the value that begins with `event`; it is `put` in its place before it is filled."""
        self.values[path] = _start(event)
        self._refuse_extras(event)
        if isinstance(event, CollectionStartEvent):
            self._keep_depth(event, path)
        if isinstance(event, MappingStartEvent):
            mapping: dict[str, Plain] = {}
            put(mapping)
            self._mapping(mapping, path)
        elif isinstance(event, SequenceStartEvent):
            items: list[Plain] = []
            put(items)
            self._list(items, path)
        else:
            put(self._scalar(event, path) if isinstance(event, ScalarEvent) else None)

    def _refuse_extras(self, event: Event) -> None:
        """Note anchors, aliases and tags; the value itself is read on."""
        if isinstance(event, AliasEvent):
            self.note(_start(event), f"an alias (*{event.anchor})", "write it out, or put the text in double quotes")
        elif anchor := getattr(event, "anchor", None):
            self.note(_start(event), f"an anchor (&{anchor})", "delete it, or put the text in double quotes")
        if tag := getattr(event, "tag", None):
            self.note(_start(event), f"a tag ({shortened(tag)})", "delete it, or put the text in double quotes")

    def _mapping(self, found: dict[str, Plain], path: KeyPath) -> None:
        while not isinstance(event := next(self.events), MappingEndEvent):
            key = self._key(event, found, path)
            put = _drop if key.endswith(BLANK) else partial(found.__setitem__, key)
            self._value(next(self.events), (*path, key), put)

    def _key(self, event: Event, found: dict[str, Plain], path: KeyPath) -> str:
        self._refuse_extras(event)
        if not isinstance(event, ScalarEvent):
            raise self.stop(_start(event), "a key is one word", "put a text in double quotes when it holds { or [")
        key = str(event.value)
        if key == "<<":
            self.note(_start(event), "a merge key (<<)", "write out what it stands for")
        if key in found:
            return self._twice(event, key, (*path, key))
        self.keys[(*path, key)] = _start(event)
        return key

    def _twice(self, event: Event, key: str, path: KeyPath) -> str:
        """Note a key that is there already; its second value is read under another name, and dropped."""
        line, column = self.keys[path]
        message = f"the key `{shortened(key)}` stands here a second time"
        self.note(_start(event), message, f"the first is at line {line}, column {column}")
        return key + BLANK

    def _list(self, found: list[Plain], path: KeyPath) -> None:
        while not isinstance(event := next(self.events), SequenceEndEvent):
            self._value(event, (*path, len(found)), found.append)

    def _keep_depth(self, start: Event, path: KeyPath) -> None:
        if len(path) >= MOST_DEPTH:
            raise self.stop(_start(start), f"more than {MOST_DEPTH} levels inside each other", "check the brackets")

    def _scalar(self, event: ScalarEvent, path: KeyPath) -> Plain:
        text = str(event.value)
        if found := _UNUSABLE.search(text):
            self.note(_start(event), f"an invisible character (U+{ord(found[0]):04X}) in this text", "delete it")
        if event.style or not event.implicit[0]:
            return text
        if text.startswith(_CURLY):
            message = f"`{text[0]}` does not count as a quotation mark"
            self.note(_start(event), message, 'type straight ones around the text: "..."')
        if text in _WORDS:
            return self._word(text, path)
        return int(text) if _INT.fullmatch(text) else text

    def _word(self, text: str, path: KeyPath) -> bool | None:
        value = _WORDS[text]
        if value is None:
            place = self.keys.get(path) or self.values[path]
            self.note(place, "nothing stands here", "write the value, or delete the key")
        return value


def _drop(_value: Plain) -> None:
    """Where the value of a key goes that stands twice."""


def _start(event: Event) -> Place:
    mark = event.start_mark
    assert mark is not None
    return mark.line + 1, mark.column + 1


def _place_of_error(error: yaml.YAMLError, words: str) -> Place:
    """Where libyaml saw the error; for what was opened and never closed where it was opened."""
    mark, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    if mark and begun and words.startswith(_OPENED) and (mark.line > begun.line or words == _UNCLOSED):
        mark = begun
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _place_of(text: str, index: int) -> Place:
    """The place of the character at `index`."""
    before = _BREAK.split(text[:index])
    return len(before), len(before[-1]) + 1
