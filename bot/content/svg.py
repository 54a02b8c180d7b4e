"""The tree as an SVG, drawn by our own means: no Graphviz is needed, and the same picture comes out everywhere."""

from collections.abc import Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Final

from bot.content.layered import Cell, Edge, Layout, Point, Size, laid_out
from bot.content.picture import Arrow, Box, Picture, picture
from bot.dialog.tree import ADVICE, Dialog
from bot.languages import Language

BOX_WIDTH: Final = 236.0
LABEL_WIDTH: Final = 190.0
PAD: Final = 12.0
MARGIN: Final = 28.0

_TITLE: Final = 14.0
_TEXT: Final = 12.5
_SMALL: Final = 11.5
_LINE: Final = 1.32
"""Height of a line, in its font's size."""
_FONT: Final = "'Noto Sans', 'Segoe UI', system-ui, 'DejaVu Sans', Arial, sans-serif"
_TINTS: Final = ("#64748b", "#0f766e", "#b45309", "#4f46e5", "#be185d", "#4d7c0f", "#0369a1", "#a21caf")
"""The stripe of a group; the first is for what belongs to none."""
_STYLE: Final = f"""
  text {{ font-family: {_FONT}; fill: #1e293b; }}
  .card {{ fill: #ffffff; stroke: #cbd5e1; stroke-width: 1.2; }}
  .title {{ font-size: {_TITLE}px; font-weight: 700; }}
  .text {{ font-size: {_TEXT}px; fill: #334155; }}
  .note {{ font-size: {_SMALL}px; font-style: italic; fill: #7c2d12; }}
  .label {{ font-size: {_SMALL}px; fill: #475569; }}
  .pill {{ fill: #eef2f7; }}
  .line {{ fill: none; stroke-width: 1.6; stroke-opacity: 0.75; }}
  .dashed {{ stroke-dasharray: 6 4; }}
  .end {{ fill: #1e293b; }}
  .end-title {{ font-size: 16px; font-weight: 700; fill: #ffffff; text-anchor: middle; }}
"""


def svg(dialog: Dialog, language: Language) -> str:
    """The tree as a picture, in one language."""
    drawn = picture(dialog, language)
    edges = [Edge(arrow.source, arrow.target, label_size(arrow)) for arrow in drawn.arrows]
    layout = laid_out({box.id: box_size(box) for box in drawn.boxes}, edges)
    width, height = layout.width + 2 * MARGIN, layout.height + 2 * MARGIN
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.0f} {height:.0f}" width="{width:.0f}"'
            f' height="{height:.0f}" role="img" aria-label="{escape(dialog.name)}" lang="{language}">',
            f"<style>{_STYLE}</style>",
            f'<rect width="{width:.0f}" height="{height:.0f}" rx="14" fill="#f8fafc"/>',
            f'<g transform="translate({MARGIN:.0f} {MARGIN:.0f})">',
            *_lines(drawn, layout),
            *_labels(drawn, layout),
            *(_box(box, layout.boxes[box.id]) for box in drawn.boxes),
            "</g></svg>\n",
        ]
    )


# sizes


def _parts(box: Box) -> list[tuple[str, float, list[str]]]:
    """What stands in a box: the class, the size and the lines of each part."""
    room = BOX_WIDTH - 2 * PAD - 4
    parts = (("title", _TITLE, box.title), ("text", _TEXT, box.text), ("note", _SMALL, box.note))
    return [(kind, size, wrapped(words, room, size)) for kind, size, words in parts if words]


def box_size(box: Box) -> Size:
    """How large a box is drawn."""
    if box.id == ADVICE:
        return 160.0, 46.0
    parts = _parts(box)
    return BOX_WIDTH, sum(_LINE * size * len(lines) for _, size, lines in parts) + 4 * len(parts) + 2 * PAD


def _label_lines(arrow: Arrow) -> list[str]:
    """The answers, each with a dot when there are several."""
    dot = "• " if len(arrow.labels) > 1 else ""
    return [line for label in arrow.labels for line in wrapped(dot + label, LABEL_WIDTH - 16, _SMALL, hang=dot)]


def label_size(arrow: Arrow) -> Size:
    """How large the answers on an arrow are drawn."""
    lines = _label_lines(arrow)
    return max(width_of(line, _SMALL) for line in lines) + 16, _LINE * _SMALL * len(lines) + 9


def width_of(words: str, size: float) -> float:
    """About how wide `words` are drawn; rather too wide than too narrow, for the font is not known."""
    return size * sum(_width(letter) for letter in words)


def _width(letter: str) -> float:
    if letter in "iljtfrI.,:;'!|()[] •":
        return 0.34
    if letter in "mwMWЖШЩЮжшщюфм@%—":
        return 0.9
    return 0.68 if letter.isupper() else 0.57


def wrapped(words: str, room: float, size: float, hang: str = "") -> list[str]:
    """`words` in lines that fit the room; a word that is too long by itself stays whole. After a dot lines hang."""
    lines: list[str] = []
    for word in words.split():
        if lines and width_of(f"{lines[-1]} {word}", size) <= room:
            lines[-1] += f" {word}"
        else:
            lines.append("\u2002" + word if lines and hang else word)
    return lines


# drawing


def _box(box: Box, cell: Cell) -> str:
    if box.id == ADVICE:
        return _end(box, cell)
    x, y, height = cell.left, cell.y, cell.height
    stripe = f'd="M{x + 5:.1f} {y + 10:.1f} v{height - 20:.1f}" stroke="{_tint(box.group)}"'
    drawn = [
        f"<g><title>{escape(box.id)}</title>",
        f'<rect class="card" x="{x:.1f}" y="{y:.1f}" width="{cell.width:.1f}" height="{height:.1f}" rx="10"/>',
        f'<path {stripe} stroke-width="4" stroke-linecap="round"/>',
    ]
    y += PAD
    for kind, size, lines in _parts(box):
        drawn.append(_text(kind, lines, x + PAD + 4, y, size))
        y += _LINE * size * len(lines) + 4
    return "".join([*drawn, "</g>"])


def _end(box: Box, cell: Cell) -> str:
    return (
        f'<rect class="end" x="{cell.left:.1f}" y="{cell.y:.1f}" width="{cell.width:.1f}" height="{cell.height:.1f}"'
        f' rx="23"/><text class="end-title" x="{cell.x:.1f}" y="{cell.y + 29:.1f}">{escape(box.title)}</text>'
    )


def _text(kind: str, lines: Sequence[str], x: float, y: float, size: float) -> str:
    spans = (
        f'<tspan x="{x:.1f}" y="{y + size + index * _LINE * size:.1f}">{escape(line)}</tspan>'
        for index, line in enumerate(lines)
    )
    return f'<text class="{kind}">{"".join(spans)}</text>'


def _labels(drawn: Picture, layout: Layout) -> Iterator[str]:
    for arrow, cell in zip(drawn.arrows, layout.labels, strict=True):
        place = f'x="{cell.left:.1f}" y="{cell.y:.1f}" width="{cell.width:.1f}" height="{cell.height:.1f}"'
        yield f'<rect class="pill" {place} rx="8"/>'
        yield _text("label", _label_lines(arrow), cell.left + 8, cell.y + 2, _SMALL)


def _lines(drawn: Picture, layout: Layout) -> Iterator[str]:
    """The arrows, in the tint of the branch they lead into."""
    groups = {box.id: box.group for box in drawn.boxes}
    for arrow, points in zip(drawn.arrows, layout.lines, strict=True):
        tint = _tint(groups[arrow.target]) if groups[arrow.target] else "#94a3b8"
        dashed = " dashed" if arrow.dashed else ""
        yield f'<path class="line{dashed}" stroke="{tint}" d="{curve(points)}"/>'
        x, y = points[-1]
        yield f'<path fill="{tint}" d="M{x:.1f} {y:.1f} l-4.5 -9 h9 z"/>'


def _tint(group: int) -> str:
    return _TINTS[group] if group < len(_TINTS) else _TINTS[0]


def curve(points: Sequence[Point]) -> str:
    """A smooth line that leaves and enters every point upright."""
    parts = [f"M{points[0][0]:.1f} {points[0][1]:.1f}"]
    for (x, y), (to_x, to_y) in pairwise(points):
        middle = (y + to_y) / 2
        parts.append(f"C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {to_y:.1f}")
    return " ".join(parts)
