"""Typed 环比 and 同比 that our own numbers do not give: a question at the cell that shows both.

Here: the sentence. Not here: which cells are compared with what (sql/typed_changes.sql), how a typed change is read (intake). Either number may
be the wrong one, or the earlier one was corrected after the change was typed.
"""

from __future__ import annotations

import polars as pl

from pipeline.measures.slips import FIELDS

RULE = "typed_changes_are_the_computed_ones"


def differing(found: pl.DataFrame) -> pl.DataFrame:
    """Typed changes outside the computed bounds as questions to the unit; the frame's columns as in sql/typed_changes.sql."""
    now, before = (pl.coalesce(value, low).map_elements(lambda n: f"{n:,.10g}", return_dtype=pl.String)
                   for value, low in (("value", "low"), ("value_before", "low_before")))  # fmt: skip
    change = pl.struct("low_change", "high_change").map_elements(_span, return_dtype=pl.String)
    is_year = pl.col("against") == "year_before"
    named = (
        pl.when(is_year).then(pl.lit(year)).otherwise(pl.lit(other))
        for year, other in (("同比", "环比"), ("on the year before", "on the time before"))
    )
    zh, en = named
    origin = pl.format("{}›{}›{}", "path_before", "sheet_before", "cell_before")
    return found.select(
        "area_id", "week", "path", "sheet", "cell", severity=pl.lit("warning"), rule=pl.lit(RULE),
        zh=pl.format("{}：本格{}填“{}”，按所报的数（本期 {} 格 {}{}，上次 {} 格 {}{}）应为 {}。"
                     "请核对两期的数和本格；以前的数后来有更正的，请按更正后的数重算。",
                     "subject", zh, "text", "of_cell", now, "unit", origin, before, "unit", change),
        en=pl.format("{}: “{}” {} here, but the numbers handed in (cell {}: {}; {}: {}) give {}. Check both numbers and this cell; if the earlier "
                     "number was corrected since, compute from the corrected one.",
                     "subject", "text", en, "of_cell", now, origin, before, change),
    ).select(FIELDS)  # fmt: skip


def _span(ends: dict[str, float]) -> str:
    low, high = (f"{ends[name]:+.1%}" for name in ("low_change", "high_change"))
    return low if low == high else f"{low}–{high}"
