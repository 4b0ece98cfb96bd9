"""A CSV beside the pages, read back."""

from __future__ import annotations

import csv
import io
from pathlib import Path


def rows_of(site: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((site / f"data/{name}.csv").read_text("utf-8-sig"))))
