"""The engine, the advice and the loader stay readable: short functions in short files, each with a sentence."""

import ast
from pathlib import Path

import pytest

BOT = Path(__file__).parents[1] / "bot"
FILES = [*sorted((BOT / "dialog").glob("*.py")), *sorted((BOT / "content").glob("load*.py"))]
FEW, MANY, LONGEST_FILE = 5, 24, 300

Function = ast.FunctionDef | ast.AsyncFunctionDef


def functions(folder: str) -> list[Function]:
    trees = (ast.parse(path.read_text("utf-8")) for path in FILES if path.parent.name == folder)
    return [node for tree in trees for node in ast.walk(tree) if isinstance(node, Function)]


def lines(function: Function) -> int:
    """From `def` to the last line, without the docstring."""
    first = function.body[0]
    is_doc = isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant) and len(function.body) > 1
    doc = (first.end_lineno or 0) - first.lineno + 1 if is_doc else 0
    return (function.end_lineno or 0) - function.lineno + 1 - doc


@pytest.mark.parametrize("folder", ["dialog", "content"])
def test_half_of_the_functions_have_five_lines_or_fewer_and_nine_in_ten_under_24(folder: str) -> None:
    lengths = sorted(lines(function) for function in functions(folder))
    assert len(lengths) > 5
    assert lengths[len(lengths) // 2] <= FEW, lengths
    assert lengths[int(len(lengths) * 0.9)] < MANY, lengths


@pytest.mark.parametrize("path", FILES, ids=[path.name for path in FILES])
def test_a_file_is_short_and_says_in_its_first_line_what_it_is_for(path: Path) -> None:
    source = path.read_text("utf-8")
    assert len(source.splitlines()) <= LONGEST_FILE
    assert ast.get_docstring(ast.parse(source))
