"""The style sheet of a workbook: a cell's own style once more with our colour, and the styles of a sheet taken over from elsewhere.

Here: fonts, fills, borders and cell formats (cellXfs), only ever appended to, so that every index in use keeps its meaning. Not here:
which cells use them (sheet_part.py).
"""

from __future__ import annotations

from copy import deepcopy

from pipeline.intake.copies.explanation import AMBER, RED
from pipeline.intake.copies.markup import MAIN, Element, NotPatchable, children, insert_in_order, main, new, parse
from pipeline.intake.copies.parts import Parts
from pipeline.intake.packages import relative

MAX_FORMATS = 64_000
"""Programs refuse a workbook with more cell formats than about 65 000."""
_ORDER = (
    "numFmts",
    "fonts",
    "fills",
    "borders",
    "cellStyleXfs",
    "cellXfs",
    "cellStyles",
    "dxfs",
    "tableStyles",
    "colors",
    "extLst",
)
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
# What a group must hold at least; the first two fills are reserved for "none" and a pattern, whatever a file says.
_LEAST = {
    "fonts": "<font/>",
    "fills": '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>',
    "borders": "<border/>",
    "cellStyleXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>',
    "cellXfs": '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>',
    "cellStyles": '<cellStyle name="Normal" xfId="0" builtinId="0"/>',
}


class Styles:
    """The style sheet of a package, kept in memory until `save`. A package without one gets one."""

    def __init__(self, parts: Parts, workbook: str) -> None:
        self._parts = parts
        related = next((relation.target for relation in parts.relations(workbook) if relation.kind == "styles"), "")
        self._part = related or relative(workbook, "styles.xml")
        root = parts.parse(self._part) if self._part in parts else parse(f'<styleSheet xmlns="{MAIN}"/>'.encode())
        parts.write(self._part, root, _CONTENT_TYPE)
        if not related:
            parts.relate(workbook, "styles", self._part)
        self._root = root
        self._groups = {name: _group(root, name) for name in _LEAST}
        self._coloured: dict[tuple[int, str], int] = {}
        self._fills: dict[str, int] = {}

    def take_marks_off(self) -> None:
        """Formats with our colours become formats without fill: every cell that was marked loses its mark, no sheet needs to be touched."""
        ours = {str(index) for index, fill in enumerate(children(self._groups["fills"])) if _is_ours(fill)}
        for xf in children(self._groups["cellXfs"]):
            if xf.get("fillId") in ours:
                xf.set("fillId", "0")

    def coloured(self, base: int, colour: str) -> int:
        """The index of the format that is `base` with a solid fill; `colour` as aRGB."""
        if (base, colour) not in self._coloured:
            formats = children(self._groups["cellXfs"])
            xf = deepcopy(formats[base if base < len(formats) else 0])
            xf.set("fillId", str(self._fill(colour)))
            xf.set("applyFill", "1")
            self._coloured[base, colour] = self._append("cellXfs", xf)
        return self._coloured[base, colour]

    def adopt(self, other: Styles) -> list[int]:
        """Append all formats of another style sheet with their fonts, fills and borders; index there → index here.

        Only built-in number formats: an own one would need a number of its own here.
        """
        offsets = {}
        for group, attribute in (("fonts", "fontId"), ("fills", "fillId"), ("borders", "borderId")):
            offsets[attribute] = len(children(self._groups[group]))
            for element in children(other._groups[group]):
                self._append(group, deepcopy(element))
        indexes = []
        for xf in map(deepcopy, children(other._groups["cellXfs"])):
            for attribute, offset in offsets.items():
                xf.set(attribute, str(int(xf.get(attribute, 0)) + offset))
            xf.set("xfId", "0")
            indexes.append(self._append("cellXfs", xf))
        return indexes

    def save(self) -> None:
        """Raises NotPatchable when there are more formats than programs open."""
        if len(children(self._groups["cellXfs"])) > MAX_FORMATS:
            raise NotPatchable("too many cell formats")
        self._parts.write(self._part, self._root)

    def _fill(self, colour: str) -> int:
        if colour not in self._fills:
            pattern = new("patternFill", patternType="solid")
            pattern.append(new("fgColor", rgb=colour))
            pattern.append(new("bgColor", indexed="64"))
            fill = new("fill")
            fill.append(pattern)
            self._fills[colour] = self._append("fills", fill)
        return self._fills[colour]

    def _append(self, name: str, element: Element) -> int:
        group = self._groups[name]
        group.append(element)
        count = len(children(group))
        group.set("count", str(count))
        return count - 1


def _group(root: Element, name: str) -> Element:
    group = root.find(main(name))
    if group is None:
        group = new(name)
        insert_in_order(root, group, _ORDER)
    if not children(group):
        group.extend(children(parse(f'<x xmlns="{MAIN}">{_LEAST[name]}</x>'.encode())))
        group.set("count", str(len(group)))
    return group


def _is_ours(fill: Element) -> bool:
    pattern = fill.find(main("patternFill"))
    colour = pattern.find(main("fgColor")) if pattern is not None and pattern.get("patternType") == "solid" else None
    return colour is not None and colour.get("rgb", "").upper() in {RED, AMBER}
