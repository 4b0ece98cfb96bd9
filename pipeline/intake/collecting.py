"""What reading one sheet leaves behind: its numbers, points, checks, and what became of every cell.

Here: the collector that every reader of a sheet writes to, and cell addresses. Not here: the decisions (rows.py, totals.py, reading.py), and the
count of cells seen, which is made without any of this (conservation.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from pipeline.intake.grid import CellValue, Position, cell_name, column_letters
from pipeline.intake.points import point
from pipeline.intake.privacy import mask_value
from pipeline.intake.records import Entry, Measurement, Rejection, SetAside, SheetCount, TableFound, TotalCheck, TypedChange, ZeroReport

DISPOSITIONS = {
    "attribute": "attribute",
    "header": "header",
    "title": "metadata",
    "metadata": "metadata",
    "signature": "metadata",
    "note": "metadata",
    "total": "check",
    "unknown_heading": "rejected",
    "ambiguous_heading": "rejected",
    "unknown_form": "rejected",
    "no_subject": "rejected",
    "no_period": "rejected",
    "contradictory_period": "rejected",
    "rejected": "rejected",
}
"""Reason of a mark → its disposition; every other reason is set aside."""
UNLISTED = frozenset(["attribute", "header", "rejected"])
"""Marks that are no set-aside range of their own: they show as numbers, attributes, table headers, points."""
LONG_NUMBER = 1e10
"""From here on a number may be a telephone's, a person's or an account's."""


@dataclass(slots=True)
class SheetNotes:
    """Everything one sheet yields. `marks`: true position → why a cell is no number (a reason of DISPOSITIONS or a set-aside reason)."""

    name: str
    measurements: list[Measurement] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    totals: list[TotalCheck] = field(default_factory=list)
    typed_changes: list[TypedChange] = field(default_factory=list)
    tables: list[TableFound] = field(default_factory=list)
    zero_reports: tuple[ZeroReport, ...] = ()
    marks: dict[Position, str] = field(default_factory=dict)
    measured: list[str] = field(default_factory=list)
    """Names of the cells of measurements, each once, blank due ones included; kept apart from `marks` because they are nearly all cells."""
    empty_reason: str | None = None

    def reject(self, rule: str, position: Position, *, text: object = "", suggestion: str = "", **details: object) -> None:
        """Add a point at a cell; the text is masked here."""
        self.rejections.append(point(rule, self.name, cell_name(*position), text=masked_text(text), suggestion=suggestion, **details))

    def set_aside(self) -> list[SetAside]:
        """Marked cells that are no numbers, as ranges with their reason, in reading order."""
        by_reason: dict[str, list[Position]] = {}
        for position, reason in self.marks.items():
            if reason not in UNLISTED:
                by_reason.setdefault(reason, []).append(position)
        found = [(*box, reason) for reason, cells in by_reason.items() for box in boxes(cells)]
        if self.empty_reason:
            return [SetAside(self.name, "A1", self.empty_reason)]
        return [SetAside(self.name, range_name(*box), reason) for *box, reason in sorted(found)]

    def disposed(self) -> dict[str, int]:
        """Disposition → number of cells; blank cells that were due count with the measurements."""
        counts = {"measurement": len(self.measured)} if self.measured else {}
        for reason in self.marks.values():
            disposition = DISPOSITIONS.get(reason, "set_aside")
            counts[disposition] = counts.get(disposition, 0) + 1
        return dict(sorted(counts.items()))

    def count(self, seen: int) -> SheetCount:
        return SheetCount(self.name, seen, self.disposed())


def boxes(cells: Iterable[Position]) -> list[tuple[int, int, int, int]]:
    """Cells as rectangles (top, left, bottom, right): runs in a row, equal runs in following rows joined."""
    runs: list[list[int]] = []
    for row, column in sorted(cells):
        if runs and runs[-1][0] == row and runs[-1][2] == column - 1:
            runs[-1][2] = column
        else:
            runs.append([row, column, column])
    found: dict[tuple[int, int], list[list[int]]] = {}
    for row, left, right in runs:
        same = found.setdefault((left, right), [])
        if same and same[-1][1] == row - 1:
            same[-1][1] = row
        else:
            same.append([row, row])
    return sorted((top, left, bottom, right) for (left, right), spans in found.items() for top, bottom in spans)


def range_name(top: int, left: int, bottom: int, right: int) -> str:
    """(4, 0, 7, 0) → A5:A8, a single cell by its own name."""
    first, last = cell_name(top, left), cell_name(bottom, right)
    return first if first == last else f"{first}:{last}"


@lru_cache(maxsize=256)
def letters(column: int) -> str:
    return column_letters(column + 1)


@lru_cache(maxsize=16384)
def _masked(text: str) -> str:
    return str(mask_value(text))


def masked_text(value: object) -> str:
    """A cell as text, masked: 32.0 → "32", dates as ISO, blank → ""."""
    if value is None:
        return ""
    if isinstance(value, str):
        return _masked(value.strip())
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, float)):
        return _masked(number_text(value))
    return str(value)


@lru_cache(maxsize=16384)
def number_text(value: float) -> str:
    """A number as a spreadsheet shows it: without a needless .0."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:.15g}"


def masked_cell(value: CellValue) -> object:
    """A raw cell as it may be kept: text and number masked, other values as they are."""
    if isinstance(value, str):
        return _masked(value)
    return mask_value(value) if isinstance(value, float) and value >= LONG_NUMBER else value
