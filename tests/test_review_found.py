"""Sessions are found: filters agree with a plain reading, words in four languages, pages without gaps or repeats."""

import asyncio
import random
import shutil
import sqlite3
import unicodedata
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from harness.stock import DAY, NOW, TEXTS, Kept, stocked, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.dialog.session import Session
from bot.store import database as store
from bot.store import found, retention, sessions, transcripts, words
from bot.store.database import Database, TooSlowError, opened
from bot.store.filters import RATINGS, STATES, YES_NO, Filter, FilterError
from bot.store.found import Count
from bot.store.statements import Job, Sql, Statement
from bot.store.transcripts import Line

MANY = 250


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[Kept]]:
    """A database with sessions of every kind."""
    path = tmp_path_factory.mktemp("stock") / "bot.db"

    async def fill() -> list[Kept]:
        async with opened(path) as database:
            return await stocked(database, MANY)

    return path, asyncio.run(fill())


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database, migrated once."""
    path = tmp_path_factory.mktemp("pattern") / "bot.db"

    async def make() -> None:
        async with opened(path):
            pass

    asyncio.run(make())
    return path


@pytest.fixture
def blank(pattern: Path, tmp_path: Path) -> Path:
    """An empty database of the test's own."""
    return Path(shutil.copy(pattern, tmp_path / "bot.db"))


# -- a plain reading


def _day(at: int) -> str:
    return found_day(at // DAY)


def found_day(day: int) -> str:
    return str(sqlite3.connect(":memory:").execute("SELECT date(? * 86400, 'unixepoch')", (day,)).fetchone()[0])


def _plain(text: str) -> list[str]:
    """The words of a text, small, Latin ones without accents: written anew, not with the code that is tested."""
    split = "".join(one if unicodedata.category(one)[0] in "LN" else " " for one in text.casefold())
    return ["".join(unicodedata.normalize("NFD", one)[0] if one < "Ͱ" else one for one in w) for w in split.split()]


def _has_words(one: Kept, asked: str) -> bool:
    terms = _plain(asked)
    return bool(terms) and any(
        all(any(word.startswith(term) if len(term) > 1 else word == term for word in _plain(text)) for term in terms)
        for who, kind, text in one.said
        if who != "bot" and kind != "pressed" and (kind != "commanded" or " " in text)
    )


def _state(one: Kept) -> str:
    if one.advised:
        return "advised"
    return "left" if one.updated_at < NOW - DAY else "going-on"


READ: dict[str, Callable[[Kept, str], bool]] = {
    "since": lambda one, value: _day(one.begun_at) >= value,
    "until": lambda one, value: _day(one.begun_at) <= value,
    "language": lambda one, value: one.language == value,
    "state": lambda one, value: _state(one) == value,
    "advice": lambda one, value: one.advised == value,
    "version": lambda one, value: one.version == value,
    "rating": lambda one, value: one.rating == int(value) if value.isdigit() else (value == "helpful") in one.helpful,
    "handed": lambda one, value: one.handed == (value == "yes"),
    "flagged": lambda one, value: one.flagged == (value == "yes"),
    "reviewed": lambda one, value: one.reviewed == (value == "yes"),
    "simulated": lambda one, value: (one.chat >= sessions.SIMULATED_FROM) == (value == "yes"),
    "label": lambda one, value: value in one.labels,
    "left_at": lambda one, value: one.stands == value and one.updated_at < NOW - DAY,
    "words": _has_words,
}


def read(kept: list[Kept], wanted: Filter) -> list[int]:
    """What a filter must find, newest first."""
    fits = [one for one in kept if all(READ[name](one, value) for name, value in wanted.set_values().items())]
    return sorted((one.id for one in fits), reverse=True)


SOME_WORDS = sorted({word for texts in TEXTS.values() for text in texts for word in _plain(text)})
filters = st.builds(
    Filter,
    **{
        name: st.one_of(st.just(""), st.just(""), values)
        for name, values in {
            "since": st.integers(0, 32).map(lambda back: found_day(NOW // DAY - back)),
            "until": st.integers(0, 32).map(lambda back: found_day(NOW // DAY - back)),
            "language": st.sampled_from(list(TEXTS)),
            "state": st.sampled_from(STATES),
            "advice": st.sampled_from(["kpo", "bpo", "not-enough", "none-such"]),
            "version": st.sampled_from(["v1", "v2", "v3"]),
            "rating": st.sampled_from(RATINGS),
            "handed": st.sampled_from(YES_NO),
            "flagged": st.sampled_from(YES_NO),
            "reviewed": st.sampled_from(YES_NO),
            "simulated": st.sampled_from(YES_NO),
            "label": st.sampled_from(["odd", "a & b", "no", "unused"]),
            "left_at": st.sampled_from(["work", "much", "nowhere"]),
            "words": st.sampled_from(SOME_WORDS).flatmap(
                lambda word: st.integers(1, len(word)).map(lambda length: word[:length])
            ),
        }.items()
    },
)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(filters, min_size=8, max_size=8))
def test_filters_find_what_a_plain_reading_finds(stock: tuple[Path, list[Kept]], wanted: list[Filter]) -> None:
    """Whatever is asked for together, the sessions and their number are those that a reading of all of them finds."""
    path, kept = stock

    async def compare() -> None:
        async with opened(path) as database:
            for one in wanted:
                expected = read(kept, one)
                assert [hit.id for hit in await found.page(database, one, NOW, MANY + 1)] == expected, one
                assert await found.count(database, one, NOW) == Count(len(expected), exact=True), one
                assert Filter.from_query({**one.set_values(), "before": "7"}) == one

    asyncio.run(compare())


@pytest.mark.parametrize("wanted", [Filter(words="no"), Filter(label="no"), Filter(words="no", flagged="no")], ids=str)
async def test_no_is_a_word_like_another(stock: tuple[Path, list[Kept]], wanted: Filter) -> None:
    """Where it was said, or is a label, it is looked for; only what is yes or no can be denied."""
    path, kept = stock
    async with opened(path) as database:
        found_ids = [hit.id for hit in await found.page(database, wanted, NOW, MANY + 1)]
    assert 0 < len(found_ids) < len(kept)
    assert found_ids == read(kept, wanted)


@pytest.mark.parametrize("name", list(READ))
def test_each_filter_is_met_and_missed_by_some(stock: tuple[Path, list[Kept]], name: str) -> None:
    """So that the comparison above means something: of each kind there is something to find, and something to skip."""
    values = {
        "since": "2026-11-15", "until": "2026-11-15", "language": "fi", "state": "left", "advice": "kpo",
        "version": "v1", "rating": "helpful", "label": "odd", "left_at": "work", "words": "плащ",
    }  # fmt: skip
    _, kept = stock
    assert 0 < len(read(kept, Filter(**{name: values.get(name, "yes")}))) < len(kept)


@pytest.mark.parametrize("wanted", [Filter(), Filter(language="bg"), Filter(words="кирj"), Filter(words="плащ"),
                                    Filter(handed="yes"), Filter(state="left", flagged="no")], ids=str)  # fmt: skip
@pytest.mark.parametrize("size", [1, 7, 50])
async def test_pages_have_no_gaps_and_no_repeats_while_sessions_are_written(
    blank: Path, wanted: Filter, size: int
) -> None:
    """Going on to older pages shows each session that was there once, and going back shows the same ones."""
    dice = random.Random(5)
    async with opened(blank) as database:
        kept = await stocked(database, 40)
        expected, seen, before = read(kept, wanted), list[int](), 0
        for step in range(200):
            part = [hit.id for hit in await found.page(database, wanted, NOW, size, before=before)]
            if not part:
                break
            seen += part
            before = part[-1]
            await write(database, _another(2000 + step, dice), dice)
        assert seen == expected
        back: list[int] = []
        while part := [hit.id for hit in await found.page(database, wanted, NOW, size, after=(back or [1])[0])]:
            back = part + back
        assert [number for number in back if number < 2000] == expected
        assert back == sorted(set(back), reverse=True)


def _another(number: int, dice: random.Random) -> Kept:
    return Kept(number, number, dice.choice(list(TEXTS)), NOW - 3 * DAY, NOW - 2 * DAY, "", "v1", "")


async def said(database: Database, text: str, number: int = 1000, who: str = "owner", kind: str = "said") -> None:
    await stocked(database, 0)
    chat = sessions.Chat(number, Session(id=number, consent="x"), "v1")
    await database.write((*sessions.save([chat], NOW), *transcripts.add([Line(number, 0, NOW, who, kind, text)])))


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Колко струват плащанията?", "плащ"),
        ("Колко струват ПЛАЩАНИЯТА?", "плащанията"),
        ("счетоводството", "Счетоводств"),
        ("Quanto custa a ligação?", "ligacao"),
        ("Quanto custa a ligacao?", "LIGAÇÃO"),
        ("Paljonko kirjanpito-ohjelma maksaa yöllä", "yolla kirjanp"),
        ("the outsourcing of payroll", "outsourcing"),
        ("cafe\u0301 au lait", "café"),
        ("№ 42, 7 days", "7 42"),
    ],
)
async def test_words_are_found_in_four_languages_by_their_beginning(blank: Path, text: str, asked: str) -> None:
    """Case and accents do not matter; the order of the words neither. By reading, it is the same."""
    async with opened(blank) as database:
        await said(database, text)
        assert [hit.line for hit in await found.page(database, Filter(words=asked), NOW, 5)] == [0]
    assert words.holds(text, words.terms(asked))


@pytest.mark.parametrize(
    ("text", "asked"),
    [("плащане", "ащане"), ("кафе й", "и"), ("one two", "one three"), ("ab", "a"), ("payment", "payments")],
)
async def test_what_is_not_said_is_not_found(blank: Path, text: str, asked: str) -> None:
    """Not the middle of a word, not one word of two, and a letter alone is no beginning."""
    async with opened(blank) as database:
        await said(database, text)
        assert await found.page(database, Filter(words=asked), NOW, 5) == []
    assert not words.holds(text, words.terms(asked))


HOSTILE = (
    '"', "'", '"" OR 1', "NEAR(a b)", "a AND NOT b", "words : x", "-x", "^x", "x*", "(", ")", "{a b}", "a + b", "*",
    "'; DROP TABLE session; --", "\x00", "a\x00b", "AND", "OR", "NOT", "%", "_", "\\", "﷽", "İ", "ß", "ﬁ",
    "𝒳𝓎", "👨‍👩‍👧",
    "a" * 5000, "ᲀ", "\u0301", "e\u0301\u0302", "١٢٣", "🄰", "ǅ", "½", "٠", "ა" "Ა", "\ud800",
)  # fmt: skip


@pytest.mark.parametrize("asked", HOSTILE, ids=ascii)
async def test_nothing_typed_is_read_as_syntax(blank: Path, asked: str) -> None:
    """Whatever is looked for, there is an answer, and the database stays as it is."""
    async with opened(blank) as database:
        await said(database, "something else entirely")
        assert await found.page(database, Filter(words=asked), NOW, 5) == []
        assert (await found.count(database, Filter(), NOW)).n == 1


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.text(max_size=30), min_size=5, max_size=5), st.text(max_size=20))
def test_any_text_can_be_said_and_looked_for(stock: tuple[Path, list[Kept]], texts: list[str], asked: str) -> None:
    """No text breaks the index or the search, nor, when it goes, the index."""
    path, _ = stock

    async def try_all() -> None:
        async with opened(path) as database:
            texts_ = [text.encode("utf-8", "replace").decode() for text in texts]
            lines = [Line(1000, 500 + place, NOW, "owner", "said", text) for place, text in enumerate(texts_)]
            await database.write(transcripts.add(lines))
            await found.page(database, Filter(words=asked), NOW, 5)
            await database.write(_deleted(500))
        with sqlite3.connect(path) as connection:
            connection.execute("INSERT INTO words (words) VALUES ('integrity-check')")

    asyncio.run(try_all())


def _deleted(line: int) -> Job:
    return (Statement(Sql("DELETE FROM transcript WHERE line >= :line", {}), ({"line": line},)),)


async def test_an_old_database_is_indexed_when_it_is_opened(blank: Path) -> None:
    """What was said before there was an index is found, too; nothing is indexed twice."""
    path = blank
    async with opened(path) as database:
        await said(database, "Колко струват плащанията?")
    words.prepare(path, sealed=True)
    with sqlite3.connect(path) as connection:
        assert "words" not in {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    for _ in range(2):
        async with opened(path) as database:
            assert [hit.id for hit in await found.page(database, Filter(words="плащ"), NOW, 5)] == [1000]
            assert await found.count(database, Filter(words="плащ"), NOW) == Count(1, exact=True)


async def test_what_is_forgotten_leaves_no_bytes_in_the_index(blank: Path) -> None:
    """After a session went and the index was merged, none of its words stands in the index any more."""
    path, marker = blank, "Zyxwvutmarker"
    async with opened(path) as database:
        for number in range(1000, 1020):
            await said(database, f"common words and {marker if number == 1007 else 'nothing'}", number)
        await retention.prune(database, NOW + 1, 0)
        assert await _bytes_in_index(database, marker)
        await words.merge(database)
        assert not await _bytes_in_index(database, marker)
        await said(database, "words again", 3000)
        await words.merge(database)
        assert [hit.id for hit in await found.page(database, Filter(words="again"), NOW, 5)] == [3000]


async def test_merging_ends_though_turns_go_on(blank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A turn between two steps makes a new piece of the index, of the number of an old one: no reason to go on."""
    write, steps = Database.write, []

    async def with_a_turn_after(self: Database, job: Any) -> None:
        await write(self, job)
        if job[0].sql is words._MERGE:
            steps.append(job)
            assert len(steps) < 10
            if len(steps) == 1:
                await said(self, "a word meanwhile", 2000)

    async with opened(blank) as database:
        for number in range(1000, 1005):
            await said(database, "common words", number)
        monkeypatch.setattr(Database, "write", with_a_turn_after)
        await words.merge(database)
    assert steps


async def _bytes_in_index(database: Database, marker: str) -> bool:
    rows = await database.read(Sql("SELECT block FROM words_data", {}))
    return any(marker.lower()[3:].encode() in row["block"] for row in rows)


async def test_a_look_that_takes_too_long_is_broken_off(blank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says so, cannot write, and the next look, and turns meanwhile, are as ever."""
    monkeypatch.setattr(store, "LOOK_SECONDS", 0.2)
    endless = Sql("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", {})
    async with opened(blank) as database:
        looking = asyncio.create_task(database.look(endless))
        await asyncio.sleep(0)
        await said(database, "written meanwhile")
        with pytest.raises(TooSlowError):
            await looking
        assert (await found.count(database, Filter(), NOW)).n == 1
        with pytest.raises(store.StoreError, match="readonly"):
            await database.look(Sql("DELETE FROM session", {}))


async def test_a_look_that_is_given_up_holds_nobody_up(blank: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who closes the page of a long export leaves no query behind: the next look is answered, not broken off."""
    monkeypatch.setattr(store, "LOOK_SECONDS", 3600)
    endless = Sql("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n", {})
    async with opened(blank) as database:
        looking = asyncio.create_task(database.look(endless))
        await asyncio.sleep(0.2)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        async with asyncio.timeout(20):
            assert (await found.count(database, Filter(), NOW)).n == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("since", "yesterday"), ("until", "2026-13-01"), ("since", "0001-01-01x"), ("language", "xx"), ("state", "1"),
     ("rating", "9"), ("rating", "٣"), ("flagged", "maybe"), ("label", "x" * 101), ("label", "a\nb"),
     ("version", "../x"), ("advice", "a b")],
)  # fmt: skip
def test_a_value_that_names_nothing_is_told_of(name: str, value: str) -> None:
    """The message names the filter and what it can be."""
    with pytest.raises(FilterError, match=name):
        Filter.from_query({name: value})


@pytest.fixture
async def empty(blank: Path) -> AsyncIterator[Database]:
    async with opened(blank) as database:
        yield database


async def test_counts_are_exact_only_as_far_as_they_are_quick(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Above the bound it is "more than"; a filter that looked at too much says at least how many."""
    await stocked(empty, 30)
    monkeypatch.setattr(found, "MOST_COUNTED", 10)
    assert await found.count(empty, Filter(), NOW) == Count(10, exact=False)
    monkeypatch.setattr(found, "MOST_COUNTED", 100)
    monkeypatch.setattr(found, "MOST_SCANNED", 20)
    counted = await found.count(empty, Filter(flagged="no", language=""), NOW)
    assert counted.n <= 20
    assert not counted.exact
