"""Charts as SVG: bars with their words above, and columns side by side. No width is fixed, so letters stay readable."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup, escape

ROW: Final = 44
HIGH: Final = 120


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its name, how long it is, and what is said at its end (its number where nothing is)."""

    name: str
    n: float
    said: str = ""
    is_bad: bool = False


def bars(title: str, listed: Sequence[Bar], most: float = 0) -> Markup:
    """Bars below each other; `most`: where they end (the longest one's where it is not given)."""
    most = most or max((bar.n for bar in listed), default=0) or 1
    rows = "".join(_row(bar, at * ROW, most) for at, bar in enumerate(listed))
    return _svg(title, len(listed) * ROW, rows)


def _row(bar: Bar, y: int, most: float) -> str:
    kind = "bar bad" if bar.is_bad else "bar"
    return (
        f'<text x="0" y="{y + 15}">{escape(bar.name)}</text>'
        f'<text class="value" x="100%" y="{y + 15}">{escape(bar.said or f"{bar.n:,.0f}")}</text>'
        f'<rect class="room" x="0" y="{y + 22}" width="100%" height="10" rx="5"/>'
        f'<rect class="{kind}" x="0" y="{y + 22}" width="{100 * bar.n / most:.1f}%" height="10" rx="5"/>'
    )


def columns(title: str, values: Sequence[int], names: Sequence[str]) -> Markup:
    """Columns side by side, with these names under them ("": none)."""
    return _svg(title, HIGH + 40, "".join(_columns(values, names)))


def _columns(values: Sequence[int], names: Sequence[str]) -> Iterator[str]:
    most, wide = max(values, default=0) or 1, 100 / (len(values) or 1)
    for at, (n, name) in enumerate(zip(values, names, strict=True)):
        high, x = HIGH * n / most, at * wide
        yield (
            f'<rect class="bar" x="{x + wide * 0.1:.2f}%" y="{HIGH + 16 - high:.1f}" width="{wide * 0.8:.2f}%"'
            f' height="{high:.1f}" rx="2"/>'
        )
        if n:
            yield f'<text class="tick middle" x="{x + wide / 2:.2f}%" y="{HIGH + 11 - high:.1f}">{n:,}</text>'
        if name:
            yield f'<text class="tick middle" x="{x + wide / 2:.2f}%" y="{HIGH + 32}">{escape(name)}</text>'


def _svg(title: str, height: int, inner: str) -> Markup:
    return Markup(  # noqa: S704  # every text in it is escaped where it is put in
        f'<svg class="chart" height="{height}" role="img"><title>{escape(title)}</title>{inner}</svg>'
    )
