"""`advisor new-key` and `advisor rotate-key`: a plain database is encrypted, an encrypted one again, cut off or not."""

import asyncio
import os
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from harness.content import ROOT
from harness.keyed import DIGESTS, TEXTS, files_holding, key_file, values
from typer.testing import CliRunner

from bot.cli import app
from bot.dialog.session import Session
from bot.store import questions, rotation, sessions, transcripts, updates, words
from bot.store.contents import keep
from bot.store.database import DatabaseRefusedError, opened, opened_for_reading
from bot.store.keys import KeysRefusedError, add_key, read_keys
from bot.store.rotation import rotate
from bot.store.sealing import KEYED_BYTES, is_sealed
from bot.store.transcripts import Line

MARK = "zq-marker"
LINES = 3000
OLD, NEW = Fernet.generate_key(), Fernet.generate_key()
BUTTONS = [[(f"{MARK} yes", "y")]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database in a folder of its own."""
    (tmp_path / "data").mkdir()
    return tmp_path / "data" / "a.db"


async def fill(path: Path, keys: Path | None) -> None:
    """A session with a long transcript, questions, failed updates."""
    lines = [Line(1, n, n, "owner", "said", f"{MARK} {n % 1000}", BUTTONS) for n in range(LINES)]
    asked = [questions.Unanswered(7, 1, "en", f"{MARK}?", "unknown", 5)]
    async with opened(path, keys) as database:
        await database.write(keep("v1", {"a.yaml": "a"}, 1))
        chat = sessions.Chat(7, Session(id=1, consent="1"), "v1", LINES, 1, 1)
        await database.write((*sessions.save([chat], 1), *transcripts.add(lines), *questions.ask(asked)))
        for number in range(20):
            await database.write(updates.fail(number, 5, "failed", MARK, {"text": MARK}))


async def reads(path: Path, keys: Path | None) -> None:
    """All of it is there and can be read; the same question is the same still."""
    async with opened_for_reading(path, keys) as database:
        lines = await transcripts.read(database, 1)
    assert [line.text for line in lines] == [f"{MARK} {n % 1000}" for n in range(LINES)]
    assert {str(line.buttons) for line in lines} == {str([[[f"{MARK} yes", "y"]]])}


async def asks_again(path: Path, keys: Path | None) -> int:
    """How many questions are kept when the same one is asked again."""
    async with opened(path, keys) as database:
        await database.write(questions.ask([questions.Unanswered(7, 1, "en", f"{MARK}?", "unknown", 9)]))
        return len(await questions.unanswered(database, 9))


def encrypted_by(path: Path, keys: Path) -> bool:
    """Whether these keys open everything, and nothing is left plain."""
    found, digests = read_keys(keys), [value for _, _, value in values(path, DIGESTS)]
    with closing(sqlite3.connect(path)) as connection:
        tokens = [token for (token,) in connection.execute("SELECT token FROM seal")]
    texts = [value for _, _, value in values(path, TEXTS)]
    assert all(is_sealed(one) for one in texts)
    assert all(len(one) == KEYED_BYTES for one in digests)
    return all(found.opening(one) for one in tokens)


def silent(done: int, total: int) -> None:
    """Tells nobody."""


def stopping_after(steps: int) -> rotation.Tell:
    """Ends the command after so many steps."""
    left = iter(range(steps))

    def tell(done: int, total: int) -> None:
        if next(left, None) is None:
            raise KeyboardInterrupt

    return tell


COMMAND = (sys.executable, "-m", "bot", "rotate-key")


def environment(path: Path, key: Path) -> dict[str, str]:
    """Of a process that rotates."""
    names = {"ADVISOR_DATABASE": str(path), "ADVISOR_DATABASE_KEY_FILE": str(key)}
    return {**names, "PATH": os.environ.get("PATH", ""), "HOME": str(path.parent), "PYTHONPATH": str(ROOT)}


def command(monkeypatch: pytest.MonkeyPatch, path: Path, key: Path | None, *arguments: str) -> tuple[int, str]:
    """One of the commands, with these settings: its exit code and what it says."""
    monkeypatch.setenv("ADVISOR_DATABASE", str(path))
    monkeypatch.delenv("ADVISOR_DATABASE_KEY_FILE", raising=False)
    if key:
        monkeypatch.setenv("ADVISOR_DATABASE_KEY_FILE", str(key))
    done = CliRunner().invoke(app, arguments)
    return done.exit_code, done.output


async def test_a_plain_database_is_encrypted_and_no_word_is_left(path: Path, tmp_path: Path) -> None:
    """Not in the file, its log, or its free pages; the bot goes on with it."""
    key = key_file(tmp_path, OLD)
    await fill(path, None)
    assert files_holding(path, MARK.encode()) == ["a.db"]
    rotate(path, key, silent)
    assert files_holding(path, MARK.encode()) == []
    assert encrypted_by(path, key)
    await reads(path, key)
    assert await asks_again(path, key) == 1
    assert files_holding(path, MARK.encode()) == []


async def test_after_a_rotation_the_old_key_can_go(path: Path, tmp_path: Path) -> None:
    """And opens nothing any more."""
    old, new = key_file(tmp_path, OLD, name="old.key"), key_file(tmp_path, NEW, name="new.key")
    both = key_file(tmp_path, NEW, OLD, name="both.key")
    await fill(path, old)
    rotate(path, both, silent)
    assert encrypted_by(path, new)
    await reads(path, new)
    assert await asks_again(path, new) == 1
    with pytest.raises(DatabaseRefusedError, match="with a key that is not in"):
        await reads(path, old)


@pytest.mark.parametrize("decrypt", [False, True])
async def test_a_rotation_cut_off_at_any_step_goes_on(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, decrypt: bool
) -> None:
    """A bot is not started on what is partly plain, and is told why; a second run comes to the end."""
    monkeypatch.setattr(rotation, "STEP_ROWS", 50)
    key = key_file(tmp_path, OLD)
    await fill(path, key if decrypt else None)
    for cut in range(0, 20, 4):
        with pytest.raises(KeyboardInterrupt):
            rotate(path, key, stopping_after(cut), decrypt=decrypt)
        with pytest.raises(DatabaseRefusedError, match=r"did not come to its end\. Run `advisor rotate-key` again"):
            await reads(path, key)
    rotate(path, key, silent, decrypt=decrypt)
    await reads(path, None if decrypt else key)
    assert (files_holding(path, MARK.encode()) == []) != decrypt


async def test_cut_off_before_the_words_are_dropped_it_drops_them_then(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table of words is plain: a rotation that has come to its end leaves nothing of it in the file."""
    await fill(path, None)
    keys, drop = key_file(tmp_path, NEW), words.prepare
    monkeypatch.setattr(words, "prepare", _cut_off)
    with pytest.raises(DatabaseRefusedError, match="goes on from here"):
        rotate(path, keys, lambda *_: None)
    monkeypatch.setattr(words, "prepare", drop)
    rotate(path, keys, lambda *_: None)
    with closing(sqlite3.connect(path)) as connection:
        assert not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'words'").fetchall()
    await reads(path, keys)


def _cut_off(*_: object, **__: object) -> None:
    raise sqlite3.OperationalError("disk I/O error")


async def test_killed_processes_leave_a_rotation_that_goes_on(path: Path, tmp_path: Path) -> None:
    """kill -9 of the command itself, a moment after it began, again and again."""
    key = key_file(tmp_path, OLD)
    await fill(path, None)
    for seconds in (0.5, 0.9, 1.0, 1.1, 1.2, 1.3):
        process = await asyncio.create_subprocess_exec(*COMMAND, env=environment(path, key), stderr=-3)
        await asyncio.sleep(seconds)
        if process.returncode is None:
            process.kill()
        await process.wait()
    last = await asyncio.create_subprocess_exec(*COMMAND, env=environment(path, key), stderr=-3)
    assert await last.wait() == 0
    assert files_holding(path, MARK.encode()) == []
    assert encrypted_by(path, key)
    await reads(path, key)


async def test_the_commands_lead_from_plain_to_encrypted_to_the_next_key(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each says what to do next; a key is never shown."""
    key = tmp_path / "database.key"
    await fill(path, None)
    code, said = await asyncio.to_thread(command, monkeypatch, path, None, "rotate-key")
    assert (code, "advisor new-key" in said) == (1, True)
    code, said = await asyncio.to_thread(command, monkeypatch, path, None, "new-key", str(key))
    assert (code, "holds 1 key" in said) == (0, True)
    assert key.stat().st_mode & 0o777 == 0o600
    code, said = await asyncio.to_thread(command, monkeypatch, path, key, "rotate-key")
    assert (code, "is encrypted with the first key" in said) == (0, True)
    code, said = await asyncio.to_thread(command, monkeypatch, path, key, "new-key")
    assert (code, "holds 2 keys" in said) == (0, True)
    code, said = await asyncio.to_thread(command, monkeypatch, path, key, "rotate-key")
    newest = key.read_text(encoding="ascii").split()[0]
    assert code == 0
    assert newest not in said
    key.write_text(f"# of today\n\n{newest}\n", encoding="ascii")
    await reads(path, key)
    code, said = await asyncio.to_thread(command, monkeypatch, path, key, "sessions", "show", "1")
    assert (code, MARK in said) == (0, True)
    code, said = await asyncio.to_thread(command, monkeypatch, path, key, "questions", "list", "--each")
    assert (code, MARK in said) == (0, True)
    code, said = await asyncio.to_thread(command, monkeypatch, path, None, "sessions", "show", "1")
    assert (code, "is encrypted. Name the file with its key" in said) == (1, True)


async def test_a_rotation_beside_a_running_bot_is_refused(path: Path, tmp_path: Path) -> None:
    """Nothing is written."""
    key = key_file(tmp_path, OLD)
    async with opened(path, key):
        with pytest.raises(DatabaseRefusedError, match="Another advisor is running on"):
            rotate(path, key, silent)


def test_a_key_is_put_above_those_there_are(tmp_path: Path) -> None:
    """Comments stay; a file that is no key file is left as it is."""
    file, other = key_file(tmp_path, b"# mine", OLD), key_file(tmp_path, b"words", name="other")
    assert add_key(file) == 2
    lines = file.read_bytes().split(b"\n")
    assert lines[1:] == [b"# mine", OLD, b""]
    assert lines[0] != OLD
    with pytest.raises(KeysRefusedError, match="is no key"):
        add_key(other)
    assert other.read_bytes() == b"words\n"
