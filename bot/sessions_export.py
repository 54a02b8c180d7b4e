"""`advisor sessions export`: sessions as a file, from the terminal, also while a bot runs."""

import contextlib
import os
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final, TextIO

from bot.review.export import FORMS, exported
from bot.review.session_filter import told
from bot.store import audits
from bot.store.database import opened_for_reading, write_beside
from bot.store.database_file import DatabaseFile
from bot.store.filters import Filter, FilterError

QUIET_SECONDS: Final = 2
AT_THE_TERMINAL: Final = 0


async def exporting(at: DatabaseFile, asked: Mapping[str, str], form: str, out: Path | None) -> str:
    """Write the sessions of this filter to a file, or to stdout, and note that in the audit log; gives what was done.

    Raises ValueError for a wrong filter or form, DatabaseRefusedError, OSError, TooSlowError.
    """
    wanted = Filter.from_query(asked)
    if form not in FORMS:
        raise ValueError(f"--format is one of {', '.join(FORMS)}; not {form!r}.")
    now = time.time_ns() // 1_000_000
    async with opened_for_reading(at.path, at.keys) as database:
        if database.sealed and wanted.words and not (wanted.since and wanted.until):
            raise FilterError("The texts are encrypted, so they are read one by one: give --since and --until, too.")
        what = f"sessions?{told(wanted)}".rstrip("?")
        write_beside(at.path, audits.note(AT_THE_TERMINAL, "exported", f"{what} as {form}", now))
        progress = _Progress()
        with _written(out) as file:
            async for part in exported(database, wanted, now, FORMS[form], progress.seen):
                file.write(part)
    return progress.done(out)


@contextlib.contextmanager
def _written(out: Path | None) -> Iterator[TextIO]:
    if out is None:
        yield sys.stdout
        return
    with open(out, "w", encoding="utf-8", newline="", opener=_for_us_alone) as file:
        yield file


def _for_us_alone(path: str, flags: int) -> int:
    """What owners did is nobody else's business on this machine."""
    return os.open(path, flags, 0o600)


class _Progress:
    """Tells on stderr how far it is, once it takes long."""

    def __init__(self) -> None:
        self._began, self._n, self._told = time.monotonic(), 0, False

    def seen(self, n: int) -> None:
        """So many sessions were written."""
        self._n = n
        if time.monotonic() - self._began > QUIET_SECONDS and sys.stderr.isatty():
            self._told = True
            sys.stderr.write(f"\r{n:,} sessions ")
            sys.stderr.flush()

    def done(self, out: Path | None) -> str:
        """In words."""
        sessions = f"{self._n:,} session{'' if self._n == 1 else 's'}"
        return ("\n" if self._told else "") + (f"Written: {out}, {sessions}" if out else sessions)
