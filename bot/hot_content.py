"""Takes up changed content while the bot runs; content with a mistake never replaces what runs.

The folders are looked at several times a second. Soon after a change they are read twice, at the same time: a process
of its own (content/aside.py) holds them against every check and proof, and a thread of ours reads them for use; there
is never more than one such thread. Taken up is what both found right, once the files have been still for a while, which
passes as they are read. If somebody changed them meanwhile, all begins anew.
"""

import asyncio
import contextlib
import gc
import json
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import structlog

from bot.content.load import is_content
from bot.content.problems import ContentProblems, Problem
from bot.dialog.phrases import Content

POLL_SECONDS: Final = 0.1
SETTLED_SECONDS: Final = 0.1
"""So long nobody may have written before files are read: longer than the ticks of the clock that stamps them."""
STILL_SECONDS: Final = 0.35
"""So long nobody may have written before files count as whole."""
LONGEST_CHECK: Final = 60.0
RETRY_SECONDS: Final = 10.0
READY_FOR: Final = 600.0
"""So long after the start, and after a change, a second reader stands ready: an author seldom saves only once."""
AFTER_START: Final = 3.0
"""When the first one comes: the first replies go before."""
SWITCH_SECONDS: Final = 0.001
USUAL_SWITCH_SECONDS: Final = sys.getswitchinterval()
LONGEST_VERDICT: Final = 16 << 20
"""Bytes of a verdict: content may be wrong in many places."""
MOST_COMPLAINT: Final = 500
"""So many characters of what a second reader complained before it died, from the end: there Python names the error."""

log = structlog.get_logger(__name__)

Seen = tuple[tuple[object, ...], ...]
"""What stands in each folder: names, sizes, times; or why it cannot be read."""


@dataclass(frozen=True, slots=True)
class Read:
    """Content, and its dialog files as they were read."""

    content: Content
    files: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shelf:
    """Where content stands: the folders (dialogs, knowledge), how it is read, and what it looked like at the start."""

    folders: tuple[Path, Path]
    read: Callable[[], Read]
    seen: Seen


class UncheckedError(Exception):
    """The process that checks came to no verdict."""


def look(folders: Iterable[Path]) -> Seen:
    """What stands in these folders now, without reading it."""
    return tuple(_looked(folder) for folder in folders)


def _looked(folder: Path) -> tuple[object, ...]:
    try:
        with os.scandir(folder) as entries:
            return tuple(sorted(_stamp(entry) for entry in entries if is_content(entry.name)))
    except OSError as error:
        return (str(error),)


def _stamp(entry: "os.DirEntry[str]") -> tuple[object, ...]:
    """What changes when a file is written, replaced, or the link to it is turned elsewhere, as to nowhere."""
    try:
        found = entry.stat()
    except OSError as error:
        return entry.name, str(error)
    return entry.name, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


class HotContent:
    """Watches a shelf, until cancelled."""

    def __init__(
        self,
        shelf: Shelf,
        take_up: Callable[[Read], Awaitable[None]],
        *,
        after_start: float = AFTER_START,
        retry: float = RETRY_SECONDS,
    ) -> None:
        """`take_up` makes content the running one; if it raises, the same is tried again `retry` seconds later."""
        self._shelf, self._take_up = shelf, take_up
        self._seen = shelf.seen
        self._reader = SecondReader(shelf.folders)
        self._busy_at, self._retry = time.monotonic() + after_start, retry

    async def run(self) -> None:
        """Watch for ever; whatever goes wrong is said, and the old content goes on."""
        try:
            while True:
                await asyncio.sleep(POLL_SECONDS)
                await self._watch()
        finally:
            await self._reader.leave()

    async def _watch(self) -> None:
        try:
            if await self._look() != self._seen:
                await self._changed()
            elif 0 <= time.monotonic() - self._busy_at < READY_FOR:
                await self._reader.come()
            else:
                await self._reader.leave()
        except Exception as error:  # whatever it is, it must not end the bot
            log.error("changed content cannot be taken up; the old stays", error=f"{type(error).__name__}: {error}")
            await asyncio.sleep(self._retry)

    async def _look(self) -> Seen:
        return await asyncio.to_thread(look, self._shelf.folders)

    async def _changed(self) -> None:
        """Somebody writes: get the second reader ready while they finish, then judge what came of it."""
        await self._reader.come()
        seen, began = await self._settled()
        if seen != self._seen:
            await self._judge(seen, began + STILL_SECONDS)
        self._busy_at = time.monotonic()

    async def _settled(self) -> tuple[Seen, float]:
        """What stands there once nobody has changed it for a moment, and since when it does."""
        now, before, began = await self._look(), None, 0.0
        while now != before:
            before, began = now, time.monotonic()
            await asyncio.sleep(SETTLED_SECONDS)
            now = await self._look()
        return now, began

    async def _judge(self, seen: Seen, whole: float) -> None:
        """Read, and say what came of it if it still stands there at the time `whole`, and afterwards."""
        reading = asyncio.create_task(asyncio.to_thread(self._read))
        try:
            problems = await self._reader.problems()
        finally:
            read = await reading  # whatever came of the verdict: never two readings at once
        found = problems or read
        if await self._stays(seen, whole):
            if isinstance(found, Read):
                await self._take_up(found)
                version, entries = found.content.dialog.version, len(found.content.knowledge.entries)
                log.info("changed content taken up", dialog=version, entries=entries)
            else:
                _refuse(found)
            self._seen = seen

    async def _stays(self, seen: Seen, whole: float) -> bool:
        """Whether nobody changes it until then."""
        while await self._look() == seen:
            if (left := whole - time.monotonic()) <= 0:
                return True
            await asyncio.sleep(min(left, SETTLED_SECONDS))
        return False

    def _read(self) -> Read | tuple[Problem, ...]:
        try:
            with gently():
                return self._shelf.read()
        except ContentProblems as error:
            return error.problems


@contextlib.contextmanager
def gently() -> Iterator[None]:
    """Long work in a thread beside the turns: it hands over often, and no collection of garbage stops all at once.

    Measured while the shipped content is read: the loop's delay falls from 5.6 to 1 ms (median), 47 to 6 ms (worst).
    """
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        sys.setswitchinterval(USUAL_SWITCH_SECONDS)


def _refuse(problems: Iterable[Problem]) -> None:
    listed = list(problems)
    log.error("changed content is refused; the old stays", problems=len(listed))
    for one in listed:
        log.error("mistake in the content", at=f"{one.file}:{one.line}:{one.column}", says=one.message, hint=one.hint)


class SecondReader:
    """A process that is ready to read these folders, and says what is wrong with them whenever it is asked."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(folders)
        self._process: asyncio.subprocess.Process | None = None

    async def come(self) -> None:
        """Get ready: it takes half a second until all is imported. Raises UncheckedError when it ended unasked."""
        if self._process is None:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot.content.aside", *map(str, self._folders),
                stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
                env=_environment(), start_new_session=True, limit=LONGEST_VERDICT,
            )  # fmt: skip
        elif self._process.returncode is not None:
            ended, self._process = self._process, None
            _, complaint = await ended.communicate()
            raise UncheckedError(f"the second reader ended unasked: {_shortened(complaint, ended.returncode)}")

    async def problems(self) -> tuple[Problem, ...]:
        """What it finds. Raises UncheckedError when it breaks or takes too long; then it has left."""
        try:
            verdict = await asyncio.wait_for(self._asked(), LONGEST_CHECK)
        except TimeoutError:
            await self.leave()
            raise UncheckedError(f"no verdict within {LONGEST_CHECK:.0f} seconds") from None
        except BaseException:
            await self.leave()
            raise
        return tuple(Problem(**row) for row in json.loads(verdict))

    async def _asked(self) -> bytes:
        process = self._process
        assert process
        assert process.stdin
        assert process.stdout
        assert process.stderr
        with contextlib.suppress(ConnectionError):  # then it is gone, as the end of its words will show
            process.stdin.write(b"\n")
            await process.stdin.drain()
        if verdict := await process.stdout.readline():
            return verdict
        complaint = await process.stderr.read()
        raise UncheckedError(_shortened(complaint, await process.wait()))

    async def leave(self) -> None:
        """It is needed no more for now."""
        process, self._process = self._process, None
        if process is not None:
            if process.returncode is None:
                process.kill()
            await process.wait()


def _shortened(complaint: bytes, code: int | None) -> str:
    return complaint.decode(errors="replace").strip()[-MOST_COMPLAINT:] or f"exit status {code}"


def _environment() -> dict[str, str]:
    """Ours without the settings, among which are secrets; modules are found where we find them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ADVISOR_")}
    return {**kept, "PYTHONPATH": os.pathsep.join(path or os.curdir for path in sys.path)}
