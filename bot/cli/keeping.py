"""`advisor new-key`, `rotate-key`: the database encrypted at rest."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shared import AtDatabase, a_typer, database_at, stop
from bot.settings import read_settings

if TYPE_CHECKING:
    from bot.store.database import DatabaseFile

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
