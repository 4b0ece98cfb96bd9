"""Every additive indicator as one weekly series an area: what kpis, sparklines, publications and revisions are made of.

Here: table `weekly_series`, an area's own numbers, not yet rolled up; volumes of single channels are kept by town. Not here: periods and
comparisons (kpis.py), coverage (a share cannot be added; it has its own table).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from pipeline.settings import Settings
from pipeline.tables.base import table


def weekly_series(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """One row: metric, area, week. Frames: gross_contacts, channel_contacts, cube_sums (sql/), events, actual_losses, report_status, weeks.

    Weeks outside `weeks` (running or future ones) are left out. kind: count · cases · money · level (a stock). largest: the largest
    single event, of money only.
    """
    schema = table("weekly_series").polars_schema
    parts = [
        frames["gross_contacts"].with_columns(metric=pl.lit("contacts"), kind=pl.lit("count"), unit=pl.lit("人次"), largest=None),
        frames["channel_contacts"].with_columns(kind=pl.lit("count"), largest=None),
        _cube(frames["cube_sums"]),
        *prevented(frames["events"].filter(pl.col("week").is_not_null()), ["area_id", "week"]),
        *lost(frames["actual_losses"], ["area_id", "week"]),
        *_reports(frames["report_status"]),
    ]
    return pl.concat([part.select(pl.col(name).cast(dtype) for name, dtype in schema.items()) for part in parts]).join(
        frames["weeks"].select("week"), on="week", how="semi"
    )


def _cube(sums: pl.DataFrame) -> pl.DataFrame:
    kind = pl.when(pl.col("kind") == "stock").then(pl.lit("level")).otherwise(pl.lit("count"))
    return sums.with_columns(kind=kind, largest=None)


def prevented(events: pl.DataFrame, by: list[str]) -> list[pl.DataFrame]:
    """Cases and amounts by the columns `by`: all grades, each grade, and P3 and above. A doubtful event is in value and high, not in low."""
    firm = pl.when(pl.col("is_doubtful")).then(0.0)
    cases = (
        events.group_by(by)
        .agg(
            value=pl.col("n_cases").sum(),
            low=pl.when(pl.col("is_doubtful")).then(0).otherwise("n_cases").sum(),
            high=pl.col("n_cases").sum(),
            n_records=pl.len(),
        )
        .with_columns(metric=pl.lit("cases"), kind=pl.lit("cases"), unit=pl.lit("起"), n_without_value=0, largest=None)
    )
    chosen = {"prevented": pl.lit(True), "prevented.P3plus": pl.col("grade") >= "P3"} | {
        f"prevented.{grade}": pl.col("grade") == grade for grade in ("P2", "P3", "P4", "P5")
    }
    return [cases] + [
        events.filter(rows)
        .group_by(by)
        .agg(
            *_sums("value", "high"),
            low=pl.when(pl.col("low").is_not_null().any()).then(firm.otherwise("low").sum()),
            n_records=pl.col("n_cases").sum(),
            n_without_value=pl.col("n_cases").filter(pl.col("value").is_null()).sum(),
            largest=pl.col("value").filter(~pl.col("is_aggregate")).max(),
        )
        .with_columns(metric=pl.lit(metric), kind=pl.lit("money"), unit=pl.lit("元"))
        for metric, rows in chosen.items()
    ]


def lost(losses: pl.DataFrame, by: list[str]) -> list[pl.DataFrame]:
    """Cases (n) and amounts of losses that did happen, by the columns `by`. An amount without a count of cases is of one record at least."""
    summed = losses.group_by(by).agg(pl.col("n").sum(), *_sums("value", "low", "high"), n_rows=pl.len())
    cases = summed.with_columns(value="n", low="n", high="n", n_records="n", metric=pl.lit("losses.cases"), kind=pl.lit("cases"), unit=pl.lit("起"))
    money = summed.with_columns(n_records=pl.max_horizontal("n", "n_rows"), metric=pl.lit("losses.amount"), kind=pl.lit("money"), unit=pl.lit("元"))
    return [part.with_columns(n_without_value=0, largest=None) for part in (cases, money)]


def _reports(status: pl.DataFrame) -> list[pl.DataFrame]:
    """Reports due, in and on time. What is not yet due or waived is outside all three."""
    due = status.filter(~pl.col("status").is_in(["not_due", "waived"]))
    counted = {
        "reports.due": pl.lit(True),
        "reports.in": pl.col("status") != "missing",
        "reports.on_time": pl.col("status").is_in(["on_time", "zero_report"]),
    }
    return [
        due.group_by("area_id", "week")
        .agg(value=rows.cast(pl.Int64).sum() if metric != "reports.due" else pl.len())
        .with_columns(
            low="value", high="value", n_records="value", n_without_value=0, largest=None,
            metric=pl.lit(metric), kind=pl.lit("count"), unit=pl.lit("份"),
        )
        for metric, rows in counted.items()
    ]  # fmt: skip


def _sums(*names: str) -> list[pl.Expr]:
    """Sums that stay null when nothing was stated: a missing number is never 0."""
    return [pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name) for name in names]
