"""A small complete advisor on another subject, as a start for one's own; the files beside this one are its parts."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bot.languages import LANGUAGES

PARTS: Final = Path(__file__).parent
OWN: Final = (
    "README.md",
    "dialogs/selling.yaml",
    *(f"knowledge/{name}.yaml" for name in ("cells", "marketplace", "selling", "sources")),
)
COPIED: Final = {"dialogs": ("README.md", "dialog.schema.json"), "knowledge": ("README.md", "knowledge.schema.json")}
"""What comes from the shipped folders as it is: the descriptions of the formats, and the editors' schemas."""
PHRASES: Final = "phrases.yaml"
"""Shipped, but for the phrases that speak of the subject: the starter's own file of this name replaces these."""
WORDS: Final = tuple(f"words-{language}.yaml" for language in LANGUAGES)
"""Shipped, but for the aliases: the starter's own files of these names begin with other ones."""
_ALIASES: Final = re.compile(r"^aliases:.*\n(?:(?: .*)?\n)*", re.MULTILINE)
_PHRASE: Final = re.compile(r"^  ([a-z0-9-]+):.*\n(?:\n*    .*\n)*", re.MULTILINE)


def write_starter(folder: Path, dialogs: Path, knowledge: Path) -> list[str]:
    """Write the starter into `folder`, new or empty, from the shipped folders and our parts. Gives the names written.

    Raises FileExistsError for a folder that holds anything, or a file. When writing fails, an empty folder is left at
    most.
    """
    files = dict(_files({"dialogs": dialogs, "knowledge": knowledge}))
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty")
    with TemporaryDirectory(prefix=".new-", dir=folder) as staging:
        _write(Path(staging), files)
        for part in sorted(Path(staging).iterdir()):
            part.rename(folder / part.name)
    return sorted(files)


def _files(shipped: Mapping[str, Path]) -> Iterator[tuple[str, str]]:
    for name in OWN:
        yield name, _read(PARTS / name)
    for folder, names in COPIED.items():
        yield from ((f"{folder}/{name}", _read(shipped[folder] / name)) for name in names)
    yield f"dialogs/{PHRASES}", reworded(_read(shipped["dialogs"] / PHRASES), _read(PARTS / PHRASES))
    for name in WORDS:
        yield f"knowledge/{name}", renamed(_read(shipped["knowledge"] / name), _read(PARTS / "knowledge" / name))


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").rstrip("\n") + "\n"


def _write(folder: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")


def renamed(words: str, ours: str) -> str:
    """The text of a file of words, with everything up to the aliases from `ours`; how people ask stays as it is."""
    return f"{ours}\n{_ALIASES.split(words, maxsplit=1)[1]}"


def reworded(phrases: str, ours: str) -> str:
    """The text of a phrases' file, with the head and the phrases of `ours`; everything else stays as it is written."""
    head, _, _ = ours.partition("\nphrases:\n")
    own = {phrase[1]: phrase[0] for phrase in _PHRASE.finditer(ours)}
    if missing := own.keys() - {phrase[1] for phrase in _PHRASE.finditer(phrases)}:
        raise ValueError(f"the bot has no phrases {sorted(missing)}")
    return head + "\n" + _PHRASE.sub(lambda phrase: own.get(phrase[1], phrase[0]), phrases)
