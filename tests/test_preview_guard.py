"""The chat page answers to itself only, and says so in its headers."""

from collections.abc import AsyncIterator

import httpx
import pytest
from starlette.responses import PlainTextResponse

from bot.preview.cast import CAST
from bot.preview.guard import HereOnly
from bot.preview.page import chat_page
from bot.preview.phrases import _PHRASES, guess_language, words
from bot.preview.pretend import PretendTelegram

EMMA = CAST[0].id


@pytest.fixture
def telegram() -> PretendTelegram:
    return PretendTelegram()


@pytest.fixture
async def client(telegram: PretendTelegram) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app=chat_page(telegram))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        yield client


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "", "[::2]"])
async def test_another_name_is_refused(client: httpx.AsyncClient, host: str) -> None:
    """DNS rebinding: the name points here, but it is not ours."""
    assert (await client.get("/", headers={"Host": host})).status_code == 403


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("127.0.0.1", 200), ("127.8.0.1", 200), ("::1", 200), ("::ffff:127.0.0.1", 200),
        ("192.168.1.7", 403), ("8.8.8.8", 403), ("::ffff:8.8.8.8", 403), ("fe80::1%eth0", 403), ("", 403),
    ],
)  # fmt: skip
async def test_what_an_admin_sees_leaves_this_machine_under_no_name(address: str, status: int) -> None:
    """A preview that the network reaches lets everybody be the admin: the review pages beside it ask who calls."""
    wire = httpx.ASGITransport(HereOnly(PlainTextResponse("all of it")), client=(address, 5000))
    async with httpx.AsyncClient(transport=wire, base_url="http://127.0.0.1:8080") as client:
        assert (await client.get("/", headers={"X-Forwarded-For": "127.0.0.1"})).status_code == status


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1", "[::1]:8080"])
async def test_our_own_names_are_taken(client: httpx.AsyncClient, host: str) -> None:
    """And the answer is fenced in."""
    response = await client.get("/", headers={"Host": host})
    assert response.status_code == 200
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "unsafe" not in response.headers["Content-Security-Policy"]
    assert " style=" not in response.text
    assert "<script>" not in response.text


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://127.0.0.1:8080"}, 200),
        ({}, 200),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "http://127.0.0.1:9999"}, 403),
        ({"Origin": "null"}, 403),
        ({"Content-Type": "text/plain"}, 403),
    ],
)
async def test_only_the_page_itself_may_act(
    client: httpx.AsyncClient, telegram: PretendTelegram, headers: dict[str, str], status: int
) -> None:
    """A form or script of another site moves nothing."""
    body = {"Content-Type": "application/json", **headers}
    response = await client.post("/chat/say", content=f'{{"person": {EMMA}, "text": "hi"}}', headers=body)
    assert response.status_code == status
    assert telegram.world.updates.pending == (status == 200)


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("say", "{}"),
        ("say", "nonsense"),
        ("say", '{"person": 5, "text": "x"}'),
        ("press", f'{{"person": {EMMA}, "message_id": "x", "data": "y"}}'),
        ("edit", f'{{"person": {EMMA}, "message_id": 1, "text": "y"}}'),
        ("people", '{"first_name": " ", "language_code": "en"}'),
        ("people", "[]"),
    ],
)
async def test_nonsense_is_a_clear_400(client: httpx.AsyncClient, act: str, body: str) -> None:
    """Never an exception."""
    response = await client.post(f"/chat/{act}", content=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400
    assert response.json()["error"]


async def test_a_name_cannot_break_the_page(client: httpx.AsyncClient, telegram: PretendTelegram) -> None:
    """People's names and payloads are escaped."""
    person = telegram.visitors.add_person('"><script>alert(1)</script>')
    response = await client.get(f"/?as={person.id}&start=%22%3E%3Cscript%3E")
    assert response.status_code == 200
    assert "<script>" not in response.text


def test_the_pages_words_are_complete() -> None:
    """Four wordings each; other languages fall back to English."""
    assert all(len(wordings) == 4 and all(wordings) for wordings in _PHRASES.values())
    assert words("pt-BR")["send"] == "Enviar"
    assert words("de") == words("") == words("en")


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("What is the difference?", "en"),
        ("Qual é o trabalho que quer entregar?", "pt"),
        ("Коя работа бихте възложили?", "bg"),
        ("Mikä työ teidän on tehtävä?", "fi"),
        ("KPO", "pt"),
    ],
)
def test_the_language_of_a_message_is_guessed(text: str, language: str) -> None:
    """For the lang attribute; where nothing tells, the person's own."""
    assert guess_language(text, "pt") == language
