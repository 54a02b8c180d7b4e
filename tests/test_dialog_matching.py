"""What a typed text means among the labels on a screen: a wrong answer is worse than none."""

import random

import pytest
from dialog_live import LIVE, every_screen
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialog.matching import chosen, folded
from bot.dialog.phrases import Words
from bot.languages import LANGUAGES, Language

COST = ("Cost", "Cost and quality", "Quality")
ANSWERS = ("Yes, and there is time", "Yes, but no time", "No, nobody", "Not sure", "Back", "Why do we ask?")
PEOPLE = ("1 to 5 people", "6 to 20 people", "More than 20", "Not sure")
BULGARIAN = ("Те ни се обаждат", "Ние им се обаждаме", "И двете", "Не знам", "Назад")
PORTUGUESE = ("Não são muitas", "São muitas", "Não sei bem", "Voltar")
FINNISH = ("Hyvä, kaikki on kirjattu", "Päivittäin", "En osaa sanoa", "Takaisin")


@pytest.mark.parametrize(
    ("labels", "typed", "meant"),
    [
        # the label itself goes before all else
        (COST, "cost", 0), (COST, "COST", 0), (COST, "cost and", 1), (COST, "cost and quality", 1),
        (COST, "cost & quality", None), (COST, "cosst", 0), (COST, "quality", 2), (COST, "qual", 2),
        (COST, "cos", None), (COST, "co", None), (COST, "costa", 0), (COST, "cots", 0),
        # yes, no, not sure
        (ANSWERS, "yes", None), (ANSWERS, "yes and", 0), (ANSWERS, "yes but", 1), (ANSWERS, "yes, bt no time", 1),
        (ANSWERS, "no", 2), (ANSWERS, "nobody", 2), (ANSWERS, "time", None), (ANSWERS, "no time", 1),
        (ANSWERS, "not", 3), (ANSWERS, "n", None), (ANSWERS, "na", None),
        (ANSWERS, "not sure", 3), (ANSWERS, "nto sure", 3), (ANSWERS, "back", 4), (ANSWERS, "why", 5),
        (("Yes", "No", "Not sure"), "no", 1), (("Yes", "No", "Not sure"), "not", 2), (("Yes", "No"), "nope", None),
        (("Can", "Can't"), "cant", None), (("Can", "Can't"), "can’t", 1),
        # labels that begin with digits
        (PEOPLE, "1", 0), (PEOPLE, "2", 1), (PEOPLE, "6", None), (PEOPLE, "20", None), (PEOPLE, "1 to 5", 0),
        (PEOPLE, "6 to 20 people", 1), (PEOPLE, "2. 6 to 20 people", 1), (PEOPLE, "1. 6 to 20 people", None),
        (PEOPLE, "6-20 people", None), (PEOPLE, "16 to 20 people", None), (PEOPLE, "more", 2), (PEOPLE, "6 to", 1),
        # numbers, in any script
        (COST, "3", 2), (COST, "03", 2), (COST, "4", None), (COST, "0", None), (COST, "-1", 0), (COST, "1.5", None),
        (COST, "½", None), (COST, "²", 1), (COST, "३", 2), (COST, "３", 2), (COST, "③", 2), (COST, "2️⃣", 1),
        (COST, "1000000", None), (COST, "二", None), (COST, "ii", None), (COST, "2 or 3", None),
        # Bulgarian, without й and accents
        (BULGARIAN, "те ни се обаждат", 0), (BULGARIAN, "ние им се обаждаме", 1), (BULGARIAN, "ниѐ им", 1),
        (BULGARIAN, "и двете", 2), (BULGARIAN, "не знам", 3), (BULGARIAN, "не знаm", 3), (BULGARIAN, "не", 3),
        (("Той", "Тои тук"), "тои", 0), (("Мой ред", "Чужд ред"), "мои ред", 0), (("Мой ред", "Чужд ред"), "МОЙ", 0),
        # Portuguese: "não são" and "são" differ by one word
        (PORTUGUESE, "sao muitas", 1), (PORTUGUESE, "nao sao muitas", 0), (PORTUGUESE, "NÃO SEI", 2),
        (PORTUGUESE, "nao", None), (PORTUGUESE, "são", 1), (PORTUGUESE, "não sao mtas", 0),
        # Finnish
        (FINNISH, "hyva", 0), (FINNISH, "HYVÄ, KAIKKI ON KIRJATTU", 0), (FINNISH, "paivittain", 1),
        (FINNISH, "päivitäin", 1), (FINNISH, "en", 2), (FINNISH, "takasin", 3),
        # a stray text
        (COST, "", None), (COST, "...", None), (COST, "🙂", None), (COST, "what does it cost", None), (COST, "a", None),
        # folding
        (("ﬁne", "Straße"), "FINE", 0), (("ﬁne", "Straße"), "strasse", 1), (("İzmir",), "izmir", 0),
    ],
)  # fmt: skip
def test_what_a_typed_text_means(labels: tuple[str, ...], typed: str, meant: int | None) -> None:
    assert chosen(typed, labels) == meant


def test_what_could_mean_two_labels_means_none() -> None:
    assert chosen("someone", ("Someone with time", "Someone without time")) is None
    assert chosen("someome with", ("Someone with time", "Someone with a car")) is None
    assert chosen("same", ("Same", "Same")) is None


YES_OR_NO = ("It would not be worth it", "It would hurt", "Well: it is fine", "Not sure", "No, nobody")
NAO = ("Mal: não está escrito, mas é quase igual", "Bem", "Não podíamos continuar", "Não sei bem")
NE = ("Тогава няма да си струва", "Не можем да продължим", "Не знам")
EI = ("Emme voisi jatkaa", "Ei juuri, se on hoidettava", "En osaa sanoa")


@pytest.mark.parametrize(
    ("labels", "typed", "meant"),
    [
        (COST, "and quality", 1), (("Cost and quality", "Speed"), "quality", 0), (COST, "and", None),
        (YES_OR_NO, "hurt", 1), (YES_OR_NO, "it would", None), (YES_OR_NO, "urt", None), (YES_OR_NO, "wort", None),
        # "not" before the words makes them mean the opposite
        (YES_OR_NO, "worth it", None), (YES_OR_NO, "not be worth it", 0), (YES_OR_NO, "nobody", 4),
        (NAO, "está escrito", None), (NAO, "não está escrito", 0), (NAO, "quase igual", 0), (NAO, "continuar", None),
        (NE, "си струва", None), (NE, "няма да си струва", 0), (NE, "продължим", None),
        (EI, "jatkaa", None), (EI, "voisi jatkaa", None), (EI, "se on hoidettava", 1),
        # in two labels
        (("It is the reason", "It is not the reason", "Back"), "reason", None),
    ],
)  # fmt: skip
def test_whole_words_from_the_middle_count_where_they_stand_in_one_label_only(
    labels: tuple[str, ...], typed: str, meant: int | None
) -> None:
    assert chosen(typed, labels, controls={len(labels) - 1} if "Not sure" not in labels else {3}) == meant


@pytest.mark.parametrize(
    ("labels", "typed"), [(ANSWERS, "sure"), (PORTUGUESE, "sei bem"), (BULGARIAN, "знам"), (FINNISH, "osaa")]
)
def test_words_from_the_middle_of_a_control_mean_nothing(labels: tuple[str, ...], typed: str) -> None:
    assert chosen(typed, labels, controls=range(2, len(labels))) is None
    assert chosen("unsure", ("Rather unsure", "Yes"), controls={0}) is None


def test_the_start_of_a_control_must_be_longer_to_count() -> None:
    assert chosen("not", ANSWERS, controls={3, 4, 5}) is None
    assert chosen("not s", ANSWERS, controls={3, 4, 5}) == 3
    assert chosen("back", ANSWERS, controls={3, 4, 5}) == 4


def test_a_number_counts_only_for_as_many_as_bear_one() -> None:
    assert chosen("3", COST, numbered=2) is None
    assert chosen("3. quality", COST, numbered=2) is None
    assert chosen("2", COST, numbered=2) == 1
    assert chosen("1", COST, numbered=0) is None


@settings(deadline=None)
@given(st.text(max_size=300))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@settings(deadline=None)
@given(st.text(max_size=600), st.lists(st.text(max_size=60), max_size=8))
def test_any_text_among_any_labels_means_one_of_them_or_none(text: str, labels: list[str]) -> None:
    meant = chosen(text, labels)
    assert meant is None or 0 <= meant < len(labels)


@settings(deadline=None)
@given(st.lists(st.text(min_size=1, max_size=40), min_size=1, max_size=8), st.randoms())
def test_a_label_typed_as_it_stands_never_means_another_one(labels: list[str], dice: random.Random) -> None:
    place = dice.randrange(len(labels))
    meant = chosen(labels[place], labels)
    assert meant is None or folded(labels[meant]) == folded(labels[place])


# -- the live dialog


@pytest.mark.parametrize("screen", every_screen(LIVE))
def test_no_two_buttons_of_a_live_question_can_be_confused(screen: tuple[str, ...]) -> None:
    bare = [folded(label) for label in screen]
    assert all(bare)
    assert len(set(bare)) == len(bare), screen
    for place, label in enumerate(screen):
        for typed in (label, label.upper(), label.lower(), folded(label), f"  {label}! "):
            assert chosen(typed, screen, numbered=len(screen) - 3) == place, (typed, screen)


@pytest.mark.parametrize("screen", every_screen(LIVE))
def test_a_typo_means_the_label_it_is_nearest_to_or_none(screen: tuple[str, ...]) -> None:
    dice = random.Random(repr(screen))
    bare = [folded(label) for label in screen]
    understood = 0
    for place, label in enumerate(bare):
        for _ in range(40):
            typed = _with_a_slip(label, dice)
            meant = chosen(typed, screen, numbered=len(screen) - 3)
            understood += meant == place
            if meant not in (place, None) and not bare[meant].startswith(typed):
                raise AssertionError(f"{typed!r} for {label!r} was taken for {bare[meant]!r}")
    assert understood > 30 * len(bare), f"too few typos are understood: {understood} of {40 * len(bare)} in {screen}"


def _with_a_slip(label: str, dice: random.Random) -> str:
    """One letter left out, doubled, changed, or swapped with the next."""
    place, letter = dice.randrange(len(label)), dice.choice("abcdefghijklmnopqrstuvwxyzабвгдежзийклмнопрстуфхцчшщъьюя")
    head, tail = label[:place], label[place + 1 :]
    return dice.choice([
        head + tail, head + label[place] * 2 + tail, head + letter + tail, head + tail[:1] + label[place] + tail[1:],
    ])  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_owners_say_for_a_control_is_never_an_option_nor_another_control(language: Language) -> None:
    words = Words(LIVE, language)
    said = [folded(each) for name in ("not-sure", "back", "why") for each in _said_for(words, name)]
    assert len(set(said)) == len(said), said
    for one in LIVE.dialog.nodes.values():
        assert not set(said) & {folded(each.label.to(language)) for each in one.options if each.label}


def _said_for(words: Words, control: str) -> set[str]:
    return {folded(each) for each in words.plain(f"{control}-words").split(",")} | {folded(words.plain(control))}
