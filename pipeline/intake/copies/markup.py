"""XML of spreadsheet parts: parsed with distrust, edited in place, written as UTF-8.

Here: the parser and its limits, the namespaces, putting a child where the schema's order wants it. Not here: zip packages and
relationships (parts.py), what the elements mean (styles.py, sheet_part.py, comments.py).

lxml, because a part must keep its prefixes (mc:Ignorable names them) and the standard library's ElementTree renames them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

Element = Any
"""lxml's element; the library ships no types."""

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
RELATION_ID = f"{{{OFFICE}}}id"
TRUE = {"1", "true"}


class NotPatchable(Exception):
    """A package written in a way this code does not edit; its copy is built anew instead."""


def main(tag: str) -> str:
    """The full name of an element of SpreadsheetML."""
    return f"{{{MAIN}}}{tag}"


def parse(data: bytes, *, is_mending: bool = False) -> Element:
    """The root of a part: no entities, no network, libxml2's own limits. `is_mending` closes tags left open.

    Raises NotPatchable when it is not XML or declares a document type.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=is_mending)
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NotPatchable(str(error)) from error
    if root is None or root.getroottree().docinfo.doctype:
        raise NotPatchable("no element, or a document type")
    return root


def serialise(root: Element) -> bytes:
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True, standalone=True)


def children(parent: Element) -> list[Element]:
    """Child elements, without comments and processing instructions."""
    return [child for child in parent if isinstance(child.tag, str)]


def local_name(element: Element) -> str:
    return etree.QName(element).localname


def new(tag: str, **attributes: str) -> Element:
    """An element of SpreadsheetML."""
    return etree.Element(main(tag), attributes, nsmap={None: MAIN})


def insert_in_order(parent: Element, child: Element, order: Sequence[str]) -> None:
    """Put `child` behind everything the schema's sequence `order` (local names) has before it; programs refuse another order."""
    before = set(order[: order.index(local_name(child))])
    last = next((element for element in reversed(children(parent)) if local_name(element) in before), None)
    if last is None:
        parent.insert(0, child)
    else:
        last.addnext(child)
