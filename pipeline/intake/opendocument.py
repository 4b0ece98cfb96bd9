"""What the main reader does not tell about an ods: merges, errors, formulas without results, comments, hidden rows, percentages.

Here: one pass over content.xml. Not here: the cell values (workbook.py, through calamine).
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from pipeline.intake.grid import CellError, Position, Range, SheetDetails, UncachedFormula, cell_name
from pipeline.intake.packages import Package
from pipeline.intake.refusals import WorkbookRefused

_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_CALC = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"
_CELLS = {f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"}
_MAX_COLUMNS = 16384
_DRAWN = {f"{_DRAW}image": "picture", f"{_DRAW}object": "chart", f"{_DRAW}custom-shape": "shape", f"{_DRAW}control": "control"}


@dataclass
class _Table:
    """A sheet while its rows go by."""

    name: str
    row: int = 0
    height: int = 0
    width: int = 0
    troubles: dict[Position, CellError | UncachedFormula] = field(default_factory=dict)
    merges: list[Range] = field(default_factory=list)
    comments: dict[Position, str] = field(default_factory=dict)
    percentages: dict[Position, str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    column: int = 0
    drawings: set[str] = field(default_factory=set)

    def details(self) -> SheetDetails:
        return SheetDetails(
            troubles=self.troubles,
            merges=tuple(sorted(self.merges)),
            comments=self.comments,
            hidden_rows=frozenset(row for row in self.hidden_rows if row < self.height),
            hidden_columns=frozenset(column for column in self.hidden_columns if column < self.width),
            drawings=tuple(sorted(self.drawings)),
            format_reader=lambda: self.percentages,
        )


def read_opendocument(package: Package, max_cells: int) -> dict[str, SheetDetails]:
    """Sheet name → details. Raises WorkbookRefused: password_protected, too_many_cells, entity_bomb, unreadable."""
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise WorkbookRefused("password_protected")
    try:
        return {table.name: table.details() for table in _tables(package.read("content.xml"), max_cells)}
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise WorkbookRefused("unreadable") from error


def _tables(xml: bytes, max_cells: int) -> Iterator[_Table]:
    table: _Table | None = None
    for event, element in ElementTree.iterparse(io.BytesIO(xml), events=("start", "end")):
        if element.tag == f"{_TABLE}table" and event == "start" and table is None:
            table = _Table(element.get(f"{_TABLE}name", ""))
        elif event == "start" or table is None:
            continue
        elif element.tag == f"{_TABLE}table-row":
            _read_row(table, element, max_cells)
            element.clear()
        elif element.tag == f"{_TABLE}table-column":
            repeated = _count(element, "number-columns-repeated")
            if _is_hidden(element):
                table.hidden_columns.update(range(table.column, table.column + min(repeated, _MAX_COLUMNS)))
            table.column += repeated
        elif element.tag == f"{_TABLE}table":
            yield table
            table = None
        elif element.tag in _DRAWN:
            table.drawings.add(_DRAWN[element.tag])


def _read_row(table: _Table, element: ElementTree.Element, max_cells: int) -> None:
    repeated = _count(element, "number-rows-repeated")
    column = 0
    for cell in (child for child in element if child.tag in _CELLS):
        times = _count(cell, "number-columns-repeated")
        if _has_content(cell):
            table.height, table.width = max(table.height, table.row + repeated), max(table.width, column + times)
            if table.height * table.width > max_cells:
                seen = cell_name(table.height - 1, table.width - 1)
                raise WorkbookRefused("too_many_cells", sheet=table.name, seen=seen, limit=f"{max_cells:,}")
            for row in range(table.row, table.row + repeated):
                for place in range(column, column + times):
                    _read_cell(table, cell, row, place)
        column += times
    if _is_hidden(element):
        table.hidden_rows.update(range(table.row, table.row + min(repeated, max_cells)))
    table.row += repeated


def _read_cell(table: _Table, cell: ElementTree.Element, row: int, column: int) -> None:
    kind, formula = cell.get(f"{_OFFICE}value-type"), cell.get(f"{_TABLE}formula")
    rows, columns = _count(cell, "number-rows-spanned"), _count(cell, "number-columns-spanned")
    if rows * columns > 1:
        table.merges.append((row, column, row + rows - 1, column + columns - 1))
    if cell.get(f"{_CALC}value-type") == "error":
        table.troubles[row, column] = CellError(_paragraphs(cell) or "#N/A")
    elif formula is not None and kind is None and cell.find(f"{_TEXT}p") is None:  # with an empty paragraph the result is empty text
        table.troubles[row, column] = UncachedFormula(formula.partition(":")[2] or formula)
    if kind == "percentage":
        table.percentages[row, column] = "0%"
    note = cell.find(f"{_OFFICE}annotation")
    if note is not None and (text := _paragraphs(note)):
        table.comments[row, column] = text


def _has_content(cell: ElementTree.Element) -> bool:
    return len(cell) > 0 or any(cell.get(name) is not None for name in (f"{_OFFICE}value-type", f"{_TABLE}formula", f"{_TABLE}number-rows-spanned"))


def _is_hidden(element: ElementTree.Element) -> bool:
    return element.get(f"{_TABLE}visibility") in {"collapse", "filter"}


def _paragraphs(element: ElementTree.Element) -> str:
    return "\n".join("".join(paragraph.itertext()) for paragraph in element.findall(f"{_TEXT}p")).strip()


def _count(element: ElementTree.Element, attribute: str) -> int:
    return max(1, int(element.get(f"{_TABLE}{attribute}", 1)))
