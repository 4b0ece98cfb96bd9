"""What the main reader does not tell about an xlsx: comments, hidden rows, number formats, drawings.

Here: reading these from the package's XML, each only when a quick search of the bytes says it is there. Not here: the cell
values (workbook.py, through calamine), errors and formulas without results (troubles.py).
"""

from __future__ import annotations

import re
from functools import lru_cache
from xml.etree import ElementTree

from pipeline.intake.grid import Position, SheetDetails, WorkbookDetails, cell_name, column_number, position
from pipeline.intake.number_formats import telling_formats
from pipeline.intake.packages import Package, relative
from pipeline.intake.refusals import WorkbookRefused
from pipeline.intake.troubles import find_troubles, is_usual

# What runs over every sheet is a plain search or a pattern that begins with literal bytes; the rest only runs when needed.
_UNUSUAL_CELL = re.compile(rb'<c(?! r="[A-Z]{1,2}\d{1,3}"|ol)')
_NEAR_CELLS = 999 * 702  # without an unusual cell a sheet has no more rows × columns than this
_CELL_WITH_CONTENT = re.compile(rb"<(?:\w+:)?c(?:\s([^>]*?))?(?<!/)>")
_REFERENCE = re.compile(rb"\br=[\"']([A-Za-z]+)(\d+)[\"']")
_ROW_NUMBER = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br=[\"'](\d+)")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s(?=[^>]*\bhidden=[\"'](?:1|true))[^>]*?\br=[\"'](\d+)")
_HIDDEN_COLUMNS = re.compile(rb"<(?:\w+:)?col\s(?=[^>]*\bhidden=[\"'](?:1|true))[^>]*>")
_COLUMN_SPAN = re.compile(rb"\b(min|max)=[\"'](\d+)")

# The last path step of a relationship type or of a drawing's element → what a rewritten copy may lose.
_KINDS_BY_RELATION = {
    "oleObject": "ole_object",
    "package": "ole_object",
    "control": "control",
    "ctrlProp": "control",
    "slicer": "slicer",
    "timeline": "slicer",
    "threadedComment": "threaded_comments",
}
_KINDS_BY_ELEMENT = {b"pic": "picture", b"sp": "shape", b"cxnSp": "shape", b"grpSp": "shape", b"graphicFrame": "chart", b"contentPart": "shape"}
_TELLING_ID = re.compile(rb"numFmtId=[\"'](?!(?:[0-8]|11|12|13|3[7-9]|4[0-489]|49)[\"'])")
"""A style with another format than the built-in plain ones; few sheets have one, and only then are the styles parsed."""
_STYLED = re.compile(rb" s=[\"'][1-9]")
_DRAWN = re.compile(rb"<(?:\w+:)?(pic|sp|cxnSp|grpSp|graphicFrame|contentPart)[\s/>]")


def read_details(package: Package, workbook_path: str, max_cells: int) -> WorkbookDetails:
    """Everything below, for each sheet. Raises WorkbookRefused: too_many_cells, unreadable, entity_bomb."""
    is_1904, listed = _listed_sheets(package.read(workbook_path))
    targets = {key: target for key, _, target in relations(package, workbook_path)}
    formats = _Formats(package, workbook_path)
    sheets = {}
    for name, key in listed:
        path = targets.get(key, "")
        sheets[name] = _sheet_details(package, path, name, max_cells, formats) if path in package else SheetDetails()
    return WorkbookDetails(sheets, is_1904)


@lru_cache(maxsize=256)
def _listed_sheets(xml: bytes) -> tuple[bool, tuple[tuple[str, str], ...]]:
    """(whether serial days count from 1904, name and relationship of each sheet) of a workbook part. Offices hand in the same one every week."""
    workbook = _root(xml)
    properties = next((element for element in workbook if _local(element.tag) == "workbookPr"), None)
    is_1904 = properties is not None and properties.get("date1904") in {"1", "true"}
    elements = (child for group in workbook if _local(group.tag) == "sheets" for child in group)
    keys = ((e.get("name", ""), next((value for name, value in e.attrib.items() if name.endswith("}id")), "")) for e in elements)
    return is_1904, tuple(keys)


def main_part(package: Package) -> str:
    """The workbook part: in its usual place, else where the package's own relationships say."""
    if "xl/workbook.xml" not in package and "_rels/.rels" in package:
        for _, kind, target in relations(package, ""):
            if kind == "officeDocument":
                return target
    return "xl/workbook.xml"


def _sheet_details(package: Package, path: str, name: str, max_cells: int, formats: _Formats) -> SheetDetails:
    xml = package.read(path)
    if b"\0" in xml[:4]:
        xml = xml.decode("utf-16", errors="replace").encode()  # the searches below read bytes; UTF-16 parts are legal but rare
    _check_extent(xml, name, max_cells)
    comments: dict[Position, str] = {}
    drawings: set[str] = set()
    for _, kind, target in relations(package, path):
        if kind == "comments" and target in package:
            comments |= _comments(_parse(package, target))
        elif kind == "drawing" and target in package:
            drawings |= {_KINDS_BY_ELEMENT[element] for element in _DRAWN.findall(package.read(target))}
            drawings |= {"diagram" for _, deeper, _ in relations(package, target) if deeper.startswith("diagram")}
        elif kind in _KINDS_BY_RELATION:
            drawings.add(_KINDS_BY_RELATION[kind])
    is_hiding = b"hidden=" in xml
    return SheetDetails(
        troubles=find_troubles(xml),
        comments=comments,
        hidden_rows=frozenset(int(row) - 1 for row in _HIDDEN_ROW.findall(xml)) if is_hiding else frozenset(),
        hidden_columns=frozenset(_hidden_columns(xml)) if is_hiding else frozenset(),
        drawings=tuple(sorted(drawings)),
        format_reader=lambda: formats.of(xml),
    )


def _check_extent(xml: bytes, name: str, max_cells: int) -> None:
    """Refuse before a reader lays out a dense grid: two cells, A1 and XFD1048576, would ask for 17 billion."""
    if max_cells >= _NEAR_CELLS and is_usual(xml) and not _UNUSUAL_CELL.search(xml):
        return
    height = width = 0
    is_implied = False
    for attributes in _CELL_WITH_CONTENT.findall(xml):
        reference = _REFERENCE.search(attributes)
        if reference is None:
            is_implied = True
            continue
        height = max(height, int(reference[2]))
        width = max(width, column_number(reference[1].decode()))
    if is_implied:  # cells may leave their reference out; then only the rows say how far down they stand
        height = max([height, *map(int, _ROW_NUMBER.findall(xml))])
        width = max(width, 1)
    if height * width > max_cells:
        raise WorkbookRefused("too_many_cells", sheet=name, seen=cell_name(height - 1, width - 1), limit=f"{max_cells:,}")


def _comments(root: ElementTree.Element) -> dict[Position, str]:
    found = {}
    for comment in (element for element in root.iter() if _local(element.tag) == "comment"):
        text = "".join(run.text or "" for run in comment.iter() if _local(run.tag) == "t").strip()
        if text:
            found[position(comment.get("ref", "A1"))] = text
    return found


def _hidden_columns(xml: bytes) -> set[int]:
    hidden: set[int] = set()
    for column in _HIDDEN_COLUMNS.findall(xml):
        span = {key: int(value) for key, value in _COLUMN_SPAN.findall(column)}
        if span.keys() >= {b"min", b"max"}:
            hidden.update(range(span[b"min"] - 1, min(span[b"max"], 16384)))
    return hidden


class _Formats:
    """Style index → number format code, for the formats that say something; read from styles.xml once, when first asked for."""

    def __init__(self, package: Package, workbook_path: str) -> None:
        self._package, self._workbook_path = package, workbook_path
        self._codes: dict[int, str] | None = None

    def of(self, xml: bytes) -> dict[Position, str]:
        """Position → format code of one sheet."""
        if b" s=" not in xml or not _STYLED.search(xml):
            return {}
        codes = self._read() if self._codes is None else self._codes
        if not codes:
            return {}
        styled = re.compile(rb"<(?:\w+:)?c\s(?=[^>]*\bs=[\"'](%s)[\"'])[^>]*?\br=[\"']([A-Z]+\d+)" % b"|".join(b"%d" % index for index in codes))
        return {position(reference.decode()): codes[int(style)] for style, reference in styled.findall(xml)}

    def _read(self) -> dict[int, str]:
        path = relative(self._workbook_path, "styles.xml")
        self._codes = {}
        if path in self._package and _TELLING_ID.search(self._package.read(path)):
            groups = {_local(group.tag): group for group in _parse(self._package, path)}
            custom = {int(element.get("numFmtId", 0)): element.get("formatCode", "") for element in groups.get("numFmts", ())}
            self._codes = telling_formats(custom, [int(style.get("numFmtId", 0)) for style in groups.get("cellXfs", ())])
        return self._codes


def relations(package: Package, path: str) -> tuple[tuple[str, str, str], ...]:
    """(id, last step of the type, part name) of every relationship of a part that points inside the package."""
    folder, _, file = path.rpartition("/")
    rels = f"{folder}/_rels/{file}.rels".lstrip("/")
    if rels not in package:
        return ()
    return _listed_relations(package.read(rels), path)


@lru_cache(maxsize=256)
def _listed_relations(xml: bytes, path: str) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (element.get("Id", ""), element.get("Type", "").rpartition("/")[2], relative(path, element.get("Target", "")))
        for element in _root(xml)
        if element.get("TargetMode") != "External"
    )


def _parse(package: Package, path: str) -> ElementTree.Element:
    return _root(package.read(path))


def _root(xml: bytes) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(xml)
    except (ElementTree.ParseError, LookupError, ValueError) as error:
        raise WorkbookRefused("unreadable") from error


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]
