"""A turn happens exactly once, whatever arrives: the whole bot on the pretend Telegram over HTTP."""

import json
import sqlite3
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, cast

import pytest
from harness.inside import Bench, bench
from harness.waiting import until

from bot.dialog import engine
from bot.dialog.events import AnyEvent, Said
from bot.preview.attachments import KINDS
from bot.preview.faults import Fault
from bot.store import transcripts
from bot.turns import owners

ANA, BEN = 7, 8


@pytest.fixture
def desk(tmp_path: Path) -> Bench:
    return bench(tmp_path)


async def test_a_double_tap_does_nothing_twice(desk: Bench) -> None:
    """100 people tap the same answer twice: each moves one step, and each press is answered."""
    people = [desk.person(number) for number in range(1001, 1101)]
    async with desk.running():
        await desk.walk_to_question(*people)
        for person in people:
            desk.tap(person, "answer")
            desk.tap(person, "answer")
        assert await desk.quiet()
        assert await until(lambda: all(query.answer for query in desk.telegram.world.queries.values()))
    assert {desk.asks(person) for person in people} == {"question 1"}
    assert desk.rows("SELECT DISTINCT step FROM session") == [(1,)]


async def test_the_same_update_five_times_is_one_turn(desk: Bench) -> None:
    """In one batch, and in later ones."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        desk.telegram.faults.stage(Fault("repeat", methods="message", copies=2, times=1))
        update = desk.telegram.visitors.say(ANA, "1")
        desk.telegram.visitors.inject(update, copies=2)
        assert await desk.quiet()
        desk.telegram.world.updates.deliver_again(update, 2)
        desk.say(ANA, "/help")
        assert await desk.quiet()
    assert desk.asks(ANA) == "question 1"
    assert desk.rows("SELECT count(*) FROM transcript WHERE kind = 'said'") == [(1,)]


async def test_a_question_without_an_answer_is_kept_exactly_once(desk: Bench) -> None:
    """Though its update comes five times, in one batch and in later ones; in its very words. The session stays put."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        desk.telegram.faults.stage(Fault("repeat", methods="message", copies=2, times=1))
        update = desk.telegram.visitors.say(ANA, "Will it rain tomorrow, <b>sir</b>?")
        desk.telegram.visitors.inject(update)
        assert await desk.quiet()
        desk.telegram.world.updates.deliver_again(update, 2)
        desk.say(ANA, "/help")
        assert await desk.quiet()
    assert desk.asks(ANA) == "question 0"
    kept = desk.rows("SELECT questions.text, wants, questions.chat_id, session.step FROM questions JOIN session")
    assert kept == [("Will it rain tomorrow, <b>sir</b>?", "unknown", ANA, 0)]


async def test_what_is_asked_before_consent_is_not_kept(desk: Bench) -> None:
    """Neither the question nor the person: the greeting comes."""
    desk.person(ANA)
    async with desk.running():
        desk.say(ANA, "Will it rain tomorrow?", "What is outsourcing?")
        assert await until(lambda: len(desk.sent(ANA)) == 2)
        assert await desk.quiet()
    assert desk.rows("SELECT count(*) FROM questions") == desk.rows("SELECT count(*) FROM chat") == [(0,)]


async def test_what_an_owner_thinks_of_an_answer_is_kept(desk: Bench) -> None:
    """The opinion pressed last; the question is answered in passing, and what was asked about stays known."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        desk.say(ANA, "What is outsourcing?")
        assert await until(lambda: "helpful" in desk.actions(ANA))
        desk.tap(ANA, "helpful")
        desk.tap(ANA, "unhelpful")
        desk.tap(ANA, "unhelpful")
        assert await desk.quiet()
    assert desk.rows("SELECT cell, language, helpful FROM opinions") == [("outsourcing/definition", "en", 0)]
    assert desk.rows("SELECT about, step FROM session") == [("outsourcing/definition", 0)]
    assert desk.rows("SELECT count(*) FROM failed_update") == [(0,)]


async def test_one_person_has_one_opinion_of_an_answer(desk: Bench) -> None:
    """Though the button is forged to other languages, and pressed again once another session goes on."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        desk.tap(ANA, "answer")
        desk.say(ANA, "What is outsourcing?")
        assert await until(lambda: "helpful" in desk.actions(ANA))
        screen = next(one for one in desk.screens(ANA) if any(button.action == "helpful" for button in one.buttons))
        data = next(button.data for button in screen.buttons if button.action == "helpful")
        for language in ("en", "bg", "fi", "pt"):
            desk.telegram.visitors.press(ANA, screen.message_id, data.removesuffix("en") + language)
        assert await desk.quiet()
        assert desk.rows("SELECT cell, language FROM opinions") == [("outsourcing/definition", "pt")]
        desk.say(ANA, "/restart")
        assert await until(lambda: "restart-yes" in desk.actions(ANA))
        desk.tap(ANA, "restart-yes")
        assert await until(lambda: len(desk.rows("SELECT id FROM session")) == 2)
        desk.telegram.visitors.press(ANA, screen.message_id, data)
        assert await desk.quiet()
    kept = desk.rows("SELECT chat_id, cell, language, session_id FROM opinions")
    assert kept == [(ANA, "outsourcing/definition", "en", *desk.rows("SELECT max(id) FROM session")[0])]


async def test_a_wish_for_a_person_is_kept_with_its_question(desk: Bench) -> None:
    """However often the button is tapped and the question typed, and though an update comes again: one row."""
    desk.person(ANA)
    question = "Will it rain tomorrow?"
    async with desk.running():
        await desk.walk_to_question(ANA)
        desk.say(ANA, question, question)
        assert await until(lambda: "person" in desk.actions(ANA))
        for _ in range(5):
            desk.tap(ANA, "person")
        desk.telegram.faults.stage(Fault("repeat", methods="message", copies=2, times=1))
        update = desk.telegram.visitors.say(ANA, question)
        desk.telegram.visitors.inject(update)
        assert await desk.quiet()
        desk.telegram.world.updates.deliver_again(update, 2)
        desk.tap(ANA, "person")
        assert await desk.quiet()
    assert desk.rows("SELECT text, wants FROM questions") == [(question, "person")]
    assert desk.rows("SELECT count(*) FROM failed_update") == [(0,)]


async def test_one_malformed_update_among_a_hundred_is_kept_alone(desk: Bench) -> None:
    """The 100 others are answered; the broken one stands in failed_update with its shape.

    Its words are left out: nobody has agreed to have them kept.
    """
    people = [desk.person(number) for number in range(1001, 1101)]
    async with desk.running():
        for person in people[:50]:
            desk.say(person, "/start")
        desk.telegram.visitors.inject({"message": {"text": "no chat, no date"}})
        for person in people[50:]:
            desk.say(person, "/start")
        assert await desk.quiet()
        assert await until(lambda: all(desk.screens(person) for person in people))
    ((why, error, payload),) = desk.rows("SELECT why, error, payload FROM failed_update")
    assert (why, "malformed" in error) == ("failed", True)
    assert json.loads(payload)["message"] == {"text": "str"}
    assert "no chat, no date" not in payload + error


async def test_an_update_without_an_id_neither_stops_nor_heats_the_bot(desk: Bench) -> None:
    """What cannot be acknowledged is not asked for in a tight loop, and what comes after it is answered."""
    desk.person(ANA)
    async with desk.running():
        desk.telegram.visitors.inject({"update_id": "seven", "message": {}})
        assert await until(lambda: sum(one.method == "getUpdates" for one in desk.requests) >= 2)
        before = len(desk.requests)
        await until(lambda: False, 0.5)
        assert len(desk.requests) - before < 10
        desk.telegram.world.updates.clear()
        desk.say(ANA, "/start")
        assert await until(lambda: desk.screens(ANA))


async def test_an_update_that_breaks_the_engine_is_kept_and_the_owner_is_told(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its owner reads that nothing is lost, and it is so: the next answer counts. Others notice nothing."""
    take_turn = engine.take_turn

    def stumbling(content: Any, session: Any, event: AnyEvent) -> Any:
        if isinstance(event, Said) and event.text == "stumble":
            raise ZeroDivisionError
        return take_turn(content, session, event)

    monkeypatch.setattr(owners, "take_turn", stumbling)
    desk.person(ANA), desk.person(BEN)
    async with desk.running():
        await desk.walk_to_question(ANA, BEN)
        desk.say(ANA, "stumble", "1")
        desk.say(BEN, "1")
        assert await desk.quiet()
    assert any("went wrong on our side" in text for text in desk.sent(ANA))
    assert (desk.asks(ANA), desk.asks(BEN)) == ("question 1", "question 1")
    assert desk.rows("SELECT why FROM failed_update") == [("failed",)]


async def test_a_turn_that_cannot_be_written_is_kept_and_the_owner_is_told(
    desk: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The data of one turn is at fault: that turn alone is set aside, the batch around it is taken."""
    line = transcripts.Line

    def spoilt(*arguments: Any) -> transcripts.Line:
        made, nothing = line(*arguments), cast("int", None)
        return replace(made, at=nothing) if made.text == "unstorable" else made

    monkeypatch.setattr(transcripts, "Line", spoilt)
    desk.person(ANA), desk.person(BEN)
    async with desk.running():
        await desk.walk_to_question(ANA, BEN)
        desk.say(ANA, "unstorable")
        desk.say(BEN, "1")
        assert await desk.quiet()
        assert await until(lambda: desk.asks(BEN) == "question 1")
    assert any("went wrong on our side" in text for text in desk.sent(ANA))
    assert desk.rows("SELECT why FROM failed_update") == [("failed",)]


async def test_a_locked_store_acknowledges_nothing_and_resumes(desk: Bench) -> None:
    """Another process holds the file for three seconds. Nothing is called a failed update."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        assert await desk.quiet()
        other = sqlite3.connect(desk.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        desk.say(ANA, "1")
        await until(lambda: False, 3)
        assert (desk.telegram.world.updates.pending, desk.asks(ANA)) == (1, "question 0")
        other.execute("ROLLBACK")
        other.close()
        assert await until(lambda: desk.asks(ANA) == "question 1", 15)
        assert await desk.quiet()
    assert desk.rows("SELECT count(*) FROM failed_update") == [(0,)]


async def test_a_full_disk_acknowledges_nothing_and_resumes(desk: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """While nothing can be written the updates wait at Telegram, also those that owe an apology; then all are taken."""
    from bot.store.database import Database

    commit, full = Database._commit, [False]

    async def failing(self: Database, jobs: Any) -> None:
        if full[0]:
            raise sqlite3.OperationalError("database or disk is full")
        await commit(self, jobs)

    monkeypatch.setattr(Database, "_commit", failing)
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        assert await desk.quiet()
        full[0] = True
        late = desk.telegram.visitors.say(ANA, "1")
        late["message"]["date"] -= 1200
        await until(lambda: False, 1.5)
        assert desk.telegram.world.updates.pending == 1
        full[0] = False
        assert await desk.quiet()
    assert len(desk.sent(ANA)) == 4, "greeting, menu, question, and the apology"
    assert desk.asks(ANA) == "question 0"


async def test_after_an_outage_all_is_recorded_and_one_apology_given(desk: Bench) -> None:
    """Five texts from before the outage: one apology with the current question, five lines in the transcript."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        assert await desk.quiet()
    before = len(desk.sent(ANA))
    for text in ("1", "2", "hello?", "/help", "are you there"):
        update = desk.telegram.visitors.say(ANA, text)
        update["message"]["date"] -= 1200
    async with desk.running():
        assert await desk.quiet()
        assert len(desk.sent(ANA)) == before + 1
        assert desk.asks(ANA) == "question 0"
        desk.say(ANA, "1")
        assert await until(lambda: desk.asks(ANA) == "question 1")
    said = desk.rows("SELECT text FROM transcript JOIN wording USING (digest) WHERE kind = 'late' ORDER BY line")
    assert [text for (text,) in said] == ["1", "2", "hello?", "/help", "are you there"]


ODD_TEXTS = {
    "50,000 letters": "a" * 50_000,
    "only zero-width": "\u200b\u200d\ufeff",
    "right to left": "\u202eabc\u202c שלום",
    "half a character": "1\ud800",
    "NUL": "1\x00",
    "many emoji": "😀" * 4096,
    "markup": "<b>1</b> & <script>",
    "a digit of another script": "١",
}


def _more_than(desk: Bench, count: int) -> bool:
    return len(desk.sent(ANA)) > count


async def test_odd_texts_are_answered_and_break_nothing(desk: Bench) -> None:
    """Each is answered; the person stands at a question; nothing is called a failed update."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        for text in ODD_TEXTS.values():
            answered = partial(_more_than, desk, len(desk.sent(ANA)))
            desk.say(ANA, text)
            assert await until(answered)
        assert await desk.quiet()
    assert desk.rows("SELECT count(*) FROM failed_update") == [(0,)]
    assert desk.rows("SELECT count(*) FROM transcript WHERE kind = 'said'") == [(len(ODD_TEXTS),)]


async def test_every_kind_of_update_gets_the_sensible_thing(desk: Bench) -> None:
    """Media: one line, once in a row. Edits, channels, anonymous admins, unknown kinds: silence. Groups: one line."""
    visitors = desk.telegram.visitors
    desk.person(ANA)
    group = visitors.add_group("Friends", {ANA: "member"}).id
    channel = visitors.add_group("News", {}, "channel").id
    async with desk.running():
        await desk.walk_to_question(ANA)
        before = len(desk.sent(ANA))
        for kind in KINDS:
            visitors.send(ANA, kind)
        assert await desk.quiet()
        assert len(desk.sent(ANA)) == before + 1
        original = visitors.say(ANA, "hm")["message"]["message_id"]
        visitors.edit(ANA, original, "1")
        visitors.publish(channel, "news")
        visitors.say_anonymously(group, "/start")
        visitors.inject({"purchased_paid_media": {"from": {}, "paid_media_payload": "x"}})
        visitors.inject({"some_future_kind": {"id": 1}})
        visitors.say(ANA, "/start", chat_id=group)
        visitors.say(ANA, "/start", chat_id=group)
        visitors.press(ANA, 10**6, "answer:1:1:work:calls", inaccessible=True)
        visitors.press(ANA, 10**6, "nonsense", inaccessible=True)
        visitors.forward(ANA, "2", "Somebody")
        assert await desk.quiet()
        assert await until(lambda: all(query.answer for query in desk.telegram.world.queries.values()))
        assert (len(desk.sent(group)), len(desk.sent(channel))) == (1, 0)
        assert desk.asks(ANA) == "question 1"
        visitors.block(ANA)
        assert await until(lambda: desk.rows("SELECT blocked_at IS NOT NULL FROM chat") == [(1,)])
        visitors.unblock(ANA)
        desk.say(ANA, "1")
        assert await until(lambda: desk.asks(ANA) == "question 2")
    assert desk.rows("SELECT blocked_at FROM chat") == [(None,)]
    assert desk.rows("SELECT count(*) FROM failed_update") == [(0,)]


async def test_a_lower_update_id_after_a_week_of_silence_is_taken(desk: Bench) -> None:
    """Telegram may begin anywhere after a week: an id below those before is new all the same."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        assert await desk.quiet()
    low = {"update_id": 5, "message": desk.telegram.visitors.say(ANA, "1")["message"]}
    desk.telegram.world.updates.clear()
    desk.telegram.visitors.inject(low)
    async with desk.running():
        assert await until(lambda: desk.asks(ANA) == "question 1")
