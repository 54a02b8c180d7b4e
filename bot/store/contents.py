"""Dialog versions: the files as they were when a session began."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import bindparam, select

from bot.dialog.phrases import Content
from bot.dialog.tree import Dialog
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


class Contents:
    """The content that runs, and the older dialog versions that sessions began with."""

    def __init__(self, current: Content, read: Callable[[Mapping[str, str]], Dialog | None]) -> None:
        """`read` makes a dialog of the files of a stored version; None where today's code cannot."""
        self.current = current
        self._read = read
        self._old: dict[str, Dialog | None] = {}

    async def of(self, database: Database, version: str) -> Content | None:
        """The content for a session of this dialog version; None when it cannot be had any more."""
        if version in ("", self.current.dialog.version):
            return self.current
        if version not in self._old:
            files = await files_of(database, version)
            self._old[version] = self._read(files) if files is not None else None
        old = self._old[version]
        return replace(self.current, dialog=old) if old else None
