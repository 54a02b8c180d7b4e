"""A small dialog that is right: what comes out of it, what its version depends on, and what spoils it."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.content.load import load, load_dialog, load_files, read_folder
from bot.content.problems import ContentProblems
from bot.content.schema import SCHEMA_FILE, schema
from bot.content.strict_yaml import MOST_BYTES, read_yaml
from bot.dialog.apart import seen_from
from bot.dialog.conditions import Not
from bot.dialog.needed import NEEDED
from bot.dialog.path import most_left, walk
from bot.dialog.phrases import Content
from bot.dialog.tree import ADVICE, NOT_SURE, Dialog, reachable
from bot.languages import LANGUAGES

HOME = Path(__file__).parent.parent


def text(words: str) -> str:
    return "{" + ", ".join(f'{language}: "{words} {language}"' for language in LANGUAGES) + "}"


DIALOG = f"""\
# A comment.
dialog: small
start: pet
enough: 2
candidates:
  cat: {{name: {text("Cat")}, summary: {text("Take a cat.")}, steps: [{text("Ask around.")}], raises: [fur]}}
  dog:
    name: {text("Dog")}
    summary: {text("Take a dog.")}
    steps:
      - {text("Buy a lead.")}
cautions:
  fur: {{text: {text("There will be fur.")}, source: cat/drawbacks, only_for: [cat]}}
  rain: {{text: {text("It goes out in the rain.")}, source: dog+cat/difference}}
topics:
  dogs: {{answers: {{pet: dog}}}}
nodes:
  pet:
    title: {text("Pet")}
    text: {text("Which pet?")}
    help: {text("It decides.")}
    next: out
    options:
      cat:
        label: {text("A cat")}
        weighs:
          - {{for: cat, by: 3, because: {text("You like cats.")}, source: cat/benefits}}
      dog:
        label: {text("A dog")}
        raises: [rain]
        weighs:
          - for: dog
            by: 5
            because: {text("You like dogs.")}
            source: dog/benefits
          - {{against: [cat], by: 1, because: {text("Cats and dogs.")}, source: dog/fit, when: {{out: never}}}}
      none: {{label: {text("Neither")}, goto: advice}}
"""
MORE = f"""\
nodes:
  out:
    title: {text("Walks")}
    text: {text("How often do you go out?")}
    help: {text("Dogs do.")}
    when: {{not: {{pet: [cat, none]}}}}
    next: advice
    not_sure: {{goto: advice, raises: [rain]}}
    options:
      often: {{label: {text("Often")}}}
      never:
        label: {text("Never")}
        weighs: [{{rules_out: dog, because: {text("A dog must go out.")}, source: dog/fit}}]
"""


def phrases() -> str:
    """All phrases there are, whatever they are, with all their variables."""
    lines = ["privacy: 2026-11-21", "phrases:"]
    for number, (name, variables) in enumerate(NEEDED.items()):
        words = f"p{number} " + " ".join(f"{{{variable}}}" for variable in sorted(variables))
        one = f'{{one: "{words}", other: "{words}!"}}' if "n" in variables else f'"{words}"'
        lines.append(f"  {name}: {{" + ", ".join(f"{language}: {one}" for language in LANGUAGES) + "}")
    return "\n".join(lines) + "\n"


def files(**changed: str) -> dict[str, bytes]:
    """The small dialog's files; a keyword replaces one."""
    texts = {"a": DIALOG, "b": MORE, "phrases": phrases()} | changed
    return {f"{name}.yaml": words.encode() for name, words in texts.items()}


@pytest.fixture(scope="module")
def content() -> Content:
    return load_files(files())


def problems(found: Mapping[str, bytes]) -> list[str]:
    with pytest.raises(ContentProblems) as raised:
        load_files(found)
    return [str(problem) for problem in raised.value.problems]


# what comes out


def test_all_files_become_one_dialog(content: Content) -> None:
    dialog = content.dialog
    assert (dialog.name, dialog.start, dialog.enough) == ("small", "pet", 2)
    assert list(dialog.nodes) == ["pet", "out"]
    assert list(dialog.candidates) == ["cat", "dog"]
    assert content.privacy == "2026-11-21"
    assert content.phrases.keys() == NEEDED.keys()


def test_options_lead_to_their_own_target_or_to_the_next(content: Content) -> None:
    pet, out = content.dialog.nodes["pet"], content.dialog.nodes["out"]
    assert [option.goto for option in (*pet.options, pet.not_sure)] == ["out", "out", ADVICE, "out"]
    assert (out.not_sure.id, out.not_sure.goto, out.not_sure.raises) == (NOT_SURE, ADVICE, ("rain",))
    assert isinstance(out.when, Not)


def test_weights_keep_kind_candidates_points_and_condition(content: Content) -> None:
    _, dog, _ = content.dialog.nodes["pet"].options
    liking, against = dog.weighs
    assert (liking.kind, liking.candidates, liking.by) == ("for", ("dog",), 5)
    assert (against.kind, against.candidates, against.when.questions()) == ("against", ("cat",), ("out",))
    (out,) = content.dialog.nodes["out"].options[1].weighs
    assert (out.kind, out.by, out.because.to("fi")) == ("rules_out", 0, "A dog must go out. fi")


def test_plurals(content: Content) -> None:
    phrase = content.phrases["question-left"]
    one, many = (phrase.to("en", {"n": n, "number": 30}) for n in (1, 2))
    assert (one[-4:], many[-5:]) == ("1 30", "2 30!")


def test_the_dialog_can_be_walked(content: Content) -> None:
    assert walk(content.dialog, {"pet": "cat"}).current is None
    dogs = walk(content.dialog, {"pet": "dog"})
    assert dogs.current is content.dialog.nodes["out"]


# the version of a dialog


def test_the_version_is_that_of_what_the_dialog_says(content: Content) -> None:
    version = content.dialog.version
    assert len(version) == 16
    same = DIALOG.replace("# A comment.", "# Another.").replace("dialog: small", 'dialog:   "small"')
    assert load_files(files(a=same)).dialog.version == version
    assert load_files(files(a=DIALOG.replace("\n", "\r\n"))).dialog.version == version
    assert load_files(files(phrases=phrases().replace("p0", "q0"))).dialog.version == version
    assert load_dialog(files()).version == version
    assert load_dialog({**files(), "phrases.yaml": b"\xff"}).version == version


@pytest.mark.parametrize(
    ("old", "new"),
    [("by: 3", "by: 4"), ("cats. fi", "cats, fi"), ("enough: 2", "enough: 3"), ("source: dog/fit", "source: dog/fun")],
)
def test_the_version_changes_with_what_the_dialog_says(content: Content, old: str, new: str) -> None:
    assert load_files(files(a=DIALOG.replace(old, new))).dialog.version != content.dialog.version


def test_the_version_changes_with_the_order_of_candidates(content: Content) -> None:
    lines = DIALOG.splitlines(keepends=True)
    cat = next(line for line in lines if line.startswith("  cat:"))
    lines.remove(cat)
    lines.insert(lines.index("cautions:\n"), cat)
    assert load_files(files(a="".join(lines))).dialog.version != content.dialog.version


# what spoils it


def test_a_byte_order_mark_is_accepted(content: Content) -> None:
    assert load_files({**files(), "a.yaml": b"\xef\xbb\xbf" + DIALOG.encode()}).dialog.version == content.dialog.version


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (MORE.encode("utf-16"), "b.yaml:1:1: the file is stored as UTF-16 (save it as UTF-8)"),
        ("a: {b: ä}".encode("latin-1"), "b.yaml:1:8: the file is not stored as UTF-8 (save it as UTF-8)"),
        (b"a: \xed\xa0\x80", "b.yaml:1:4: the file is not stored as UTF-8 (save it as UTF-8)"),
        (b"nodes: {}\n\x00", "b.yaml:2:1: an invisible character (U+0000) (delete it)"),
        (b"#" * (1 << 20) + b"#", "b.yaml:1:1: the file is larger than 1 MiB (split it into several files)"),
    ],
)
def test_bytes_that_are_no_text(data: bytes, problem: str) -> None:
    assert problem in problems({**files(), "b.yaml": data})


def test_what_a_broken_file_names_is_not_called_missing() -> None:
    """The file that breaks off is the only mistake: that its question cannot be found is not another."""
    assert problems(files(b=MORE + '\n"')) == [
        'b.yaml:15:1: a quote that is never closed (close the text with " on the same line)'
    ]


def test_a_missing_language_is_told_once_for_each_text() -> None:
    found = problems(files(b=MORE.replace(', fi: "Often fi"', "").replace(', fi: "Dogs do. fi"', "")))
    message = "language `fi` is missing (add `fi:` with the text in Suomi)"
    assert found == [f"b.yaml:5:5: {message}", f"b.yaml:10:15: {message}"]


def test_without_phrases() -> None:
    assert problems({name: data for name, data in files().items() if name != "phrases.yaml"}) == [
        "phrases.yaml:1:1: there is no file phrases.yaml (the bot's own words stand there)"
    ]


def test_sources_are_checked_where_the_cells_are_known() -> None:
    cells = {"cat/drawbacks", "cat/benefits", "dog/benefits", "dog/fit", "dog+cat/difference"}
    assert load_files(files(), frozenset(cells))
    with pytest.raises(ContentProblems, match="there is no knowledge cell `dog/fit`"):
        load_files(files(), frozenset(cells - {"dog/fit"}))


def test_nothing_at_all() -> None:
    found = problems({"a.yaml": b""})
    assert [line.split(": ", 1)[1].split(" (")[0] for line in found][:3] == [
        "`dialog:` is missing",
        "`enough:` is missing",
        "`start:` is missing",
    ]


def test_more_ways_than_the_engine_can_count_are_refused() -> None:
    """Twelve questions, all of whose answers decide about the last one."""
    found = problems(files(b=MORE.replace("next: advice", "next: c0") + "".join(_chain(12))))
    assert any("too many combinations of answers" in problem for problem in found)


@pytest.mark.parametrize(("length", "right"), [(28, True), (29, False)])
def test_a_way_of_thirty_questions_is_the_longest(length: int, right: bool) -> None:
    """The two questions of the small dialog come before the row."""
    row = "".join([*_chain(length)][2:]).replace("next: last", "next: advice")
    whole = files(b=MORE.replace("next: advice", "next: c0") + row)
    if right:
        assert most_left(load_dialog(whole), {}) == 30
    else:
        assert any("the longest way has 31 questions" in problem for problem in problems(whole))


def _chain(length: int) -> Iterator[str]:
    yield DIALOG[DIALOG.index("  pet:") : DIALOG.index("    next: out")].replace("  pet:", "  last:")
    parts = ", ".join(f"{{any: [{{c{n}: a}}, {{c{n}: [b, c]}}]}}" for n in range(length))
    yield f"    when: {{all: [{parts}, {{not: {{c0: c}}}}]}}\n    next: advice\n    options: {{}}\n"
    for number in range(length):
        options = ", ".join(f"{letter}: {{label: {text(letter * 2)}}}" for letter in "abcd")
        following = f"c{number + 1}" if number + 1 < length else "last"
        yield f"  c{number}: {{title: {text('t')}, text: {text('t')}, help: {text('t')}, next: {following}, "
        yield f"options: {{{options}}}}}\n"


# folders


def written(folder: Path, **changed: str) -> Path:
    for name, data in files(**changed).items():
        (folder / name).write_bytes(data)
    return folder


def test_a_folder_is_read_in_the_order_of_names(tmp_path: Path, content: Content) -> None:
    (tmp_path / "notes.txt").write_text("not yaml")
    (tmp_path / "old").mkdir()
    assert load(written(tmp_path)).dialog.version == content.dialog.version
    assert list(read_folder(tmp_path)) == ["a.yaml", "b.yaml", "phrases.yaml"]


def test_a_link_that_leads_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    inside = tmp_path / "dialogs"
    inside.mkdir()
    (tmp_path / "secret.yaml").write_text("dialog: x")
    (written(inside) / "c.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(ContentProblems, match=r"c\.yaml:1:1: a link that leads out of the folder"):
        load(inside)


def test_a_link_within_the_folder_is_read(tmp_path: Path) -> None:
    (written(tmp_path) / "c.yaml").symlink_to(tmp_path / "b.yaml")
    with pytest.raises(ContentProblems, match="`out` is there already"):
        load(tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_refused_and_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(written(tmp_path) / "c.yaml")
    with pytest.raises(ContentProblems, match="this is not a plain file"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_no_files(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ContentProblems, match=r"cannot be read|no \*\.yaml files"):
        load(tmp_path / name)


def test_a_folder_in_place_of_a_file(tmp_path: Path) -> None:
    """However often it is read, no file is left open."""
    (written(tmp_path) / "c.yaml").mkdir()
    before = next_free_descriptor()
    for _ in range(3):
        with pytest.raises(ContentProblems, match=r"c\.yaml:1:1: this is not a plain file"):
            load(tmp_path)
    assert next_free_descriptor() == before


def next_free_descriptor() -> int:
    """The system gives the lowest number that is free."""
    os.close(number := os.open(os.devnull, os.O_RDONLY))
    return number


def test_a_folder_too_large_to_be_content(tmp_path: Path) -> None:
    """Each file may be large, but not so all together."""
    for number in range(8):
        (tmp_path / f"{number}.yaml").write_bytes(b"#" * MOST_BYTES)
    assert len(read_folder(tmp_path)) == 8
    (tmp_path / "8.yaml").write_bytes(b"#")
    with pytest.raises(ContentProblems, match="the files are larger than 8 MiB together"):
        read_folder(tmp_path)


# scalars


TEXTS = ["yes", "no", "on", "off", "y", "12:30", "010", "0x10", "1e3", "1.5", "2026-11-21", "True", ".inf", "1_000"]


@pytest.mark.parametrize("words", TEXTS)
def test_plain_words_stay_text(words: str) -> None:
    assert read_yaml("a.yaml", f"a: {words}".encode()).value == {"a": words}


@pytest.mark.parametrize(("words", "value"), [("true", True), ("false", False), ("12", 12), ("-3", -3), ("0", 0)])
def test_plain_values(words: str, value: object) -> None:
    assert read_yaml("a.yaml", f"a: {words}\nb: '{words}'".encode()).value == {"a": value, "b": words}


@given(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), max_size=30))
def test_quoted_text_comes_out_as_it_went_in(words: str) -> None:
    quoted = words.replace("\\", "\\\\").replace('"', '\\"')
    document = read_yaml("a.yaml", f'a: "{quoted}"'.encode())
    assert (document.value, document.problems) == ({"a": words}, ())


# around it


def test_the_schema_file_is_fresh() -> None:
    """Rewrite it with `python -m bot.content.schema dialogs knowledge`."""
    assert (HOME / "dialogs" / SCHEMA_FILE).read_text(encoding="utf-8") == schema()


def test_loading_takes_no_telegram_and_no_sql() -> None:
    code = "import sys, bot.content.load; print(sorted({'telegram', 'sqlalchemy', 'aiohttp'} & set(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=HOME)
    assert result.stdout.strip() == "[]"


def test_the_real_content_loads_fast() -> None:
    """150 ms are meant for the dialog; a busy machine may take more."""
    taken = []
    for _ in range(3):
        begun = time.process_time()
        load(HOME / "dialogs")
        taken.append(time.process_time() - begun)
    assert min(taken) < 0.4


@cache
def _real() -> Dialog:
    return load_dialog(read_folder(HOME / "dialogs"))


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_conditions_see_the_same_in_what_is_told_apart(chance: random.Random) -> None:
    """The engine looks ahead over answers that no later condition can tell apart as over one."""
    dialog = _real()
    answers = {
        node.id: chance.choice([option.id for option in (*node.options, node.not_sure)])
        for node in dialog.nodes.values()
        if chance.random() < 0.8
    }
    for place in dialog.nodes:
        seen = dict(seen_from(dialog, place, answers))
        assert all(
            dialog.nodes[name].when.holds(seen) == dialog.nodes[name].when.holds(answers)
            for name in reachable(dialog.nodes, place)
        )
