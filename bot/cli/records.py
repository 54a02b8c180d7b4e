"""`advisor sessions`, `questions`, `knowledge`: what is recorded, from the terminal."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shared import AsJson, AtDatabase, a_typer, counted, database_at, report, reported, spare, stop, write_out
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


@sessions_app.command("export")
def sessions_export(
    form: Annotated[str, typer.Option("--format", "-f", help="csv or jsonl")] = "csv",
    out: Annotated[Path | None, typer.Option(help="a file to write; stdout unless given")] = None,
    since: Annotated[str, typer.Option(help="begun on this day or later, as 2026-11-30 (UTC)")] = "",
    until: Annotated[str, typer.Option(help="begun on this day or earlier")] = "",
    language: Annotated[str, typer.Option("--language", "-l", help="en, pt, bg or fi")] = "",
    state: Annotated[str, typer.Option(help="going-on, advised or left")] = "",
    advice: Annotated[str, typer.Option(help="the candidate last recommended, or not-enough")] = "",
    version: Annotated[str, typer.Option(help="of the dialog")] = "",
    left_at: Annotated[str, typer.Option(help="the question at which it was left")] = "",
    rating: Annotated[str, typer.Option(help="1 to 5 of a person's help; helpful or unhelpful of an answer")] = "",
    handed: Annotated[str, typer.Option(help="yes or no: a person was wished for")] = "",
    flagged: Annotated[str, typer.Option(help="yes or no")] = "",
    reviewed: Annotated[str, typer.Option(help="yes or no")] = "",
    simulated: Annotated[str, typer.Option(help="yes or no")] = "",
    label: Annotated[str, typer.Option(help="a label that an admin gave it")] = "",
    words: Annotated[str, typer.Option(help="words, or their beginnings, that owners or staff wrote in one line")] = "",
    database: AtDatabase = None,
) -> None:
    """Write the sessions that fit to a table (CSV) or JSON Lines, newest first; also while the bot runs."""
    from bot.sessions_export import exporting
    from bot.store.database import TooSlowError

    asked = {
        "since": since, "until": until, "language": language, "state": state, "advice": advice, "version": version,
        "left_at": left_at, "rating": rating, "handed": handed, "flagged": flagged, "reviewed": reviewed,
        "simulated": simulated, "label": label, "words": words,
    }  # fmt: skip
    at = database_at(database)
    spare(at, out)
    try:
        print(reported(exporting(at, asked, form, out)), file=sys.stderr)
    except ValueError as error:
        stop(str(error), 2)
    except BrokenPipeError:
        sys.stderr.close()  # whoever reads us has enough, as `head` does
    except OSError as error:
        stop(f"{out or 'The file'} cannot be written: {error.strerror}.")
    except TooSlowError:
        stop("This takes too long. Ask for less: a shorter period, a rarer word.")


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

    at = database_at(database)
    spare(at, out)
    text = reported(export(at, as_json)).rstrip("\n")
    if not text or text == "[]":
        print("Nothing is taught and approved yet.", file=sys.stderr)
    if out is None:
        print(text, end="\n" if text else "")
    elif text:
        write_out(out, text)
