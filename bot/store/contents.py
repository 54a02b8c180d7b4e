"""Dialog versions: the files as they were when a session began."""

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from sqlalchemy import bindparam, delete, select

from bot.dialog.phrases import Content
from bot.dialog.tree import Dialog
from bot.store import schema
from bot.store.database import Database
from bot.store.statements import Job, compiled, inserting_once, many

MOST_HELD: Final = 20
"""Older dialogs held in memory; others are read again when one of their sessions goes on."""

_v = schema.dialog_version.c
_KEEP = inserting_once(schema.dialog_version)
_FILES = compiled(select(_v.files).where(_v.version == bindparam("version")))
_PRUNE = compiled(
    delete(schema.dialog_version).where(
        _v.stored_at < bindparam("before"),
        _v.version.not_in([bindparam("current"), bindparam("before_it")]),
        _v.version.not_in(select(schema.session.c.dialog_version)),
    )
)


def keep(version: str, files: Mapping[str, str], now: int) -> Job:
    """Store the files of a dialog version, unless they are there."""
    return many(_KEEP, [{"version": version, "files": json.dumps(dict(files)), "stored_at": now}])


async def files_of(database: Database, version: str) -> dict[str, str] | None:
    """The files of a stored version, None when it is unknown."""
    rows = await database.read(_FILES, {"version": version})
    return dict(json.loads(rows[0]["files"])) if rows else None


def prune(used: tuple[str, str], before: int) -> Job:
    """Delete the versions stored before this time that no session began with, but not those in use.

    These are the current one, and the one before it, with which a batch may still be busy.
    """
    return many(_PRUNE, [{"current": used[0], "before_it": used[1], "before": before}])


class Contents:
    """The content that runs, and the older dialog versions that sessions began with."""

    def __init__(self, current: Content, read: Callable[[Mapping[str, str]], Dialog | None]) -> None:
        """`read` makes a dialog of the files of a stored version; None where today's code cannot."""
        self.current = current
        self._read = read
        self._old: dict[str, Dialog | None] = {}

    def go_on_with(self, content: Content) -> None:
        """From now on this is the current content; the dialog before it stays at hand for its sessions."""
        self._hold(self.current.dialog.version, self.current.dialog)
        self.current = content

    async def of(self, database: Database, version: str, current: Content) -> Content | None:
        """The content for a session of this dialog version: `current`, with the dialog of that version.

        None when that dialog cannot be had any more.
        """
        if version in ("", current.dialog.version):
            return current
        if version not in self._old:
            files = await files_of(database, version)
            self._hold(version, await asyncio.to_thread(self._read, files) if files is not None else None)
        old = self._old[version]
        return replace(current, dialog=old) if old else None

    def _hold(self, version: str, dialog: Dialog | None) -> None:
        self._old[version] = dialog
        while len(self._old) > MOST_HELD:
            del self._old[next(iter(self._old))]
