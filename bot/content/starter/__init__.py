"""A small complete advisor on another subject, as a start for one's own; the files beside this one are its parts."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

PARTS: Final = Path(__file__).parent
OWN: Final = ("README.md", "dialogs/selling.yaml", "knowledge/cells.yaml")
COPIED: Final = ("README.md", "dialog.schema.json")
"""What comes from the shipped dialogs as it is: the description of the format, and the editors' schema."""
PHRASES: Final = "phrases.yaml"
"""Shipped, but for the phrases that speak of the subject: the starter's own file of this name replaces these."""
_PHRASE: Final = re.compile(r"^  ([a-z0-9-]+):.*\n(?:\n*    .*\n)*", re.MULTILINE)


def write_starter(folder: Path, shipped: Path) -> list[str]:
    """Write the starter into `folder`, new or empty; `shipped` holds the shipped dialogs. Gives the names written.

    Raises FileExistsError for a folder that holds anything, or a file. When writing fails, an empty folder is left at
    most.
    """
    files = dict(_files(shipped))
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    with TemporaryDirectory(prefix=".new-", dir=folder) as staging:
        _write(Path(staging), files)
        for part in sorted(Path(staging).iterdir()):
            part.rename(folder / part.name)
    return sorted(files)


def _files(shipped: Path) -> Iterator[tuple[str, str]]:
    for name in OWN:
        yield name, _read(PARTS / name)
    for name in COPIED:
        yield f"dialogs/{name}", _read(shipped / name)
    yield f"dialogs/{PHRASES}", reworded(_read(shipped / PHRASES), _read(PARTS / PHRASES))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").rstrip("\n") + "\n"


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def reworded(phrases: str, ours: str) -> str:
    """The text of a phrases' file, with the head and the phrases of `ours`; everything else stays as it is written."""
    head, _, _ = ours.partition("\nphrases:\n")
    own = {phrase[1]: phrase[0] for phrase in _PHRASE.finditer(ours)}
    if missing := own.keys() - {phrase[1] for phrase in _PHRASE.finditer(phrases)}:
        raise ValueError(f"the bot has no phrases {sorted(missing)}")
    return head + "\n" + _PHRASE.sub(lambda phrase: own.get(phrase[1], phrase[0]), phrases)
