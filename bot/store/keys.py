"""The file of keys: a Fernet key a line, the newest first; empty lines, and lines that begin with #, say nothing.

The first key encrypts; the others only read what was encrypted before.
"""

import contextlib
import os
import stat
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.fernet import Fernet, InvalidToken

LONGEST_FILE: Final = 100_000
OPEN_TO_OTHERS: Final = stat.S_IRWXO | stat.S_IWGRP
"""The group may read: so are the credentials that systemd hands to a service."""


class KeysRefusedError(Exception):
    """The file of keys cannot be used; the message says why and what to do. No key stands in it."""


class Keys:
    """The keys of a file, newest first. They are not shown when this is printed."""

    def __init__(self, fernets: Sequence[Fernet], file: Path) -> None:
        self.newest, self.all, self.file = fernets[0], tuple(fernets), file

    def opening(self, token: bytes) -> tuple[Fernet, bytes] | None:
        """The key that this was encrypted with, and what it holds; None when it is none of these."""
        for key in self.all:
            with contextlib.suppress(InvalidToken):
                return key, key.decrypt(token)
        return None


def read_keys(file: Path) -> Keys:
    """The keys in this file. Raises KeysRefusedError: missing, open to others, empty, or a line is no key."""
    try:
        with file.open("rb") as opened:
            mode, data = os.fstat(opened.fileno()).st_mode, opened.read(LONGEST_FILE + 1)
    except OSError as error:
        raise KeysRefusedError(f"The key file {file} cannot be read: {error.strerror}. {_REMEDY}") from None
    if mode & OPEN_TO_OTHERS:
        raise KeysRefusedError(
            f"The key file {file} is open to others (its mode is {mode & 0o777:04o}). Run: chmod 600 {file}"
        )
    return Keys(_parsed(data, file), file)


_REMEDY: Final = "Make one with `advisor new-key FILE`, or name it in ADVISOR_DATABASE_KEY_FILE."


def _parsed(data: bytes, file: Path) -> list[Fernet]:
    lines = [(number, line.strip()) for number, line in enumerate(data.splitlines(), 1)]
    keys = [_key(line, number, file) for number, line in lines if line and not line.startswith(b"#")]
    if not keys or len(data) > LONGEST_FILE:
        raise KeysRefusedError(f"The key file {file} holds no key, or far more than keys. {_REMEDY}")
    return keys


def _key(line: bytes, number: int, file: Path) -> Fernet:
    try:
        return Fernet(line)
    except ValueError:
        raise KeysRefusedError(
            f"Line {number} of the key file {file} is no key: a key is 44 letters and digits, as `advisor new-key` "
            "makes them. Copy it again from where you keep it."
        ) from None


def add_key(file: Path) -> int:
    """Put a new key at the head of this file, made readable for its owner alone when there is none yet.

    Gives how many keys stand in it now. Raises KeysRefusedError when what is there cannot be used, or not be written.
    """
    before = _bytes_of(file)
    known = len(read_keys(file).all) if before else 0
    try:
        _replace(file, Fernet.generate_key() + b"\n" + before)
    except OSError as error:
        raise KeysRefusedError(f"The key file {file} cannot be written: {error.strerror}.") from None
    return known + 1


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise KeysRefusedError(f"The key file {file} cannot be read: {error.strerror}.") from None


def _replace(file: Path, data: bytes) -> None:
    """Whole or not at all: a key that is lost takes the database with it."""
    file = file.resolve()
    number, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(number, "wb") as opened:
            opened.write(data)
            opened.flush()
            os.fsync(opened.fileno())
        _as_before(file, Path(name))
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def _as_before(file: Path, made: Path) -> None:
    """The same owner and mode, so that whoever read the file goes on reading it."""
    with contextlib.suppress(FileNotFoundError):
        old = file.stat()
        made.chmod(old.st_mode & 0o777)
        with contextlib.suppress(PermissionError):
            os.chown(made, old.st_uid, old.st_gid)
