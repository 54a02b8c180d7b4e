"""What the bot could not answer, and what owners thought of its answers: kept, listed, pruned; old databases too."""

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

from bot.dialog.session import Session
from bot.store import database as store
from bot.store.contents import keep, prune
from bot.store.database import Database, DatabaseRefusedError, opened, opened_for_reading
from bot.store.database_file import migrate
from bot.store.filters import Filter
from bot.store.found import page
from bot.store.questions import Rated, Unanswered, ask, rate, rated, unanswered
from bot.store.retention import prune as prune_all
from bot.store.schema import HEAD, metadata
from bot.store.sessions import Chat, load, save
from bot.store.statements import Sql
from bot.store.words import prepare

OLD_ROWS = """
INSERT INTO dialog_version VALUES ('v1', '{}', 0);
INSERT INTO chat VALUES (7, 'fi', 'x', 1, 11, 0, 0, 0, NULL);
INSERT INTO session VALUES (11, 7, 'v1', 'fi', 3, '{"work": "calls"}', '', '', 5, 1000, 2000);
INSERT INTO transcript VALUES (11, 0, 1000, 'owner', 'said', x'00', NULL);
"""


def question(text: str, session: int = 11, at: int = 0) -> Unanswered:
    return Unanswered(7, session, "fi", text, "unknown", at)


async def begun(database: Database, *sessions: int, at: int = 0) -> None:
    """Somebody agreed and began these sessions, one chat each."""
    await database.write(keep("v1", {}, 0))
    await database.write(save([Chat(one, Session(id=one, consent="x"), "v1") for one in sessions], at))


async def test_the_newest_questions_come_first(tmp_path: Path) -> None:
    """As many as were asked for, each with its number and all that was noted."""
    async with opened(tmp_path / "a.db") as database:
        await begun(database, 11)
        await database.write(ask([question("Paljonko?", at=1), question("Missä?", at=2)]))
        await database.write(ask([question("Kuka?", at=3)]))
        found = await unanswered(database, 2)
    assert [(one.id, one.text, one.asked_at) for one in found] == [(3, "Kuka?", 3), (2, "Missä?", 2)]
    assert found[0] == Unanswered(7, 11, "fi", "Kuka?", "unknown", 3, id=3)


WISH = Unanswered(7, 11, "fi", "", "person", 0)


@pytest.mark.parametrize("together", [True, False], ids=["one batch", "batch by batch"])
@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        (["Kuka?", WISH, WISH, WISH], [("Kuka?", "person")]),
        (["Kuka?", "Missä?", WISH, WISH], [("Kuka?", "unknown"), ("Missä?", "person")]),
        (["Kuka?", WISH, "Missä?", WISH], [("Kuka?", "person"), ("Missä?", "person")]),
        (["Kuka?", "Kuka?", "Kuka?", "Kuka?"], [("Kuka?", "unknown")]),
        (["Kuka?", WISH, "Kuka?", WISH], [("Kuka?", "person")]),
        ([WISH, WISH], [("", "person")]),
        ([WISH, "Kuka?", WISH], [("", "person"), ("Kuka?", "person")]),
    ],
    ids=["raised once", "the last one", "one by one", "asked again", "a wish stays", "nothing asked", "asked after"],
)
async def test_a_wish_for_a_person_is_about_what_was_asked_last(
    tmp_path: Path, asked: list[str | Unanswered], kept: list[tuple[str, str]], together: bool
) -> None:
    """Nothing is kept twice; what was asked in another session, or by another owner, stays as it is."""
    rows = [question(one) if isinstance(one, str) else one for one in asked]
    elsewhere = question("Kuka?", 12)
    async with opened(tmp_path / "a.db") as database:
        await begun(database, 11, 12)
        await database.write(ask([elsewhere]))
        for batch in [rows] if together else [[row] for row in rows]:
            await database.write(ask(batch))
        *found, first = await unanswered(database, 10)
    assert [(one.text, one.wants) for one in sorted(found, key=lambda one: one.id)] == kept
    assert (first.session_id, first.wants) == (12, "unknown")


async def test_what_was_asked_again_was_asked_last(tmp_path: Path) -> None:
    """It comes first in the list, and a person is wished for it; its number and its words stay."""
    async with opened(tmp_path / "a.db") as database:
        await begun(database, 11)
        await database.write(ask([question("Kuka?", at=1), question("Missä?", at=2), question("Kuka?", at=3), WISH]))
        found = await unanswered(database, 10)
    assert [(one.id, one.text, one.wants, one.asked_at) for one in found] == [
        (1, "Kuka?", "person", 3),
        (2, "Missä?", "unknown", 2),
    ]


async def test_a_person_has_one_opinion_of_an_answer(tmp_path: Path) -> None:
    """The one pressed last, in whatever language or session; another cell or owner is another opinion."""
    earlier = [Rated(7, 11, "kpo/cost", "fi", True, 1), Rated(7, 11, "kpo/cost", "en", True, 2)]
    others = [Rated(7, 11, "bpo/cost", "fi", True, 3), Rated(8, 12, "kpo/cost", "fi", True, 4)]
    changed = Rated(7, 12, "kpo/cost", "pt", helpful=False, at=5)
    async with opened(tmp_path / "a.db") as database:
        await begun(database, 11, 12)
        for opinion in (*earlier, *others, changed):
            await database.write(rate([opinion]))
        assert await rated(database, 10) == [changed, *reversed(others)]


async def test_questions_and_opinions_go_with_their_session(tmp_path: Path) -> None:
    """What is told to be deleted after a year is deleted here as well; a younger session keeps its own."""
    async with opened(tmp_path / "a.db") as database:
        await begun(database, 11, at=1_000)
        await begun(database, 12, at=9_000)
        await database.write(ask([question("old"), question("young", 12)]))
        await database.write(rate([Rated(7, 11, "c", "fi", True, 1), Rated(7, 11, "pressed again", "fi", True, 1)]))
        await database.write(rate([Rated(7, 12, "pressed again", "fi", False, 2)]))
        await prune_all(database, 9_999, 4_999)
        assert [one.text for one in await unanswered(database, 10)] == ["young"]
        assert [(one.cell, one.helpful) for one in await rated(database, 10)] == [("pressed again", False)]


async def test_where_we_were_asked_is_kept_with_the_session(tmp_path: Path) -> None:
    """`and its drawbacks?` goes on from the last answer, also after a restart."""
    async with opened(tmp_path / "a.db") as database:
        await database.write(keep("v1", {}, 0))
        await database.write(save([Chat(7, Session(id=11, consent="x", about="kpo/benefits"), "v1")], 0))
    async with opened(tmp_path / "a.db") as database:
        assert (await load(database, [7]))[7].session.about == "kpo/benefits"


async def test_versions_that_no_session_began_with_are_dropped(tmp_path: Path) -> None:
    """Not the two in use, not a young one, not one with a session."""
    async with opened(tmp_path / "a.db") as database:
        await begun(database, 11)
        for version, at in (("old", 0), ("current", 0), ("before it", 0), ("young", 9_000)):
            await database.write(keep(version, {}, at))
        await database.write(prune(("current", "before it"), 5_000))
    with sqlite3.connect(tmp_path / "a.db") as connection:
        left = {version for (version,) in connection.execute("SELECT version FROM dialog_version")}
    assert left == {"v1", "current", "before it", "young"}


# databases of the version before

ASKED_BEFORE = """
INSERT INTO questions (chat_id, session_id, language, text, wants, asked_at)
VALUES (7, 11, 'fi', 'Kuka?', 'unknown', 9);
INSERT INTO wording VALUES (x'01', 'Kuka?');
INSERT INTO transcript (session_id, line, at, who, kind, digest) VALUES (11, 1, 1000, 'owner', 'said', x'01');
"""


def brought_to(path: Path, version: str, *, back: bool = False) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(store.__file__).with_name("migrations")))
    with create_engine(f"sqlite:///{path}").begin() as connection:
        config.attributes["connection"] = connection
        (command.downgrade if back else command.upgrade)(config, version)


@pytest.fixture
def old_file(tmp_path: Path) -> Path:
    """A database as the first version of the program left it."""
    path = tmp_path / "old.db"
    brought_to(path, "0001")
    with sqlite3.connect(path) as connection:
        connection.executescript(OLD_ROWS)
    return path


def tables(path: Path) -> dict[str, set[str]]:
    with sqlite3.connect(path) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {name: {row[1] for row in connection.execute(f"PRAGMA table_info({name})")} for name in names}


async def test_a_database_whose_0004_had_the_gone_numbers_already_is_brought_up_to_date(old_file: Path) -> None:
    """What it knows of numbers that are gone stays."""
    brought_to(old_file, "0004")
    with sqlite3.connect(old_file) as connection:
        connection.execute("CREATE TABLE gone (name TEXT NOT NULL PRIMARY KEY, number BIGINT NOT NULL)")
        connection.execute("INSERT INTO gone VALUES ('session', 41)")
    async with opened(old_file) as database:
        assert await database.read(Sql("SELECT number FROM gone WHERE name = 'session'", {})) == [{"number": 41}]


@pytest.mark.parametrize("version", ["0001", "0002", "0003", "0004", "0005"])
async def test_an_old_database_is_brought_up_to_date_at_the_start(old_file: Path, version: str) -> None:
    """Of any version before, with everything in it; nothing was asked about yet. Foreign keys still hold."""
    brought_to(old_file, version)
    async with opened(old_file) as database:
        chat = (await load(database, [7]))[7]
        await database.write(ask([question("Kuka?")]))
    assert (chat.session.answers, chat.session.step, chat.session.about) == ({"work": "calls"}, 3, "")
    made = tables(old_file)
    assert {name: made[name] for name in metadata.tables} == {
        name: set(table.columns.keys()) for name, table in metadata.tables.items()
    }
    with sqlite3.connect(old_file) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [(HEAD,)]
        assert connection.execute("SELECT count(*) FROM transcript").fetchone() == (1,)
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


async def test_what_was_asked_before_is_the_same_question_when_it_is_asked_again(old_file: Path) -> None:
    """Of the version before: the question of a session is one, with its digest; what was said is found by its words."""
    brought_to(old_file, "0003")
    with sqlite3.connect(old_file) as connection:
        connection.executescript(ASKED_BEFORE)
    async with opened(old_file) as database:
        await database.write(ask([question("Kuka?")]))
        await database.write(ask([question("")]))
        assert [hit.id for hit in await page(database, Filter(words="kuka"), 9_000, 5)] == [11]
        (only,) = await unanswered(database, 5)
    assert (only.id, only.text) == (1, "Kuka?")


def test_an_encrypted_database_is_not_handed_to_an_older_version(old_file: Path) -> None:
    """It could not be read there; a plain one goes back, without the table of words, and forth."""
    migrate(old_file)
    prepare(old_file)
    brought_to(old_file, "0003", back=True)
    assert "words" not in tables(old_file)
    migrate(old_file)
    with sqlite3.connect(old_file) as connection:
        connection.execute("INSERT INTO seal VALUES (1, x'00', 1)")
    with pytest.raises(RuntimeError, match="--decrypt"):
        brought_to(old_file, "0003", back=True)


def test_a_migration_that_breaks_leaves_the_database_as_it_was(old_file: Path) -> None:
    """A name is taken half-way: no column is added; once it is free the same database is brought up to date."""
    before = tables(old_file)
    with sqlite3.connect(old_file) as connection:
        connection.execute("CREATE TABLE opinions (x)")
    with pytest.raises(Exception, match="opinions"):
        migrate(old_file)
    assert tables(old_file) == {**before, "opinions": {"x"}}
    with sqlite3.connect(old_file) as connection:
        connection.execute("DROP TABLE opinions")
    migrate(old_file)
    assert "about" in tables(old_file)["session"]


async def test_an_old_database_is_not_read_wrong(old_file: Path) -> None:
    """A report on it says what to do."""
    with pytest.raises(DatabaseRefusedError, match="brought up to date when the bot is started"):
        async with opened_for_reading(old_file):
            pass


# advisor questions


@pytest.fixture
async def asked(tmp_path: Path) -> Path:
    """Three questions and an opinion, one of them out to steer the terminal."""
    path = tmp_path / "a.db"
    async with opened(path) as database:
        await begun(database, 11)
        texts = ("How much is a\nlawyer?", "\x1b[2Jgone\u202e", "Is it\tdear?")
        await database.write((*ask(map(question, texts)), *rate([Rated(7, 11, "kpo/cost", "fi", False, 0)])))
    return path


def advisor(*arguments: str) -> str:
    done = subprocess.run([sys.executable, "-m", "bot", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def lines(output: str) -> Iterator[str]:
    return (line for line in output.splitlines() if line.strip())


def test_unanswered_questions_are_listed(asked: Path) -> None:
    """A line each, newest first, as many as wanted; what would steer the terminal is taken out."""
    output = advisor("questions", "list", "--each", "--database", str(asked), "--limit", "2")
    newest, older = lines(output)
    assert newest.endswith("Is it dear?")
    assert "gone" in older
    assert not set(output) & {"\x1b", "\u202e"}


def test_programs_read_questions_and_opinions_as_json(asked: Path) -> None:
    """The very words, and all that was noted."""
    rows = json.loads(advisor("questions", "list", "--each", "--database", str(asked), "--json"))
    assert [row["text"] for row in rows] == ["Is it\tdear?", "\x1b[2Jgone\u202e", "How much is a\nlawyer?"]
    assert {row["wants"] for row in rows} == {"unknown"}
    opinions = json.loads(advisor("questions", "opinions", "--database", str(asked), "--json"))
    assert opinions == [
        {"chat_id": 7, "session_id": 11, "cell": "kpo/cost", "language": "fi", "helpful": False, "at": 0}
    ]
    assert "not helpful" in advisor("questions", "opinions", "--database", str(asked))
