"""OLE2 compound files (xls, et, doc, encrypted xlsx): find the streams of the top folder, and read one.

Here: sectors, chains and the directory, with every chain bounded, so that loops end in a refusal. Not here: what a stream says (biff.py).
Layout after [MS-CFB].
"""

from __future__ import annotations

import struct
from array import array
from dataclasses import dataclass

from pipeline.intake.refusals import WorkbookRefused

_LAST_SECTOR = 0xFFFFFFFA
_NO_ENTRY = 0xFFFFFFFF
_ENTRY_BYTES = 128


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    left: int
    right: int
    child: int
    start: int
    size: int


class CompoundFile:
    """`names`: streams and storages of the top folder. Raises WorkbookRefused (truncated) for loops and sectors that are not there."""

    def __init__(self, data: bytes) -> None:
        if len(data) < 512:
            raise WorkbookRefused("truncated")
        self._data = data
        sector_shift, mini_shift = struct.unpack_from("<HH", data, 30)
        if not 7 <= sector_shift <= 16 or mini_shift >= sector_shift:
            raise WorkbookRefused("unreadable")
        self._sector, self._mini_sector = 1 << sector_shift, 1 << mini_shift
        directory, self._cutoff, mini_fat = struct.unpack_from("<I4xII", data, 48)
        self._fat = self._read_fat()
        entries = self._entries(self._chain(directory))
        if not entries:
            raise WorkbookRefused("truncated")
        self._mini_fat = _integers(self._chain(mini_fat))
        self._mini_stream = self._chain(entries[0].start)
        self._streams = self._top_folder(entries)

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._streams)

    def stream(self, name: str) -> bytes:
        """KeyError when the top folder has no such stream."""
        entry = self._streams[name]
        if entry.size < self._cutoff:
            sectors = _walk(self._mini_fat, entry.start)
            content = b"".join(self._mini_stream[s * self._mini_sector : (s + 1) * self._mini_sector] for s in sectors)
        else:
            content = self._chain(entry.start)
        return content[: entry.size]

    def _read_fat(self) -> array[int]:
        in_header = list(struct.unpack_from("<109I", self._data, 76))
        (following,) = struct.unpack_from("<I", self._data, 68)
        sectors, seen = in_header, set()
        while following < _LAST_SECTOR:
            if following in seen:
                raise WorkbookRefused("truncated")
            seen.add(following)
            *more, following = _integers(self._sector_bytes(following))
            sectors += more
        return _integers(b"".join(self._sector_bytes(sector) for sector in sectors if sector < _LAST_SECTOR))

    def _sector_bytes(self, sector: int) -> bytes:
        start = (sector + 1) * self._sector
        if start >= len(self._data):
            raise WorkbookRefused("truncated")
        return self._data[start : start + self._sector].ljust(self._sector, b"\0")

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector_bytes(sector) for sector in _walk(self._fat, start))

    def _entries(self, directory: bytes) -> list[_Entry]:
        entries = []
        for offset in range(0, len(directory) - _ENTRY_BYTES + 1, _ENTRY_BYTES):
            (length,) = struct.unpack_from("<H", directory, offset + 64)
            name = directory[offset : offset + max(0, min(length, 64) - 2)].decode("utf-16-le", errors="replace")
            left, right, child = struct.unpack_from("<III", directory, offset + 68)
            start, size = struct.unpack_from("<II", directory, offset + 116)
            entries.append(_Entry(name, left, right, child, start, size))
        return entries

    def _top_folder(self, entries: list[_Entry]) -> dict[str, _Entry]:
        found: dict[str, _Entry] = {}
        waiting, seen = [entries[0].child], {_NO_ENTRY}
        while waiting:
            index = waiting.pop()
            if index in seen or index >= len(entries):
                continue
            seen.add(index)
            found[entries[index].name] = entries[index]
            waiting += (entries[index].left, entries[index].right)
        return found


def _walk(table: array[int], start: int) -> list[int]:
    sectors: list[int] = []
    while start < _LAST_SECTOR:
        if start >= len(table) or len(sectors) >= len(table):
            raise WorkbookRefused("truncated")
        sectors.append(start)
        start = table[start]
    return sectors


def _integers(data: bytes) -> array[int]:
    return array("I", data[: len(data) // 4 * 4])
