"""What an attack on the whole found once, and must not find again."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from telegram import Bot
from telegram.error import TelegramError
from telegram.request import BaseRequest, RequestData

from bot.chat.transport import call
from bot.dialog.session import Session
from bot.preview.keepsake import recall, remember
from bot.preview.page import CAST, chat_page
from bot.preview.pretend import PretendTelegram
from bot.sessions_report import showing
from bot.settings import SettingsError, read_settings
from bot.store.contents import keep
from bot.store.database import DatabaseRefusedError, opened
from bot.store.database_file import DatabaseFile
from bot.store.sessions import Chat, save
from bot.store.transcripts import Line, add

EMMA = CAST[0].id


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("RATES", "nan,nan,nan"),
        ("RATES", "inf,inf,inf"),
        ("RATES", "0.5,1,20"),
        ("TELEGRAM_API", "http://127.0.0.1:99999999"),
        ("TELEGRAM_API", "http://[::1"),
        ("TELEGRAM_API", "http://a b"),
        ("DATABASE", "postgresql://owner:secretword@host/db"),
    ],
)
def test_a_setting_that_would_end_the_bot_later_is_refused_at_start(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By its name; what stands in it is not repeated."""
    monkeypatch.setenv(f"ADVISOR_{name}", value)
    with pytest.raises(SettingsError, match=f"ADVISOR_{name}") as raised:
        read_settings()
    assert "secretword" not in str(raised.value)


class Answering(BaseRequest):
    """A Bot API server that gives one answer to everything."""

    def __init__(self, answer: bytes) -> None:
        self.answer = answer

    @property
    def read_timeout(self) -> float:
        return 1

    async def initialize(self) -> None: ...

    async def shutdown(self) -> None: ...

    async def do_request(
        self, url: str, method: str, request_data: RequestData | None = None, *times: Any, **more: Any
    ) -> tuple[int, bytes]:
        return 200, self.answer


@pytest.mark.parametrize("answer", [b"[]", b"null", b"5", b'{"ok": true}', b"[" * 5000, b"<html>", b""])
async def test_an_answer_of_an_unknown_shape_is_trouble_with_the_network(answer: bytes) -> None:
    """Retried like any other; no loop ends over it."""
    bot = Bot("1:token", request=Answering(answer), get_updates_request=Answering(answer))
    with pytest.raises(TelegramError):
        await call(bot, "getUpdates")


def test_half_a_character_does_not_end_the_preview(tmp_path: Path) -> None:
    """Neither as a text nor as a name; the chats are kept, for their owner alone, and read again."""
    telegram = PretendTelegram()
    client = TestClient(chat_page(telegram, hosts=("testserver",)))
    headers = {"content-type": "application/json"}
    half = b"half \\ud83d emoji"
    said = client.post("/chat/say", content=b'{"person": %d, "text": "%s"}' % (EMMA, half), headers=headers)
    named = client.post("/chat/people", content=b'{"first_name": "%s", "language_code": "en"}' % half, headers=headers)
    assert (said.status_code, named.status_code, client.get("/").status_code) == (200, 200, 200)
    remember(telegram, tmp_path / "chats")
    assert (tmp_path / "chats").stat().st_mode & 0o777 == 0o600
    recall(PretendTelegram(), tmp_path / "chats")


def test_the_page_takes_a_long_text_in_pieces_and_no_giant_body() -> None:
    """As Telegram's own apps do; a body longer than any act needs is refused."""
    telegram = PretendTelegram()
    client = TestClient(chat_page(telegram, hosts=("testserver",)))
    assert client.post("/chat/say", json={"person": EMMA, "text": "/a " * 4000}).status_code == 200
    assert client.post("/chat/say", json={"person": EMMA, "text": "x" * 300_000}).status_code == 413
    assert client.get("/", params={"as": "1" * 5000}, follow_redirects=False).status_code < 500
    assert client.get("/", headers={"host": "evil.example:80@testserver"}).status_code == 403


async def test_one_file_is_one_bots_also_by_another_name(tmp_path: Path) -> None:
    """A link to the database is the database."""
    (tmp_path / "link.db").symlink_to(tmp_path / "bot.db")
    async with opened(tmp_path / "bot.db"):
        with pytest.raises(DatabaseRefusedError, match="Another advisor is running"):
            async with opened(tmp_path / "link.db"):
                raise AssertionError


async def test_an_owners_text_does_not_steer_the_operators_terminal(tmp_path: Path) -> None:
    """Escape sequences, carriage returns and direction marks are shown as what they are: not characters."""
    async with opened(tmp_path / "a.db") as database:
        await database.write(keep("v1", {}, 0))
        await database.write(save([Chat(1, Session(id=11, consent="x"), "v1")], 0))
        await database.write(add([Line(11, 0, 0, "owner", "said", "\x1b]0;HA\x07\x1b[2J\rforged \u202eline")]))
    shown = await showing(DatabaseFile(tmp_path / "a.db"), 11, as_json=False)
    assert not set(shown) & set("\x1b\x07\r\u202e")
    assert "forged" in shown


def test_the_preview_leaves_loopback_only_when_told_so_itself(tmp_path: Path) -> None:
    """ADVISOR_LISTEN is for the bot's own server; the preview wants --listen."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", "preview"],
        env={"PATH": "/usr/bin:/bin", "ADVISOR_LISTEN": "0.0.0.0:0", "PYTHONPATH": str(Path(__file__).parent.parent)},
        cwd=tmp_path, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "--listen" in done.stderr
