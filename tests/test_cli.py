"""The commands, as an operator or an author types them: real processes, a clean environment."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.content.load import load
from bot.dialog.phrases import Words
from bot.languages import LANGUAGES, Language
from bot.settings import shipped

Done = subprocess.CompletedProcess[str]


def advisor(*words: str, typed: str = "", folder: Path | None = None, **settings: str) -> Done:
    """Run `advisor` with these words and settings and nothing else of this environment's settings."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ADVISOR_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        input=typed, capture_output=True, text=True, timeout=60, env=environment | settings, cwd=folder, check=False,
    )  # fmt: skip


def test_every_command_explains_itself() -> None:
    """`--help` of each names what it does."""
    assert "run" in advisor("--help").stdout
    for command in (("run",), ("preview",), ("check",), ("chat",), ("graph",), ("new",), ("sessions", "show")):
        done = advisor(*command, "--help")
        assert done.returncode == 0
        assert "--help" in done.stdout


def test_run_without_a_token_is_an_error() -> None:
    """A container that lost its secret must not serve a preview."""
    done = advisor("run")
    assert done.returncode == 2
    assert "ADVISOR_TELEGRAM_TOKEN is not set" in done.stderr
    assert "@BotFather" in done.stderr


def test_wrong_settings_are_explained_all_at_once_and_without_the_token() -> None:
    """Each by its name, with what to write instead; no traceback."""
    done = advisor("run", ADVISOR_RATES="fast", ADVISOR_TELEGRAM_API="telegram", ADVISOR_RETENTION_DAYS="0")
    assert done.returncode == 1
    for name in ("ADVISOR_RATES", "ADVISOR_TELEGRAM_API", "ADVISOR_RETENTION_DAYS"):
        assert name in done.stderr
    assert "Traceback" not in done.stderr
    done = advisor("run", ADVISOR_TELEGRAM_TOKEN="not a token at all")
    assert "does not look like a bot's token" in done.stderr
    assert "not a token at all" not in done.stderr


def test_a_token_may_come_from_a_file(tmp_path: Path) -> None:
    """A missing file is named as the setting that is wrong."""
    done = advisor("run", ADVISOR_TELEGRAM_TOKEN_FILE=str(tmp_path / "gone"))
    assert done.returncode == 1
    assert "ADVISOR_TELEGRAM_TOKEN_FILE cannot be read" in done.stderr


def test_the_shipped_content_is_clean() -> None:
    """`advisor check`, also for programs."""
    said = advisor("check").stdout
    assert "no mistakes" in said
    assert "knowledge: 63 of 63 cells in 4 languages (252 of 252), facts used 74 of 74," in said
    found = json.loads(advisor("check", "--json").stdout)
    assert found["problems"] == []
    assert (found["knowledge"]["answers_filled"], found["knowledge"]["facts_used"]) == (252, 74)


def test_broken_content_stops_the_start_and_names_every_place(tmp_path: Path) -> None:
    """The same check runs at start."""
    for file in shipped("dialogs").glob("*.yaml"):
        text = file.read_text(encoding="utf-8")
        (tmp_path / file.name).write_text(text.replace("next: pain", "next: pane"), encoding="utf-8")
    for command in (("check",), ("preview", "--listen", "127.0.0.1:0")):
        done = advisor(*command, ADVISOR_DIALOGS=str(tmp_path), folder=tmp_path)
        assert done.returncode == 1
        assert "questions-work.yaml:" in done.stdout + done.stderr
        assert "pane" in done.stdout + done.stderr
    rows = json.loads(advisor("check", "--json", ADVISOR_DIALOGS=str(tmp_path)).stdout)
    assert {"file", "line", "column", "message", "hint"} == set(rows["problems"][0])


@pytest.mark.parametrize("language", LANGUAGES)
def test_chat_walks_the_tree_to_advice(language: Language) -> None:
    """In the terminal, with numbers alone, in each language."""
    words = Words(load(shipped("dialogs")), language)
    done = advisor("chat", "--language", language, typed="1\n" * 13 + "/quit\n")
    assert done.returncode == 0
    assert words.plain("advice-disclaimer") in done.stdout
    assert words.plain("advice-next") in done.stdout


def test_an_unknown_language_is_refused() -> None:
    """With the ones there are."""
    done = advisor("chat", "--language", "sv")
    assert done.returncode == 2
    assert "en, pt, bg, fi" in done.stderr


@pytest.mark.parametrize(("form", "begins"), [("svg", "<svg"), ("dot", "digraph"), ("mermaid", "flowchart")])
def test_graph_draws_the_tree(form: str, begins: str) -> None:
    """Every question is in the picture."""
    done = advisor("graph", "--format", form, "--language", "fi")
    assert done.returncode == 0
    assert done.stdout.startswith(begins)
    for node in load(shipped("dialogs")).dialog.nodes.values():
        assert node.title.fi.split()[0] in done.stdout


def test_the_preview_says_when_its_address_is_taken(tmp_path: Path) -> None:
    """With what to do about it."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = advisor("preview", "--listen", f"127.0.0.1:{taken.getsockname()[1]}", folder=tmp_path)
    assert done.returncode == 1
    assert "Choose another: `advisor preview --listen" in done.stderr


def test_sessions_of_a_database_that_is_none(tmp_path: Path) -> None:
    """Missing, or something else: said clearly, nothing is made."""
    missing = tmp_path / "gone.db"
    done = advisor("sessions", "list", ADVISOR_DATABASE=str(missing))
    assert done.returncode == 1
    assert "There is no database" in done.stderr
    assert not missing.exists()
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE something (x)")
    assert "not a database of this program" in advisor("sessions", "list", ADVISOR_DATABASE=str(other)).stderr
