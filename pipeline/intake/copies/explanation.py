"""The 退回说明 sheet: what happened to the file, what the colours mean, how to hand it in again, and every point with a link.

Here: how that sheet looks, and writing text that stays text. Not here: marking the analyst's own sheets
(patched.py, rebuilt.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from typing import cast

from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.worksheet import Worksheet

from pipeline.intake.records import Rejection, Severity
from pipeline.intake.returned import FINGERPRINT, TITLE

RED = "FFFF9B9B"
AMBER = "FFFFD980"
"""Slightly unlike any colour of the usual palettes, so that our own marks can be told from the analyst's."""

COLUMNS = {"序号": 6, "标记": 12, "工作表": 16, "单元格": 10, "看到的内容": 24, "问题": 52, "建议": 30}
MAX_LINKS = 60_000
"""Excel opens at most 65 530 links a sheet."""

MAX_TEXT = 32_767
"""Characters; programs refuse a file with a longer text in a cell or comment."""
_UNWRITABLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_LABELS = {Severity.ERROR: "未载入", Severity.WARNING: "请确认", Severity.NOTE: "提示"}
_COLOURS = {Severity.ERROR: RED, Severity.WARNING: AMBER}
_FONT = "微软雅黑"
_GREY = "FF7F7F7F"
_THIN = Side(style="thin", color="FFD0D0D0")
_STEPS = (
    "一、点下表“单元格”一列的链接，会跳到那一格；格子上的批注写着看到了什么、应当怎样写。",
    "二、直接在本文件里改正并保存；颜色、批注和本页不必删除，读取时会自动忽略。",
    "三、把改好的文件放回原来的数据文件夹（文件名可以不改），它会代替原文件；全部无误后，本退回件自动消失。",
)


Explain = Callable[[Worksheet, Mapping[str, str], Sequence[str]], None]
"""add_explanation with all but its first arguments given: what the making of a copy knows last."""


def add_explanation(
    sheet: Worksheet,
    titles: Mapping[str, str],
    losses: Sequence[str],
    *,
    points: Sequence[Rejection],
    name: str,
    receipt: str | None,
    fingerprint: str,
) -> None:
    """Fill an empty sheet. `titles`: sheet name as read → name in this workbook, for the links; `losses`: what the copy could not keep.

    Points are listed sheet by sheet as the workbook has them, those of the whole file last, otherwise in the order given.
    """
    places = {sheet_name: place for place, sheet_name in enumerate(titles)}
    points = sorted(points, key=lambda point: places.get(point.sheet, len(places)))
    for letter, width in zip("ABCDEFG", COLUMNS.values(), strict=True):
        sheet.column_dimensions[letter].width = width
    row = _line(sheet, 1, f"{TITLE}{name}", Font(name=_FONT, size=16, bold=True), height=30)
    row = _line(sheet, row, receipt or _summary(points), Font(name=_FONT, size=11, bold=True))
    if receipt:
        row = _line(sheet, row, _summary(points), Font(name=_FONT, size=11))
    for step in _STEPS if titles else ("请按下面的说明处理后，把文件重新放入原来的数据文件夹。",):
        row = _line(sheet, row, step, Font(name=_FONT, size=10))
    if losses:
        row = _line(sheet, row, f"本副本未能保留：{'、'.join(losses)}。原文件没有改动。", Font(name=_FONT, size=10, color="FFC00000"))
    if titles:
        row = _legend(sheet, row)
    row = _line(sheet, row, f"{FINGERPRINT}{fingerprint}（供系统识别，请勿改动）", Font(name=_FONT, size=8, color=_GREY))
    _table(sheet, row, points, titles)
    sheet.sheet_view.showGridLines = False
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToHeight = 0
    sheet.page_margins = PageMargins(left=0.4, right=0.4, top=0.5, bottom=0.5)
    sheet.sheet_properties.pageSetUpPr.fitToPage = True  # type: ignore[union-attr]
    sheet.print_title_rows = f"{row}:{row}"


def _summary(points: Sequence[Rejection]) -> str:
    counts = {severity: sum(point.severity == severity for point in points) for severity in Severity}
    parts = [
        f"{counts[Severity.ERROR]} 处未载入，请改正" if counts[Severity.ERROR] else "",
        f"{counts[Severity.WARNING]} 处已载入，请确认" if counts[Severity.WARNING] else "",
        f"{counts[Severity.NOTE]} 处提示" if counts[Severity.NOTE] else "",
    ]
    return f"共 {len(points)} 处：" + "；".join(part for part in parts if part) + "。"


def _line(sheet: Worksheet, row: int, text: str, font: Font, height: float = 0) -> int:
    """One line across the page; the next row's number."""
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=len(COLUMNS))
    cell = _text(sheet, row, 1, text, font)
    cell.alignment = Alignment(vertical="center", wrap_text=True)
    sheet.row_dimensions[row].height = height or 18 * _lines(text, sum(COLUMNS.values()))
    return row + 1


def _legend(sheet: Worksheet, row: int) -> int:
    for column, colour, text in ((1, RED, "红色：未载入，请改正"), (4, AMBER, "黄色：已载入，请确认是否无误")):
        sheet.cell(row, column).fill = PatternFill("solid", fgColor=colour)
        _text(sheet, row, column + 1, text, Font(name=_FONT, size=10))
    sheet.row_dimensions[row].height = 18
    return row + 1


def _table(sheet: Worksheet, top: int, points: Sequence[Rejection], titles: Mapping[str, str]) -> None:
    for column, heading in enumerate(COLUMNS, 1):
        cell = _text(sheet, top, column, heading, Font(name=_FONT, size=10, bold=True, color="FFFFFFFF"))
        cell.fill = PatternFill("solid", fgColor="FF44546A")
        cell.alignment = Alignment(horizontal="center", vertical="center")
        cell.border = Border(_THIN, _THIN, _THIN, _THIN)
    sheet.row_dimensions[top].height = 22
    sheet.freeze_panes = f"A{top + 1}"
    styles = _Styles()
    for number, point in enumerate(points, 1):
        row, severity = top + number, Severity(point.severity)
        texts = (str(number), _LABELS[severity], point.sheet or "（整个文件）", point.cell or "—", point.text, point.message, point.suggestion)
        is_linked = point.sheet in titles and number <= MAX_LINKS
        for column, text in enumerate(texts, 1):
            cell = cast(Cell, sheet.cell(row, column))
            put_text(cell, text)
            styles.apply(cell, column, severity if column == 2 else None, is_linked=is_linked and column == 4)
        if is_linked:
            cell = sheet.cell(row, 4)
            title = titles[point.sheet].replace("'", "''")
            cell.hyperlink = Hyperlink(ref=cell.coordinate, location=f"'{title}'!{point.cell or 'A1'}", tooltip="跳到这一格")
        wide = zip(texts[4:], list(COLUMNS.values())[4:], strict=True)
        sheet.row_dimensions[row].height = 6 + 15 * max(_lines(text, width) for text, width in wide)


class _Styles:
    """Styles of the table's cells. openpyxl compares every new style with all others, so each combination is made once and copied."""

    def __init__(self) -> None:
        self._made: dict[tuple[bool, Severity | None, bool, bool], StyleArray] = {}

    def apply(self, cell: Cell, column: int, severity: Severity | None, *, is_linked: bool) -> None:
        is_centred = column in {1, 2, 4}
        key = (is_centred, severity, is_linked, cell.quotePrefix)  # type: ignore[attr-defined]
        if key not in self._made:
            cell.font = Font(name=_FONT, size=10, color="FF0563C1", underline="single") if is_linked else Font(name=_FONT, size=10)
            cell.alignment = Alignment(
                horizontal="center" if is_centred else "left", vertical="center", wrap_text=True, indent=0 if is_centred else 1
            )
            cell.border = Border(_THIN, _THIN, _THIN, _THIN)
            if severity is not None and severity in _COLOURS:
                cell.fill = PatternFill("solid", fgColor=_COLOURS[severity])
            self._made[key] = cell._style
        cell._style = copy(self._made[key])


def _text(sheet: Worksheet, row: int, column: int, text: str, font: Font) -> Cell:
    cell = cast(Cell, sheet.cell(row, column))
    put_text(cell, text)
    cell.font = font
    return cell


def put_text(cell: Cell, text: str) -> None:
    """Write text that stays text: "=1+1" or "@cmd" becomes no formula, neither here nor when the analyst edits the cell."""
    cell.value = writable(text)
    cell.data_type = "s"
    cell.quotePrefix = text[:1] in {"=", "+", "-", "@"}  # type: ignore[attr-defined]


def writable(text: str) -> str:
    """The text without what XML cannot carry, and no longer than a cell or comment may be."""
    return _UNWRITABLE.sub("", text)[:MAX_TEXT]


def _lines(text: str, width: float) -> int:
    return sum(max(1, -(-display_width(line) // max(1, int(width) - 1))) for line in text.split("\n"))


def display_width(text: str) -> int:
    """Width in digits, as column widths are measured: a Chinese character takes two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)
