"""Rows that are the sum of the others without saying so: the county above its stations, 城区 below its own.

Here: finding such a row by its numbers, and saying that it was taken for a total. Not here: rows labelled 合计 (lines.py, layout.py), checking
totals (totals.py), columns that are sums (wholes.py).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from pipeline.intake.cells import reader_for
from pipeline.intake.collecting import SheetNotes, masked_text
from pipeline.intake.columns import TableMatch
from pipeline.intake.regions import Table

ENOUGH_FOR_ALL = 2.5
ENOUGH_FOR_ONE = 2.0
ENOUGH_FOR_RUNS = 4.0
"""Digits that agree, over all columns: three or so where a row adds all others; where rows add those right above or below them, two in each
and four in all. Ones and twos add up by chance."""
FEWEST_PARTS = 2

Figures = Sequence[float | None]
"""One row's written numbers, a column each."""


def set_totals_aside(table: Table, matched: TableMatch, notes: SheetNotes) -> None:
    """In a tally whose rows have names, take a row that equals the sum of others for their total, and say so."""
    names = [i for i, m in enumerate(matched.columns) if m.role.startswith("subject")]
    columns = [i for i, m in enumerate(matched.columns) if m.role == "measure"]
    is_tally = (
        matched.form is not None
        and matched.form.grain in ("tally", "by_date")
        and not any(m.role in ("date", "filed_at", "period") for m in matched.columns)
    )
    if not names or not columns or not is_tally or table.grid.is_turned or len(table.data_rows) <= FEWEST_PARTS:
        return
    rows = table.data_rows
    by_column: list[list[float | None]] = []
    for i in columns:
        column = _figures(table, matched, i)
        if not _may_add_up(column):
            return
        by_column.append(column)
    figures = list(zip(*by_column, strict=True))
    for at in _sums(figures):
        row, name = rows[at], table.left + names[0]
        table.relabel(row, "total")
        notes.reject("row_is_no_sum_of_others", table.grid.at(row, name), text=masked_text(table.grid.value(row, name)))


def _figures(table: Table, matched: TableMatch, index: int) -> list[float | None]:
    match = matched.columns[index]
    read = reader_for(match, match.unit).read
    found = [read(table.grid.rows[row][table.left + index])[1] for row in table.data_rows]
    return [stated[0].value if stated else None for stated in found]


def _may_add_up(column: Sequence[float | None]) -> bool:
    """Could any row of this one column be a sum of all others, or of those right above or below it? Most tables end here."""
    if None in column:
        return True
    values = [value or 0.0 for value in column]
    total, before = sum(values), 0.0
    for value in values:
        after, slack = total - before - value, max(1e-6, 1e-9 * value)
        if abs(value - before) <= slack or abs(value - after) <= slack or abs(value - (total - value)) <= slack:
            return True
        before += value
    return False


def _sums(figures: Sequence[Figures]) -> list[int]:
    """Places of the rows that are sums: of all others, else each of the run of rows above it, else of the run below it."""
    columns = list(zip(*figures, strict=True))
    totals, counts = [sum(v or 0.0 for v in column) for column in columns], [sum(map(bool, column)) for column in columns]
    for at, row in enumerate(figures):
        others = [total - (value or 0.0) for total, value in zip(totals, row, strict=True)]
        if _agreement(row, others, [count - bool(value) for count, value in zip(counts, row, strict=True)]) >= ENOUGH_FOR_ALL:
            return [at]
    return _runs(figures) or [len(figures) - 1 - at for at in _runs(figures[::-1])]


def _runs(figures: Sequence[Figures]) -> list[int]:
    found: list[int] = []
    digits = 0.0
    sums, counts = _nothing(figures)
    for at, row in enumerate(figures):
        if (agreed := _agreement(row, sums, counts)) >= ENOUGH_FOR_ONE:
            found.append(at)
            digits += agreed
            sums, counts = _nothing(figures)
            continue
        for i, value in enumerate(row):
            if value:
                sums[i] += value
                counts[i] += 1
    return found if digits >= ENOUGH_FOR_RUNS else []


def _nothing(figures: Sequence[Figures]) -> tuple[list[float], list[int]]:
    width = len(figures[0])
    return [0.0] * width, [0] * width


def _agreement(row: Figures, sums: Sequence[float], counts: Sequence[int]) -> float:
    """Digits of a row that its parts add up to; 0 where any column of it differs, or where they are too few. `counts`: parts that are not zero."""
    digits = 0.0
    for value, total, count in zip(row, sums, counts, strict=True):
        if value is None:
            continue
        if abs(value - total) > max(1e-6, 1e-9 * value):
            return 0.0
        if count >= FEWEST_PARTS:
            digits += math.log10(max(value, 1.0))
    return digits
