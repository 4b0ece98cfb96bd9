"""What a build depends on, as one fingerprint: when it is the published one's, there is nothing to do.

Here: files received, people's decisions, settings and the file of boundaries they name, this program, and the part of the clock that pages
speak of (the day, and whether its deadline has passed). Not here: what changed (measures' revisions say that), the reading cache's own key
(intake/reading.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from pathlib import Path

import polars as pl

import pipeline
from pipeline.settings import Places, Settings

_PROGRAM = (".py", ".sql", ".yaml", ".html", ".css", ".js")


@cache
def program_fingerprint() -> str:
    """Of everything this package computes and draws with."""
    home = Path(pipeline.__file__).parent
    return _digest(
        part for file in sorted(home.rglob("*")) if file.suffix in _PROGRAM for part in (str(file.relative_to(home)).encode(), file.read_bytes())
    )


def inputs_fingerprint(files: pl.DataFrame, places: Places, settings: Settings, clock: datetime) -> str:
    """Of one run's inputs. `files` as Journal.files, `clock` in the office's time zone."""
    outlines = places.boundaries(settings)
    decided = [part for file in sorted(places.decisions.rglob("*.y*ml")) for part in (file.name.encode(), file.read_bytes())]
    received = files.select("file_id", "received_at", "is_present", "is_withdrawn").write_csv().encode()
    decided += [outlines.read_bytes()] if outlines and outlines.is_file() else []
    deadline = clock.hour >= settings.reporting.deadline_hour
    return _digest([program_fingerprint().encode(), settings.model_dump_json().encode(), received, f"{clock.date()} {deadline}".encode(), *decided])


def _digest(parts: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()[:16]
