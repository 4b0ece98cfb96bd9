"""Cells seen on a sheet, counted from the opened grid alone, and whether every one of them was disposed of.

Here: the count, and a finding when the two disagree. This module shares no code with layout.py: a cell that the layout never looked at is
seen here all the same. Not here: what became of a cell (collecting.py).
"""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.intake.grid import Sheet
from pipeline.intake.records import Measurement, SheetCount


def cells_seen(sheet: Sheet, measurements: Iterable[Measurement]) -> int:
    """Non-empty cells of the sheet, plus blank cells that were due: those whose measurement stands on a cell without content."""
    n_filled = len([None for row in sheet.rows for value in row if (value.strip() if type(value) is str else value is not None)])
    blank_due = {m.cell for m in measurements if m.low is None and not m.text}
    return n_filled + len(blank_due)


def unaccounted(count: SheetCount) -> int:
    """How many cells were seen but not disposed of (negative: disposed of without being seen). 0 on every sheet."""
    return count.seen - sum(count.disposed.values())
