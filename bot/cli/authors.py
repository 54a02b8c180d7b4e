"""`advisor check`, `chat`, `graph`, `new`: for those who write the content."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shared import AsJson, Lang, a_typer, content_of, counted, language_of, stop
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.content.load import Checked
    from bot.content.problems import Problem

app = a_typer()


class Picture(StrEnum):
    """The forms of the picture of the tree."""

    SVG = "svg"
    DOT = "dot"
    MERMAID = "mermaid"


@app.command()
def check(as_json: AsJson = False) -> None:
    """Show every mistake in the content, each with file, line, column and a hint, and how much the knowledge covers."""
    from bot.content.load import checked
    from bot.content.problems import ContentProblems

    settings = read_settings()
    try:
        found = checked(settings.dialogs, settings.knowledge)
    except ContentProblems as error:
        _show_problems(error.problems, None, as_json)
        raise SystemExit(1) from None
    _show_problems(found.problems, found, as_json)
    if found.problems:
        raise SystemExit(1)
    if not as_json:
        print(f"{settings.dialogs}: {found.questions} questions, no mistakes.\n{found.coverage}")


def _show_problems(problems: "Sequence[Problem]", found: "Checked | None", as_json: bool) -> None:
    """With `as_json` also what there is, in figures."""
    if as_json:
        figures = {"questions": found.questions, "knowledge": asdict(found.coverage)} if found else {}
        rows = {"problems": [asdict(problem) for problem in problems], **figures}
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    elif problems:
        print("\n".join(map(str, problems)))
        print("\n".join([*([str(found.coverage)] if found else []), counted(problems)]), file=sys.stderr)


@app.command()
def chat(language: Lang = "en") -> None:
    """Talk to the dialog in the terminal: no store, no Telegram."""
    from bot.terminal import talk

    talk(content_of(read_settings()), language_of(language))


@app.command()
def graph(
    form: Annotated[Picture, typer.Option("--format", "-f", help="svg, dot or mermaid")] = Picture.SVG,
    language: Lang = "en",
) -> None:
    """Draw the tree, with answers and conditions on the edges, to stdout."""
    from bot.content import graph as drawing

    dialog = content_of(read_settings()).dialog
    draw = {Picture.SVG: drawing.svg, Picture.DOT: drawing.dot, Picture.MERMAID: drawing.mermaid}[form]
    print(draw(dialog, language_of(language)))


@app.command()
def new(folder: Annotated[Path, typer.Argument(help="a folder that does not exist yet, or is empty")]) -> None:
    """Write a small complete advisor on another subject, as a start for your own."""
    from bot.content.starter import write_starter
    from bot.settings import shipped

    try:
        names = write_starter(folder, shipped("dialogs"), shipped("knowledge"))
    except FileExistsError:
        stop(f"{folder} is not an empty folder. Name a new one.")
    except OSError as error:
        stop(f"{folder} cannot be written: {error.strerror}.")
    print("\n".join(["Written:", *(f"  {folder / name}" for name in names)]))
    dialogs, knowledge, database = (quote(str(folder / name)) for name in ("dialogs", "knowledge", "preview.db"))
    print(f"Try it:\n  export ADVISOR_DIALOGS={dialogs} ADVISOR_KNOWLEDGE={knowledge}")
    print(f"  advisor check\n  advisor preview --database {database}")
