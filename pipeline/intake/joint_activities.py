"""Joint activities (data/decisions/same_activities): one activity that several units' ledgers tell of counts as one row tells it.

Here: which numbers of the other rows no longer stand, and decisions that no longer apply. Not here: finding activities that may be joint
(measures/sql/joint_activities.sql), the rows decisions name (decided_rows.py), one report that comes again (superseding.py, before this),
loading decisions (pipeline/decisions.py).
"""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.decisions import SameActivity
from pipeline.intake.decided_rows import missing_row, numbers_of_row
from pipeline.intake.superseding import NUMBER_IDENTITY

RULE = "same_activities_find_their_rows"
GONE_ZH = "联合活动裁定 {source} 不再适用：{place} 所在行没有采用的台账数"
GONE_EN = "Decision {source} on a joint activity does not apply: no ledger's standing number is in the row of {place}"
OUTCOME = {"measurement_id": pl.String, "joint_with": pl.String, "joint_at": pl.Datetime("us")}


def count_once(measurements: pl.DataFrame, decisions: tuple[SameActivity, ...]) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """(measurements, one error a decision that names a row of no ledger's standing number). Row order is kept.

    Of a joint activity the first cell's row counts; another row's number that the first states too (channel, measure and unit) no longer
    stands, reason joint. What only another row states is of the activity as well and stays. A decision that rows are of several
    activities changes no number; it must find its rows all the same.
    """
    if not decisions:
        return measurements, []
    named = measurements.filter("stands", "is_ledger", pl.col("path").is_in({cell.file for decision in decisions for cell in decision.cells}))
    findings: list[dict[str, Any]] = []
    joint = [pl.DataFrame(schema=OUTCOME)]
    for decision in decisions:
        rows = [numbers_of_row(named, cell) for cell in decision.cells]
        gone = [cell for cell, found in zip(decision.cells, rows, strict=True) if found.is_empty()]
        if gone:
            findings.append(missing_row(RULE, decision, gone[0], GONE_ZH, GONE_EN))
        elif decision.same:
            joint += [_told_again(rows[0], other) for other in rows[1:]]
    lost = pl.concat(joint).unique("measurement_id", keep="first", maintain_order=True)
    is_joint = pl.col("joint_with").is_not_null()
    marked = measurements.join(lost, on="measurement_id", how="left", maintain_order="left").with_columns(
        stands=pl.col("stands") & ~is_joint,
        stands_reason=pl.when(is_joint).then(pl.lit("joint")).otherwise("stands_reason"),
        superseded_by=pl.when(is_joint).then("joint_with").otherwise("superseded_by"),
        superseded_at=pl.when(is_joint).then("joint_at").otherwise("superseded_at"),
    )
    return marked.select(measurements.columns), findings


def _told_again(first: pl.DataFrame, other: pl.DataFrame) -> pl.DataFrame:
    """Numbers of `other` that `first` states too: OUTCOME."""
    stated = first.unique(NUMBER_IDENTITY, keep="first", maintain_order=True)
    told = stated.select(*NUMBER_IDENTITY, joint_with="measurement_id", first_at="received_at")
    again = other.filter(~pl.col("measurement_id").is_in(first["measurement_id"].implode())).join(told, on=NUMBER_IDENTITY)
    return again.select("measurement_id", "joint_with", joint_at=pl.max_horizontal("received_at", "first_at"))
