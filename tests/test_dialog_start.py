"""The beginning of a conversation: greeting, consent, menu, links, language; and coming back."""

from dataclasses import replace

import pytest
from dialog_words import SMALL, TAGS, Conversation, after, dialog_of, node, option, text

from bot.dialog.engine import COMMANDS
from bot.dialog.tree import ADVICE
from bot.languages import LANGUAGES, Language

WORK, CALLS = "Which work is it?", "Who calls whom?"
FIND = "Find what fits my business"


# -- before consent


def test_the_greeting_says_what_this_is_that_it_is_recorded_and_asks_for_consent() -> None:
    talk = Conversation()
    talk.says("/start")
    talk.sees("orientation, not legal advice", "recorded and deleted after 30 days", "Is that all right?")
    talk.sees_only("Yes, I agree", "Language", "Privacy")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_greeting_comes_in_the_language_of_the_client(language: Language) -> None:
    talk = Conversation(language=language)
    talk.says("/start")
    talk.sees("Is that all right?" + TAGS[language])
    assert talk.newest.labels()[0] == "Yes, I agree" + TAGS[language]


def test_nothing_is_recorded_before_consent_whatever_the_owner_does() -> None:
    talk = Conversation()
    acts = ["/start", "/start calls", "hello", "Yes, I agree", "2", "/answers", "/restart", "/history", "/nonsense"]
    acts += [f"/{name}" for name in COMMANDS]
    for act in acts:
        talk.says(act)
        assert not talk.turn.recorded
        assert talk.turn.replies
        assert talk.session.id == 0
        assert not talk.session.answers
    talk.sends("photo")
    assert not talk.turn.recorded
    for label in ("Language", "Suomi"):
        talk.taps(label)
        assert not talk.turn.recorded
    talk.wrote_during_the_outage("hello")
    assert not talk.turn.recorded


def test_consent_is_recorded_with_the_version_of_the_privacy_text() -> None:
    talk = Conversation()
    talk.says("/start")
    talk.taps("Yes, I agree")
    assert talk.turn.recorded
    assert talk.session.consent == SMALL.privacy
    assert talk.session.id == 2
    talk.sees("What would you like to do?")
    talk.sees_only(FIND, "Language", "Privacy")


def test_the_greeting_keeps_its_words_and_loses_its_buttons_once_the_owner_agreed() -> None:
    talk = Conversation()
    talk.says("/start")
    greeting = talk.newest
    talk.taps("Yes, I agree")
    assert greeting.labels() == []
    assert "Is that all right?" in greeting.words
    assert greeting.words.endswith("You agreed.")


def test_the_privacy_text_can_be_read_before_consent() -> None:
    talk = Conversation()
    talk.says("/start")
    talk.taps("Privacy")
    talk.sees("What we keep, for 30 days.")
    assert not talk.turn.recorded


def test_the_language_can_be_chosen_before_consent_and_stays() -> None:
    talk = Conversation()
    talk.says("/start")
    talk.taps("Language", "Български")
    talk.sees("Is that all right?" + TAGS["bg"])
    talk.taps("Yes, I agree" + TAGS["bg"])
    talk.sees("What would you like to do?" + TAGS["bg"])
    assert talk.session.language == "bg"


def test_the_language_chosen_before_consent_travels_in_the_button_alone() -> None:
    talk = Conversation()
    talk.says("/start")
    talk.taps("Language", "Suomi")
    talk.session = Conversation().session  # what was not recorded is forgotten
    talk.taps("Yes, I agree" + TAGS["fi"])
    assert talk.session.language == "fi"


def test_a_new_privacy_text_asks_again_and_the_session_goes_on() -> None:
    talk = after("1", "1")
    talk.content = replace(SMALL, privacy="2027-01-01")
    before = talk.session
    talk.says("1")
    talk.sees("Is that all right?")
    assert not talk.turn.recorded
    assert talk.session == before
    talk.taps("Yes, I agree")
    talk.sees("Question 3", "How much is it?")
    assert talk.session == replace(before, consent="2027-01-01")


def test_consent_to_an_older_privacy_text_is_no_consent_to_the_new_one() -> None:
    talk = Conversation()
    talk.says("/start")
    talk.content = replace(SMALL, privacy="2027-01-01")
    talk.taps("Yes, I agree")
    talk.sees("Is that all right?")
    assert talk.session.consent == ""
    assert not talk.turn.recorded


# -- links


def test_a_link_opens_its_branch_after_consent() -> None:
    talk = Conversation()
    talk.says("/start calls")
    talk.taps("Yes, I agree")
    talk.sees("Question 3", "How much is it?")
    talk.says("/answers")
    talk.sees("Work: Talking with customers", "Calls: They call us")


def test_a_link_survives_reading_the_privacy_text_and_choosing_a_language() -> None:
    talk = Conversation()
    talk.says("/start calls")
    talk.taps("Privacy", "Language", "Suomi", "Yes, I agree" + TAGS["fi"])
    talk.sees("How much is it?" + TAGS["fi"])


@pytest.mark.parametrize("payload", ["agree", "agree:0:0:en::2026-01-01", "admin", "restart-yes:1:0", "<b>", "x" * 64])
def test_a_payload_never_authorises_anything(payload: str) -> None:
    talk = Conversation()
    talk.says(f"/start {payload}")
    talk.sees("Is that all right?")
    assert talk.session.consent == ""
    talk.taps("Yes, I agree")
    talk.sees("What would you like to do?")
    assert not talk.session.answers


def test_a_link_at_the_first_question_opens_its_branch_and_makes_the_older_buttons_old() -> None:
    talk = after()
    first, other = talk.button("Keeping the books")
    talk.says("/start calls")
    talk.sees("How much is it?")
    talk.taps_again(first, other)
    talk.notices("That button is from earlier.")
    talk.sees("How much is it?")
    assert talk.session.answers == {"work": "customers", "calls": "they"}


def test_a_link_in_the_middle_offers_to_go_on_or_to_start_over_with_its_topic() -> None:
    talk = after("2")
    talk.says("/start calls")
    talk.sees("Good to see you again.")
    talk.sees_only("Go on", "Start over")
    talk.taps("Go on")
    talk.sees("Question 2", "How much is it?")
    talk.says("/start calls")
    talk.taps("Start over")
    talk.sees("We start afresh.", "Question 3", "How much is it?")
    assert talk.session.answers == {"work": "customers", "calls": "they"}


def test_a_link_in_the_middle_can_be_answered_by_typing() -> None:
    talk = after("2", "/start calls", "start over")
    talk.sees("We start afresh.", "Question 3")
    assert talk.session.answers == {"work": "customers", "calls": "they"}


def test_a_topic_whose_answers_are_not_on_the_way_yet_begins_with_the_first_question() -> None:
    talk = Conversation()
    talk.says("/start lost")
    talk.taps("Yes, I agree")
    talk.sees("Question 1", WORK)
    talk.taps("Keeping the books")
    talk.sees("Question 3, the last one", "Is it <secret>?")


# -- the menu, and coming back


def test_the_menu_leads_to_the_first_question_to_the_languages_and_to_privacy() -> None:
    talk = Conversation()
    talk.says("/start")
    talk.taps("Yes, I agree", "Privacy")
    talk.sees("What we keep")
    talk.taps("Language")
    talk.sees_only("English", "Português", "Български", "Suomi")
    talk.taps(FIND)
    talk.sees("Question 1, at most 4 more", WORK)


@pytest.mark.parametrize("words", [FIND, "find", "FIND WHAT FITS MY BUSINES", "1"])
def test_the_menu_can_be_answered_by_typing(words: str) -> None:
    talk = Conversation()
    talk.says("/start")
    talk.taps("Yes, I agree")
    talk.says(words)
    talk.sees("Question 1", WORK)


def test_what_the_menu_does_not_understand_shows_the_menu_again_and_answers_no_unseen_question() -> None:
    talk = Conversation()
    talk.says("/start")
    talk.taps("Yes, I agree")
    for words in ("not sure", "no idea", "dunno", "why", "back", "undo", "4", "4.", "quarterly"):
        talk.says(words)
        talk.sees("Sorry, I did not get that.", "What would you like to do?")
    assert talk.session.step == 0


@pytest.mark.parametrize("words", ["Talking with customers", "customers", "talkin with custmers"])
def test_at_the_menu_an_owner_who_says_what_they_need_has_answered_the_first_question(words: str) -> None:
    talk = Conversation()
    talk.says("/start")
    talk.taps("Yes, I agree")
    talk.says(words)
    talk.sees("Question 2", CALLS)
    assert talk.session.answers == {"work": "customers"}


def test_back_at_the_menu_is_no_option_that_begins_so() -> None:
    talk = Conversation()
    talk.content = replace(SMALL, dialog=dialog_of(node("a", "A?", ADVICE, option("x", text("Back office"), ADVICE))))
    talk.says("/start")
    talk.taps("Yes, I agree")
    talk.says("back")
    talk.sees("Sorry, I did not get that.")
    talk.says("back office")
    assert talk.session.answers == {"a": "x"}


def test_start_in_the_middle_offers_to_go_on_at_the_same_question() -> None:
    talk = after("1")
    talk.says("/start")
    talk.sees("Good to see you again.")
    talk.taps("Go on")
    talk.sees("Question 2", CALLS)


def test_start_over_begins_a_new_session_without_answers() -> None:
    talk = after("1", "/start")
    before = talk.session.id
    talk.taps("Start over")
    talk.sees("We start afresh.", "Question 1, at most 4 more", WORK)
    assert talk.session.id > before
    assert (talk.session.step, dict(talk.session.answers)) == (0, {})


@pytest.mark.parametrize("acts", [(), ("1",), ("1", "1", "1"), ("1", "1", "1", "[No]"), ("1", "/restart"), ("/start",)])
def test_an_owner_who_leaves_for_a_month_goes_on_where_they_were(acts: tuple[str, ...]) -> None:
    talk, stayed = after(*acts), after(*acts)
    talk.leaves_and_comes_back()
    for each in (talk, stayed):
        each.says("quarterly")
    assert talk.newest == stayed.newest
    assert talk.session == stayed.session


# -- the language


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_language_changes_at_a_question_and_the_place_stays(language: Language) -> None:
    talk = after("1", "/language")
    talk.taps({"en": "English", "pt": "Português", "bg": "Български", "fi": "Suomi"}[language])
    tag = TAGS[language]
    talk.sees("We go on in this language." + tag, "Question 2, at most 3 more" + tag, "Who calls whom?" + tag)
    assert (talk.session.step, talk.session.answers) == (1, {"work": "customers"})


@pytest.mark.parametrize(
    ("acts", "place"),
    [
        (("1", "/answers", "[✏️ Work]"), "Your answer so far"),
        (("1", "/restart"), "Really start over?"),
        (("1", "/start"), "Good to see you again."),
        (("/start",), "What would you like to do?"),
        (("1", "1", "1", "[No]"), "Our advice"),
    ],
)
def test_the_language_changes_in_the_middle_of_anything_and_the_place_stays(acts: tuple[str, ...], place: str) -> None:
    talk = after(*acts, "/language", "[Suomi]")
    talk.sees("We go on in this language." + TAGS["fi"], place)
    assert TAGS["fi"] in talk.newest.words.split(place)[1]


def test_a_change_that_is_open_can_be_answered_in_the_new_language() -> None:
    talk = after("1", "1", "/answers", "[✏️ Calls]", "/language", "[Suomi]")
    talk.sees("Who calls whom?" + TAGS["fi"], "Your answer so far: He soittavat meille")
    talk.says("me soitamme heille yha")
    talk.sees("Changed: Calls", "Question 3", "How much is it?" + TAGS["fi"])
    assert talk.session.answers == {"work": "customers", "calls": "we"}


def test_an_older_language_button_still_works() -> None:
    talk = after("/language")
    message, button = talk.button("Suomi")
    talk.taps("Talking with customers", "They call us")
    talk.taps_again(message, button)
    talk.sees("Question 3", "How much is it?" + TAGS["fi"])


@pytest.mark.parametrize(("words", "language"), [("suomi", "fi"), ("4", "fi"), ("portugues", "pt"), ("бълг", "bg")])
def test_the_choice_of_a_language_can_be_typed(words: str, language: str) -> None:
    talk = after("1", "/language", words)
    assert talk.session.language == language
    talk.sees("Question 2")


def test_while_the_languages_are_open_the_words_of_the_question_still_count() -> None:
    talk = after("1", "/language", "they call us")
    talk.sees("Question 3")
    talk.says("/answers", "a little")
    talk.sees("Question 4")


def test_a_typed_language_closes_the_choice_and_not_the_question_above_it() -> None:
    talk = after("1")
    asked = talk.newest
    talk.says("/language")
    choice = talk.newest
    talk.says("suomi")
    assert choice.words == f"Which language do you prefer?{TAGS['fi']}\n✓ Suomi{TAGS['fi']}"
    assert choice.labels() == []
    assert asked.words.endswith(CALLS)


@pytest.mark.parametrize(
    ("acts", "words", "place"),
    [(("2", "1", "/restart"), "yes", "/restart"), (("1", "/start"), "They call us", "/start"),
     (("1", "1", "/answers", "[✏️ Calls]"), "A little", "change")],
)  # fmt: skip
def test_over_what_is_open_the_choice_of_a_language_takes_no_answer_to_the_question_below(
    acts: tuple[str, ...], words: str, place: str
) -> None:
    talk = after(*acts)
    answers = dict(talk.session.answers)
    talk.says("/language", words)
    talk.sees("Sorry, I did not get that.", "Which language do you prefer?")
    assert talk.session.answers == answers


def test_over_an_open_change_the_choice_of_a_language_takes_its_answers() -> None:
    talk = after("1", "1", "/answers", "[✏️ Calls]", "/language", "We call them")
    talk.sees("Changed: Calls")


def test_under_a_new_privacy_text_nothing_is_open_and_nothing_goes_on_before_consent() -> None:
    talk = after("1")
    talk.content = replace(SMALL, privacy="2027-01-01")
    before = talk.session
    talk.says("/language", "/help")
    assert talk.newest.labels() == []
    assert talk.session == before
    talk.says("/start")
    talk.taps("Yes, I agree")
    talk.sees("Question 2", CALLS)
