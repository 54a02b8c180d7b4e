"""Inline mode: `@bot outsourcing` in any chat offers the definitions to send; nothing of it is kept."""

import json
from pathlib import Path
from typing import Any

import pytest
from harness.inside import Bench, bench
from harness.telegram import Request
from harness.waiting import until
from structlog.testing import capture_logs
from telegram import Bot

from bot.chat.updates import ALLOWED, read_update
from bot.dialog import engine
from bot.dialog.events import AnyEvent, Inquired
from bot.preview.errors import ApiError
from bot.preview.faults import Fault
from bot.preview.pretend import PretendTelegram
from bot.preview.request import PretendRequest
from bot.turns import owners

ANA, BEN = 7, 8


@pytest.fixture
def desk(tmp_path: Path) -> Bench:
    return bench(tmp_path)


def answers(desk: Bench) -> list[Request]:
    """The answers to inline queries that Telegram took."""
    return [request for request in desk.requests if request.method == "answerInlineQuery" and request.code == 200]


async def offered(desk: Bench, person: int, words: str) -> list[dict[str, Any]]:
    """What the person is offered for these words."""
    query_id = desk.telegram.visitors.ask_inline(person, words)["inline_query"]["id"]
    query = desk.telegram.world.queries[query_id]
    assert await until(lambda: query.answer), "no answer came"
    assert query.answer
    assert (query.answer["cache_time"], query.answer["is_personal"]) == (300, True)
    return list(query.answer["results"])


async def test_a_term_typed_anywhere_is_explained_in_the_typists_language(desk: Bench) -> None:
    """A stranger's by their app's language; one who talks with us by the language of the talk."""
    desk.person(ANA, "fi"), desk.person(BEN, "de")
    async with desk.running():
        (first, *_) = await offered(desk, ANA, "ulkoistaminen")
        assert first["title"] == "Mikä on ulkoistaminen?"
        assert "(definition, fi)." in first["text"]
        assert first["text"].startswith("Mikä on ulkoistaminen?")
        assert [one["title"] for one in await offered(desk, BEN, "")] == ["What is outsourcing?"]
        await desk.walk_to_question(BEN)
        desk.say(BEN, "/language")
        assert await until(lambda: any("speak" in button.data for s in desk.screens(BEN) for button in s.buttons))
        desk.telegram.visitors.tap(BEN, "Português")
        assert await desk.quiet()
        assert [one["title"] for one in await offered(desk, BEN, "")] == ["O que é o outsourcing?"]


async def test_no_session_and_no_words_are_kept_of_it(desk: Bench) -> None:
    """The update's number is kept, as for all; the session that waits stands where it stood."""
    desk.person(ANA), desk.person(BEN)
    async with desk.running():
        await desk.walk_to_question(BEN)
        before = desk.rows("SELECT * FROM session"), desk.rows("SELECT * FROM transcript")
        seen = desk.rows("SELECT count(*) FROM seen_update")[0][0]
        for person in (ANA, BEN):
            await offered(desk, person, "outsourcing unmistakably")
        assert desk.rows("SELECT count(*) FROM seen_update") == [(seen + 2,)]
        assert (desk.rows("SELECT * FROM session"), desk.rows("SELECT * FROM transcript")) == before
        assert desk.rows("SELECT count(*) FROM questions") == [(0,)]
        assert desk.sent(ANA) == []
    assert b"unmistakably" not in desk.database.read_bytes()


async def test_a_repeated_query_is_answered_once(desk: Bench) -> None:
    """In a later batch it gets nothing."""
    desk.person(ANA)
    async with desk.running():
        update = desk.telegram.visitors.ask_inline(ANA, "outsourcing")
        assert await until(lambda: answers(desk))
        desk.telegram.world.updates.deliver_again(update, 3)
        await offered(desk, ANA, "something else")
    assert [one.params["inline_query_id"] for one in desk.requests if one.method == "answerInlineQuery"].count(
        update["inline_query"]["id"]
    ) == 1


async def test_a_query_that_cannot_be_answered_any_more_is_let_go(desk: Bench) -> None:
    """A query lives 30 seconds: an answer that comes too late, or is lost, leaves no error and no second try."""
    desk.person(ANA)
    with capture_logs() as logs:
        async with desk.running():
            assert await until(lambda: desk.telegram.world.updates.allowed)
            forgotten = desk.telegram.visitors.ask_inline(ANA, "outsourcing")
            desk.telegram.world.queries[forgotten["inline_query"]["id"]].at -= 31
            assert await until(lambda: any(one.method == "answerInlineQuery" for one in desk.requests))
            desk.telegram.faults.stage(Fault("html", methods="answerInline", times=1))
            desk.telegram.visitors.ask_inline(ANA, "outsourcing")
            assert await until(lambda: any("was not answered" in line["event"] for line in logs))
            assert await offered(desk, ANA, "outsourcing")
    assert not [line for line in logs if line["log_level"] == "error"]
    assert len(answers(desk)) == 1


async def test_a_query_that_breaks_the_engine_keeps_no_words(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of one who agreed neither: they typed it to somebody else. Nobody is told; the next query is answered."""
    take_turn = engine.take_turn

    def stumbling(content: Any, session: Any, event: AnyEvent) -> Any:
        if isinstance(event, Inquired) and "stumble" in event.text:
            raise ZeroDivisionError
        return take_turn(content, session, event)

    monkeypatch.setattr(owners, "take_turn", stumbling)
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        sent = len(desk.sent(ANA))
        desk.telegram.visitors.ask_inline(ANA, "stumble over a secret")
        assert await offered(desk, ANA, "outsourcing")
        assert await desk.quiet()
        assert len(desk.sent(ANA)) == sent
    ((why, payload),) = desk.rows("SELECT why, payload FROM failed_update")
    assert why == "failed"
    assert "secret" not in payload


@pytest.mark.parametrize("words", ["x" * 5000, "\0", "half \ud800", "😀" * 256, "<b>", "?", " "])
async def test_odd_words_are_answered(desk: Bench, words: str) -> None:
    """With nothing, or with something; never with an error. Nothing is set aside."""
    desk.person(ANA)
    async with desk.running():
        assert isinstance(await offered(desk, ANA, words), list)
    assert desk.rows("SELECT count(*) FROM failed_update") == [(0,)]


def test_the_words_are_cut_and_the_typist_is_a_number() -> None:
    """256 characters, as Telegram promises; bots are not answered; a query without words is broken, alone."""
    sender = {"id": 7, "is_bot": False, "first_name": "Ana", "language_code": "pt-br"}
    query = {"id": "q1", "from": sender, "query": "k" * 300, "offset": ""}
    item = read_update({"update_id": 1, "inline_query": query})
    assert (item.kind, item.chat_id, item.language, item.inquiry) == ("inquiry", 7, "pt", "q1")
    assert item.event == Inquired(text="k" * 256)
    robot = {**query, "from": {**sender, "is_bot": True}}
    assert read_update({"update_id": 2, "inline_query": robot}).kind == "ignored"
    assert read_update({"update_id": 3, "inline_query": {"id": "q", "from": sender}}).kind == "broken"
    assert "inline_query" in ALLOWED


@pytest.mark.parametrize("switched_on", [True, False])
async def test_the_operator_is_told_when_inline_mode_is_off(desk: Bench, switched_on: bool) -> None:
    """At the start, with what to do about it."""
    desk.telegram.world.inline_mode = switched_on
    with capture_logs() as logs:
        async with desk.running():
            assert await until(lambda: desk.telegram.world.updates.allowed)
    assert any("/setinline" in line["event"] for line in logs) is not switched_on


# the pretend Telegram is as strict as the real one


def article(**changes: Any) -> dict[str, Any]:
    content = {"message_text": "<b>KPO</b>", "parse_mode": "HTML"}
    return {"type": "article", "id": "a", "title": "KPO", "input_message_content": content, **changes}


REFUSED = {
    "RESULTS_TOO_MUCH": [article(id=str(number)) for number in range(51)],
    "RESULT_ID_DUPLICATE": [article(), article()],
    "RESULT_ID_INVALID": [article(id="ж" * 33)],
    '"id"': [article(id="")],
    '"title"': [article(title=" ")],
    '"message_text"': [article(input_message_content={"message_text": ""})],
    "content is not specified": [article(input_message_content=None)],
    "can't parse entities": [article(input_message_content={"message_text": "<b>", "parse_mode": "HTML"})],
    "message is too long": [article(input_message_content={"message_text": "x" * 4097})],
    "articles only": [article(type="photo")],
    "can't parse results": "no list",
}


@pytest.mark.parametrize("words", REFUSED)
async def test_the_pretend_telegram_refuses_what_telegram_refuses(words: str) -> None:
    """Each with its words; the query can still be answered, once, with what is right."""
    telegram = PretendTelegram()
    person = telegram.visitors.add_person("Ana")
    query_id = telegram.visitors.ask_inline(person.id, "kpo")["inline_query"]["id"]

    async def answer(results: Any) -> Any:
        return await telegram.call("answerInlineQuery", {"inline_query_id": query_id, "results": results})

    with pytest.raises(ApiError, match=words):
        await answer(REFUSED[words])
    assert await answer(json.dumps([article()]))
    with pytest.raises(ApiError, match="query is too old"):
        await answer([])


async def test_the_typed_method_is_taken_as_well() -> None:
    """PTB's own objects reach the pretend Telegram whole."""
    from telegram import InlineQueryResultArticle, InputTextMessageContent

    telegram = PretendTelegram()
    person = telegram.visitors.add_person("Ana")
    query_id = telegram.visitors.ask_inline(person.id, "kpo")["inline_query"]["id"]
    bot = Bot(telegram.token, request=PretendRequest(telegram), get_updates_request=PretendRequest(telegram))
    async with bot:
        content = InputTextMessageContent("<i>so</i>", parse_mode="HTML")
        await bot.answer_inline_query(query_id, [InlineQueryResultArticle("1", "KPO", content)], is_personal=True)
    answer = telegram.world.queries[query_id].answer
    assert answer
    assert [(one["title"], one["text"]) for one in answer["results"]] == [("KPO", "so")]
