"""Every kind of mistake is found, at its line and column, all of them in one run."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.content.load import load_files, read_folder
from bot.content.problems import ContentProblems, Problem

MISTAKES = Path(__file__).parent / "mistakes"
CELLS = frozenset({"bpo/cost", "bpo+kpo/difference"})
MARK = re.compile(r"# (?P<where><-|v) (?P<marks>\d+: .*)$")


Mark = tuple[str, int, int, str]


def expected(name: str, text: str) -> Iterator[Mark]:
    """The marks in a file: name, line, column, and how the message begins."""
    for number, line in enumerate(text.splitlines(), start=1):
        if found := MARK.search(line):
            for mark in found["marks"].split(" | "):
                column, message = mark.split(": ", 1)
                yield name, number + (found["where"] == "v"), int(column), message.strip()


def found_in(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ContentProblems) as raised:
        load_files(read_folder(folder), CELLS)
    return raised.value.problems


def test_every_mistake_is_found_at_its_place_and_nothing_else() -> None:
    marks = {mark for name, data in read_folder(MISTAKES).items() for mark in expected(name, data.decode())}
    found = found_in(MISTAKES)
    missed = [mark for mark in marks if not any(is_at(problem, mark) for problem in found)]
    unmarked = [str(problem) for problem in found if not any(is_at(problem, mark) for mark in marks)]
    assert (sorted(missed), unmarked) == ([], [])
    assert len(found) == len(marks)


def is_at(problem: Problem, mark: Mark) -> bool:
    """Whether a problem is the one that a mark tells of."""
    return (problem.file, problem.line, problem.column) == mark[:3] and problem.message.startswith(mark[3])


def test_the_folder_holds_many_kinds() -> None:
    """A kind: a message without its names and numbers."""
    kinds = {re.sub(r"`[^`]*`|“[^”]*”|\d+|U\+\w+", "…", problem.message) for problem in found_in(MISTAKES)}
    assert len(kinds) >= 60
