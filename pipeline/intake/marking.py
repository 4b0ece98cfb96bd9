"""The copy that goes back to the analyst: the same sheets, wrong cells coloured and commented, saved as the same bytes every time.

Here: making the copy (openpyxl keeps the formatting of xlsx and xlsm; anything else is built anew from what was read), colouring,
comments, saving. Not here: the list on the first sheet and safe text (explanation.py) and recognising a copy (returned.py).
"""

from __future__ import annotations

import io
import os
import re
import tempfile
import warnings
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import cast

from openpyxl import Workbook as Book
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.intake.explanation import AMBER, RED, add_explanation, display_width, put_text
from pipeline.intake.grid import CellError, Sheet, UncachedFormula, Workbook, cell_name, position
from pipeline.intake.packages import Package
from pipeline.intake.records import Rejection, Severity
from pipeline.intake.refusals import WorkbookRefused
from pipeline.intake.returned import COMMENT_MARK, RETURNED_SHEET, our_sheets
from pipeline.intake.second_reader import load
from pipeline.intake.workbook import open_workbook

AUTHOR = "数据核对"
MAX_COMMENTS = 2000
MAX_COLOURED_CELLS = 10_000
MAX_COPIED_CELLS = 300_000
"""A larger workbook comes back as the list alone: copying it would take minutes and gigabytes."""
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_CELL = re.compile(r"\$?[A-Z]{1,3}\$?[1-9]\d{0,6}(:\$?[A-Z]{1,3}\$?[1-9]\d{0,6})?")
_FORBIDDEN_IN_TITLES = re.compile(r"[\[\]:*?/\\]")

LOST = {
    "picture": "图片",
    "shape": "图形、文本框",
    "chart": "图表（外观可能有变化）",
    "control": "按钮等控件",
    "ole_object": "嵌入的对象",
    "diagram": "SmartArt 图示",
    "slicer": "切片器",
    "threaded_comments": "批注的对话（文字已保留）",
    "chart_sheet": "单独成页的图表",
}


class Copy:
    """A workbook on its way back. `losses` names in Chinese what it could not keep."""

    def __init__(self, book: Book, name: str, titles: dict[str, str], losses: list[str]) -> None:
        self._book, self._name, self._titles, self.losses = book, name, titles, losses

    @classmethod
    def without_content(cls, original: Path) -> Copy:
        """For a file that cannot be opened: a workbook without the analyst's sheets."""
        book = Book()
        book.remove(book.worksheets[0])
        return cls(book, original.name, {}, [])

    @classmethod
    def of(cls, original: Path) -> Copy:
        """The analyst's workbook; marks of an earlier return are taken off."""
        try:
            read = open_workbook(original, max_cells=1 << 31, max_file_mib=1 << 20)  # the reader's limits were kept when it was read
        except WorkbookRefused:
            return cls.without_content(original)
        if sum(len(sheet.rows) * len(sheet.rows[0]) for sheet in read.sheets if sheet.rows) > MAX_COPIED_CELLS:
            copy = cls.without_content(original)
            copy.losses.append("原表内容（文件很大，请在原文件中改正）")
            return copy
        drawn = sorted({kind for kinds in read.drawings.values() for kind in kinds})
        if read.kind in {"xlsx", "xlsm"}:
            kept = _keep(original, read, drawn)
            if kept is not None:
                return kept
        book, titles = _build_anew(read)
        losses = ["字体颜色等格式、公式（只保留结果）"] if read.kind not in {"csv", "tsv"} else []
        return cls(book, original.name, titles, losses + [LOST[kind] for kind in drawn])

    def mark(self, points: Sequence[Rejection]) -> None:
        """Colour and comment the cells of the points; notes and points without a cell stand on the list only."""
        by_cell: dict[tuple[str, str], list[Rejection]] = {}
        for point in points:
            if point.severity in {Severity.ERROR, Severity.WARNING} and point.sheet in self._titles and _CELL.fullmatch(point.cell):
                by_cell.setdefault((point.sheet, point.cell), []).append(point)
        for number, ((sheet, area), here) in enumerate(by_cell.items()):
            cells = list(_cells(self._book[self._titles[sheet]], area))
            is_error = any(point.severity == Severity.ERROR for point in here)
            for cell in cells:
                if not (cell.fill.fgColor.rgb == RED and cell.fill.fill_type):  # a red cell stays red when an amber range covers it
                    cell.fill = PatternFill("solid", fgColor=RED if is_error else AMBER)
            if number < MAX_COMMENTS:
                _add_comment(cells[0], here)

    def explain(self, points: Sequence[Rejection], *, receipt: str | None, losses: Iterable[str], fingerprint: str) -> None:
        """Put 退回说明 before all other sheets and show it first."""
        sheet = self._book.create_sheet(RETURNED_SHEET, 0)
        add_explanation(sheet, points, self._titles, self._name, receipt=receipt, losses=[*self.losses, *losses], fingerprint=fingerprint)
        self._book.active = 0
        for other in self._book.worksheets:  # several selected sheets would all take what is typed into one
            other.sheet_view.tabSelected = other is sheet

    def save(self, to: Path) -> None:
        """Write next to `to`, then replace it; the same content gives the same bytes. Readable by its owner only."""
        buffer = io.BytesIO()
        self._book.save(buffer)
        to.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=to.parent, prefix=".returned-", suffix=".tmp")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(_repeatable(buffer.getvalue()))
            os.replace(temporary, to)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise


def _keep(original: Path, read: Workbook, drawn: list[str]) -> Copy | None:
    """The workbook through openpyxl, which keeps formats and formulas; None when it cannot read it."""
    data = original.read_bytes()
    has_macros = read.kind == "xlsm"
    keeps_macros = has_macros and original.suffix.lower() == ".xlsm"
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            book = load(Package(data), data, keep_vba=keeps_macros, rich_text=True)
        except WorkbookRefused:
            return None
    losses = [LOST[kind] for kind in drawn if kind != "chart_sheet"]
    losses += ["宏"] if has_macros and not keeps_macros else []
    losses += ["部分条件格式或数据验证"] if any("extension is not supported" in str(warning.message) for warning in said) else []
    ours = our_sheets(read)
    for sheet in book.worksheets:
        if sheet.title in ours:
            book.remove(sheet)
        else:
            _take_marks_off(sheet)
    return Copy(book, original.name, {sheet.title: sheet.title for sheet in book.worksheets}, losses)


def _take_marks_off(sheet: Worksheet) -> None:
    for cell in (cell for row in sheet.iter_rows() for cell in row if isinstance(cell, Cell)):
        if cell.has_style and cell.fill.fill_type == "solid" and cell.fill.fgColor.rgb in {RED, AMBER}:
            cell.fill = PatternFill()
        if cell.comment is not None and COMMENT_MARK in cell.comment.text:
            own = cell.comment.text.partition(COMMENT_MARK)[0].strip()
            cell.comment = _sized_comment(own, cell.comment.author) if own else None


def _build_anew(read: Workbook) -> tuple[Book, dict[str, str]]:
    book, titles = Book(), {}
    book.remove(book.worksheets[0])
    ours = our_sheets(read)
    for sheet in read.sheets:
        if sheet.name not in ours:
            made = book.create_sheet(_FORBIDDEN_IN_TITLES.sub("_", sheet.name)[:31] or "Sheet")
            titles[sheet.name] = made.title
            _fill(made, sheet)
    return book, titles


def _fill(made: Worksheet, sheet: Sheet) -> None:
    for row, values in enumerate(sheet.rows, 1):
        for column, value in enumerate(values, 1):
            if value is None:
                continue
            cell = cast(Cell, made.cell(row, column))
            if isinstance(value, CellError):
                cell.value = str(value)
                cell.data_type = "e"
            elif isinstance(value, str | UncachedFormula):
                put_text(cell, value)
            else:
                cell.value = value
            code = sheet.number_formats.get((row - 1, column - 1))
            if code and not isinstance(value, str):
                cell.number_format = code
    for (row, column), text in sheet.comments.items():
        if COMMENT_MARK not in text:
            made.cell(row + 1, column + 1).comment = _sized_comment(text, "")
    for top, left, bottom, right in sheet.merges:
        made.merge_cells(f"{cell_name(top, left)}:{cell_name(bottom, right)}")
    for column, values in enumerate(zip(*sheet.rows, strict=True), 1):
        widest = max((display_width(str(value)) for value in values if value is not None), default=0)
        made.column_dimensions[get_column_letter(column)].width = min(40, max(9, widest + 2))
    made.sheet_state = "visible" if sheet.is_visible else "hidden"


def _cells(sheet: Worksheet, area: str) -> Iterable[Cell]:
    """The cells of an area; a merged one counts once, as its top left."""
    first, _, last = area.partition(":")
    (top, left), (bottom, right) = position(first), position(last or first)
    found: dict[str, Cell] = {}
    for row in range(top, min(bottom, top + MAX_COLOURED_CELLS) + 1):
        for column in range(left, right + 1):
            cell = sheet.cell(row + 1, column + 1)
            if isinstance(cell, MergedCell):
                around = next(merged for merged in sheet.merged_cells.ranges if cell.coordinate in merged)
                cell = sheet.cell(around.min_row, around.min_col)
            found[cell.coordinate] = cast(Cell, cell)
            if len(found) >= MAX_COLOURED_CELLS:
                return found.values()
    return found.values()


def _add_comment(cell: Cell, points: Sequence[Rejection]) -> None:
    lines = []
    for point in points:
        lines += [f"看到：{point.text}"] if point.text else []
        lines += [point.message, *([f"建议：{point.suggestion}"] if point.suggestion else [])]
    ours = "\n".join(
        [COMMENT_MARK + ("红色：未载入" if any(point.severity == Severity.ERROR for point in points) else "黄色：已载入，请确认"), *lines]
    )
    before = cell.comment.text.strip() if cell.comment is not None else ""
    cell.comment = _sized_comment(f"{before}\n{ours}" if before else ours, AUTHOR)


def _sized_comment(text: str, author: str) -> Comment:
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    lines = sum(1 + len(line) // 20 for line in text.split("\n"))
    return Comment(text, author or "", width=320, height=min(420, 24 + 19 * lines))


def _repeatable(data: bytes) -> bytes:
    """The same package with fixed times, so that nothing but content makes two copies differ."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + datetime(*_FIXED_TIME).strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>", content)
            target.writestr(zipfile.ZipInfo(part.filename, _FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    return result.getvalue()
