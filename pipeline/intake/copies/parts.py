"""A zip package whose parts can be replaced, added and dropped; every other part keeps its bytes.

Here: parts, relationships and content types (Open Packaging Conventions), and writing the package the same way every time. Not here:
limits on hostile zips (intake/packages.py), what the parts mean.
"""

from __future__ import annotations

import io
import posixpath
import zipfile
from dataclasses import dataclass

from pipeline.intake.copies.markup import OFFICE, Element, NotPatchable, children, local_name, parse, serialise
from pipeline.intake.ooxml import main_part
from pipeline.intake.packages import Package, part_key, relative

CONTENT_TYPES = "[Content_Types].xml"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONSHIPS = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATIONSHIPS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""The earliest a zip can say: nothing but content makes two copies differ."""


@dataclass(frozen=True, slots=True)
class Relation:
    """A relationship that points inside the package. `kind` is the last step of its type, e.g. worksheet; `target` a part's name."""

    id: str
    kind: str
    target: str


class Parts:
    """The parts of one package. Names compare without case; a part is named as in the zip, without a leading slash.

    Raises WorkbookRefused as Package does, NotPatchable for a package without content types or with XML that does not parse.
    """

    def __init__(self, data: bytes) -> None:
        self._package = Package(data)
        self._kept = {part_key(entry.filename): entry for entry in self._package.stored if not entry.is_dir()}
        self._changed: dict[str, tuple[str, bytes]] = {}
        if CONTENT_TYPES not in self:
            raise NotPatchable("no content types")
        self._types = self.parse(CONTENT_TYPES)
        self.main = main_part(self._package)

    def __contains__(self, name: str) -> bool:
        key = part_key(name)
        return key in self._kept or key in self._changed

    def read(self, name: str) -> bytes:
        """Raises KeyError when there is no such part."""
        key = part_key(name)
        return self._changed[key][1] if key in self._changed else self._package.read(self._kept[key].filename)

    def parse(self, name: str) -> Element:
        """The part's root, anew at each call; what is changed must be written back."""
        if name not in self:
            raise NotPatchable(f"{name} is missing")
        return parse(self.read(name))

    def write(self, name: str, content: bytes | Element, content_type: str = "") -> None:
        """Replace a part, or add one, whose content type is then needed."""
        key = part_key(name)
        stored = self._kept[key].filename if key in self._kept else name
        self._changed[key] = (stored, content if isinstance(content, bytes) else serialise(content))
        if content_type:
            self.set_content_type(name, content_type)

    def drop(self, name: str) -> None:
        """Take a part out, with its relationships and content type; who points to it must stop doing so (unrelate)."""
        for gone in (name, _relations_part(name)):
            self._kept.pop(part_key(gone), None)
            self._changed.pop(part_key(gone), None)
        override = self._override(name)
        if override is not None:
            self._types.remove(override)

    def free_name(self, pattern: str) -> str:
        """The first name not taken, not even by relationships left behind: free_name("xl/comments{}.xml") → xl/comments3.xml."""
        number = 1
        while pattern.format(number) in self or _relations_part(pattern.format(number)) in self:
            number += 1
        return pattern.format(number)

    def relations(self, name: str) -> list[Relation]:
        """Of one part, or of the package itself (name "")."""
        rels = _relations_part(name)
        found = children(self.parse(rels)) if rels in self else []
        return [
            Relation(each.get("Id", ""), each.get("Type", "").rpartition("/")[2], relative(name, each.get("Target", "")))
            for each in found
            if each.get("TargetMode") != "External"
        ]

    def relate(self, name: str, kind: str, target: str) -> str:
        """Point from a part to another; the new relationship's id."""
        rels = _relations_part(name)
        root = self.parse(rels) if rels in self else parse(f'<Relationships xmlns="{_RELATIONSHIPS}"/>'.encode())
        taken = {each.get("Id") for each in children(root)}
        id_ = next(id_ for number in range(1, len(taken) + 2) if (id_ := f"rId{number}") not in taken)
        path = posixpath.relpath(target, posixpath.dirname(name) or ".")
        root.append(root.makeelement(f"{{{_RELATIONSHIPS}}}Relationship", Id=id_, Type=f"{OFFICE}/{kind}", Target=path))
        self.write(rels, root)
        self._ensure_default("rels", _RELATIONSHIPS_TYPE)
        return id_

    def unrelate(self, name: str, relation: Relation) -> None:
        root = self.parse(_relations_part(name))
        for each in children(root):
            if each.get("Id") == relation.id:
                root.remove(each)
        self.write(_relations_part(name), root)

    def drop_related(self, name: str, *kinds: str) -> list[str]:
        """Take out what a part points to by these kinds of relationships; the kinds that were there."""
        gone = [relation for relation in self.relations(name) if relation.kind in kinds]
        for relation in gone:
            for deeper in self.relations(relation.target):
                self.drop(deeper.target)
            self.unrelate(name, relation)
            self.drop(relation.target)
        return [relation.kind for relation in gone]

    def set_content_type(self, name: str, content_type: str) -> None:
        override = self._override(name)
        if override is None:
            override = self._types.makeelement(f"{{{_TYPES}}}Override", PartName=f"/{name}")
            self._types.append(override)
        override.set("ContentType", content_type)

    def _ensure_default(self, extension: str, content_type: str) -> None:
        defaults = [each for each in children(self._types) if local_name(each) == "Default"]
        if all(each.get("Extension", "").lower() != extension for each in defaults):
            self._types.insert(0, self._types.makeelement(f"{{{_TYPES}}}Default", Extension=extension, ContentType=content_type))

    def _override(self, name: str) -> Element | None:
        overrides = (each for each in children(self._types) if local_name(each) == "Override")
        return next((each for each in overrides if part_key(each.get("PartName", "")) == part_key(name)), None)

    def to_bytes(self) -> bytes:
        """The package: kept parts in their order and with their bytes, then the new ones."""
        self.write(CONTENT_TYPES, self._types)
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
            for key, entry in self._kept.items():
                content = self._changed[key][1] if key in self._changed else self._package.unpack(entry.filename)
                _put(target, entry.filename, content, zipfile.ZIP_STORED if entry.compress_type == zipfile.ZIP_STORED else zipfile.ZIP_DEFLATED)
            for key, (name, content) in self._changed.items():
                if key not in self._kept:
                    _put(target, name, content, zipfile.ZIP_DEFLATED)
        return buffer.getvalue()


def _put(target: zipfile.ZipFile, name: str, content: bytes, compression: int) -> None:
    target.writestr(zipfile.ZipInfo(name, FIXED_TIME), content, compression)


def _relations_part(name: str) -> str:
    folder, _, file = name.rpartition("/")
    return f"{folder}/_rels/{file}.rels".lstrip("/")
