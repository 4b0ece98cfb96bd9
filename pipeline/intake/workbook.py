"""Open any file an analyst hands in as grids of cells at their true positions, or refuse it with the reason.

Here: what a file really is (by content, never by name) and the values of its cells, through python-calamine. Not here: what
values alone do not tell (ooxml.py, biff.py, opendocument.py, xlsb.py), text files (delimited.py), protection against files that
crash the reader (isolation.py), what a table is (layout.py).
"""

from __future__ import annotations

import io
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from pipeline.intake.biff import read_biff
from pipeline.intake.compound import CompoundFile
from pipeline.intake.delimited import read_delimited
from pipeline.intake.grid import CellError, CellValue, Position, Range, Sheet, SheetDetails, UncachedFormula, Workbook, WorkbookDetails
from pipeline.intake.ooxml import main_part, read_details
from pipeline.intake.opendocument import read_opendocument
from pipeline.intake.packages import MIB, Package
from pipeline.intake.refusals import WorkbookRefused
from pipeline.intake.xlsb import read_xlsb

__all__ = ["CellError", "Sheet", "UncachedFormula", "Workbook", "WorkbookRefused", "check_inside", "open_workbook"]

_OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"

_FOREIGN: tuple[tuple[bytes, str, str], ...] = (
    (b"%PDF", "PDF 文件", "a PDF"),
    (b"\x89PNG", "图片", "a picture"),
    (b"\xff\xd8\xff", "图片", "a picture"),
    (b"GIF8", "图片", "a picture"),
    (b"BM", "图片", "a picture"),
    (b"{\\rtf", "RTF 文档", "an RTF document"),
    (b"Rar!", "压缩包，请解压后放入里面的表格", "an archive; unpack it and drop the spreadsheets inside"),
    (b"7z\xbc\xaf", "压缩包，请解压后放入里面的表格", "an archive; unpack it and drop the spreadsheets inside"),
    (b"\x1f\x8b", "压缩包，请解压后放入里面的表格", "an archive; unpack it and drop the spreadsheets inside"),
)


def open_workbook(path: str | Path, *, max_cells: int = 2_000_000, max_file_mib: int = 64) -> Workbook:
    """Read one file whole. `max_cells` bounds each sheet's rows × columns, `max_file_mib` the file's size.

    Raises WorkbookRefused and nothing else for a file that cannot be read; a hostile one may still abort the process
    (isolation.py contains that).
    """
    path = Path(path)
    if path.name.startswith(("~$", ".~")):
        raise WorkbookRefused("lock_file")
    workbook = _open(path, _bytes(path, max_file_mib), max_cells)
    if not any(sheet.rows for sheet in workbook.sheets):
        raise WorkbookRefused("empty")
    return workbook


def check_inside(path: Path, root: Path) -> None:
    """Refuse (links_outside) a path that, with all links resolved, does not lie below `root`."""
    try:
        is_inside = path.resolve(strict=True).is_relative_to(root.resolve(strict=True))
    except RuntimeError as error:  # a link that leads to itself
        raise WorkbookRefused("links_outside") from error
    except OSError as error:
        raise WorkbookRefused("links_outside" if path.is_symlink() else "missing") from error
    if not is_inside:
        raise WorkbookRefused("links_outside")


def _bytes(path: Path, max_file_mib: int) -> bytes:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > max_file_mib * MIB:
                raise WorkbookRefused("too_large", seen=f"{size / MIB:.0f} MiB", limit=f"{max_file_mib} MiB")
            data = file.read()
    except FileNotFoundError as error:
        raise WorkbookRefused("missing") from error
    except OSError as error:
        raise WorkbookRefused("unreadable") from error
    if not data.strip(b"\0\r\n\t "):
        raise WorkbookRefused("empty")
    return data


def _open(path: Path, data: bytes, max_cells: int) -> Workbook:
    if data.startswith(_ZIP):
        return _open_package(Package(data), data, max_cells)
    if data.startswith(_OLE2):
        return _open_ole2(data, path.name, max_cells)
    _refuse_foreign(data)
    return read_delimited(data, path.stem, max_cells)


def _refuse_foreign(data: bytes) -> None:
    for mark, zh, en in _FOREIGN:
        if data.startswith(mark):
            raise WorkbookRefused("not_a_spreadsheet", seen=zh, seen_en=en)
    head = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").replace(b"\0", b"").lower()
    if head.startswith((b"<html", b"<!doctype html", b"<table", b"<head", b"<meta", b"<style", b"<body")) or b"<html" in head:
        raise WorkbookRefused("exported_markup", seen="网页（HTML）", seen_en="a web page (HTML)")
    if head.startswith(b"mime-version:"):
        raise WorkbookRefused("exported_markup", seen="网页存档（MHT）", seen_en="a web archive (MHT)")
    if head.startswith(b"<?xml") or b"schemas-microsoft-com:office:spreadsheet" in head:
        raise WorkbookRefused("exported_markup", seen="XML 表格", seen_en="an XML spreadsheet")


def _open_package(package: Package, data: bytes, max_cells: int) -> Workbook:
    if "mimetype" in package and "content.xml" in package:
        sheets = read_opendocument(package, max_cells)
        return _workbook("ods", data, WorkbookDetails(sheets))
    main = main_part(package) if "[Content_Types].xml" in package else ""
    if main not in package or main.startswith(("word/", "ppt/", "visio/")):
        seen, seen_en = _package_content(main)
        raise WorkbookRefused("not_a_spreadsheet", seen=seen, seen_en=seen_en)
    if main.endswith(".bin"):
        return _workbook("xlsb", data, read_xlsb(package, main, max_cells))
    with _refusing():
        details = read_details(package, main, max_cells)
    kind = "xlsm" if "xl/vbaProject.bin" in package else "xlsx"
    try:
        return _workbook(kind, data, details)
    except WorkbookRefused as refusal:
        return _second_opinion(kind, package, data, details, refusal)


def _package_content(main: str) -> tuple[str, str]:
    if main.startswith("word/"):
        return "Word 文档", "a Word document"
    if main.startswith("ppt/"):
        return "演示文稿", "a presentation"
    return "压缩包，请解压后放入里面的表格", "an archive; unpack it and drop the spreadsheets inside"


def _open_ole2(data: bytes, name: str, max_cells: int) -> Workbook:
    file = CompoundFile(data)
    if "EncryptedPackage" in file.names:
        raise WorkbookRefused("password_protected")
    stream = next((stream for stream in ("Workbook", "Book") if stream in file.names), None)
    if stream is None:
        is_word = "WordDocument" in file.names
        seen, seen_en = ("Word 文档", "a Word document") if is_word else ("其他类型的 Office 文件", "another kind of Office file")
        raise WorkbookRefused("not_a_spreadsheet", seen=seen, seen_en=seen_en)
    kind = "et" if name.lower().endswith(".et") or "ETExtData" in file.names else "xls"
    return _workbook(kind, data, read_biff(file.stream(stream), max_cells))


def _workbook(kind: str, data: bytes, details: WorkbookDetails) -> Workbook:
    """Every worksheet's values through calamine; sheets that are only a chart or a macro have no cells and are left out."""
    sheets, drawings = [], {name: sheet.drawings for name, sheet in details.sheets.items() if sheet.drawings}
    with _refusing(), CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
        for about in book.sheets_metadata:
            if about.typ == SheetTypeEnum.WorkSheet:
                is_visible = about.visible == SheetVisibleEnum.Visible
                sheets.append(_sheet(book.get_sheet_by_name(about.name), is_visible, details.sheets.get(about.name) or SheetDetails()))
            else:
                drawings[about.name] = ("chart_sheet",)
    return Workbook(kind, tuple(sheets), details.is_1904, drawings)


def _sheet(read: CalamineSheet, is_visible: bool, details: SheetDetails) -> Sheet:
    rows = cast(list[list[CellValue]], read.to_python(skip_empty_area=False))
    for row in rows:
        if "" in row:
            row[:] = [None if value == "" else value for value in row]
    merges = details.merges
    if merges is None:
        merges = tuple(sorted((top, left, bottom, right) for (top, left), (bottom, right) in read.merged_cell_ranges or ()))
    return _assembled(read.name, rows, merges, is_visible, details)


def _assembled(name: str, rows: list[list[CellValue]], merges: tuple[Range, ...], is_visible: bool, details: SheetDetails) -> Sheet:
    if details.troubles:
        _place(rows, details.troubles)
    bottom, right = len(rows) - 1, len(rows[0]) - 1 if rows else -1
    # A merge over whole rows or columns reaches to the sheet's end; nobody should walk there.
    within = ((top, left, min(low, bottom), min(far, right)) for top, left, low, far in merges)
    merges = tuple((top, left, low, far) for top, left, low, far in within if low >= top and far >= left and (low, far) != (top, left))
    return Sheet(name, rows, merges, is_visible, details.comments, details.hidden_rows, details.hidden_columns, details.format_reader)


def _place(rows: list[list[CellValue]], troubles: Mapping[Position, CellError | UncachedFormula]) -> None:
    """Put what the value reader takes for blanks where it stands; such a cell may lie outside the area the reader saw."""
    height = max(len(rows), max(row for row, _ in troubles) + 1)
    width = max(len(rows[0]) if rows else 0, max(column for _, column in troubles) + 1)
    for row in rows:
        row.extend([None] * (width - len(row)))
    rows.extend([None] * width for _ in range(height - len(rows)))
    for (row, column), trouble in troubles.items():
        rows[row][column] = trouble


@contextmanager
def _refusing() -> Iterator[None]:
    """Turn what calamine raises into refusals; a Rust panic arrives as a BaseException that cannot be imported."""
    try:
        yield
    except PasswordError as error:
        raise WorkbookRefused("password_protected") from error
    except (CalamineError, OSError, ValueError, UnicodeError) as error:
        raise WorkbookRefused("unreadable") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise WorkbookRefused("unreadable") from error


def _second_opinion(kind: str, package: Package, data: bytes, details: WorkbookDetails, refusal: WorkbookRefused) -> Workbook:
    """openpyxl reads some workbooks that calamine refuses; when it cannot either, the first refusal stands."""
    from pipeline.intake.second_reader import load

    try:
        book = load(package, data)
    except WorkbookRefused as second:
        raise (refusal if second.reason == "unreadable" else second) from second
    sheets = []
    for sheet in book.worksheets:
        rows = [list(row) for row in sheet.iter_rows(min_row=1, min_col=1, values_only=True)]
        merges = tuple(sorted((area.min_row - 1, area.min_col - 1, area.max_row - 1, area.max_col - 1) for area in sheet.merged_cells.ranges))
        own = details.sheets.get(sheet.title) or SheetDetails()
        sheets.append(_assembled(sheet.title, cast(list[list[CellValue]], rows), merges, sheet.sheet_state == "visible", own))
    return Workbook(kind, tuple(sheets), details.is_1904, {name: own.drawings for name, own in details.sheets.items() if own.drawings})
