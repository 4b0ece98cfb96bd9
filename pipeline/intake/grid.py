"""What an opened file looks like to the rest of intake: sheets of cells at their true positions.

Here: the types, the same for every file format, and the names of cells (A1). Not here: opening (workbook.py) and meaning (layout.py, quantity.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cached_property

CellValue = str | float | int | bool | datetime | date | time | timedelta | None
Position = tuple[int, int]
"""(row, column), both from 0: (0, 0) is A1."""
Range = tuple[int, int, int, int]
"""(top, left, bottom, right), from 0 and inclusive."""


class CellError(str):
    """A cell that holds an error (#DIV/0!, #REF! …). Neither blank nor 0, and no text of the analyst's either."""

    __slots__ = ()


class UncachedFormula(str):
    """A formula saved without its result, e.g. "=SUM(B3:B9)". Neither blank nor 0: nobody has computed it yet."""

    __slots__ = ()


@dataclass
class SheetDetails:
    """What a format's own module knows of one sheet beyond the cell values; `merges` None: the value reader knows them."""

    troubles: Mapping[Position, CellError | UncachedFormula] = field(default_factory=dict)
    merges: tuple[Range, ...] | None = None
    comments: Mapping[Position, str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    drawings: tuple[str, ...] = ()
    format_reader: Callable[[], Mapping[Position, str]] = dict


@dataclass
class WorkbookDetails:
    """Sheet name → details, for every sheet of the workbook, and the epoch of its serial dates."""

    sheets: dict[str, SheetDetails]
    is_1904: bool = False


@dataclass
class Sheet:
    """One worksheet. `rows[r][c]` is the cell in row r + 1, column c + 1; None is blank; rows have equal length.

    Merged cells hold their value at the top left of `merges`, the rest of the range is None;
    they end where `rows` end. Numbers are as stored: what a
    number format adds (percent, 万元, only year and month shown) is in `number_formats`.
    """

    name: str
    rows: list[list[CellValue]]
    merges: tuple[Range, ...] = ()
    is_visible: bool = True
    comments: Mapping[Position, str] = field(default_factory=dict)
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    format_reader: Callable[[], Mapping[Position, str]] = field(default=dict, repr=False, compare=False)

    @cached_property
    def number_formats(self) -> Mapping[Position, str]:
        """Number formats that say something (percent, date, a unit in quotes); plain ones are left out. Read on first use."""
        return self.format_reader()

    @cached_property
    def percent_cells(self) -> frozenset[Position]:
        """Cells whose number is shown as a percentage: 0.972 here is 97.2% on the analyst's screen."""
        return frozenset(position for position, code in self.number_formats.items() if "%" in code)


@dataclass
class Workbook:
    """One opened file. `kind` is what its content is (xlsx, xlsm, xlsb, xls, et, ods, csv, tsv), whatever its name says.

    `is_1904`: serial day numbers count from 1904-01-01 (true dates are already converted). `drawings`: sheet name → kinds of
    content a rewritten copy may lose (picture, shape, chart, control, ole_object, diagram, slicer, threaded_comments, chart_sheet).
    `encoding` is set for text files only.
    """

    kind: str
    sheets: tuple[Sheet, ...]
    is_1904: bool = False
    drawings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    encoding: str | None = None


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def cell_name(row: int, column: int) -> str:
    """(0, 0) → A1."""
    return f"{column_letters(column + 1)}{row + 1}"


def position(reference: str) -> Position:
    """A1 or $A$1 → (0, 0). ValueError when it is no reference to one cell."""
    match = re.fullmatch(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})", reference)
    if match is None:
        raise ValueError(f"{reference!r} is not a cell reference")
    return int(match[2]) - 1, column_number(match[1]) - 1
