"""The picture of the tree: it says everything, and everything in it can be read."""

import re
from itertools import combinations, pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from test_content_small import files

from bot.content.graph import dot, mermaid, svg
from bot.content.layered import Cell, Edge, Layout, laid_out
from bot.content.load import load, load_files
from bot.content.picture import note, picture
from bot.content.svg import box_size, label_size, wrapped
from bot.dialog.conditions import ALWAYS, All, AnswerIs, Any, Not
from bot.dialog.tree import ADVICE, Dialog
from bot.languages import LANGUAGES, Language

HOME = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def small() -> Dialog:
    return load_files(files()).dialog


@pytest.fixture(scope="module")
def real() -> Dialog:
    return load(HOME / "dialogs").dialog


# what it says


def test_answers_with_one_target_share_an_arrow(small: Dialog) -> None:
    arrows = {(arrow.source, arrow.target): arrow.labels for arrow in picture(small, "en").arrows}
    assert arrows == {
        ("pet", "out"): ("A cat en", "A dog en", "(not sure)"),
        ("pet", ADVICE): ("Neither en",),
        ("out", ADVICE): ("Often en", "Never en", "(not sure)"),
    }


def test_conditions_are_told_in_words(small: Dialog) -> None:
    cat, dog = (AnswerIs("pet", frozenset({name})) for name in ("cat", "dog"))
    everything = AnswerIs("pet", frozenset({"cat", "dog", "none", "not-sure"}))
    assert note(small, ALWAYS, "en") == ""
    assert note(small, Not(cat), "en") == "unless Pet en: “A cat en”"
    assert note(small, Any((cat, All((dog, cat)))), "en") == (
        "only if Pet en: “A cat en” or (Pet en: “A dog en” and Pet en: “A cat en”)"
    )
    assert note(small, Not(everything), "fi") == "paitsi jos “Pet fi” on kysytty"
    but = AnswerIs("pet", everything.options - {"dog"})
    assert note(small, but, "en") == "only if Pet en: anything but “A dog en”"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_question_and_answer_stands_in_the_svg(real: Dialog, language: Language) -> None:
    root = ET.fromstring(svg(real, language))
    words = " ".join(" ".join(root.itertext()).replace("•", "").split())
    for node in real.nodes.values():
        for text in (node.title, node.text, *(option.label for option in node.options)):
            assert text is not None
            assert " ".join(text.to(language).split()) in words


@pytest.mark.parametrize("language", LANGUAGES)
def test_dot_and_mermaid_name_every_arrow(real: Dialog, language: Language) -> None:
    arrows = picture(real, language).arrows
    for arrow in arrows:
        assert f'"{arrow.source}" -> "{arrow.target}"' in dot(real, language)
        assert re.search(rf'q-{arrow.source} -.?->?\|".*"\| q-{arrow.target}\n', mermaid(real, language))


def test_signs_of_the_formats_are_escaped() -> None:
    marked = {name: data.replace(b"Which pet?", b'\\"a\\" < b > c & \\\\n') for name, data in files().items()}
    dialog = load_files(marked).dialog
    assert "#quot;a#quot; #lt; b #gt; c #amp; \\n" in mermaid(dialog, "en")
    assert '\\"a\\" < b > c & \\\\n' in dot(dialog, "en")
    assert any("< b > c &" in text for text in ET.fromstring(svg(dialog, "en")).itertext())


# that it can be read


def overlap(one: Cell, two: Cell) -> bool:
    apart = one.left + one.width <= two.left or two.left + two.width <= one.left
    return not apart and one.y < two.y + two.height and two.y < one.y + one.height


def through(points: list[tuple[float, float]], cell: Cell) -> bool:
    """Whether a line runs through a cell, not only along its border."""
    return any(
        cell.left + 1 < x < cell.left + cell.width - 1 and cell.y + 1 < y < cell.y + cell.height - 1 for x, y in points
    )


def drawn(corners: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Points along the curve that the SVG draws."""
    found = []
    for (x, y), (to_x, to_y) in pairwise(corners):
        for step in range(21):
            t = step / 20
            ease, middle = t * t * (3 - 2 * t), (y + to_y) / 2
            upright = (1 - t) ** 3 * y + 3 * t * (1 - t) * middle + t**3 * to_y
            found.append((x + (to_x - x) * ease, upright))
    return found


def layout_of(dialog: Dialog, language: Language) -> tuple[Layout, list[tuple[str, str]]]:
    shown = picture(dialog, language)
    edges = [Edge(arrow.source, arrow.target, label_size(arrow)) for arrow in shown.arrows]
    layout = laid_out({box.id: box_size(box) for box in shown.boxes}, edges)
    return layout, [(edge.source, edge.target) for edge in edges]


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_lies_on_anything(real: Dialog, language: Language) -> None:
    layout, ends = layout_of(real, language)
    cells = [*layout.boxes.values(), *layout.labels]
    assert not any(overlap(one, two) for one, two in combinations(cells, 2))
    for line, label, (source, target) in zip(layout.lines, layout.labels, ends, strict=True):
        others = [cell for cell in cells if cell not in (label, layout.boxes[source], layout.boxes[target])]
        assert not any(through(drawn(list(line)), cell) for cell in others)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_lies_in_the_picture_and_leads_down(real: Dialog, language: Language) -> None:
    layout, ends = layout_of(real, language)
    for cell in (*layout.boxes.values(), *layout.labels):
        assert cell.left >= -0.01
        assert cell.left + cell.width <= layout.width + 0.01
        assert cell.y + cell.height <= layout.height + 0.01
    assert all(layout.boxes[source].y < layout.boxes[target].y for source, target in ends)


def test_it_is_no_wider_than_a_screen_can_show(real: Dialog) -> None:
    layout, _ = layout_of(real, "en")
    assert layout.width < 2_400


def test_long_words_stay_whole() -> None:
    assert wrapped("a " + "x" * 99 + " b", 40, 12) == ["a", "x" * 99, "b"]
