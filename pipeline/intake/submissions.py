"""What each sheet hands in: one submission per file, sheet, form, reporter and period, and which of them a later one replaced.

Here: grouping numbers into submissions, cells due and missing, zero reports. Not here: whether a report was due or in time (measures/).
A tally's submission has the tally's period. A ledger's rows are grouped by ISO week, each row of a longer period stands by itself.
"""

from __future__ import annotations

import hashlib

import polars as pl

from pipeline.forms.catalogue import catalogue
from pipeline.tables.base import table

GROUP = ["file_id", "path", "sheet", "form", "by", "period"]
REGISTERS = tuple(form.name for form in catalogue().forms.values() if form.grain == "register")
"""The areas of a register do not report it: without a 填报单位 it has no reporter."""
REPLACED = ("superseded", "repeated", "withdrawn")


def submit(measurements: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(measurements with submission_id, rows of `submissions`)."""
    stated = pl.concat_str("start", "end", separator="…")
    grouped = measurements.with_columns(
        by=pl.when(pl.col("form").is_in(REGISTERS)).then("reporter_id").otherwise(pl.coalesce("reporter_id", "subject_id")),
        period=pl.when(pl.col("is_ledger") & pl.col("week").is_not_null()).then(pl.format("week {}", "week")).otherwise(stated),
    )
    groups = grouped.select(GROUP).unique(maintain_order=True)
    ids = [hashlib.sha256("\x1f".join(map(str, row)).encode()).hexdigest()[:16] for row in groups.iter_rows()]
    identified = grouped.join(groups.with_columns(submission_id=pl.Series(ids, dtype=pl.String)), on=GROUP, nulls_equal=True, maintain_order="left")
    return identified.drop("by", "period"), _submissions(identified)


def _submissions(measurements: pl.DataFrame) -> pl.DataFrame:
    is_missing = (pl.col("precision") == "missing") & (pl.col("reason") != "stated_none").fill_null(True)
    is_nothing = (pl.col("value") == 0).fill_null(False) | ((pl.col("precision") == "missing") & (pl.col("reason") == "stated_none").fill_null(False))
    replaced = pl.col("stands_reason").is_in(REPLACED)
    # Numbers that count for another reason (a claim, a tally beside its ledger) do not keep a replaced report alive.
    is_replaced = replaced.any() & ~pl.col("stands").any()
    by_submission = pl.col("winner_submission").filter(pl.col("winner_submission") != pl.col("submission_id")).drop_nulls().mode().sort().first()
    winners = measurements.select(superseded_by="measurement_id", winner_submission="submission_id").unique("superseded_by")
    return (
        measurements.join(winners, on="superseded_by", how="left", maintain_order="left")
        .group_by("submission_id", "file_id", "path", "sheet", "form", "by", maintain_order=True)
        .agg(
            reporter=pl.when(pl.col("by").is_not_null()).then(pl.coalesce("reporter", "subject")).first(),
            start=pl.col("start").min(),
            end=pl.col("end").max(),
            known_at=pl.col("known_at").max(),
            received_at=pl.col("received_at").first(),
            is_zero_report=is_nothing.all(),
            n_due=pl.len().cast(pl.Int64),
            n_missing=is_missing.sum().cast(pl.Int64),
            superseded_by=pl.when(is_replaced).then(by_submission),
            superseded_reason=pl.when(is_replaced).then(pl.col("stands_reason").filter(replaced).mode().sort().first()),
        )
        .rename({"by": "reporter_id"})
        .select(*table("submissions").polars_schema)
        .sort("received_at", "path", "sheet", "start", "submission_id")
    )
