"""S13: what is kept of whom, and for how long. Every table is looked at, also those that are not written yet."""

import itertools
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from harness.content import write_small_content
from harness.keyed import key_file, readable
from sqlalchemy import BigInteger, Boolean, Column, Integer, LargeBinary, Table

from bot.chat.files import as_json, page
from bot.content.load import load
from bot.dialog.phrases import Content, Words
from bot.dialog.session import Session
from bot.store import contents, retention, schema, sessions, transcripts
from bot.store.belongings import NOBODYS, PERSONS, STAFFS
from bot.store.database import Database, opened
from bot.store.filters import DAY_MS
from bot.store.forgetting import forgetting
from bot.store.kept import LEFT_OUT, kept
from bot.store.statements import compiled, inserting, many
from bot.store.transcripts import digest

ANA, BEN = 7_700_123_451, 8_800_123_452
MARKS = {ANA: "Quetzalcoatlus", BEN: "Pteranodon"}
OLD, YOUNG, NOW = 1_000, 1_795_000_000_000, 1_795_000_001_000
YEAR = 365 * DAY_MS
OWN: Mapping[tuple[str, str], Any] = {
    ("handover", "state"): "returned",
    ("outbox", "state"): "sent",
    ("taught", "state"): "draft",
    ("role", "role"): "former",
    ("outbox", "source_chat"): None,
    ("outbox", "edits_row"): None,
    ("taught", "card_id"): 0,
    ("session", "dialog_version"): "v1",
    ("transcript", "who"): "owner",
}
"""Values that must be as the program writes them."""


def test_every_table_is_somebodys_the_staffs_or_nobodys() -> None:
    """Each is named once; whatever knows a chat, a session, a handover or a person is no table of nobody."""
    listed = [*PERSONS, *STAFFS, *NOBODYS]
    assert sorted(listed) == sorted(schema.metadata.tables)
    for table in schema.metadata.sorted_tables:
        columns = set(table.columns.keys()) - ({"chat_id"} if table.name == "staff_chat" else set())  # the group's
        if columns & {"chat_id", "session_id", "handover_id", "source_chat"}:
            assert table.name in PERSONS, table.name
        if "person_id" in columns:
            assert table.name in {*PERSONS, *STAFFS}, table.name


class Filling:
    """Rows for one person in every table: each text bears their mark and says where it stands."""

    def __init__(self, person: int, at: int) -> None:
        self.person, self.at, self.mark = person, at, MARKS[person]
        self._numbers = itertools.count(person % 1000 * 1000 + 1)
        self._session, self._handover = next(self._numbers), next(self._numbers)

    def row(self, table: Table) -> dict[str, Any]:
        return {column.name: self._value(table, column) for column in table.columns}

    def _value(self, table: Table, column: Column[Any]) -> Any:
        place, words = (table.name, column.name), f"{self.mark} {table.name}.{column.name}"
        if place in OWN:
            return OWN[place]
        keys = {"chat_id": self.person, "person_id": self.person, "session_id": self._session}
        ids = {"chat": self.person, "session": self._session, "handover": self._handover}
        if column.name == "id":
            return ids.get(table.name) or next(self._numbers)
        if column.name in keys:
            return keys[column.name]
        if column.name == "handover_id":
            return self._handover
        if column.name in ("answers", "buttons") and not isinstance(column.type, LargeBinary):
            return json.dumps({"work": words} if column.name == "answers" else [[[words, "x"]]])
        return self._plain(column, words)

    def _plain(self, column: Column[Any], words: str) -> Any:
        if isinstance(column.type, LargeBinary):
            return digest(_as_text(column.name, words))
        if isinstance(column.type, Boolean):
            return True
        if isinstance(column.type, Integer | BigInteger):
            is_number = column.primary_key or column.name in ("line", "message_id", "thread_id")
            return next(self._numbers) if is_number else self.at if column.name.endswith("at") else 1
        return words

    def words(self) -> Iterator[str]:
        """What the digests of the transcript stand for."""
        for column in ("digest", "buttons"):
            yield _as_text(column, f"{self.mark} transcript.{column}")


def _as_text(column: str, words: str) -> str:
    return json.dumps([[[words, "x"]]]) if column == "buttons" else words


async def fill(database: Database, filling: Filling) -> None:
    """A row in every table that is a person's."""
    version = {"version": "v1", "files": "{}", "stored_at": YOUNG}
    with_once = [{"digest": digest(text), "text": text} for text in filling.words()]
    await database.write(many(inserting(schema.wording), with_once))
    if not await database.read(_all("dialog_version")):
        await database.write(many(inserting(schema.dialog_version), [version]))
    for table in schema.metadata.sorted_tables:
        if table.name in PERSONS:
            await database.write(many(inserting(table), [filling.row(table)]))


def _all(name: str) -> Any:
    return compiled(schema.metadata.tables[name].select())


@pytest.fixture
def content(tmp_path: Path) -> Content:
    written = write_small_content(tmp_path / "content")
    return load(Path(written["ADVISOR_DIALOGS"]), Path(written["ADVISOR_KNOWLEDGE"]))


@pytest.fixture(params=["plain", "encrypted"])
def keys(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    """The file of keys of the test's database; None: it has none."""
    return key_file(tmp_path) if request.param == "encrypted" else None


def tables_with(path: Path, keys: Path | None, words: str) -> set[str]:
    """The tables in which these words can be read."""
    return {table for table, _, value in readable(path, keys) if words in str(value)}


async def test_s13_mydata_holds_all_rows_of_the_person_and_none_of_another(
    tmp_path: Path, keys: Path | None, content: Content
) -> None:
    """In every table: each row of hers, with each of its words, in both files; not one word of his."""
    async with opened(tmp_path / "a.db", keys) as database:
        ana = Filling(ANA, YOUNG)
        for one in (ana, Filling(BEN, YOUNG)):
            await fill(database, one)
        found = await kept(database, ANA)
        shown, data = page(found, Words(content, "en"), NOW), as_json(found, Words(content, "en"), NOW)
    assert {name: len(found.rows(name)) for name in PERSONS} == dict.fromkeys(PERSONS, 1)
    for text in (shown, data):
        assert MARKS[BEN] not in text
        assert str(BEN) not in text
    for name in PERSONS:
        hidden = LEFT_OUT.get(name, frozenset())
        texts = [value for column, value in found.rows(name)[0].items() if column not in hidden]
        for words in (one for one in texts if isinstance(one, str) and MARKS[ANA] in one):
            assert words in data, words
    assert [
        name for name in PERSONS if name not in ("chat", "label", "review") and f"{MARKS[ANA]} {name}." not in shown
    ] == []


async def test_s13_a_forgotten_person_leaves_no_row_and_takes_nobody_elses(tmp_path: Path, keys: Path | None) -> None:
    """Her mark and her number stand in no table any more; every row of his is there."""
    path = tmp_path / "a.db"
    async with opened(path, keys) as database:
        for one in (Filling(ANA, YOUNG), Filling(BEN, YOUNG)):
            await fill(database, one)
        before = {name: len(await database.read(_all(name))) for name in PERSONS}
        await database.write(await forgetting(database, ANA))
        after = {name: len(await database.read(_all(name))) for name in PERSONS}
    assert after == {name: count - 1 for name, count in before.items()}
    assert tables_with(path, keys, MARKS[ANA]) | tables_with(path, keys, str(ANA)) == set()
    assert tables_with(path, keys, MARKS[BEN]) >= set(PERSONS) - {"chat", "transcript"}


async def test_s13_past_the_limit_nothing_is_left(tmp_path: Path, keys: Path | None) -> None:
    """What is older than told goes from every table; what is younger stays; counts say the same beforehand."""
    path = tmp_path / "a.db"
    async with opened(path, keys) as database:
        for one in (Filling(ANA, OLD), Filling(BEN, YOUNG)):
            await fill(database, one)
        counted = await retention.counts(database, NOW, YEAR)
        assert {name: one.old for name, one in counted.items() if name in PERSONS} == {
            name: 1 for name in retention.RULES if name in PERSONS
        }
        assert await retention.prune(database, NOW, YEAR) == 1
        left = await retention.counts(database, NOW, YEAR)
        assert [name for name, one in left.items() if one.old] == []
        assert all(one.oldest_kept in (None, YOUNG) for one in left.values())
    assert tables_with(path, keys, MARKS[ANA]) | tables_with(path, keys, str(ANA)) == set()
    assert tables_with(path, keys, MARKS[BEN]) >= set(PERSONS) - {"chat", "transcript"}


async def test_a_wording_stays_as_long_as_another_session_uses_it(tmp_path: Path, keys: Path | None) -> None:
    """Two owners said the same; one is forgotten, the other one's transcript still reads in full."""
    async with opened(tmp_path / "a.db", keys) as database:
        await database.write(contents.keep("v1", {}, 0))
        for number, person in enumerate((ANA, BEN), 1):
            chat = sessions.Chat(person, Session(id=number, consent="x"), "v1")
            lines = [
                transcripts.Line(number, 0, 1, "owner", "said", "the same"),
                transcripts.Line(number, 1, 1, "owner", "said", f"my own {number}"),
            ]
            await database.write((*sessions.save([chat], YOUNG), *transcripts.add(lines)))
        await database.write(await forgetting(database, ANA))
        assert [line.text for line in await transcripts.read(database, 2)] == ["the same", "my own 2"]
        assert {row["text"] for row in await database.read(_all("wording"))} == {"the same", "my own 2"}
