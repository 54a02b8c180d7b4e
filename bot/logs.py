"""Structured logs on stderr: readable at a terminal, JSON elsewhere; never the token, no message texts."""

import logging
import re
import sys
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

SECRET = re.compile(r"\d{5,20}:[A-Za-z0-9_-]{20,}|(?<=/bot)\d+:[^/\s]+")
"""What looks like a bot token, alone or in an address."""
QUIET = ("aiohttp", "aiosqlite", "alembic", "asyncio", "httpcore", "httpx", "uvicorn")


class Redaction:
    """Takes secrets out of whatever is about to be written."""

    def __init__(self, *secrets: str) -> None:
        """`secrets`: the very words that may not appear, beside all that looks like a token."""
        self._secrets = [secret for secret in secrets if secret]

    def text(self, text: str) -> str:
        """`text` without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return SECRET.sub("[secret]", text)

    def __call__(self, logger: Any, method: str, event: EventDict) -> EventDict:
        """As a processor of structlog: every value."""
        return {key: self._value(value) for key, value in event.items()}

    def _value(self, value: Any) -> Any:
        return value if isinstance(value, int | float | bool | None) else self.text(str(value))


def set_up(*secrets: str, verbose: bool = False) -> None:
    """Send all logs, ours and the libraries', to stderr through one redaction."""
    terminal = sys.stderr.isatty()
    before: list[Processor] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    last: list[Processor] = [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        structlog.processors.format_exc_info,
        Redaction(*secrets),
        structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=before, processors=last))
    logging.basicConfig(handlers=[handler], level=logging.DEBUG if verbose else logging.INFO, force=True)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # it logs whole payloads; we log what went wrong
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
