"""What must hold on every way through a dialog: the small one, the shipped one, and any that can be written."""

import random
from collections.abc import Mapping
from types import MappingProxyType

import pytest
from dialog_knowledge import KNOWING
from dialog_live import LIVE, Wanderer
from dialog_words import (
    NODES,
    SMALL,
    Conversation,
    answer_is,
    assert_fits_telegram,
    dialog_of,
    node,
    option,
    text,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialog import result, screens
from bot.dialog.conditions import All, Any, Condition, Not
from bot.dialog.engine import take_turn
from bot.dialog.events import Said
from bot.dialog.path import most_left, walk
from bot.dialog.phrases import Content
from bot.dialog.session import Session, Turn
from bot.dialog.tree import ADVICE, NOT_SURE, Dialog
from bot.dialog.view import View, paragraphs
from bot.languages import LANGUAGES, Language

WALKS, EVENTS = 40, 60


# -- an owner who does anything at all


@pytest.mark.parametrize("content", [SMALL, KNOWING, LIVE], ids=["small", "small, with knowledge", "live"])
def test_whatever_owners_do_each_reply_keeps_telegrams_limits_and_each_newest_button_works(content: Content) -> None:
    forgotten = 0
    for seed in range(WALKS):
        owner = Wanderer(content, seed)
        for _ in range(EVENTS):
            event, before = owner.event(), owner.session
            newest = [button.press.data() for button in owner.newest]
            turn = take_turn(content, before, event)
            assert_fits_telegram(turn)
            assert turn == take_turn(content, before, event), "the same event gave another turn"
            if getattr(event, "data", None) in newest and turn.recorded:
                assert turn.toast != content.phrases["old-button"].to(before.language, {}), event
            moved = turn.session.answers != before.answers
            if turn.forgets:
                assert before.open.startswith("forget:"), "forgotten without being asked"
                forgotten += 1
            if turn.forgets or turn.session.id == before.id == 0:
                assert turn.session == Session(turn.session.language, texted=turn.session.texted)
            elif turn.session.id == before.id:
                assert turn.session.step - before.step in ((1,) if moved else (0, 1))
            else:
                assert turn.session.step == 0
            owner.saw(turn)
    assert forgotten


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_screen_of_the_longest_way_keeps_telegrams_limits(language: Language) -> None:
    """The advice with all it can say above it, and the recap of all answers."""
    dice = random.Random(language)
    for _ in range(300):
        answers = _random_answers(LIVE.dialog, dice)
        view = View(LIVE, Session(language, LIVE.privacy, 2**31, 999, answers))
        node_, option_ = view.path.steps[-1]
        above = paragraphs(
            view.words.say("late"), screens.changed(view, node_, option_, option_), result.advice_change(view, "kpo")
        )
        whys = [screens.why(view, node) for node, _ in view.path.steps]
        assert_fits_telegram(Turn(view.session, (result.advice(view, above), screens.recap(view, above), *whys)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_live_label_typed_as_it_stands_answers_its_question_also_over_the_recap(language: Language) -> None:
    """No other word for a control, no word from the middle of another label, and no title stands in its way."""
    dice = random.Random(language)
    for _ in range(20):
        answers: dict[str, str] = {}
        while (current := walk(LIVE.dialog, answers).current) is not None:
            for each in current.options:
                session = Session(language, LIVE.privacy, 1, 1, answers, dice.choice(["", "", "recap"]))
                label = each.label.to(language) if each.label else ""
                turn = take_turn(LIVE, session, Said(text=label))
                assert turn.session.answers.get(current.id) == each.id, (label, session.open)
            answers[current.id] = dice.choice([*(one.id for one in current.options), NOT_SURE])


def _random_answers(dialog: Dialog, dice: random.Random) -> dict[str, str]:
    answers: dict[str, str] = {}
    while (current := walk(dialog, answers).current) is not None:
        answers[current.id] = dice.choice([*(one.id for one in current.options), NOT_SURE])
    return answers


# -- progress never lies


@pytest.mark.parametrize("dialog", [SMALL.dialog, LIVE.dialog], ids=["small", "live"])
def test_progress_is_kept_while_owners_answer_and_go_back(dialog: Dialog) -> None:
    """The last question named is never moved further away by an answer; back finds the same progress again."""
    for seed in range(60):
        dice = random.Random(seed)
        answers: dict[str, str] = {}
        shown: list[tuple[str, int]] = []
        while (current := walk(dialog, answers).current) is not None:
            last = len(shown) + most_left(dialog, answers)
            assert not shown or last <= shown[-1][1], "a question was added by an answer"
            assert last > len(shown), "the last question was named too early"
            shown.append((current.id, last))
            answers[current.id] = dice.choice([*(one.id for one in current.options), NOT_SURE])
        assert shown[-1][1] == len(shown), "the last question was not called the last one"
        while answers:
            answers.popitem()
            name, last = shown.pop()
            assert (walk(dialog, answers).current or Missing).id == name
            assert len(shown) + most_left(dialog, answers) == last


class Missing:
    """No question."""

    id = ""


def naively_left(dialog: Dialog, answers: Mapping[str, str]) -> int:
    """The longest way that is left, by trying every way."""
    current = walk(dialog, answers).current
    if current is None:
        return 0
    options = [*(one.id for one in current.options), NOT_SURE]
    return 1 + max(naively_left(dialog, {**answers, current.id: each}) for each in options)


@st.composite
def dialogs(draw: st.DrawFn) -> Dialog:
    """Up to five questions that lead forward, some asked only under conditions on those before."""
    names = "abcde"[: draw(st.integers(1, 5))]
    places = [*names, ADVICE]
    nodes = []
    for place, name in enumerate(names):
        onward = st.sampled_from(places[place + 1 :])
        options = [option(each, text(each), draw(onward)) for each in "xyz"[: draw(st.integers(1, 3))]]
        when = draw(st.none() | conditions(names[:place])) if place else None
        nodes.append(node(name, "?", draw(onward), *options, when=when))
    return dialog_of(*nodes)


def conditions(questions: str) -> st.SearchStrategy[Condition]:
    """Conditions on these questions."""
    leaves = st.builds(answer_is, st.sampled_from(questions), st.sampled_from(["x", "y", NOT_SURE]))
    return st.recursive(
        leaves,
        lambda inner: (
            st.builds(Not, inner)
            | st.builds(lambda *parts: All(parts), inner, inner)
            | st.builds(lambda *parts: Any(parts), inner, inner)
        ),
        max_leaves=3,
    )


@settings(max_examples=100, deadline=None)
@given(dialogs(), st.dictionaries(st.sampled_from("abcde"), st.sampled_from(["x", "y", "z", NOT_SURE, "gone"])))
def test_progress_is_exact_in_any_dialog_whatever_answers_are_waiting(dialog: Dialog, answers: dict[str, str]) -> None:
    assert most_left(dialog, answers) == naively_left(dialog, answers)


# -- the place is computed from the answers alone

LISTS = ("recap", "languages:", "languages:menu", "languages:change:work", "languages:gone")


@settings(max_examples=60, deadline=None)
@given(dialogs(), st.dictionaries(st.sampled_from("abcde"), st.sampled_from(["x", "y", "z", NOT_SURE])))
def test_answers_off_the_path_have_no_effect(dialog: Dialog, answers: dict[str, str]) -> None:
    path = walk(dialog, answers)
    assert walk(dialog, path.answers()) == path
    assert len(path.answers()) == len(path.steps), "a question came twice"
    assert path.current is None or path.current.id not in path.answers()


@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.sampled_from([one.id for one in NODES]), st.sampled_from(["customers", "lots", "x", "yes"])))
def test_any_stored_answers_can_be_gone_on_with(answers: dict[str, str]) -> None:
    for open_ in (
        "",
        "menu",
        "restart",
        "welcome-back:",
        "welcome-back:gone",
        "change:work",
        "change:gone",
        "gone",
        "forget:",
        "forget:menu",
        "forget:gone",
        *LISTS,
    ):
        session = Session("en", SMALL.privacy, 1, 5, MappingProxyType(answers), open_, advised="gone")
        talk = Conversation(session=session)
        talk.says("hm", "/answers", "/start", "/cancel", "1", "back")
        talk.wrote_during_the_outage("x")
        talk.taps(*[label for label in talk.newest.labels() if not label.startswith("✏️")][:1])
