"""Forms to fill in: labels with their values beside them, several to a row; one record a form, and forms below one another.

Here: finding the pairs and handing each form on as a small grid that remembers true positions. Not here: a column of labels beside columns of
numbers (sideways.py), which blocks a sheet falls into (blocks.py).
"""

from __future__ import annotations

from itertools import pairwise

from pipeline.forms.wording import squeeze, units_in
from pipeline.intake.grid import CellValue, Position
from pipeline.intake.layout import read_lines, read_stream
from pipeline.intake.lines import heading_kind, measure_of_heading, read_line
from pipeline.intake.regions import Grid, Table, filled, is_blank
from pipeline.intake.sideways import is_counted, is_line

Pair = tuple[Position, Position]
"""Where a label stands, and where its value."""


def forms_to_fill_in(grid: Grid, top: int, bottom: int, left: int, right: int) -> list[Table]:
    """宣传单 | 500 | 横幅 | 12: three labels with their values at least make a table of one record. Where the labels stand again further down,
    below a 填报单位 or 报告期 of their own, another form begins."""
    tables = [_form(grid, first, last, left, right) for first, last in _forms(grid, top, bottom, left, right)]
    return [table for table in tables if table] if all(tables) else []


def _forms(grid: Grid, top: int, bottom: int, left: int, right: int) -> list[tuple[int, int]]:
    """First and last row of each form."""
    starts = [top]
    seen: set[tuple[int, str]] = set()
    last = top
    for (row, column), _ in _known_pairs(grid, top, bottom, left, right):
        label = (column, squeeze(str(grid.rows[row][column])))
        if label in seen and _says_whose_or_when(grid, first := _first_row(grid, last, row, left, right), row, left, right):
            starts.append(first)
            seen = set()
        seen.add(label)
        last = row
    return list(zip(starts, [*(start - 1 for start in starts[1:]), bottom], strict=True))


def _says_whose_or_when(grid: Grid, first: int, end: int, left: int, right: int) -> bool:
    """填报单位 or 报告期 in these rows; below 二、上周 alone the same labels would be another time of one form."""
    lines = [line for row in range(first, end) for line in read_lines(grid, row, filled(grid, row, left, right))]
    return any(not {"reporter", "period"}.isdisjoint(line.fields) for line in lines)


def _first_row(grid: Grid, above: int, row: int, left: int, right: int) -> int:
    """Where the lines of a form begin whose first labels stand in `row`: behind the last blank row, signature or note below the form above."""
    first = row
    while first - 1 > above and (cells := filled(grid, first - 1, left, right)):
        if any(isinstance(v, str) and read_line(v)[0] in ("people", "note") for _, v in cells):
            break
        first -= 1
    return first


def _known_pairs(grid: Grid, top: int, bottom: int, left: int, right: int) -> list[Pair]:
    """Known labels, each with the value right beside it; with an empty cell where others of its column have theirs."""
    found: list[Pair] = []
    alone: list[Position] = []
    for row in range(top, bottom + 1):
        for (column, label), (next_column, value) in pairwise([*filled(grid, row, left, right), (right + 1, None)]):
            if not (isinstance(label, str) and heading_kind(label) == "measure" and not units_in(label)):
                continue
            if value is None or (isinstance(value, str) and (heading_kind(value) or units_in(value) or read_line(value)[1])):
                alone.append((row, column))
            else:
                found.append(((row, column), (row, next_column)))
    places = {label[1]: value[1] for label, value in found}
    empty = [(label, (label[0], place)) for label in alone if (place := places.get(label[1])) and is_blank(grid.rows[label[0]][place])]
    return sorted([*found, *empty])


def _form(grid: Grid, top: int, bottom: int, left: int, right: int) -> Table | None:
    found = _known_pairs(grid, top, bottom, left, right)
    if len(found) < 3 or len({row for (row, _), _ in found}) == len(found):
        return None
    found = _with_unknown_labels(grid, found, range(top, bottom + 1), left, right)
    used_rows = {row for (row, _), _ in found}
    local = Grid(
        [[grid.rows[r][c] for (r, c), _ in found], [grid.rows[r][c] for _, (r, c) in found]],
        positions=[[grid.at(*label) for label, _ in found], [grid.at(*value) for _, value in found]],
        is_turned=True,
    )
    tables, _ = read_stream(local, 0, 1, 0, len(found) - 1, (0, 0))
    table = tables[0]
    taken = {cell for pair in found for cell in pair}
    for row in range(top, bottom + 1):
        lines = read_lines(grid, row, [(c, v) for c, v in filled(grid, row, left, right) if (row, c) not in taken])
        (table.above if row <= max(used_rows) else table.below).extend(lines)
    return table


def _with_unknown_labels(grid: Grid, found: list[tuple[Position, Position]], rows: range, left: int, right: int) -> list[tuple[Position, Position]]:
    """The pairs, and besides: texts made of words we know with a value right beside them, in any row, and in the rows of pairs and between them every
    text with a number beside it; a label nobody lists, for matching to say what it is."""
    taken = {cell for pair in found for cell in pair}
    first, last = found[0][0][0], found[-1][0][0]
    more: list[tuple[Position, Position]] = []
    for row in rows:
        for (column, label), (next_column, value) in pairwise(filled(grid, row, left, right)):
            is_free = (row, column) not in taken and (row, next_column) not in taken
            if not is_free or not isinstance(label, str) or is_line(label) or is_counted(label):
                continue
            if (is_counted(value) and first <= row <= last) or (measure_of_heading(label) and _is_answer(value)):
                more.append(((row, column), (row, next_column)))
                taken |= {(row, column), (row, next_column)}
    return sorted([*found, *more])


def _is_answer(value: CellValue) -> bool:
    """A number, or a text that stands for one (□□块, 未报): no label, unit or line of its own."""
    return not isinstance(value, str) or not (heading_kind(value) or units_in(value) or is_line(value))
