"""A layered layout: boxes in rows, edges downward, each with a label in a row between.

Every edge passes through a slot of its own in every row between its ends, and its label is such a slot too, so no
edge runs through a box and no label lies on another. Ranks by longest path, order by barycentre, positions by least
squares with the gaps kept (pool adjacent violators).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, TypeAlias

GAP: Final = 28.0
"""Between two things in a row."""
SLOT: Final = 14.0
"""Width of the slot of an edge that passes by a row."""
ROUNDS: Final = 24

Size: TypeAlias = tuple[float, float]
Point: TypeAlias = tuple[float, float]
Row: TypeAlias = "list[Cell]"


@dataclass(slots=True, eq=False)
class Cell:
    """Something in a row: a box (with a name), the label of an edge, or an edge that passes by."""

    name: str
    rank: int
    width: float
    height: float
    bends: bool = False
    x: float = 0.0
    """The middle."""
    y: float = 0.0
    """The top."""
    floor: float = 0.0
    """Where the row ends: below it lines may go sideways."""
    above: "list[Cell]" = field(default_factory=list)
    below: "list[Cell]" = field(default_factory=list)

    @property
    def left(self) -> float:
        """The left edge."""
        return self.x - self.width / 2


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge to lay out; `label` is the size of its label."""

    source: str
    target: str
    label: Size


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is: the boxes by name; for each edge the cell of its label and the points of its line."""

    boxes: Mapping[str, Cell]
    labels: Sequence[Cell]
    lines: Sequence[Sequence[Point]]
    width: float
    height: float


def laid_out(boxes: Mapping[str, Size], edges: Sequence[Edge], gap: float = 42.0) -> Layout:
    """Place boxes (name -> size) and edges; `gap` is the free height between two rows. The edges form no circle."""
    ranks = _ranks(boxes, edges)
    cells = {name: Cell(name, 2 * ranks[name], *size) for name, size in boxes.items()}
    chains = [_chain(cells[edge.source], cells[edge.target], edge.label) for edge in edges]
    rows = _rows([*cells.values(), *(cell for chain in chains for cell in chain[1:-1])])
    _order(rows)
    _spread(rows)
    height = _stack(rows, gap)
    width = max(cell.left + cell.width for row in rows for cell in row)
    return Layout(cells, [chain[1] for chain in chains], [_line(chain) for chain in chains], width, height)


def _ranks(names: Iterable[str], edges: Sequence[Edge]) -> dict[str, int]:
    """The row of each box: one below the lowest that leads to it."""
    ranks = dict.fromkeys(names, 0)
    for _ in ranks:
        for edge in edges:
            ranks[edge.target] = max(ranks[edge.target], ranks[edge.source] + 1)
    return ranks


def _chain(source: Cell, target: Cell, label: Size) -> list[Cell]:
    """The cells from one box to the other: label, then a slot in every row between."""
    chain = [source, Cell("", source.rank + 1, *label)]
    chain += [Cell("", rank, SLOT, 0, bends=True) for rank in range(source.rank + 2, target.rank)]
    chain.append(target)
    for upper, lower in pairwise(chain):
        upper.below.append(lower)
        lower.above.append(upper)
    return chain


def _rows(cells: Iterable[Cell]) -> list[Row]:
    rows: dict[int, Row] = {}
    for cell in cells:
        rows.setdefault(cell.rank, []).append(cell)
    return [rows[rank] for rank in sorted(rows)]


# the order in the rows


def _order(rows: list[Row]) -> None:
    """Few crossings: each thing goes near the middle of its neighbours; the best order seen is kept."""
    best, fewest = [list(row) for row in rows], _crossings(rows)
    for turn in range(ROUNDS):
        _sweep(rows, down=turn % 2 == 0)
        crossings = _crossings(rows)
        if crossings < fewest:
            best, fewest = [list(row) for row in rows], crossings
    for row, order in zip(rows, best, strict=True):
        row[:] = order


def _sweep(rows: list[Row], down: bool) -> None:
    for row in rows if down else reversed(rows):
        places = {id(cell): index for other in rows for index, cell in enumerate(other)}
        own = {id(cell): index for index, cell in enumerate(row)}

        def middle(cell: Cell, places: dict[int, int] = places, own: dict[int, int] = own) -> float:
            near = cell.above if down else cell.below
            return sum(places[id(other)] for other in near) / len(near) if near else own[id(cell)]

        row.sort(key=middle)


def _crossings(rows: list[Row]) -> int:
    return sum(_crossings_between(upper, lower) for upper, lower in pairwise(rows))


def _crossings_between(upper: Row, lower: Row) -> int:
    places = {id(cell): index for index, cell in enumerate(lower)}
    ends = [place for cell in upper for place in sorted(places[id(other)] for other in cell.below)]
    return sum(later < earlier for index, earlier in enumerate(ends) for later in ends[index + 1 :])


# the places in the rows


def _spread(rows: list[Row]) -> None:
    """Each thing near the middle of its neighbours, as far as the order and the gaps allow."""
    for row in rows:
        _place(row, [0.0] * len(row))
    for turn in (*range(6 * ROUNDS), 0):
        for row in rows if turn % 2 == 0 else reversed(rows):
            _place(row, [_wish(cell, turn) for cell in row])
    left = min(cell.left for row in rows for cell in row)
    for row in rows:
        for cell in row:
            cell.x -= left


def _wish(cell: Cell, turn: int) -> float:
    """The middle of the neighbours: those already placed in this turn, at last all of them."""
    near = (cell.above if turn % 2 == 0 else cell.below) if turn < 4 * ROUNDS else cell.above + cell.below
    weights = [8.0 if cell.bends and other.bends else 1.0 for other in near]
    return sum(other.x * weight for other, weight in zip(near, weights, strict=True)) / sum(weights) if near else cell.x


def _place(row: Row, wishes: list[float]) -> None:
    """The places nearest to the wishes (least squares; lines count most) that keep order and gaps."""
    offsets = _offsets(row)
    pools: list[tuple[float, float, int]] = []
    for cell, wish, offset in zip(row, wishes, offsets, strict=True):
        pools.append((wish - offset, 8.0 if cell.bends else 1.0, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            pools.append(_pooled(pools.pop(-2), pools.pop()))
    places = [place for place, _, count in pools for _ in range(count)]
    for cell, place, offset in zip(row, places, offsets, strict=True):
        cell.x = place + offset


def _offsets(row: Row) -> list[float]:
    """The middles of the cells when they are packed as close as they may be."""
    offsets, left = [], 0.0
    for cell in row:
        offsets.append(left + cell.width / 2)
        left += cell.width + (GAP / 2 if cell.bends else GAP)
    return offsets


def _pooled(one: tuple[float, float, int], two: tuple[float, float, int]) -> tuple[float, float, int]:
    weight = one[1] + two[1]
    return (one[0] * one[1] + two[0] * two[1]) / weight, weight, one[2] + two[2]


def _stack(rows: list[Row], gap: float) -> float:
    """Give each row its height; the whole height comes out."""
    y = 0.0
    for row in rows:
        height = max(cell.height for cell in row)
        for cell in row:
            cell.y, cell.floor = y, y + height
        y += height + gap
    return y - gap


# the lines


def _line(chain: Sequence[Cell]) -> list[Point]:
    """From the bottom of the first cell to the top of the last, upright through every row between."""
    first, *between, last = chain
    port = _port(first, first.below, chain[1])
    points = [(port, first.y + first.height), (port, first.floor)]
    for cell in between:
        points += [(cell.x, cell.y), (cell.x, cell.floor)]
    return [*points, (_port(last, last.above, chain[-2]), last.y)]


def _port(box: Cell, near: Sequence[Cell], towards: Cell) -> float:
    """Where on its edge a box is left or entered: in the order of the neighbours."""
    order = sorted(near, key=lambda cell: cell.x)
    step = min(36.0, (box.width - 40) / len(order))
    return box.x + (order.index(towards) - (len(order) - 1) / 2) * step
