"""S1: token, database keys and, with a key, an owner's words stand in nothing that the bot leaves behind.

The bot is a process of its own, with a file of two keys, over whatever goes wrong; it ends by kill -9, so that its log
of the database stays. (The secrets of the review pages: tests/test_review_invitation.py.)
"""

from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from harness.content import write_small_content
from harness.keyed import TEXTS, key_file, values
from harness.process import COMMAND, LAUNCHER, BotProcess
from harness.staff import PETRA, STAFF_GROUP
from harness.telegram import TOKEN, WatchedTelegram
from harness.waiting import until

from bot.preview.cast import seat_staff
from bot.preview.faults import Fault, Kind
from bot.preview.server import PretendServer
from bot.store.sealing import is_sealed

ANA = 7
NEW, OLD = Fernet.generate_key(), Fernet.generate_key()
MARK = "zq-marker"
STUMBLE = f"{MARK}-stumble"
KINDS: tuple[Kind, ...] = ("html", "reset_before", "reset_after", "truncate")


def found(bot: BotProcess, *secrets: bytes) -> list[str]:
    """The files of this folder in which one of them stands: log, database, its log and index; never the key file."""
    files = [bot.log, *bot.database.parent.glob("bot.db*")]
    return [one.name for one in files if one.exists() and any(secret in one.read_bytes() for secret in secrets)]


def token_of(text: str) -> bytes:
    """The secret half of a token."""
    return text.partition(":")[2].encode()


@pytest.mark.parametrize(
    ("command", "accident"),
    [(COMMAND, ""), (LAUNCHER, f"stumble:{STUMBLE}"), (LAUNCHER, "talkative")],
    ids=["as it is", "the engine raises", "everything at DEBUG"],
)
async def test_s1_nothing_tells_token_keys_or_words(tmp_path: Path, command: tuple[str, ...], accident: str) -> None:
    """Over faults of receiving and sending, a failed update, a handover with notes, a restart and a kill."""
    telegram = WatchedTelegram()
    seat_staff(telegram)
    telegram.visitors.add_person(f"Ana {MARK}", person_id=ANA)
    settings = {
        "ADVISOR_DATABASE_KEY_FILE": str(key_file(tmp_path, NEW, OLD)),
        "ADVISOR_STAFF_CHAT": str(STAFF_GROUP),
        "HARNESS_ACCIDENT": accident,
        "PYTHONASYNCIODEBUG": "1",
    }

    def replies() -> int:
        return len([one for one in telegram.journal.accepted("sendMessage") if one.params["chat_id"] == str(ANA)])

    async with PretendServer(telegram) as server:
        bot = BotProcess(server.url, tmp_path, write_small_content(tmp_path / "c"), command=command, settings=settings)
        telegram.visitors.say(ANA, "/start")
        await bot.start()
        assert await until(lambda: replies() >= 1), bot.output
        telegram.visitors.tap(ANA, "Yes, I agree")
        assert await until(lambda: replies() >= 2)
        for kind in KINDS:
            telegram.faults.stage(Fault(kind, "^(getUpdates|send)", times=2))
        for words in (f"Is it {MARK}?", STUMBLE, "/human", f"I am {MARK}"):
            telegram.visitors.say(ANA, words)
        group = telegram.world.chats[STAFF_GROUP]
        assert await until(lambda: bool(group.topics), 30), bot.output
        telegram.visitors.say(PETRA.id, f"/note {MARK}", chat_id=STAFF_GROUP, thread_id=next(iter(group.topics)))
        assert await until(lambda: not telegram.world.updates.pending)
        assert await bot.terminate() == 0
        await bot.start()
        telegram.visitors.say(ANA, f"Again {MARK}")
        assert await until(lambda: not telegram.world.updates.pending)
        await bot.kill()
    assert found(bot, token_of(TOKEN), NEW, OLD, MARK.encode()) == []
    stored = {table for table, _, value in values(bot.database, TEXTS) if is_sealed(value)}
    assert {"wording", "outbox", "handover", "topic"} <= stored
    assert ("failed_update" in stored) == accident.startswith("stumble")


@pytest.mark.parametrize(
    ("settings", "keys", "said"),
    [
        ({}, (NEW,), "Telegram does not accept the token"),
        ({}, (NEW, b"not-a-key-but-secret"), "Line 2 of the key file"),
        ({"ADVISOR_TELEGRAM_TOKEN": "987654321:bad token, by mistake"}, (NEW,), "does not look like a bot's token"),
        ({"HARNESS_ACCIDENT": "talkative"}, (NEW,), "Telegram does not accept the token"),
    ],
)
async def test_s1_what_ends_the_start_tells_no_secret(
    tmp_path: Path, settings: dict[str, str], keys: tuple[bytes, ...], said: str
) -> None:
    """A token that Telegram refuses, or that is none; keys that are none."""
    bad = settings.get("ADVISOR_TELEGRAM_TOKEN", "987654321:another-token_that-is-not-known")
    here = {"ADVISOR_DATABASE_KEY_FILE": str(key_file(tmp_path, *keys)), **settings}
    async with PretendServer(WatchedTelegram()) as server:
        content = write_small_content(tmp_path / "c")
        bot = BotProcess(server.url, tmp_path, content, token=bad, command=LAUNCHER, settings=here)
        await bot.start()
        assert await bot.ended() != 0
    assert said in bot.output
    assert found(bot, token_of(bad), *keys) == []


async def test_s1_a_proxy_that_cannot_be_reached_tells_no_secret(tmp_path: Path) -> None:
    """Nor does an address where nothing listens; the password of the proxy is one, too."""
    proxy = "http://user:proxy-pass-word@127.0.0.1:9"
    settings = {"HTTPS_PROXY": proxy, "HTTP_PROXY": proxy, "ADVISOR_DATABASE_KEY_FILE": str(key_file(tmp_path, NEW))}
    bot = BotProcess("http://127.0.0.1:9", tmp_path, write_small_content(tmp_path / "c"), settings=settings)
    await bot.start()
    assert await until(lambda: "Telegram cannot be reached" in bot.output, 30)
    assert await bot.terminate() == 0
    assert found(bot, token_of(TOKEN), NEW, b"proxy-pass-word") == []
