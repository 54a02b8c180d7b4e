"""The oracle of the crash runs can fail: fed a doctored journal, it says what is wrong with it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from harness.content import first_words, write_small_content
from harness.oracle import Oracle
from harness.rules import Act, Rules
from harness.screens import Button
from harness.telegram import Request

from bot.preview.world import Json

ANA = 7
START = Act(1, text="/start")
AGREE = Act(2, button=Button("Yes", "agree:0:0:en::1"), message_id=100, query="q2")
FIND = Act(3, button=Button("Find", "find:a:0"), message_id=101, query="q3")
ANSWER = Act(4, button=Button("1. Calls", "answer:a:0:work:calls"), message_id=102, query="q4")
HELP, PRIVACY = Act(5, text="/help"), Act(6, text="/privacy")
TALK = (START, AGREE, FIND, ANSWER, HELP, PRIVACY)


def message(message_id: int, text: str, *data: str) -> Json:
    """A message as the pretend Telegram keeps it."""
    return {
        "message_id": message_id,
        "text": text,
        "reply_markup": {"inline_keyboard": [[{"text": one, "callback_data": one}] for one in data]},
    }


def sent(message_id: int, text: str, *data: str) -> Request:
    """A message that arrived."""
    return Request("sendMessage", {"chat_id": str(ANA)}, 200, message(message_id, text, *data))


def edited(message_id: int, text: str) -> Request:
    """An edit that took effect."""
    return Request("editMessageText", {"chat_id": str(ANA)}, 200, message(message_id, text))


def answered(query: str) -> Request:
    """A press that was answered."""
    return Request("answerCallbackQuery", {"callback_query_id": query}, 200, True)


BORN = Request("getMe", {}, 200, {})
GOOD = (
    BORN,
    sent(100, "Hello", "agree:0:0:en::1"),
    edited(100, "Hello, agreed"),
    sent(101, "Menu", "find:a:0", "languages:a:0"),
    answered("q2"),
    sent(102, "Which?", "answer:a:0:work:calls", "answer:a:0:work:books", "why:a:0:work"),
    answered("q3"),
    edited(102, "Which? Calls"),
    sent(103, "Who?", "answer:a:1:who:they", "back:a:1:who", "why:a:1:who"),
    answered("q4"),
    sent(104, "I ask a few questions about the work"),
    sent(105, "What we keep: the number of your Telegram chat, your language, when you agreed"),
)
MENU, WHICH, CLOSED, WHO, HELPED, KEPT = 3, 5, 7, 8, 10, 11


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    return Rules(first_words(write_small_content(tmp_path_factory.mktemp("content") / "small")))


def judged(rules: Rules, journal: list[Request], *, killed_before: int | None = None) -> dict[str, int]:
    """What the oracle finds wrong with this journal, by kind; `killed_before`: a kill falls before this request."""
    oracle = Oracle(rules)
    for act in TALK:
        oracle.acted(ANA, act)
    for place, request in enumerate(journal):
        if place == killed_before:
            oracle.killed()
            oracle.heard(BORN)
        oracle.heard(request)
    oracle.finish()
    return {kind: count for kind, count in oracle.counts().items() if count}


def test_a_good_journal_is_fine(rules: Rules) -> None:
    """Each act has its replies, in order."""
    assert judged(rules, list(GOOD)) == {}


def without(place: int) -> list[Request]:
    return [request for number, request in enumerate(GOOD) if number != place]


def twice(place: int) -> list[Request]:
    return [*GOOD[: place + 1], *GOOD[place:]]


def swapped(place: int) -> list[Request]:
    return [*GOOD[:place], GOOD[place + 1], GOOD[place], *GOOD[place + 2 :]]


def instead(place: int, request: Request) -> list[Request]:
    return [*GOOD[:place], request, *GOOD[place + 1 :]]


DOCTORED: dict[str, tuple[Callable[[], list[Request]], str]] = {
    "the last reply never comes": (lambda: without(KEPT), "lost"),
    "nothing comes at all": (lambda: [BORN], "lost"),
    "an edit is left out": (lambda: without(CLOSED), "missing"),
    "the next question is left out": (lambda: without(WHO), "missing"),
    "a note is left out": (lambda: without(HELPED), "missing"),
    "a question comes twice": (lambda: twice(WHO), "duplicate"),
    "a note comes twice": (lambda: twice(HELPED), "duplicate"),
    "two replies in the wrong order": (lambda: swapped(HELPED), "order"),
    "the session moves by two": (
        lambda: instead(WHO, sent(103, "Who?", "answer:a:2:much:lots", "why:a:2:much")),
        "double",
    ),
    "the session does not move": (
        lambda: instead(WHO, sent(103, "Who?", "answer:a:0:who:they", "why:a:0:who")),
        "double",
    ),
    "the session is another": (lambda: instead(WHO, sent(103, "Who?", "answer:b:1:who:they", "why:b:1:who")), "double"),
    "a press is never answered": (lambda: without(9), "unanswered"),
    "a request is refused": (
        lambda: [*GOOD, Request("sendMessage", {"chat_id": "7"}, 400, "can't parse entities")],
        "refused",
    ),
}


@pytest.mark.parametrize("name", DOCTORED)
def test_a_doctored_journal_is_noticed(rules: Rules, name: str) -> None:
    """Lost, missing, twice, out of order, moved by two: each by its name."""
    journal, kind = DOCTORED[name]
    assert kind in judged(rules, journal())


def test_after_a_kill_the_last_message_may_come_once_more(rules: Rules) -> None:
    """Once; neither twice, nor one before the last, nor without a kill."""
    assert judged(rules, twice(WHO), killed_before=WHO + 1) == {}
    assert "duplicate" in judged(rules, [*GOOD[: WHO + 1], GOOD[WHO], *GOOD[WHO:]], killed_before=WHO + 1)
    before_last = [*GOOD[: WHO + 1], GOOD[WHICH], *GOOD[WHO + 1 :]]
    assert judged(rules, before_last, killed_before=WHO + 1)


def test_the_database_must_tell_the_same(rules: Rules) -> None:
    """Session, step and answers, for everyone."""
    oracle = Oracle(rules)
    for act in TALK:
        oracle.acted(ANA, act)
    for request in GOOD:
        oracle.heard(request)
    row: dict[str, Any] = {"chat_id": ANA, "id": 10, "step": 1, "answers": {"work": "calls"}}
    oracle.compare([row])
    assert not oracle.violations
    oracle.compare([{**row, "step": 2}])
    oracle.compare([])
    assert oracle.counts()["database"] == 2


def test_small_content_is_complete(tmp_path: Path) -> None:
    """The oracle knows how the reply to each command begins, in every language."""
    words = first_words(write_small_content(tmp_path / "small"))
    assert all(len(begins) >= 1 and all(begins) for begins in words.values())
