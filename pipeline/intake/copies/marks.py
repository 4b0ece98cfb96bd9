"""Which cells of a copy get which colour and which comment, whatever kind of copy it is.

Here: from points to marks. Not here: the colours themselves and the list of points (explanation.py), putting marks into a file
(patched.py, rebuilt.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.intake.copies.explanation import AMBER, RED, writable
from pipeline.intake.grid import Position, Range, Sheet, position
from pipeline.intake.records import Rejection, Severity
from pipeline.intake.returned import COMMENT_MARK

MAX_COMMENTS = 2000
MAX_COLOURED_CELLS = 10_000
"""Of one point's area."""
_AREA = re.compile(r"\$?[A-Z]{1,3}\$?[1-9]\d{0,6}(:\$?[A-Z]{1,3}\$?[1-9]\d{0,6})?")
_ROWS, _COLUMNS = 1 << 20, 1 << 14


@dataclass
class SheetMarks:
    """The marks of one sheet: cell → colour (aRGB), cell → our comment."""

    colours: dict[Position, str] = field(default_factory=dict)
    comments: dict[Position, str] = field(default_factory=dict)


def marks_of(points: Sequence[Rejection], sheets: Iterable[Sheet]) -> dict[str, SheetMarks]:
    """Sheet name → its marks, for points that are errors or warnings with a cell; the others stand on the list only.

    A cell under an error is red, whatever else covers it. A merged cell counts as its top left. The comment of an area stands at its
    first cell; all points there share it.
    """
    known = {sheet.name: sheet for sheet in sheets}
    marks: dict[str, SheetMarks] = {}
    told: dict[tuple[str, Position], list[Rejection]] = {}
    merges: dict[str, Mapping[int, list[Range]]] = {}
    for point in points:
        if point.severity not in {Severity.ERROR, Severity.WARNING} or point.sheet not in known or not _AREA.fullmatch(point.cell):
            continue
        if point.sheet not in merges:
            merges[point.sheet] = _by_row(known[point.sheet].merges)
        cells = list(_cells(point.cell, merges[point.sheet]))
        colours = marks.setdefault(point.sheet, SheetMarks()).colours
        for cell in cells:
            colours[cell] = RED if point.severity == Severity.ERROR else colours.get(cell, AMBER)
        if cells:
            told.setdefault((point.sheet, cells[0]), []).append(point)
    for (sheet, cell), here in list(told.items())[:MAX_COMMENTS]:
        marks[sheet].comments[cell] = _comment(here)
    return marks


def _cells(area: str, merges: Mapping[int, list[Range]]) -> Iterator[Position]:
    """The cells of an area, each once."""
    first, _, last = area.partition(":")
    corners = position(first), position(last or first)
    (top, bottom), (left, right) = (sorted(numbers) for numbers in zip(*corners, strict=True))
    found: set[Position] = set()
    for row in range(top, min(bottom + 1, top + MAX_COLOURED_CELLS, _ROWS)):
        for column in range(left, min(right + 1, _COLUMNS)):
            around = next((merge for merge in merges.get(row, ()) if merge[1] <= column <= merge[3]), None)
            cell = (around[0], around[1]) if around else (row, column)
            if cell not in found:
                found.add(cell)
                yield cell
            if len(found) >= MAX_COLOURED_CELLS:
                return


def _by_row(merges: Iterable[Range]) -> Mapping[int, list[Range]]:
    rows: dict[int, list[Range]] = {}
    for merge in merges:
        for row in range(merge[0], merge[2] + 1):
            rows.setdefault(row, []).append(merge)
    return rows


def _comment(points: Sequence[Rejection]) -> str:
    is_error = any(point.severity == Severity.ERROR for point in points)
    lines = [COMMENT_MARK + ("红色：未载入" if is_error else "黄色：已载入，请确认")]
    for point in points:
        lines += [f"看到：{point.text}"] if point.text else []
        lines += [point.message, *([f"建议：{point.suggestion}"] if point.suggestion else [])]
    return writable("\n".join(lines))
