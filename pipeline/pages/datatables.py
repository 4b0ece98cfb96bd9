"""The data tables under the charts: the same values with their bounds, each number leading to the cells it was made of.

Here: which columns a chart's table has, how its cells are written and which number each of them is; html/app.js rebuilds the tables for other
scopes from the same description. Not here: the charts and their cards (blocks.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import polars as pl

from . import format as fmt
from .district import District
from .messages import name_of
from .model import Cell, Column, Num, Period, Row, Table, Text, say

C1_COLUMNS = (("week", "week"), ("estimate", "pct"), ("low", "pct"), ("high", "pct"), ("n_in", "n"), ("n_due", "n"), ("provisional", "flag"))
C1_HEADS = ("th.week", "th.estimate", "th.low", "th.high", "th.in", "th.due", "th.provisional")
C2_COLUMNS = (
    ("week", "week"),
    ("total", "money"),
    ("p5", "money"),
    ("p4", "money"),
    ("p3", "money"),
    ("p2", "money"),
    ("low", "money"),
    ("high", "money"),
    ("n", "n"),
    ("unknown", "n"),
    ("provisional", "flag"),
)
C2_HEADS = ("th.week", "th.total", "grade.P5", "grade.P4", "grade.P3", "grade.P2", "th.low", "th.high", "th.cases", "th.unknown", "th.provisional")
C5_COLUMNS = (
    ("category", "name"),
    ("value", "money"),
    ("p5", "money"),
    ("p4", "money"),
    ("p3", "money"),
    ("p2", "money"),
    ("low", "money"),
    ("high", "money"),
    ("n", "n"),
)
C5_HEADS = ("th.category", "th.total", "grade.P5", "grade.P4", "grade.P3", "grade.P2", "th.low", "th.high", "th.cases")
C4_COLUMNS = (("category", "name"), ("now", "n"), ("previous", "n"))
C4_HEADS = ("th.category", "th.now", "th.previous")
# Columns whose numbers lead to their cells: field → (metric, part of it, "before" for the span before). Bounds lead where their value does.
GRADED = {f"p{g}": ("prevented", f"grade:P{g}", "") for g in "5432"}
PREVENTED, CASES = ("prevented", "", ""), ("cases", "", "")
C2_LINKED = {"total": PREVENTED, **GRADED, "low": PREVENTED, "high": PREVENTED, "n": CASES, "unknown": ("cases", "firmness:missing", "")}
C4_LINKED = {"now": ("contacts.{}", "", ""), "previous": ("contacts.{}", "", "before")}
C5_LINKED = {"value": PREVENTED, **GRADED, "low": PREVENTED, "high": PREVENTED, "n": CASES}


def c1_linked(metric: str) -> dict[str, tuple[str, str, str]]:
    cover, reports = (metric, "", ""), ("on_time_rate", "", "")
    return {"estimate": cover, "low": cover, "high": cover, "n_in": reports, "n_due": reports}


def take(row: Mapping[str, object], field: str) -> object:
    """A field of a row; p5 … p2 are both firmnesses of a grade together."""
    if field in ("p5", "p4", "p3", "p2"):
        return float(row[field + "e"]) + float(row[field + "s"])  # type: ignore[arg-type]
    return row[field]


def cell_of(district: District, value: object, kind: str) -> Cell:
    if kind == "name":
        return Cell(name_of(str(value), "zh", district.names), name_of(str(value), "en", district.names))
    if kind == "flag":
        return Cell(*(("初步", "provisional") if value else ("", "")))
    return Cell(fmt.show(value, kind, "zh"), fmt.show(value, kind, "en"))


def number_of(row: Mapping[str, object], metric: str, part: str, when: str) -> Num:
    """The number of a data table's cell: of its row's week, or of its category (a channel is a metric of its own, other categories are parts).
    `when`: "" or the Num.week of the span before."""
    category = str(row.get("category", ""))
    if category.startswith("ch:"):
        return Num(metric.format(category.removeprefix("ch:")), week=when)
    return Num(metric, part=both_parts(category, part)) if category else Num(metric, week=str(row["week"]), part=part)


def both_parts(first: str, second: str) -> str:
    return "+".join(filter(None, (first, second)))


def data_table(
    district: District,
    id: str,
    caption: Text,
    heads: Sequence[str],
    columns: Sequence[tuple[str, str]],
    rows: Iterable[Mapping[str, object]],
    source: str,
    linked: Mapping[str, tuple[str, str, str]],
    period: str = "",
) -> Table:
    """A chart's data table. `linked`: columns whose numbers open the panel → their metric, the part of it, "before" for the span before
    `period`."""

    def cell(row: Mapping[str, object], field: str, kind: str) -> Cell:
        value = take(row, field)
        shown = cell_of(district, value, kind)
        if field not in linked or not value:
            return shown
        metric, part, when = linked[field]
        return replace(shown, num=number_of(row, metric, part, f"{when}:{period}" if when else ""))

    body = tuple(Row(str(row.get("category", i)), tuple(cell(row, field, kind) for field, kind in columns)) for i, row in enumerate(rows))
    head = tuple(Column(say(h)) for h in heads)
    return Table(id, caption, head, body, source=source, spec=tuple(columns), linked=linked)


def rows_of(district: District, frame: pl.DataFrame, period: Period) -> list[dict[str, object]]:
    """Rows of the period's weeks, newest first: what the page shows without scripts. The script shows every week."""
    rows = zip(district.shown, frame.iter_rows(named=True), strict=True)
    return [{**row, "week": str(week), "provisional": week in district.provisional} for week, row in rows if period.first <= week <= period.last][
        ::-1
    ]
