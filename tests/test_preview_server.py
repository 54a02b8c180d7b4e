"""The pretend Telegram over HTTP, as a process of its own, driven from here."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from preview_bots import keyboard
from telegram import Bot

from bot.preview.cast import PETRA

TOKEN = "42:test"
ANA = 7


class Remote:
    """The server's two doors, from another process."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self.session = session

    async def control(self, name: str, body: Any = None, verb: str = "POST") -> Any:
        async with self.session.request(verb, f"{self.url}/control/{name}", json=body) as response:
            answer = await response.json()
        assert answer["ok"], answer
        return answer["result"]

    async def call(self, method: str, token: str = TOKEN, **request: Any) -> tuple[int, Any]:
        verb = "GET" if "params" in request else "POST"
        async with self.session.request(verb, f"{self.url}/bot{token}/{method}", **request) as response:
            return response.status, await response.json()


@pytest.fixture
async def remote() -> AsyncIterator[Remote]:
    command = [sys.executable, "-m", "bot.preview.server", "--port", "0", "--token", TOKEN]
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    started = json.loads(await asyncio.wait_for(process.stdout.readline(), 20))
    async with aiohttp.ClientSession() as session:
        remote = Remote(started["url"], session)
        await remote.control("act", {"act": "add_person", "person_id": ANA, "first_name": "Ana", "language_code": "pt"})
        yield remote
    process.kill()
    await process.wait()


async def test_every_shape_of_request_means_the_same(remote: Remote) -> None:
    """Query string, form, multipart and JSON, in any case of the method's name."""
    multipart = aiohttp.FormData(default_to_multipart=True)
    multipart.add_field("chat_id", str(ANA))
    multipart.add_field("text", "hello")
    shapes: list[dict[str, Any]] = [
        {"params": {"chat_id": ANA, "text": "hello"}},
        {"data": {"chat_id": str(ANA), "text": "hello"}},
        {"data": multipart},
        {"json": {"chat_id": ANA, "text": "hello"}},
    ]
    for shape in shapes:
        status, answer = await remote.call("SENDMESSAGE", **shape)
        assert (status, answer["ok"], answer["result"]["text"]) == (200, True, "hello")


async def test_errors_come_with_status_and_description(remote: Remote) -> None:
    """401 and 404 for tokens and methods; parameters where Telegram gives them."""
    assert (await remote.call("getMe", token="1:x", data={}))[0] == 401
    assert (await remote.call("getMe", token="nonsense", data={}))[0] == 404
    assert (await remote.call("noSuchThing", data={}))[0] == 404
    await remote.control("faults", [{"kind": "error", "retry_after": 4, "times": 1}])
    status, answer = await remote.call("sendMessage", data={"chat_id": str(ANA), "text": "x"})
    assert (status, answer["parameters"], answer["error_code"]) == (429, {"retry_after": 4}, 429)


async def test_a_conversation_with_ptb_as_it_comes(remote: Remote) -> None:
    """PTB's default transport: a text, a question, a tap, an edit, an answer; then the journal tells it all."""
    async with Bot(TOKEN, base_url=f"{remote.url}/bot") as bot:
        await remote.control("act", {"act": "say", "person_id": ANA, "text": "/start"})
        (said,) = await bot.get_updates(timeout=5)
        sent = await bot.send_message(ANA, "Which?", reply_markup=keyboard(("a", "b")))
        await remote.control("act", [{"act": "tap", "person_id": ANA, "label": "b"}] * 2)
        taps = await bot.get_updates(said.update_id + 1, timeout=5)
        assert [tap.callback_query.data for tap in taps if tap.callback_query] == ["b", "b"]
        assert taps[0].callback_query is not None
        await bot.edit_message_text("Which? b", ANA, sent.message_id)
        await taps[0].callback_query.answer("Noted")
    state = await remote.control("state", verb="GET")
    assert (state["pending"], state["open_queries"]) == (2, 1)
    chat = await remote.control(f"chat?id={ANA}", verb="GET")
    assert [message["text"] for message in chat["messages"]] == ["/start", "Which? b"]
    journal = await remote.control("journal?method=editMessageText", verb="GET")
    assert [call["params"]["text"] for call in journal["calls"]] == ["Which? b"]


async def test_a_cut_line_and_the_effect_that_stays(remote: Remote) -> None:
    """The client sees a broken connection; the message is there all the same."""
    await remote.control("faults", [{"kind": "reset_after", "times": 1}])
    with pytest.raises(aiohttp.ClientError):
        await remote.call("sendMessage", data={"chat_id": str(ANA), "text": "there"})
    chat = await remote.control(f"chat?id={ANA}", verb="GET")
    assert [message["text"] for message in chat["messages"]] == ["there"]


async def test_a_poll_that_dies_loses_nothing(remote: Remote) -> None:
    """A bot that was killed in the middle of a long poll gets the update when it is back."""
    poll = asyncio.create_task(remote.call("getUpdates", data={"timeout": "30"}))
    await asyncio.sleep(0.2)
    poll.cancel()
    await asyncio.gather(poll, return_exceptions=True)
    await remote.control("act", {"act": "say", "person_id": ANA, "text": "still here?"})
    _, answer = await remote.call("getUpdates", data={"timeout": "5"})
    assert [update["message"]["text"] for update in answer["result"]] == ["still here?"]


async def test_a_group_with_topics_from_outside(remote: Remote) -> None:
    """Staged by acts, managed over HTTP, looked at through the second door."""
    staff = (await remote.control("staff"))["chat_id"]
    async with Bot(TOKEN, base_url=f"{remote.url}/bot") as bot:
        thread = (await bot.create_forum_topic(staff, "Emma")).message_thread_id
        await remote.control(
            "act", {"act": "say", "person_id": PETRA.id, "chat_id": staff, "thread_id": thread, "text": "hi"}
        )
        _, said = await bot.get_updates(timeout=5)
        assert said.message is not None
        await bot.copy_message(staff, staff, said.message.message_id, message_thread_id=thread)
        await bot.close_forum_topic(staff, thread)
    chat = await remote.control(f"chat?id={staff}", verb="GET")
    assert [(topic["name"], topic["closed"]) for topic in chat["topics"]] == [("Emma", True)]
    assert [message.get("text") for message in chat["messages"]] == [None, "hi", "hi", None]


async def test_groups_rates_and_reset_from_outside(remote: Remote) -> None:
    """What a test in another process stages."""
    group = await remote.control("act", {"act": "add_group", "title": "Staff", "members": {str(ANA): "administrator"}})
    _, member = await remote.call("getChatMember", json={"chat_id": group["id"], "user_id": ANA})
    assert member["result"]["status"] == "administrator"
    await remote.control("rates", {"burst": 1})
    statuses = [(await remote.call("sendMessage", json={"chat_id": ANA, "text": "x"}))[0] for _ in range(2)]
    assert statuses == [200, 429]
    before = (await remote.control("state", verb="GET"))["next_update_id"]
    await remote.control("reset")
    state = await remote.control("state", verb="GET")
    assert (state["people"], state["chats"], state["next_update_id"] >= before) == ([], [], True)
    async with remote.session.post(f"{remote.url}/control/act", json={"act": "fly"}) as response:
        assert response.status == 400
