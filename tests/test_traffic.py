"""The traffic over the tree: what is counted is what people did, and nothing is lost when they change their minds.

A short walk by default. In full: TRAFFIC_ACTS=20000 .venv/bin/python -m pytest tests/test_traffic.py
"""

import json
import os
import random
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from dialog_live import FOLDER, LIVE
from harness.content import write_small_content
from harness.walkers import HOUR, NOW, Walked, walking

from bot.content.draft import PHRASES_FILE
from bot.content.load import load, read_folder
from bot.dialog.events import Commanded, Said
from bot.dialog.path import walk
from bot.dialog.phrases import Content, Words
from bot.dialog.presses import read_press
from bot.dialog.tree import ADVICE
from bot.store.retention import prune
from bot.store.sessions import SIMULATED_FROM
from bot.store.traffic import ADDED_AT_ONCE, fold
from bot.turns import counting

ACTS = int(os.environ.get("TRAFFIC_ACTS", "1500"))
ANA, BEN = 7, 8
DAY = NOW // (24 * HOUR)

Counts = Counter[tuple[str, str]]
COUNTED = """(SELECT language, simulated, day, node, what, n FROM traffic UNION ALL
    SELECT language, simulated, day, json_extract(value, '$[0]') AS node, json_extract(value, '$[1]') AS what,
        json_extract(value, '$[2]') AS n FROM traffic_new, json_each(counts))"""
"""What is added up, and what is not yet."""


def files_in(folder: Path) -> dict[str, str]:
    return {name: data.decode() for name, data in read_folder(folder).items() if name != PHRASES_FILE}


@pytest.fixture
def small(tmp_path: Path) -> tuple[Content, dict[str, str]]:
    """Work (calls, books), who (only for calls), much, trust: each with two options."""
    write_small_content(tmp_path / "content")
    folder = tmp_path / "content" / "dialogs"
    return load(folder, tmp_path / "content" / "knowledge"), files_in(folder)


@pytest.fixture
async def crowd(tmp_path: Path, small: tuple[Content, dict[str, str]]) -> AsyncIterator[Walked]:
    async with walking(tmp_path / "bot.db", *small) as walked:
        yield walked


def rows(walked: Walked, path: Path, sql: str) -> list[tuple[Any, ...]]:
    with sqlite3.connect(path / "bot.db") as connection:
        return connection.execute(sql).fetchall()


def counts(path: Path, where: str = "1") -> dict[str, int]:
    """What was counted, as `question what`, without what came to nothing."""
    with sqlite3.connect(path / "bot.db") as connection:
        found = connection.execute(f"SELECT node, what, sum(n) FROM {COUNTED} WHERE {where} GROUP BY 1, 2").fetchall()
    return {f"{node} {what}".strip(): n for node, what, n in found if n}


# -- what each deed means


async def test_a_session_is_counted_from_consent_on(crowd: Walked, tmp_path: Path) -> None:
    """Before, nothing is; over the menu, no question was shown yet."""
    crowd.join(ANA, language="en")
    await crowd.do((ANA, Commanded(name="start")))
    assert counts(tmp_path) == {}
    await crowd.tap(ANA, "agree", "en")
    assert counts(tmp_path) == {"begun": 1}
    await crowd.tap(ANA, "find")
    assert counts(tmp_path) == {"begun": 1, "work shown": 1}


async def test_an_answer_counts_for_its_question_and_the_next_one_is_shown(crowd: Walked, tmp_path: Path) -> None:
    await crowd.to_first_question(ANA)
    await crowd.tap(ANA, "answer", "work", "books")
    assert counts(tmp_path) == {"begun": 1, "work shown": 1, "work answer:books": 1, "much shown": 1}


async def test_typed_answers_help_questions_and_stray_words_are_told_apart(crowd: Walked, tmp_path: Path) -> None:
    """Each counts where the owner stood; none of them moves anything but the typed answer."""
    await crowd.to_first_question(ANA)
    await crowd.do((ANA, Said(text="Books")))
    await crowd.tap(ANA, "why", "much")
    for words in ("What is outsourcing?", "Will it rain tomorrow?", "🙂", "not sure"):
        await crowd.do((ANA, Said(text=words)))
    assert counts(tmp_path, "node IN ('work', 'much')") == {
        "work shown": 1, "work answer:books": 1, "work typed": 1,
        "much shown": 1, "much help": 1, "much asked": 1, "much unanswered": 1, "much unclear": 1,
        "much answer:not-sure": 1, "much typed": 1,
    }  # fmt: skip


async def test_a_step_back_counts_where_it_was_taken_and_undoes_the_answer(crowd: Walked, tmp_path: Path) -> None:
    """A question is shown once, however often it comes again; one that is no longer on the way lies aside."""
    await crowd.to_first_question(ANA)
    await crowd.tap(ANA, "answer", "work", "calls")
    await crowd.tap(ANA, "back")
    await crowd.tap(ANA, "answer", "work", "books")
    assert counts(tmp_path) == {
        "begun": 1, "work shown": 1, "work answer:books": 1, "who shown": 1, "who back": 1, "who aside": 1,
        "much shown": 1,
    }  # fmt: skip


async def test_what_a_double_tap_and_an_old_button_do_is_not_counted(crowd: Walked, tmp_path: Path) -> None:
    await crowd.to_first_question(ANA)
    await crowd.tap(ANA, "answer", "work", "books")
    before = counts(tmp_path)
    await crowd.tap(ANA, "answer", "work", "books")
    await crowd.tap(ANA, "answer", "work", "calls")
    assert counts(tmp_path) == before


async def test_the_advice_counts_as_it_stands_last(crowd: Walked, tmp_path: Path) -> None:
    """Who changes an answer under it may be advised otherwise: then the count moves with the advice."""
    await crowd.to_first_question(ANA)
    for question, option in (("work", "books"), ("much", "little"), ("trust", "secret")):
        await crowd.tap(ANA, "answer", question, option)
    assert counts(tmp_path, "node IN ('', 'advice')") == {"begun": 1, "advice:in-house": 1, "advice shown": 1}
    await crowd.tap(ANA, "recap")
    await crowd.tap(ANA, "change", "much")
    await crowd.tap(ANA, "answer", "much", "lots")
    await crowd.tap(ANA, "recap")
    await crowd.tap(ANA, "change", "work")
    await crowd.tap(ANA, "answer", "work", "calls")
    await crowd.tap(ANA, "answer", "who", "they")
    assert counts(tmp_path, "node IN ('', 'advice')") == {"begun": 1, "advice:provider": 1, "advice shown": 1}
    assert counts(tmp_path, "what = 'changed'") == {"much changed": 1, "work changed": 1}


async def test_who_starts_over_did_not_leave(crowd: Walked, tmp_path: Path) -> None:
    """The old session ended at its question by a new start, and stands nowhere any more."""
    await crowd.to_first_question(ANA)
    await crowd.tap(ANA, "answer", "work", "books")
    await crowd.do((ANA, Commanded(name="restart")))
    await crowd.tap(ANA, "restart-yes")
    assert counts(tmp_path) == {
        "begun": 2, "restarted": 1, "work shown": 2, "work answer:books": 1, "much shown": 1, "much restarted": 1
    }  # fmt: skip
    assert rows(crowd, tmp_path, "SELECT stands FROM session ORDER BY id") == [("",), ("work",)]


async def test_a_session_begun_and_left_in_one_batch_is_kept_as_it_was(crowd: Walked, tmp_path: Path) -> None:
    """The answer just before the new start is in the old session, whether it came in the same batch or not."""
    await crowd.to_first_question(ANA)
    yes = Words(crowd.content, "en").plain("restart-yes")
    await crowd.do((ANA, Said(text="Books")), (ANA, Commanded(name="restart")), (ANA, Said(text=yes)))
    kept = rows(crowd, tmp_path, "SELECT answers, stands FROM session ORDER BY id")
    assert kept == [('{"work": "books"}', ""), ("{}", "work")]
    assert counts(tmp_path, "node = 'much'") == {"much shown": 1, "much restarted": 1}


async def test_another_language_takes_the_session_along(crowd: Walked, tmp_path: Path) -> None:
    """A session counts for the language that it is in, whole."""
    await crowd.to_first_question(ANA)
    await crowd.tap(ANA, "answer", "work", "books")
    await crowd.do((ANA, Commanded(name="language")))
    await crowd.tap(ANA, "speak", "fi")
    assert counts(tmp_path, "language = 'en'") == {}
    assert counts(tmp_path, "language = 'fi'") == {
        "begun": 1, "work shown": 1, "work answer:books": 1, "much shown": 1
    }  # fmt: skip


async def test_the_day_is_the_one_on_which_the_session_began(crowd: Walked, tmp_path: Path) -> None:
    """Who goes on a week later does not appear in that week's numbers: shown and answered stay together."""
    await crowd.to_first_question(ANA)
    crowd.later(7 * 24 * HOUR)
    await crowd.tap(ANA, "answer", "work", "books")
    assert rows(crowd, tmp_path, f"SELECT DISTINCT day, simulated FROM {COUNTED}") == [(DAY, 0)]


async def test_simulated_people_are_counted_apart(crowd: Walked, tmp_path: Path) -> None:
    await crowd.to_first_question(SIMULATED_FROM + 3)
    assert counts(tmp_path, "simulated") == {"begun": 1, "work shown": 1}
    assert counts(tmp_path, "NOT simulated") == {}


async def test_an_update_that_breaks_counts_nothing(
    crowd: Walked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where it breaks after the counting; what came before it in the batch, and after, counts once."""
    await crowd.to_first_question(ANA)
    await crowd.to_first_question(BEN)
    real, calls = counting._add, []  # broken half-way, on purpose

    def breaking(*arguments: Any) -> None:
        real(*arguments)
        calls.append(1)
        if len(calls) == 3:
            raise RuntimeError("half-way")

    monkeypatch.setattr(counting, "_add", breaking)
    await crowd.do((ANA, Said(text="Books")), (BEN, Said(text="Books")), (ANA, Said(text="A little")))
    assert counts(tmp_path, "node <> 'trust'") == {
        "begun": 2, "work shown": 2, "work answer:books": 1, "work typed": 1,
        "much shown": 1, "much answer:little": 1, "much typed": 1,
    }  # fmt: skip
    assert rows(crowd, tmp_path, "SELECT count(*) FROM failed_update") == [(1,)]


async def test_counts_stay_when_the_sessions_go(crowd: Walked, tmp_path: Path) -> None:
    await crowd.to_first_question(ANA)
    before = counts(tmp_path)
    assert await prune(crowd.database, NOW + HOUR, 0) == 1
    assert rows(crowd, tmp_path, "SELECT count(*) FROM session") == [(0,)]
    assert counts(tmp_path) == before


async def test_old_days_are_put_together_by_month(crowd: Walked, tmp_path: Path) -> None:
    """Whole months, none of it lost, however often it is done; the last two months stay day by day."""
    for person in range(1, 6):
        await crowd.to_first_question(person)
        crowd.later(20 * 24 * HOUR)
    before, now = counts(tmp_path), NOW + 130 * 24 * HOUR
    for _ in range(2):
        await crowd.database.write(fold(now))
    assert counts(tmp_path) == before
    # Begun on 2026-11-22, 12-12, 2027-01-01, 01-21, 02-10; it is 2027-04-01, January is within two months yet.
    days = rows(crowd, tmp_path, "SELECT date(day * 86400, 'unixepoch'), sum(n) FROM traffic GROUP BY day")
    assert days == [("2026-11-01", 2), ("2026-12-01", 2), ("2027-01-01", 2), ("2027-01-21", 2), ("2027-02-10", 2)]


async def test_a_session_from_before_the_counting_is_counted_from_its_next_turn_on(
    crowd: Walked, tmp_path: Path
) -> None:
    """With all that is on its path; nothing falls below zero."""
    await crowd.to_first_question(ANA)
    await crowd.tap(ANA, "answer", "work", "books")
    with sqlite3.connect(tmp_path / "bot.db") as connection:
        connection.execute("DELETE FROM traffic_new")
        connection.execute("UPDATE session SET met = '', stands = ''")
    await crowd.tap(ANA, "answer", "much", "lots")
    assert counts(tmp_path) == {
        "begun": 1, "work shown": 1, "work answer:books": 1, "much shown": 1, "much answer:lots": 1, "trust shown": 1
    }  # fmt: skip


# -- whatever people do


def recounted(path: Path, content: Content) -> dict[str, int]:
    """The same from what was kept of every session: its transcript in the very words shown, and its answers."""
    with sqlite3.connect(path / "bot.db") as connection:
        kept = connection.execute("SELECT id, answers, advised, language FROM session").fetchall()
        newest = {one for (one,) in connection.execute("SELECT session_id FROM chat")}
        lines = connection.execute(
            "SELECT session_id, text FROM transcript JOIN wording ON wording.digest = buttons WHERE who = 'bot'"
        ).fetchall()
    shown: dict[int, set[str]] = {}
    for session, buttons in lines:
        presses = [read_press(data) for row in json.loads(buttons) for _, data in row]
        shown.setdefault(session, set()).update(
            one.word(0) for one in presses if one and one.action == "answer" and one.session == session
        )
    found: Counts = Counter()
    for session, answers, advised, _ in kept:
        _recount(found, content, json.loads(answers), advised, shown.get(session, set()), ended=session not in newest)
    return {f"{node} {what}".strip(): n for (node, what), n in found.items()}


def _recount(
    found: Counts, content: Content, answers: dict[str, str], advised: str, shown: set[str], *, ended: bool
) -> None:
    path = walk(content.dialog, answers)
    here = path.current.id if path.current else ADVICE
    met = shown | ({ADVICE} if advised else set())
    given = path.answers()
    found["", "begun"] += 1
    if advised:
        found["", f"advice:{advised}"] += 1
    if ended:
        found["", "restarted"] += 1
        found.update([(here, "restarted")] if here in met else [])
    for node in met:
        found[node, "shown"] += 1
        if node in given:
            found[node, f"answer:{given[node]}"] += 1
        elif node != here:
            found[node, "aside"] += 1


@pytest.mark.parametrize("which", ["small", "live"])
async def test_the_counts_equal_a_recount_of_all_that_was_kept(
    which: str, small: tuple[Content, dict[str, str]], tmp_path: Path
) -> None:
    """People who do anything at all, in batches of any size, over days: the table says what the transcripts say."""
    content, files = small if which == "small" else (LIVE, files_in(FOLDER))
    dice = random.Random(ACTS)
    async with walking(tmp_path / "bot.db", content, files) as walked:
        walked.join(*range(1, 31))
        acted = 0
        while acted < ACTS:
            people = [dice.randint(1, 30) for _ in range(dice.choice([1, 1, 2, 5, 20]))]
            await walked.act(*people)
            walked.later(dice.choice([1000, HOUR, 20 * HOUR]))
            acted += len(people)
    happened = "('help', 'back', 'asked', 'unanswered', 'unclear', 'person', 'typed', 'changed')"
    expected = recounted(tmp_path, content)
    assert counts(tmp_path, f"what NOT IN {happened}") == expected
    with sqlite3.connect(tmp_path / "bot.db") as connection:
        assert connection.execute("SELECT count(*) FROM failed_update").fetchone() == (0,)
        by_language = connection.execute(f"SELECT language, sum(n) FROM {COUNTED} WHERE what = 'begun' GROUP BY 1")
        listed = connection.execute("SELECT language, count(*) FROM session GROUP BY 1").fetchall()
        assert [one for one in by_language.fetchall() if one[1]] == listed
        below = f"(SELECT node, what, language, sum(n) AS n FROM {COUNTED} GROUP BY 1, 2, 3) WHERE n < 0"
        assert connection.execute(f"SELECT node, what FROM {below}").fetchall() == []
        assert connection.execute("SELECT count(*) FROM traffic_new").fetchone()[0] < ADDED_AT_ONCE < acted
    assert sum(expected.values()) > ACTS / 4
