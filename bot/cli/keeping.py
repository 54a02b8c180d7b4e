"""`advisor new-key`, `rotate-key`: the database encrypted at rest; `prune`: how long things are kept."""

import asyncio
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shared import AsJson, AtDatabase, a_typer, database_at, reported, stop
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.store.database_file import DatabaseFile

app = a_typer()


@app.command("new-key")
def new_key(
    file: Annotated[
        Path | None, typer.Argument(help="the file of keys; that of ADVISOR_DATABASE_KEY_FILE unless given")
    ] = None,
) -> None:
    """Make a key that encrypts the database: a new file, or a new first line of the one there is.

    Whoever loses the file loses the database: keep a copy of it, elsewhere than the database's copies.
    """
    from bot.store.keys import KeysRefusedError, add_key

    file = file or read_settings().database_key_file
    if file is None:
        stop("Name a file for the key, as `advisor new-key database.key`.", 2)
    try:
        keys = add_key(file)
    except KeysRefusedError as error:
        stop(str(error))
    again = " `advisor rotate-key` encrypts what is there already." if keys == 1 else " Now run `advisor rotate-key`."
    print(f"{file} holds {keys} {'key' if keys == 1 else 'keys'}, the newest first.{again}", file=sys.stderr)


@app.command("rotate-key")
def rotate_key(
    decrypt: Annotated[bool, typer.Option("--decrypt", help="write everything plain again instead")] = False,
    database: AtDatabase = None,
) -> None:
    """Encrypt all free text and names in the database with the newest key of ADVISOR_DATABASE_KEY_FILE.

    For a database that is not encrypted yet, and after `advisor new-key`. Stop the bot first. What is cut off goes on
    when it is run again. It needs as much free room on the disk as the database has.
    """
    at = database_at(database)
    _rotate(at, decrypt=decrypt)
    if decrypt:
        print(f"{at.path} is not encrypted any more. Take ADVISOR_DATABASE_KEY_FILE away.", file=sys.stderr)
    else:
        print(f"{at.path} is encrypted with the first key of {at.keys} alone. {_OLD_KEYS}", file=sys.stderr)


_OLD_KEYS = "Older keys may be taken out of it; the backups made before still need them."


def _rotate(at: "DatabaseFile", *, decrypt: bool) -> None:
    from bot.store.refusal import DatabaseRefusedError
    from bot.store.rotation import rotate

    label = "decrypting" if decrypt else "encrypting"
    with typer.progressbar(length=1, label=label, file=sys.stderr) as bar:

        def tell(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        try:
            rotate(at.path, at.keys, tell, decrypt=decrypt)
        except DatabaseRefusedError as error:
            refused = str(error)
        else:
            return
    stop(refused)


@app.command()
def prune(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="only show what would go; the bot may run")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="do not ask")] = False,
    database: AtDatabase = None,
    as_json: AsJson = False,
) -> None:
    """Delete what is older than ADVISOR_RETENTION_DAYS. The running bot does so by itself, every hour."""
    from bot import pruning
    from bot.app import now_ms
    from bot.store.refusal import DatabaseRefusedError
    from bot.store.retention import Count

    at, days, now = database_at(database), read_settings().retention_days, now_ms()

    async def look() -> str:
        found.update(await pruning.looked_at(at, days, now))
        return pruning.listing(found, days, now)

    found: dict[str, Count] = {}
    listed = reported(look())
    if not as_json:
        print(listed)
    if dry_run:
        if as_json:
            print(pruning.as_json(found, days, now, deleted=False))
        return
    if not any(one.old for one in found.values()):
        gone = 0
    elif not yes and not typer.confirm("Delete what is too old, for ever?", err=True):
        stop("Nothing was deleted.")
    else:
        try:
            gone = asyncio.run(pruning.pruned(at, days, found))
        except DatabaseRefusedError as error:
            stop(f"{error}\nThe bot that runs on it deletes what is too old by itself, every hour.")
    print(pruning.as_json(found, days, now, deleted=True) if as_json else f"Done: {gone} sessions were deleted.")
