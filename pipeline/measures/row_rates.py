"""Ratios of two counts that one row of a sheet states side by side: warnings handled ÷ received, attendance ÷ sessions.

Here: indicators `handling_rate` and `attendance_per_session`. Not here: which rows state both counts (sql/row_pairs.sql), shares of reports
and money (shares.py). Counts of different rows are never divided: what one station handled is no share of what another received.
"""

from __future__ import annotations

import polars as pl

from pipeline.measures import comparison, geography, shares
from pipeline.settings import Settings

HANDLING, ATTENDANCE = "handling_rate", "attendance_per_session"
UNITS = {HANDLING: "1", ATTENDANCE: "人次/场"}
KEY = ["metric", "area_id", "period"]
NUMBERS = ("part", "whole", "part_low", "part_high", "whole_low", "whole_high", "unwritten")


def of_weeks(pairs: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """`pairs` with the period and role in whose weeks each lies; `periods` by Mondays. Rows of longer spans are in none."""
    return pairs.join_where(_spans(periods), pl.col("week") >= pl.col("first"), pl.col("week") <= pl.col("last"))


def of_days(pairs: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """`pairs` with the period and role in which they lie with all their days; `periods` by days. A row across an end is in neither side."""
    return pairs.join_where(_spans(periods), pl.col("start") >= pl.col("first"), pl.col("end") <= pl.col("last"))


def row_rates(told: pl.DataFrame, areas: pl.DataFrame, periods: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Both ratios by area and period, with what they were before: columns as shares.py's. `told`: as of_weeks or of_days gives it.

    value = Σ parts ÷ Σ wholes of the rows that write both; low = Σ low parts ÷ Σ high wholes, high the other way round, of all rows that
    state both. n_records: warnings or sessions that it rests on at least; n_without_value: those of rows with an approximate count. A rate
    of warnings changes by difference; attendance, an average, in parts of the earlier one, where as many sessions stand behind both as
    a change of cases asks for.
    """
    sums = geography.roll_up(told, areas).group_by(*KEY, "role").agg(
        *(pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name) for name in NUMBERS)
    )  # fmt: skip
    is_share = pl.col("metric") == HANDLING
    low, high = _ratio("part_low", "whole_high"), _ratio("part_high", "whole_low")
    # Of a handled share no more than all can be true, unless the written figures say so themselves: that is asked about at the cell.
    most = pl.max_horizontal(pl.min_horizontal(high, pl.lit(1.0)), low, _ratio("part", "whole"))
    found = sums.select(
        *KEY, "role", value=_ratio("part", "whole"), low=low, high=pl.when(is_share).then(most).otherwise(high),
        n_records=pl.col("whole_low").floor().cast(pl.Int64), n_without_value=pl.col("unwritten").floor().cast(pl.Int64),
    )  # fmt: skip
    changed = shares.changed(found, periods)
    units = pl.col("metric").replace_strict(UNITS, return_dtype=pl.String)
    return _averages(changed, found, settings).with_columns(unit=units)


def _averages(changed: pl.DataFrame, found: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """`changed` with the differences of averages made relative, or a note where too few sessions stand behind either."""
    is_average, fewest = pl.col("metric") == ATTENDANCE, settings.pages.small_base_cases
    for role, (before, change, note) in shares.EARLIER.items():
        behind = found.filter(role=role).select(*KEY, n_then="n_records")
        told = changed.join(behind, on=KEY, how="left")
        is_small = is_average & pl.col(change).is_not_null() & (pl.min_horizontal("n_records", "n_then") < fewest)
        relative = pl.when(pl.col(before) > 0).then(pl.col(change) / pl.col(before))
        changed = told.with_columns(
            pl.when(is_small).then(None).when(is_average).then(relative).otherwise(change).alias(change),
            pl.when(is_small).then(pl.lit(comparison.SMALL_BASE)).otherwise(note).alias(note),
        ).drop("n_then")
    return changed


def _ratio(part: str, whole: str) -> pl.Expr:
    return pl.when(pl.col(whole) > 0).then(pl.col(part) / pl.col(whole))


def _spans(periods: pl.DataFrame) -> pl.DataFrame:
    return periods.select("period", "role", "first", "last")
