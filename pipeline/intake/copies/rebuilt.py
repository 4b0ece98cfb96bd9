"""A new workbook made of what was read: for files that are no xlsx package, and for packages that cannot be patched.

Here: values, number formats, merges, comments and column widths through openpyxl, the marks, and the list alone where there is no content
to copy. Not here: copies that keep the analyst's own file (patched.py).
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from openpyxl import Workbook as Book
from openpyxl.cell.cell import Cell
from openpyxl.comments import Comment
from openpyxl.styles import PatternFill
from openpyxl.utils.cell import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.intake.copies.comments import AUTHOR, BOX_WIDTH, box_height
from pipeline.intake.copies.explanation import Explain, display_width, put_text, writable
from pipeline.intake.copies.marks import SheetMarks
from pipeline.intake.copies.parts import FIXED_TIME
from pipeline.intake.grid import CellError, Sheet, UncachedFormula, Workbook, cell_name
from pipeline.intake.returned import COMMENT_MARK, RETURNED_SHEET, our_sheets

MAX_COPIED_CELLS = 300_000
"""A larger workbook comes back as the list alone: writing it anew would take minutes and gigabytes."""
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
_FORBIDDEN_IN_TITLES = re.compile(r"[\[\]:*?/\\]")

LOST = {
    "picture": "图片",
    "shape": "图形、文本框",
    "chart": "图表",
    "control": "按钮等控件",
    "ole_object": "嵌入的对象",
    "diagram": "SmartArt 图示",
    "slicer": "切片器",
    "threaded_comments": "批注的对话（文字已保留）",
    "chart_sheet": "单独成页的图表",
}


def rebuilt(read: Workbook, marks: Mapping[str, SheetMarks], explain: Explain) -> bytes:
    """The copy as an xlsx; a workbook with too many cells comes back as the list alone."""
    if sum(len(sheet.rows) * len(sheet.rows[0]) for sheet in read.sheets if sheet.rows) > MAX_COPIED_CELLS:
        return list_alone(explain, ["原表内容（文件很大，请在原文件中改正）"])
    book, titles = Book(), {}
    book.remove(book.worksheets[0])
    ours = our_sheets(read)
    for sheet in read.sheets:
        if sheet.name not in ours:
            made = book.create_sheet(_FORBIDDEN_IN_TITLES.sub("_", sheet.name)[:31] or "Sheet")
            titles[sheet.name] = made.title
            _fill(made, sheet)
            _mark(made, marks.get(sheet.name) or SheetMarks())
    losses = ["字体颜色等格式、公式（只保留结果）"] if read.kind not in {"csv", "tsv"} else []
    losses += [LOST[kind] for kind in sorted({kind for kinds in read.drawings.values() for kind in kinds})]
    return _finished(book, explain, titles, losses)


def list_alone(explain: Explain, losses: Sequence[str] = ()) -> bytes:
    """A workbook without the analyst's sheets."""
    book = Book()
    book.remove(book.worksheets[0])
    return _finished(book, explain, {}, losses)


def _finished(book: Book, explain: Explain, titles: Mapping[str, str], losses: Sequence[str]) -> bytes:
    explain(book.create_sheet(RETURNED_SHEET, 0), titles, losses)
    book.active = 0
    for number, sheet in enumerate(book.worksheets):  # several selected sheets would all take what is typed into one
        sheet.sheet_view.tabSelected = number == 0
    buffer = io.BytesIO()
    book.save(buffer)
    return _repeatable(buffer.getvalue())


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
        own = text.partition(COMMENT_MARK)[0].strip()
        if own:
            made.cell(row + 1, column + 1).comment = _sized_comment(own, "")
    for top, left, bottom, right in sheet.merges:
        made.merge_cells(f"{cell_name(top, left)}:{cell_name(bottom, right)}")
    for column, values in enumerate(zip(*sheet.rows, strict=True), 1):
        widest = max((display_width(str(value)) for value in values if value is not None), default=0)
        made.column_dimensions[get_column_letter(column)].width = min(40, max(9, widest + 2))
    made.sheet_state = "visible" if sheet.is_visible else "hidden"


def _mark(made: Worksheet, marks: SheetMarks) -> None:
    for (row, column), colour in marks.colours.items():
        made.cell(row + 1, column + 1).fill = PatternFill("solid", fgColor=colour)
    for (row, column), ours in marks.comments.items():
        cell = made.cell(row + 1, column + 1)
        before = cell.comment.text.strip() if cell.comment is not None else ""
        cell.comment = _sized_comment(f"{before}\n{ours}" if before else ours, AUTHOR)


def _sized_comment(text: str, author: str) -> Comment:
    return Comment(writable(text), author, width=BOX_WIDTH, height=box_height(text))


def _repeatable(data: bytes) -> bytes:
    """The same package with fixed times, so that nothing but content makes two copies differ."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename == "docProps/core.xml":
                content = _MODIFIED.sub(rb"\g<1>" + datetime(*FIXED_TIME).strftime("%Y-%m-%dT%H:%M:%SZ").encode() + rb"\g<2>", content)
            target.writestr(zipfile.ZipInfo(part.filename, FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    return result.getvalue()
