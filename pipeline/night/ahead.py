"""The reading workers, started ahead: while this process loads Dagster, theirs load the reader.

Here: whether a run will read anything, guessed from times alone. A wrong guess costs time and nothing else: what is read is decided by
content (receive.py), in the same workers, which are started then at the latest (intake/isolation.py).
"""

from __future__ import annotations

import os
from pathlib import Path

from pipeline.intake.isolation import start_workers
from pipeline.settings import Places, Settings


def start_ahead(places: Places, settings: Settings) -> None:
    """Start the workers if anything below data/raw has come, changed or moved since the last publication."""
    if seems_to_bring_something(places):
        start_workers(settings.reading)


def seems_to_bring_something(places: Places) -> bool:
    """Whether anything below data/raw is younger than the published warehouse, or went while it was looked at."""
    published = places.published.stat().st_mtime if places.published.is_file() else 0.0
    try:
        return any((Path(folder) / name).lstat().st_ctime > published for folder, _, names in os.walk(places.raw) for name in names)
    except FileNotFoundError:
        return True
