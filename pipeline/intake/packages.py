"""Zip containers of spreadsheets (xlsx, xlsm, xlsb, ods), opened with distrust.

Here: limits on what a package may unpack to, the refusal of DOCTYPE, and reading one part by name. Not here: what the parts
mean (ooxml.py, xlsb.py, opendocument.py).
"""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
import zlib

from pipeline.intake.refusals import WorkbookRefused

MIB = 1 << 20
MAX_PARTS = 20_000
MAX_UNPACKED = 768 * MIB
SUSPICIOUS_RATIO = 200
"""Ordinary sheets shrink 5- to 50-fold. Deflate cannot do more than 1032-fold."""
SUSPICIOUS_FROM = 32 * MIB


class Package:
    """A zip whose declared sizes were checked. Part names compare without case, as spreadsheet programs do.

    Raises WorkbookRefused: truncated (no zip directory), password_protected, zip_bomb.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
            raise WorkbookRefused("truncated") from error
        parts = self._zip.infolist()
        unpacked = sum(part.file_size for part in parts)
        swollen = any(part.file_size > SUSPICIOUS_FROM and part.file_size > SUSPICIOUS_RATIO * part.compress_size for part in parts)
        if len(parts) > MAX_PARTS or unpacked > MAX_UNPACKED or swollen:
            raise WorkbookRefused(
                "zip_bomb", seen=f"{len(parts)} 个部分、{unpacked // MIB} MiB", seen_en=f"{len(parts)} parts, {unpacked // MIB} MiB"
            )
        if any(part.flag_bits & 1 for part in parts):
            raise WorkbookRefused("password_protected")
        self._parts = {part_key(part.filename): part for part in parts}

    def __contains__(self, name: str) -> bool:
        return part_key(name) in self._parts

    @property
    def names(self) -> list[str]:
        """Normalised names of all parts, in the order of the zip directory."""
        return list(self._parts)

    @property
    def stored(self) -> list[zipfile.ZipInfo]:
        """What the zip says of each part, its name as written among it, in the order of the zip directory."""
        return list(self._parts.values())

    def unpack(self, name: str) -> bytes:
        """One part, whatever it holds. KeyError when absent; WorkbookRefused: unreadable (size or checksum differ)."""
        part = self._parts[part_key(name)]
        try:
            return self._inflated(part) if part.compress_type == zipfile.ZIP_DEFLATED else self._zip.read(part)
        except (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, NotImplementedError, ValueError) as error:
            raise WorkbookRefused("unreadable") from error

    def _inflated(self, part: zipfile.ZipInfo) -> bytes:
        """A compressed part in one step; zipfile's four nested readers take longer than the inflating itself.

        One byte beyond the declared size is enough to see that a part lies about it, instead of filling memory.
        """
        magic, name_length, extra_length = struct.unpack_from("<4s22x2H", self._data, part.header_offset)
        if magic != zipfile.stringFileHeader:  # pyright: ignore[reportAttributeAccessIssue]
            raise zipfile.BadZipFile(f"{part.filename} does not begin where the directory says")
        start = part.header_offset + 30 + name_length + extra_length
        content = zlib.decompressobj(-zlib.MAX_WBITS).decompress(self._data[start : start + part.compress_size], part.file_size + 1)
        if len(content) != part.file_size or zlib.crc32(content) != part.CRC:
            raise zipfile.BadZipFile(f"{part.filename} is not what the directory says")
        return content

    def read(self, name: str) -> bytes:
        """One part that is to be parsed. Raises as `unpack` does, and WorkbookRefused: entity_bomb (DOCTYPE)."""
        data = self.unpack(name)
        if b"<!DOCTYPE" in data or (data[:2] in {b"\xff\xfe", b"\xfe\xff"} and b"<\0!\0D\0O\0C\0T\0Y\0P\0E" in data):
            raise WorkbookRefused("entity_bomb")
        return data

    def read_all_markup(self) -> None:
        """Unpack every XML part once, for readers that parse all of them; raises as `read` does."""
        for name in self._parts:
            if name.endswith((".xml", ".rels", ".vml")):
                self.read(name)


def relative(base: str, target: str) -> str:
    """The part that `target` means when written in part `base`: relative("xl/workbook.xml", "worksheets/sheet1.xml")."""
    if target.startswith("/"):
        return target.lstrip("/")
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), target.replace("\\", "/"))).lstrip("/.")


def part_key(name: str) -> str:
    """Two names with the same key mean the same part."""
    return name.replace("\\", "/").lstrip("/").lower()
