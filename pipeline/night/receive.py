"""Receive and read: what stands in data/raw is archived and journalled, and every version of every file has a reading of today's reader.

Files are read from the archive, not from data/raw: what was hashed is what is read, even while somebody saves over it; and a file that
has gone from the folder can be read again by a better reader.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import polars as pl

from pipeline.intake.frames import FileKey, to_frames
from pipeline.intake.isolation import read_many
from pipeline.intake.reading import reader_fingerprint
from pipeline.intake.records import Reading
from pipeline.journal import Journal, Scan, Vanished
from pipeline.night.originals import originals
from pipeline.night.progress import tell
from pipeline.settings import Reading as ReadingSettings
from pipeline.settings import Settings
from pipeline.warehouse import Warehouse

BATCH = 50
"""Readings committed together: a killed run loses at most so many, and the next one goes on from there."""


@dataclass(frozen=True)
class Received:
    """What a run found: `files` as Journal.files, the scan, which known files are gone, and how many readings were made anew."""

    files: pl.DataFrame
    scan: Scan
    vanished: Vanished
    n_read: int

    @property
    def n_cached(self) -> int:
        return self.files.height - self.n_read


def receive(warehouse: Warehouse, journal: Journal, settings: Settings, executor: Executor | None = None) -> Received:
    """Scan data/raw, archive and journal what is new, read what has no reading yet. Commits every BATCH files."""
    tell("收文 receiving")
    scan = journal.scan()
    vanished = journal.vanished(scan, settings.safety.vanished_share)
    files = journal.files(scan)
    n_read = read_into(warehouse, journal, files, settings, executor)
    return Received(files, scan, vanished, n_read)


def read_into(warehouse: Warehouse, journal: Journal, files: pl.DataFrame, settings: Settings, executor: Executor | None = None) -> int:
    """Today's reader's readings of exactly these files (columns of Journal.files) in the warehouse's cache. Returns how many were made."""
    fingerprint = reader_key(settings.reading)
    keys = [FileKey(row["sha256"], row["path"], fingerprint) for row in files.iter_rows(named=True)]
    cached = warehouse.cached(keys)
    wanted = [key for key in keys if key not in cached]
    _read(warehouse, journal, settings, wanted, executor)
    known = set(files["file_id"].to_list())
    warehouse.forget(set(warehouse.query("SELECT file_id FROM read_files")["file_id"].to_list()) - known)
    return len(wanted)


def reader_key(limits: ReadingSettings) -> str:
    """What a reading depends on besides the file: reader code, forms, and those settings that can change what is read."""
    told = limits.model_dump_json(exclude={"workers"})
    return hashlib.sha256(f"{reader_fingerprint()}{told}".encode()).hexdigest()[:16]


def _read(warehouse: Warehouse, journal: Journal, settings: Settings, keys: list[FileKey], executor: Executor | None) -> None:
    """The workers go on with the next batch while one is stored."""
    tell("读表 reading", 0, len(keys))
    with originals(journal, [(key.sha256, key.path) for key in keys]) as paths:
        readings = _told(zip(keys, read_many(paths, settings.reading, executor), strict=True), len(keys))
        while batch := list(islice(readings, BATCH)):
            warehouse.store(to_frames(batch))


def _told(pairs: Iterable[tuple[FileKey, tuple[Path, Reading]]], total: int) -> Iterator[tuple[FileKey, Reading]]:
    for done, (key, (_, reading)) in enumerate(pairs, 1):
        tell("读表 reading", done, total)
        yield key, reading
