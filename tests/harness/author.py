"""An author at work on the small advisor's files while the bot runs."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ENTRIES = "outsourcing.yaml"
DIALOG = "small.yaml"
PHRASES = "phrases.yaml"


class Author:
    """Changes the files that `settings` name. Every change is one write, as editors do."""

    def __init__(self, settings: Mapping[str, str]) -> None:
        self.dialogs, self.knowledge = Path(settings["ADVISOR_DIALOGS"]), Path(settings["ADVISOR_KNOWLEDGE"])

    def path(self, name: str) -> Path:
        """Where a file stands."""
        return (self.knowledge if (self.knowledge / name).exists() else self.dialogs) / name

    def change(self, name: str, how: Callable[[dict[str, Any]], object]) -> None:
        """Change what a file says."""
        content = json.loads(self.path(name).read_text(encoding="utf-8"))
        how(content)
        self.write(name, json.dumps(content, ensure_ascii=False, indent=1))

    def write(self, name: str, text: str) -> None:
        """Put a file there, whole at once."""
        path = self.path(name)
        new = path.with_name(f".{name}.new")
        new.write_text(text, encoding="utf-8")
        new.replace(path)

    def answer(self, words: str) -> None:
        """The answer to "What is outsourcing?" says something else."""
        self.change(ENTRIES, lambda file: file["entries"]["definition"]["answer"].update(en=answer_of(words)))

    def drop_question(self, name: str, instead: str) -> None:
        """A question goes; who would have come to it comes to `instead`."""

        def drop(file: dict[str, Any]) -> None:
            del file["nodes"][name]
            for node in file["nodes"].values():
                node["next"] = instead if node["next"] == name else node["next"]

        self.change(DIALOG, drop)

    def rename_question(self, name: str, new: str) -> None:
        """A question gets another name."""

        def rename(file: dict[str, Any]) -> None:
            file["nodes"] = {new if one == name else one: node for one, node in file["nodes"].items()}
            for node in file["nodes"].values():
                node["next"] = new if node["next"] == name else node["next"]

        self.change(DIALOG, rename)

    def break_off(self, name: str) -> str:
        """A slip in a file: it breaks off in the middle. Gives what stood there."""
        whole = self.path(name).read_text(encoding="utf-8")
        self.write(name, whole[: len(whole) // 2])
        return whole


def answer_of(words: str) -> str:
    """A definition, long enough to be one."""
    return f"{words}: somebody else does a part of the work for you, and you pay them for what was agreed."
