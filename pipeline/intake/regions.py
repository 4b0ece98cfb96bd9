"""A region of a sheet to read a table from: its cells with their true positions, and the table once it is found.

Here: types and the smallest questions about cells. Not here: what makes a header (headers.py), rows (layout.py) or blocks (blocks.py).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from pipeline.intake.grid import CellValue, Position
from pipeline.intake.lines import Line


@dataclass(frozen=True)
class Grid:
    """Cells to read a table from. `at` gives a cell's true position; `anchors` the top left cell of every merged cell's position."""

    rows: list[list[CellValue]]
    anchors: dict[Position, Position] = field(default_factory=dict)
    spans: dict[Position, tuple[int, int]] = field(default_factory=dict)
    """Top left of a merged range → its bottom and right."""
    positions: list[list[Position]] | None = None
    is_turned: bool = False
    """Its rows are columns of the sheet."""
    absent: frozenset[Position] = frozenset()
    """Places of this grid that the sheet has no cell for: nothing is due there."""
    known_rows: dict[tuple[int, int, int], list[tuple[int, CellValue]]] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What `filled` found before: rows around a header are asked for by everyone who looks for one."""

    def at(self, row: int, column: int) -> Position:
        return self.positions[row][column] if self.positions else (row, column)

    def value(self, row: int, column: int) -> CellValue:
        """The cell's value, inside a merged range that of the range."""
        anchor = self.anchors.get((row, column)) if self.anchors else None
        return self.rows[anchor[0]][anchor[1]] if anchor else self.rows[row][column]


@dataclass
class Table:
    """One table. Rows and columns count in `grid`; `kinds` says of every row below the header what it is: data, total, comparison, target,
    previous, cumulative (running once read), caption, numbering, header, zero_report. `paths` and `header_cells` have one entry per column
    from `left` to `right`. Once its rows were asked for, it does not change."""

    grid: Grid
    top: int
    header_bottom: int
    left: int
    right: int
    paths: list[tuple[str, ...]] = field(default_factory=list)
    header_cells: list[Position] = field(default_factory=list)
    kinds: dict[int, str] = field(default_factory=dict)
    above: list[Line] = field(default_factory=list)
    below: list[Line] = field(default_factory=list)
    asides: dict[Position, str] = field(default_factory=dict)
    """True positions of cells that this grid does not show (a list set out as a wide table), and what became of them."""

    @property
    def bottom(self) -> int:
        return max(self.kinds, default=self.header_bottom)

    @cached_property
    def data_rows(self) -> list[int]:
        return [row for row, kind in self.kinds.items() if kind == "data"]

    def relabel(self, row: int, kind: str) -> None:
        """What a row turned out to be once its numbers were known."""
        self.kinds[row] = kind
        for name in ("data_rows", "data_columns"):
            self.__dict__.pop(name, None)

    @cached_property
    def data_columns(self) -> list[tuple[CellValue, ...]]:
        """The cells of data rows, column by column from `left` to `right`."""
        rows = [self.grid.rows[row][self.left : self.right + 1] for row in self.data_rows]
        return list(zip(*rows, strict=True)) or [()] * (self.right - self.left + 1)


def is_blank(value: CellValue) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def filled(grid: Grid, row: int, left: int, right: int) -> list[tuple[int, CellValue]]:
    """Column and value of every non-blank cell of a row between two columns. The same list every time: nobody changes it."""
    place = (row, left, right)
    if place not in grid.known_rows:
        cells = grid.rows[row][left : right + 1]
        grid.known_rows[place] = [(c, v) for c, v in enumerate(cells, left) if v is not None and not (isinstance(v, str) and not v.strip())]
    return grid.known_rows[place]
