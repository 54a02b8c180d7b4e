"""A stored session comes out the same when it is recomputed; where it does not, that is shown."""

import json
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from harness.simulated import execute, replays, rows, shipped, simulate

from bot.dialog.phrases import NO_KNOWLEDGE, Content, Phrase
from bot.hot_content import Read
from bot.languages import LANGUAGES, Text
from bot.review.wording import ANYTHING, alike

OWNERS = 60


@pytest.fixture(scope="module")
def read() -> Read:
    return shipped()


@pytest.fixture(scope="module")
def held(read: Read, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with simulated sessions; nobody changes it."""
    path = tmp_path_factory.mktemp("held") / "held.db"
    simulate(path, read, OWNERS)
    return path


@pytest.fixture
def database(held: Path, tmp_path: Path) -> Path:
    """A copy of it to be spoilt."""
    return Path(shutil.copy(held, tmp_path / "copy.db"))


def test_every_session_replays_equal(held: Path, read: Read) -> None:
    """In four languages, with all that owners do: typed answers, questions, help, changes, a person, coming back."""
    found = replays(held, read.content)
    assert [one for one in found if not one.is_equal] == []
    assert len(found) >= OWNERS
    assert {row[0] for row in rows(held, "SELECT DISTINCT language FROM session")} == set(LANGUAGES)
    assert rows(held, "SELECT count(*) FROM transcript WHERE kind = 'said' AND taken LIKE 'answer:%'") > [(20,)]
    assert rows(held, "SELECT count(*) FROM transcript WHERE kind = 'said' AND taken = ''") > [(20,)]
    assert rows(held, "SELECT count(*) FROM transcript WHERE taken = 'person'") > [(2,)]
    assert rows(held, "SELECT count(*) FROM transcript WHERE who = 'staff'") > [(2,)]


def test_reworded_phrases_and_other_knowledge_are_no_defects(held: Path, read: Read) -> None:
    """They are taken as stored: whoever rewords a phrase has not broken the sessions before."""
    found = replays(held, read.content, lambda content: replace(_reworded(content), knowledge=NO_KNOWLEDGE))
    assert [one for one in found if not one.is_equal] == []


def _reworded(content: Content) -> Content:
    phrases = {name: Phrase(_other(one.other), one.one and _other(one.one)) for name, one in content.phrases.items()}
    return replace(content, phrases=phrases)


def _other(text: Text) -> Text:
    """Other words around the same variables, in another order."""
    named = [" ".join(reversed(re.findall(r"{\w+}", text.to(language)))) for language in LANGUAGES]
    return Text(*(f"Quite other words {names} than then" for names in named))


@pytest.mark.parametrize(("file", "old", "new"), [
    ("questions-expert.yaml", "next: core", "next: volume"),
    ("questions-shared.yaml", "by: 2", "by: 3"),
    ("questions-shared.yaml", "How much of this work is there?", "How much of this work is here?"),
    ("questions-shared.yaml", "Poucas horas por semana", "Poucas horas por mês"),
    ("outsourcing.yaml", "enough: 4", "enough: 6"),
    ("outsourcing.yaml", "Pidä työ toistaiseksi omassa yrityksessäsi.", "Pidä työ."),
])  # fmt: skip
def test_a_dialog_version_that_was_changed_is_found(database: Path, read: Read, file: str, old: str, new: str) -> None:
    """An answer that leads elsewhere, another weight, another text, in any language: some session differs."""
    version, files = rows(database, "SELECT version, files FROM dialog_version")[0]
    stored = json.loads(str(files))
    assert old in stored[file]
    stored[file] = stored[file].replace(old, new)
    execute(database, "UPDATE dialog_version SET files = ? WHERE version = ?", json.dumps(stored), version)
    found = [one for one in replays(database, read.content) if not one.is_equal]
    assert found
    assert all(one.outcome == "differs" for one in found), found[0]


@pytest.mark.parametrize(("table", "set_", "where"), [
    ("wording", "text = text || '.'", "digest = (SELECT digest FROM transcript WHERE who = 'bot' AND kind = 'edit')"),
    ("session", "step = step + 1", "id = (SELECT max(id) FROM session)"),
    ("session", "answers = '{}'", "id = (SELECT max(id) FROM session WHERE step > 1)"),
    ("session", "advised = 'someone-else'", "id = (SELECT max(id) FROM session)"),
    ("session", "lines = lines + 1", "id = (SELECT max(id) FROM session)"),
    ("transcript", "taken = ''",
     "(session_id, line) = (SELECT session_id, line FROM transcript WHERE taken LIKE 'a%')"),
    ("transcript", "who = 'staff'",
     "(session_id, line) = (SELECT session_id, line FROM transcript WHERE kind = 'edit')"),
    ("transcript", "buttons = NULL", "(session_id, line) = (SELECT session_id, line FROM transcript WHERE"
     " kind = 'reply' AND buttons IS NOT NULL)"),
])  # fmt: skip
def test_a_record_that_was_changed_is_found(database: Path, read: Read, table: str, set_: str, where: str) -> None:
    """One row, changed behind the bot's back, is a session that differs, and it says where."""
    execute(database, f"UPDATE {table} SET {set_} WHERE {where}")
    found = [one for one in replays(database, read.content) if not one.is_equal]
    assert found
    assert all(one.outcome == "differs" and one.why for one in found)


def test_a_line_that_is_missing_is_found(database: Path, read: Read) -> None:
    execute(database, "DELETE FROM transcript WHERE (session_id, line) = (SELECT max(session_id), 3 FROM transcript)")
    assert [one.outcome for one in replays(database, read.content) if not one.is_equal] == ["differs"]


def test_what_cannot_be_replayed_is_no_defect(database: Path, read: Read) -> None:
    """Sessions whose dialog version can be loaded no more, or that were moved to another one half-way, say so."""
    execute(database, "UPDATE session SET moved = 1 WHERE id = (SELECT max(id) FROM session)")
    assert [one.outcome for one in replays(database, read.content)].count("gone") == 1
    execute(database, "UPDATE dialog_version SET files = '{}'")
    assert {one.outcome for one in replays(database, read.content)} == {"gone"}


@pytest.mark.parametrize(("expected", "stored", "same"), [
    ("as it is", "as it is", True),
    ("as it is", "as it was", False),
    (f"{ANYTHING}\n\nq", "any words\n\nq", True),
    (f"{ANYTHING}\n\nq", "any words\n\nr", False),
    ("a\ue000x\ue001y\ue002b", "a y before x b", True),
    ("a\ue000x\ue001y\ue002b", "a only y b", False),
    ("a\ue000x\ue002b", "a b x", False),
    (f"a{ANYTHING}b{ANYTHING}", "a b", True),
    (f"a\ue000{ANYTHING}\ue002b", "a b", True),
    ("a\ue000\ue000x\ue002\ue002b", "a y b", False),
    (f"{ANYTHING}aa", "a", False),
])  # fmt: skip
def test_gaps(expected: str, stored: str, same: bool) -> None:
    """A gap takes any words, but what the phrase was given to say must stand there, in any order."""
    assert alike(expected, stored) is same
