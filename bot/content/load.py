"""Files -> Content, or every mistake in them at once."""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.content.check import DIALOG, PHRASES, problems_of
from bot.content.draft import PHRASES_FILE, Draft, Spot, drafted
from bot.content.problems import ContentProblems, Problem
from bot.content.strict_yaml import MOST_BYTES, read_yaml
from bot.dialog.phrases import Content
from bot.dialog.tree import Dialog

CELLS_FILE: Final = "cells.yaml"
MOST_FILES: Final = 50
ENDING: Final = ".yaml"


def load(folder: Path, knowledge: Path | None = None) -> Content:
    """The content of a folder. With a `knowledge` folder, every `source` must be one of its cells.

    Raises ContentProblems with every mistake in every file.
    """
    return load_files(read_folder(folder), load_cells(knowledge) if knowledge else None)


def load_files(files: Mapping[str, bytes], cells: frozenset[str] | None = None) -> Content:
    """The content of files (name -> bytes), phrases.yaml among them. Raises ContentProblems."""
    draft = _draft(files, cells)
    _refuse(problems_of(draft, DIALOG + PHRASES))
    return Content(draft.dialog(), MappingProxyType(draft.phrases), str(draft.head["privacy"]))


def load_dialog(files: Mapping[str, bytes]) -> Dialog:
    """Only the dialog of files, as for a stored version; phrases.yaml is passed over. Raises ContentProblems."""
    draft = _draft({name: data for name, data in files.items() if name != PHRASES_FILE}, None)
    _refuse(problems_of(draft, DIALOG))
    return draft.dialog()


def load_cells(knowledge: Path) -> frozenset[str]:
    """The knowledge cells, as `concept/facet`, that cells.yaml in this folder lists. Raises ContentProblems."""
    document = read_yaml(CELLS_FILE, read_folder(knowledge).get(CELLS_FILE, b""))
    spot = Spot(document, ("cells",))
    _refuse(iter(document.problems))
    if not isinstance(spot.raw, dict):
        raise ContentProblems([spot.problem("`cells:` is missing", "list facets under concepts: `bpo: [cost]`")])
    lists = ((concept, facets) for concept, facets in spot.raw.items() if isinstance(facets, list))
    return frozenset(f"{concept}/{facet}" for concept, facets in lists for facet in facets)


def _draft(files: Mapping[str, bytes], cells: frozenset[str] | None) -> Draft:
    return drafted([read_yaml(name, files[name]) for name in sorted(files)], cells)


def _refuse(problems: Iterator[Problem]) -> None:
    found = ContentProblems(problems)
    if found.problems:
        raise found


# from a folder to bytes


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every *.yaml file of a folder, by name; subfolders are passed over.

    Raises ContentProblems when there is no such folder or file, and for files that lead out of the folder, are no
    plain files, or are too many.
    """
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(ENDING) and not name.startswith("."))
    except OSError as error:
        raise _one(str(folder), f"the folder cannot be read: {error.strerror}") from None
    if not names:
        raise _one(str(folder), "there are no *.yaml files here")
    if len(names) > MOST_FILES:
        raise _one(str(folder), f"more than {MOST_FILES} files")
    return {name: _read(folder, name) for name in names}


def _read(folder: Path, name: str) -> bytes:
    """The bytes of one file, up to one more than a file may have."""
    try:
        if not (folder / name).resolve(strict=True).is_relative_to(folder.resolve()):
            raise _one(name, "a link that leads out of the folder", "copy the file instead")
        return _read_plain(folder / name, name)
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or "a link that leads to itself"
        raise _one(name, f"the file cannot be read: {reason}") from None


def _read_plain(path: Path, name: str) -> bytes:
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    with open(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _one(name, "this is not a plain file")
        return file.read(MOST_BYTES + 1)


def _one(name: str, message: str, hint: str = "") -> ContentProblems:
    return ContentProblems([Problem(name, 1, 1, message, hint)])
