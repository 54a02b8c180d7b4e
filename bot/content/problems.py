"""A mistake of an author: where it stands, what it is, what would help."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from typing import Final

from rapidfuzz.fuzz import ratio
from rapidfuzz.process import extractOne

MOST_PROBLEMS: Final = 2000
"""How many problems are shown at once; more than that is no author's slip."""


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. Lines and columns count from 1, columns in characters; `hint` may be empty."""

    file: str
    line: int
    column: int
    message: str
    hint: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.message}" + (f" ({self.hint})" if self.hint else "")


class ContentProblems(Exception):  # noqa: N818  # it holds problems
    """The content cannot be used. `problems` holds every mistake found, sorted by file, line and column."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = tuple(sorted(set(islice(problems, MOST_PROBLEMS))))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that reads most like `word`; None when none does."""
    found = extractOne(word[:60], list(islice(known, 500)), scorer=ratio, score_cutoff=65)
    return found[0] if found and found[0] != word else None


def closest(word: str, known: Iterable[str]) -> str:
    """'did you mean `x`?' for the nearest known word; empty when there is none."""
    found = nearest(word, known)
    return f"did you mean `{found}`?" if found else ""


def listed(words: Iterable[str]) -> str:
    """`a`, `b` and `c`."""
    quoted = [f"`{shortened(word)}`" for word in words]
    return " and ".join(part for part in (", ".join(quoted[:-1]), *quoted[-1:]) if part)


def shortened(text: str, most: int = 60) -> str:
    """`text` on one line and no longer than `most`, for messages."""
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"
