"""Comments of a sheet: ours added below the analyst's own, and taken off again when a copy comes back.

Here: the comments part and the shapes (VML) without which spreadsheet programs do not show a comment. Not here: what a comment says
(marks.py). Conversations (threaded comments) have parts of their own, which stay as they are; each also stands in the comments part as
plain text for older programs, and there ours is added.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.intake.copies.markup import MAIN, Element, NotPatchable, children, local_name, main, new, parse
from pipeline.intake.copies.parts import Relation
from pipeline.intake.copies.sheet_part import SheetPart
from pipeline.intake.grid import Position, cell_name, position
from pipeline.intake.returned import COMMENT_MARK

AUTHOR = "数据核对"
BOX_WIDTH = 320
"""Pixels."""
ROW_PIXELS = 20
"""An ordinary row; boxes beside higher ones turn out higher, which does no harm."""
LAST_COLUMN = 16_383
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_VML_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_VML = "urn:schemas-microsoft-com:vml"
_EXCEL = "urn:schemas-microsoft-com:office:excel"
_DRAWING = (
    f'<xml xmlns:v="{_VML}" xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="{_EXCEL}">'
    '<o:shapelayout v:ext="edit"><o:idmap v:ext="edit" data="1"/></o:shapelayout>%s</xml>'
)
_SHAPE_TYPE = (
    '<v:shapetype id="_x0000_t202" coordsize="21600,21600" o:spt="202" path="m,l,21600r21600,l21600,xe">'
    '<v:stroke joinstyle="miter"/><v:path gradientshapeok="t" o:connecttype="rect"/></v:shapetype>'
)
_SHAPE = (
    '<v:shape id="_x0000_s{id}" type="#_x0000_t202" fillcolor="#ffffe1" o:insetmode="auto" style="position:absolute;margin-left:59.25pt;'
    'margin-top:1.5pt;width:{width}px;height:{height}px;z-index:1;visibility:hidden"><v:fill color2="#ffffe1"/>'
    '<v:shadow color="black" obscured="t"/><v:path o:connecttype="none"/><v:textbox style="mso-direction-alt:auto"><div style="text-align:left"/>'
    '</v:textbox><x:ClientData ObjectType="Note"><x:MoveWithCells/><x:SizeWithCells/>'
    "<x:Anchor>{anchor}</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>{row}</x:Row>"
    "<x:Column>{column}</x:Column></x:ClientData></v:shape>"
)
_SHAPE_ID = re.compile(r"_s(\d+)$")
_HEIGHT = re.compile(r"(?<![\w-])height:\s*([\d.]+)(pt|px)")


def box_height(text: str) -> int:
    """Pixels a comment box of BOX_WIDTH needs for a text."""
    return min(420, 24 + 19 * sum(1 + len(line) // 20 for line in text.split("\n")))


def take_our_comments_off(sheet: SheetPart) -> None:
    """Comments that were ours alone go; below an analyst's own, our part goes."""
    relation = _comments_of(sheet)
    if relation is None:
        return
    root = sheet.parts.parse(relation.target)
    if COMMENT_MARK not in "".join(root.itertext()):
        return
    shapes = _Shapes(sheet)
    for comment in list(root.iter(main("comment"))):
        texts, cell = _texts(comment), position(comment.get("ref"))
        own, mark, ours = "".join(text.text or "" for text in texts).partition(COMMENT_MARK)
        if mark and own.strip():
            _cut(texts, len(own.rstrip()))
            shapes.grow(cell, -box_height(mark + ours))
        elif mark:
            shapes.remove(cell)
            comment.getparent().remove(comment)
    sheet.parts.write(relation.target, root)
    shapes.save()
    if next(root.iter(main("comment")), None) is None:
        sheet.parts.unrelate(sheet.name, relation)
        sheet.parts.drop(relation.target)


def add_comments(sheet: SheetPart, ours: Mapping[Position, str]) -> bool:
    """Put our text below what stands in a cell's comment already. Says whether one of the cells has a conversation, which hides it."""
    relation = _comments_of(sheet)
    part = relation.target if relation else sheet.parts.free_name("xl/comments{}.xml")
    root = sheet.parts.parse(part) if relation else parse(f'<comments xmlns="{MAIN}"><authors/><commentList/></comments>'.encode())
    authors, listed = root.find(main("authors")), root.find(main("commentList"))
    if authors is None or listed is None:
        raise NotPatchable(f"{part} lists no comments")
    conversations = {str(index) for index, author in enumerate(children(authors)) if (author.text or "").startswith("tc=")}
    existing = {position(comment.get("ref")): comment for comment in children(listed)}
    author, shapes, hides = _author(authors), _Shapes(sheet), False
    for cell, text in ours.items():
        comment = existing.get(cell)
        if comment is None:
            comment = new("comment", ref=cell_name(*cell), authorId=author, shapeId="0")
            comment.append(_rich_text(new("text"), text))
            listed.append(comment)
        else:
            hides |= comment.get("authorId") in conversations
            _append(comment, text)
        shapes.show(cell, text)
    sheet.parts.write(part, root, _COMMENTS_TYPE)
    if relation is None:
        sheet.parts.relate(sheet.name, "comments", part)
    shapes.save()
    return hides


class _Shapes:
    """The comment boxes of a sheet, among whatever else its legacy drawing holds."""

    def __init__(self, sheet: SheetPart) -> None:
        self._sheet = sheet
        self._part = sheet.legacy_drawing
        self._root = _parse_drawing(sheet.parts.read(self._part)) if self._part in sheet.parts else parse((_DRAWING % _SHAPE_TYPE).encode())
        shapes = [child for child in children(self._root) if local_name(child) == "shape"]
        self._boxes = {cell: shape for shape in shapes if (cell := _cell_of(shape)) is not None}
        numbers = (_SHAPE_ID.search(element.get("id", "")) for element in self._root.iter("*"))  # groups have shapes of their own
        self._last_id = max([1024, *(int(found[1]) for found in numbers if found)])
        self._added: list[str] = []

    def show(self, cell: Position, text: str) -> None:
        """A box for a cell without one; the box of an analyst's comment grows by what ours takes."""
        if cell in self._boxes:
            _grow(self._boxes[cell], box_height(text))
            return
        self._last_id += 1
        row, column = cell
        height = box_height(text)
        anchor = _anchor(self._sheet, cell, height)
        self._added.append(_SHAPE.format(id=self._last_id, width=BOX_WIDTH, height=height, row=row, column=column, anchor=anchor))

    def grow(self, cell: Position, pixels: int) -> None:
        if cell in self._boxes:
            _grow(self._boxes[cell], pixels)

    def remove(self, cell: Position) -> None:
        if cell in self._boxes:
            self._root.remove(self._boxes.pop(cell))

    def save(self) -> None:
        if self._added:
            has_type = any(element.get("id") == "_x0000_t202" for element in children(self._root))
            made = parse((_DRAWING % ("".join([_SHAPE_TYPE, *self._added]))).encode())
            self._root.extend(children(made)[2 if has_type else 1 :])
        sheet = self._sheet
        is_empty = all(local_name(child) in {"shapelayout", "shapetype"} for child in children(self._root))
        if self._part in sheet.parts and is_empty:
            sheet.drop_legacy_drawing()
        elif self._part in sheet.parts:
            sheet.parts.write(self._part, self._root)
        elif not is_empty:
            self._part = sheet.parts.free_name("xl/drawings/vmlDrawing{}.vml")
            sheet.parts.write(self._part, self._root, _VML_TYPE)
            sheet.legacy_drawing = self._part


def _comments_of(sheet: SheetPart) -> Relation | None:
    found = (relation for relation in sheet.parts.relations(sheet.name) if relation.kind == "comments" and relation.target in sheet.parts)
    return next(found, None)


def _author(authors: Element) -> str:
    """The index of our name among the authors."""
    names = [author.text for author in children(authors)]
    if AUTHOR not in names:
        author = new("author")
        author.text = AUTHOR
        authors.append(author)
        names.append(AUTHOR)
    return str(names.index(AUTHOR))


def _texts(comment: Element) -> list[Element]:
    """The pieces of a comment's text, in their order, without pronunciation hints."""
    return [text for text in comment.iter(main("t")) if text.getparent().tag != main("rPh")]


def _append(comment: Element, text: str) -> None:
    """Our text as a run of its own below the analyst's, whose runs keep their fonts."""
    holder = comment.find(main("text"))
    if holder is None:
        holder = new("text")
        comment.insert(0, holder)
    plain = holder.find(main("t"))
    if plain is not None:  # plain text and runs do not stand side by side
        run = new("r")
        holder.replace(plain, run)
        plain.set(_SPACE, "preserve")
        run.append(plain)
    before = "".join(piece.text or "" for piece in _texts(comment))
    run = _rich_text(new("r"), text if not before or before.endswith("\n") else "\n" + text)
    runs = [child for child in children(holder) if child.tag == main("r")]
    runs[-1].addnext(run) if runs else holder.insert(0, run)


def _rich_text(holder: Element, text: str) -> Element:
    piece = new("t")
    piece.text = text
    piece.set(_SPACE, "preserve")
    holder.append(piece)
    return holder


def _cut(texts: list[Element], length: int) -> None:
    """Keep the first `length` characters of a text in pieces."""
    for text in texts:
        kept = (text.text or "")[:length]
        length -= len(kept)
        text.text = kept
        run = text.getparent()
        if not kept and run.tag == main("r"):
            run.getparent().remove(run)


def _parse_drawing(data: bytes) -> Element:
    """Excel leaves <br> open in the labels of old controls, which XML does not allow."""
    try:
        return parse(data)
    except NotPatchable:
        return parse(data.replace(b"<br>", b"<br/>"), is_mending=True)


def _cell_of(shape: Element) -> Position | None:
    data = shape.find(f"{{{_EXCEL}}}ClientData")
    if data is None or data.get("ObjectType") != "Note":
        return None
    row, column = (data.findtext(f"{{{_EXCEL}}}{name}", "").strip() for name in ("Row", "Column"))
    return (int(row), int(column)) if row.isdigit() and column.isdigit() else None


def _anchor(sheet: SheetPart, cell: Position, height: int) -> str:
    """Where a box of BOX_WIDTH beside a cell begins and ends: column, pixels into it, row, pixels into it, each twice."""
    row, left = max(cell[0] - 1, 0), min(cell[1] + 1, LAST_COLUMN)
    right, rest = left, BOX_WIDTH + 15
    while right < LAST_COLUMN and rest >= sheet.column_pixels(right):
        rest -= sheet.column_pixels(right)
        right += 1
    return f"{left}, 15, {row}, 10, {right}, {rest}, {row + height // ROW_PIXELS}, {height % ROW_PIXELS}"


def _grow(shape: Element, pixels: int) -> None:
    """Make a box higher, or lower again.

    By its anchor, whose seventh number is the row of the lower edge, and by its style, which counts without one.
    """
    anchor = shape.find(f"{{{_EXCEL}}}ClientData/{{{_EXCEL}}}Anchor")
    edges = [int(edge) for edge in re.findall(r"\d+", anchor.text or "")] if anchor is not None else []
    if anchor is not None and len(edges) == 8:
        edges[6] = max(edges[2] + 1, edges[6] + int(pixels / ROW_PIXELS))
        anchor.text = ", ".join(map(str, edges))
    style = shape.get("style", "")
    height = _HEIGHT.search(style)
    if height:
        more = max(20.0, float(height[1]) + (pixels if height[2] == "px" else pixels * 0.75))
        shape.set("style", f"{style[: height.start(1)]}{more:g}{style[height.end(1) :]}")
