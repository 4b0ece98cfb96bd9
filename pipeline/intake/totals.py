"""合计 rows against their parts, and rows and columns of comparisons: checked, never loaded.

Here: TotalChecks and the points they raise. A typed total is compared with the point sum of the figures as written in its column; offices add
floors, so 800余 counts as 800. Not here: finding total rows (layout.py), sums that are published (measures/).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pipeline.intake.cells import Stated
from pipeline.intake.collecting import SheetNotes, masked_text, number_text
from pipeline.intake.context import ColumnPlan, TableContext
from pipeline.intake.grid import CellError, CellValue, UncachedFormula, cell_name
from pipeline.intake.lines import row_label
from pipeline.intake.ratio import read_ratio
from pipeline.intake.records import Measurement, TotalCheck
from pipeline.intake.regions import is_blank
from pipeline.intake.units import read_unit

PEOPLE = frozenset(["人", "人次", "户", "户次", "名"])


@dataclass(frozen=True, slots=True)
class Parts:
    """What a total may be the sum of: point sum, bounds, how many have a figure and how many have none."""

    computed: float
    low: float
    high: float
    n: int
    n_missing: int


def check_totals(context: TableContext, notes: SheetNotes, measurements: Sequence[Measurement]) -> None:
    """Check every total row against the measurements of this table."""
    table = context.table
    rows = [row for row, kind in table.kinds.items() if kind == "total"]
    if rows:
        stated: dict[str, list[Measurement]] = defaultdict(list)
        for measurement in measurements:
            stated[measurement.cell].append(measurement)
        for row in rows:
            _check_row(context, notes, row, stated)
    _look_at_comparisons(context, notes)
    _mark_rows(context, notes)


def _check_row(context: TableContext, notes: SheetNotes, row: int, stated: Mapping[str, list[Measurement]]) -> None:
    """One total row: the group of rows that agrees in most columns is the one it adds up. `stated`: the numbers of each cell."""
    grid = context.table.grid
    typed = [(plan, value) for plan in context.plans if not is_blank(value := grid.rows[row][plan.index])]
    groups = _groups(context, row)
    best: list[tuple[TotalCheck, ColumnPlan, bool]] = []
    for group in groups:
        checks = [c for plan, value in typed if (c := _check(context, notes, row, plan, value, _parts(context, group, plan, stated)))]
        if not best or sum(c.is_ok for c, _, _ in checks) > sum(c.is_ok for c, _, _ in best):
            best = checks
    for check, plan, is_comparable in best:
        position = grid.at(row, plan.index)
        if not is_comparable:
            notes.reject("total_adds_one_kind", position, text=grid.rows[row][plan.index], label=check.label)
            continue
        notes.totals.append(check)
        if not check.is_ok:
            _say_mismatch(notes, check, position, grid.rows[row][plan.index])


def _parts(context: TableContext, rows: list[int], plan: ColumnPlan, stated: Mapping[str, list[Measurement]]) -> list[Measurement]:
    """The numbers of one column in some rows."""
    grid = context.table.grid
    return [m for row in rows for m in stated.get(cell_name(*grid.at(row, plan.index)), ())]


def _groups(context: TableContext, row: int) -> list[list[int]]:
    """Data rows a total may add: all of the table; those since the last total above; those down to the next total below."""
    kinds = context.table.kinds
    data = context.table.data_rows
    is_total = [r for r, kind in kinds.items() if kind == "total"]
    above = max((r for r in is_total if r < row), default=-1)
    below = min((r for r in is_total if r > row), default=1 << 30)
    groups = [data, [r for r in data if above < r < row], [r for r in data if row < r < below]]
    label = next((v for v in context.table.grid.rows[row] if isinstance(v, str) and row_label(v) == "total"), "")
    if label.replace(" ", "").endswith("小计"):
        groups = [*groups[1:], data]
    return [g for i, g in enumerate(groups) if g and g not in groups[:i]]


def _check(
    context: TableContext, notes: SheetNotes, row: int, plan: ColumnPlan, value: CellValue, parts: list[Measurement]
) -> tuple[TotalCheck, ColumnPlan, bool] | None:
    """(check, plan, whether the column adds one kind of thing); None when the column has no parts here."""
    if not parts:
        return None
    label = next((masked_text(v) for v in context.table.grid.rows[row] if isinstance(v, str) and row_label(v)), "合计")
    position = context.table.grid.at(row, plan.index)
    if isinstance(value, (CellError, UncachedFormula)):
        sums = _sum(parts)
        return _total(notes, position, label, plan, None, sums, is_ok=True), plan, True
    stated = plan.reader.read(value)[1][0]
    same, others = _same_kind(parts, stated)
    sums = _sum(same)
    is_comparable = not any(m.unit in PEOPLE and stated.unit in PEOPLE and m.precision != "missing" for m in others)
    is_ok = not is_comparable or stated.value is None or abs(stated.value - sums.computed) <= _tolerance(value, plan)
    return _total(notes, position, label, plan, stated.value, sums, is_ok=is_ok), plan, is_comparable


def _same_kind(inside: list[Measurement], stated: Stated) -> tuple[list[Measurement], list[Measurement]]:
    """The parts that count what the total counts, by face: a 次 among 人 is added as the office adds it."""
    code = stated.measure.channel, stated.measure.name
    same = [m for m in inside if (m.channel, m.measure) == code]
    return same, [m for m in inside if (m.channel, m.measure) != code]


def _sum(parts: Iterable[Measurement]) -> Parts:
    computed = low = high = 0.0
    n = n_missing = 0
    for part in parts:
        if part.value is None and part.low is None:
            n_missing += 1
            continue
        n += 1
        computed += part.value or 0.0
        low += part.low or 0.0
        high += part.high or 0.0
    return Parts(round(computed, 6), round(low, 6), round(high, 6), n, n_missing)


def _tolerance(value: CellValue, plan: ColumnPlan) -> float:
    """Half a unit of the last place written, in kept units: 74.92 under 万元 is true within 50 元."""
    text = number_text(value) if isinstance(value, (int, float)) else str(value)
    digits = "".join(ch for ch in text if ch.isdigit() or ch == ".")
    decimals = len(digits.partition(".")[2])
    unit = read_unit(plan.unit)
    scale = float(unit.multiplier / unit.divisor)
    if isinstance(value, str):
        scale = 1e4 if "万" in value else 1e8 if "亿" in value else scale
    return 0.5 * scale * 10.0**-decimals * (1 if decimals or scale > 1 else 0) + 1e-6


def _total(
    notes: SheetNotes, position: tuple[int, int], label: str, plan: ColumnPlan, typed: float | None, sums: Parts, *, is_ok: bool
) -> TotalCheck:
    cell = cell_name(*position)
    return TotalCheck(notes.name, cell, label, plan.match.heading, typed, sums.computed, sums.low, sums.high, sums.n, sums.n_missing, is_ok)


def _say_mismatch(notes: SheetNotes, check: TotalCheck, position: tuple[int, int], value: CellValue) -> None:
    hint = hint_en = ""
    if check.typed is not None and check.low <= check.typed <= check.high:
        hint = "合计落在各行上下限之间，可能是按下限或估计数相加。"
        hint_en = "It lies within the rows' bounds: floors or estimates may have been added. "
    elif check.n_missing:
        hint = "有缺报的行，合计可能含其数字。"
        hint_en = "Rows are missing, and the total may contain their numbers. "
    notes.reject(
        "total_equals_its_parts",
        position,
        text=value,
        suggestion=number_text(check.computed),
        label=check.label,
        typed=number_text(check.typed or 0.0),
        computed=number_text(check.computed),
        n=check.n_parts,
        missing=check.n_missing,
        hint=hint,
        hint_en=hint_en,
    )


def _look_at_comparisons(context: TableContext, notes: SheetNotes) -> None:
    """同比 and 环比 rows are recomputed; percentage points for a count is a slip of words worth a remark."""
    grid = context.table.grid
    for row in (r for r, kind in context.table.kinds.items() if kind == "comparison"):
        for plan in context.plans:
            value = grid.rows[row][plan.index]
            if isinstance(value, str) and read_ratio(value).is_points:
                notes.reject("change_of_a_count_is_a_percentage", grid.at(row, plan.index), text=value)


ROW_MARKS = {
    "total": "total",
    "comparison": "typed_rate",
    "target": "target",
    "previous": "previous_period",
    "cumulative": "typed_cumulative",
    "caption": "caption",
    "header": "header",
    "numbering": "header",
    "zero_report": "zero_report",
}


def _mark_rows(context: TableContext, notes: SheetNotes) -> None:
    table, grid = context.table, context.table.grid
    for row, kind in table.kinds.items():
        if kind in ROW_MARKS:
            for column in range(table.left, table.right + 1):
                if not is_blank(grid.rows[row][column]):
                    notes.marks.setdefault(grid.at(row, column), ROW_MARKS[kind])
