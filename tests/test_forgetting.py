"""S12: an owner is forgotten: rows, bytes, the staff's copies, what is under way; and what honestly remains."""

import asyncio
import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import structlog
from harness.inside import Bench
from harness.keyed import TEXTS, key_file, readable
from harness.staff import PETRA, Group, part, said, staffed
from harness.waiting import until

from bot.dialog.engine import take_turn
from bot.dialog.events import AnyEvent
from bot.dialog.phrases import Content
from bot.dialog.session import Session, Turn
from bot.preview.chats import Person
from bot.preview.wire import LineCutError
from bot.store import handovers
from bot.store.belongings import PERSONS
from bot.store.database import opened
from bot.store.keys import read_keys
from bot.store.sealing import Seal

ANA, BEN = 7_700_123_451, 8
MARK = "Quetzalcoatlus"
CYRILLIC = "Птеродактилът"
MARKS = (MARK.encode(), CYRILLIC.encode(), CYRILLIC.encode("unicode_escape"), str(ANA).encode())
SHARED = "Will it snow tomorrow?"


@pytest.fixture
def desk(tmp_path: Path) -> Bench:
    return staffed(tmp_path)[0]


@pytest.fixture
def sealed(tmp_path: Path) -> Bench:
    """One whose database is encrypted."""
    return staffed(tmp_path, database_key_file=key_file(tmp_path))[0]


@pytest.fixture(params=["desk", "sealed"])
def either(request: pytest.FixtureRequest) -> Bench:
    made: Bench = request.getfixturevalue(request.param)
    return made


@pytest.fixture
def group(desk: Bench) -> Group:
    return Group(desk)


@pytest.fixture(autouse=True)
def _plain_logs() -> Iterator[None]:
    """As `bot.logs` writes what broke: without the values of variables."""
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])
    yield
    structlog.reset_defaults()


def traces(desk: Bench) -> list[str]:
    """Files of the database in which a mark stands, free pages and all, and tables that hold the chat's number."""
    files = [desk.database.with_name(desk.database.name + end) for end in ("", "-wal", "-shm")]
    found = [
        f"{file.name}: {mark.decode()}"
        for file in files
        if file.exists()
        for mark in MARKS
        if mark in file.read_bytes()
    ]
    return [*found, *_readable(desk)]


def _readable(desk: Bench) -> Iterator[str]:
    """What whoever has the keys still reads of her."""
    words = {MARK, CYRILLIC, str(ANA)}
    for table, column, value in readable(desk.database, desk.staff.get("database_key_file")):
        if value == ANA or (isinstance(value, str) and any(one in value for one in words)):
            yield f"{table}.{column}"


def ana(desk: Bench) -> None:
    """She has a name to be forgotten."""
    desk.telegram.world.add_person(Person(ANA, f"Ana {MARK}", "en"))


async def ask_for_a_person(desk: Bench, group: Group, words: str) -> int:
    """She asks for one; gives the topic she gets."""
    before = set(group.topics())
    desk.say(ANA, f"/human {words}")
    assert await until(lambda: len(group.topics()) > len(before))
    assert await desk.quiet()
    return next(iter(set(group.topics()) - before))


async def test_a_topic_that_is_noted_too_late_is_not_kept(desk: Bench) -> None:
    """Its owner was forgotten while Telegram renamed it: their name must not come back."""
    async with opened(desk.database) as database:
        await database.write(handovers.keep_topic(handovers.Topic(ANA, -5, 9, MARK, open=True)))
        assert await handovers.topic(database, ANA, -5) is None


async def forgotten(desk: Bench, phrase: str = "forgotten") -> str:
    """She has everything deleted; gives the last words."""
    desk.say(ANA, "/forget")
    assert await until(lambda: "forget-yes" in desk.actions(ANA))
    desk.tap(ANA, "forget-yes")
    assert await until(lambda: any(part(phrase) in one for one in desk.sent(ANA)))
    assert await desk.quiet()
    return desk.sent(ANA)[-1]


async def test_the_counts_of_a_forgotten_owner_stay_but_not_their_order(desk: Bench) -> None:
    """What her last turns counted stood row by row, which on a quiet day is her way through the questions."""
    ana(desk)
    async with desk.running():
        await desk.walk_to_question(ANA)
        desk.tap(ANA, "why")
        assert await desk.quiet()
        assert desk.rows("SELECT count(*) FROM traffic_new")[0][0] > 1
        await forgotten(desk)
    assert desk.rows("SELECT count(*) FROM traffic_new") == [(0,)]
    assert desk.rows("SELECT what, n FROM traffic WHERE node = ''") == [("begun", 1)]
    assert ("help", 1) in desk.rows("SELECT what, n FROM traffic WHERE node <> ''")


def leave_marks_in_review(desk: Bench) -> None:
    """What admins and the program itself may have written about her."""
    file = desk.staff.get("database_key_file")
    seal = Seal(read_keys(file), b"") if file else None
    with closing(sqlite3.connect(desk.database, timeout=5)) as connection:
        [(session,)] = connection.execute("SELECT id FROM session WHERE chat_id = ?", (ANA,)).fetchall()
        failed = {"update_id": 1, "failed_at": 1, "why": "quarantined", "error": MARK, "payload": MARK, "chat_id": ANA}
        judged = {"session_id": session, "flagged": 1, "reviewed_by": 1, "reviewed_name": "Olga", "reviewed_at": 1}
        rows: dict[str, dict[str, Any]] = {
            "review": judged,
            "label": {"session_id": session, "label": f"a {MARK} case", "by": 1, "at": 1},
            "remark": {"session_id": session, "at": 1, "by": 1, "name": "Olga", "text": CYRILLIC},
            "role": {"person_id": ANA, "role": "former", "name": MARK, "by": 1, "at": 1},
            "update_try": {"update_id": 1, "tries": 2},
            "failed_update": failed,
        }
        for table, row in rows.items():
            hidden = {column for one, column in TEXTS if one == table} if seal else set()
            values = {name: seal.sealed(value) if seal and name in hidden else value for name, value in row.items()}
            names = ", ".join(f'"{name}"' for name in values)
            connection.execute(
                f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(values))})", [*values.values()]
            )
        connection.commit()


def slipping(content: Content, session: Session, event: AnyEvent) -> Turn:
    """The engine, with a slip of ours."""
    if "slip" in repr(event):
        raise RuntimeError("our own slip")
    return take_turn(content, session, event)


async def test_s12_everything_of_a_forgotten_owner_is_gone_within_a_minute(
    either: Bench, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Marked words in every table, in the staff's topic, in General, in what failed: 0 bytes of them are left in the
    database, its log and its free pages, and nothing that a key would open; the topic is gone; another owner's same
    words stay; a new start is new."""
    desk, group = either, Group(either)
    monkeypatch.setattr("bot.turns.owners.take_turn", slipping)
    ana(desk)
    desk.person(BEN)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA, BEN)
        desk.say(BEN, SHARED)
        desk.say(ANA, "What is outsourcing?")
        assert await until(lambda: "helpful" in desk.actions(ANA))
        desk.tap(ANA, "helpful")
        desk.say(ANA, SHARED, f"Is {MARK} a {CYRILLIC}?", f"a slip with {MARK}")
        assert await desk.quiet()
        topic = await ask_for_a_person(desk, group, f"Can {MARK} fly?")
        group.say(PETRA, "/queue")
        await group.sees(MARK, thread=0)
        group.tap(PETRA, "claim", topic)
        assert await until(lambda: part("person-joined") in desk.sent(ANA)[-1] or desk.actions(ANA))
        desk.say(ANA, f"{CYRILLIC} is what I meant")
        await group.sees(CYRILLIC, thread=topic)
        group.say(PETRA, f"{MARK} cannot fly.", topic)
        group.say(PETRA, f"/note {MARK} called on Monday", topic)
        group.say(PETRA, f"/teach No {MARK} can.", topic)
        await group.sees(f"No {MARK} can.")
        assert await desk.quiet()
        leave_marks_in_review(desk)
        held = {name for name in PERSONS if desk.rows(f'SELECT 1 FROM "{name}"')}
        assert held == set(PERSONS), set(PERSONS) - held
        assert traces(desk)

        last = await forgotten(desk)

        assert part("forgotten-staff") in last
        assert await until(lambda: not traces(desk), 60), traces(desk)
        assert topic not in group.topics()
        assert not [one for one in group.messages() if MARK in str(one) or CYRILLIC in str(one)]
        await group.sees(said("staff-forgot", numbers="#1"))
        kept = [*readable(desk.database, desk.staff.get("database_key_file"))]
        assert [value for table, column, value in kept if (table, column) == ("questions", "text")] == [SHARED]
        assert ("wording", "text", SHARED) in kept

        desk.say(ANA, "/start")
        assert await until(lambda: part("greeting-consent") in desk.sent(ANA)[-1])
        assert await desk.quiet()
        assert desk.rows("SELECT id FROM chat") == [(BEN,)]
    captured = capfd.readouterr()
    assert MARK not in captured.out + captured.err
    assert CYRILLIC not in captured.out + captured.err


class Held:
    """The next call of a method about a chat waits before it takes effect, or after, until it is let go."""

    def __init__(self, patch: pytest.MonkeyPatch, desk: Bench, method: str, chat: int, when: str) -> None:
        self._method, self._chat, self._when, self._call = method, chat, when, desk.telegram.call
        self._armed, self.cut, self.held, self._go = True, False, asyncio.Event(), asyncio.Event()
        patch.setattr(desk.telegram, "call", self._met)

    async def _met(self, method: str, params: Mapping[str, object]) -> Any:
        if not self._armed or (method, str(params.get("chat_id"))) != (self._method, str(self._chat)):
            return await self._call(method, params)
        self._armed = False
        result = await self._call(method, params) if self._when == "after" else None
        self.held.set()
        await self._go.wait()
        if self.cut:
            raise LineCutError
        return result if self._when == "after" else await self._call(method, params)

    def let_go(self, *, cut: bool = False) -> None:
        """It takes effect, or its answer comes; `cut`: the line breaks instead."""
        self.cut = cut
        self._go.set()


async def deletes(desk: Bench) -> None:
    """She presses, and the deletion is stored, whatever is under way."""
    desk.tap(ANA, "forget-yes")
    assert await until(lambda: not desk.rows(f"SELECT 1 FROM chat WHERE id = {ANA}"))


def left(desk: Bench, group: Group) -> list[str]:
    """What is left of her: bytes, numbers, posts."""
    shown = [str(one) for one in group.messages() if MARK in str(one)]
    names = [one.name for one in group.topics().values() if MARK in one.name]
    return [*traces(desk), *shown, *names]


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("is_cut", [False, True])
async def test_what_is_on_its_way_to_her_comes_before_the_last_word_or_not_at_all(
    desk: Bench, group: Group, monkeypatch: pytest.MonkeyPatch, when: str, is_cut: bool
) -> None:
    """A message is at Telegram's door while everything is deleted, and comes through, or the line breaks there: the
    last word comes last and once; nothing is tried again; no row is left of it."""
    ana(desk)
    async with desk.running():
        await desk.walk_to_question(ANA)
        desk.say(ANA, "/forget")
        assert await until(lambda: "forget-yes" in desk.actions(ANA))
        assert await desk.quiet()
        message = Held(monkeypatch, desk, "sendMessage", ANA, when)
        desk.telegram.visitors.send(ANA, "photo")
        await asyncio.wait_for(message.held.wait(), 10)
        await deletes(desk)
        message.let_go(cut=is_cut)
        assert await until(lambda: any(part("forgotten") in one for one in desk.sent(ANA)))
        assert await desk.quiet()
        assert part("forgotten") in desk.sent(ANA)[-1]
        assert sum(part("text-only") in one for one in desk.sent(ANA)) == (0 if is_cut and when == "before" else 1)
        assert await until(lambda: not left(desk, group), 60), left(desk, group)
        assert desk.rows("SELECT 1 FROM outbox") == []


@pytest.mark.parametrize(
    ("method", "has_topics"),
    [("sendMessage", True), ("sendMessage", False), ("createForumTopic", True), ("editForumTopic", True)],
)
@pytest.mark.parametrize("when", ["before", "after"])
async def test_what_is_on_its_way_to_the_staff_does_not_stay_there(
    desk: Bench, group: Group, monkeypatch: pytest.MonkeyPatch, method: str, when: str, has_topics: bool
) -> None:
    """Her words, her topic, or its name are at Telegram's door while everything is deleted: they do not stay in the
    group, nothing is posted anew, and no row is left."""
    if not has_topics:
        desk.telegram.world.chats[group.chat].facts.pop("is_forum", None)
    ana(desk)
    async with desk.running():
        await group.appoint(PETRA)
        await desk.walk_to_question(ANA)
        if method != "createForumTopic":
            desk.say(ANA, f"/human Can {MARK} fly?")
            await group.sees(MARK)
            assert await desk.quiet()
        post = Held(monkeypatch, desk, method, group.chat, when)
        if method == "editForumTopic":
            group.tap(PETRA, "claim")
        else:
            desk.say(ANA, f"/human Can {MARK} swim?")
        await asyncio.wait_for(post.held.wait(), 10)
        desk.say(ANA, "/forget")
        assert await until(lambda: "forget-yes" in desk.actions(ANA))
        await deletes(desk)
        post.let_go()
        assert await until(lambda: any(part("forgotten") in one for one in desk.sent(ANA)))
        assert await desk.quiet()
        assert await until(lambda: not left(desk, group), 60), left(desk, group)
        assert part("forgotten") in desk.sent(ANA)[-1]
        assert desk.rows("SELECT 1 FROM topic") == []


async def test_the_files_of_mydata_come_over_the_network(either: Bench) -> None:
    """Two uploads, as multipart, whole; they read the same as what is kept, and their captions name them."""
    desk = either
    ana(desk)
    async with desk.running():
        await desk.walk_to_question(ANA)
        desk.say(ANA, f"Is {CYRILLIC} kept?", "/mydata")
        assert await until(lambda: len(desk.telegram.world.files) == 2)
        assert await desk.quiet()
    page, data = desk.telegram.world.files.values()
    assert (page.kind, data.kind) == ("text/html", "application/json")
    assert f"Is {CYRILLIC} kept?" in page.content.decode()
    rows = json.loads(data.content)["tables"]["transcript"]["rows"]
    stored = [value for _, column, value in readable(desk.database, desk.staff.get("database_key_file"))]
    assert f"Is {CYRILLIC} kept?" in [row["text"] for row in rows]
    assert {row["text"] for row in rows} <= {one for one in stored if isinstance(one, str)}
    captions = [one.get("caption") for one in desk.telegram.world.chats[ANA].messages.values() if "document" in one]
    assert captions == [said("mydata-page"), said("mydata-json")]
