"""Owners who do not exist: believable, marked, never written to, and gone when they are told to go."""

import asyncio
import json
import sqlite3
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from harness.simulated import execute, rows, shipped, simulate
from harness.waiting import until
from test_cli import advisor

from bot.dialog.session import Session
from bot.hot_content import Read
from bot.knowledge.gist import gist
from bot.knowledge.likeness import groups
from bot.languages import as_language
from bot.simulation import habits
from bot.store import handovers
from bot.store.contents import keep
from bot.store.database import opened
from bot.store.sessions import SIMULATED_FROM, Chat, save
from bot.store.transcripts import Line, add

MANY = 400


@pytest.fixture(scope="module")
def read() -> Read:
    return shipped()


@pytest.fixture(scope="module")
def crowd(read: Read, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with many of them; nobody changes it."""
    path = tmp_path_factory.mktemp("crowd") / "crowd.db"
    simulate(path, read, MANY)
    return path


def _counts(path: Path) -> dict[str, int]:
    """How many rows each table has; of the words that are searched, how many lines hold one of these.

    Not counted is up to where numbers were given: those that went stay given (bot/store/numbers.py).
    """
    connection = sqlite3.connect(path)
    named = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'words%'")
    names = [row[0] for row in named.fetchall()]
    counts = {name: connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in names}
    words = connection.execute("SELECT count(*) FROM words WHERE words MATCH 'really OR what OR is OR um OR a'")
    del counts["gone"]
    counts["words"] = words.fetchone()[0]
    connection.close()
    return counts


async def _real_owner(path: Path) -> None:
    """One who exists, with a line; and an admin."""
    async with opened(path) as database:
        await database.write(keep("v1", {}, 0))
        session = Session(id=11, consent="x")
        await database.write((*save([Chat(7, session, "v1")], 1), *add([Line(11, 0, 1, "owner", "said", "really")])))
    execute(path, "INSERT INTO role VALUES (5, 'admin', 'Olga', 0, 1)")


def test_the_same_seed_makes_the_same_owners(read: Read, tmp_path: Path) -> None:
    """To the letter; another seed makes others."""
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        simulate(tmp_path / name, read, 30, seed)
    said = "SELECT session_id, line, at, who, kind, text FROM transcript NATURAL JOIN wording ORDER BY 1, 2"
    assert rows(tmp_path / "a", said) == rows(tmp_path / "b", said) != rows(tmp_path / "c", said)
    answers = "SELECT id, chat_id, answers, advised, begun_at, updated_at FROM session ORDER BY 1"
    assert rows(tmp_path / "a", answers) == rows(tmp_path / "b", answers)


def test_all_of_them_are_marked_and_nothing_is_ever_sent(crowd: Path) -> None:
    """No row waits to be delivered, none of their staff stays, nobody is still waited for, no update broke."""
    assert rows(crowd, "SELECT count(*) FROM session WHERE NOT simulated") == [(0,)]
    assert rows(crowd, "SELECT count(*) FROM chat WHERE id < ?".replace("?", str(SIMULATED_FROM))) == [(0,)]
    for table in ("outbox", "seen_update", "role", "failed_update"):
        assert rows(crowd, f"SELECT count(*) FROM {table}") == [(0,)], table
    assert rows(crowd, "SELECT count(*) FROM handover WHERE state = 'returned' AND rating > 0") > [(5,)]
    assert rows(crowd, "SELECT count(*) FROM handover WHERE state <> 'returned'") == [(0,)]


def test_they_come_over_weeks_and_take_minutes(crowd: Path) -> None:
    """Begun on most days of four weeks; most sessions last from a minute to an hour."""
    days = rows(crowd, "SELECT count(DISTINCT begun_at / 86400000) FROM session")[0][0]
    assert int(str(days)) >= 20
    lasting = [int(str(row[0])) / 60_000 for row in rows(crowd, "SELECT updated_at - begun_at FROM session")]
    assert sum(1 <= minutes <= 60 for minutes in lasting) > 0.7 * len(lasting)


def test_what_the_pages_shall_show_comes_of_how_they_behave(crowd: Path, read: Read) -> None:
    """Most leave at the question with most to read; Finnish owners are helped least; one subject is missed by many."""
    efforts = habits.effort(read.content.dialog)
    left = Counter(str(row[0]) for row in rows(crowd, "SELECT stands FROM session WHERE advised = ''"))
    assert left.most_common(1)[0][0] == max(efforts, key=lambda one: efforts[one])
    helped = rows(crowd, "SELECT language, avg(helpful) AS share FROM opinions GROUP BY 1 ORDER BY share")
    assert helped[0][0] == "fi"
    asked = [(str(text), as_language(str(code)) or "en") for text, code in
             rows(crowd, "SELECT text, language FROM questions WHERE wants = 'unknown'")]  # fmt: skip
    found = groups([gist(read.content.knowledge, text, language) for text, language in asked])
    most = {asked[place][0] for place in max(found, key=len)}
    assert len(most) >= 3
    assert any(word in text for text in most for word in ("VAT", "IVA", "ДДС", "arvonlisävero"))


async def test_removal_leaves_what_was_there_before(tmp_path: Path) -> None:
    """Every table has as many rows as before; who exists stays, and the admins stay admins."""
    path = tmp_path / "a.db"
    await _real_owner(path)
    before = _counts(path)
    done = await asyncio.to_thread(advisor, "simulate", "30", "--database", str(path), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["sessions"] >= 30
    during = _counts(path)
    assert all(during[name] > before[name] for name in ("traffic", "words", "session", "transcript", "wording"))
    assert rows(path, "SELECT role FROM role WHERE person_id = 5") == [("admin",)]
    done = await asyncio.to_thread(advisor, "simulate", "--remove", "--database", str(path))
    assert done.returncode == 0, done.stderr
    assert _counts(path) == before
    assert rows(path, "SELECT text FROM wording") == [("really",)]


async def test_not_where_a_bot_runs(tmp_path: Path) -> None:
    """It says so, and what to do."""
    async with opened(tmp_path / "a.db"):
        done = await asyncio.to_thread(advisor, "simulate", "3", "--database", str(tmp_path / "a.db"))
    assert done.returncode == 1
    assert "Stop it first, or name another file." in done.stderr


def test_how_many_must_be_said() -> None:
    """And not with --remove, which takes all."""
    assert advisor("simulate").returncode == 2
    assert advisor("simulate", "3", "--remove").returncode == 2
    assert "There is no database" in advisor("simulate", "--remove", "--database", "nowhere.db").stderr


async def test_killed_half_way_the_database_is_whole(tmp_path: Path) -> None:
    """What was written replays equal, nobody waits for the staff, more can be simulated, and all can be removed."""
    path = tmp_path / "a.db"
    command = [sys.executable, "-m", "bot", "simulate", "5000", "--database", str(path)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)  # noqa: ASYNC220
    try:
        assert await until(lambda: path.exists() and _written(path) > 3000, seconds=60)
    finally:
        process.kill()
        process.wait()
    assert rows(path, "PRAGMA integrity_check") == [("ok",)]
    async with opened(path) as database:
        assert await handovers.still_open(database) == []
    done = await asyncio.to_thread(advisor, "replay", "--database", str(path), "--json")
    assert (done.returncode, json.loads(done.stdout)["differs"]) == (0, 0)
    assert (await asyncio.to_thread(advisor, "simulate", "10", "--database", str(path))).returncode == 0
    assert (await asyncio.to_thread(advisor, "simulate", "--remove", "--database", str(path))).returncode == 0
    assert {name for name, count in _counts(path).items() if count} <= {"alembic_version", "secret"}


def _written(path: Path) -> int:
    try:
        return int(str(rows(path, "SELECT count(*) FROM transcript")[0][0]))
    except sqlite3.OperationalError:
        return 0


def test_another_advisor_is_simulated_as_well(tmp_path: Path) -> None:
    """The one of `advisor new`: its own questions, and all of it replays equal."""
    assert advisor("new", str(tmp_path / "mine")).returncode == 0
    dialogs, knowledge = str(tmp_path / "mine" / "dialogs"), str(tmp_path / "mine" / "knowledge")

    def mine(*words: str) -> subprocess.CompletedProcess[str]:
        return advisor(
            *words, "--database", str(tmp_path / "a.db"), ADVISOR_DIALOGS=dialogs, ADVISOR_KNOWLEDGE=knowledge
        )

    assert mine("simulate", "30").returncode == 0
    done = mine("replay")
    assert done.returncode == 0
    assert "0 differ" in done.stdout


def test_a_defect_ends_replay_with_an_error(crowd: Path, tmp_path: Path) -> None:
    """It names session and line, and shows both sides; the same session alone; the others are not in the way."""
    path = tmp_path / "a.db"
    path.write_bytes(crowd.read_bytes())
    session = rows(path, "SELECT max(session_id) FROM transcript WHERE line = 4 AND kind = 'reply'")[0][0]
    other = "UPDATE transcript SET digest = (SELECT digest FROM wording LIMIT 1) WHERE session_id = ? AND line = 4"
    execute(path, other, session)
    done = advisor("replay", str(session), "--database", str(path))
    assert done.returncode == 1
    assert f"Session {session}, line 4" in done.stdout
    assert "computed:" in done.stdout
    assert advisor("replay", "9", "--database", str(path)).returncode == 1
    languages = {one: advisor("replay", "-l", one, "--database", str(path)).returncode for one in ("en", "fi")}
    assert sorted(languages.values()) in ([0, 0], [0, 1])


def test_a_draft_shows_whom_it_would_touch(crowd: Path, tmp_path: Path) -> None:
    """Unchanged: nobody. Another weight: some get another advice. An answer taken away: some lose it."""
    for file in Path("dialogs").glob("*.yaml"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    command = ("replay", "--against", str(tmp_path), "--database", str(crowd), "--json")
    found = json.loads(advisor(*command).stdout)
    assert (found["same"], found["touched"]) == (found["sessions"], [])
    shared = tmp_path / "questions-shared.yaml"
    shared.write_text(shared.read_text(encoding="utf-8").replace("by: 2", "by: 5"), encoding="utf-8")
    found = json.loads(advisor(*command).stdout)
    assert found["advice"] > 10
    assert found["lost"] == 0
    assert {one["kind"] for one in found["touched"]} == {"advice"}
    expert = tmp_path / "questions-expert.yaml"
    expert.write_text(expert.read_text(encoding="utf-8").replace("next: skills", "next: core"), encoding="utf-8")
    done = advisor(*command[:-1])
    assert done.returncode == 1
    assert "skills" in done.stderr
