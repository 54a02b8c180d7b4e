"""A message is delivered at least once, in order per chat, whatever the network does; and receiving recovers."""

import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from harness.inside import Bench, bench
from harness.telegram import TOKEN
from harness.waiting import until

from bot.chat import receive, send
from bot.preview.faults import Fault
from bot.preview.rates import Rates

ANA, BEN = 7, 8
COMMANDS = ("/help", "/settings", "/privacy", "/history")
BEGINNINGS = ("I ask", "Language", "What we keep", "There is no earlier")


@pytest.fixture
def desk(tmp_path: Path) -> Bench:
    return bench(tmp_path)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The longest pause between two tries is short, so that the tests are."""
    monkeypatch.setattr(send, "LONGEST_WAIT", 0.4)
    monkeypatch.setattr(receive, "LONGEST_WAIT", 0.4)


def in_order(texts: Sequence[str]) -> bool:
    """The replies to COMMANDS, in this order, each at least once, none again after a later one."""
    kinds = [next(place for place, words in enumerate(BEGINNINGS) if text.startswith(words)) for text in texts]
    return kinds == sorted(kinds) and set(kinds) == set(range(len(COMMANDS)))


FAULTS = {
    "429": Fault("error", retry_after=1, times=2),
    "502 with a page": Fault("html", times=3),
    "500": Fault("error", code=500, times=3),
    "reset before": Fault("reset_before", times=3),
    "reset after": Fault("reset_after", times=3),
    "no answer, no effect": Fault("hang", seconds=(0.2, 0.2), times=3),
    "no answer, but an effect": Fault("hang_after", seconds=(0.2, 0.2), times=3),
    "half an answer": Fault("truncate", times=3),
    "401": Fault("error", code=401, times=2),
}
AMBIGUOUS = ("reset after", "no answer, but an effect", "half an answer")


@pytest.mark.parametrize("name", FAULTS)
async def test_what_goes_wrong_on_the_way_is_sent_again_in_order(desk: Bench, name: str) -> None:
    """All is delivered, in order; twice only where nobody can know whether it had arrived. The token is in no log."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        assert await desk.quiet()
        before = len(desk.sent(ANA))
        desk.telegram.faults.stage(FAULTS[name])
        desk.say(ANA, *COMMANDS)
        assert await desk.quiet()
    sent = desk.sent(ANA)[before:]
    assert in_order(sent)
    most = FAULTS[name].times or 0
    assert len(sent) - len(COMMANDS) <= (most if name in AMBIGUOUS else 0)


async def test_many_faults_at_once_lose_nothing(desk: Bench) -> None:
    """20 chats, a tenth of all requests refused or cut: every chat reads all, in order."""
    people = [desk.person(number) for number in range(1001, 1021)]
    async with desk.running():
        await desk.walk_to_question(*people)
        assert await desk.quiet()
        before = {person: len(desk.sent(person)) for person in people}
        for fault in (
            Fault("html", chance=0.04),
            Fault("reset_before", chance=0.03),
            Fault("reset_after", chance=0.03),
            Fault("truncate", chance=0.02),
        ):
            desk.telegram.faults.stage(fault)
        for person in people:
            desk.say(person, *COMMANDS)
        assert await desk.quiet()
    assert all(in_order(desk.sent(person)[before[person] :]) for person in people)


async def test_a_chat_waits_as_long_as_telegram_says_and_no_other_chat_does(desk: Bench) -> None:
    """429 for Ana with two seconds: nothing goes to her meanwhile, Ben reads his reply at once."""
    desk.person(ANA), desk.person(BEN)
    async with desk.running():
        await desk.walk_to_question(ANA, BEN)
        assert await desk.quiet()
        before = len(desk.sent(ANA)), len(desk.sent(BEN))
        desk.telegram.faults.stage(Fault("error", retry_after=2, chat_id=ANA, times=1))
        desk.say(ANA, "/help")
        began = time.monotonic()
        desk.say(BEN, "/help")
        assert await until(lambda: len(desk.sent(BEN)) > before[1])
        assert time.monotonic() - began < 1.5
        assert await until(lambda: len(desk.sent(ANA)) > before[0])
        assert time.monotonic() - began >= 2.0


async def test_the_rates_are_kept(desk: Bench) -> None:
    """Telegram holds the bot to a message a second in a chat after a burst of five: it never has to refuse."""
    desk.person(ANA)
    desk.telegram.limit(Rates(overall=30, chat=1, burst=5))
    async with desk.running(rates=(30, 1, 20)):
        desk.say(ANA, *("/help", "/settings") * 4)
        assert await until(lambda: len(desk.sent(ANA)) == 8, 15)
    assert not [one for one in desk.telegram.journal.of() if one.code == 429]


async def test_who_blocks_the_bot_gets_nothing_more_until_they_write(desk: Bench) -> None:
    """403 ends what waits for that chat, marks it, and is not tried again."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        assert await desk.quiet()
        desk.telegram.faults.stage(
            Fault("error", methods="^send", code=403, description="Forbidden: bot was blocked by the user", times=1)
        )
        before = len(desk.telegram.journal.of("sendMessage"))
        desk.say(ANA, *COMMANDS)
        assert await until(lambda: desk.rows("SELECT blocked_at IS NOT NULL FROM chat") == [(1,)])
        assert await desk.quiet()
        assert len(desk.telegram.journal.of("sendMessage")) - before <= len(COMMANDS)
        desk.say(ANA, "1")
        assert await until(lambda: desk.asks(ANA) == "question 1")
    assert desk.rows("SELECT blocked_at FROM chat") == [(None,)]
    assert desk.rows("SELECT count(*) > 0 FROM outbox WHERE state = 'failed' AND error LIKE '%blocked%'") == [(1,)]


async def test_a_refused_message_fails_alone(desk: Bench) -> None:
    """400 ends that message with a note; the next one goes out."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        assert await desk.quiet()
        refusal = Fault("error", methods="^send", code=400, description="Bad Request: can't parse entities", times=1)
        desk.telegram.faults.stage(refusal)
        desk.say(ANA, "/help", "/settings")
        assert await desk.quiet()
    assert desk.sent(ANA)[-1].startswith("Language")
    assert not any(text.startswith("I ask") for text in desk.sent(ANA))
    assert desk.rows("SELECT error FROM outbox WHERE state = 'failed'") == [("Can't parse entities",)]


@pytest.mark.parametrize(
    "words", ["message is not modified: same", "message to edit not found", "message can't be edited"]
)
async def test_an_edit_that_changes_nothing_counts_as_delivered(desk: Bench, words: str) -> None:
    """And the question after it comes."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        assert await desk.quiet()
        refusal = Fault("error", methods="^edit", code=400, description=f"Bad Request: {words}", times=1)
        desk.telegram.faults.stage(refusal)
        desk.tap(ANA, "answer")
        assert await until(lambda: desk.asks(ANA) == "question 1")
        assert await desk.quiet()
    assert desk.rows("SELECT count(*) FROM outbox WHERE state = 'failed'") == [(0,)]


async def test_an_answer_to_a_press_is_tried_once(desk: Bench) -> None:
    """Too old, or cut off: the turn stands, nothing is tried again."""
    desk.person(ANA)
    async with desk.running():
        await desk.walk_to_question(ANA)
        assert await desk.quiet()
        desk.telegram.faults.stage(Fault("reset_before", methods="^answer", times=1))
        desk.tap(ANA, "answer")
        assert await until(lambda: desk.asks(ANA) == "question 1")
        assert await desk.quiet()
    assert sum(query.answer is None for query in desk.telegram.world.queries.values()) == 1


RECEIVING = {
    "401": Fault("error", methods="^getUpdates", code=401, times=2),
    "404": Fault("error", methods="^getUpdates", code=404, times=2),
    "409": Fault("error", methods="^getUpdates", code=409, times=2),
    "429": Fault("error", methods="^getUpdates", retry_after=1, times=1),
    "502 with a page": Fault("html", methods="^getUpdates", times=2),
    "half an answer": Fault("truncate", methods="^getUpdates", times=2),
    "reset": Fault("reset_after", methods="^getUpdates", times=2),
}


@pytest.mark.parametrize("name", RECEIVING)
async def test_receiving_recovers(desk: Bench, name: str) -> None:
    """Whatever meets getUpdates, the bot goes on asking, and what waits is answered once."""
    desk.person(ANA)
    desk.telegram.faults.stage(RECEIVING[name])
    async with desk.running():
        desk.say(ANA, "/start")
        assert await until(lambda: desk.screens(ANA), 15)
        assert await desk.quiet()
    assert len(desk.screens(ANA)) == 1


async def test_the_bot_waits_for_a_telegram_that_cannot_be_reached(
    desk: Bench, capsys: pytest.CaptureFixture[str]
) -> None:
    """At the start, too; and the token stands in no line it writes, and not in the database."""
    desk.person(ANA)
    desk.telegram.faults.stage(Fault("html", methods="^getMe", times=1))
    async with desk.running():
        desk.say(ANA, "/start")
        assert await until(lambda: desk.screens(ANA), 15)
    output = capsys.readouterr()
    secret = TOKEN.partition(":")[2]
    assert "cannot be reached" in output.out + output.err
    assert secret not in output.out + output.err
    assert not [path for path in desk.database.parent.glob("bot.db*") if secret.encode() in path.read_bytes()]
