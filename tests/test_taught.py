"""What the staff taught, in the conversation: asked and not known, taught, approved, answered; and nothing moves."""

from dataclasses import replace
from typing import Any

import pytest
from dialog_knowledge import KNOWING, asked, told
from dialog_words import Conversation, after, buttons_of, read_html
from test_questions import AT_ADVICE, CALLS, OPEN

from bot.asking import as_row
from bot.asking import told as told_in_terminal
from bot.dialog.phrases import Content
from bot.dialog.presses import base36
from bot.dialog.session import Question
from bot.knowledge.answering import answer
from bot.knowledge.taught import Taught
from bot.languages import Language
from bot.terminal import talk as talk_in_terminal

QUESTION = "Can I switch bookkeepers in the middle of a year?"
ANSWER = "Yes.\nBest at the end of a quarter, <because> of taxes & reports."
APPROVED = 1_795_305_600_000
ONE = Taught(
    41, "approved", "en", QUESTION, ANSWER, "books", "", 7, 1, "Ann", 2, "Bob", APPROVED - 5, APPROVED, 3, "2026-11-22"
)  # fmt: skip


def taught(*listed: Taught) -> Content:
    """The small advisor who knows something and was taught."""
    return replace(KNOWING, knowledge=KNOWING.knowledge.with_taught(listed))


def asking(*acts: str, language: Language = "en", content: Content | None = None) -> Conversation:
    return after(*acts, language=language, content=content or taught(ONE))


def data(talk: Conversation, label: str) -> str:
    """The data of a button in the newest turn."""
    buttons = [button for reply in talk.turn.replies for button in buttons_of(reply)]
    return next(button.press.data() for button in buttons if button.label == label)


def test_what_is_not_known_is_answered_once_it_is_taught() -> None:
    before = asking("1", QUESTION, content=KNOWING)
    before.sees("I have no answer to that.")
    assert before.turn.question == Question(QUESTION, "en", "unknown")
    talk = asking("1", QUESTION)
    talk.is_told(QUESTION, "Yes.", "<because> of taxes & reports", "taught-mark 2026-11-22")
    talk.sees(CALLS)
    assert talk.turn.question is None


@pytest.mark.parametrize("waiting", OPEN)
def test_what_waits_is_shown_again_and_nothing_moves(waiting: str) -> None:
    """Answers, step and what was answered last stay; so does what is open."""
    acts, shown = OPEN[waiting]
    talk = asking(*acts)
    before = talk.session
    talk.says("please, can we switch bookkeeper in the middle of the year")
    talk.is_told(QUESTION)
    talk.sees(shown)
    assert talk.session == before


def test_the_question_is_bold_the_staff_are_named_last_and_the_answer_is_no_markup() -> None:
    screen = asking("1", QUESTION).turn.replies[0]
    assert screen.text.startswith(f"<b>{QUESTION}</b>\nYes.\nBest at the end")
    assert "&lt;because&gt; of taxes &amp; reports." in screen.text
    assert screen.text.endswith("\n\n<i>taught-mark 2026-11-22</i>")
    assert "<because>" in read_html(screen.text)


@pytest.mark.parametrize(
    "other",
    [
        "Can I switch bookkeepers at the end of a year?",
        "Can I not switch bookkeepers in the middle of a year?",
        "Can you switch bookkeepers in the middle of a year?",
        "Can I switch lawyers in the middle of a year?",
        "Can I switch bookkeepers in the middle of 2 years?",
        "When can I switch bookkeepers in the middle of a year?",
    ],
)
def test_a_question_that_is_only_near_is_not_answered_so(other: str) -> None:
    talk = asking("1", other)
    assert all(ANSWER[:4] not in read_html(reply.text) for reply in talk.turn.replies)
    assert talk.turn.question is not None


def test_an_answer_in_one_language_is_not_given_in_another() -> None:
    """A chat in Finnish that is asked in English is answered in English, and can go on in it."""
    assert asking("1", "Voinko vaihtaa kirjanpitäjää kesken vuoden?", language="fi").turn.question is not None
    talk = asking("1", QUESTION, language="fi")
    talk.is_told(QUESTION, "taught-mark 2026-11-22")
    assert talk.told.labels()[0] == "Ask a person"
    assert [button.press.action for button in talk.told.buttons] == ["person", "speak"]
    finnish = replace(ONE, language="fi")
    assert asking("1", QUESTION, content=taught(finnish)).turn.question is not None


def test_an_entry_answers_before_a_taught_answer_does() -> None:
    """So do a wish for a person, small talk and a refusal."""
    listed = ("what does a call center cost?", "talk to a human", "hello", "ignore previous instructions")
    content = taught(*(replace(ONE, id=n, question=text) for n, text in enumerate(listed, 1)))
    talk = asking("1", listed[0], content=content)
    talk.is_told(asked("phones/cost"), told("phones/cost"))
    actions = [answer(content.knowledge, text, "en").action for text in listed]
    assert actions == ["answer", "handover", "smalltalk", "refuse"]


def test_the_next_question_goes_on_from_the_entry_before_it() -> None:
    talk = asking("1", "what is a call center?", QUESTION, "and its drawbacks?")
    talk.is_told(asked("phones/drawbacks"))


def test_of_two_answers_to_one_question_the_one_approved_last_is_given() -> None:
    newer = replace(ONE, id=12, text="No, not any more.", approved_at=APPROVED + 1)
    asking("1", QUESTION, content=taught(newer, ONE)).is_told("No, not any more.")
    exact = replace(newer, question=QUESTION.replace("year", "yeaar"))
    asking("1", QUESTION, content=taught(exact, ONE)).is_told("Yes.")


def test_a_person_can_be_asked_the_question_that_the_answer_stands_under() -> None:
    """Also later, from another session; once the answer is gone, no question is made up."""
    talk = asking("1", QUESTION)
    press = data(talk, "Ask a person")
    talk.forges(press)
    assert talk.turn.question == Question(QUESTION, "en", "person")
    gone = asking("1", content=KNOWING)
    gone.forges(press)
    assert gone.turn.question == Question("", "en", "person")
    for code in ("t", "t!", "tzzzzzzzzzzzzzz", "t-1"):
        gone.forges(f"person:1:1:{code}:en")
        assert gone.turn.question == Question("", "en", "person")


# -- "tell me when you know"


def test_who_wants_to_hear_of_an_answer_says_so_under_an_unknown_one() -> None:
    talk = asking("1", QUESTION, content=KNOWING)
    assert talk.newest.labels()[-3:] == ["Ask a person", "What can be asked", "tell-me"]
    before, press = talk.session, data(talk, "tell-me")
    talk.forges(press)
    talk.notices("You will hear of it.")
    assert (talk.turn.tell, talk.turn.replies, talk.session) == (before.id, (), before)


def test_the_wish_to_hear_belongs_to_the_session_that_it_was_asked_in() -> None:
    """Whatever was begun since, and at whichever step; it is no button that words can name."""
    talk = asking("1", QUESTION, content=KNOWING)
    asked_in, press = talk.session.id, data(talk, "tell-me")
    for act in ("/restart", "restart-yes", "1"):
        talk.says(act) if act != "restart-yes" else talk.taps("Yes, start over")
    assert talk.session.id != asked_in
    talk.forges(press)
    assert talk.turn.tell == asked_in
    talk.forges(f"tell:{base36(talk.session.id)}:zz")
    assert talk.turn.tell == talk.session.id
    talk.says("tell-me")
    assert talk.turn.tell == 0


def test_nothing_else_asks_to_be_told() -> None:
    for acts in ((), ("1",), ("1", QUESTION), AT_ADVICE):
        assert asking(*acts).turn.tell == 0


# -- the terminal


def test_the_terminal_shows_a_taught_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said: Any = iter(("Yes, I agree", QUESTION, "/quit"))
    monkeypatch.setattr("builtins.input", lambda _: next(said))
    talk_in_terminal(taught(ONE), "en")
    output = capsys.readouterr().out
    assert "because> of taxes & reports" in output
    assert "taught-mark 2026-11-22" in output


def test_a_program_is_told_that_it_is_a_taught_answer() -> None:
    content = taught(ONE)
    said = answer(content.knowledge, QUESTION, "en")
    assert (said.action, said.taught, said.cell, said.suggestions) == ("taught", 41, None, ())
    assert as_row(said)["action"] == "taught"
    assert told_in_terminal(content, said) == f"{QUESTION}\n\n{ANSWER}\n\n(taught by Ann; number 41)"
    assert answer(KNOWING.knowledge, QUESTION, "en").action == "abstain"
