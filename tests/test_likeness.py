"""Which questions are the same in other words: measured on pairs, and rule by rule."""

import time
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from dialog_live import LIVE

from bot.knowledge.answering import answer, answers_itself, proposed
from bot.knowledge.gist import gist
from bot.knowledge.likeness import NEAR, SAME, alike, groups, same
from bot.knowledge.taught import Taught
from bot.languages import LANGUAGES, Language

KNOWN = LIVE.knowledge


@cache
def written() -> Any:
    return yaml.safe_load((Path(__file__).parent / "likeness_pairs.yaml").read_text(encoding="utf-8"))


def pairs(language: Language, kind: str) -> list[tuple[str, str]]:
    """The pairs of the file: `same`, or `other` with those of `apart`."""
    found = [(one["asks"], text) for one in written()[language] for text in one[kind]]
    return found + [tuple(pair) for pair in written()["apart"][language]] if kind == "other" else found


def likeness(one: str, other: str, language: Language) -> float:
    there, back = gist(KNOWN, one, language), gist(KNOWN, other, language)
    assert alike(there, back) == alike(back, there), (one, other)
    assert same(there, back) == (alike(there, back) >= SAME), (one, other)
    return alike(there, back)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_answer_is_given_to_another_question(language: Language) -> None:
    """Another number, place, person, "not", role or thing: silence. 100 pairs and more in each language."""
    listed = pairs(language, "other")
    assert len(listed) >= 100
    assert [pair for pair in listed if likeness(*pair, language) >= SAME] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_question_in_other_words_is_the_same(language: Language) -> None:
    """At least nine of ten; the others are near at least, so that people see them together."""
    listed = pairs(language, "same")
    assert len(listed) >= 40
    found = [likeness(*pair, language) for pair in listed]
    assert sum(one >= SAME for one in found) / len(listed) >= 0.9
    assert sum(one >= NEAR for one in found) / len(listed) >= 0.97


def test_questions_that_the_rules_were_not_made_for_are_the_same_too() -> None:
    """Seven of ten in all; Finnish has the most endings, and the fewest."""
    listed = [(one, other, language) for language in LANGUAGES for one, other in written()["unseen"][language]]
    found = [likeness(*pair) >= SAME for pair in listed]
    assert len(found) >= 40
    assert sum(found) / len(found) >= 0.7


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_is_the_same_as_itself_whoever_shouts_it(language: Language) -> None:
    for one in written()[language]:
        for text in (one["asks"], one["asks"].upper(), f"  {one['asks']}!!! ", one["asks"].rstrip("?")):
            assert likeness(one["asks"], text, language) == 1.0


def test_what_tells_nothing_is_like_nothing() -> None:
    """Nor is a text like one in another language."""
    for text in ("", "?", "🙂", "hi", "how long does it take?", "and that?"):
        assert not same(gist(KNOWN, text, "en"), gist(KNOWN, text, "en")), text
    provider = "switch provider 3"
    assert alike(gist(KNOWN, provider, "en"), gist(KNOWN, provider, "fi")) == 0


@pytest.mark.parametrize("text", ["(" * 500, "a" * 10_000, "7 " * 900, "the the the", "\u0301\u200b", "бпо" * 200])
def test_any_text_has_a_gist(text: str) -> None:
    for language in LANGUAGES:
        assert 0 <= alike(gist(KNOWN, text, language), gist(KNOWN, text, language)) <= 1


def many(count: int) -> tuple[Taught, ...]:
    """Taught answers in all languages; the last ones are to questions of the file."""
    asked = [(language, one) for language in LANGUAGES for pair in pairs(language, "other") for one in pair]
    return tuple(Taught(n + 1, "approved", *asked[n % len(asked)], "Yes.") for n in range(count))


def test_five_hundred_taught_answers_are_looked_through_in_less_than_a_millisecond() -> None:
    """The median of what a question costs more than without any (a slow machine: ten times as much is still passed)."""
    with_many = KNOWN.with_taught(many(500))
    texts = [text for _, text in pairs("en", "other")]
    spent = {}
    for name, known in (("none", KNOWN), ("many", with_many)):
        answer(known, texts[0], "en")
        began = time.perf_counter()
        for text in texts:
            answer(known, text, "en")
        spent[name] = (time.perf_counter() - began) / len(texts)
    assert spent["many"] - spent["none"] < 0.01


def test_knowledge_with_other_taught_answers_is_not_compiled_anew() -> None:
    known = KNOWN.with_taught(many(2))
    assert known.lexicons is KNOWN.lexicons
    assert known.entries is KNOWN.entries
    assert [len(one.taught) for one in (KNOWN, known, known.with_taught(()))] == [0, 2, 0]


def test_alike_questions_come_into_one_group() -> None:
    """Whatever their order; other languages and other questions stay by themselves."""
    texts: list[tuple[str, Language]] = [
        ("How long does it take to switch provider?", "en"),
        ("Do you have an office in Sofia?", "en"),
        ("please, how long will switching providers take", "en"),
        ("Imate li ofis v Sofia?", "bg"),
        ("do you have offices in sofia", "en"),
        ("имате ли офис в София", "bg"),
    ]
    assert groups([gist(KNOWN, *one) for one in texts]) == [[0, 2], [1, 4], [3, 5]]


def test_five_thousand_questions_are_grouped_in_a_moment() -> None:
    """About two seconds (a slow machine: ten are still passed)."""
    listed = [text for kind in ("same", "other") for pair in pairs("en", kind) for text in pair]
    texts = [f"{listed[n % len(listed)]} {'abcdefghij'[n % 10] * 5}{n % 700}" for n in range(5000)]
    began = time.perf_counter()
    found = groups([gist(KNOWN, text, "en") for text in texts])
    assert time.perf_counter() - began < 10
    assert sorted(place for group in found for place in group) == list(range(5000))


def test_a_draft_that_would_never_be_given_is_known_as_such() -> None:
    """Its question tells too little, an entry answers it already, or it is in another language than it says."""
    questions = ("Do you have an office in Sofia?", "How long does it take?", "What is BPO?", "Imate li ofis v Sofia?")
    drafts = (Taught(5, "draft", "en", question, "Yes.") for question in questions)
    assert [answers_itself(KNOWN, one) for one in drafts] == [True, False, False, False]


def test_what_a_question_seems_to_be_about_is_proposed() -> None:
    """For a draft: a concept and a facet, or nothing."""
    assert proposed(KNOWN, "Which documents does a KPO contract cost me?", "en") == ("kpo", "cost")
    assert proposed(KNOWN, "Paljonko puhelinpalvelun vaihtaminen maksaa Ruotsissa?", "fi") == ("call-center", "cost")
    assert proposed(KNOWN, "Do you like jazz?", "en")[0] == ""
    assert proposed(KNOWN, "", "bg") == ("", "")
