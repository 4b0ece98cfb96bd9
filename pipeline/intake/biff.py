"""What the main reader does not tell about an xls or et: password, epoch, errors, comments, formats, hidden rows, true extent.

Here: one walk over the BIFF8 records of the Workbook stream. Not here: the cell values (workbook.py, through calamine), the
sectors of the file (compound.py). Record layouts after [MS-XLS].
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipeline.intake.grid import CellError, Position, SheetDetails, WorkbookDetails, cell_name
from pipeline.intake.number_formats import telling_formats
from pipeline.intake.refusals import WorkbookRefused

_BOF, _EOF, _FILEPASS, _DATE_1904, _BOUNDSHEET, _FORMAT, _XF = 0x0809, 0x0A, 0x2F, 0x22, 0x85, 0x41E, 0xE0
_FORMULA, _BOOL_ERR, _MULTIPLE_RK = 0x06, 0x205, 0xBD
_VALUES = {_FORMULA, _BOOL_ERR, _MULTIPLE_RK, 0x203, 0x204, 0x27E, 0xFD, 0xD6}
_DIMENSIONS, _ROW, _COLUMNS = 0x200, 0x208, 0x7D
_NOTE, _OBJECT, _OBJECT_TEXT, _CONTINUE = 0x1C, 0x5D, 0x1B6, 0x3C
_MAX_ROWS, _MAX_COLUMNS = 65536, 256
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}
_COMMENT_BOX = 25
_OBJECT_KINDS = {8: "picture", 5: "chart"} | dict.fromkeys((7, 11, 12, 16, 17, 18, 20), "control")
_BIFF8 = b"\x00\x06"


def read_biff(stream: bytes, max_cells: int) -> WorkbookDetails:
    """Details of every worksheet. Raises WorkbookRefused: password_protected, too_many_cells, truncated, unreadable."""
    details = WorkbookDetails({})
    if stream[4:6] != _BIFF8:  # Excel 95 and before: the values are all there is
        return details
    starts: list[tuple[int, str]] = []
    custom: dict[int, str] = {}
    styles: list[int] = []
    try:
        for kind, body in _records(stream, 0):
            if kind == _FILEPASS:
                raise WorkbookRefused("password_protected")
            if kind == _DATE_1904:
                details.is_1904 = body[:2] == b"\1\0"
            elif kind == _FORMAT:
                custom[struct.unpack_from("<H", body)[0]] = _text(body, 2, 2)
            elif kind == _XF:
                styles.append(struct.unpack_from("<H", body, 2)[0])
            elif kind == _BOUNDSHEET and body[5] == 0:
                starts.append((struct.unpack_from("<I", body)[0], _text(body, 6, 1)))
        formats = telling_formats(custom, styles)
        for start, name in starts:
            walk = _SheetWalk(name, formats)
            for kind, body in _records(stream, start):
                walk.take(kind, body)
            details.sheets[name] = walk.details(max_cells)
    except (struct.error, IndexError) as error:
        raise WorkbookRefused("unreadable") from error
    return details


@dataclass
class _SheetWalk:
    """One sheet while its records go by."""

    name: str
    formats: Mapping[int, str]
    height: int = 0
    width: int = 0
    errors: dict[Position, CellError] = field(default_factory=dict)
    telling: dict[Position, str] = field(default_factory=dict)
    notes: dict[int, Position] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    drawings: set[str] = field(default_factory=set)
    current_object: int = 0
    is_text_next: bool = False

    def take(self, kind: int, body: bytes) -> None:
        if kind in _VALUES:
            self._take_values(kind, body)
        elif kind == _DIMENSIONS:
            self._check_dimensions(*struct.unpack_from("<IIHH", body))
        elif kind == _ROW and body[12] & 0x20:
            self.hidden_rows.add(struct.unpack_from("<H", body)[0])
        elif kind == _COLUMNS and body[8] & 1:
            first, last = struct.unpack_from("<HH", body)
            self.hidden_columns.update(range(first, min(last + 1, _MAX_COLUMNS)))
        else:
            self._take_object(kind, body)

    def _check_dimensions(self, top: int, rows: int, left: int, columns: int) -> None:
        """A reader that believes dimensions which cannot be runs out of memory."""
        if rows > _MAX_ROWS or columns > _MAX_COLUMNS:
            raise WorkbookRefused("too_many_cells", sheet=self.name, seen=f"{rows}×{columns}", limit=f"{_MAX_ROWS}×{_MAX_COLUMNS}")
        if top > rows or left > columns:
            raise WorkbookRefused("unreadable")

    def _take_values(self, kind: int, body: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", body)
        last, styles = column, [style]
        if kind == _MULTIPLE_RK:
            (last,) = struct.unpack_from("<H", body, len(body) - 2)
            styles = [struct.unpack_from("<H", body, offset)[0] for offset in range(4, len(body) - 2, 6)]
        self.height, self.width = max(self.height, row + 1), max(self.width, last + 1)
        self.telling.update({(row, column + at): self.formats[style] for at, style in enumerate(styles) if style in self.formats})
        code = _error_code(kind, body)
        if code is not None:
            self.errors[row, column] = CellError(_ERRORS.get(code, "#N/A"))

    def _take_object(self, kind: int, body: bytes) -> None:
        if kind == _NOTE:
            row, column, current = struct.unpack_from("<HH2xH", body)
            self.notes[current] = row, column
        elif kind == _OBJECT:
            object_type, self.current_object = struct.unpack_from("<HH", body, 4)
            if object_type != _COMMENT_BOX:
                self.drawings.add(_OBJECT_KINDS.get(object_type, "shape"))
        elif kind == _CONTINUE and self.is_text_next and body:
            self.texts[self.current_object] = body[1:].decode("utf-16-le" if body[0] & 1 else "latin-1", errors="replace").strip()
        self.is_text_next = kind == _OBJECT_TEXT

    def details(self, max_cells: int) -> SheetDetails:
        if self.height * self.width > max_cells:
            seen = cell_name(self.height - 1, self.width - 1)
            raise WorkbookRefused("too_many_cells", sheet=self.name, seen=seen, limit=f"{max_cells:,}")
        return SheetDetails(
            troubles=self.errors,
            comments={place: self.texts[key] for key, place in self.notes.items() if self.texts.get(key)},
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.hidden_columns),
            drawings=tuple(sorted(self.drawings)),
            format_reader=lambda: self.telling,
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


def _text(body: bytes, at: int, count_bytes: int) -> str:
    """A string with its length in `count_bytes` bytes, a flag for two-byte characters, then the characters."""
    count = int.from_bytes(body[at : at + count_bytes], "little")
    at += count_bytes
    is_wide, at = body[at] & 1, at + 1
    return body[at : at + 2 * count].decode("utf-16-le", errors="replace") if is_wide else body[at : at + count].decode("latin-1")
