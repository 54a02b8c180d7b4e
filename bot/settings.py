"""Settings: the environment, read once, explained when wrong."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.languages import LANGUAGES, Language
from bot.staff.hours import hours
from bot.staff.moment import Desk

PREFIX: Final = "ADVISOR_"
LONGEST_SECRET: Final = 4096
LONGEST_TIME: Final = 100_000
LONGEST_OPERATOR: Final = 300
SHIPPED: Final = Path(__file__).parent.parent
TELEGRAM: Final = "https://api.telegram.org"
LEAST: Final = (1, 0.01, 1)
"""The lowest rates that still deliver."""
LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
TOKEN: Final = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{3,128}")


class SettingsError(Exception):
    """A setting is wrong; the message names each, what is wrong and what to write instead."""


def shipped(folder: str) -> Path:
    """A content folder that comes with the program: beside the package, or inside it when installed as a wheel."""
    beside = SHIPPED / folder
    return beside if beside.is_dir() else Path(__file__).parent / "shipped" / folder


class Settings(BaseSettings):
    """Every setting of the running bot; `ADVISOR_` in front, in capitals, gives the name of its variable."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", env_ignore_empty=True)

    telegram_token: SecretStr | None = None
    telegram_token_file: Path | None = None
    telegram_api: str = TELEGRAM
    database: Path = Path("advisor.db")
    database_key_file: Path | None = None
    dialogs: Path = Field(default_factory=lambda: shipped("dialogs"))
    knowledge: Path = Field(default_factory=lambda: shipped("knowledge"))
    listen: str = "127.0.0.1:8080"
    public_url: str = ""
    rates: Annotated[tuple[float, float, float] | None, NoDecode] = (30, 1, 20)
    retention_days: int = Field(default=365, ge=1, le=36500)
    backup_days: int = Field(default=30, ge=0, le=36500)
    operator: str = Field(default="", max_length=LONGEST_OPERATOR)
    staff_chat: int | None = None
    staff_hours: str = ""
    staff_zone: str = "UTC"
    staff_language: Language = "en"
    wait_alert: float = 30
    claim_hours: float = 8
    admins: Annotated[tuple[int, ...], NoDecode] = ()

    @field_validator("rates", mode="before")
    @classmethod
    def _read_rates(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        if value.strip().lower() == "off":
            return None
        try:
            numbers = tuple(float(part) for part in value.split(","))
        except ValueError:
            numbers = ()
        if len(numbers) != 3 or not all(least <= number <= 1e6 for number, least in zip(numbers, LEAST, strict=True)):
            raise ValueError("write three numbers, as 30,1,20 (the first and the last at least 1), or off")
        return numbers

    @field_validator("staff_chat", mode="wrap")
    @classmethod
    def _read_staff_chat(cls, value: Any, read: Callable[[Any], int | None]) -> int | None:
        try:
            chat = read(value)
        except ValidationError:
            chat = 0
        if chat is not None and not -(2**53) < chat < 0:
            raise ValueError("write the id of the group, a number below zero as -1001234567890")
        return chat

    @field_validator("staff_language", mode="wrap")
    @classmethod
    def _read_language(cls, value: Any, read: Callable[[Any], Language]) -> Language:
        try:
            return read(value)
        except ValidationError:
            raise ValueError(f"write one of {', '.join(LANGUAGES)}") from None

    @field_validator("wait_alert", "claim_hours", mode="wrap")
    @classmethod
    def _read_time(cls, value: Any, read: Callable[[Any], float]) -> float:
        try:
            number = read(value)
        except ValidationError:
            number = 0
        if not 0 < number <= LONGEST_TIME:
            raise ValueError("write a number above 0")
        return number

    @field_validator("admins", mode="before")
    @classmethod
    def _read_admins(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        parts = [part.strip() for part in value.split(",") if part.strip()]
        if not all(part.isdecimal() and part.isascii() and 0 < int(part) < 2**53 for part in parts):
            raise ValueError("write the Telegram ids of people, as 1234567,7654321")
        return tuple(int(part) for part in parts)

    @model_validator(mode="after")
    def _read_hours(self) -> "Settings":
        """Hours and zone belong together."""
        self.desk()
        return self

    def desk(self) -> Desk:
        """How the staff work. Raises ValueError when hours or zone cannot be read."""
        try:
            ZoneInfo(self.staff_zone)
        except (KeyError, ValueError, OSError):
            raise ValueError(f"{PREFIX}STAFF_ZONE: write a time zone, as Europe/Lisbon") from None
        try:
            open_at = hours(self.staff_hours, self.staff_zone) if self.staff_hours.strip() else None
        except ValueError as error:
            raise ValueError(f"{PREFIX}STAFF_HOURS: {error}") from None
        return Desk(
            self.staff_chat or 0, self.staff_language, open_at, self.staff_zone, self.wait_alert, self.claim_hours
        )

    @field_validator("telegram_api")
    @classmethod
    def _read_api(cls, value: str) -> str:
        if not _is_address(value):
            raise ValueError("write the address of a Bot API server, as http://127.0.0.1:8081")
        return value.rstrip("/")

    @field_validator("public_url")
    @classmethod
    def _read_public_url(cls, value: str) -> str:
        address = value.strip().rstrip("/")
        if not address:
            return ""
        if not _is_address(address) or "@" in address or urlsplit(address)[2:] != ("", "", ""):
            raise ValueError("write how admins reach the web server, as https://advisor.example.org (without a path)")
        if urlsplit(address).scheme != "https" and urlsplit(address).hostname not in LOOPBACK:
            raise ValueError("write it with https: browsers keep nobody signed in without (deploy/REVIEW.md)")
        return address.lower()

    @field_validator("database")
    @classmethod
    def _read_database(cls, value: Path) -> Path:
        if ":/" in str(value):
            raise ValueError("write the path of a file; other databases are not supported yet")
        return value

    @field_validator("retention_days", "backup_days", mode="wrap")
    @classmethod
    def _read_days(cls, value: Any, read: Callable[[Any], int], info: ValidationInfo) -> int:
        try:
            return read(value)
        except ValidationError:
            least = 0 if info.field_name == "backup_days" else 1
            raise ValueError(f"write a whole number of days, from {least} to 36500") from None

    @field_validator("operator", mode="wrap")
    @classmethod
    def _read_operator(cls, value: Any, read: Callable[[Any], str]) -> str:
        try:
            return " ".join(read(value).split())
        except ValidationError:
            raise ValueError(f"write a name and an address in at most {LONGEST_OPERATOR} letters") from None

    def token(self) -> str | None:
        """The bot's token, from its variable or its file; None when neither is set.

        Raises SettingsError when the file cannot be read or the token cannot be one.
        """
        token = self.telegram_token.get_secret_value() if self.telegram_token else self._token_from_file()
        if token is not None and not TOKEN.fullmatch(token):
            raise SettingsError(
                "ADVISOR_TELEGRAM_TOKEN does not look like a bot's token (digits, a colon, letters). "
                "Copy it again from @BotFather."
            )
        return token

    def _token_from_file(self) -> str | None:
        if self.telegram_token_file is None:
            return None
        try:
            with self.telegram_token_file.open(encoding="utf-8") as file:
                return file.read(LONGEST_SECRET).strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not text"
            raise SettingsError(f"ADVISOR_TELEGRAM_TOKEN_FILE cannot be read: {reason}.") from None

    def address(self) -> tuple[str, int]:
        """Host and port of `listen`. Raises SettingsError when it is not of the form host:port."""
        return address(self.listen)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and " " not in text
    except ValueError:
        return False


def address(text: str) -> tuple[str, int]:
    """`host:port` as its parts. Raises SettingsError for anything else."""
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or int(port) > 65535:
        raise SettingsError(f"{text!r} is not an address. Write host:port, as 127.0.0.1:8080.")
    return host.strip("[]"), int(port)


def read_settings() -> Settings:
    """The settings of the environment. Raises SettingsError, naming every wrong one."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = [_explained(item["loc"], item["msg"]) for item in error.errors(include_input=False)]
        raise SettingsError("\n".join(wrong)) from None


def _explained(where: tuple[int | str, ...], message: str) -> str:
    """What is wrong, after the name of its variable; what concerns several names them itself."""
    words = message.removeprefix("Value error, ")
    return f"{PREFIX}{str(where[0]).upper()}: {words}" if where else words
