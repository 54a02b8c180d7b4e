"""Double taps, old buttons, forged data, media, what came late, and answers to a dialog that has changed."""

import string
from dataclasses import replace

import pytest
from dialog_words import NODES, SMALL, Conversation, after, dialog_of
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialog.presses import ACTIONS, Press, base36, number, read_press

WORK, CALLS, VOLUME, SECRET = "Which work is it?", "Who calls whom?", "How much is it?", "Is it <secret>?"


# -- double taps


@pytest.mark.parametrize(
    ("acts", "label"),
    [
        ((), "Talking with customers"),
        (("1", "1", "1"), "No"),
        (("1",), "Not sure"),
        (("1", "1"), "Back"),
        (("1",), "Back"),
        (("1", "1", "/answers", "[✏️ Calls]"), "We call them"),
        (("1", "1", "/answers", "[✏️ Calls]"), "Keep my answer"),
        (("1", "/restart"), "Yes, start over"),
        (("1", "/restart"), "No, go on"),
        (("1", "/start"), "Start over"),
        (("1", "/start calls"), "Start over"),
        (("2", "1", "[No]"), "Start over"),
    ],
)
def test_a_double_tap_does_nothing_twice(acts: tuple[str, ...], label: str) -> None:
    once, twice = after(*acts), after(*acts)
    once.taps(label)
    twice.taps_twice(label)
    assert twice.session == once.session
    assert [message.words for message in twice.chat] == [message.words for message in once.chat]
    twice.notices("Already noted.")


def test_a_second_tap_on_consent_is_already_noted() -> None:
    talk = Conversation()
    talk.says("/start")
    talk.taps_twice("Yes, I agree")
    talk.notices("Already noted.")
    assert talk.session.id == 2


def test_back_right_after_an_answer_on_the_same_message_is_no_double_tap() -> None:
    talk = after("1")
    message, back = talk.button("Back")
    talk.taps("They call us")
    talk.taps_again(message, back)
    talk.notices("That button is from earlier.")
    talk.sees("Question 3", VOLUME)
    assert talk.session.answers == {"work": "customers", "calls": "they"}


# -- old, foreign and forged buttons


def test_an_old_button_gets_a_short_notice_and_the_current_question_and_nothing_moves() -> None:
    talk = after()
    message, books = talk.button("Keeping the books")
    talk.says("1", "1")
    before = talk.session
    talk.taps_again(message, books)
    talk.notices("That button is from earlier.")
    talk.sees("Question 3", VOLUME)
    assert talk.session == before
    assert talk.turn.closes is None


@pytest.mark.parametrize(
    ("acts", "shown"),
    [
        (("1", "1", "/answers", "[✏️ Calls]"), "Your answer so far: They call us"),
        (("1", "1", "/restart"), "Really start over?"),
        (("1", "1", "/start"), "Good to see you again."),
        (("1", "1", "1", "[No]"), "Our advice"),
    ],
)
def test_an_old_button_shows_what_is_open_so_that_the_next_words_go_where_they_seem_to(
    acts: tuple[str, ...], shown: str
) -> None:
    talk = Conversation()
    talk.agrees()
    message, books = talk.button("Keeping the books")
    for act in acts:
        talk.taps(act[1:-1]) if act.startswith("[") else talk.says(act)
    before = talk.session
    talk.taps_again(message, books)
    talk.notices("That button is from earlier.")
    talk.sees(shown)
    assert talk.session == before


@pytest.mark.parametrize("label", ["They call us", "Back", "Why do we ask?"])
def test_buttons_of_an_earlier_session_are_old(label: str) -> None:
    talk = after("1")
    message, button = talk.button(label)
    talk.says("/restart", "yes", "1")
    before = talk.session
    talk.taps_again(message, button)
    talk.notices("That button is from earlier.")
    talk.sees("Question 2", CALLS)
    assert talk.session == before


@pytest.mark.parametrize(
    ("acts", "label"),
    [(("1", "/restart"), "Yes, start over"), (("1", "/restart"), "No, go on"), (("1", "/start"), "Start over"),
     (("2", "1", "[No]"), "Start over")],
)  # fmt: skip
def test_an_old_offer_to_start_over_no_longer_counts(acts: tuple[str, ...], label: str) -> None:
    talk = after("1")
    message, answer = talk.button("They call us")
    if acts[0] == "1":
        talk.says(*acts[1:])
        offer, button = talk.button(label)
        talk.taps_again(message, answer)
    else:
        talk = after(*acts)
        offer, button = talk.button(label)
        talk.says("back")
    before = talk.session
    talk.taps_again(offer, button)
    talk.notices("That button is from earlier.")
    assert talk.session == before


def test_a_recap_from_before_the_last_answer_is_old_but_its_way_on_is_not() -> None:
    talk = after("1", "/answers")
    message, change = talk.button("✏️ Work")
    _, on = talk.button("Go on")
    talk.taps("They call us")
    talk.taps_again(message, change)
    talk.notices("That button is from earlier.")
    talk.taps_again(message, on)
    talk.notices("")
    talk.sees("Question 3", VOLUME)


@pytest.mark.parametrize("action", sorted(ACTIONS))
@pytest.mark.parametrize("words", [(), ("work",), ("work", "x"), ("x", "customers"), ("secret", "yes"), ("", "", "")])
@pytest.mark.parametrize("session", ["mine", "another"])
def test_a_forged_button_never_moves_anything_it_could_not_move(
    action: str, words: tuple[str, ...], session: str
) -> None:
    talk = after("1")
    before = talk.session
    id_ = talk.session.id if session == "mine" else 12345
    talk.forges(":".join((action, base36(id_), base36(talk.session.step), *words)))
    assert talk.turn.toast or talk.turn.replies
    assert not talk.turn.forgets
    if session == "another" or action in ("answer", "change", "why", "find", "recap", "keep", "restart-no"):
        assert replace(talk.session, open="") == before


@settings(deadline=None)
@given(
    st.text(max_size=64) | st.from_regex(r"[a-z-]{2,12}:[0-9a-z]{0,3}:[0-9a-z]{0,3}(:[a-z-]{0,9}){0,3}", fullmatch=True)
)
def test_garbage_in_a_button_is_an_old_button_in_every_state(data: str) -> None:
    fresh = Conversation()
    fresh.forges(data)
    assert not fresh.turn.recorded
    for acts in ((), ("1", "/restart"), ("1", "/answers", "[✏️ Work]"), ("2", "1", "2")):
        talk = after(*acts)
        before = talk.session
        talk.forges(data)
        assert talk.session.answers == before.answers
        assert talk.turn.replies or talk.turn.toast


def test_history_is_no_button() -> None:
    talk = after("1")
    talk.forges(f"history:{base36(talk.session.id)}:1")
    talk.notices("That button is from earlier.")


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=36**12 - 1))
def test_a_number_in_a_button_is_read_as_it_was_written(value: int) -> None:
    assert number(base36(value)) == value


@pytest.mark.parametrize("garbage", ["", "A", "-1", "1.0", "é", "٣", "1" * 13, " 1", "1\n"])
def test_what_is_no_number_of_ours_is_none(garbage: str) -> None:
    assert number(garbage) is None


@settings(deadline=None)
@given(
    st.sampled_from(sorted(ACTIONS)),
    st.integers(0, 2**31),
    st.integers(0, 9999),
    st.lists(st.text(string.ascii_lowercase + "-", max_size=20), max_size=3),
)
def test_a_press_is_read_as_it_was_written(action: str, session: int, step: int, words: list[str]) -> None:
    press = Press(action, session, step, tuple(words))  # type: ignore[arg-type]
    assert read_press(press.data()) == press


# -- media, and what came late


def test_media_are_answered_once_in_a_row() -> None:
    talk = after("1")
    before = talk.session
    talk.sends("photo")
    talk.sees("I can only read text and buttons.")
    talk.sends("sticker")
    talk.gets_no_message()
    talk.sends("voice")
    talk.gets_no_message()
    assert replace(talk.session, texted=False) == before
    talk.says("1")
    talk.sends("photo")
    talk.sees("I can only read text and buttons.")


def test_media_leave_an_open_change_open() -> None:
    talk = after("1", "/answers", "[✏️ Work]")
    talk.sends("photo")
    talk.says("2")
    talk.sees("Changed: Work")


@pytest.mark.parametrize(
    ("acts", "shown"),
    [(("1",), CALLS), (("1", "/restart"), "Really start over?"), (("2", "1", "2"), "Our advice"),
     (("1", "/answers", "[✏️ Work]"), "Your answer so far")],
)  # fmt: skip
def test_after_an_outage_there_is_one_apology_with_what_waits_and_nothing_moves(
    acts: tuple[str, ...], shown: str
) -> None:
    talk = after(*acts)
    before = talk.session
    talk.wrote_during_the_outage("1")
    talk.sees("Sorry, I was away.", shown)
    assert talk.turn.recorded
    talk.wrote_during_the_outage("2", first=False)
    talk.gets_no_message()
    assert talk.turn.recorded
    assert talk.session == before


def test_before_consent_what_came_late_is_greeted_once() -> None:
    talk = Conversation()
    talk.wrote_during_the_outage("hello")
    talk.sees("Is that all right?")
    talk.wrote_during_the_outage("hello?", first=False)
    talk.gets_no_message()


# -- the dialog has changed


def test_answers_to_questions_and_options_that_are_gone_have_no_effect() -> None:
    talk = after("1", "1", "2", "1")
    talk.content = _without_option("volume", "lots")
    talk.says("hm")
    talk.sees("Question 3", VOLUME)
    talk.says("/answers")
    talk.sees("Work", "Calls")
    talk.does_not_see("Volume", "Peaks")
    talk.says("A little")
    talk.sees("Question 4", SECRET)


def test_a_change_that_was_open_at_a_question_that_is_gone_is_over() -> None:
    talk = after("1", "1", "/answers", "[✏️ Calls]")
    talk.content = _without_option("work", "customers")
    talk.says("hm")
    talk.sees("Question 1", WORK)
    talk.says("1")
    assert talk.session.answers["work"] == "books"


def test_advice_that_is_gone_from_the_dialog_is_not_compared_with() -> None:
    talk = after("2", "2", "2")
    talk.session = replace(talk.session, advised="faxes")
    talk.says("back", "2")
    talk.sees("Our advice: A bookkeeper")
    talk.does_not_see("The advice changes", "The advice stays")


def test_a_topic_that_is_gone_begins_with_the_first_question() -> None:
    talk = after("1", "/start calls")
    talk.content = replace(SMALL, dialog=replace(SMALL.dialog, topics={}))
    talk.taps("Start over")
    talk.sees("We start afresh.", "Question 1")


def _without_option(node: str, option: str) -> type(SMALL):  # type: ignore[valid-type]
    nodes = [
        replace(one, options=tuple(each for each in one.options if each.id != option)) if one.id == node else one
        for one in NODES
    ]
    return replace(SMALL, dialog=dialog_of(*nodes, called=f"without {option}"))
