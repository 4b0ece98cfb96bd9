"""One sheet of a package: colours on its cells, no shared selection, and the reference to its comments' shapes.

Here: what changes in the sheet's own XML. Not here: the comments themselves (comments.py), the formats the colours stand for
(styles.py).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Mapping
from functools import cached_property

from pipeline.intake.copies.markup import RELATION_ID, TRUE, Element, NotPatchable, children, insert_in_order, local_name, main, new, serialise
from pipeline.intake.copies.parts import Parts
from pipeline.intake.grid import Position, cell_name, position

MAX_MARKUP = 24 << 20
"""Bytes of a sheet's XML that are parsed at most; parsed, they take some 25 times the room, and a worker has 1 GiB."""
_SELECTED = re.compile(rb"(<(?:\w+:)?sheetView(?:\s[^>]*?)?)\s+tabSelected=[\"'](?:1|true)[\"']")
_UP_TO_LEGACY_DRAWING = (
    *("sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection", "protectedRanges"),
    *("scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting"),
    *("dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks"),
    *("customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing"),
)


class SheetPart:
    """A sheet kept in memory until `save`; parsed when first needed. `is_large`: too large to be parsed, so it stays as it is."""

    def __init__(self, parts: Parts, name: str) -> None:
        self.parts, self.name = parts, name
        self.is_large = len(parts.read(name)) > MAX_MARKUP
        self._is_changed = False

    @cached_property
    def root(self) -> Element:
        return self.parts.parse(self.name)

    def save(self) -> None:
        if self._is_changed:
            self.parts.write(self.name, self.root)

    def deselect(self) -> None:
        """Several selected sheets would all take what is typed into one; ours is to be the only one. To be called before all else.

        A search of the bytes, because this is done to every sheet, the large ones and those without marks too.
        """
        data = self.parts.read(self.name)
        if b"\0" in data[:4]:  # UTF-16 is legal but rare
            data = serialise(self.parts.parse(self.name))
        views, cells, rest = data.partition(b"sheetData")
        alone = _SELECTED.sub(rb"\1", views)
        if alone != views:
            self.parts.write(self.name, alone + cells + rest)

    def colour(self, colours: Mapping[Position, str], coloured: Callable[[int, str], int]) -> None:
        """Give cells a format with a colour: `coloured(format, colour)` names it. A cell or row that is not there yet is put in its place."""
        data = self.root.find(main("sheetData"))
        if data is None:
            raise NotPatchable(f"{self.name} has no cells")
        by_row: dict[int, dict[int, str]] = {}
        for (row, column), colour in sorted(colours.items()):
            by_row.setdefault(row, {})[column] = colour
        rows = _numbered(data, lambda reference: int(reference) - 1)
        numbers = [number for number, _ in rows]
        of_columns = self._column_formats()
        for number, wanted in by_row.items():
            at = bisect_left(numbers, number)
            if at < len(rows) and numbers[at] == number:
                row = rows[at][1]
            else:
                row = new("row", r=str(number + 1))
                rows[at][1].addprevious(row) if at < len(rows) else data.append(row)
            self._colour_row(row, number, wanted, of_columns, coloured)
        self._is_changed = True

    def _colour_row(
        self, row: Element, number: int, wanted: Mapping[int, str], of_columns: Mapping[int, int], coloured: Callable[[int, str], int]
    ) -> None:
        cells = _numbered(row, lambda reference: position(reference)[1])
        columns = [column for column, _ in cells]
        of_row = int(row.get("s", 0)) if row.get("customFormat") in TRUE else None
        for column, colour in wanted.items():
            at = bisect_left(columns, column)
            if at < len(cells) and columns[at] == column:
                cell = cells[at][1]
                base = int(cell.get("s", 0))
            else:
                cell = new("c", r=cell_name(number, column))
                cells[at][1].addprevious(cell) if at < len(cells) else row.append(cell)
                base = of_columns.get(column, 0) if of_row is None else of_row
                self._forget_extent(row)
            cell.set("s", str(coloured(base, colour)))

    def _forget_extent(self, row: Element) -> None:
        """What says how far a row and the sheet reach may leave a new cell out; both are optional hints."""
        row.attrib.pop("spans", None)
        dimension = self.root.find(main("dimension"))
        if dimension is not None:
            self.root.remove(dimension)

    def _column_formats(self) -> dict[int, int]:
        """Column → format of its cells that are not there, for the columns that have one."""
        formats: dict[int, int] = {}
        for span in self.root.iterfind(f"{main('cols')}/{main('col')}"):
            if int(span.get("style", 0)):
                formats |= dict.fromkeys(range(int(span.get("min")) - 1, min(int(span.get("max")), 16_384)), int(span.get("style")))
        return formats

    def column_pixels(self, column: int) -> int:
        """How wide a column is shown, with an ordinary font."""
        return next((pixels for first, last, pixels in self._widths if first <= column <= last), self._default_width)

    @cached_property
    def _widths(self) -> list[tuple[int, int, int]]:
        spans = self.root.iterfind(f"{main('cols')}/{main('col')}")
        return [
            (int(span.get("min")) - 1, int(span.get("max")) - 1, 0 if span.get("hidden") in TRUE else _pixels(span.get("width", 8.43)))
            for span in spans
        ]

    @cached_property
    def _default_width(self) -> int:
        format_ = self.root.find(main("sheetFormatPr"))
        return _pixels(format_.get("defaultColWidth", 8.43) if format_ is not None else 8.43)

    @property
    def legacy_drawing(self) -> str:
        """The part with the shapes of comments and old controls; empty when there is none."""
        element = self.root.find(main("legacyDrawing"))
        id_ = element.get(RELATION_ID) if element is not None else None
        return next((relation.target for relation in self.parts.relations(self.name) if relation.id == id_), "")

    @legacy_drawing.setter
    def legacy_drawing(self, part: str) -> None:
        element = self.root.find(main("legacyDrawing"))
        if element is None:
            element = new("legacyDrawing")
            insert_in_order(self.root, element, _UP_TO_LEGACY_DRAWING)
        element.set(RELATION_ID, self.parts.relate(self.name, "vmlDrawing", part))
        self._is_changed = True

    def drop_legacy_drawing(self) -> None:
        part, element = self.legacy_drawing, self.root.find(main("legacyDrawing"))
        if element is not None:
            self.root.remove(element)
        for relation in self.parts.relations(self.name):
            if relation.target == part:
                self.parts.unrelate(self.name, relation)
        self.parts.drop(part)
        self._is_changed = True


def _pixels(width: str | float) -> int:
    """Widths are stored in digits; a digit of the ordinary font has 7 pixels, and 5 are padding."""
    return round(float(width) * 7 + 5)


def _numbered(parent: Element, number: Callable[[str], int]) -> list[tuple[int, Element]]:
    """Rows or cells with their place from 0; one that does not say where it stands follows the one before.

    Raises NotPatchable when they do not stand in their order: then nothing can be put in its place.
    """
    found, last = [], -1
    for element in children(parent):
        if local_name(element) in {"row", "c"}:
            reference = element.get("r")
            place = number(reference) if reference else last + 1
            if place <= last:
                raise NotPatchable(f"{local_name(element)} {reference} is out of order")
            last = place
            found.append((last, element))
    return found
