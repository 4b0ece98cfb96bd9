"""What the main reader does not tell about an xlsb: merges, errors, comments, hidden rows and columns, epoch, true extent.

Here: one walk over the records of each sheet part. Not here: the cell values (workbook.py, through calamine).
Record layouts after [MS-XLSB].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pipeline.intake.grid import CellError, Position, Range, SheetDetails, WorkbookDetails, cell_name
from pipeline.intake.ooxml import relations
from pipeline.intake.packages import Package
from pipeline.intake.refusals import WorkbookRefused

_BUNDLE_SHEET, _WORKBOOK_PROPERTIES = 156, 153
_ROW, _COLUMNS, _MERGE = 0, 60, 176
_CELL_ERROR, _FORMULA_ERROR = 3, 11
_VALUES = range(2, 12)  # every cell record but the blank one (1)
_COMMENT, _COMMENT_TEXT = 635, 637
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A", 0x2B: "#GETTING_DATA"}


def read_xlsb(package: Package, workbook_path: str, max_cells: int) -> WorkbookDetails:
    """Details of every sheet. Raises WorkbookRefused: too_many_cells, unreadable."""
    details = WorkbookDetails({})
    targets = {key: target for key, _, target in relations(package, workbook_path)}
    try:
        for kind, body in _records(package.read(workbook_path)):
            if kind == _WORKBOOK_PROPERTIES:
                details.is_1904 = bool(body[0] & 1)
            elif kind == _BUNDLE_SHEET:
                key, end = _text(body, 8)
                name, _ = _text(body, end)
                path = targets.get(key, "")
                if path in package:
                    details.sheets[name] = _read_sheet(package, path, name, max_cells)
    except (struct.error, IndexError, KeyError) as error:
        raise WorkbookRefused("unreadable") from error
    return details


def _read_sheet(package: Package, path: str, name: str, max_cells: int) -> SheetDetails:
    errors: dict[Position, CellError] = {}
    merges: list[Range] = []
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    row = height = width = 0
    for kind, body in _records(package.read(path)):
        if kind == _ROW:
            (row,) = struct.unpack_from("<I", body)
            if body[11] & 0x10:
                hidden_rows.add(row)
        elif kind in _VALUES:
            (column,) = struct.unpack_from("<I", body)
            height, width = max(height, row + 1), max(width, column + 1)
            if kind in {_CELL_ERROR, _FORMULA_ERROR}:
                errors[row, column] = CellError(_ERRORS.get(body[8], "#N/A"))
        elif kind == _MERGE:
            top, bottom, left, right = struct.unpack_from("<4I", body)
            merges.append((top, left, bottom, right))
        elif kind == _COLUMNS and body[16] & 1:
            first, last = struct.unpack_from("<II", body)
            hidden_columns.update(range(first, min(last, 16383) + 1))
    if height * width > max_cells:
        raise WorkbookRefused("too_many_cells", sheet=name, seen=cell_name(height - 1, width - 1), limit=f"{max_cells:,}")
    comments: dict[Position, str] = {}
    for _, kind, target in relations(package, path):
        if kind == "comments" and target in package:
            comments |= _comments(package.read(target))
    return SheetDetails(errors, tuple(sorted(merges)), comments, frozenset(hidden_rows), frozenset(hidden_columns))


def _comments(data: bytes) -> dict[Position, str]:
    found: dict[Position, str] = {}
    place = (0, 0)
    for kind, body in _records(data):
        if kind == _COMMENT:
            top, left = struct.unpack_from("<I4xI", body, 4)
            place = top, left
        elif kind == _COMMENT_TEXT:
            found[place] = _text(body, 1)[0].strip()
    return found


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(type, body). Type takes one or two bytes, length one to four, seven bits each."""
    at = 0
    while at < len(data):
        kind, at = data[at], at + 1
        if kind & 0x80:
            kind, at = kind & 0x7F | data[at] << 7, at + 1
        length = shift = 0
        while shift < 28:
            piece, at = data[at], at + 1
            length |= (piece & 0x7F) << shift
            shift += 7
            if not piece & 0x80:
                break
        yield kind, data[at : at + length]
        at += length


def _text(body: bytes, at: int) -> tuple[str, int]:
    (count,) = struct.unpack_from("<I", body, at)
    end = at + 4 + 2 * count
    return body[at + 4 : end].decode("utf-16-le", errors="replace"), end
