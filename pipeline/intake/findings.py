"""Points that only show when all files are seen together, as rows of `rejections`.

Here: the row, its stable id, and rows from a frame of cells. Not here: the rules (beside what they judge), points of one file alone
(reading.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

import polars as pl

from pipeline.tables.base import table

DECISIONS = "decisions"
"""file_id of a point about a decision; its path is data/decisions' own."""
COLUMNS = ("file_id", "path", "sheet", "cell", "severity", "rule", "message", "message_en", "text", "suggestion")


def finding(
    rule: str,
    severity: str,
    zh: str,
    en: str,
    *,
    file_id: str = DECISIONS,
    path: str,
    sheet: str = "",
    cell: str = "",
    text: str | None = None,
    suggestion: str | None = None,
) -> dict[str, Any]:
    """One point; `zh` and `en` say what was seen, what was expected, what to do."""
    values = (file_id, path, sheet, cell, severity, rule, zh, en, text or None, suggestion or None)
    return dict(zip(COLUMNS, values, strict=True))


def to_frame(findings: Iterable[dict[str, Any]]) -> pl.DataFrame:
    """Points as `rejections`. Ids come from place and rule; several points of one rule at one cell are numbered in order."""
    rows = list(findings)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String()), orient="row")
    return with_ids(frame)


def with_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """The points with `rejection_id`, in the table's column order, sorted by file and place."""
    place = ["path", "file_id", "sheet", "cell", "rule"]
    numbered = frame.sort(*place, "message").with_columns(nth=pl.int_range(pl.len()).over(place))
    ids = [short(*row) for row in numbered.select(*place, "nth").iter_rows()]
    return numbered.with_columns(rejection_id=pl.Series(ids, dtype=pl.String)).select(*table("rejections").polars_schema)


def short(*parts: object) -> str:
    """A stable id of 16 hex digits."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]
