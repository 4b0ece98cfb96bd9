"""Hand an analyst's own workbook back with the wrong cells marked, and recognise it when it comes again corrected.

Here: what makes a copy ours (its 退回说明 sheet with the original's fingerprint, our comments) and the one call that writes it.
Not here: how the copy is made (copies/), what is wrong (reading.py).
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.intake.grid import Sheet, Workbook
from pipeline.intake.records import Rejection
from pipeline.intake.refusals import REASONS, WorkbookRefused

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

log = logging.getLogger(__name__)

RETURNED_SHEET = "退回说明"
TITLE = RETURNED_SHEET + "："
"""Opens the sheet's first line; the original's file name follows."""
COMMENT_MARK = "【数据核对】"
"""Opens every comment of ours; whatever stood in the comment before stays above it."""
FINGERPRINT = "原文件指纹 sha256:"
_HASH = re.compile(re.escape(FINGERPRINT) + r"\s*([0-9a-f]{64})")
_KEPT_SUFFIXES = {".xlsx", ".xlsm"}


def returned_path(relative: Path) -> Path:
    """Where the copy of a file goes, below the folder of returned files: 一所/周报.csv → 一所/周报.csv.xlsx, xlsx and xlsm keep their name."""
    return relative if relative.suffix.lower() in _KEPT_SUFFIXES else relative.with_name(relative.name + ".xlsx")


def write_returned(
    original: Path,
    points: Sequence[Rejection],
    to: Path,
    *,
    receipt: str | None = None,
    losses: Sequence[str] = (),
    is_list_only: bool = False,
) -> None:
    """Write the marked copy of `original` to `to` (see returned_path), replacing it in one step. The original is not touched.

    Cells of points with severity error become red, warning amber, each with a comment; every point stands on the first sheet,
    退回说明, sheet by sheet, with a link to its cell. `receipt` is the file's one-line outcome; `losses` names (in Chinese)
    what else the copy could not keep, besides what is found here. A file that could not be opened comes back as the list alone, and so
    does any with `is_list_only`.
    """
    data = original.read_bytes()
    content = _copy(original, data, points, receipt, losses, is_list_only=is_list_only or _is_unopened(points))
    to.parent.mkdir(parents=True, exist_ok=True)
    descriptor, temporary = tempfile.mkstemp(dir=to.parent, prefix=".returned-", suffix=".tmp")  # readable by its owner only
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(temporary, to)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _copy(original: Path, data: bytes, points: Sequence[Rejection], receipt: str | None, losses: Sequence[str], *, is_list_only: bool) -> bytes:
    from pipeline.intake.copies.explanation import add_explanation
    from pipeline.intake.copies.marks import marks_of
    from pipeline.intake.copies.markup import NotPatchable
    from pipeline.intake.copies.patched import patched
    from pipeline.intake.copies.rebuilt import list_alone, rebuilt
    from pipeline.intake.workbook import open_workbook

    fingerprint = hashlib.sha256(data).hexdigest()

    def explain(sheet: Worksheet, titles: Mapping[str, str], lost: Sequence[str]) -> None:
        add_explanation(
            sheet, titles, list(dict.fromkeys([*lost, *losses])), points=points, name=original.name, receipt=receipt, fingerprint=fingerprint
        )

    if is_list_only:
        return list_alone(explain)
    try:
        read = open_workbook(original, max_cells=1 << 31, max_file_mib=1 << 20)  # the reader's limits were kept when it was read
        ours = our_sheets(read)
        marks = marks_of(points, [sheet for sheet in read.sheets if sheet.name not in ours])
        if read.kind in {"xlsx", "xlsm"}:
            try:
                return patched(data, read, marks, explain, keeps_macros=original.suffix.lower() == ".xlsm")
            except (NotPatchable, WorkbookRefused) as error:
                log.info("%s is built anew instead of patched: %s", original.name, error)
        return rebuilt(read, marks, explain)
    except WorkbookRefused:
        return list_alone(explain)


def write_copy(original: str, points: Sequence[Rejection], to: str, receipt: str, is_list_only: bool) -> None:
    """write_returned with plain arguments, as a worker process takes them."""
    losses = ["表格内容（本程序无法改写这个文件）"] if is_list_only else []
    write_returned(Path(original), points, Path(to), receipt=receipt, losses=losses, is_list_only=is_list_only)


def is_returned_copy(workbook: Workbook) -> bool:
    """Whether an opened workbook is a copy that write_returned once wrote, corrected or not."""
    return original_hash(workbook) is not None


def original_hash(workbook: Workbook) -> str | None:
    """The sha256 of the file a returned copy was made from; None when the workbook is no returned copy."""
    return next((found for sheet in workbook.sheets if (found := _fingerprint(sheet))), None)


def original_name(workbook: Workbook) -> str | None:
    """The name of the file a returned copy was made from (it may tell the year); None when the workbook is no returned copy."""
    ours = next((sheet for sheet in workbook.sheets if _fingerprint(sheet)), None)
    texts = (value for row in ours.rows for value in row if isinstance(value, str)) if ours else ()
    return next((text.removeprefix(TITLE) for text in texts if text.startswith(TITLE)), None)


def our_sheets(workbook: Workbook) -> frozenset[str]:
    """Names of the sheets we added, which hold no data; an analyst's own sheet called 退回说明 is not among them."""
    return frozenset(sheet.name for sheet in workbook.sheets if _fingerprint(sheet))


def strip_our_comments(workbook: Workbook) -> Workbook:
    """The same workbook with our part of every comment taken off; comments that were ours alone are gone."""
    sheets = []
    for sheet in workbook.sheets:
        if any(COMMENT_MARK in text for text in sheet.comments.values()):
            own = {position: text.partition(COMMENT_MARK)[0].strip() for position, text in sheet.comments.items()}
            sheet = replace(sheet, comments={position: text for position, text in own.items() if text})  # noqa: PLW2901
        sheets.append(sheet)
    return replace(workbook, sheets=tuple(sheets))


def _fingerprint(sheet: Sheet) -> str | None:
    if not sheet.name.startswith(RETURNED_SHEET):
        return None
    texts = (value for row in sheet.rows for value in row if isinstance(value, str))
    return next((found[1] for text in texts if (found := _HASH.match(text))), None)


def _is_unopened(points: Sequence[Rejection]) -> bool:
    return any(not point.sheet and point.rule in REASONS for point in points)
