"""openpyxl, opened with distrust: slower than the main reader, but it reads some files that one refuses.

Here: the checks that must come before openpyxl sees a package. Not here: when it is asked (workbook.py).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from openpyxl import Workbook as Book
from openpyxl import load_workbook

from pipeline.intake.grid import position
from pipeline.intake.packages import Package
from pipeline.intake.refusals import WorkbookRefused

MAX_MERGED_CELLS = 200_000
"""openpyxl makes an object of every cell under a merge; a merge over whole columns has a million."""
_MERGE = re.compile(rb"<(?:\w+:)?mergeCell\s[^>]*?\bref=[\"']([A-Z]+\d+):([A-Z]+\d+)[\"']")


def load(package: Package, data: bytes) -> Book:
    """A workbook's values through openpyxl. Raises WorkbookRefused: entity_bomb, unreadable."""
    package.read_all_markup()
    if sum(_merged_cells(package)) > MAX_MERGED_CELLS:
        raise WorkbookRefused("unreadable")
    try:
        return load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:  # openpyxl lets through whatever it stumbles over: KeyError, TypeError, ValueError …
        raise WorkbookRefused("unreadable") from error


def _merged_cells(package: Package) -> Iterator[int]:
    for name in package.names:
        if name.startswith("xl/worksheets/") and name.endswith(".xml"):
            for first, last in _MERGE.findall(package.read(name)):
                (top, left), (bottom, right) = position(first.decode()), position(last.decode())
                yield (bottom - top + 1) * (right - left + 1)
