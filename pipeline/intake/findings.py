"""Points that only show when all files are seen together, as rows of `rejections`.

Here: the row and its stable id. Not here: the rules (beside what they judge), points of one file alone (reading.py), which points are closed
(waivers.py).
"""

from __future__ import annotations

import hashlib
from typing import Any

import polars as pl

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


def with_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """The points with `rejection_id`, sorted by file and place. Ids come from place and rule; several of one rule at one cell are numbered."""
    place = ["path", "file_id", "sheet", "cell", "rule"]
    numbered = frame.sort(*place, "message").with_columns(nth=pl.int_range(pl.len()).over(place))
    ids = [short(*row) for row in numbered.select(*place, "nth").iter_rows()]
    return numbered.with_columns(rejection_id=pl.Series(ids, dtype=pl.String)).select("rejection_id", *COLUMNS)


def short(*parts: object) -> str:
    """A stable id of 16 hex digits."""
    return hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:16]
