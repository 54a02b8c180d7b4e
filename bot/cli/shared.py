"""What the commands share: how they end, what they read, how they print. Heavy imports stand inside functions, so that
each command starts with no more than it needs."""

import asyncio
import sys
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from bot.languages import LANGUAGES, Language, as_language
from bot.settings import Settings, read_settings

if TYPE_CHECKING:
    from bot.content.problems import ContentProblems, Problem
    from bot.dialog.phrases import Content
    from bot.store.database_file import DatabaseFile

Lang = Annotated[str, typer.Option("--language", "-l", help="en, pt, bg or fi")]
AsJson = Annotated[bool, typer.Option("--json", help="for programs to read")]
Found = TypeVar("Found")
AtDatabase = Annotated[Path | None, typer.Option("--database", help="another database than ADVISOR_DATABASE")]


def a_typer(help: str | None = None) -> typer.Typer:  # noqa: A002  # as Typer names it
    """A group of commands with what it is about, or, without help, commands of the top."""
    plain = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    if help:
        plain.info.help, plain.info.no_args_is_help = help, True
    return plain


def stop(message: str, code: int = 1) -> NoReturn:
    """End the process with this message on stderr."""
    print(message, file=sys.stderr)
    raise SystemExit(code)


def content_of(settings: Settings) -> "Content":
    """The content. Ends the process with every problem when it has any."""
    from bot.app import read_content
    from bot.content.problems import ContentProblems

    try:
        return read_content(settings)
    except ContentProblems as error:
        refuse(error)


def refuse(error: "ContentProblems") -> NoReturn:
    """End the process with every problem of the content."""
    stop(f"{error}\n{counted(error.problems)} in the content. Mend that, then start again.")


def counted(problems: "Sequence[Problem]") -> str:
    """How many problems there are, in words."""
    return "1 problem" if len(problems) == 1 else f"{len(problems)} problems"


def language_of(code: str) -> Language:
    """The language of this code. Ends the process when it is none of ours."""
    language = as_language(code)
    if language is None:
        stop(f"{code!r} is not one of the languages: {', '.join(LANGUAGES)}.", 2)
    return language


def database_at(named: Path | None) -> "DatabaseFile":
    """The database that was named, else the one of the settings; with the keys of the settings."""
    from bot.store.database_file import DatabaseFile

    settings = read_settings()
    return DatabaseFile(named or settings.database, settings.database_key_file)


def report(work: Coroutine[Any, Any, str]) -> None:
    """Print what this work finds."""
    print(reported(work))


def reported(work: Coroutine[Any, Any, Found]) -> Found:
    """What this work finds. Ends the process when there is no database, or nothing of that name."""
    from bot.store.database import DatabaseRefusedError

    try:
        return asyncio.run(work)
    except (DatabaseRefusedError, LookupError) as error:
        stop(str(error.args[0]))


def spare(at: "DatabaseFile", out: Path | None) -> None:
    """Ends the process where `out` is a file that the database needs: writing it would be the end of that."""
    needed = [at.path, *(Path(f"{at.path}{end}") for end in ("-wal", "-shm", ".lock")), *([at.keys] if at.keys else [])]
    if out and any(out.resolve() == one.resolve() or _is_same(out, one) for one in needed):
        stop(f"{out} belongs to the database; name another file with --out.", 2)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


def write_out(out: Path, text: str) -> None:
    """Write a file, and say so."""
    try:
        out.write_text(f"{text}\n", encoding="utf-8")
    except OSError as error:
        stop(f"{out} cannot be written: {error.strerror}.")
    print(f"Written: {out}", file=sys.stderr)
