"""What the main reader does not tell about an xls or et: password, epoch, errors, comments, hidden rows, true extent.

Here: one walk over the BIFF8 records of the Workbook stream. Not here: the cell values (workbook.py, through calamine), the
sectors of the file (compound.py). Record layouts after [MS-XLS].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pipeline.intake.grid import CellError, Position, SheetDetails, WorkbookDetails, cell_name
from pipeline.intake.refusals import WorkbookRefused

_BOF, _EOF, _FILEPASS, _DATE_1904, _BOUNDSHEET = 0x0809, 0x0A, 0x2F, 0x22, 0x85
_DIMENSIONS, _FORMULA, _BOOL_ERR, _ROW, _COLINFO = 0x200, 0x06, 0x205, 0x208, 0x7D
_NOTE, _OBJ, _TXO, _CONTINUE = 0x1C, 0x5D, 0x1B6, 0x3C
_VALUE_RECORDS = {_FORMULA, _BOOL_ERR, 0x203, 0x204, 0x27E, 0xFD, 0xD6}
_MULTIPLE_RK = 0xBD
_MAX_ROWS, _MAX_COLUMNS = 65536, 256
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_OBJECT_KINDS = {8: "picture", 5: "chart", 25: None}  # 25: a comment's own box
_CONTROLS = {7, 11, 12, 16, 17, 18, 20}


def read_biff(stream: bytes, max_cells: int) -> WorkbookDetails:
    """Details of every worksheet. Raises WorkbookRefused: password_protected, too_many_cells, truncated."""
    details = WorkbookDetails({})
    starts: list[tuple[int, str]] = []
    for kind, body in _records(stream, 0):
        if kind == _FILEPASS:
            raise WorkbookRefused("password_protected")
        if kind == _DATE_1904:
            details.is_1904 = body[:2] == b"\1\0"
        elif kind == _BOUNDSHEET and len(body) >= 8 and body[5] == 0:
            starts.append((struct.unpack_from("<I", body)[0], _short_text(body[6:])))
    for start, name in starts:
        details.sheets[name] = _read_sheet(stream, start, name, max_cells)
    return details


def _read_sheet(stream: bytes, start: int, name: str, max_cells: int) -> SheetDetails:
    errors: dict[Position, CellError] = {}
    notes: dict[int, Position] = {}
    texts: dict[int, str] = {}
    hidden_rows: set[int] = set()
    hidden_columns: set[int] = set()
    drawings: set[str] = set()
    height = width = current_object = 0
    awaited: int | None = None
    for kind, body in _records(stream, start):
        if kind in _VALUE_RECORDS or kind == _MULTIPLE_RK:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MULTIPLE_RK else column
            height, width = max(height, row + 1), max(width, last + 1)
            code = _error_code(kind, body)
            if code is not None:
                errors[row, column] = CellError(_ERRORS.get(code, "#N/A"))
        elif kind == _DIMENSIONS and len(body) >= 12:
            rows, columns = struct.unpack_from("<I2xH", body, 4)
            if rows > _MAX_ROWS or columns > _MAX_COLUMNS:  # more than the format can hold: readers that believe it run out of memory
                raise WorkbookRefused("too_many_cells", sheet=name, seen=f"{rows}×{columns}", limit=f"{max_cells:,}")
        elif kind == _ROW and len(body) >= 16 and body[12] & 0x20:
            hidden_rows.add(struct.unpack_from("<H", body)[0])
        elif kind == _COLINFO and len(body) >= 10 and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            hidden_columns.update(range(first, min(last + 1, _MAX_COLUMNS)))
        elif kind == _NOTE and len(body) >= 8:
            row, column, current = struct.unpack_from("<HH2xH", body)
            notes[current] = row, column
        elif kind == _OBJ and len(body) >= 8:
            object_type, current_object = struct.unpack_from("<HH", body, 4)
            drawn = "control" if object_type in _CONTROLS else _OBJECT_KINDS.get(object_type, "shape")
            drawings |= {drawn} if drawn else set()
        elif kind == _TXO:
            awaited = current_object
        elif kind == _CONTINUE and awaited is not None:
            texts[awaited] = _flagged_text(body)
            awaited = None
    if height * width > max_cells:
        raise WorkbookRefused("too_many_cells", sheet=name, seen=cell_name(height - 1, width - 1), limit=f"{max_cells:,}")
    return SheetDetails(
        troubles=errors,
        comments={position: texts[current].strip() for current, position in notes.items() if texts.get(current, "").strip()},
        hidden_rows=frozenset(hidden_rows),
        hidden_columns=frozenset(hidden_columns),
        drawings=tuple(sorted(drawings)),
    )


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == _BOOL_ERR and len(body) >= 8 and body[7] == 1:
        return body[6]
    # A formula's result is a number unless its last two bytes are FFFF; then the first byte 2 says error and the third which.
    if kind == _FORMULA and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return body[8]
    return None


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Records of one substream; the substreams of charts drawn on a sheet lie inside it and are passed over."""
    depth, at, end = 0, start, len(stream)
    while at + 4 <= end:
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        if len(body) < length:
            break
        if kind == _BOF:
            depth += 1
        elif kind == _EOF:
            depth -= 1
            if depth <= 0:
                return
        elif depth == 1:
            yield kind, body
        elif depth == 0:
            break
    raise WorkbookRefused("truncated")


def _short_text(body: bytes) -> str:
    count, is_wide = body[0], body[1] & 1
    return body[2 : 2 + 2 * count].decode("utf-16-le", errors="replace") if is_wide else body[2 : 2 + count].decode("latin-1")


def _flagged_text(body: bytes) -> str:
    if not body:
        return ""
    return body[1:].decode("utf-16-le", errors="replace") if body[0] & 1 else body[1:].decode("latin-1")
