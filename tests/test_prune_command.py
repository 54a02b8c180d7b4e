"""`advisor prune`: shows what is too old, deletes it when told so, and says why it cannot while a bot runs."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.app import now_ms
from bot.cli import app
from bot.dialog.session import Session
from bot.store.contents import keep
from bot.store.database import opened
from bot.store.filters import DAY_MS
from bot.store.sessions import Chat, save
from bot.store.transcripts import Line, add


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """One session a day old, one a hundred days, in the very words."""
    path = tmp_path / "a.db"

    async def fill() -> None:
        async with opened(path) as database:
            await database.write(keep("v1", {}, 0))
            for number, days, said in ((1, 100, "Quetzalcoatlus"), (2, 1, "young")):
                chat, at = Chat(number, Session(id=number, consent="x"), "v1"), now_ms() - days * DAY_MS
                await database.write((*save([chat], at), *add([Line(number, 0, at, "owner", "said", said)])))

    asyncio.run(fill())
    return path


def prune(path: Path, *options: str, typed: str = "") -> tuple[int, str]:
    """Run it with thirty days."""
    environment = {"ADVISOR_RETENTION_DAYS": "30"}
    done = CliRunner().invoke(app, ["prune", "--database", str(path), *options], input=typed, env=environment)
    return done.exit_code, done.output


def sessions(path: Path) -> list[int]:
    with closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT id FROM session ORDER BY id")]


def test_a_dry_run_shows_and_deletes_nothing(database: Path) -> None:
    code, output = prune(database, "--dry-run", "--json")
    found = json.loads(output)
    assert (code, found["days"], found["deleted"]) == (0, 30, False)
    assert (found["tables"]["session"]["old"], found["tables"]["session"]["all"]) == (1, 2)
    assert found["tables"]["session"]["oldest_kept"] > now_ms() - 2 * DAY_MS
    assert sessions(database) == [1, 2]


def test_it_asks_first_and_then_leaves_no_byte(database: Path) -> None:
    assert prune(database, typed="n\n")[0] == 1
    assert sessions(database) == [1, 2]
    code, output = prune(database, typed="y\n")
    assert code == 0, output
    assert "1 sessions" in output
    assert sessions(database) == [2]
    assert not any(b"Quetzalcoatlus" in one.read_bytes() for one in database.parent.iterdir())
    assert "0 sessions" in prune(database, "--yes")[1]


def test_while_a_bot_runs_it_shows_and_says_why_it_deletes_nothing(database: Path) -> None:
    async def beside() -> tuple[tuple[int, str], tuple[int, str]]:
        async with opened(database):
            return (
                await asyncio.to_thread(prune, database, "--dry-run"),
                await asyncio.to_thread(prune, database, "--yes"),
            )

    (shown, listed), (refused, why) = asyncio.run(beside())
    assert (shown, refused) == (0, 1)
    assert "session" in listed
    assert "every hour" in why
    assert sessions(database) == [1, 2]
