"""Dialog versions: the files as they were when a session began."""

import json
from collections.abc import Mapping

from sqlalchemy import bindparam, select

from bot.store import schema
from bot.store.database import Database
from bot.store.statements import Job, compiled, inserting_once, many

_KEEP = inserting_once(schema.dialog_version)
_FILES = compiled(select(schema.dialog_version.c.files).where(schema.dialog_version.c.version == bindparam("version")))


def keep(version: str, files: Mapping[str, str], now: int) -> Job:
    """Store the files of a dialog version, unless they are there."""
    return many(_KEEP, [{"version": version, "files": json.dumps(dict(files)), "stored_at": now}])


async def files_of(database: Database, version: str) -> dict[str, str] | None:
    """The files of a stored version, None when it is unknown."""
    rows = await database.read(_FILES, {"version": version})
    return dict(json.loads(rows[0]["files"])) if rows else None
