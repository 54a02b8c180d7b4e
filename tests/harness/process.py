"""The bot as a process of its own, started by its real command, with a clean environment."""

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from harness.content import ROOT
from harness.telegram import TOKEN

TESTS = Path(__file__).parents[1]
COMMAND = ("-m", "bot")
LAUNCHER = ("-m", "harness.launcher")
"""The same command with an accident built in."""


class BotProcess:
    """`advisor run` on a database in `folder`, talking to `api`; what it writes is kept in `output`."""

    def __init__(
        self,
        api: str,
        folder: Path,
        content: Mapping[str, str],
        *,
        token: str = TOKEN,
        command: Sequence[str] = COMMAND,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.database = folder / "bot.db"
        self.log = folder / "bot.log"
        self.command = tuple(command)
        self.settings = dict(settings or {})
        self._content = dict(content)
        self._api, self._token = api, token
        self._process: asyncio.subprocess.Process | None = None

    @property
    def output(self) -> str:
        """All it ever wrote."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def process(self) -> asyncio.subprocess.Process:
        """The process, once started."""
        assert self._process is not None
        return self._process

    async def start(self, *arguments: str) -> None:
        """Start `run` (or another command)."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *self.command, *(arguments or ("run",)), env=self._environment(), stdout=log, stderr=log
            )

    async def kill(self) -> None:
        """SIGKILL, at once."""
        if self.is_running:
            self.process.send_signal(signal.SIGKILL)
        await self.process.wait()

    async def terminate(self, seconds: float = 5.0) -> int:
        """SIGTERM; gives the exit code. Raises TimeoutError when it is not gone in time."""
        self.process.send_signal(signal.SIGTERM)
        return await self.ended(seconds)

    async def ended(self, seconds: float = 20.0) -> int:
        """The exit code, once it has ended by itself."""
        async with asyncio.timeout(seconds):
            return await self.process.wait()

    async def told(self, *arguments: str) -> str:
        """What another command prints, on the same database."""
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", *arguments, env=self._environment(), stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, f"{arguments} ended with {process.returncode}"
        return output.decode()

    def holds_secret(self) -> list[str]:
        """Where the token can be found, though it may be nowhere: log, database."""
        files = [self.log, *self.database.parent.glob("bot.db*")]
        secret = self._token.partition(":")[2].encode()
        return [file.name for file in files if file.exists() and secret in file.read_bytes()]

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.database.parent),
            "PYTHONPATH": f"{ROOT}{os.pathsep}{TESTS}",
            "ADVISOR_TELEGRAM_TOKEN": self._token,
            "ADVISOR_TELEGRAM_API": self._api,
            "ADVISOR_DATABASE": str(self.database),
            "ADVISOR_RATES": "off",
            "ADVISOR_LISTEN": "127.0.0.1:0",
            **self._content,
            **self.settings,
        }
