"""From answers to advice: the weighing, to the point."""

import pytest
from dialog_words import answer_is, caution, dialog_of, node, option, text, weight
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialog.advice import CAUTIONS_SHOWN, HELPFUL_SHOWN, Advice, advise
from bot.dialog.conditions import ALWAYS, All, Any, Not
from bot.dialog.path import walk
from bot.dialog.tree import ADVICE, Caution, Dialog, Node, Weight


def first(*weighs: Weight, raises: tuple[str, ...] = (), name: str = "a", to: str = ADVICE) -> Node:
    """A question with one option, `x`, that weighs so."""
    return node(name, "?", to, option("x", text("X"), to, *weighs, raises=raises))


def advice(dialog: Dialog, **answers: str) -> Advice:
    return advise(dialog, walk(dialog, answers))


def points(result: Advice) -> dict[str, int]:
    return {item.candidate.id: item.points for item in result.ranked}


def best(result: Advice) -> str | None:
    return result.best.candidate.id if result.best else None


def test_points_for_are_added_and_points_against_taken_off() -> None:
    dialog = dialog_of(
        first(weight("for", "phones", 3), weight("for", "phones books", 2), to="b"),
        first(weight("against", "phones", 1), weight("against", "house", 4), name="b"),
    )
    assert points(advice(dialog, a="x", b="x")) == {"phones": 4, "books": 2, "house": -4}


def test_only_answers_on_the_path_weigh() -> None:
    dialog = dialog_of(first(weight("for", "phones", 3)), first(weight("for", "books", 5), name="b"))
    assert points(advice(dialog, a="x", b="x")) == {"phones": 3, "house": 0, "books": 0}


@pytest.mark.parametrize(("by", "expected"), [(2, None), (3, "phones"), (4, "phones")])
def test_the_best_needs_enough_points(by: int, expected: str | None) -> None:
    result = advice(dialog_of(first(weight("for", "phones", by)), enough=3), a="x")
    assert best(result) == expected
    assert result.runners_up == ()


def test_a_tie_goes_to_the_candidate_named_first() -> None:
    result = advice(dialog_of(first(weight("for", "books phones", 3))), a="x")
    assert [item.candidate.id for item in result.ranked] == ["phones", "books", "house"]
    assert best(result) == "phones"


def test_runners_up_have_enough_points_too() -> None:
    dialog = dialog_of(
        first(weight("for", "phones", 5), weight("for", "books", 3), weight("for", "house", 2)), enough=3
    )
    assert [item.candidate.id for item in advice(dialog, a="x").runners_up] == ["books"]


def test_a_candidate_that_is_ruled_out_is_not_ranked_however_much_speaks_for_it() -> None:
    out = weight("rules_out", "phones", because="No phones.")
    dialog = dialog_of(first(weight("for", "phones", 5), weight("for", "books", 3), out))
    result = advice(dialog, a="x")
    assert best(result) == "books"
    assert "phones" not in points(result)
    assert [(one.id, reason.weight.because.en) for one, reason in result.ruled_out] == [("phones", "No phones.")]


def test_the_first_answer_that_excludes_is_the_reason_given() -> None:
    dialog = dialog_of(
        first(weight("rules_out", "phones", because="First."), to="b"),
        first(weight("rules_out", "phones", because="Second."), name="b"),
    )
    ((_, reason),) = advice(dialog, a="x", b="x").ruled_out
    assert reason.weight.because.en == "First."
    assert reason.node.id == "a"


def test_when_everything_is_ruled_out_there_is_no_advice() -> None:
    result = advice(dialog_of(first(weight("for", "house", 5), weight("rules_out", "house phones books"))), a="x")
    assert (result.best, result.ranked, result.runners_up) == (None, (), ())
    assert len(result.ruled_out) == 3


@pytest.mark.parametrize(
    ("answer", "expected"), [({"b": "x"}, 3), ({"b": "not-sure"}, 0), ({}, 0)], ids=["fulfilled", "not", "unanswered"]
)
def test_a_conditional_weight_counts_only_when_its_condition_holds(answer: dict[str, str], expected: int) -> None:
    dialog = dialog_of(
        first(weight("for", "phones", 3, when=answer_is("b", "x")), to="b"), first(name="b")
    )  # the condition may speak of a later answer
    assert points(advice(dialog, a="x", **answer))["phones"] == expected


def test_a_condition_does_not_see_an_answer_off_the_path() -> None:
    dialog = dialog_of(first(weight("for", "phones", 3, when=answer_is("b", "x"))), first(name="b"))
    assert points(advice(dialog, a="x", b="x"))["phones"] == 0


def test_a_conditional_exclusion_excludes_only_then() -> None:
    out = weight("rules_out", "phones", when=Not(answer_is("b", "x")))
    dialog = dialog_of(first(weight("for", "phones", 5), out, to="b"), first(name="b"))
    assert best(advice(dialog, a="x", b="x")) == "phones"
    assert best(advice(dialog, a="x", b="not-sure")) is None


def test_the_reasons_come_heaviest_first_and_pros_are_told_from_cons() -> None:
    dialog = dialog_of(
        first(weight("for", "phones", 1, "One."), weight("for", "phones", 4, "Four."), to="b"),
        first(weight("against", "phones", 2, "Minus two."), name="b"),
    )
    (ranked,) = [item for item in advice(dialog, a="x", b="x").ranked if item.candidate.id == "phones"]
    assert [reason.weight.because.en for reason in ranked.reasons] == ["Four.", "Minus two.", "One."]
    assert [reason.points for reason in ranked.pros()] == [4, 1]
    assert [reason.points for reason in ranked.cons()] == [-2]


def test_not_sure_weighs_what_the_author_says() -> None:
    dialog = dialog_of(first(weight("for", "phones", 5)))
    assert points(advice(dialog, a="not-sure"))["phones"] == 0


# -- cautions


def cautious(*cautions: Caution, raised: tuple[str, ...] = ()) -> list[str]:
    """The ids of the cautions shown with the advice for `phones`, whose own caution is `agents`."""
    result = advice(dialog_of(first(weight("for", "phones", 5), raises=raised), cautions=cautions), a="x")
    return [one.id for one in result.cautions]


def test_cautions_raised_by_answers_come_first_then_those_of_the_candidate_each_in_the_authors_order() -> None:
    agents, late, early = caution("agents", "A"), caution("late", "L"), caution("early", "E")
    assert cautious(agents, late, early, raised=("early", "late")) == ["late", "early", "agents"]


def test_a_caution_raised_twice_is_shown_once() -> None:
    assert cautious(caution("agents", "A"), raised=("agents",)) == ["agents"]


def test_a_caution_for_another_candidate_is_not_shown() -> None:
    assert cautious(caution("c", "C", "books"), caution("d", "D", "books", "phones"), raised=("c", "d")) == ["d"]


def test_a_caution_that_nothing_raises_is_not_shown() -> None:
    assert cautious(caution("c", "C")) == []


def test_a_caution_may_be_raised_by_several_answers_together() -> None:
    assert cautious(caution("c", "C", when=answer_is("a", "x"))) == ["c"]
    assert cautious(caution("c", "C", when=All((answer_is("a", "x"), answer_is("b", "x"))))) == []


def test_at_most_six_cautions_are_shown_the_first_ones() -> None:
    many = [caution(f"c{number}", "C") for number in range(9)]
    assert cautious(*many, raised=tuple(one.id for one in many)) == [f"c{number}" for number in range(CAUTIONS_SHOWN)]


def test_without_advice_only_cautions_that_go_with_any_advice_are_shown() -> None:
    some = (caution("agents", "A"), caution("c", "C"), caution("d", "D", "phones"))
    result = advice(dialog_of(first(raises=("c", "d")), cautions=some), a="x")
    assert [one.id for one in result.cautions] == ["c"]


# -- what would help


def test_the_first_three_questions_left_unsure_would_help_in_the_order_they_were_asked() -> None:
    dialog = dialog_of(
        first(weight("for", "phones", 1), to="b"),
        first(weight("for", "phones", 5), name="b", to="c"),
        first(weight("against", "phones", 3), name="c", to="d"),
        first(name="d"),
    )
    result = advice(dialog, a="not-sure", b="not-sure", c="not-sure", d="not-sure")
    assert [one.id for one in result.would_help] == ["a", "b", "c"][:HELPFUL_SHOWN]
    assert [one.id for one in advice(dialog, a="x", b="x", c="x", d="not-sure").would_help] == ["d"]


# -- conditions


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from("abc"), st.sampled_from("xyz")))
def test_conditions_are_what_they_are_called(answers: dict[str, str]) -> None:
    ax, by = answer_is("a", "x"), answer_is("b", "y", "z")
    has_ax, has_by = answers.get("a") == "x", answers.get("b") in ("y", "z")
    assert ax.holds(answers) == has_ax
    assert by.holds(answers) == has_by
    assert All((ax, by)).holds(answers) == (has_ax and has_by)
    assert Any((ax, by)).holds(answers) == (has_ax or has_by)
    assert Not(ax).holds(answers) == (not has_ax)
    assert ALWAYS.holds(answers)
    assert not Any(()).holds(answers)
    assert Not(All((ax, Any((by,))))).questions() == ("a", "b")
