"""The tree as a picture with its traffic: how many were shown a question and left there, how many took which way.

Looks come from classes (review.css), so that the picture is at home in light and dark; where everything stands is
computed once for a dialog and a language, for the figures need no room that changes.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Final

from markupsafe import Markup, escape

from bot.content.layered import Cell, Edge, Layout, laid_out
from bot.content.picture import Arrow, Box, Picture, picture
from bot.content.svg import curve, width_of, wrapped
from bot.dialog.tree import ADVICE, Dialog
from bot.languages import Language
from bot.review.funnel import Figures, Funnel

BOX: Final = (212.0, 78.0)
END: Final = (150.0, 54.0)
PAD: Final = 12.0
MARGIN: Final = 16.0
TITLE: Final = 14.0
SMALL: Final = 12.0
LINE: Final = 1.3
LABEL: Final = 158.0
ROOM: Final = 44.0
"""For a number behind a label."""
HEATS: Final = 4
THICKEST: Final = 9.0
_DOT: Final = "• "


@lru_cache(maxsize=16)
def _laid_out(dialog: Dialog, language: Language) -> tuple[Picture, Layout]:
    drawn = picture(dialog, language)
    edges = [Edge(arrow.source, arrow.target, _label_size(arrow)) for arrow in drawn.arrows]
    return drawn, laid_out({box.id: END if box.id == ADVICE else BOX for box in drawn.boxes}, edges)


def tree_picture(dialog: Dialog, language: Language, funnel: Funnel) -> Markup:
    """The picture, as SVG."""
    drawn, layout = _laid_out(dialog, language)
    width, height = layout.width + 2 * MARGIN, layout.height + 2 * MARGIN
    numbers = _numbers(dialog, drawn, funnel)
    most_left = max([one.left for one in funnel.questions], default=0)
    parts = [
        f'<svg class="tree" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}"'
        f' width="{width:.0f}" height="{height:.0f}" role="img" aria-labelledby="tree-title" lang="{language}">',
        '<title id="tree-title">The questions as a tree, with how many were shown each and left there;'
        " the table below has the same figures</title>",
        f'<g transform="translate({MARGIN:.0f} {MARGIN:.0f})">',
        *_lines(drawn, layout, numbers),
        *_labels(drawn, layout, numbers),
        *(_box(box, layout.boxes[box.id], funnel, most_left) for box in drawn.boxes),
        "</g></svg>",
    ]
    return Markup("\n".join(parts))  # noqa: S704  # every text in it is escaped where it is put in


def _numbers(dialog: Dialog, drawn: Picture, funnel: Funnel) -> list[list[int | None]]:
    """For each arrow, how many took each of its answers; None where nobody is asked."""
    return [_taken(dialog, arrow, funnel.taken) for arrow in drawn.arrows]


def _taken(dialog: Dialog, arrow: Arrow, taken: Mapping[tuple[str, str], int]) -> list[int | None]:
    if arrow.dashed:
        return [None] * len(arrow.labels)
    node = dialog.nodes[arrow.source]
    options = [one for one in (*node.options, node.not_sure) if one.goto == arrow.target]
    return [taken.get((node.id, option.id), 0) for option in options]


# -- the ways


def _label_lines(arrow: Arrow) -> list[list[str]]:
    """The lines of each answer."""
    dot = _DOT if len(arrow.labels) > 1 else ""
    return [wrapped(dot + label, LABEL - ROOM, SMALL, hang=dot) for label in arrow.labels]


def _label_size(arrow: Arrow) -> tuple[float, float]:
    lines = [line for label in _label_lines(arrow) for line in label]
    return max(width_of(line, SMALL) for line in lines) + 16 + ROOM, LINE * SMALL * len(lines) + 9


def _labels(drawn: Picture, layout: Layout, numbers: Sequence[Sequence[int | None]]) -> Iterator[str]:
    for arrow, cell, taken in zip(drawn.arrows, layout.labels, numbers, strict=True):
        place = f'x="{cell.left:.1f}" y="{cell.y:.1f}" width="{cell.width:.1f}" height="{cell.height:.1f}"'
        yield f'<rect class="pill" {place} rx="8"/>'
        y = cell.y + 3 + SMALL
        for lines, n in zip(_label_lines(arrow), taken, strict=True):
            if n is not None:
                yield f'<text class="count" x="{cell.left + cell.width - 8:.1f}" y="{y:.1f}">{n:,}</text>'
            for line in lines:
                yield f'<text class="label" x="{cell.left + 8:.1f}" y="{y:.1f}">{escape(line)}</text>'
                y += LINE * SMALL


def _lines(drawn: Picture, layout: Layout, numbers: Sequence[Sequence[int | None]]) -> Iterator[str]:
    """The arrows, the thicker the more people went there."""
    sums = [sum(n or 0 for n in taken) for taken in numbers]
    most = max(sums, default=0) or 1
    for arrow, points, n in zip(drawn.arrows, layout.lines, sums, strict=True):
        kind = "way dashed" if arrow.dashed else "way" if n else "way unused"
        thick = 1.2 + (THICKEST - 1.2) * n / most
        x, y = points[-1]
        yield f'<path class="{kind}" stroke-width="{thick:.1f}" d="{curve(points)}"/>'
        yield f'<path class="tip" d="M{x:.1f} {y:.1f} l-5 -9 h10 z"/>'


# -- the questions


def _box(box: Box, cell: Cell, funnel: Funnel, most_left: int) -> str:
    if box.id == ADVICE:
        return _end(box, cell, funnel)
    figures = funnel.of(box.id)
    assert figures, box.id
    x, y = cell.left, cell.y
    lines = wrapped(box.title, cell.width - 2 * PAD, TITLE)[:2]
    title = "".join(
        f'<text class="title" x="{x + PAD:.1f}" y="{y + PAD + TITLE * (1 + LINE * at) - 2:.1f}">{escape(line)}</text>'
        for at, line in enumerate(lines)
    )
    return (
        f'<g><rect class="card heat-{_heat(figures.left, most_left)}" x="{x:.1f}" y="{y:.1f}"'
        f' width="{cell.width:.1f}" height="{cell.height:.1f}" rx="10"/>{title}'
        f'<text class="figures" x="{x + PAD:.1f}" y="{y + cell.height - PAD:.1f}">{_said(figures)}</text></g>'
    )


def _heat(left: int, most: int) -> int:
    """0: nobody left; HEATS: as many as at the worst question."""
    return 0 if not left else max(1, round(HEATS * left / most))


def _said(figures: Figures) -> str:
    part = f" ({figures.left_share})" if figures.left_share else ""
    return f"{figures.shown:,} shown · {figures.left:,} left{part}"


def _end(box: Box, cell: Cell, funnel: Funnel) -> str:
    return (
        f'<g><rect class="end" x="{cell.left:.1f}" y="{cell.y:.1f}" width="{cell.width:.1f}"'
        f' height="{cell.height:.1f}" rx="27"/><text class="end-title" x="{cell.x:.1f}" y="{cell.y + 23:.1f}">'
        f'{escape(box.title)}</text><text class="end-figures" x="{cell.x:.1f}" y="{cell.y + 41:.1f}">'
        f"{funnel.advised:,} advised</text></g>"
    )
