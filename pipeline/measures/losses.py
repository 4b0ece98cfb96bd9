"""Losses that did happen, beside those that were prevented.

Here: table `actual_losses`. Not here: prevented losses (ledger.py), the prevention rate (kpis.py). Empty unless losses are handed in.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import polars as pl

from pipeline.measures import taxonomy
from pipeline.settings import Settings


def actual_losses(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """One row: area, week, kind of fraud. Frames: loss_records, weeks. Numbers of longer periods have no week and are in no row."""
    records = counted(frames["loss_records"])
    return (
        records.with_columns(fraud_type=taxonomy.fraud_type(records["fraud_type"]).fill_null("unknown"))
        .join(frames["weeks"].select("week", "is_provisional"), on="week")
        .group_by("area_id", "week", "fraud_type")
        .agg(
            pl.col("cases").sum().round().cast(pl.Int64).alias("n"),
            *(pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name) for name in ("value", "low", "high")),
            pl.col("is_provisional").first(),
        )
        .sort("area_id", "week", "fraud_type")
    )


def counted(records: pl.DataFrame) -> pl.DataFrame:
    """`loss_records` with the cases each one stands for: a ledger row that states no count is one, a tally that states none has none."""
    unstated = pl.when("is_ledger").then(1.0).otherwise(0.0)
    return records.with_columns(cases=pl.when("states_cases").then(pl.col("cases").fill_null(0)).otherwise(unstated))
