"""The knowledge files: every kind of mistake at its place, what right ones give, and what the live ones cover."""

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from harness.content import ROOT, write_small_content
from harness.knowledge import QUESTIONS, small_knowledge
from test_content_mistakes import Mark, expected, is_at

from bot.content.check import knowledge_problems
from bot.content.knowledge_draft import drafted_knowledge
from bot.content.load import Checked, checked, load, read_folder
from bot.content.problems import ContentProblems, Problem
from bot.content.schema import KNOWLEDGE_SCHEMA_FILE, knowledge_schema
from bot.dialog.phrases import Content
from bot.knowledge.answering import answer
from bot.knowledge.entries import Cell
from bot.languages import LANGUAGES

MISTAKES = Path(__file__).parent / "knowledge_mistakes"
LIVE = ROOT / "knowledge"


@pytest.fixture(scope="module")
def dialogs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dialog that is right, and rests on outsourcing/fit."""
    return Path(write_small_content(tmp_path_factory.mktemp("content") / "small")["ADVISOR_DIALOGS"])


@pytest.fixture(scope="module")
def found(dialogs: Path) -> Checked:
    return checked(dialogs, MISTAKES)


# mistakes


def marked() -> set[Mark]:
    files = read_folder(MISTAKES).items()
    return {mark for name, data in files for mark in expected(f"{MISTAKES.name}/{name}", data.decode())}


def test_every_mistake_is_found_at_its_place_and_nothing_else(found: Checked) -> None:
    """All in one run: shapes, checks, and what the reader proves."""
    marks = marked()
    missed = [mark for mark in marks if not any(is_at(problem, mark) for problem in found.problems)]
    unmarked = [str(problem) for problem in found.problems if not any(is_at(problem, mark) for mark in marks)]
    assert (sorted(missed), unmarked) == ([], [])
    assert len(found.problems) == len(marks)


def test_the_folder_holds_many_kinds(found: Checked) -> None:
    """A kind: a message without its names and numbers."""
    kinds = {re.sub(r"`[^`]*`|“[^”]*”|\d+", "…", problem.message) for problem in found.problems}
    assert len(kinds) >= 40


def test_what_stands_in_a_broken_file_is_not_called_missing(found: Checked) -> None:
    """back-office/definition is listed, and its file breaks off: the break is the only problem."""
    assert not [problem for problem in found.problems if "back-office" in problem.message]


def test_mistakes_of_the_dialog_and_of_the_knowledge_are_told_together(tmp_path: Path) -> None:
    """A source that is only listed in cells.yaml is no entry; the question at fault is told besides."""
    settings = write_small_content(tmp_path / "small")
    dialogs, knowledge = (Path(settings[f"ADVISOR_{name}"]) for name in ("DIALOGS", "KNOWLEDGE"))
    edit(dialogs / "small.yaml", '"start": "work"', '"start": "wok"')
    edit(knowledge / "outsourcing.yaml", '"fit":', '"trend":')
    messages = [problem.message for problem in refused(dialogs, knowledge)]
    assert any("there is no question `wok`" in message for message in messages)
    assert "there is no knowledge cell `outsourcing/fit`" in messages
    assert "no entry answers `outsourcing/fit`" in messages


def test_only_a_thorough_look_proves_that_questions_are_answered(tmp_path: Path) -> None:
    """The start of the bot does not: it would take longer."""
    settings = write_small_content(tmp_path / "small")
    dialogs, knowledge = (Path(settings[f"ADVISOR_{name}"]) for name in ("DIALOGS", "KNOWLEDGE"))
    edit(knowledge / "words-fi.yaml", "sopiva", "kukkaro")
    assert load(dialogs, knowledge).knowledge.entries
    (problem,) = checked(dialogs, knowledge).problems
    assert problem.message.startswith("no question reaches this entry: “Onko ulkoistaminen sopiva minulle?”")
    assert problem.hint == "unknown words: `sopiva`"


def test_a_language_without_words_is_missed(tmp_path: Path) -> None:
    settings = write_small_content(tmp_path / "small")
    (Path(settings["ADVISOR_KNOWLEDGE"]) / "words-bg.yaml").unlink()
    (problem,) = refused(Path(settings["ADVISOR_DIALOGS"]), Path(settings["ADVISOR_KNOWLEDGE"]))
    assert str(problem).startswith("knowledge/words-bg.yaml:1:1: there is no such file")


STYLES = ("a one, b two*, {}", '"a one, {}"', ">-\n    a one,\n    b two, {}, d\n  trend: x", "{}")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("phrase", ["go*", "one  go*", "go* …"])
def test_a_phrase_is_found_at_its_place_however_the_list_is_written(style: str, phrase: str) -> None:
    """On one line, in quotes, over several lines; with more behind it or nothing."""
    text = f"words: en\ncues:\n  cost: {style.format(phrase)}\n"
    problems = told({"words-en.yaml": text})
    place = next((p.line, p.column) for p in problems if "stem" in p.message)
    before = text[: text.index(phrase)]
    assert place == (before.count("\n") + 1, len(before) - before.rfind("\n"))


def told(files: Mapping[str, str]) -> list[Problem]:
    draft = drafted_knowledge({name: text.encode() for name, text in files.items()}, "knowledge")
    return list(knowledge_problems(draft))


def refused(dialogs: Path, knowledge: Path) -> tuple[Problem, ...]:
    with pytest.raises(ContentProblems) as raised:
        load(dialogs, knowledge)
    return raised.value.problems


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


# what comes out


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Content:
    settings = write_small_content(tmp_path_factory.mktemp("content") / "small")
    return load(Path(settings["ADVISOR_DIALOGS"]), Path(settings["ADVISOR_KNOWLEDGE"]))


def test_a_question_is_answered_from_files(small: Content) -> None:
    """In every language, with the entry as it was written."""
    for language in LANGUAGES:
        found = answer(small.knowledge, QUESTIONS["fit"][language], language)
        assert found.cell == Cell(("outsourcing",), "fit")
        assert small.knowledge.entries[found.cell].checked == "2026-11-21"
    assert small.knowledge.sources["general"].title.en == "General knowledge"


def test_without_a_knowledge_folder_nothing_is_known(dialogs: Path) -> None:
    knowledge = load(dialogs).knowledge
    assert (len(knowledge.entries), len(knowledge.lexicons)) == (0, 0)


def test_concepts_come_in_the_order_of_the_cells() -> None:
    """An author puts the most asked first; what is not listed comes last."""
    files = {name: json.dumps(file).encode() for name, file in small_knowledge().items()}
    for name in ("zebra", "ant"):
        files[f"{name}.yaml"] = files["outsourcing.yaml"].replace(b'["outsourcing"]', f'["{name}"]'.encode())
    files["cells.yaml"] = b"cells: {zebra: [fit], outsourcing: [fit]}"
    assert list(drafted_knowledge(files, "knowledge").knowledge().concepts) == ["zebra", "outsourcing", "ant"]


# the live knowledge


@pytest.fixture(scope="module")
def live() -> Checked:
    return checked(ROOT / "dialogs", LIVE)


def test_the_live_knowledge_is_whole(live: Checked) -> None:
    """No mistake; every cell that must be answered is, in every language."""
    assert [str(problem) for problem in live.problems] == []
    assert live.coverage.cells_filled == live.coverage.cells == 63
    assert live.coverage.answers_filled == live.coverage.answers == 252


def test_every_fact_is_used_by_some_entry() -> None:
    """The facts are counted from the files themselves, beside the check."""
    files = {name: yaml.safe_load(data) for name, data in read_folder(LIVE).items()}
    entries = [entry for file in files.values() for entry in file.get("entries", {}).values()]
    used = {fact for entry in entries for fact in entry.get("facts", ())}
    unused = sorted(set(files["facts.yaml"]["facts"]) - used)
    assert unused == []
    assert len(files["facts.yaml"]["facts"]) == 74


def test_the_figures_count_what_is_there(found: Checked) -> None:
    """Of six cells two are filled (one file breaks off, one entry is not written, one facet is none)."""
    assert replace(found.coverage, phrases=0).__str__() == (
        "knowledge: 3 of 6 cells in 4 languages (12 of 24), facts used 4 of 5, 0 aliases and cues"
    )


def test_the_schema_file_is_fresh() -> None:
    """Rewrite it with `python -m bot.content.schema dialogs knowledge`."""
    assert (LIVE / KNOWLEDGE_SCHEMA_FILE).read_text(encoding="utf-8") == knowledge_schema()
    assert len(json.loads(knowledge_schema())["anyOf"]) == 5
