"""`/review` in the chat: the link to the review pages, and that it stands nowhere else (S1, S4)."""

import base64
import re
import socket
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from harness.content import write_small_content
from harness.launcher import ACCIDENTS
from harness.process import COMMAND, LAUNCHER, BotProcess
from harness.staff import said
from harness.stepped import Stepped
from harness.telegram import TOKEN, WatchedTelegram
from harness.waiting import until
from telegram.error import BadRequest

from bot.chat.invitation import Door
from bot.preview.cast import OLGA, PETRA, STAFF_GROUP
from bot.preview.faults import Fault
from bot.preview.server import PretendServer
from bot.review.guard import COOKIE
from bot.settings import SettingsError, read_settings

PUBLIC = "https://review.example.org"
HERE = "http://127.0.0.1:8080"
LINK = re.compile(r"/review/in/([A-Za-z0-9_-]+)")


@pytest.fixture
def desk() -> Iterator[Stepped]:
    desk = Stepped()
    yield desk
    desk.end()


def _asks(desk: Stepped, address: str, person: int = OLGA.id, chat: int = 0) -> list[Mapping[str, Any]]:
    """They write /review; gives what the bot asked Telegram for."""
    desk.delivery = replace(desk.delivery, door=Door(address, lambda: desk.now))
    before = desk.telegram.journal.count
    desk.telegram.visitors.say(person, "/review", chat_id=chat)
    desk.take(desk.came())
    desk.deliver()
    return [call.params for call in desk.telegram.journal.of("sendMessage", before)]


def _buttons(params: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [button for row in params.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def test_s4_an_admin_gets_a_link_in_private(desk: Stepped) -> None:
    """As a button that opens it in the browser, and one that opens the pages in Telegram; with no preview of it."""
    (params,) = _asks(desk, PUBLIC)
    browser, inside = _buttons(params)
    secret = LINK.search(browser["url"])
    assert secret
    assert browser == {"text": said("review-open"), "url": f"{PUBLIC}/review/in/{secret[1]}"}
    assert inside == {"text": said("review-inside"), "web_app": {"url": f"{PUBLIC}/review/app"}}
    assert params["link_preview_options"] == {"is_disabled": True}
    assert params["chat_id"] == OLGA.id
    assert secret[1] not in params["text"]


@pytest.mark.parametrize("address", [HERE, "http://localhost:8080", "https://localhost", "http://review.example.org",
                                     "https://192.0.2.7"])  # fmt: skip
def test_s4_what_telegram_takes_on_no_button_is_sent_as_text(desk: Stepped, address: str) -> None:
    """Addresses of this machine, without https, or bare numbers."""
    (params,) = _asks(desk, address)
    assert f"{address}/review/in/" in params["text"]
    assert not _buttons(params)
    assert params["link_preview_options"] == {"is_disabled": True}


def test_s4_a_link_whose_button_telegram_refuses_comes_as_text(desk: Stepped, monkeypatch: pytest.MonkeyPatch) -> None:
    """The refused one is dead; no row of the outbox tells it, as Telegram's own words would."""
    takes = desk.bot.do_api_request

    async def refuses(method: str, api_kwargs: Mapping[str, Any], read_timeout: float) -> Any:
        if buttons := _buttons(api_kwargs):
            raise BadRequest(f"inline keyboard button URL '{buttons[0]['url']}' is invalid: Wrong HTTP URL")
        return await takes(method, api_kwargs, read_timeout)

    monkeypatch.setattr(desk.bot, "do_api_request", refuses)
    (params,) = _asks(desk, PUBLIC)
    assert f"{PUBLIC}/review/in/" in params["text"]
    assert desk.rows("SELECT count(*) FROM login") == [(1,)]
    assert desk.rows("SELECT state, error FROM outbox WHERE what = 'login'") == [("sent", None)]


def test_s4_links_have_128_random_bits_and_none_comes_twice(desk: Stepped) -> None:
    """In two hundred, a second apart; what is stored of them is a digest."""
    secrets = set()
    for _ in range(200):
        desk.now += 1_000
        found = LINK.search(_asks(desk, HERE)[0]["text"])
        assert found
        assert len(base64.urlsafe_b64decode(found[1] + "==")) == 16
        secrets.add(found[1])
    assert len(secrets) == 200
    stored = _stored(desk.folder)
    assert not [one for one in secrets if one.encode() in stored]


def test_s4_nobody_else_gets_one_and_nobody_in_a_group(desk: Stepped) -> None:
    """Staff, strangers, an admin in the staff's group or elsewhere: no link is made."""
    desk.telegram.visitors.add_person("Eve", "en", person_id=9)
    _asks(desk, PUBLIC, 9)
    _asks(desk, PUBLIC, PETRA.id)
    _asks(desk, PUBLIC, OLGA.id, STAFF_GROUP)
    assert desk.rows("SELECT count(*) FROM login") == [(0,)]
    assert desk.rows("SELECT count(*) FROM outbox WHERE what = 'login'") == [(0,)]


def test_what_waits_for_delivery_holds_no_link(desk: Stepped) -> None:
    """It is made when it is sent, so that it is young, and no backup has it."""
    desk.telegram.visitors.say(OLGA.id, "/review")
    desk.take(desk.came())
    rows = desk.rows("SELECT text, buttons FROM outbox WHERE what = 'login'")
    assert len(rows) == 1
    assert "http" not in "".join(rows[0])
    assert desk.rows("SELECT count(*) FROM login") == [(0,)]


# -- the whole bot, as a process ---------------------------------------------------------------------------------------


@dataclass
class Running:
    """`advisor run` with its web server, and what must not be found in what it leaves behind."""

    bot: BotProcess
    telegram: WatchedTelegram
    web: httpx.AsyncClient
    secrets: list[str]

    async def invited(self) -> str:
        """The admin asks; gives the secret of the link that came."""
        before = len(self._links())
        self.telegram.visitors.say(OLGA.id, "/review")
        assert await until(lambda: len(self._links()) > before), self.bot.output
        self.secrets.append(self._links()[-1])
        return self.secrets[-1]

    def _links(self) -> list[str]:
        messages = self.telegram.world.chats[OLGA.id].messages.values()
        urls = [str(button.get("url", "")) for one in messages for button in _buttons(one)]
        return [found[1] for found in map(LINK.search, urls) if found]

    def found_in(self, text: bytes) -> list[str]:
        """Which of the secrets stand there."""
        return [one for one in [*self.secrets, TOKEN.partition(":")[2]] if one.encode() in text]


@asynccontextmanager
async def _running(folder: Path, command: tuple[str, ...], **settings: str) -> AsyncIterator[Running]:
    telegram = WatchedTelegram()
    telegram.world.add_person(OLGA)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    async with PretendServer(telegram) as server:
        here = {"ADVISOR_ADMINS": str(OLGA.id), "ADVISOR_PUBLIC_URL": PUBLIC, "ADVISOR_LISTEN": f"127.0.0.1:{port}"}
        content = write_small_content(folder / "content")
        bot = BotProcess(server.url, folder, content, command=command, settings={**here, **settings})
        await bot.start()
        headers = {"Host": "review.example.org", "Origin": PUBLIC}
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}/review/", headers=headers) as web:
            try:
                yield Running(bot, telegram, web, [])
            finally:
                if bot.is_running:
                    assert await bot.terminate() == 0


def _stored(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.glob("bot.db*"))


@pytest.mark.parametrize("loud", [False, True], ids=["as it is", "everything at DEBUG"])
async def test_s1_s4_no_log_no_page_and_no_row_tells_a_secret(tmp_path: Path, loud: bool) -> None:
    """Links (used, guessed at, refused), the cookie, the token of the forms, the bot's token: over signing in and
    out, errors, odd requests and a refused delivery, they are in nothing the process writes, nor on any page but
    where they belong."""
    assert "talkative" in ACCIDENTS
    accident = {"HARNESS_ACCIDENT": "talkative"} if loud else {}
    pages: list[bytes] = []
    async with _running(tmp_path, LAUNCHER if loud else COMMAND, **accident) as run:
        unused = await run.invited()
        run.telegram.faults.stage(Fault("error", "sendMessage", times=1, code=502))
        secret = await run.invited()
        answer = await run.web.post(f"in/{secret}")
        assert answer.status_code == 303
        cookie = answer.headers["set-cookie"].split("=", 1)[1].split(";")[0]
        inside = {"Cookie": f"{COOKIE}={cookie}"}
        home = (await run.web.get("", headers=inside)).text
        token = re.findall(r'name="form" value="([^"]+)"', home)[0]
        run.secrets += [cookie, token]
        paths = ("audit", "none", f"in/{unused}", f"in/{secret}", "audit?before=x", "%ff", f"in/{secret}/more")
        pages += [(await run.web.get(path, headers=inside)).content.replace(token.encode(), b"") for path in paths]
        bodies = (b"", b"form=%ff", b"x" * 100_000)
        pages += [(await run.web.post(f"in/{secret}", content=body, headers=inside)).content for body in bodies]
        pages.append((await run.web.post("app", data={"proof": f"hash={'0' * 64}&auth_date=1&user={secret}"})).content)
        out = await run.web.post("sign-out", data={"form": token}, headers=inside)
        assert out.status_code == 200
        pages.append(out.content)
    assert run.bot.output
    assert run.found_in(run.bot.output.encode()) == []
    assert run.found_in(b"".join(pages)) == []
    assert run.found_in(_stored(tmp_path)) == []


async def test_a_port_that_is_taken_is_told_with_the_remedy(tmp_path: Path) -> None:
    """Before the bot takes a single update."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        place = f"127.0.0.1:{taken.getsockname()[1]}"
        async with PretendServer(WatchedTelegram()) as server:
            content = write_small_content(tmp_path / "content")
            settings = {"ADVISOR_ADMINS": str(OLGA.id), "ADVISOR_LISTEN": place}
            bot = BotProcess(server.url, tmp_path, content, settings=settings)
            await bot.start()
            assert await bot.ended() == 1
    assert bot.output.strip() == (
        f"The review pages cannot be served at {place}: Address already in use. "
        "Set ADVISOR_LISTEN to another, as 127.0.0.1:8081."
    )


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("advisor.example.org", "https://advisor.example.org"),
        ("https://advisor.example.org/review", "without a path"),
        ("https://me:secret@advisor.example.org", "without a path"),
        ("http://advisor.example.org", "https"),
        ("ftp://advisor.example.org", "https://advisor.example.org"),
    ],
)
def test_a_public_address_that_cannot_work_is_named(monkeypatch: pytest.MonkeyPatch, written: str, remedy: str) -> None:
    """With what to write instead."""
    monkeypatch.setenv("ADVISOR_PUBLIC_URL", written)
    with pytest.raises(SettingsError, match=re.escape(remedy)) as told:
        read_settings()
    assert str(told.value).startswith("ADVISOR_PUBLIC_URL: ")


@pytest.mark.parametrize("written", [f"{PUBLIC}/", PUBLIC.upper(), f" {PUBLIC} "])
def test_a_public_address_is_taken_however_it_is_written(monkeypatch: pytest.MonkeyPatch, written: str) -> None:
    """A slash at the end, capitals, spaces."""
    monkeypatch.setenv("ADVISOR_PUBLIC_URL", written)
    assert read_settings().public_url == PUBLIC
