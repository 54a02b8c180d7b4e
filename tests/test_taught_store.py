"""What the staff taught, and who waits to hear of it: kept, listed in groups, exported for the authors."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import yaml
from dialog_live import LIVE
from test_questions_store import begun, lines

from bot.content.strict_yaml import read_yaml
from bot.knowledge.entries import Knowledge
from bot.knowledge.taught import Taught
from bot.languages import Language
from bot.store.database import opened
from bot.store.grouped import by_likeness, wording
from bot.store.questions import Unanswered, answered, ask, last_asked, tell_me, told, unanswered, waiting_for_answer
from bot.store.taught import approved, listed, newest_id, read, save

ONE = Taught(
    41, "approved", "fi", "Voiko kirjanpitäjää vaihtaa?", "Voi.\nMuista verot: 'alv'", "bpo", "fit",
    7, 1, "Ann", 2, "Bob", 1_795_305_000_000, 1_795_305_600_000, 3, "2026-11-22",
)  # fmt: skip
DRAFT = Taught(42, "draft", "en", "Why?", "Because.")
EARLIER = Taught(40, "approved", "bg", "Защо?", "Защото: „да“.", approved_at=5)


def question(text: str, session: int = 11, at: int = 0, language: Language = "en") -> Unanswered:
    return Unanswered(7, session, language, text, "unknown", at)


# -- taught answers


async def test_what_was_taught_is_kept_as_it_was_written(tmp_path: Path) -> None:
    """A second writing replaces the first; only approved ones are given, in the order of approval."""
    async with opened(tmp_path / "a.db") as database:
        assert (await newest_id(database), await approved(database)) == (0, ())
        await database.write(save([ONE, DRAFT, EARLIER]))
        assert await read(database, [41, 42, 99]) == {41: ONE, 42: DRAFT}
        assert await approved(database) == (EARLIER, ONE)
        assert await listed(database, 2) == [DRAFT, ONE]
        assert await newest_id(database) == 42
        refused = Taught(41, "refused", "fi", "x", "y")
        await database.write(save([refused]))
        assert await read(database, [41]) == {41: refused}
        assert await approved(database) == (EARLIER,)


# -- who waits for an answer


async def test_an_owner_waits_for_the_answer_to_what_was_asked_last(tmp_path: Path) -> None:
    """In that session; a wish for a person is no question, and nobody waits for another chat's."""
    async with opened(tmp_path / "a.db") as database:
        await begun(database, 11, 12)
        await database.write(ask([question("Kuka?", at=1), question("Missä?", at=2), question("Why?", 12, at=3)]))
        await database.write((*tell_me(7, 11), *tell_me(8, 12), *tell_me(7, 99)))
        (found,) = await waiting_for_answer(database)
        assert (found.text, found.chat_id, found.session_id, found.tell) == ("Missä?", 7, 11, True)
        assert await last_asked(database, 7, 11) == ("Missä?", "en")
        assert await last_asked(database, 8, 11) is None
        assert await last_asked(database, 7, 99) is None


async def test_asking_again_does_not_undo_the_wish(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.db") as database:
        await begun(database, 11)
        await database.write((*ask([question("Kuka?", at=1)]), *tell_me(7, 11)))
        await database.write(ask([question("Kuka?", at=2)]))
        (found,) = await waiting_for_answer(database)
        assert (found.tell, found.asked_at) == (True, 2)


async def test_who_was_told_waits_no_more_and_an_answered_question_is_not_listed(tmp_path: Path) -> None:
    async with opened(tmp_path / "a.db") as database:
        await begun(database, 11)
        await database.write((*ask([question("Kuka?")]), *tell_me(7, 11), *ask([question("Missä?", at=1)])))
        (waits,) = await waiting_for_answer(database)
        await database.write(answered([waits.id], 41))
        assert [one.taught_id for one in await waiting_for_answer(database)] == [41]
        await database.write(told([waits.id], 99))
        assert await waiting_for_answer(database) == []
        assert [one.text for one in await unanswered(database, 9)] == ["Missä?"]
        assert answered([], 41) == told([], 1) == ()


# -- in groups


def test_questions_are_grouped_and_called_by_the_wording_used_most() -> None:
    """Of wordings used as often, by the first; the largest group first, then the newest."""
    texts = [
        ("How long does it take to switch provider?", 1),
        ("Is there parking?", 2),
        ("how long will switching provider take", 3),
        ("How long does it take to switch provider?", 4),
        ("Do you like jazz?", 5),
    ]
    found = by_likeness([question(text, at=at) for text, at in texts], LIVE.knowledge)
    assert [(len(group), group[0].asked_at, wording(group)) for group in found] == [
        (3, 4, "How long does it take to switch provider?"),
        (1, 5, "Do you like jazz?"),
        (1, 2, "Is there parking?"),
    ]
    twice = by_likeness([question("Is there parking?", at=2), question("is there a parking", at=1)], LIVE.knowledge)
    assert wording(twice[0]) == "is there a parking"


@pytest.mark.parametrize("known", [LIVE.knowledge, Knowledge()], ids=["with its words", "without any"])
def test_wishes_without_words_are_one_group(known: Knowledge) -> None:
    (group,) = by_likeness([question("", 11, 1), question("", 12, 2)], known)
    assert wording(group) == "(a button)"


def advisor(*arguments: str) -> tuple[str, str]:
    done = subprocess.run([sys.executable, "-m", "bot", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout, done.stderr


async def test_the_terminal_lists_groups_and_each(tmp_path: Path) -> None:
    """Programs get every text with its number."""
    path, texts = str(tmp_path / "a.db"), ("Is it\tdear?", "\x1b[2Jgone\u202e", "is it dear", "IT IS DEAR?")
    async with opened(tmp_path / "a.db") as database:
        await begun(database, 11)
        await database.write(ask(question(text, at=n * 1000) for n, text in enumerate(texts)))
    output, _ = advisor("questions", "list", "--database", path)
    largest, single = lines(output)
    assert largest.split() == ["3", "1970-01-01", "00:00:03", "en", "Is", "it", "dear?"]
    assert "gone" in single
    assert not set(output) & {"\x1b", "\u202e"}
    assert len(list(lines(advisor("questions", "list", "--database", path, "--each")[0]))) == 4
    groups = json.loads(advisor("questions", "list", "--database", path, "--json")[0])
    assert [(group["count"], group["language"], group["newest"]) for group in groups] == [
        (3, "en", 3000),
        (1, "en", 1000),
    ]
    assert [(one["id"], one["text"]) for one in groups[0]["questions"]] == [
        (4, "IT IS DEAR?"),
        (3, "is it dear"),
        (1, "Is it\tdear?"),
    ]


def test_thousands_are_grouped_while_one_waits() -> None:
    """5,000 in about two seconds (a slow machine: ten are still passed)."""
    asked = [
        question(f"How long does it take to {verb} {noun} {n % 90}?", at=n)
        for n, (verb, noun) in enumerate(
            (f"verb{a % 70}ify", f"noun{a % 41}ation") for a in range(5000)
        )
    ]  # fmt: skip
    began = time.perf_counter()
    found = by_likeness(asked, LIVE.knowledge)
    assert time.perf_counter() - began < 10
    assert sum(map(len, found)) == 5000


# -- for the authors


async def test_what_was_taught_is_exported_for_the_authors(tmp_path: Path) -> None:
    """Sorted, in YAML that our own strict reader takes, and that any other reads back as it was."""
    path, out = str(tmp_path / "a.db"), tmp_path / "taught.yaml"
    async with opened(tmp_path / "a.db") as database:
        await database.write(save([ONE, DRAFT, EARLIER]))
    text, _ = advisor("knowledge", "export", "--database", path)
    assert text.startswith("# Answers that the staff taught")
    assert "Защото: „да“." in text
    rows = yaml.safe_load(text)["taught"]
    assert [row["question"] for row in rows] == ["Защо?", ONE.question]
    assert rows[1] == {
        "concept": "bpo", "facet": "fit", "language": "fi", "question": ONE.question, "answer": ONE.text,
        "taught_by": "Ann", "approved_by": "Bob", "date": "2026-11-22",
    }  # fmt: skip
    assert read_yaml("taught.yaml", text.encode()).problems == ()
    assert json.loads(advisor("knowledge", "export", "--database", path, "--json")[0]) == rows
    stdout, stderr = advisor("knowledge", "export", "--database", path, "--out", str(out))
    assert (stdout, out.read_text(encoding="utf-8")) == ("", text)
    assert str(out) in stderr


async def test_nothing_taught_is_said_and_is_no_error(tmp_path: Path) -> None:
    path, out = str(tmp_path / "a.db"), tmp_path / "taught.yaml"
    async with opened(tmp_path / "a.db") as database:
        await database.write(save([DRAFT]))
    stdout, stderr = advisor("knowledge", "export", "--database", path, "--out", str(out))
    assert (stdout, out.exists()) == ("", False)
    assert "Nothing is taught and approved yet." in stderr
    assert json.loads(advisor("knowledge", "export", "--database", path, "--json")[0]) == []
