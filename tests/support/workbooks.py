"""Builders of test workbooks: ordinary ones, damaged ones, and the binary formats no library here writes.

Here: bytes and files. Not here: what they should mean (the tests say that).
"""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from openpyxl import Workbook

Rows = Sequence[Sequence[object]]

FORMATS = Path(__file__).parents[1] / "spreadsheets" / "formats"
"""The same fictional sheet, saved once as xls and as ods by an office program."""

CALCULATED = '<row r="1"><c r="A1"><v>1</v></c></row>'


def write_xlsx(path: Path, sheets: Mapping[str, Rows] | Rows, *, merges: Iterable[str] = (), hidden: Iterable[str] = ()) -> Path:
    """Rows from A1 on, one sheet or several by name; `merges` apply to the first sheet."""
    book = Workbook()
    book.remove(book.worksheets[0])
    named = sheets if isinstance(sheets, Mapping) else {"Sheet1": sheets}
    for name, rows in named.items():
        sheet = book.create_sheet(name)
        for row, values in enumerate(rows, 1):
            for column, value in enumerate(values, 1):
                if value is not None:
                    sheet.cell(row, column, value)  # type: ignore[arg-type]
        if name in hidden:
            sheet.sheet_state = "hidden"
    for area in merges:
        book.worksheets[0].merge_cells(area)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def rewrite(path: Path, changes: Mapping[str, bytes | Callable[[bytes], bytes] | None], to: Path | None = None) -> Path:
    """The same package with parts replaced, edited, added, or left out (None)."""
    source = zipfile.ZipFile(io.BytesIO(path.read_bytes()))
    parts = {name: source.read(name) for name in source.namelist()}
    for name, change in changes.items():
        if change is None:
            del parts[name]
        else:
            parts[name] = change(parts[name]) if callable(change) else change
    return write_zip(to or path, parts)


def write_zip(path: Path, parts: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for name, content in parts.items():
            target.writestr(name, content)
    return path


def sheet_xml(cells: str, tail: str = "") -> bytes:
    """A worksheet part around <row> elements; `tail` follows the sheet's data."""
    namespace = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{namespace}"><sheetData>{cells}</sheetData>{tail}</worksheet>'.encode()


def write_sheet_xml(path: Path, cells: str, tail: str = "") -> Path:
    """A workbook of one sheet whose XML is written by hand."""
    return rewrite(write_xlsx(path, [[None]]), {"xl/worksheets/sheet1.xml": sheet_xml(cells, tail)})


# ---- OLE2 and BIFF8 ---------------------------------------------------------------------------------------------------------------

_SECTOR = 512
_END, _FAT_SECTOR, _FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def compound_file(streams: Mapping[str, bytes], *, is_looping: bool = False) -> bytes:
    """An OLE2 file: one FAT sector, one directory sector (three streams at most), each stream padded beyond the mini stream's limit.

    `is_looping`: the last sector of every stream points back to its first.
    """
    padded = {name: content.ljust(max(4096, -(-len(content) // _SECTOR) * _SECTOR), b"\0") for name, content in streams.items()}
    fat, starts, body = [_FAT_SECTOR, _END], [], b""
    for content in padded.values():
        first, count = len(fat), len(content) // _SECTOR
        starts.append(first)
        fat += [*range(first + 1, first + count), first if is_looping else _END]
        body += content
    assert len(fat) <= _SECTOR // 4
    assert len(streams) <= 3
    directory = _directory_entry("Root Entry", 5, 1, _END, 0)
    for index, (name, content) in enumerate(padded.items(), 1):
        following = index + 1 if index < len(padded) else _FREE
        directory += _directory_entry(name, 2, _FREE, starts[index - 1], len(content), right=following)
    header = (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, _END, 0, _END, 0)
    )
    header += struct.pack("<I", 0) + struct.pack("<I", _FREE) * 108
    table = struct.pack(f"<{len(fat)}I", *fat) + struct.pack("<I", _FREE) * (_SECTOR // 4 - len(fat))
    return header.ljust(_SECTOR, b"\0") + table + directory.ljust(_SECTOR, b"\0") + body


def _directory_entry(name: str, kind: int, child: int, start: int, size: int, right: int = _FREE) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    entry = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text), kind, 1, _FREE, right, child)
    return entry + bytes(36) + struct.pack("<IQ", start, size)


def biff(kind: int, body: bytes = b"") -> bytes:
    """One BIFF record."""
    return struct.pack("<HH", kind, len(body)) + body


def biff_workbook(records: bytes, *, workbook_records: bytes = b"", name: str = "Sheet1") -> bytes:
    """The Workbook stream of an xls with one sheet made of `records`."""
    bof = biff(0x809, struct.pack("<HHHHII", 0x600, 5, 0x1FAF, 0x7CC, 0, 6))
    sheet = biff(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0x1FAF, 0x7CC, 0, 6)) + records + biff(0x0A)
    title = name.encode("utf-16-le")
    described = struct.pack("<BB", len(name), 1) + title

    def book(offset: int) -> bytes:
        return bof + workbook_records + biff(0x85, struct.pack("<IBB", offset, 0, 0) + described) + biff(0x0A)

    return book(len(book(0))) + sheet


def write_xls(path: Path, records: bytes, *, workbook_records: bytes = b"") -> Path:
    path.write_bytes(compound_file({"Workbook": biff_workbook(records, workbook_records=workbook_records)}))
    return path


# ---- xlsb -------------------------------------------------------------------------------------------------------------------------


def brt(kind: int, body: bytes = b"") -> bytes:
    """One xlsb record."""
    head = bytes([kind]) if kind < 0x80 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length, tail = len(body), b""
    while True:
        piece, length = length & 0x7F, length >> 7
        tail += bytes([piece | (0x80 if length else 0)])
        if not length:
            return head + tail + body


def wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def brt_cell(kind: int, column: int, value: bytes) -> bytes:
    return brt(kind, struct.pack("<II", column, 0) + value)


def brt_row(row: int, *, is_hidden: bool = False) -> bytes:
    return brt(0, struct.pack("<IIHBBBI", row, 0, 300, 0, 0x10 if is_hidden else 0, 0, 0))


def write_xlsb(path: Path, sheet: bytes, *, after: bytes = b"", is_1904: bool = False, comments: bytes | None = None) -> Path:
    """An xlsb of one sheet: `sheet` are rows and cells, `after` what follows the sheet's data."""
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

    def rels(*items: tuple[str, str]) -> bytes:
        inner = "".join(f'<Relationship Id="rId{n}" Type="{office}/{kind}" Target="{target}"/>' for n, (kind, target) in enumerate(items, 1))
        return f'<Relationships xmlns="{relations}">{inner}</Relationships>'.encode()

    bundle = brt(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("统计"))
    parts = {
        "[Content_Types].xml": b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": rels(("officeDocument", "xl/workbook.bin")),
        "xl/workbook.bin": brt(131) + brt(153, struct.pack("<II", int(is_1904), 0) + wide("")) + brt(143) + bundle + brt(144) + brt(132),
        "xl/_rels/workbook.bin.rels": rels(("worksheet", "worksheets/sheet1.bin")),
        "xl/worksheets/sheet1.bin": brt(129) + brt(148, struct.pack("<4I", 0, 0, 0, 0)) + brt(145) + sheet + brt(146) + after + brt(130),
    }
    if comments is not None:
        parts["xl/worksheets/_rels/sheet1.bin.rels"] = rels(("comments", "../comments1.bin"))
        parts["xl/comments1.bin"] = comments
    return write_zip(path, parts)
