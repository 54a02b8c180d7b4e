"""`advisor new DIR`: what a new author gets, and what becomes of it."""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from harness.content import ROOT

from bot.content.load import load
from bot.content.starter import PARTS, reworded, write_starter
from bot.dialog.advice import advise
from bot.dialog.engine import take_turn
from bot.dialog.events import Commanded, Pressed
from bot.dialog.path import walk
from bot.dialog.phrases import Content, Words
from bot.dialog.session import Button, Session, Turn
from bot.knowledge.answering import answer
from bot.knowledge.entries import Cell
from bot.languages import LANGUAGES, Language
from bot.settings import shipped

SENSIBLE = {
    "web-shop": {"goods": "postable", "known": "online", "parcels": "gladly", "people": "bench", "share": "nothing"},
    "marketplace": {"goods": "postable", "known": "nobody", "parcels": "some", "people": "sometimes", "share": "tenth"},
    "in-person": {"goods": "food", "known": "nearby", "people": "love", "share": "nothing"},
    "local-shops": {"goods": "delicate", "known": "nearby", "parcels": "never", "people": "bench", "share": "half"},
}
"""What sensible makers answer, by what suits them."""
OUTSOURCING = re.compile(
    r"outsourc|call center|provider|hand (it )?over|externaliz|terceiriz|entregar trabalho|prestador"
    r"|аутсорс|възлож|кол център|ulkois|palveluntarjo|puhelinpalvelu",
    re.IGNORECASE,
)


def advisor(*words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """The real command, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ADVISOR_")}
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=ROOT,
        env={**environment, "PYTHONUTF8": "1", **settings},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def everything_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a new author has written by `write_starter`."""
    folder = tmp_path_factory.mktemp("author") / "my own"
    write_starter(folder, shipped("dialogs"), shipped("knowledge"))
    return folder


@pytest.fixture(scope="module")
def content(folder: Path) -> Content:
    return load(folder / "dialogs", folder / "knowledge")


# the promise


def test_a_new_author_gets_an_advisor_without_mistakes_by_one_command(tmp_path: Path) -> None:
    """`advisor new` names what it wrote and the settings to try it with; `advisor check` finds nothing to mend."""
    mine = tmp_path / "my own"
    made = advisor("new", str(mine))
    assert (made.returncode, made.stderr) == (0, "")
    assert all(str(mine / name) in made.stdout for name in everything_in(mine))
    settings = {f"ADVISOR_{name.upper()}": str(mine / name) for name in ("dialogs", "knowledge")}
    assert all(f"{name}='{value}'" in made.stdout for name, value in settings.items())
    checked = advisor("check", **settings)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert checked.stdout.startswith(
        f"{mine / 'dialogs'}: 6 questions, no mistakes.\nknowledge: 5 of 5 cells in 4 languages"
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("suits", SENSIBLE)
def test_every_kind_of_maker_is_advised_in_every_language(content: Content, suits: str, language: Language) -> None:
    """Consent, the questions and the advice, through the engine that the preview runs; each candidate can win."""
    turn, asked = _agreed(content, language), list[str]()
    while (node := walk(content.dialog, turn.session.answers).current) is not None:
        asked.append(node.id)
        turn = _pressed(content, turn, "answer", node.id, SENSIBLE[suits][node.id])
    assert asked == list(SENSIBLE[suits])
    assert turn.session.advised == suits
    name = content.dialog.candidates[suits].name.to(language)
    assert Words(content, language).say("advice", name=name) in turn.replies[-1].text


def test_whoever_runs_it_again_into_the_same_folder_is_refused_and_loses_nothing(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    write_starter(mine, shipped("dialogs"), shipped("knowledge"))
    (mine / "dialogs" / "selling.yaml").write_text("my own work")
    before = everything_in(mine)
    again = advisor("new", str(mine))
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr == f"{mine} is not an empty folder. Name a new one.\n"
    assert everything_in(mine) == before


def _agreed(content: Content, language: Language) -> Turn:
    greeting = take_turn(content, Session(language), Commanded(name="start", fresh=1))
    return _pressed(content, _pressed(content, greeting, "agree"), "find")


def _pressed(content: Content, turn: Turn, action: str, *words: str) -> Turn:
    """The button that does this, pressed where it stands on the screen."""
    buttons = (button for reply in turn.replies for row in reply.rows for button in row)
    button = next(item for item in buttons if _does(item, action, words))
    return take_turn(content, turn.session, Pressed(data=button.press.data(), fresh=2))


def _does(button: Button, action: str, words: tuple[str, ...]) -> bool:
    return button.press.action == action and button.press.words[: len(words)] == words


# the folder


def test_an_empty_folder_is_as_good_as_a_new_one(tmp_path: Path) -> None:
    names = write_starter(tmp_path, shipped("dialogs"), shipped("knowledge"))
    assert sorted(everything_in(tmp_path)) == names
    assert sorted(path.name for path in tmp_path.iterdir()) == ["README.md", "dialogs", "knowledge"]


def test_a_file_in_its_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("precious")
    with pytest.raises(FileExistsError):
        write_starter(tmp_path / "mine", shipped("dialogs"), shipped("knowledge"))
    assert (tmp_path / "mine").read_text() == "precious"


def test_a_disk_that_fills_up_leaves_nothing_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written whole is gone, and a second try succeeds."""
    write, left = Path.write_text, [2]

    def fills_up(path: Path, text: str, **rest: str) -> int:
        left[0] -= 1
        if left[0] < 0:
            raise OSError(28, "No space left on device")
        return write(path, text, **rest)

    with monkeypatch.context() as full:
        full.setattr(Path, "write_text", fills_up)
        with pytest.raises(OSError, match="No space left"):
            write_starter(tmp_path / "mine", shipped("dialogs"), shipped("knowledge"))
    assert list((tmp_path / "mine").iterdir()) == []
    assert write_starter(tmp_path / "mine", shipped("dialogs"), shipped("knowledge"))


# what it teaches


def test_it_shows_each_part_of_the_format_once(content: Content) -> None:
    """Conditions at a question, a weight and a caution; what rules out; a "not sure" of its own; a topic."""
    dialog = content.dialog
    options = [option for node in dialog.nodes.values() for option in (*node.options, node.not_sure)]
    weights = [weight for option in options for weight in option.weighs]
    assert [node.id for node in dialog.nodes.values() if node.when.questions()] == ["parcels"]
    assert [weight.candidates for weight in weights if weight.when.questions()] == [("in-person",)]
    assert [caution.id for caution in dialog.cautions.values() if caution.when] == ["food-rules"]
    assert {weight.kind for weight in weights} == {"for", "against", "rules_out"}
    assert dialog.nodes["share"].not_sure.goto == "left"
    assert list(dialog.topics) == ["food"]


def test_whoever_is_sure_of_nothing_gets_no_advice_but_a_caution(content: Content) -> None:
    advice = advise(content.dialog, walk(content.dialog, dict.fromkeys(content.dialog.nodes, "not-sure")))
    assert advice.best is None
    assert [caution.id for caution in advice.cautions] == ["count"]


def test_a_question_in_between_is_answered_in_every_language(content: Content) -> None:
    """Also one that nobody wrote down, with a word that only the shipped lists know."""
    asked = {"en": "how expensive is a marketplace?", "pt": "um marketplace é caro?"}
    asked |= {"bg": "скъпа ли е онлайн платформата?", "fi": "onko markkinapaikka kallis?"}
    for language in LANGUAGES:
        found = answer(content.knowledge, asked[language], language)
        assert (found.action, found.cell) == ("answer", Cell(("marketplace",), "cost"))


# the phrases


def test_nothing_speaks_of_outsourcing_any_more(folder: Path) -> None:
    for name in ("selling.yaml", "phrases.yaml"):
        assert OUTSOURCING.findall((folder / "dialogs" / name).read_text(encoding="utf-8")) == []


def test_all_other_phrases_are_the_shipped_ones(content: Content) -> None:
    own = _phrases(PARTS / "phrases.yaml")
    theirs = load(shipped("dialogs")).phrases
    assert {name for name in theirs if content.phrases[name] != theirs[name]} == own.keys()


def test_the_help_calls_the_buttons_by_their_names(content: Content) -> None:
    for language in LANGUAGES:
        words = Words(content, language)
        assert all(words.plain(button) in words.plain("help") for button in ("not-sure", "back"))


def _phrases(path: Path) -> Mapping[str, object]:
    phrases: Mapping[str, object] = yaml.safe_load(path.read_text(encoding="utf-8"))["phrases"]
    return phrases


THEIRS = """\
privacy: "2026-11-21"

phrases:
  # The greeting
  hello: {en: "Hello",
    pt: "Olá"}
  bye:
    en:
      one: "Bye\\n"

      other: "Byes"

  # The rest
  thanks: {en: "Thanks"}
"""


def test_phrases_are_replaced_in_the_text_and_all_else_stays_as_it_was_written() -> None:
    """Comments and layout too, however a phrase is laid out."""
    ours = '# Ours.\n\nphrases:\n  bye:\n    en: "So long\\\\n"\n  hello: {en: "Hi"}\n'
    assert reworded(THEIRS, ours) == (
        '# Ours.\n\nprivacy: "2026-11-21"\n\nphrases:\n  # The greeting\n  hello: {en: "Hi"}\n'
        '  bye:\n    en: "So long\\\\n"\n\n  # The rest\n  thanks: {en: "Thanks"}\n'
    )


def test_a_phrase_that_the_bot_does_not_have_is_a_loud_mistake_of_ours() -> None:
    with pytest.raises(ValueError, match="welcome"):
        reworded(THEIRS, 'phrases:\n  welcome: {en: "Hi"}\n')
