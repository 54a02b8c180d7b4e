"""The commands, by whom they serve: running.py, authors.py, asking.py, records.py, keeping.py, rehearsal.py."""

import sys
from io import TextIOWrapper
from typing import Annotated

import typer

from bot.cli import asking, authors, keeping, records, rehearsal, running
from bot.cli.shared import a_typer, stop
from bot.settings import SettingsError, read_settings

app = a_typer()
for commands in (running.app, authors.app, asking.app, keeping.app, rehearsal.app):
    app.add_typer(commands)
app.add_typer(records.sessions_app, name="sessions")
app.add_typer(records.questions_app, name="questions")
app.add_typer(records.knowledge_app, name="knowledge")


def main() -> None:
    """The `advisor` command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal without our letters shows their numbers
    try:
        app()
    except SettingsError as error:
        stop(str(error))


def _show_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        print(version("outsourcing-advisor"))
        raise typer.Exit


@app.callback(invoke_without_command=True)
def advisor(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="show the version")
    ] = False,
) -> None:
    """Advises owners of small businesses on outsourcing, on Telegram.

    Without a command: runs the bot when ADVISOR_TELEGRAM_TOKEN is set, else the preview.
    """
    if context.invoked_subcommand is None:
        settings = read_settings()
        if settings.token() is None:
            print("No ADVISOR_TELEGRAM_TOKEN is set, so this is the preview.", file=sys.stderr)
            running.preview()
        else:
            running.run()
