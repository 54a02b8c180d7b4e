"""Files -> Content, or every mistake in them at once."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Final

from bot.content.check import DIALOG, knowledge_problems, problems_of
from bot.content.coverage import Coverage, coverage_of
from bot.content.draft import PHRASES_FILE, Draft, drafted
from bot.content.knowledge_draft import KnowledgeDraft, drafted_knowledge
from bot.content.problems import ContentProblems, Problem
from bot.content.prove_knowledge import unreached
from bot.content.strict_yaml import MOST_BYTES, read_yaml
from bot.dialog.phrases import NO_KNOWLEDGE, Content
from bot.dialog.tree import Dialog
from bot.knowledge.entries import Knowledge

MOST_FILES: Final = 100
MOST_FOLDER_BYTES: Final = 8 << 20
ENDING: Final = ".yaml"


@dataclass(frozen=True, slots=True)
class Checked:
    """What a thorough look at the content found. `questions`: of the dialog; `coverage`: of the knowledge."""

    problems: tuple[Problem, ...]
    questions: int
    coverage: Coverage


def load(folder: Path, knowledge: Path | None = None) -> Content:
    """The content of a folder and of a knowledge folder; then every `source` in the dialog must be an entry.

    Raises ContentProblems with every mistake in every file, but for those which only the proofs of `checked` find.
    """
    if knowledge is None:
        return load_files(read_folder(folder))
    draft, known = _drafts(folder, knowledge)
    _refuse(chain(problems_of(draft), knowledge_problems(known)))
    return _content(draft, known.given_up())


def checked(folder: Path, knowledge: Path) -> Checked:
    """Everything that is wrong, and how much the knowledge covers; takes longer than `load`.

    The question of every entry is put to the reader besides, which must answer with that entry.
    Raises ContentProblems only when a folder cannot be read.
    """
    draft, known = _drafts(folder, knowledge)
    proof = unreached(known, known.knowledge())
    problems = ContentProblems(chain(problems_of(draft), knowledge_problems(known), proof)).problems
    return Checked(problems, len(draft.nodes), coverage_of(known))


def load_files(files: Mapping[str, bytes], cells: frozenset[str] | None = None) -> Content:
    """The content of files (name -> bytes), phrases.yaml among them, without knowledge. Raises ContentProblems.

    `cells`: what a `source` can name, where that is known.
    """
    draft = _draft(files, cells)
    _refuse(problems_of(draft))
    return _content(draft, NO_KNOWLEDGE)


def load_dialog(files: Mapping[str, bytes]) -> Dialog:
    """Only the dialog of files, as for a stored version; phrases.yaml is passed over. Raises ContentProblems."""
    draft = _draft({name: data for name, data in files.items() if name != PHRASES_FILE}, None)
    _refuse(problems_of(draft, DIALOG))
    return draft.dialog()


def _drafts(folder: Path, knowledge: Path) -> tuple[Draft, KnowledgeDraft]:
    known = drafted_knowledge(read_folder(knowledge), knowledge.absolute().name)
    return _draft(read_folder(folder), known.names()), known


def _draft(files: Mapping[str, bytes], cells: frozenset[str] | None) -> Draft:
    return drafted([read_yaml(name, files[name]) for name in sorted(files)], cells)


def _content(draft: Draft, knowledge: Knowledge) -> Content:
    phrases = MappingProxyType(draft.phrases)
    return Content(draft.dialog(), phrases, str(draft.head["privacy"]), knowledge=knowledge)


def _refuse(problems: Iterator[Problem]) -> None:
    found = ContentProblems(problems)
    if found.problems:
        raise found


# from a folder to bytes


def read_folder(folder: Path) -> dict[str, bytes]:
    """Every *.yaml file of a folder, by name; subfolders are passed over.

    Raises ContentProblems when there is no such folder or file, and for files that lead out of the folder, are no
    plain files, are too many or too large together.
    """
    try:
        names = sorted(filter(is_content, os.listdir(folder)))
    except OSError as error:
        raise _one(str(folder), f"the folder cannot be read: {error.strerror}") from None
    if not names:
        raise _one(str(folder), "there are no *.yaml files here")
    if len(names) > MOST_FILES:
        raise _one(str(folder), f"more than {MOST_FILES} files")
    return _all_read(folder, names)


def is_content(name: str) -> bool:
    """Whether a file of this name is read: hidden ones are not, which editors put beside what they have open."""
    return name.endswith(ENDING) and not name.startswith(".")


def _all_read(folder: Path, names: Iterable[str]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    left = MOST_FOLDER_BYTES
    for name in names:
        files[name] = _read(folder, name)
        left -= len(files[name])
        if left < 0:
            raise _one(str(folder), f"the files are larger than {MOST_FOLDER_BYTES >> 20} MiB together")
    return files


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
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise _one(name, "this is not a plain file")
        with open(handle, "rb", closefd=False) as file:
            return file.read(MOST_BYTES + 1)
    finally:
        os.close(handle)  # here, since `open` does not close what it refuses, as a folder


def _one(name: str, message: str, hint: str = "") -> ContentProblems:
    return ContentProblems([Problem(name, 1, 1, message, hint)])
