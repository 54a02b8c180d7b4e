"""Changing answers, the advice and how its change is told, starting over, history; commands in every state."""

from dataclasses import replace

import pytest
from dialog_words import SMALL, TAGS, Conversation, after, caution, dialog_of, node, option, text, weight

from bot.dialog.engine import COMMANDS
from bot.dialog.events import PastAdvice
from bot.dialog.tree import ADVICE, Caution, Node

WORK, CALLS, VOLUME, SECRET = "Which work is it?", "Who calls whom?", "How much is it?", "Is it <secret>?"
PLACES = {
    "the menu": ("/start",),
    "the first question": (),
    "a later question": ("1",),
    "the advice": ("1", "1", "1", "[No]"),
    "an open change": ("1", "1", "/answers", "[✏️ Work]"),
    "an open restart": ("1", "/restart"),
    "a welcome back": ("1", "/start calls"),
}
at_every_place = pytest.mark.parametrize("acts", PLACES.values(), ids=PLACES.keys())


# -- answers and their change


def test_the_recap_lists_the_answers_each_with_a_button_to_change_it() -> None:
    talk = after("1", "1", "/answers")
    talk.sees("Your answers", "1. Work: Talking with customers", "2. Calls: They call us")
    talk.sees_only("✏️ Work", "✏️ Calls", "Go on")
    talk.taps("Go on")
    talk.sees("Question 3", VOLUME)


@pytest.mark.parametrize("words", ["2", "2.", "Calls", "calls", "callls"])
def test_the_number_or_the_title_of_an_answer_in_the_recap_opens_it(words: str) -> None:
    talk = after("1", "1", "/answers", words)
    talk.sees(CALLS, "Your answer so far: They call us")


@pytest.mark.parametrize("words", ["go on", "[Go on]", "/cancel"])
def test_the_recap_can_be_left(words: str) -> None:
    talk = after("1", "1", "/answers", words)
    talk.sees("Question 3", VOLUME)
    assert talk.session.open == ""


@pytest.mark.parametrize("words", ["A whole lot", "whole lot", "[A whole lot]"])
def test_over_the_recap_the_question_below_can_be_answered_by_its_words_and_by_its_buttons(words: str) -> None:
    talk = after("1", "1")
    asked = talk.newest
    talk.says("/answers")
    talk.taps(words[1:-1]) if words.startswith("[") else talk.says(words)
    talk.sees("Question 4", "Does it come in waves?")
    assert (talk.session.open, talk.session.answers["volume"]) == ("", "lots")
    assert asked.labels() == []


@pytest.mark.parametrize("words", ["4", "9.", "quarterly", "not sure", "dunno", "back", "why", "undo"])
def test_what_the_recap_does_not_understand_shows_the_recap_again_and_answers_nothing(words: str) -> None:
    talk = after("1", "1", "/answers", words)
    talk.sees("Sorry, I did not get that.", "Your answers", "1. Work: Talking with customers")
    assert (talk.session.open, talk.session.step) == ("recap", 2)


@pytest.mark.parametrize("words", ["2", "2.", "２", "②"])
def test_a_number_over_a_list_is_never_one_of_the_question_below(words: str) -> None:
    talk = after("/answers", words)
    talk.sees("Sorry, I did not get that.", "There are no answers yet.")
    assert not talk.session.answers


@pytest.mark.parametrize("words", ["start over", "See my answers", "back"])
def test_over_the_recap_the_buttons_of_the_advice_are_not_typed(words: str) -> None:
    talk = after("2", "2", "[No]", "[See my answers]", words)
    talk.sees("Your answers", "1. Work: Keeping the books")
    assert (talk.session.open, talk.session.step) == ("recap", 3)


@pytest.mark.parametrize("digression", ["/answers", "/language"])
@pytest.mark.parametrize(
    ("acts", "label"), [(("/answers", "[✏️ Calls]"), "Keep my answer"), (("/restart",), "No, go on")]
)
def test_what_was_open_above_a_list_can_still_be_declined(digression: str, acts: tuple[str, ...], label: str) -> None:
    talk = after("1", "1", *acts, digression)
    talk.taps(label)
    talk.notices("")
    talk.sees("Question 3", VOLUME)
    assert talk.session.open == ""


def test_the_recap_without_answers_offers_to_begin() -> None:
    talk = after("/answers")
    talk.sees("There are no answers yet.")
    talk.taps("Find what fits my business")
    talk.sees("Question 1")


def test_the_question_to_change_shows_the_answer_so_far_and_can_be_left_as_it_was() -> None:
    talk = after("1", "1", "/answers", "[✏️ Calls]")
    talk.sees(CALLS, "Your answer so far: They call us")
    talk.sees_only("They call us", "We call them", "Not sure", "Keep my answer", "Why do we ask?")
    before = talk.session
    talk.taps("Keep my answer")
    talk.sees("Your answer stays as it was.", "Question 3", VOLUME)
    assert talk.session == replace(before, open="")


@pytest.mark.parametrize("words", ["They call us", "1", "keep my answer", "back", "/cancel"])
def test_a_change_can_be_left_by_words_too(words: str) -> None:
    talk = after("1", "1", "/answers", "[✏️ Calls]", words)
    talk.sees("Question 3", VOLUME)
    assert (talk.session.step, talk.session.open) == (2, "")
    assert talk.session.answers == {"work": "customers", "calls": "they"}


def test_after_a_change_the_other_answers_stay() -> None:
    talk = after("1", "1", "1", "/answers", "[✏️ Calls]", "[We call them]")
    talk.sees("Changed: Calls, from “They call us” to “We call them”.", "Question 4, the last one", SECRET)
    assert talk.session.answers == {"work": "customers", "calls": "we", "volume": "little"}


def test_answers_off_the_new_way_have_no_effect() -> None:
    talk = after("1", "1", "2", "1", "[No]", "/answers", "[✏️ Work]", "[Keeping the books]")
    talk.sees("The advice changes from “A call center” to “A bookkeeper”.", "Our advice: A bookkeeper")
    talk.does_not_see("Customers talk.", "They call you.", "Waves need many hands.")
    talk.says("/answers")
    talk.does_not_see("Calls", "Peaks")


def test_an_answer_off_the_way_counts_again_when_its_question_is_back() -> None:
    talk = after("1", "1", "1", "[No]", "/answers", "[✏️ Work]", "2", "/answers", "[✏️ Work]", "1")
    talk.sees("Our advice: A call center", "They call you.")


def test_after_a_change_only_what_became_necessary_is_asked() -> None:
    talk = after("2", "2", "[No]")
    talk.sees("Our advice: A bookkeeper")
    talk.taps("See my answers", "✏️ Work", "Talking with customers")
    talk.sees("Changed: Work", "Question 2, at most 1 more", CALLS)
    talk.taps("They call us")
    talk.sees("Question 4, the last one", "Does it come in waves?")
    talk.taps("In waves")
    talk.sees("The advice changes from “A bookkeeper” to “A call center”.", "Our advice: A call center")


def test_that_the_advice_stays_the_same_is_told_too() -> None:
    talk = after("1", "1", "1", "[No]", "/answers", "[✏️ Volume]", "[Not sure]")
    talk.sees("Changed: Volume, from “A little” to “Not sure”.", "The advice stays the same: A call center.")


def test_the_change_of_the_advice_is_told_after_a_step_back_too() -> None:
    talk = after("2", "1", "[No]")
    talk.sees("Our advice: Keep it in house")
    talk.says("back")
    talk.taps("Back", "A whole lot", "No")
    talk.sees("The advice changes from “Keep it in house” to “A bookkeeper”.")


def test_a_change_of_an_answer_before_any_advice_says_nothing_of_advice() -> None:
    talk = after("1", "1", "/answers", "[✏️ Calls]", "2", "1", "[No]")
    talk.sees("Our advice")
    talk.does_not_see("The advice changes", "The advice stays")


def test_new_advice_in_a_new_session_is_not_compared_with_the_old_session() -> None:
    talk = after("1", "1", "1", "[No]", "[Start over]", "2", "2", "[No]")
    talk.sees("Our advice: A bookkeeper")
    talk.does_not_see("The advice changes")


def test_the_question_that_waits_can_be_answered_while_a_change_is_open() -> None:
    talk = after("1", "1")
    waits, little = talk.button("A little")
    talk.says("/answers")
    talk.taps("✏️ Work")
    talk.taps_again(waits, little)
    talk.sees("Question 4", SECRET)
    assert talk.session.open == ""
    talk.says("1")
    assert talk.session.answers["secret"] == "yes"


def test_back_on_the_question_above_leaves_an_open_change() -> None:
    talk = after("1", "1", "/answers", "[✏️ Work]")
    talk.taps("Back")
    talk.sees("Question 2", CALLS)
    assert talk.session.open == ""


def test_what_is_not_understood_in_a_change_asks_the_same_again() -> None:
    talk = after("1", "1", "/answers", "[✏️ Calls]", "quarterly")
    talk.sees("Sorry, I did not get that.", CALLS, "Your answer so far: They call us")
    talk.says("2")
    assert talk.session.answers["calls"] == "we"


# -- the advice


def test_the_advice_names_the_reasons_from_the_owners_answers_the_runners_up_the_cautions_and_the_next_steps() -> None:
    talk = after("1", "1", "2", "1", "[Yes]")
    talk.sees("Our advice: A call center", "• Customers talk.", "• They call you.", "• It is a lot.")
    talk.sees("• Waves need many hands.", "• Take your time.", "advice-disclaimer")
    talk.does_not_see("Books are routine.", "Strangers would see it.", "Keep it in house")
    talk.sees_only("See my answers", "Talk to a person", "Start over")
    talk = after("1", "1", "1", "[Yes]")
    talk.sees("Our advice: Keep it in house", "• A call center, because: Customers talk.")


def test_what_weighs_against_the_advice_is_told_with_it() -> None:
    against = (weight("for", "phones", 5), weight("against", "phones", 2, "They are far away."))
    torn = dialog_of(node("a", "A?", ADVICE, option("x", text("X"), ADVICE, *against)))
    talk = Conversation(content=replace(SMALL, dialog=torn))
    talk.agrees()
    talk.says("1")
    talk.sees("Our advice: A call center", "What speaks against it\n• They are far away.")


def told(*nodes: Node, cautions: tuple[Caution, ...] = ()) -> Conversation:
    """The conversation after "1" to each of these questions."""
    talk = Conversation(content=replace(SMALL, dialog=dialog_of(*nodes, cautions=cautions)))
    talk.agrees()
    talk.says(*["1"] * len(nodes))
    return talk


def test_each_answer_gives_one_reason_for_and_one_against_the_heaviest() -> None:
    for_, against = ("for", "phones"), ("against", "phones")
    talk = told(
        node("a", "A?", "b", option("x", text("X"), "b", weight(*for_, 9, "Nine."), weight(*for_, 8, "Eight."))),
        node("b", "B?", "c", option("x", text("X"), "c", weight(*for_, 7, "Seven."),
                                    weight(*against, 2, "Two off."), weight(*against, 3, "Three off."))),
        node("c", "C?", "d", option("x", text("X"), "d", weight(*against, 1, "One off."))),
        node("d", "D?", "e", option("x", text("X"), "e", weight(*against, 2, "Two more."))),
        node("e", "E?", ADVICE, option("x", text("X"), ADVICE, weight(*against, 2, "The last two."))),
    )  # fmt: skip
    talk.sees("The reasons\n• Nine.\n• Seven.\n\n", "What speaks against it\n• Three off.\n• Two more.\n\n")
    talk.does_not_see("Eight.", "Two off.", "One off.", "The last two.")


def test_light_reasons_against_are_not_told() -> None:
    light = (weight("for", "phones", 5), weight("against", "phones", 1, "It is a little far."))
    talk = told(node("a", "A?", ADVICE, option("x", text("X"), ADVICE, *light)))
    talk.sees("Our advice: A call center")
    talk.does_not_see("What speaks against it", "It is a little far.")


@pytest.mark.parametrize(("own", "shown"), [("Its own.", "Its own."), ("", "Of both.")])
def test_a_runner_up_comes_with_a_reason_of_its_own_where_there_is_one(own: str, shown: str) -> None:
    weights = [weight("for", "phones books", 5, "Of both."), weight("for", "phones", 1, "First.")]
    weights += [weight("for", "books", 1, own)] if own else []
    talk = told(node("a", "A?", ADVICE, option("x", text("X"), ADVICE, *weights)))
    talk.sees(f"• A bookkeeper, because: {shown}")


def test_where_the_advice_is_too_long_for_one_message_the_last_cautions_are_left_out() -> None:
    long = tuple(caution(f"c{number}", f"Caution {number}. " + "x" * 900) for number in range(6))
    asks = node("a", "A?", ADVICE, option("x", text("X"), ADVICE, weight("for", "phones", 5),
                                         raises=tuple(one.id for one in long)))  # fmt: skip
    talk = told(asks, cautions=long)
    talk.sees("Our advice: A call center", "Caution 0.", "Caution 3.", "• Take your time.", "advice-disclaimer")
    talk.does_not_see("Caution 4.", "Caution 5.")


def test_two_that_are_equally_strong_are_called_so() -> None:
    tie = dialog_of(node("a", "A?", ADVICE, option("x", text("X"), ADVICE, weight("for", "books house", 3))))
    talk = Conversation(content=replace(SMALL, dialog=tie))
    talk.agrees()
    talk.says("1")
    talk.sees("Our advice: Keep it in house", "A bookkeeper, because", "The first two are equally strong.")


def test_all_not_sure_is_not_enough_to_advise_and_says_which_answers_would_help() -> None:
    talk = after("not sure", "not sure", "not sure")
    talk.sees("Your answers are not enough to advise you.", f"• {WORK}\n• {VOLUME}\n• {SECRET}")
    talk.does_not_see("Our advice")
    talk.sees_only("✏️ Work", "✏️ Volume", "✏️ Secret", "See my answers", "Talk to a person", "Start over")
    talk.taps("✏️ Volume", "A little")
    talk.sees("The advice changes from “not enough to advise” to “Keep it in house”.")


def test_the_answers_that_would_help_can_be_changed_from_the_line_under_advice_withheld_too() -> None:
    talk = after("not sure", "not sure", "not sure", "thanks!")
    talk.sees("Your advice is above.")
    talk.sees_only("✏️ Work", "✏️ Volume", "✏️ Secret", "See my answers", "Talk to a person", "Start over")
    talk.says("volume")
    talk.sees(VOLUME, "Your answer so far: Not sure")


def test_everything_ruled_out_is_no_advice_and_says_why() -> None:
    talk = after("3", "[Yes]")
    talk.sees("Nothing fits all your answers.", "• Ask a lawyer.")
    talk.does_not_see("Our advice", "Keep it in house")


@pytest.mark.parametrize("words", ["thanks!", "1", "2", "3", "ok"])
def test_at_the_advice_a_stray_word_or_a_number_sent_twice_moves_nothing(words: str) -> None:
    talk = after("2", "2", "2")
    before = talk.session
    talk.says(words)
    talk.sees("Your advice is above.")
    talk.sees_only("See my answers", "Talk to a person", "Start over")
    assert talk.session == before


@pytest.mark.parametrize(("words", "shown"), [("see my answers", "Your answers"), ("start over", "We start afresh.")])
def test_the_buttons_under_the_advice_can_be_typed(words: str, shown: str) -> None:
    talk = after("2", "2", "2", words)
    talk.sees(shown)


# -- history


def test_the_history_shows_earlier_advice_newest_first_and_escapes_what_it_shows() -> None:
    talk = after("1")
    talk.looks_at_the_history(PastAdvice("2026-02-01", "phones"), PastAdvice("2026-01-01", "not-enough"))
    talk.sees("2026-02-01: A call center\n2026-01-01: not enough to advise")
    talk.looks_at_the_history(PastAdvice("<1>", "x", name="<b>Tom & Co"))
    talk.sees("<1>: <b>Tom & Co")
    assert "&lt;b&gt;Tom &amp; Co" in talk.turn.replies[0].text


def test_a_candidate_that_is_gone_from_the_dialog_is_not_called_not_enough() -> None:
    talk = after("1")
    talk.looks_at_the_history(PastAdvice("2026-02-01", "faxes"))
    talk.sees("2026-02-01: faxes")


def test_an_empty_history_says_so() -> None:
    talk = after("/history")
    talk.sees("There is no earlier advice.")


# -- starting over


@pytest.mark.parametrize("yes", ["[Yes, start over]", "yes", "Yes, start over", "yes start ovr"])
def test_restart_asks_first_and_then_begins_a_new_session(yes: str) -> None:
    talk = after("1", "1", "/restart")
    talk.sees("Really start over?")
    asked, before = talk.newest, talk.session
    talk.taps(yes[1:-1]) if yes.startswith("[") else talk.says(yes)
    talk.sees("We start afresh.", "Question 1", WORK)
    assert talk.session.id > before.id
    assert dict(talk.session.answers) == {}
    assert asked.labels() == []
    assert asked.words == "Really start over?"


@pytest.mark.parametrize("no", ["[No, go on]", "no", "No", "no, go on", "/cancel"])
def test_restart_can_be_declined(no: str) -> None:
    talk = after("1", "1", "/restart")
    before = talk.session
    talk.taps(no[1:-1]) if no.startswith("[") else talk.says(no)
    talk.sees("Question 3", VOLUME)
    assert talk.session == replace(before, open="")


@pytest.mark.parametrize("words", ["1", "2", "hm", "A little"])
def test_an_open_restart_takes_no_number_and_no_answer_for_a_yes(words: str) -> None:
    talk = after("1", "1", "/restart")
    before = talk.session
    talk.says(words)
    talk.sees("Sorry, I did not get that.", "Really start over?")
    assert talk.session == before


@pytest.mark.parametrize("language", ["pt", "bg", "fi"])
def test_a_restart_can_be_confirmed_by_its_first_word_in_every_language(language: str) -> None:
    talk = Conversation(language=language)  # type: ignore[arg-type]
    talk.agrees()
    talk.says("1", "/restart", "no")
    talk.sees("Question 2")
    talk.says("/restart", "yes")
    talk.sees("We start afresh." + TAGS[language])  # type: ignore[index]


def test_restart_before_any_answer_simply_shows_the_first_question() -> None:
    talk = after("/restart")
    talk.sees("Question 1")
    assert talk.session.open == ""


def test_a_new_start_in_an_open_restart_takes_its_place() -> None:
    talk = after("1", "/restart", "/start")
    talk.sees("Good to see you again.")
    talk.says("go on")
    talk.sees("Question 2", CALLS)
    talk.says("1")
    talk.sees("Question 3")


# -- commands in every state


@at_every_place
@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("/help", "This is how it works."),
        ("/settings", "Your language: English; kept for 30 days"),
        ("/privacy", "What we keep, for 30 days."),
        ("/history", "There is no earlier advice."),
        ("/nonsense", "I do not know that command."),
    ],
)
def test_a_command_that_only_tells_answers_everywhere_and_what_was_open_stays_open(
    acts: tuple[str, ...], command: str, answer: str
) -> None:
    talk = after(*acts)
    before = talk.session
    talk.says(command)
    talk.sees(answer)
    assert talk.session == before


@at_every_place
def test_every_command_answers_in_every_state(acts: tuple[str, ...]) -> None:
    for command in COMMANDS:
        talk = after(*acts)
        talk.says(f"/{command}")
        assert len(talk.turn.replies) == (2 if command == "mydata" else 1)


@at_every_place
def test_the_choice_of_a_language_leaves_what_was_open_open(acts: tuple[str, ...]) -> None:
    talk = after(*acts)
    before = talk.session
    talk.says("/language", "/language")
    talk.sees("Which language do you prefer?")
    talk.says("English")
    assert talk.session == before


@at_every_place
@pytest.mark.parametrize("command", ["/help", "/settings", "/privacy", "/history", "/nonsense"])
def test_what_is_said_in_passing_has_a_way_back_to_what_waits(acts: tuple[str, ...], command: str) -> None:
    talk = after(*acts)
    is_at_menu = talk.session.open == "menu"
    talk.says(command)
    assert ("Go on" in talk.newest.labels()) == (not is_at_menu)
    if not is_at_menu:
        talk.taps("Go on")
        talk.notices("")
        assert talk.session.answers == after(*acts).session.answers


@at_every_place
def test_cancel_leaves_what_is_open_or_says_that_nothing_is(acts: tuple[str, ...]) -> None:
    talk = after(*acts)
    before, is_open = talk.session, talk.session.open not in ("", "menu")
    talk.says("/cancel")
    talk.sees("Cancelled." if is_open else "There is nothing to cancel.")
    assert talk.session == (replace(before, open="") if is_open else before)


@at_every_place
def test_a_digression_leaves_the_buttons_above_it_alive(acts: tuple[str, ...]) -> None:
    talk = after(*acts)
    buttons, message = talk.newest.buttons, talk.newest
    talk.says("/help", "/settings", "/privacy", "/answers")
    for button in buttons:
        other = after(*acts)
        other.says("/help", "/settings", "/privacy", "/answers")
        other.taps_again(message, button)
        assert other.turn.toast == ""
        assert other.turn.replies
