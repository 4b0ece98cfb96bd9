"""What spreadsheet programs demand of an xlsx before they open it without repairing it, checked without any code of the pipeline.

Here: content types, relationships, the order of elements, references from cells to styles and from comments to their boxes. Not here:
whether a workbook says what it should (the tests do that).
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
VML = "{urn:schemas-microsoft-com:vml}"
EXCEL = "{urn:schemas-microsoft-com:office:excel}"
ORDER = {
    "worksheet": """sheetPr dimension sheetViews sheetFormatPr cols sheetData sheetCalcPr sheetProtection protectedRanges scenarios autoFilter
        sortState dataConsolidate customSheetViews mergeCells phoneticPr conditionalFormatting dataValidations hyperlinks printOptions pageMargins
        pageSetup headerFooter rowBreaks colBreaks customProperties cellWatches ignoredErrors smartTags drawing legacyDrawing legacyDrawingHF
        drawingHF picture oleObjects controls webPublishItems tableParts extLst""",
    "workbook": """fileVersion fileSharing workbookPr workbookProtection bookViews sheets functionGroups externalReferences definedNames calcPr
        oleSize customWorkbookViews pivotCaches smartTagPr smartTagTypes webPublishing fileRecoveryPr webPublishObjects extLst""",
    "styleSheet": "numFmts fonts fills borders cellStyleXfs cellXfs cellStyles dxfs tableStyles colors extLst",
    "comments": "authors commentList extLst",
}
_PLACE = re.compile(r"([A-Z]+)(\d+)")


def faults(path: Path) -> list[str]:
    """What is wrong with a package, in words; empty when nothing is."""
    return list(_Package(path).faults())


class _Package:
    def __init__(self, path: Path) -> None:
        with zipfile.ZipFile(path) as source:
            self.names = source.namelist()
            self.parts = {name.lower(): source.read(name) for name in self.names}
        self.roots = {name: ElementTree.fromstring(data) for name, data in self.parts.items() if name.endswith((".xml", ".rels", ".vml"))}
        self.targets = {name: self.relations(name) for name in self.parts if not name.endswith(".rels")} | {"": self.relations("")}

    def faults(self) -> Iterator[str]:
        for name, count in Counter(name.lower() for name in self.names).items():
            if count > 1:
                yield f"{name} is there {count} times"
        yield from self.wrong_content_types()
        for name, targets in self.targets.items():
            for target, _ in targets.values():
                if target not in self.parts:
                    yield f"{name} points to {target}, which is missing"
        for name, root in self.roots.items():
            yield from self.wrong_order(name, root)
            for element in root.iter():
                for key, value in element.attrib.items():
                    if key.startswith(OFFICE) and value not in self.targets.get(name, {}) and not self.is_external(name, value):
                        yield f"{name}: {element.tag} names the relationship {value}, which is missing"
        yield from self.wrong_sheet_list()
        formats = len(self.style_group("cellXfs"))
        for name, root in self.roots.items():
            if root.tag == MAIN + "worksheet":
                yield from self.wrong_cells(name, root, formats)
                yield from self.wrong_comments(name, root)
        yield from self.wrong_styles()

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """Id → (part, kind) of what a part points to inside the package."""
        folder, file = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", f"{file}.rels").lower()
        found = {}
        for relation in self.roots[rels].iter(RELATION) if rels in self.roots else ():
            if relation.get("TargetMode") != "External":
                target = relation.attrib["Target"]
                path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
                found[relation.attrib["Id"]] = (path.lower(), relation.attrib["Type"].rpartition("/")[2])
        return found

    def is_external(self, name: str, id_: str) -> bool:
        folder, file = posixpath.split(name)
        rels = self.roots.get(posixpath.join(folder, "_rels", f"{file}.rels"))
        return rels is not None and any(relation.get("Id") == id_ for relation in rels.iter(RELATION))

    def wrong_content_types(self) -> Iterator[str]:
        types = self.roots["[content_types].xml"]
        defaults = Counter(each.attrib["Extension"].lower() for each in types.iter(TYPES + "Default"))
        overrides = Counter(each.attrib["PartName"].lstrip("/").lower() for each in types.iter(TYPES + "Override"))
        yield from (f"{name} has {count} content types" for name, count in (defaults + overrides).items() if count > 1)
        yield from (f"a content type for {name}, which is missing" for name in overrides if name not in self.parts)
        for name in self.parts:
            if name != "[content_types].xml" and name not in overrides and name.rpartition(".")[2] not in defaults:
                yield f"{name} has no content type"

    def wrong_order(self, name: str, root: ElementTree.Element) -> Iterator[str]:
        order = ORDER.get(root.tag.removeprefix(MAIN), "").split()
        known = [child.tag.removeprefix(MAIN) for child in root if child.tag.removeprefix(MAIN) in order]
        if known != sorted(known, key=order.index):
            yield f"{name}: elements out of order: {known}"

    def wrong_sheet_list(self) -> Iterator[str]:
        name, root = next((name, root) for name, root in self.roots.items() if root.tag == MAIN + "workbook")
        sheets = list(root.iter(MAIN + "sheet"))
        for attribute in ("name", "sheetId", OFFICE + "id"):
            values = Counter(sheet.attrib[attribute].lower() for sheet in sheets)
            yield from (f"{name}: {count} sheets with {attribute} {value}" for value, count in values.items() if count > 1)
        for defined in root.iter(MAIN + "definedName"):
            if int(defined.get("localSheetId", 0)) >= len(sheets):
                yield f"{name}: the name {defined.get('name')} belongs to no sheet"
        if any(int(view.get("activeTab", 0)) >= len(sheets) for view in root.iter(MAIN + "workbookView")):
            yield f"{name}: no sheet to show first"

    def style_group(self, group: str) -> list[ElementTree.Element]:
        root = next((root for root in self.roots.values() if root.tag == MAIN + "styleSheet"), None)
        found = root.find(MAIN + group) if root is not None else None
        return list(found) if found is not None else []

    def wrong_styles(self) -> Iterator[str]:
        root = next((root for root in self.roots.values() if root.tag == MAIN + "styleSheet"), ElementTree.Element("none"))
        yield from (f"{group.tag} counts wrongly" for group in root if group.get("count", str(len(group))) != str(len(group)))
        sizes = {attribute: len(self.style_group(group)) for attribute, group in (("fontId", "fonts"), ("fillId", "fills"), ("borderId", "borders"))}
        for number, xf in enumerate(self.style_group("cellXfs")):
            yield from (f"format {number}: no {key}" for key, size in sizes.items() if int(xf.get(key, 0)) >= size)

    def wrong_cells(self, name: str, root: ElementTree.Element, formats: int) -> Iterator[str]:
        last_row = 0
        for row in root.iter(MAIN + "row"):
            number = int(row.get("r", last_row + 1))
            if number <= last_row:
                yield f"{name}: row {number} after row {last_row}"
            last_row, last = number, ("", "")
            for cell in row.iter(MAIN + "c"):
                place = _PLACE.fullmatch(cell.get("r", ""))
                if place is not None:
                    column = (f"{len(place[1])}", place[1])
                    if int(place[2]) != number or column <= last:
                        yield f"{name}: cell {cell.get('r')} in row {number} after {last[1]}"
                    last = column
                if int(cell.get("s", 0)) >= formats:
                    yield f"{name}: cell {cell.get('r')} has no format"

    def wrong_comments(self, name: str, root: ElementTree.Element) -> Iterator[str]:
        """A comment without a box is not shown; two boxes with one id make a program repair the file."""
        listed = next((self.roots[part] for part, kind in self.targets[name].values() if kind == "comments"), None)
        if listed is None:
            return
        authors = len(listed.find(MAIN + "authors") or ())
        cells = Counter(comment.attrib["ref"] for comment in listed.iter(MAIN + "comment"))
        yield from (f"{name}: {count} comments at {cell}" for cell, count in cells.items() if count > 1)
        if any(int(comment.attrib["authorId"]) >= authors for comment in listed.iter(MAIN + "comment")):
            yield f"{name}: a comment without author"
        drawing = root.find(MAIN + "legacyDrawing")
        if drawing is None:
            yield f"{name}: comments without boxes"
            return
        boxed = self.targets[name].get(drawing.attrib[OFFICE + "id"], ("", ""))[0]
        shapes = [shape for shape in self.roots.get(boxed, ()) if shape.tag == VML + "shape"]
        yield from (f"{name}: {count} boxes {id_}" for id_, count in Counter(shape.get("id") for shape in shapes).items() if count > 1)
        notes = [data for shape in shapes for data in shape.iter(EXCEL + "ClientData") if data.get("ObjectType") == "Note"]
        boxes = {(data.findtext(EXCEL + "Row"), data.findtext(EXCEL + "Column")) for data in notes}
        if len(boxes) != len(cells):
            yield f"{name}: {len(cells)} comments in {len(boxes)} boxes"
