"""Numbers outside every table: each block of them is said once, at its first cell, and never passed over.

Here: which cells outside the tables are numbers somebody counted, the blocks they stand in, and what becomes of cells nobody looked at. Not here:
finding tables (blocks.py), what the texts around them say (lines.py, metadata.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from pipeline.intake.collecting import SheetNotes
from pipeline.intake.grid import CellValue, Position, Sheet, cell_name
from pipeline.intake.lines import Line
from pipeline.intake.quantity import read_quantity
from pipeline.intake.regions import is_blank

LONGEST_NUMBER = 12
FEWEST_BARE_NUMBERS = 2
"""So many bare numbers in rows of their own beside a table count something; on a sheet without a table one does."""
DATE_OR_PAGE = frozenset(["年", "月", "日", "页"])
"""2026 | 年 | 3 | 月, 共 | 2 | 页: numbers in cells of their own that count nothing."""


def numbers_among(lines: Iterable[Line], sheet: Sheet, *, has_tables: bool) -> list[Position]:
    """Numbers in rows of their own among the lines around tables. A lone bare one beside a table may be a page's; one with a unit (30多块) counts
    something."""
    by_row: dict[int, list[Line]] = {}
    for line in lines:
        by_row.setdefault(line.row, []).append(line)
    strays = [
        line
        for row in by_row.values()
        if len(row) > 1 and DATE_OR_PAGE.isdisjoint(line.text for line in row)
        for line in row
        if line.kind == "text" and (isinstance(sheet.rows[line.row][line.column], float) or _is_short_number(line.text, is_bare_one=not has_tables))
    ]
    is_counted = any(_is_short_number(line.text, is_bare_one=False) for line in strays)
    fewest = 1 if is_counted or not has_tables else FEWEST_BARE_NUMBERS
    return [(line.row, line.column) for line in strays] if len(strays) >= fewest else []


def _is_short_number(text: str, *, is_bare_one: bool) -> bool:
    """A number and its unit, and nothing else; `is_bare_one`: also without one, or behind other words."""
    number = read_quantity(text) if len(text) <= LONGEST_NUMBER else None
    return number is not None and not number.is_missing and (is_bare_one or not (number.unit is None or number.lead or number.tail))


def set_rest_aside(sheet: Sheet, notes: SheetNotes) -> list[Position]:
    """Mark the cells nobody looked at; those of them that are numbers and do not only number rows."""
    measured = set(notes.measured)
    found: dict[int, list[int]] = {}
    for r, row in enumerate(sheet.rows):
        for c, value in enumerate(row):
            if value is not None and (r, c) not in notes.marks and not is_blank(value) and cell_name(r, c) not in measured:
                notes.marks[r, c] = "outside_tables"
                if _is_number(value):
                    found.setdefault(c, []).append(r)
    ordinals = [c for c, rows in found.items() if _count_up([sheet.rows[r][c] for r in rows])]
    for c in ordinals:
        notes.marks.update(((r, c), "ordinal") for r in found.pop(c))
    return [(r, c) for c, rows in found.items() for r in rows]


def _count_up(values: list[CellValue]) -> bool:
    """1 2 3 down a column: they number the rows beside them."""
    return len(values) > 1 and [read_quantity(v).value for v in values] == list(range(1, len(values) + 1))


def _is_number(value: CellValue) -> bool:
    is_typed = isinstance(value, (int, float)) and not isinstance(value, bool)
    return is_typed or (isinstance(value, str) and _is_short_number(value, is_bare_one=True))


def say_numbers(cells: Iterable[Position], sheet: Sheet, notes: SheetNotes) -> None:
    """One point for each block of these numbers, at its first."""
    for block in _blocks(sorted(set(cells)), sheet):
        row, column = min(block)
        notes.reject("numbers_have_headings", (row, column), text=sheet.rows[row][column], count=len(block))


def _blocks(cells: list[Position], sheet: Sheet) -> list[list[Position]]:
    """The cells in runs of rows, apart where a blank row or column lies between."""
    runs: list[list[Position]] = []
    for cell in cells:
        if runs and cell[0] - runs[-1][-1][0] <= 1:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return [block for run in runs for block in _beside_one_another(run, sheet)]


def _beside_one_another(run: list[Position], sheet: Sheet) -> list[list[Position]]:
    rows = sheet.rows[run[0][0] : run[-1][0] + 1]
    columns = sorted({column for _, column in run})
    ends = [a for a, b in pairwise(columns) if any(all(is_blank(row[c]) for row in rows) for c in range(a + 1, b))]
    edges = [-1, *ends, columns[-1]]
    return [[cell for cell in run if a < cell[1] <= b] for a, b in pairwise(edges)]
