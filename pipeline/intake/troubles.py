"""Cells of an xlsx that the main reader takes for blanks: error values, and formulas saved without their result.

Here: finding them in a sheet's XML; where the sheet is written as usual only such cells are parsed. Not here: what becomes of them.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from xml.etree import ElementTree

from pipeline.intake.grid import CellError, Position, UncachedFormula, cell_name, position
from pipeline.intake.refusals import WorkbookRefused

_NAMESPACE = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
# Each begins with literal bytes, which the search skips to.
_MARKS = (
    re.compile(rb't="e"'),
    re.compile(rb"</f>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"),
    re.compile(rb"<f[^>]*/>\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"),
)
_SHARED_MASTER = re.compile(rb'<f [^>]*\bref="[^>]*[^/]>')

Troubles = dict[Position, CellError | UncachedFormula]


def find_troubles(xml: bytes) -> Troubles:
    """Position → the error or the formula. A formula that gave empty text (t="str" and an empty v) is just blank.

    Raises WorkbookRefused (unreadable).
    """
    try:
        if not is_usual(xml):
            return _troubles_among(_all_cells(xml))
        marks = (_MARKS[:1] if b't="e"' in xml else ()) + (_MARKS[1:] if b"<f" in xml else ())
        starts = {_cell_start(xml, mark.start()) for pattern in marks for mark in pattern.finditer(xml)}
        if not starts:
            return {}
        starts |= {_cell_start(xml, mark.start()) for mark in _SHARED_MASTER.finditer(xml)}
        cells = [ElementTree.fromstring(xml[start : xml.index(b"</c>", start) + 4]) for start in sorted(starts) if start >= 0]
        if all(cell.get("r") for cell in cells):
            return _troubles_among((position(cell.get("r", "")), cell) for cell in cells)
        return _troubles_among(_all_cells(xml))
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise WorkbookRefused("unreadable") from error


def is_usual(xml: bytes) -> bool:
    """Written as nearly every program writes it, without namespace prefixes and single quotes: quick searches can be trusted."""
    head = xml[:2000]
    return b'xmlns="' + _NAMESPACE in head and head.count(_NAMESPACE) == 1 and b"='" not in head


def _cell_start(xml: bytes, inside: int) -> int:
    return max(xml.rfind(b"<c ", 0, inside), xml.rfind(b"<c>", 0, inside))


def _all_cells(xml: bytes) -> Iterator[tuple[Position, ElementTree.Element]]:
    row, column = -1, -1
    for event, element in ElementTree.iterparse(io.BytesIO(xml), events=("start", "end")):
        tag = _local(element.tag)
        if event == "start" and tag == "row":
            row, column = int(element.get("r", row + 2)) - 1, -1
        elif event == "start" and tag == "c":
            reference = element.get("r")
            row, column = position(reference) if reference else (row, column + 1)
        elif event == "end" and tag == "c":
            yield (row, column), element
        if event == "end" and tag in {"c", "row"}:
            element.clear()


def _troubles_among(cells: Iterator[tuple[Position, ElementTree.Element]]) -> Troubles:
    found: Troubles = {}
    shared: dict[str, tuple[str, str]] = {}
    for place, cell in cells:
        trouble = _trouble(cell, cell_name(*place), shared)
        if trouble is not None:
            found[place] = trouble
    return found


def _trouble(cell: ElementTree.Element, name: str, shared: dict[str, tuple[str, str]]) -> CellError | UncachedFormula | None:
    children = {_local(child.tag): child for child in cell}
    formula, value = children.get("f"), children.get("v")
    kind, text = cell.get("t"), (value.text or "").strip() if value is not None else ""
    if formula is not None and formula.get("t") == "shared" and formula.text:
        shared[formula.get("si", "")] = formula.text, name
    if kind == "e":
        return CellError(text or "#N/A")
    if formula is None or text or (kind == "str" and value is not None) or "is" in children:
        return None
    if formula.text:
        return UncachedFormula("=" + formula.text)
    if formula.get("si") not in shared:
        return UncachedFormula("=")
    from openpyxl.formula.translate import Translator

    text, origin = shared[formula.get("si", "")]
    return UncachedFormula(Translator("=" + text, origin).translate_formula(name))


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
