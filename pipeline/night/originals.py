"""Archived bytes under the names they were handed in with: what the reader and the returned copy need, whatever data/raw holds now."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from pipeline.journal import Journal


@contextmanager
def originals(journal: Journal, files: Sequence[tuple[str, str]]) -> Iterator[list[Path]]:
    """Paths of the files named by (sha256, path below data/raw), in that order, for as long as the context lasts.

    The end of each path is the file's own (a name may tell the period). Links where the disk has them, copies elsewhere; either way the
    archive's bytes, read-only to whoever uses them.
    """
    with tempfile.TemporaryDirectory(prefix=".originals-", dir=journal.places.warehouse) as folder:
        paths = []
        for number, (sha256, name) in enumerate(files):
            path = Path(folder) / str(number) / name
            path.parent.mkdir(parents=True)
            try:
                os.link(journal.archived(sha256), path)
            except OSError:
                shutil.copyfile(journal.archived(sha256), path)
            paths.append(path)
        yield paths
