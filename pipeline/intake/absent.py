"""Rows that an earlier sheet had and a later one lacks: they stay, and somebody is told.

Here: which later sheet stands in for which earlier one, and what it lacks. Not here: which number of a row stands (superseding.py).
A sheet that corrects a single row is no replacement of the whole: a later sheet replaces an earlier one of the same form when it repeats
at least half of its rows. A corrected returned copy takes its original's place whole.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.intake.findings import finding

REPLACES_FROM = 0.5
"""Share of an earlier sheet's rows that a later sheet must repeat to count as its replacement."""

_SAID = ("row_fact", "path", "sheet", "cell", "subject", "start", "end", "later_id", "later_path", "later_name")


def absent_rows(measurements: pl.DataFrame, copies: pl.DataFrame) -> list[dict[str, Any]]:
    """One point per row that still stands although the sheet or copy that replaced its own no longer has it, on the sheet that lacks it.

    `copies`: as corrected_copies.taking_place gives them.
    """
    sheet = ["file_id", "path", "sheet", "form"]
    present = measurements.filter(pl.col("stands_reason").is_null() | ~pl.col("stands_reason").is_in(["withdrawn"]))
    rows = (
        present.group_by(*sheet, "row_fact", "start", "end", maintain_order=True)
        .agg(pl.col("cell", "subject", "received_at").first(), pl.col("stands").any())
        .with_columns(sheet_number=pl.struct(sheet).rank("dense"))
    )
    later = rows.select(
        "form", "row_fact", later_sheet="sheet_number", later_id="file_id", later_path="path", later_name="sheet", later_received="received_at"
    )
    sizes = rows.group_by("sheet_number").agg(n_rows=pl.len())
    shared = (
        rows.join(later, on=["form", "row_fact"])
        .filter((pl.col("later_received") > pl.col("received_at")) & (pl.col("later_sheet") != pl.col("sheet_number")))
        .group_by("sheet_number", "later_sheet", "later_id", "later_path", "later_name", "later_received")
        .agg(n_shared=pl.col("row_fact").n_unique())
        .join(sizes, on="sheet_number")
        .filter(pl.col("n_shared") >= REPLACES_FROM * pl.col("n_rows"))
    )
    newest = shared.sort("later_received", "later_sheet").unique("sheet_number", keep="last", maintain_order=True)
    in_sheets = (
        rows.filter("stands")
        .join(newest.drop("n_rows", "n_shared"), on="sheet_number")
        .join(rows.select(later_sheet="sheet_number", row_fact="row_fact"), on=["later_sheet", "row_fact"], how="anti")
        .select(_SAID)
    )
    newest_copy = copies.sort("copied_at", "copy_id").unique("file_id", keep="last", maintain_order=True)
    in_copies = (
        rows.filter("stands")
        .join(newest_copy, on="file_id")
        .join(rows.select(copy_id="file_id", row_fact="row_fact"), on=["copy_id", "row_fact"], how="anti")
        .select(*_SAID[:-3], later_id="copy_id", later_path="copy_path", later_name="sheet")
    )
    lacking = pl.concat([in_sheets, in_copies]).unique("row_fact", keep="last", maintain_order=True).sort("path", "sheet", "cell")
    return [_lacking(row) for row in lacking.iter_rows(named=True)]


def _lacking(row: dict[str, Any]) -> dict[str, Any]:
    when = str(row["start"]) if row["start"] == row["end"] else f"{row['start']}—{row['end']}"
    return finding(
        "rows_absent_from_a_later_sheet_stay",
        "warning",
        f"原来有的一行在本表中没有了：“{row['subject']}”{when}（{row['path']}›{row['sheet']}›{row['cell']}），仍按原数统计。如应删除，请撤回或更正。",
        f"A row is gone from this sheet that was there before: {row['subject']}, {when} ({row['path']} › {row['sheet']} › {row['cell']}); it still "
        "counts. If it should go, say so by a correction or withdrawal.",
        file_id=row["later_id"],
        path=row["later_path"],
        sheet=row["later_name"],
        text=row["subject"],
    )
