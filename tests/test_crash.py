"""The bot as a real process: killed, stopped, poisoned, refused. Nothing is lost, nothing happens twice."""

import asyncio
import json
import sqlite3
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from crash_everywhere import Kind, stop_at
from crash_run import Run, crash_run
from harness.content import write_small_content
from harness.keyed import TEXTS, values
from harness.process import LAUNCHER, BotProcess
from harness.telegram import TOKEN, WatchedTelegram
from harness.waiting import until

from bot.preview.server import PretendServer
from bot.store.sealing import is_sealed

ANA, BEN = 7, 8


@pytest.fixture
def content(tmp_path: Path) -> Mapping[str, str]:
    return write_small_content(tmp_path / "small")


def replies(telegram: WatchedTelegram, person: int) -> int:
    """How many messages the bot sent them."""
    return len([one for one in telegram.journal.accepted("sendMessage") if one.params["chat_id"] == str(person)])


def wordings(telegram: WatchedTelegram, person: int) -> set[str]:
    """What the bot told them, each wording once."""
    return {
        one.params["text"] for one in telegram.journal.accepted("sendMessage") if one.params["chat_id"] == str(person)
    }


def served(telegram: WatchedTelegram) -> Callable[[], bool]:
    """Whether the bot asked for updates."""
    return lambda: bool(telegram.world.updates.allowed)


async def test_five_kills_under_load_lose_nothing(tmp_path: Path) -> None:
    """kill -9 at five random moments: the short form of tests/crash_run.py, by the same oracle."""
    run = Run(kills=5, rate=60, chats=40, seconds_between=0.7, seed=5, progress=False, transcripts=2)
    oracle, bot = await crash_run(run, tmp_path)
    assert not oracle.violations, oracle.report()
    assert oracle.updates > 100
    assert not bot.holds_secret()


async def test_kills_under_load_lose_nothing_of_an_encrypted_database(tmp_path: Path) -> None:
    """The same with a key: no word of the crowd's is plain in any file, and the command line reads them."""
    run = Run(kills=2, rate=40, chats=20, seconds_between=0.7, seed=6, progress=False, transcripts=2, sealed=True)
    oracle, bot = await crash_run(run, tmp_path)
    assert not oracle.violations, oracle.report()
    assert oracle.updates > 40
    assert all(is_sealed(value) for _, _, value in values(bot.database, TEXTS))


@pytest.mark.parametrize(("kind", "number"), [("before-request", 40), ("after-request", 45), ("after-commit", 14)])
async def test_a_stop_at_any_point_loses_nothing(
    tmp_path: Path, content: Mapping[str, str], kind: Kind, number: int
) -> None:
    """Some of the points of tests/crash_everywhere.py, by the same oracle."""
    folder = tmp_path / "run"
    folder.mkdir()
    talk = await stop_at(kind, number, folder, content)
    assert talk.stopped
    assert not talk.oracle.violations, talk.oracle.report()


async def test_an_update_that_kills_the_process_is_quarantined_and_the_rest_goes_on(
    tmp_path: Path, content: Mapping[str, str]
) -> None:
    """It may do so three times; the fourth start sets it aside, tells its owner, and answers all others."""
    telegram = WatchedTelegram()
    async with PretendServer(telegram) as server:
        accident = {"HARNESS_ACCIDENT": "poison:arsenic"}
        bot = BotProcess(server.url, tmp_path, content, command=LAUNCHER, settings=accident)
        for person in (ANA, BEN):
            telegram.visitors.add_person("Somebody", person_id=person)
            telegram.visitors.say(person, "/start")
        await bot.start()
        assert await until(lambda: replies(telegram, ANA) == replies(telegram, BEN) == 1)
        telegram.visitors.tap(ANA, "Yes, I agree")
        telegram.visitors.say(ANA, "arsenic")
        telegram.visitors.say(BEN, "/help")
        for _ in range(3):
            assert await bot.ended() == 137
            await bot.start()
        assert await until(lambda: replies(telegram, ANA) >= 3 and replies(telegram, BEN) >= 2)
        assert await until(lambda: telegram.world.updates.pending == 0)
        assert await bot.terminate() == 0
    # What was on its way when the process died may have come twice: at most one message a death.
    assert len(wordings(telegram, BEN)) == 2
    assert replies(telegram, BEN) <= 2 + 3
    with sqlite3.connect(bot.database) as database:
        rows = database.execute("SELECT why, payload FROM failed_update").fetchall()
        assert database.execute("SELECT count(*) FROM update_try").fetchall() == [(0,)]
    assert [(why, "arsenic" in payload) for why, payload in rows] == [("quarantined", True)]


async def test_sigterm_under_load_ends_in_order_and_loses_nothing(tmp_path: Path, content: Mapping[str, str]) -> None:
    """Within five seconds, with exit code 0; what was not answered is answered after the next start."""
    telegram = WatchedTelegram()
    people = range(1001, 1101)
    async with PretendServer(telegram) as server:
        bot = BotProcess(server.url, tmp_path, content)
        for person in people:
            telegram.visitors.add_person("Somebody", person_id=person)
            telegram.visitors.say(person, "/start")
            telegram.visitors.say(person, "/help")
        await bot.start()
        assert await until(lambda: any(replies(telegram, person) for person in people))
        assert await bot.terminate(5) == 0
        await bot.start()
        assert await until(lambda: all(replies(telegram, person) >= 2 for person in people))
        began = time.monotonic()
        assert await bot.terminate(5) == 0
        assert time.monotonic() - began < 5
    assert '"stopped in order"' in bot.output
    assert sum(replies(telegram, person) for person in people) == 2 * len(people)


async def test_sigterm_ends_a_bot_that_waits_for_a_silent_telegram(tmp_path: Path, content: Mapping[str, str]) -> None:
    """Telegram takes the connection and says nothing: the process ends in order all the same."""
    asked = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    async with server:
        bot = BotProcess(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", tmp_path, content)
        await bot.start()
        async with asyncio.timeout(20):
            await asked.wait()
        assert await bot.terminate(5) == 0
    assert not bot.holds_secret()


async def test_a_wrong_token_ends_the_process_with_a_clear_line(tmp_path: Path, content: Mapping[str, str]) -> None:
    """Exit code not 0; the token stands nowhere in what it wrote."""
    async with PretendServer(WatchedTelegram()) as server:
        bot = BotProcess(server.url, tmp_path, content, token="4242424242:another-token_that-is-not-known")
        await bot.start()
        assert await bot.ended() != 0
    assert "Telegram does not accept the token" in bot.output
    assert "Traceback" not in bot.output
    assert not bot.holds_secret()


async def test_one_bot_one_file(tmp_path: Path, content: Mapping[str, str]) -> None:
    """A second process on the same file, a file of another bot, a file of a newer version: refused, each with a why."""
    telegram = WatchedTelegram()
    async with PretendServer(telegram) as server:
        bot = BotProcess(server.url, tmp_path, content)
        await bot.start()
        assert await until(served(telegram))
        second = BotProcess(server.url, tmp_path, content)
        second.log = tmp_path / "second.log"
        await second.start()
        assert await second.ended() != 0
        assert "Another advisor is running on" in second.output
        assert bot.is_running
        assert await bot.terminate() == 0
        _spoil(bot.database, "UPDATE bot SET id = 77")
        await bot.start()
        assert await bot.ended() != 0
        assert "belongs to the bot with the id 77" in bot.output
        _spoil(bot.database, "UPDATE alembic_version SET version_num = '9999'")
        await bot.start()
        assert await bot.ended() != 0
        assert "newer than this program knows" in bot.output
    assert "Traceback" not in bot.output + second.output


def _spoil(database: Path, sql: str) -> None:
    with sqlite3.connect(database) as connection:
        connection.execute(sql)


async def test_the_token_is_in_no_log_line_whatever_goes_wrong(tmp_path: Path, content: Mapping[str, str]) -> None:
    """All accidents of receiving and sending, one after the other; every line is JSON, none holds token or texts."""
    telegram = WatchedTelegram()
    telegram.visitors.add_person("Ana", person_id=ANA)
    accidents = [
        {"kind": kind, "methods": methods, "times": 1}
        for kind in ("html", "reset_before", "truncate")
        for methods in ("^getUpdates", "^send")
    ]
    async with PretendServer(telegram) as server:
        bot = BotProcess(server.url, tmp_path, content, settings={"PYTHONASYNCIODEBUG": "1", "PYTHONDEVMODE": "1"})
        await bot.start()
        assert await until(served(telegram))
        server._control.handle("POST", "faults", {}, accidents)
        telegram.visitors.say(ANA, "my-secret-words")
        assert await until(lambda: replies(telegram, ANA) >= 1)
        await bot.kill()
    assert not bot.holds_secret()
    assert "my-secret-words" not in bot.output
    assert TOKEN not in bot.output
    assert [json.loads(line) for line in bot.output.splitlines() if line.startswith("{")]
