"""Small real workbooks for tests of reading: rows in, an xlsx file or an opened sheet out. All names and numbers are invented."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import openpyxl

from pipeline.intake.grid import Sheet, Workbook, position
from pipeline.intake.reading import read_workbook
from pipeline.intake.records import Measurement, Reading
from pipeline.settings import Reading as ReadingSettings

Rows = Sequence[Sequence[object]]


def write_workbook(path: Path, sheets: dict[str, tuple[Rows, Sequence[str]]]) -> Path:
    """An xlsx file; sheet name → rows from A1 on and merged ranges like "A1:C1"."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, (rows, merges) in sheets.items():
        sheet = book.create_sheet(name)
        for r, row in enumerate(rows, start=1):
            for c, value in enumerate(row, start=1):
                if value is not None and value != "":
                    sheet.cell(r, c, value)  # pyright: ignore[reportArgumentType]
        for merge in merges:
            sheet.merge_cells(merge)
    book.save(path)
    return path


def grid_sheet(rows: Rows, merges: Sequence[str] = (), name: str = "Sheet1") -> Sheet:
    """A sheet as opening a file would give it: numbers as floats, blanks as None, rows of equal length."""
    width = max(map(len, rows), default=0)
    cells = [[_cell(v) for v in row] + [None] * (width - len(row)) for row in rows]
    ranges = [(*position(first), *position(last)) for first, _, last in (m.partition(":") for m in merges)]
    return Sheet(name, cells, tuple(ranges))  # pyright: ignore[reportArgumentType]


def _cell(value: object) -> object:
    if value == "":
        return None
    return float(value) if isinstance(value, int) and not isinstance(value, bool) else value


def read_rows(rows: Rows, merges: Sequence[str] = (), name: str = "Sheet1", stem: str = "表") -> Reading:
    """The reading of one sheet of these cells."""
    return read_opened(grid_sheet(rows, merges, name), stem=stem)


def read_opened(*sheets: Sheet, stem: str = "表") -> Reading:
    """The reading of a workbook of these sheets."""
    return read_workbook(Workbook("xlsx", sheets), stem, ReadingSettings())


def numbers(reading: Reading) -> dict[str, tuple[str, str, float | None, str]]:
    """cell → (channel.measure, subject, value, unit) of every number of a reading."""
    return {m.cell: (f"{m.channel}.{m.measure}", m.subject, m.value, m.unit) for m in reading.measurements}


def at(reading: Reading, cell: str) -> Measurement:
    """The one measurement of a cell."""
    found = [m for m in reading.measurements if m.cell == cell]
    assert len(found) == 1, f"{cell}: {found}"
    return found[0]


def rules(reading: Reading) -> dict[str, list[str]]:
    """rule → cells it was raised at."""
    found: dict[str, list[str]] = {}
    for r in reading.rejections:
        found.setdefault(r.rule, []).append(r.cell)
    return found
