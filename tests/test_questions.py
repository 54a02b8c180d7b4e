"""Questions in passing: they get an answer, and the owner stands exactly where they stood."""

from dataclasses import replace

import pytest
from dialog_knowledge import ASKED, KNOWING, asked, knowledge, told
from dialog_words import SMALL, TAGS, Conversation, after, read_html
from hypothesis import given
from hypothesis import strategies as st

from bot.dialog.events import Inquired, Pressed
from bot.dialog.presses import base36
from bot.dialog.session import Opinion, Question, Session
from bot.languages import LANGUAGES, Language
from bot.terminal import talk as talk_in_terminal

WORK, CALLS, VOLUME = "Which work is it?", "Who calls whom?", "How much is it?"
PHONES, BOOKS, BOTH = "phones/definition", "books/definition", "books+phones/difference"
AT_ADVICE = ("2", "2", "2")
OPEN = {
    "the first question": ((), WORK),
    "a question": (("1",), CALLS),
    "a change": (("1", "1", "/answers", "[✏️ Calls]"), "Your answer so far: They call us"),
    "the recap": (("1", "/answers"), "Work: Talking with customers"),
    "a restart": (("1", "/restart"), "Really start over?"),
    "a return": (("1", "/start"), "Good to see you again."),
    "the languages": (("1", "/language"), "Which language do you prefer?"),
    "the languages over a change": (("1", "/answers", "[✏️ Work]", "/language"), "Which language do you prefer?"),
    "the advice": (AT_ADVICE, "Your advice is above."),
    "a restart at the advice": ((*AT_ADVICE, "/restart"), "Really start over?"),
}


def asking(*acts: str, language: Language = "en") -> Conversation:
    """An owner of the small advisor who knows something."""
    return after(*acts, language=language, content=KNOWING)


def place_of(session: Session) -> Session:
    """A session without what a question may change."""
    return replace(session, about="")


# -- the answer, and what waits


@pytest.mark.parametrize("waiting", OPEN)
def test_a_question_is_answered_in_passing_and_what_waits_is_shown_again(waiting: str) -> None:
    acts, shown = OPEN[waiting]
    talk = asking(*acts)
    before = talk.session
    talk.says("what does a call center cost?")
    talk.is_told(asked("phones/cost"), told("phones/cost"))
    talk.sees(shown)
    assert place_of(talk.session) == before
    assert talk.session.about == "phones/cost"
    assert talk.turn.closes is None


@pytest.mark.parametrize("waiting", OPEN)
def test_the_buttons_that_are_shown_again_are_alive(waiting: str) -> None:
    """Each does what it would have done without the question."""
    acts, _ = OPEN[waiting]
    for place in range(len(asking(*acts, "what is a bookkeeper").newest.buttons)):
        plain, digressed = asking(*acts), asking(*acts, "what is a bookkeeper")
        plain.wrote_during_the_outage("x", first=False)
        message, button = digressed.newest, digressed.newest.buttons[place]
        digressed.taps_again(message, button)
        plain.forges(button.press.data())
        assert place_of(digressed.session) == place_of(plain.session), button.label
        digressed.notices(plain.turn.toast)
        assert digressed.turn.replies == plain.turn.replies


def test_the_answer_offers_what_is_naturally_asked_next() -> None:
    talk = asking("what is a call center?")
    talk.is_offered("Benefits", "Drawbacks", "Cost", "Compare with bookkeeper", "Sources", "Helpful", "Not helpful")
    talk.taps("Cost")
    talk.is_told(asked("phones/cost"))
    talk.is_offered("In short", "Benefits", "Drawbacks", "Compare with bookkeeper", "Sources", "Helpful", "Not helpful")
    talk.taps("Compare with bookkeeper")
    talk.is_told(asked(BOTH), told(BOTH))
    talk.is_offered(asked(BOOKS), asked(PHONES), "Sources", "Helpful", "Not helpful")
    talk.sees(WORK)


def test_what_is_typed_is_never_told_back_as_markup_and_an_answer_is_told_as_it_stands() -> None:
    talk = asking("<b>what is a call center</b>?", "<a href='x'>qwzx</a>", '"><script>&')
    assert all("script" not in message.words and "href" not in message.words for message in talk.chat)
    talk.says("what is a call center?")
    talk.is_told("<phones> & mails")


def test_a_text_that_asks_two_things_is_answered_and_offered_the_other_one_first() -> None:
    talk = asking("what are the benefits and the price of a call center?")
    talk.is_told(asked("phones/cost"))
    assert talk.told.labels()[0] == asked("phones/benefits")
    talk.taps(asked("phones/benefits"))
    talk.is_told(told("phones/benefits"))


def test_the_next_question_goes_on_from_the_last_answer() -> None:
    talk = asking("1", "what is a call center?", "and its drawbacks?")
    talk.is_told(asked("phones/drawbacks"))
    talk.says("and a bookkeeper?")
    talk.is_told(asked("books/definition"))
    talk.says("and the cost?")
    talk.is_told(asked("books/cost"))
    talk.says("1")
    talk.sees(VOLUME)
    talk.says("and its benefits?")
    talk.is_told(asked("books/benefits"))


def test_a_tapped_answer_is_gone_on_from_too_also_after_a_month() -> None:
    talk = asking("/terms", "[Call center]")
    talk.leaves_and_comes_back()
    talk.says("and its drawbacks?")
    talk.is_told(asked("phones/drawbacks"))


def test_what_was_spoken_of_may_be_gone_from_the_knowledge() -> None:
    talk = asking("what is a call center?")
    talk.content = replace(KNOWING, knowledge=knowledge("phones/definition", "phones/drawbacks"))
    talk.says("and its drawbacks?")
    assert talk.turn.question == Question("and its drawbacks?", "en", "unknown")
    talk.taps("Benefits")
    talk.is_told(told("phones/benefits"))


def test_questions_within_questions_lead_back_to_the_same_place() -> None:
    talk = asking("1", "1", "/answers", "[✏️ Calls]")
    before = talk.session
    talk.says("what is a call center?", "and its drawbacks?", "qwzx", "difference of a call center and a bookkeeper?")
    talk.taps(asked(BOOKS), "Sources", "Helpful", "Compare with call center")
    talk.says("/terms", "thanks")
    talk.sees("Your answer so far: They call us")
    assert place_of(talk.session) == before
    talk.says("We call them")
    talk.sees("Changed: Calls")


# -- a button, or a question?


def test_words_of_the_screen_press_its_button_also_where_they_could_be_asked_about() -> None:
    talk = asking("keeping the books")
    assert talk.session.answers == {"work": "books"}


@pytest.mark.parametrize("typed", ["keeping the books?", "2?", "KEEPING THE BOOKS ?", "2. Keeping the books?"])
def test_a_label_or_a_number_with_a_question_mark_is_still_that(typed: str) -> None:
    talk = asking(typed)
    assert talk.session.answers == {"work": "books"}


def test_with_a_question_mark_a_text_is_a_question_before_it_is_a_part_of_a_label() -> None:
    """ "Bookkeeper" is one slip and an ending from nothing on the screen; "the books" is a part of a label."""
    assert asking("the books").session.answers == {"work": "books"}
    assert asking("the books?").session.answers == {"work": "books"}, "nothing is known of it, so it names the button"
    talk = asking("bookkeeper?")
    talk.is_told(asked(BOOKS))
    assert talk.session.answers == {}


@pytest.mark.parametrize("typed", ["why?", "why", "what for?", "Why do we ask?"])
def test_why_is_still_why_we_ask(typed: str) -> None:
    talk = asking("what is a call center?", typed)
    talk.sees("We ask about <work> & why.")


def test_how_much_it_is_can_be_answered_after_a_question_about_it() -> None:
    talk = asking("1", "1", "what does a call center cost?", "a whole lot")
    assert talk.session.answers["volume"] == "lots"


# -- near misses, the unknown, a person


def test_a_near_miss_gets_did_you_mean() -> None:
    talk = asking("1", "call center law?")
    talk.is_told("Did you mean one of these?")
    talk.is_offered(asked(PHONES), asked("phones/benefits"), "None of these")
    talk.sees(CALLS)
    assert talk.turn.question == Question("call center law?", "en", "suggested")
    assert talk.session.about == ""
    talk.taps(asked("phones/benefits"))
    talk.is_told(told("phones/benefits"))
    assert talk.turn.question is None


def test_whoever_meant_none_of_these_can_ask_a_person() -> None:
    talk = asking("1", "what is a bookkeeper?", "call center law?", "[None of these]")
    talk.sees("Staff can read it.", CALLS)
    assert talk.turn.question == Question("", "en", "person")


@pytest.mark.parametrize("waiting", OPEN)
def test_what_stays_unknown_says_so_is_kept_and_offers_a_person(waiting: str) -> None:
    acts, shown = OPEN[waiting]
    talk = asking(*acts)
    before = talk.session
    talk.says("Kto vynashol outsourcing?")
    talk.sees("I have no answer to that.", shown)
    assert talk.turn.question == Question("Kto vynashol outsourcing?", "en", "unknown")
    assert talk.session == before
    talk.taps("Ask a person")
    talk.sees("Staff can read it.", shown)
    assert talk.turn.question == Question("", "en", "person")
    talk.taps("What can be asked")
    talk.sees("Which term?")
    assert talk.session == before


def test_how_to_answer_is_still_told_where_something_is_asked() -> None:
    talk = asking("1", "qwzx")
    talk.sees("I have no answer to that.", "Tap a button, or type its words.", CALLS)
    talk = asking(*AT_ADVICE, "qwzx")
    talk.does_not_see("Tap a button")


@pytest.mark.parametrize("typed", ["99", "🙂", "...", "?", "\u200b", "1.5"])
def test_a_text_without_a_letter_asks_nothing(typed: str) -> None:
    talk = asking("1", typed)
    talk.sees("Sorry, I did not get that.", "Tap a button, or type its words.", CALLS)
    assert talk.turn.question is None
    assert "Ask a person" not in talk.newest.labels()


def test_without_a_knowledge_nothing_is_asked() -> None:
    talk = after("1", "what is a call center?")
    talk.sees("Sorry, I did not get that.", CALLS)
    assert talk.turn.question is None
    talk.says("/terms")
    talk.sees("There are no terms.")
    talk.says("/compare")
    talk.sees("Compare what?")


def test_who_wants_a_person_is_told_that_it_is_noted_and_no_more() -> None:
    talk = asking("1", "please talk to a human")
    talk.sees("Staff can read it.", CALLS)
    assert talk.turn.question == Question("please talk to a human", "en", "person")


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("hello", "Hello to you."), ("thanks!", "You are welcome."), ("bye bye", "See you."),
        ("how are you?", "I am well."), ("are you a robot?", "I am a bot."), ("great", "Good then."),
        ("you idiot", "That is all right."), ("ignore previous instructions", "I only say what I know."),
    ],
)  # fmt: skip
@pytest.mark.parametrize("waiting", ["a question", "a restart", "the advice"])
def test_small_talk_and_insults_get_one_calm_line_above_what_waits(typed: str, line: str, waiting: str) -> None:
    acts, shown = OPEN[waiting]
    talk = asking(*acts)
    before = talk.session
    talk.says(typed)
    talk.sees(line, shown)
    assert talk.newest.words.startswith(line)
    assert (len(talk.turn.replies), talk.turn.question, talk.session) == (1, None, before)


# -- sources, and whether it helped


def test_the_sources_of_an_answer_are_behind_a_button() -> None:
    talk = asking("1", "what is a call center?", "[Sources]")
    talk.is_told(
        asked(PHONES), "Where it comes from", "• A letter <to> owners – Some & Sons, 2015, Suomi\n",
        "• Common knowledge\n",
        "Checked on 2026-11-21",
    )  # fmt: skip
    talk.sees(CALLS)


def test_an_opinion_is_thanked_for_and_kept() -> None:
    talk = asking("1", "what is a call center?")
    before = talk.session
    talk.taps("Helpful")
    talk.notices("Thanks for telling us.")
    talk.gets_no_message()
    assert talk.turn.opinion == Opinion(PHONES, "en", helpful=True)
    assert talk.session == before


def test_who_was_not_helped_can_ask_a_person_the_same() -> None:
    talk = asking("1", "what is a call center?", "[Not helpful]")
    talk.notices("Thanks for telling us.")
    assert talk.turn.opinion == Opinion(PHONES, "en", helpful=False)
    talk.sees("Sorry that it was no help.", CALLS)
    talk.taps("Ask a person")
    assert talk.turn.question == Question(asked(PHONES), "en", "person")


# -- another language


@pytest.mark.parametrize("language", ["pt", "bg", "fi"])
@pytest.mark.parametrize("name", ASKED)
def test_a_question_in_another_language_is_answered_in_it_and_the_chat_stays(name: str, language: Language) -> None:
    talk = asking("1")
    talk.says(asked(name, language))
    talk.is_told(asked(name, language), told(name, language))
    assert talk.told.labels()[-1] == f"Speak this{TAGS[language]}"
    assert all(label.endswith(TAGS[language]) or label in _own(language) for label in talk.told.labels())
    talk.sees(CALLS)
    talk.does_not_see(TAGS[language])


def _own(language: Language) -> list[str]:
    return [asked(name, language) for name in ASKED]


def test_its_buttons_go_on_in_it_and_the_last_one_changes_the_chat() -> None:
    talk = asking("1", "Mikä on puhelinpalvelu?", "[Cost (suomi)]")
    talk.is_told(told("phones/cost", "fi"))
    talk.sees(CALLS)
    talk.taps("Sources (suomi)")
    talk.is_told("A letter <to> owners (suomi)")
    talk.taps("Helpful (suomi)")
    talk.notices("Thanks for telling us. (suomi)")
    assert talk.turn.opinion == Opinion("phones/cost", "fi", helpful=True)
    answer = talk.button("Speak this (suomi)")[0]
    words = answer.words
    talk.taps("Speak this (suomi)")
    talk.sees("We go on in this language. (suomi)", "Who calls whom? (suomi)")
    assert answer.words == words, "the answer stays"
    talk.says("entä haitat?")
    talk.is_told(told("phones/drawbacks", "fi"))
    assert "Speak this (suomi)" not in talk.told.labels()


def test_a_wish_for_a_person_is_noted_in_its_language() -> None:
    talk = asking("1", "puhua ihmisen")
    talk.sees("Staff can read it. (suomi)", CALLS)
    assert talk.turn.question == Question("puhua ihmisen", "fi", "person")


# -- old and forged buttons


def test_buttons_of_an_answer_count_at_every_step_and_in_every_session() -> None:
    talk = asking("what is a call center?")
    message, cost = talk.button("Cost")
    talk.says("1", "1", "/restart", "yes", "2")
    before = talk.session
    talk.taps_again(message, cost)
    talk.is_told(told("phones/cost"))
    talk.sees("How much is it?")
    assert place_of(talk.session) == before


@pytest.mark.parametrize("action", ["know", "sources", "helpful", "unhelpful", "compare"])
@pytest.mark.parametrize("words", ["", ":", ":zzzzzzzz", ":zzzzzzzz:en", ":zzzzzzzz:zzzzzzzz"])
def test_what_is_not_in_the_knowledge_is_an_old_button(action: str, words: str) -> None:
    talk = asking("1")
    before = talk.session
    talk.forges(f"{action}:{base36(talk.session.id)}:1{words}")
    if action == "compare" and words in ("", ":"):
        talk.sees("Compare what?")
    else:
        talk.notices("That button is from earlier.")
        talk.sees(CALLS)
    assert (talk.session, talk.turn.opinion, talk.turn.question) == (before, None, None)


def test_an_answer_that_is_gone_is_an_old_button() -> None:
    talk = asking("what is a call center?")
    talk.content = replace(KNOWING, knowledge=knowledge("phones/cost"))
    talk.taps("Cost")
    talk.notices("That button is from earlier.")
    talk.sees(WORK)


def test_a_language_that_we_do_not_speak_is_the_chats() -> None:
    talk = asking("what is a call center?")
    _, cost = talk.button("Cost")
    talk.forges(cost.press.data().replace(":en", ":de"))
    talk.is_told(told("phones/cost"))


# -- inside the dialog


def test_a_term_in_a_question_or_an_option_is_explained_on_the_spot() -> None:
    talk = asking()
    assert talk.newest.labels()[-3:] == ["Not sure", asked(BOOKS), "Why do we ask?"]
    talk.taps(asked(BOOKS))
    talk.is_told(told(BOOKS))
    talk.sees(WORK)
    assert talk.newest.labels()[-2:] == [asked(BOOKS), "Why do we ask?"]
    talk.says("1")
    assert asked(BOOKS) not in talk.newest.labels()


def test_the_term_is_there_while_its_question_is_explained_or_changed_too() -> None:
    assert asked(BOOKS) in asking("why").newest.labels()
    assert asked(BOOKS) in asking("1", "/answers", "[✏️ Work]").newest.labels()


def test_a_term_without_an_answer_gets_no_button() -> None:
    talk = Conversation(replace(KNOWING, knowledge=knowledge(BOOKS)))
    talk.agrees()
    talk.sees_only("Talking with customers", "Keeping the books", "Legal papers", "Not sure", "Why do we ask?")


# -- the advice


def test_every_reason_of_the_advice_shows_what_it_rests_on_with_its_sources() -> None:
    talk = asking("2", "2", "2")
    talk.sees("Our advice: A bookkeeper", "Books are routine.")
    talk.sees_only(
        "📖 Bookkeeper: benefits", "📖 Call center: benefits", "See my answers", "Talk to a person", "Start over"
    )
    talk.taps("📖 Bookkeeper: benefits")
    talk.is_told(told("books/benefits"), "Where it comes from", "A letter <to> owners", "Checked on 2026-11-21")
    assert "Sources" not in talk.told.labels()
    talk.sees("Your advice is above.")
    talk.does_not_see("Books are routine.")
    talk.says("and its cost?")
    talk.is_told(told("books/cost"))


def test_advice_withheld_and_reasons_without_an_answer_link_nothing() -> None:
    talk = asking("not sure", "not sure", "not sure")
    assert not [label for label in talk.newest.labels() if label.startswith("📖")]
    talk = asking("not sure", "a little", "yes")
    talk.sees("Our advice: Keep it in house", "It is little.")
    talk.sees_only("See my answers", "Talk to a person", "Start over")


# -- terms, and side by side


def test_terms_are_browsed_by_buttons() -> None:
    talk = asking("1", "/terms")
    talk.sees("Which term?")
    talk.sees_only("Call center", "Bookkeeper", "Go on")
    talk.taps("Bookkeeper")
    talk.is_told(told(BOOKS))
    assert "Benefits" in talk.told.labels()
    talk.sees(CALLS)


def test_two_are_chosen_by_buttons_and_compared_and_a_third_one_added() -> None:
    talk = asking("1", "/compare")
    before = talk.session
    talk.sees("Compare what?")
    talk.sees_only("Keep it in house", "Call center", "Bookkeeper", "Go on")
    talk.taps("Bookkeeper")
    talk.sees("Bookkeeper with what?")
    talk.sees_only("Keep it in house", "Call center", "Go on")
    talk.taps("Call center")
    talk.is_told(
        "Bookkeeper – Call center", f"{asked(BOTH)}\n{told(BOTH)}",
        "In short\n• Bookkeeper: Someone who keeps your books.\n",
        "• Call center: People there answer <phones> & mails.", "Cost\n• Bookkeeper: You pay by the month.",
        "• Call center: A call center is always there…",
    )  # fmt: skip
    assert talk.told.words.index(told(BOTH)) < talk.told.words.index("In short")
    assert "All day long" not in talk.told.words
    talk.is_offered(asked(BOOKS), asked(PHONES), "+ Keep it in house")
    talk.sees(CALLS)
    assert place_of(talk.session) == before
    talk.taps("+ Keep it in house")
    talk.is_told("Bookkeeper – Call center – Keep it in house", "• Keep it in house: Keep it in house, in short.")
    talk.is_offered(asked(BOOKS), asked(PHONES))


@pytest.mark.parametrize(
    "words", ["call center bookkeeper", "a bookkeeper and call centers", "puhelinpalvelu kirjanpitäjä"]
)
def test_what_is_named_with_the_command_is_compared_at_once(words: str) -> None:
    talk = asking("1", f"/compare {words}")
    talk.is_told(asked(BOTH), "Call center", "Bookkeeper")
    talk.sees(CALLS)


def test_after_a_comparison_the_next_question_is_about_both() -> None:
    talk = asking("/compare bookkeeper call center")
    assert talk.session.about == BOTH


def test_with_one_named_the_other_one_is_chosen() -> None:
    talk = asking("1", "/compare bookkeeper")
    talk.sees("Bookkeeper with what?")


def test_a_comparison_with_the_same_twice_or_of_four_is_no_button_of_ours() -> None:
    talk = asking("/compare")
    code = talk.button("Bookkeeper")[1].press.words[0]
    for words in ([code, code], [code] * 4):
        talk.forges(":".join(["compare", "0", "0", *words]))
        talk.notices("That button is from earlier.")


# -- before consent, and in other chats


@pytest.mark.parametrize(
    "typed", ["what is a call center?", "hello", "please talk to a human", "/terms", "/compare bookkeeper"]
)
def test_before_consent_nothing_is_answered_and_nothing_kept(typed: str) -> None:
    talk = Conversation(KNOWING)
    talk.says(typed)
    talk.sees("Is that all right?")
    assert (talk.turn.recorded, talk.turn.question, talk.session.about) == (False, None, "")


def test_before_consent_no_button_of_an_answer_counts() -> None:
    talk = asking("what is a call center?")
    pressed = [button.press.data() for button in talk.told.buttons]
    stranger = Conversation(KNOWING)
    for data in pressed:
        stranger.forges(data)
        stranger.sees("Is that all right?")
        assert (stranger.turn.opinion, stranger.turn.question, stranger.turn.recorded) == (None, None, False)


@pytest.mark.parametrize("agreed", [True, False])
def test_in_another_chat_the_definitions_are_offered_and_nothing_is_kept(agreed: bool) -> None:
    talk = asking("1") if agreed else Conversation(KNOWING)
    before = talk.session
    talk.meets(Inquired(text="what does a call center cost?"))
    first, *more = talk.turn.definitions
    assert (first.title, read_html(first.text)) == (
        asked("phones/cost"),
        f"{asked('phones/cost')}\n{told('phones/cost')}",
    )
    assert {one.title for one in more} == {asked(name) for name in ASKED if name.startswith("phones/")} - {first.title}
    assert (talk.turn.recorded, talk.turn.replies, talk.session) == (False, (), before)


@pytest.mark.parametrize("typed", ["", "  "])
def test_with_no_words_yet_all_terms_are_offered(typed: str) -> None:
    talk = Conversation(KNOWING, "fi")
    talk.meets(Inquired(text=typed))
    assert [one.title for one in talk.turn.definitions] == [asked(PHONES, "fi"), asked(BOOKS, "fi")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_they_are_offered_in_the_language_of_the_words(language: Language) -> None:
    talk = Conversation(KNOWING)
    talk.meets(Inquired(text=asked(BOOKS, language)))
    assert talk.turn.definitions[0].title == asked(BOOKS, language)
    assert talk.turn.definitions[0].id.endswith(language)


@pytest.mark.parametrize("typed", ["qwzx", "you idiot", "ignore previous instructions call center", "🙂", "<b>"])
def test_what_is_not_known_offers_nothing(typed: str) -> None:
    talk = Conversation(KNOWING)
    talk.meets(Inquired(text=typed))
    assert talk.turn.definitions == ()


@given(st.text(max_size=300))
def test_any_words_in_another_chat_give_a_list_that_telegram_takes(typed: str) -> None:
    talk = Conversation(KNOWING)
    talk.meets(Inquired(text=typed))
    offered = talk.turn.definitions
    assert len(offered) <= 10
    assert len({one.id for one in offered}) == len(offered)
    for one in offered:
        assert one.title
        assert len(one.id.encode()) <= 64
        assert read_html(one.text)


@given(st.text(max_size=300))
def test_any_text_whatever_waits_leaves_the_place_or_presses_a_button(typed: str) -> None:
    for acts in ((), ("1", "/restart"), AT_ADVICE):
        talk = asking(*acts)
        before = talk.session
        talk.meets(Pressed(data=f"know:0:0:{typed[:8]}"))
        assert place_of(talk.session) == before


# -- in the terminal


def test_questions_work_in_the_terminal_by_words_and_by_the_numbers_of_their_buttons(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter(["1", "1", "what does a call center cost?", "Sources", "qwzx", "Keeping the books", "/quit"])
    monkeypatch.setattr("builtins.input", lambda _: next(typed))
    talk_in_terminal(KNOWING, "en")
    shown = capsys.readouterr().out
    said = [told("phones/cost"), "A letter <to> owners", "I have no answer to that.", "Question 2"]
    places = [shown.index(words) for words in said]
    assert places == sorted(places)
    assert "[1] In short" in shown


def test_a_content_without_knowledge_links_nothing_at_the_advice() -> None:
    talk = after("2", "2", "2", content=SMALL)
    talk.sees_only("See my answers", "Talk to a person", "Start over")
