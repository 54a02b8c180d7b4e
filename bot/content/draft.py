"""All files together, before they are known to be right: what was read, and where each thing stands."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from pydantic_core import ErrorDetails

from bot.content import build
from bot.content.explain import explained, inside, path_of
from bot.content.mend import validated
from bot.content.models import (
    HEAD,
    SHAPES,
    CandidateShape,
    CautionShape,
    FileShape,
    NodeShape,
    PhraseShape,
    Shape,
    TopicShape,
)
from bot.content.problems import MOST_PROBLEMS, Problem, closest, listed, shortened
from bot.content.strict_yaml import Document, Key, KeyPath, Place, Plain
from bot.dialog.phrases import Phrase
from bot.dialog.tree import Candidate, Caution, Dialog, Node, Option

PHRASES_FILE: Final = "phrases.yaml"
IN_PHRASES_FILE: Final = ("privacy", "phrases")
"""What stands in the phrases' file, and only there; all else stands in the others."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a file, to hang a problem on. `spot / key` goes deeper."""

    document: Document
    path: KeyPath = ()

    def __truediv__(self, key: Key) -> "Spot":
        return Spot(self.document, (*self.path, key))

    def problem(self, message: str, hint: str = "") -> Problem:
        """A problem with the value here."""
        return Problem(self.document.name, *self.document.value_place(self.path), message, hint)

    def key_problem(self, message: str, hint: str = "") -> Problem:
        """A problem with the key here."""
        return Problem(self.document.name, *self.document.place(self.path), message, hint)

    @property
    def raw(self) -> Plain:
        """What the file says here; None when it says nothing."""
        value: Plain = self.document.value
        for key in self.path:
            value = inside(value, key)
        return value

    def __str__(self) -> str:
        line, column = self.document.place(self.path)
        return f"{self.document.name}, line {line}, column {column}"


@dataclass(slots=True)
class Draft:
    """The content as far as it could be read; broken parts are mended or left out, with a problem for each."""

    documents: Sequence[Document]
    cells: frozenset[str] | None = None
    """The knowledge cells that a `source` can name; None when they are not known."""
    head: dict[str, Plain] = field(default_factory=dict)
    nodes: dict[str, Node] = field(default_factory=dict)
    candidates: dict[str, Candidate] = field(default_factory=dict)
    cautions: dict[str, Caution] = field(default_factory=dict)
    topics: dict[str, Mapping[str, str]] = field(default_factory=dict)
    phrases: dict[str, Phrase] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    spots: dict[tuple[str, str], Spot] = field(default_factory=dict)
    """Where each entry stands, by section and name; a head's section is ''."""
    unsure: set[str] = field(default_factory=set)
    """Names that stand in a broken place: they may well be right, so nobody complains that they are missing."""

    def at(self, section: str, name: str) -> Spot:
        """Where an entry stands; the head of the first file for what does not exist."""
        return self.spots.get((section, name)) or Spot(self.first_file())

    def first_file(self) -> Document:
        """Where to show that something is missing as a whole."""
        dialogs = (document for document in self.documents if document.name != PHRASES_FILE)
        return next(dialogs, Document("dialog.yaml", {}, {}, {}, ()))

    def option_at(self, node: Node, option: Option) -> Spot:
        """Where an option stands."""
        spot = self.at("nodes", node.id)
        return spot / "not_sure" if option is node.not_sure else spot / "options" / option.id

    def dialog(self) -> Dialog:
        """The frozen dialog. Only for a draft without problems."""
        return Dialog(
            name=str(self.head["dialog"]),
            version=self.fingerprint(),
            start=str(self.head["start"]),
            enough=int(str(self.head["enough"])),
            nodes=MappingProxyType(self.nodes),
            candidates=MappingProxyType(self.candidates),
            cautions=MappingProxyType(self.cautions),
            topics=MappingProxyType(self.topics),
        )

    def fingerprint(self) -> str:
        """16 hex digits over what the dialog files say, in order; comments, quotes and line ends do not count."""
        head = {key: self.head.get(key) for key in HEAD if key not in IN_PHRASES_FILE}
        entries = [[*key, spot.raw] for key, spot in self.spots.items() if key[0] not in ("", *IN_PHRASES_FILE)]
        entries.sort(key=lambda entry: str(entry[0]))
        return sha256(json.dumps([head, entries], ensure_ascii=False).encode()).hexdigest()[:16]


def drafted(documents: Sequence[Document], cells: frozenset[str] | None = None) -> Draft:
    """Put the files together; their shapes are checked and every slip noted."""
    draft = Draft(documents, cells)
    for document in documents:
        draft.problems += document.problems
        draft.unsure |= document.cut_off
        for key, value in document.value.items():
            _take(draft, Spot(document, (key,)), key, value)
    return draft


def _take(draft: Draft, spot: Spot, key: str, value: Plain) -> None:
    """Take over one key of a file's top level."""
    if key not in FileShape.model_fields:
        known = _keys_of(spot.document)
        hint = closest(key, known) or f"here can stand {listed(known)}"
        draft.problems.append(spot.key_problem(f"unknown key `{shortened(key)}`", hint))
    elif key not in _keys_of(spot.document):
        place = PHRASES_FILE if key in IN_PHRASES_FILE else "another file"
        draft.problems.append(spot.key_problem(f"`{key}` cannot stand in this file", f"move it to {place}"))
        draft.unsure |= {key} | set(value if isinstance(value, dict) else ())
    elif key in HEAD:
        _take_head(draft, spot, key, value)
    else:
        _take_section(draft, spot, key, value)


def _keys_of(document: Document) -> tuple[str, ...]:
    in_phrases = document.name == PHRASES_FILE
    return tuple(key for key in FileShape.model_fields if (key in IN_PHRASES_FILE) == in_phrases)


def _take_head(draft: Draft, spot: Spot, key: str, value: Plain) -> None:
    _, errors = validated(FileShape, {key: value})
    draft.problems += (spot.problem(*explained(error, FileShape)) for error in errors if value is not None)
    if errors or value is None:
        draft.unsure.add(key)
    elif _claimed(draft, spot, "", key):
        draft.head[key] = value


def _take_section(draft: Draft, spot: Spot, section: str, entries: Plain) -> None:
    if not isinstance(entries, dict):
        if entries is not None:
            draft.problems.append(
                spot.problem(f"`{section}` holds names, each with a colon", "see the folder's README.md")
            )
        return
    for name, entry in entries.items():
        if len(draft.problems) >= MOST_PROBLEMS:
            draft.unsure.add(name)
        elif _claimed(draft, spot / name, section, name):
            _take_entry(draft, spot / name, section, entry)


def _claimed(draft: Draft, spot: Spot, section: str, name: str) -> bool:
    """Claim a name, once in all files."""
    first = draft.spots.setdefault((section, name), spot)
    if first is not spot:
        draft.problems.append(spot.key_problem(f"`{name}` is there already", f"the first is in {first}"))
    return first is spot


def _take_entry(draft: Draft, spot: Spot, section: str, value: Plain) -> None:
    name = str(spot.path[-1])
    entry, errors = validated(SHAPES[section], value)
    draft.problems += shape_problems(spot, value, SHAPES[section], errors)
    match entry:
        case NodeShape():
            draft.nodes[name] = build.node(name, entry)
        case CandidateShape():
            draft.candidates[name] = build.candidate(name, entry)
        case CautionShape():
            draft.cautions[name] = build.caution(name, entry)
        case TopicShape():
            draft.topics[name] = dict(entry.answers)
        case PhraseShape():
            draft.phrases[name] = build.phrase(entry)
        case _:
            draft.unsure.add(name)


_MISSING: Final = ("missing",)
_BY_KEY: Final = ("extra_forbidden", "too_short")


def shape_problems(spot: Spot, value: Plain, shape: type[Shape], errors: Iterable[ErrorDetails]) -> Iterator[Problem]:
    """A problem for each error; what is empty was noted before, what is only misspelt is not missing besides."""
    meant: set[tuple[KeyPath, str]] = set()
    for error in sorted(errors, key=lambda one: one["type"]):
        path, (message, hint) = path_of(error["loc"], value), explained(error, shape)
        if error["type"] == "extra_forbidden":
            meant.add((path[:-1], hint))
        if error["type"] == "missing" and (path[:-1], f"did you mean `{path[-1]}`?") in meant:
            continue
        if error["input"] is not None:
            yield Problem(spot.document.name, *_error_place(spot, path, error["type"]), message, hint)


def _error_place(spot: Spot, path: KeyPath, kind: str) -> Place:
    if kind in _MISSING:
        return spot.document.place((*spot.path, *path[:-1]))
    find = spot.document.place if kind in _BY_KEY else spot.document.value_place
    return find((*spot.path, *path))
