"""Walking the tree: by buttons, by typing, back, not sure, why; and progress that never lies."""

from dataclasses import replace

import pytest
from dialog_words import TAGS, Conversation, after, text

from bot.dialog.phrases import Phrase

WORK, CALLS, VOLUME, SECRET = "Which work is it?", "Who calls whom?", "How much is it?", "Is it <secret>?"


# -- answers


def test_a_tapped_answer_closes_its_question_and_the_next_one_comes() -> None:
    talk = after()
    asked = talk.newest
    talk.taps("Talking with customers")
    assert asked.words == f"{WORK}\n✓ Talking with customers"
    assert asked.labels() == []
    talk.sees("Question 2, at most 3 more", CALLS)


def test_a_typed_answer_closes_its_question_as_a_tap_does() -> None:
    talk = after()
    asked = talk.newest
    talk.says("talking with customers")
    assert asked.words == f"{WORK}\n✓ Talking with customers"
    assert asked.labels() == []


def test_a_question_offers_its_options_numbered_then_not_sure_then_back_and_why() -> None:
    talk = after()
    assert talk.newest.labels() == [
        "1. Talking with customers", "2. Keeping the books", "3. Legal papers", "Not sure", "Why do we ask?",
    ]  # fmt: skip
    talk.says("1")
    talk.sees_only("They call us", "We call them", "Not sure", "Back", "Why do we ask?")


@pytest.mark.parametrize(
    "words",
    ["Keeping the books", "KEEPING THE BOOKS", "  keeping   the books!  ", "keping the boks", "keep", "2", "2.", "(2)",
     "2. Keeping the books", "２", "2️⃣", "٢", "keeping\nthe books", "kee\u200bping the\u00ad books", "𝐊𝐞𝐞𝐩𝐢𝐧𝐠 the"],
)  # fmt: skip
def test_a_typed_answer_counts_by_its_label_its_number_or_its_start(words: str) -> None:
    talk = after(words)
    talk.sees("Question 2", VOLUME)
    assert talk.session.answers == {"work": "books"}


@pytest.mark.parametrize(
    ("language", "words", "meant"),
    [
        ("pt", "Eles ligam-nos", "they"),
        ("pt", "eles ligam nos", "they"),
        ("pt", "NOS LIGAMOS-LHES AS VEZES", "we"),
        ("pt", "nós ligamo-lhes as vezes", "we"),
        ("bg", "те ни се обаждат", "they"),
        ("bg", "Те ни се обаждът", "they"),
        ("bg", "ние звъним на клиентите", "we"),
        ("bg", "Ниѐ звъним на клиентите", "we"),
        ("bg", "ние", "we"),
        ("fi", "he soittavat meille", "they"),
        ("fi", "me soitamme heille yha", "we"),
        ("fi", "ME SOITAMME HEILLE, YHÄ", "we"),
        ("fi", "me soittamme heile", "we"),
    ],
)
def test_a_typed_answer_counts_in_every_language_without_its_accents(language: str, words: str, meant: str) -> None:
    talk = Conversation(language=language)  # type: ignore[arg-type]
    talk.agrees()
    talk.says("1", words)
    assert talk.session.answers["calls"] == meant


@pytest.mark.parametrize(
    "words",
    ["quarterly", "4", "0", "-", "", " ", "\u200b\u200f\u202e", "🙂", "work", "the", "1 2", "99999999999999999999", "k",
     "x" * 50_000, "\ud800", "Z̸̢͇a̵l̶g̷o", "<b>", "{n}", "' OR 1=1"],
)  # fmt: skip
def test_what_is_not_understood_gets_a_friendly_line_and_the_same_question_and_nothing_moves(words: str) -> None:
    talk = after()
    before = talk.session
    talk.says(words)
    talk.sees("Sorry, I did not get that.", "Question 1", WORK)
    assert talk.session == before
    assert talk.turn.closes is None


@pytest.mark.parametrize(
    ("words", "meant"),
    [("no", "no"), ("No.", "no"), ("not sure", "not-sure"), ("not sur", "not-sure"), ("yes", "yes"), ("YES!", "yes"),
     ("yes please", None), ("n", None), ("noo", None), ("maybe", None)],
)  # fmt: skip
def test_no_is_not_the_same_as_not_sure(words: str, meant: str | None) -> None:
    talk = after("2", "1")
    talk.sees(SECRET)
    talk.says(words)
    assert talk.session.answers.get("secret") == meant


@pytest.mark.parametrize("words", ["why", "WHAT FOR?", "Why do we ask?", "why do we aks", "why do"])
@pytest.mark.parametrize("back", ["back", "Undo!", "Back"])
def test_the_words_beside_the_options_can_be_typed_too(words: str, back: str) -> None:
    talk = after("1", words)
    talk.sees("We ask about <calls> & why.")
    talk.says(back)
    talk.sees("Question 1", WORK)


@pytest.mark.parametrize("words", ["no idea", "dunno", "It depends.", "not sure"])
def test_what_owners_say_for_not_sure_counts(words: str) -> None:
    talk = after(words)
    assert talk.session.answers == {"work": "not-sure"}


# -- not sure, why


def test_not_sure_is_an_answer_that_the_tree_handles() -> None:
    talk = after("[Not sure]")
    talk.sees("Question 2", VOLUME)
    talk.says("not sure")
    assert talk.session.answers == {"work": "not-sure", "volume": "not-sure"}
    talk.sees("Question 3", SECRET)


def test_not_sure_has_no_number() -> None:
    talk = after("4")
    talk.sees("Sorry, I did not get that.")


def test_why_tells_the_reason_and_nothing_moves() -> None:
    talk = after("1")
    before = talk.session
    talk.taps("Why do we ask?")
    talk.sees(CALLS, "We ask about <calls> & why.")
    talk.sees_only("They call us", "We call them", "Not sure", "Back")
    assert talk.session == before
    told = talk.newest
    talk.taps("They call us")
    talk.sees("Question 3", VOLUME)
    assert told.labels() == []


def test_after_why_the_next_words_answer_the_question_that_was_explained() -> None:
    talk = after("1", "1")
    waits, why = talk.button("Why do we ask?")
    talk.says("/answers")
    talk.taps("✏️ Work")
    talk.taps_again(waits, why)
    talk.sees(VOLUME, "We ask about <volume> & why.")
    talk.says("2")
    assert talk.session.answers == {"work": "customers", "calls": "they", "volume": "lots"}
    talk.says("/answers")
    talk.taps("✏️ Calls", "Why do we ask?")
    talk.says("2")
    talk.sees("Changed: Calls")


# -- back


def test_back_goes_to_the_very_first_question_one_answer_at_a_time() -> None:
    talk = after("1", "1", "2", "1")
    talk.sees("Question 5, the last one", SECRET)
    for number, asked in ((4, "Does it come in waves?"), (3, VOLUME), (2, CALLS), (1, WORK)):
        talk.taps("Back")
        talk.sees(f"Question {number}", asked)
    assert dict(talk.session.answers) == {}
    assert "Back" not in talk.newest.labels()


def test_back_closes_the_question_it_left() -> None:
    talk = after("1")
    left = talk.newest
    talk.taps("Back")
    assert left.words == f"{CALLS}\nOne step back"
    assert left.labels() == []


def test_back_can_be_typed_also_at_the_advice() -> None:
    talk = after("2", "1", "[No]")
    talk.sees("Our advice")
    talk.says("back")
    talk.sees("Question 3, the last one", SECRET)


def test_back_at_the_first_question_moves_nothing() -> None:
    talk = after("back")
    talk.sees("This is the first question.", "Question 1", WORK)
    assert talk.session.step == 0


def test_every_answer_and_every_step_back_raises_the_step_by_one() -> None:
    talk = after()
    for act, step in (("1", 1), ("1", 2), ("[Back]", 3), ("2", 4), ("hm", 4), ("[Why do we ask?]", 4), ("/help", 4)):
        talk.taps(act[1:-1]) if act.startswith("[") else talk.says(act)
        assert talk.session.step == step


# -- progress


@pytest.mark.parametrize(
    ("answers", "progress"),
    [
        ("", "Question 1, at most 4 more"),
        ("1", "Question 2, at most 3 more"),
        ("1 1", "Question 3, at most 2 more"),
        ("1 1 1", "Question 4, the last one"),
        ("1 1 2", "Question 4, at most 1 more"),
        ("1 1 2 1", "Question 5, the last one"),
        ("2", "Question 2, at most 1 more"),
        ("3", "Question 2, the last one"),
    ],
)
def test_progress_names_the_longest_way_that_is_left(answers: str, progress: str) -> None:
    talk = after(*answers.split())
    if answers:
        talk.sees(progress)
    else:
        assert progress in talk.newest.words


def test_progress_counts_answers_that_are_waiting_as_given() -> None:
    talk = after("1", "1", "2", "1", "/answers", "[✏️ Work]", "[Keeping the books]")
    talk.sees("Question 3, the last one", SECRET)
    talk.says("/answers")
    talk.taps("✏️ Work", "Legal papers")
    talk.sees("Question 2, the last one", SECRET)


@pytest.mark.parametrize("language", ["pt", "bg", "fi"])
def test_the_whole_way_in_another_language(language: str) -> None:
    talk = Conversation(language=language)  # type: ignore[arg-type]
    talk.agrees()
    tag = TAGS[language]  # type: ignore[index]
    talk.taps("Keeping the books" + tag, "A whole lot" + tag, "No" + tag)
    talk.sees("Our advice: A bookkeeper" + tag, "Books are routine." + tag)


# -- words in passing


@pytest.mark.parametrize("words", ["the books", "books", "Books!", "keeping books"])
def test_words_from_the_middle_of_one_option_are_understood(words: str) -> None:
    talk = after(words)
    assert talk.session.answers == ({"work": "books"} if words != "keeping books" else {})


@pytest.mark.parametrize("words", ["not", "sure", "Sure!", "n0", "idea"])
def test_half_of_not_sure_is_no_answer(words: str) -> None:
    talk = after("2", "1", words)
    talk.sees("Sorry, I did not get that.", SECRET)
    assert "secret" not in talk.session.answers


@pytest.mark.parametrize("words", ["undo", "one back"])
def test_what_owners_say_for_back_leaves_a_change_and_the_advice_too(words: str) -> None:
    talk = after("1", "1", "/answers", "[✏️ Calls]", words)
    talk.sees("Your answer stays as it was.", "Question 3", VOLUME)
    talk = after("2", "1", "[No]", words)
    talk.sees("Question 3", SECRET)
    talk = after(words)
    talk.sees("This is the first question.", WORK)


def test_a_list_of_other_words_with_a_comma_too_many_means_nothing_by_an_empty_text() -> None:
    talk = after()
    trailing = Phrase(text("dunno, ,", "dunno,", "dunno,", "dunno,"))
    talk.content = replace(talk.content, phrases={**talk.content.phrases, "not-sure-words": trailing})
    talk.says("🙂")
    talk.sees("Sorry, I did not get that.")


def test_why_has_back_where_there_is_an_answer_to_take_back() -> None:
    talk = after("1", "why")
    talk.taps("Back")
    talk.sees("Question 1", WORK)
    talk.says("why")
    talk.sees_only("Talking with customers", "Keeping the books", "Legal papers", "Not sure")
    talk = after("1", "/answers", "[✏️ Work]", "why")
    talk.sees_only("Talking with customers", "Keeping the books", "Legal papers", "Not sure")


def test_why_can_be_answered_by_typing_and_is_closed_by_it() -> None:
    talk = after("1", "why")
    told = talk.newest
    talk.says("2")
    talk.sees("Question 3", VOLUME)
    assert told.words == f"{CALLS}\n✓ We call them"
    assert told.labels() == []
