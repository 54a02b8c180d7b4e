"""The shipped knowledge in the conversation: every answer, comparison and link of a reason, in four languages."""

import random
from itertools import combinations

import pytest
from dialog_live import LIVE
from dialog_words import assert_fits_telegram, buttons_of, read_html

from bot.dialog import compared, result
from bot.dialog.advice import advise
from bot.dialog.engine import take_turn
from bot.dialog.events import Commanded, Inquired, Pressed, Said
from bot.dialog.path import walk
from bot.dialog.session import Session, Turn
from bot.dialog.tree import NOT_SURE
from bot.dialog.view import View
from bot.knowledge.entries import Entry
from bot.languages import LANGUAGES, Language

ENTRIES = list(LIVE.knowledge.entries.values())


def session_in(language: Language, answers: dict[str, str] | None = None) -> Session:
    """An owner with these answers behind them."""
    return Session(language, LIVE.privacy, 2**31, 12, answers or {})


def pressed(turn: Turn, action: str, place: int = 0) -> Turn:
    """A tap on the button of the first message that does this."""
    button = [button for button in buttons_of(turn.replies[0]) if button.press.action == action][place]
    return take_turn(LIVE, turn.session, Pressed(data=button.press.data()))


def test_there_is_something_to_ask() -> None:
    """None of the tests below passes for want of entries."""
    assert len(ENTRIES) > 50


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_as_it_stands_on_a_button_is_answered_when_it_is_typed(language: Language) -> None:
    """In each language of the chat, with sources behind a button, all within Telegram's limits."""
    missed = []
    for entry in ENTRIES:
        for chat in LANGUAGES:
            turn = take_turn(LIVE, session_in(chat), Said(text=entry.question.to(language)))
            if turn.session.about != entry.cell.name:
                missed.append((entry.question.to(language), chat, turn.session.about))
                continue
            assert_fits_telegram(turn)
            assert entry.answer.to(language) in read_html(turn.replies[0].text)
            sources = pressed(turn, "sources")
            assert_fits_telegram(sources)
            told = read_html(sources.replies[0].text)
            assert all(LIVE.knowledge.sources[one].title.to(language) in told for one in entry.sources)
    assert missed == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.cell.name for entry in ENTRIES])
def test_every_answer_can_be_gone_on_from_by_each_of_its_buttons(entry: Entry, language: Language) -> None:
    start = take_turn(LIVE, session_in(language), Said(text=entry.question.to(language)))
    followed = [button for button in buttons_of(start.replies[0]) if button.press.action == "know"]
    assert followed, "nothing can be asked next"
    for place in range(len(followed)):
        turn = pressed(start, "know", place)
        assert_fits_telegram(turn)
        assert turn.toast == ""
        assert turn.session.about not in ("", start.session.about)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_comparison_of_two_or_three_fits_one_message_and_tells_of_each(language: Language) -> None:
    view = View(LIVE, session_in(language))
    sides = compared.offered(view)
    assert len(sides) > 3
    for chosen in (*combinations(sides, 2), *combinations(sides, 3)):
        turn = compared.compare(view, chosen)
        assert_fits_telegram(turn)
        told = read_html(turn.replies[0].text)
        assert all(f"• {side.name}: " in told for side in chosen), told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_that_an_advice_shows_links_what_it_rests_on(language: Language) -> None:
    """A button for each distinct cell of them, six at most, and each tells the entry with its sources."""
    dice = random.Random(language)
    for _ in range(40):
        answers: dict[str, str] = {}
        while (current := walk(LIVE.dialog, answers).current) is not None:
            answers[current.id] = dice.choice([*(one.id for one in current.options), NOT_SURE])
        view = View(LIVE, session_in(language, answers))
        best = advise(LIVE.dialog, view.path).best
        reply = result.advice(view)
        linked = [button for button in buttons_of(reply) if button.press.action == "know"]
        if best is None:
            assert linked == []
            continue
        shown = [one.weight for one in best.reasons if one.weight.because.to(language) in read_html(reply.text)]
        cells = {LIVE.knowledge.by_name[weight.source].cell.code for weight in shown}
        assert linked
        assert {button.press.word(0) for button in linked} <= cells
        turn = pressed(Turn(view.session, (reply,)), "know", dice.randrange(len(linked)))
        assert_fits_telegram(turn)
        assert sources_heading(view) in read_html(turn.replies[0].text)


def sources_heading(view: View) -> str:
    """The heading over sources."""
    return view.words.plain("sources-heading")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_terms_are_all_there_and_offered_in_other_chats(language: Language) -> None:
    terms = take_turn(LIVE, session_in(language), Commanded(name="terms"))
    assert_fits_telegram(terms)
    defined = {entry.cell.code for entry in ENTRIES if entry.cell.facet == "definition"}
    assert {button.press.word(0) for button in buttons_of(terms.replies[0]) if button.press.action == "know"} == defined
    for typed in ("", *(entry.question.to(language) for entry in ENTRIES)):
        offered = take_turn(LIVE, session_in(language), Inquired(text=typed)).definitions
        assert 0 < len(offered) <= 20
        assert len({one.id for one in offered}) == len(offered)
        assert all(len(one.summary) <= 120 and len(read_html(one.text)) <= 4096 for one in offered)
