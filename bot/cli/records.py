"""`advisor sessions`, `questions`, `knowledge`: what is recorded, from the terminal."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shared import AsJson, AtDatabase, a_typer, counted, database_at, report, reported, write_out
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.knowledge.entries import Knowledge

sessions_app = a_typer("The recorded sessions.")
questions_app = a_typer("What the bot could not answer, and what owners thought of it.")
knowledge_app = a_typer("What the staff taught the bot.")


@sessions_app.command("list")
def sessions_list(
    most: Annotated[int, typer.Option(min=1, help="how many, newest first")] = 50,
    database: AtDatabase = None,
    as_json: AsJson = False,
) -> None:
    """The newest sessions, a line each."""
    from bot.sessions_report import listing

    report(listing(database_at(database), most, as_json))


@sessions_app.command("show")
def sessions_show(
    session: Annotated[int, typer.Argument(help="the session's number, as `list` shows it")],
    database: AtDatabase = None,
    as_json: AsJson = False,
) -> None:
    """One session: its answers, and its transcript in the very words shown."""
    from bot.sessions_report import showing

    report(showing(database_at(database), session, as_json))


@questions_app.command("list")
def questions_list(
    limit: Annotated[int, typer.Option("--limit", "--most", min=1, help="how many lines")] = 50,
    each: Annotated[bool, typer.Option("--each", help="one by one, newest first")] = False,
    database: AtDatabase = None,
    as_json: AsJson = False,
) -> None:
    """The questions that stayed unanswered: a line for those that are alike, with how many they are, most first."""
    from bot.sessions_report import grouped, unanswered

    if each:
        report(unanswered(database_at(database), limit, as_json))
    else:
        report(grouped(database_at(database), limit, as_json, _words_known()))


def _words_known() -> "Knowledge":
    """The knowledge by whose words questions are read. With mistakes in the content, they are read without any."""
    from bot.app import read_content
    from bot.content.problems import ContentProblems
    from bot.dialog.phrases import NO_KNOWLEDGE

    try:
        return read_content(read_settings()).knowledge
    except ContentProblems as error:
        found = counted(error.problems)
        print(f"{found} in the content (see `advisor check`): terms are compared letter by letter.", file=sys.stderr)
        return NO_KNOWLEDGE


@questions_app.command("opinions")
def questions_opinions(
    limit: Annotated[int, typer.Option("--limit", "--most", min=1, help="how many, newest first")] = 50,
    database: AtDatabase = None,
    as_json: AsJson = False,
) -> None:
    """Which answers owners found helpful, or not, a line each."""
    from bot.sessions_report import opinions

    report(opinions(database_at(database), limit, as_json))


@knowledge_app.command("export")
def knowledge_export(
    out: Annotated[Path | None, typer.Option(help="a file to write; stdout unless given")] = None,
    database: AtDatabase = None,
    as_json: AsJson = False,
) -> None:
    """The approved answers of the staff, as YAML for the authors of knowledge/*.yaml."""
    from bot.sessions_report import export

    text = reported(export(database_at(database), as_json)).rstrip("\n")
    if not text or text == "[]":
        print("Nothing is taught and approved yet.", file=sys.stderr)
    if out is None:
        print(text, end="\n" if text else "")
    elif text:
        write_out(out, text)
