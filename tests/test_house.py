"""The house in order: what the documents say is what the code does."""

import asyncio
import itertools
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from telegram import Bot

from bot import app
from bot.chat.profile import menu, set_profile
from bot.content.graph import svg
from bot.content.load import load
from bot.dialog.engine import COMMANDS
from bot.dialog.needed import NEEDED
from bot.dialog.phrases import Words
from bot.dialog.session import Session
from bot.languages import LANGUAGES
from bot.preview.pretend import PretendTelegram
from bot.preview.request import PretendRequest
from bot.settings import Settings, shipped
from bot.store.contents import keep
from bot.store.database import opened
from bot.store.database_file import migrate
from bot.store.filters import DAY_MS
from bot.store.retention import prune
from bot.store.schema import HEAD, metadata
from bot.store.sessions import Chat, save
from bot.store.transcripts import Line, add

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_migrations_make_the_schema(tmp_path: Path) -> None:
    """A new file has the tables and columns of schema.py, and HEAD is the newest migration."""
    migrate(tmp_path / "new.db")
    with sqlite3.connect(tmp_path / "new.db") as connection:
        made = {
            table: {row[1] for row in connection.execute(f"PRAGMA table_info({table})")}
            for (table,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
    made.pop("alembic_version")
    assert made == {name: set(table.columns.keys()) for name, table in metadata.tables.items()}
    files = sorted((ROOT / "bot/store/migrations/versions").glob("[0-9]*.py"))
    assert files[-1].name.startswith(HEAD)


def test_every_table_says_what_it_is_for() -> None:
    """A sentence each."""
    assert all(table.comment and table.comment.endswith(".") for table in metadata.tables.values())


def test_every_setting_is_explained() -> None:
    """In deploy/env.example, by its name."""
    example = (ROOT / "deploy/env.example").read_text(encoding="utf-8")
    for name in Settings.model_fields:
        assert f"ADVISOR_{name.upper()}=" in example, name


def test_the_readme_names_commands_that_exist() -> None:
    """Each `advisor ...` of its table answers --help."""
    named = set(re.findall(r"^\| `advisor (\w+)", README, re.MULTILINE))
    helped = subprocess.run([sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, check=True).stdout
    assert named
    assert all(re.search(rf"^\W*{name}\b", helped, re.MULTILINE) for name in named), named


def test_links_of_the_documents_lead_somewhere() -> None:
    """Every relative link names a file that is there."""
    for document in (ROOT / "README.md", ROOT / "dialogs/README.md", ROOT / ".github/CONTRIBUTING.md"):
        text = document.read_text(encoding="utf-8")
        for target in re.findall(r"\]\((?!https?:|#)([^)]+)\)", text):
            assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_no_registry_and_no_machine_stands_in_the_lock() -> None:
    """Names, versions, hashes; no host, no index."""
    lock = (ROOT / "deploy/requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    options = set(re.findall(r"(?<!\w)--[\w-]+", lock))
    assert options == {"--hash"}


def test_each_command_of_the_menu_has_its_words_in_every_language() -> None:
    """The menu lists what the engine answers, with a description each."""
    content = load(shipped("dialogs"))
    for language in LANGUAGES:
        rows = menu(Words(content, language))
        assert [row["command"] for row in rows] == list(COMMANDS)
        assert all(1 <= len(row["description"]) <= 256 for row in rows)
    assert {f"command-{name}" for name in COMMANDS} == {name for name in NEEDED if name.startswith("command-")}


async def test_the_profile_is_set_once_and_only_where_it_differs() -> None:
    """The first start sends menu, description and short description for every language; the second sends nothing."""
    content, telegram = load(shipped("dialogs")), PretendTelegram()
    bot = Bot(telegram.token, request=PretendRequest(telegram), get_updates_request=PretendRequest(telegram))
    async with bot:
        await set_profile(bot, content)
        first = [call for call in telegram.journal.accepted() if call.method.startswith("setMy")]
        await set_profile(bot, content)
        both = [call for call in telegram.journal.accepted() if call.method.startswith("setMy")]
    assert len(first) == 3 * (1 + len(LANGUAGES))
    assert both == first


async def test_what_is_older_than_told_is_deleted(tmp_path: Path) -> None:
    """Session, transcript, wording and chat go; a younger session stays whole."""
    async with opened(tmp_path / "a.db") as database:
        await database.write(keep("v1", {}, 0))
        old, young = Chat(1, Session(id=11, consent="x"), "v1"), Chat(2, Session(id=12, consent="x"), "v1")
        for chat, at, said in ((old, 1_000, "an old secret"), (young, 9_000, "a young word")):
            await database.write((*save([chat], at), *add([Line(chat.session.id, 0, at, "owner", "said", said)])))
        await prune(database, 9_999, 4_999)
    with sqlite3.connect(tmp_path / "a.db") as connection:
        kept = {
            table: connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("chat", "session", "transcript", "wording")
        }
        assert kept == dict.fromkeys(kept, 1)
        assert connection.execute("SELECT text FROM wording").fetchone() == ("a young word",)


def test_the_picture_of_the_tree_is_the_tree() -> None:
    """The README shows what `advisor graph` draws of the shipped dialog: `advisor graph > .github/tree.svg`."""
    drawn = svg(load(shipped("dialogs")).dialog, "en")
    assert (ROOT / ".github/tree.svg").read_text(encoding="utf-8").strip() == drawn.strip()


@pytest.mark.parametrize(("jump", "kept"), [(0, 0), (400 * DAY_MS, 1)])
async def test_a_clock_that_jumps_deletes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jump: int, kept: int
) -> None:
    """An old session goes at the first round of housekeeping; when the clock has jumped, it stays."""
    begins = app.now_ms()
    times = itertools.chain([begins], itertools.repeat(begins + jump))
    monkeypatch.setattr(app, "HOUSEKEEPING_SECONDS", 0.02)
    async with opened(tmp_path / "a.db") as database:
        await database.write(keep("v1", {}, 0))
        session_ended = begins - (1 if jump else 400) * DAY_MS
        await database.write(save([Chat(1, Session(id=11, consent="x"), "v1")], session_ended))
        monkeypatch.setattr(app, "now_ms", lambda: next(times))
        looking = asyncio.create_task(app._keep_house(database, 365))
        await asyncio.sleep(0.3)
        looking.cancel()
        await asyncio.gather(looking, return_exceptions=True)
    with sqlite3.connect(tmp_path / "a.db") as connection:
        assert connection.execute("SELECT count(*) FROM session").fetchone() == (kept,)
