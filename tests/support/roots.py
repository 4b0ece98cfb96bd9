"""An empty root in a temporary folder, as a new machine has it."""

from __future__ import annotations

from pathlib import Path

from pipeline.settings import Places


def new_root(folder: Path) -> Places:
    places = Places(folder)
    places.raw.mkdir(parents=True)
    return places


def put(places: Places, path: str, content: bytes | str = "一") -> Path:
    """A file below data/raw."""
    file = places.raw / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file
