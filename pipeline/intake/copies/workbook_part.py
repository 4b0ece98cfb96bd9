"""The workbook part of a package: its list of sheets, the names that point into it by number, and what it takes along.

Here: putting a sheet first, taking one out, leaving out what a copy cannot or must not carry (macros under another name, signatures).
Not here: what stands on the sheets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass

from pipeline.intake.copies.markup import MAIN, RELATION_ID, Element, NotPatchable, children, insert_in_order, local_name, main, new
from pipeline.intake.copies.parts import Parts
from pipeline.intake.packages import relative

_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_PLAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
_WITH_MACROS = "application/vnd.ms-excel.sheet.macroEnabled.main+xml"
_UP_TO_NAMES = (
    *("fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups", "externalReferences"),
    "definedNames",
)


@dataclass(frozen=True, slots=True)
class ListedSheet:
    """`kind` is its relationship's: worksheet, chartsheet …"""

    name: str
    kind: str
    part: str


class WorkbookPart:
    """The workbook part, kept in memory until `save`. Raises NotPatchable for one in another namespace (Strict) or with sheets missing."""

    def __init__(self, parts: Parts) -> None:
        self.parts, self.name = parts, parts.main
        self._root = parts.parse(self.name)
        self._sheets = self._root.find(main("sheets"))
        if self._root.tag != main("workbook") or self._sheets is None:
            raise NotPatchable(f"{self.name} is no workbook of {MAIN}")
        if len(self.sheets) != len(children(self._sheets)):
            raise NotPatchable(f"{self.name} lists a sheet that is not there")

    @property
    def sheets(self) -> list[ListedSheet]:
        """All sheets in their order."""
        return [sheet for _, sheet in self._listed()]

    def remove(self, names: Iterable[str]) -> None:
        """Take sheets out, with their parts and the names that belong to them."""
        wanted = set(names)
        for element, sheet in [(element, sheet) for element, sheet in self._listed() if sheet.name in wanted]:
            index = children(self._sheets).index(element)
            for defined in self._defined():
                if defined.get("localSheetId") == str(index):
                    defined.getparent().remove(defined)
            self._shift_names(index, -1)
            self._sheets.remove(element)
            relation = next(relation for relation in self.parts.relations(self.name) if relation.id == element.get(RELATION_ID))
            self.parts.unrelate(self.name, relation)
            for deeper in self.parts.relations(sheet.part):
                self.parts.drop(deeper.target)
            self.parts.drop(sheet.part)
            self.parts.drop_related(self.name, "calcChain")  # it may name cells of the sheet; programs make it anew

    def free_title(self, wanted: str) -> str:
        """`wanted`, numbered when a sheet has that name."""
        taken = {element.get("name", "").casefold() for element in children(self._sheets)}
        numbered = (f"{wanted}{number or ''}" for number in range(len(taken) + 1))
        return next(title for title in numbered if title.casefold() not in taken)

    def put_first(self, title: str, xml: bytes, names: Iterable[Element]) -> None:
        """A new sheet before all others, shown when the workbook is opened; `names` are its own (definedName of sheet 0)."""
        part = self.parts.free_name("xl/worksheets/sheet{}.xml")
        self.parts.write(part, xml, _SHEET_TYPE)
        ids = [int(element.get("sheetId", 0)) for element in children(self._sheets)]
        element = new("sheet", name=title, sheetId=str(max(ids, default=0) + 1))
        element.set(RELATION_ID, self.parts.relate(self.name, "worksheet", part))
        self._sheets.insert(0, element)
        self._shift_names(0, 1)
        for name in names:
            self._names().insert(0, deepcopy(name))
        for view in self._root.iter(main("workbookView")):
            view.set("activeTab", "0")
            view.attrib.pop("firstSheet", None)

    def leave_out(self, *, keeps_macros: bool) -> list[str]:
        """Drop what would be wrong in the copy, and what a copy's name forbids; in Chinese, what was there."""
        parts, losses = self.parts, []
        if parts.drop_related("", "origin"):
            losses.append("数字签名（内容已有改动）")
        if parts.drop_related(self.name, "revisionHeaders", "usernames"):
            losses.append("共享工作簿的修订记录")
        macros = relative(self.name, "vbaProject.bin")
        if not keeps_macros and (parts.drop_related(self.name, "vbaProject") or macros in parts):
            parts.drop(macros)
            losses.append("宏")
        # Programs refuse a file whose name says otherwise: .xlsm wants the type with macros whether there are any or not.
        parts.set_content_type(self.name, _WITH_MACROS if keeps_macros else _PLAIN)
        return losses

    def save(self) -> None:
        self.parts.write(self.name, self._root)

    def _listed(self) -> Iterator[tuple[Element, ListedSheet]]:
        relations = {relation.id: relation for relation in self.parts.relations(self.name)}
        for element in children(self._sheets):
            relation = relations.get(element.get(RELATION_ID))
            if relation is not None and relation.target in self.parts:
                yield element, ListedSheet(element.get("name", ""), relation.kind, relation.target)

    def _names(self) -> Element:
        names = self._root.find(main("definedNames"))
        if names is None:
            names = new("definedNames")
            insert_in_order(self._root, names, _UP_TO_NAMES)
        return names

    def _defined(self) -> list[Element]:
        names = self._root.find(main("definedNames"))
        return [] if names is None else [name for name in children(names) if local_name(name) == "definedName"]

    def _shift_names(self, first: int, by: int) -> None:
        """Names of one sheet name it by its place in the list."""
        for defined in self._defined():
            local = defined.get("localSheetId")
            if local is not None and int(local) >= first:
                defined.set("localSheetId", str(int(local) + by))
