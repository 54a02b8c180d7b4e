"""Encryption at rest: with a key no word of anybody can be read in the file, and nothing else changes."""

import importlib
import pkgutil
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from harness.keyed import DIGESTS, TEXTS, files_holding, key_file, values
from hypothesis import given
from hypothesis import strategies as st

import bot as house
from bot.store import handovers, outbox, schema, sessions, transcripts, updates
from bot.store.database import DatabaseRefusedError, StoreError, opened, opened_for_reading
from bot.store.keys import read_keys
from bot.store.schema import metadata
from bot.store.sealing import KEYED_BYTES, MAGIC, Seal, is_sealed
from bot.store.statements import Sql, Statement, many, replacing

WORDS = "ключ-за-сейфа zq-marker-7"
LOOKED_UP = re.compile(r"\(SELECT .*\)", re.DOTALL)
COMPARED = re.compile(r"(?:(\w+)\.)?\"?(\w+)\"?\s*(?:=|!=|<>|>|<|LIKE|GLOB|IN|MATCH)\s*\(?:(\w+)")


@pytest.fixture
def key(tmp_path: Path) -> Path:
    return key_file(tmp_path)


# every statement


def statements() -> Iterator[tuple[str, Sql]]:
    """Every statement that any module of the house has compiled."""
    for module in pkgutil.walk_packages(house.__path__, "bot."):
        if ".migrations" in module.name or module.name == "bot.__main__":
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            for one in value if isinstance(value, tuple) else (value,):
                if isinstance(one, Sql):
                    yield f"{module.name}.{name}", one


def written(sql: str) -> Iterator[tuple[str, str, str]]:
    """What an INSERT or UPDATE writes: table, column, and the expression."""
    if found := re.match(r'INSERT INTO "?(\w+)"? \(([^)]*)\) VALUES \((.*?)\)(?: ON CONFLICT|$)', sql, re.DOTALL):
        columns, given = [one.strip(' "') for one in found[2].split(",")], _split(found[3])
        assert len(columns) == len(given), sql
        yield from ((found[1], column, value) for column, value in zip(columns, given, strict=True))
    if found := re.match(r'INSERT INTO "?(\w+)"? \(([^)]*)\) SELECT (.*?) \nFROM ', sql, re.DOTALL):
        columns, given = [one.strip(' "') for one in found[2].split(",")], _split(found[3])
        assert len(columns) == len(given), sql
        yield from ((found[1], column, value) for column, value in zip(columns, given, strict=True))
    if found := re.match(r'UPDATE "?(\w+)"? SET (.*?)(?: WHERE|$)', sql, re.DOTALL):
        for one in _split(found[2]):
            column, _, value = one.partition("=")
            yield found[1], column.strip(' "'), value


def _split(listed: str) -> list[str]:
    """At the commas that stand in no brackets."""
    parts, depth = [""], 0
    for letter in listed:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return parts


def test_every_statement_seals_what_it_writes_into_sealed_columns() -> None:
    """Read from the SQL itself: what goes into a column of texts is sealed, into one of digests keyed."""
    seen = set()
    for name, sql in statements():
        for table, column, value in written(sql.text):
            given = set(re.findall(r":(\w+)", LOOKED_UP.sub("", value)))
            if (table, column) in TEXTS:
                seen.add((table, column))
                assert given <= sql.sealed, (name, column)
            if (table, column) in DIGESTS:
                assert given <= sql.digests, (name, column)
    assert {("wording", "text"), ("outbox", "text"), ("role", "name"), ("failed_update", "error")} <= seen


def test_no_statement_compares_a_sealed_text_but_with_the_empty_one() -> None:
    """A text is encrypted otherwise each time, so it can be found by its digest only."""
    compared = []
    for name, sql in statements():
        for table, column, parameter in COMPARED.findall(sql.text):
            if _is_one_of(TEXTS, table, column) or (parameter in sql.sealed and not _writes(sql, column, parameter)):
                assert sql.constants.get(parameter) == "", (name, column, parameter)
                compared.append(name)
            if _is_one_of(DIGESTS, table, column):
                assert parameter in sql.digests, (name, column, parameter)
    assert compared


def _is_one_of(columns: list[tuple[str, str]], table: str, column: str) -> bool:
    """Also under another name of its table."""
    known = (table, column) in columns or table not in metadata.tables
    return bool(table) and known and any(column == one for _, one in columns)


def _writes(sql: Sql, column: str, parameter: str) -> bool:
    return any(to == column and value.strip() == f":{parameter}" for _, to, value in written(sql.text))


# values


SEAL_KEY = Fernet.generate_key()


@given(st.text(st.characters(codec=None), max_size=50))
def test_any_text_comes_back(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Whatever its letters, lone surrogates and NUL among them; encrypted unless it is empty, never twice alike."""
    seal = Seal(read_keys(key_file(tmp_path_factory.mktemp("keys"), SEAL_KEY)), bytes(32))
    sealed = seal.sealed(text)
    assert seal.unsealed(sealed) == text
    assert is_sealed(sealed) == bool(text)
    assert not text or sealed != seal.sealed(text)


@pytest.mark.parametrize("text", ["", "a\0b", "\ud800", MAGIC.decode(), f"{MAGIC.decode()}{'x' * 100}", "ё" * 4096])
async def test_odd_texts_come_back_from_the_file(tmp_path: Path, key: Path, text: str) -> None:
    """NUL, a lone surrogate, the mark of a sealed text, a text as long as Telegram allows."""
    async with opened(tmp_path / "a.db", key) as database:
        await database.write(outbox.add([outbox.Message(1, 7, text, brief=text)]))
        (message,) = await outbox.undelivered(database, 0)
    assert (message.text, message.brief) == (text, text)


# a file


OWNER = many(replacing(schema.chat), [sessions._chat_row(sessions.Chat(7))])


def fill() -> list[Any]:
    """Words of an owner in several tables."""
    message = outbox.Message(1, 7, WORDS, [[(WORDS, "x")]], brief=WORDS)
    return [
        outbox.add([message]),
        outbox.failed(1, WORDS, 5),
        updates.fail(3, 5, "failed", WORDS, {"text": WORDS.encode().hex(), "as": "zq-marker-7"}),
        OWNER,
        handovers.keep_topic(handovers.Topic(7, -5, 9, WORDS, open=True)),
    ]


async def test_no_word_can_be_read_in_the_file(tmp_path: Path, key: Path) -> None:
    """Neither in the database nor in its log; through the house it is read as ever."""
    path = tmp_path / "a.db"
    async with opened(path, key) as database:
        assert database.sealed
        for job in fill():
            await database.write(job)
        topic = await handovers.topic(database, 7, -5)
        assert topic is not None
        assert topic.name == WORDS
        assert files_holding(path, b"zq-marker", WORDS.encode()) == []
    assert all(is_sealed(value) for _, _, value in values(path, TEXTS))
    assert len(list(values(path, TEXTS))) >= 6


async def test_without_a_key_nothing_is_encrypted(tmp_path: Path) -> None:
    """As it was."""
    path = tmp_path / "a.db"
    async with opened(path) as database:
        assert not database.sealed
        for job in fill():
            await database.write(job)
    assert all(isinstance(value, str) for _, _, value in values(path, TEXTS))


async def test_digests_cannot_be_guessed_without_the_key(tmp_path: Path, key: Path) -> None:
    """A short text could be tried; in another file the same text has another one."""
    found = []
    for name in ("a.db", "b.db"):
        async with opened(tmp_path / name, key) as database:
            await database.write(transcripts.add([transcripts.Line(1, 1, 1, "owner", "said", "yes")])[:1])
        found += [value for _, _, value in values(tmp_path / name, DIGESTS)]
    assert [len(one) for one in found] == [KEYED_BYTES, KEYED_BYTES]
    assert found[0] != found[1]
    assert transcripts.digest("yes") not in found


async def test_a_damaged_text_is_the_stores_failure(tmp_path: Path, key: Path) -> None:
    """It is not shown half, nor taken for the turn's mistake."""
    async with opened(tmp_path / "a.db", key) as database:
        await database.write(OWNER + handovers.keep_topic(handovers.Topic(7, -5, 9, WORDS, open=True)))
        spoilt = Sql("UPDATE topic SET name = CAST(name || X'00' AS BLOB)", {})
        await database.write((Statement(spoilt, ({},)),))
        with pytest.raises(StoreError, match="damaged, or its key is missing"):
            await handovers.topic(database, 7, -5)


# keys that do not fit


def held(path: Path) -> bytes | None:
    """All of the file; None where there is none."""
    return path.read_bytes() if path.exists() else None


async def refusal(path: Path, key: Path | None) -> str:
    """Why the bot would not start; nothing of the file has changed."""
    before = held(path)
    with pytest.raises(DatabaseRefusedError) as refused:
        async with opened(path, key):
            pass
    assert held(path) == before
    return str(refused.value)


async def write(path: Path, key: Path | None, name: str = WORDS) -> None:
    async with opened(path, key) as database:
        await database.write(OWNER + handovers.keep_topic(handovers.Topic(7, -5, 9, name, open=True)))


async def name_in(path: Path, key: Path | None) -> str:
    """What a command that only reads finds."""
    async with opened_for_reading(path, key) as database:
        topic = await handovers.topic(database, 7, -5)
    assert topic
    return topic.name


@pytest.mark.parametrize(
    ("content", "mode", "said"),
    [
        (None, 0o600, "cannot be read: No such file"),
        (b"", 0o600, "holds no key"),
        (b"# a comment\n\n", 0o600, "holds no key"),
        (b"secret-secret", 0o600, "Line 1 of the key file .* is no key"),
        (Fernet.generate_key() + b"\nnope\n", 0o600, "Line 2 of the key file .* is no key"),
        (Fernet.generate_key(), 0o644, "is open to others .*its mode is 0644.* chmod 600"),
        (Fernet.generate_key(), 0o620, "is open to others"),
    ],
    ids=["none", "empty", "comment", "short", "second-line", "readable", "writable"],
)
async def test_a_key_file_that_cannot_be_used_is_refused(
    tmp_path: Path, content: bytes | None, mode: int, said: str
) -> None:
    """With why and what to do, before a file is made; no key is said."""
    file = tmp_path / "database.key"
    if content is not None:
        file.write_bytes(content)
        file.chmod(mode)
    words = await refusal(tmp_path / "a.db", file)
    assert re.search(said, words), words
    assert not content or content.strip().decode() not in words


@pytest.mark.parametrize("mode", [0o400, 0o440, 0o600])
async def test_keys_that_only_we_or_our_group_read_are_taken(tmp_path: Path, mode: int) -> None:
    """0440 is what systemd makes of a credential."""
    file = key_file(tmp_path)
    file.chmod(mode)
    await write(tmp_path / "a.db", file)


async def test_an_encrypted_file_is_not_opened_without_its_key(tmp_path: Path, key: Path) -> None:
    """None, or another one; for a command that reads as for the bot."""
    path, other = tmp_path / "a.db", key_file(tmp_path, name="other.key")
    await write(path, key)
    assert "is encrypted. Name the file with its key" in await refusal(path, None)
    assert f"with a key that is not in {other}" in await refusal(path, other)
    for wrong in (None, other):
        with pytest.raises(DatabaseRefusedError):
            await name_in(path, wrong)
    assert await name_in(path, key) == WORDS


async def test_a_plain_file_is_not_half_encrypted(tmp_path: Path, key: Path) -> None:
    """The bot does not start with a key on it, and says how it is encrypted; what only reads reads."""
    path = tmp_path / "a.db"
    await write(path, None)
    assert "is not encrypted yet" in await refusal(path, key)
    assert await name_in(path, key) == WORDS


async def test_a_new_key_above_the_old_one_needs_no_rotation(tmp_path: Path) -> None:
    """Old texts are read with the old key, new ones are written with the new one; then none of them may go."""
    old, new = Fernet.generate_key(), Fernet.generate_key()
    path, both = tmp_path / "a.db", key_file(tmp_path, new, old, name="both.key")
    await write(path, key_file(tmp_path, old, name="old.key"))
    assert await name_in(path, both) == WORDS
    await write(path, both, "renamed")
    assert await name_in(path, both) == "renamed"
    for one in ("old", "new"):
        alone = key_file(tmp_path, {"old": old, "new": new}[one], name=f"{one}.key")
        assert "with a key that is not in" in await refusal(path, alone)


async def test_a_key_is_refused_for_texts_of_an_older_version_too(tmp_path: Path, key: Path) -> None:
    """Its tables lack columns that today's have: the refusal is the same, and the file stays as it was."""
    path = tmp_path / "old.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(
            "CREATE TABLE alembic_version (version_num); INSERT INTO alembic_version VALUES ('0001');"
            "CREATE TABLE outbox (text); INSERT INTO outbox VALUES ('words');"
        )
    assert "is not encrypted yet" in await refusal(path, key)
