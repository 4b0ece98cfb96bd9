"""The archive: the bytes of every content ever received, each once under its hash, never changed.

Here: keeping, finding and forgetting bytes. Not here: which file had them when (journal.py), which contents may be forgotten (journal.py).
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

CHUNK = 1 << 20


def place_of(archive: Path, sha256: str) -> Path:
    """Where the bytes of this hash lie or would lie."""
    return archive / sha256[:2] / sha256


def archived(archive: Path, sha256: str) -> Path:
    """Where the bytes of this hash lie. FileNotFoundError when the archive does not have them."""
    file = place_of(archive, sha256)
    if not file.is_file():
        raise FileNotFoundError(f"存档中没有 {sha256}，请从备份恢复 {archive}。 / The archive lacks these bytes; restore it from backup.")
    return file


def keep(archive: Path, file: Path) -> tuple[str, int]:
    """The file's bytes in the archive under their hash, written once. Returns hash and size of what is kept."""
    with file.open("rb") as source:
        known = hashlib.file_digest(source, "sha256").hexdigest()
        if place_of(archive, known).is_file():
            return known, source.tell()
        source.seek(0)
        return _copy(archive, source)


def forget(archive: Path, sha256: str) -> None:
    """The bytes of this hash removed, if they are there."""
    place_of(archive, sha256).unlink(missing_ok=True)


def _copy(archive: Path, source: BinaryIO) -> tuple[str, int]:
    """The hash is taken again from what is written: the file may have changed since it was looked at."""
    archive.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with _temporary(archive) as copy:
        while chunk := source.read(CHUNK):
            digest.update(chunk)
            size += copy.write(chunk)
        copy.flush()
        os.fsync(copy.fileno())
        target = place_of(archive, digest.hexdigest())
        target.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(copy.name, target)
    return digest.hexdigest(), size


@contextmanager
def _temporary(folder: Path) -> Iterator[Any]:
    """A file (mode 0600) in `folder` that is removed unless it was renamed."""
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as copy:
        try:
            yield copy
        finally:
            Path(copy.name).unlink(missing_ok=True)
