"""Sheets as content, and workbooks as bytes.

Here: `Page`, a sheet's cells together with the facts they state, recorded before anything is formatted; and the one place
where openpyxl writes. Not here: which cells a sheet has (tally.py, ledgers.py, registers.py).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet
from openpyxl.writer.excel import ExcelWriter

from .wording import Written

FICTIONAL = "示例数据（虚构）"
EPOCH = datetime(2024, 1, 1)


@dataclass(frozen=True, slots=True)
class Fact:
    """One number (or one due cell without a number) as meant, and the cell that states it.

    `written` holds value and bounds in `unit`; `true_value` is the number behind an approximation, or behind a cell that
    lost it (None where nothing was meant). `expect` says what must become of it when its file is the only one of its kind.
    """

    row: int
    column: int
    form: str
    channel: str
    measure: str
    unit: str
    kind: str
    subject: str
    town: str | None
    community: str | None
    start: date
    end: date
    written: Written
    true_value: float | None
    expect: str = "stands"
    note: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    event_id: str | None = None


@dataclass
class Page:
    """One sheet: cells by (row, column), 1-based; `heads` and `body` are inclusive row ranges that get a grid of lines."""

    name: str
    reporter: str
    cells: dict[tuple[int, int], Any] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    left: int = 1
    width: int = 1
    title_row: int = 1
    heads: tuple[int, int] = (2, 2)
    body: tuple[int, int] = (3, 3)
    widths: Mapping[int, float] = field(default_factory=dict)

    def put(self, row: int, column: int, value: Any) -> None:
        if value is not None:
            self.cells[row, column] = value

    def put_row(self, row: int, values: Sequence[Any], column: int = 1) -> None:
        for offset, value in enumerate(values):
            self.put(row, column + offset, value)

    def merge(self, row: int, column: int, last_row: int, last_column: int) -> None:
        if (row, column) != (last_row, last_column):
            self.merges.append((row, column, last_row, last_column))

    def state(self, fact: Fact) -> None:
        """Record a fact, then write its cell."""
        self.facts.append(fact)
        self.put(fact.row, fact.column, fact.written.cell)


def address(row: int, column: int) -> str:
    return f"{get_column_letter(column)}{row}"


def workbook_bytes(pages: Sequence[Page]) -> bytes:
    """The pages as xlsx. Same pages, same bytes: no clock, no machine."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for style in _styles():
        book.add_named_style(style)
    for page in pages:
        _fill(book.create_sheet(page.name), page)
    book.properties.creator = FICTIONAL
    book.properties.created = book.properties.modified = EPOCH
    buffer = BytesIO()
    ExcelWriter(book, _TimelessZip(buffer, "w", ZIP_DEFLATED)).save()
    return buffer.getvalue()


class _TimelessZip(ZipFile):
    """A zip whose entries all bear one date, so that equal workbooks are equal files."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, compress_type: int | None = None, compresslevel: int | None = None) -> None:
        name = zinfo_or_arcname if isinstance(zinfo_or_arcname, str) else zinfo_or_arcname.filename
        entry = ZipInfo(name, EPOCH.timetuple()[:6])
        super().writestr(entry, data, compress_type or ZIP_DEFLATED, compresslevel)

    def write(self, filename: Any, arcname: Any = None, compress_type: int | None = None, compresslevel: int | None = None) -> None:
        with open(filename, "rb") as file:
            self.writestr(str(arcname or filename), file.read(), compress_type, compresslevel)


def _styles() -> list[NamedStyle]:
    thin = Side(style="thin", color="808080")
    box = Border(left=thin, right=thin, top=thin, bottom=thin)
    centre = Alignment(horizontal="center", vertical="center", wrap_text=True)
    return [
        NamedStyle("题", font=Font(name="宋体", size=16, bold=True), alignment=Alignment(horizontal="center", vertical="center")),
        NamedStyle("头", font=Font(name="宋体", size=10, bold=True), alignment=centre, border=box, fill=PatternFill("solid", fgColor="EDEDED")),
        NamedStyle("格", font=Font(name="宋体", size=10), alignment=centre, border=box),
        NamedStyle("日", font=Font(name="宋体", size=10), alignment=centre, border=box, number_format="yyyy-mm-dd"),
        NamedStyle("注", font=Font(name="宋体", size=10)),
    ]


def _fill(sheet: Worksheet, page: Page) -> None:
    columns = range(page.left, page.left + page.width)
    for row in range(page.heads[0], page.heads[1] + 1):
        for column in columns:
            sheet.cell(row, column, page.cells.get((row, column))).style = "头"
    for row in range(page.body[0], page.body[1] + 1):
        for column in columns:
            value = page.cells.get((row, column))
            sheet.cell(row, column, value).style = "日" if isinstance(value, date) else "格"
    is_gridded = set(range(page.heads[0], page.heads[1] + 1)) | set(range(page.body[0], page.body[1] + 1))
    for (row, column), value in page.cells.items():
        if row not in is_gridded or column not in columns:
            sheet.cell(row, column, value).style = "题" if row == page.title_row else "注"
    for row, column, last_row, last_column in page.merges:
        # Not merge_cells(): it works out borders cell by cell, which takes longer than all the rest; every cell has its style already.
        sheet.merged_cells.add(f"{address(row, column)}:{address(last_row, last_column)}")
    sheet.sheet_format.defaultColWidth = 10
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    for column, width in page.widths.items():
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[page.title_row].height = sheet.row_dimensions[page.heads[1]].height = 28
