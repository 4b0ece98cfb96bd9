"""The analyst's own xlsx package with marks: every part that need not change keeps its bytes.

Here: the order of the steps, and grafting the 退回说明 sheet, which openpyxl draws in a workbook of its own. Not here: each step's
XML (styles.py, sheet_part.py, comments.py, workbook_part.py), other file formats (rebuilt.py).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook as Book
from python_calamine import CalamineError, CalamineWorkbook

from pipeline.intake.copies.comments import add_comments, take_our_comments_off
from pipeline.intake.copies.explanation import Explain
from pipeline.intake.copies.marks import SheetMarks
from pipeline.intake.copies.markup import NotPatchable, main, serialise
from pipeline.intake.copies.parts import Parts
from pipeline.intake.copies.sheet_part import SheetPart
from pipeline.intake.copies.styles import Styles
from pipeline.intake.copies.workbook_part import WorkbookPart
from pipeline.intake.grid import Workbook
from pipeline.intake.returned import RETURNED_SHEET, our_sheets


def patched(data: bytes, read: Workbook, marks: Mapping[str, SheetMarks], explain: Explain, *, keeps_macros: bool) -> bytes:
    """The package with cells coloured and commented and the explanation before all other sheets; marks of an earlier return are off.

    `read` is the same file opened; `keeps_macros` says whether the copy's name allows macros (.xlsm). Raises NotPatchable for a
    package that is written in another way than these modules edit: such a file is rebuilt.
    """
    try:
        copy = _patched(data, read, marks, explain, keeps_macros)
        CalamineWorkbook.from_filelike(io.BytesIO(copy))  # a package that a strict reader refuses was damaged before, and would stay so
    except (CalamineError, ValueError, TypeError) as error:  # … or an attribute that should be a number or a cell's name is none
        raise NotPatchable(str(error)) from error
    return copy


def _patched(data: bytes, read: Workbook, marks: Mapping[str, SheetMarks], explain: Explain, keeps_macros: bool) -> bytes:
    parts = Parts(data)
    workbook = WorkbookPart(parts)
    losses = workbook.leave_out(keeps_macros=keeps_macros)
    workbook.remove(sorted(our_sheets(read)))
    styles = Styles(parts, workbook.name)
    styles.take_marks_off()
    for listed in workbook.sheets:
        sheet = SheetPart(parts, listed.part)
        sheet.deselect()
        if listed.kind == "worksheet":
            take_our_comments_off(sheet)
            losses += _mark(sheet, marks.get(listed.name), styles)
        sheet.save()
    titles = {listed.name: listed.name for listed in workbook.sheets if listed.kind == "worksheet"}
    _graft(workbook, styles, explain, titles, losses)
    styles.save()
    workbook.save()
    return parts.to_bytes()


def _mark(sheet: SheetPart, marks: SheetMarks | None, styles: Styles) -> list[str]:
    """What of the marks the analyst will not see on the sheet."""
    if marks is None:
        return []
    if sheet.is_large:
        return ["很大的工作表上的颜色和批注（请按下表逐格改正）"]
    sheet.colour(marks.colours, styles.coloured)
    if marks.comments and add_comments(sheet, marks.comments):
        return ["原有批注对话的格子上的说明（新版 Excel 只显示对话，请看下表）"]
    return []


def _graft(workbook: WorkbookPart, styles: Styles, explain: Explain, titles: Mapping[str, str], losses: Sequence[str]) -> None:
    """Put the explanation first: its styles are appended to the package's, its texts stand in its cells (openpyxl
    writes them so), so that the package's list of texts stays as it is."""
    title = workbook.free_title(RETURNED_SHEET)
    book = Book()
    sheet = book.worksheets[0]
    sheet.title = title
    sheet.sheet_view.tabSelected = True
    explain(sheet, titles, losses)
    buffer = io.BytesIO()
    book.save(buffer)
    drawn = Parts(buffer.getvalue())
    root = drawn.parse("xl/worksheets/sheet1.xml")
    formats = styles.adopt(Styles(drawn, drawn.main))
    for cell in root.iter(main("c")):
        cell.set("s", str(formats[int(cell.get("s", 0))]))
    workbook.put_first(title, serialise(root), drawn.parse(drawn.main).iter(main("definedName")))
