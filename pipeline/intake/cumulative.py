"""Running totals (累计, 含上期) turned into what happened in the period, where the total before is known.

Here: which earlier total belongs to which, the difference with its bounds, falls. Not here: which total stands among several of one
fact (superseding.py, before this). A difference is never guessed: without the total before, the number does not count as the period's.
"""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.intake.findings import finding
from pipeline.intake.identity import iso_week
from pipeline.intake.superseding import OF_KIND

SERIES = ("subject_id", "channel", "measure", "unit", "form", *OF_KIND)
LONG_DAYS = 31
"""A total stated for more than a month from 1 January is itself the flow of that span (今年以来), not a column beside a week's."""


def difference(measurements: pl.DataFrame) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """(measurements with running totals resolved, one point per total that fell). Row order is kept.

    A total is differenced against the total of the same subject, form and kind whose period ends the day before this one begins, or
    which runs from the same day and ends earlier (then the period becomes the days between). It counts only where the period has no
    number of its own. Value: difference of the written totals; bounds: [low − earlier high, high − earlier low], not below 0.
    """
    frame = measurements.with_row_index("row")
    totals = frame.filter(pl.col("is_cumulative") & pl.col("stands") & (pl.col("kind") == "flow"))
    if totals.is_empty():
        return measurements, []
    resolved = _with_own_numbers(_differenced(_with_previous(totals)), frame)
    fallen = resolved.filter(pl.col("outcome") == "fell").sort("path", "sheet", "position")
    return _merged(frame, resolved).drop("row"), [_fall(row) for row in fallen.iter_rows(named=True)]


def _with_previous(totals: pl.DataFrame) -> pl.DataFrame:
    """Each total with the one before it in its series."""
    series = totals.with_columns(series=pl.concat_str([pl.col(n).fill_null("") for n in SERIES], separator="\x1f")).sort(
        "series", "end", "start", "row"
    )
    before = [pl.col(n).shift(1).over("series").alias(f"previous_{n}") for n in ("start", "end", "value", "low", "high", "precision", "text")]
    return series.with_columns(before)


def _differenced(totals: pl.DataFrame) -> pl.DataFrame:
    """Totals with `outcome` (whole · differenced · fell · unknown) and new value, low, high, start and precision."""
    follows = pl.col("previous_end") == pl.col("start") - pl.duration(days=1)
    extends = (pl.col("previous_start") == pl.col("start")) & (pl.col("previous_end") < pl.col("end"))
    is_known = (follows | extends).fill_null(False) & pl.col("low").is_not_null() & pl.col("previous_low").is_not_null()
    is_whole = _is_new_year(pl.col("start")) & ((pl.col("end") - pl.col("start")).dt.total_days() >= LONG_DAYS) & pl.col("low").is_not_null()
    value = pl.col("value") - pl.col("previous_value")
    low, high = pl.col("low") - pl.col("previous_high"), pl.col("high") - pl.col("previous_low")
    # In a new year the total starts again: what is smaller then is no correction, and without its own base it is not a difference either.
    starts_again = pl.any_horizontal(pl.col(n).dt.year() > pl.col(f"previous_{n}").dt.year() for n in ("start", "end"))
    fell = is_known & ((value < 0).fill_null(False) | (high < 0))
    are_exact = (pl.col("precision") == "exact") & (pl.col("previous_precision") == "exact")
    outcome = (
        pl.when(fell & starts_again)
        .then(pl.lit("unknown"))
        .when(fell)
        .then(pl.lit("fell"))
        .when(is_known)
        .then(pl.lit("differenced"))
        .when(is_whole)
        .then(pl.lit("whole"))
        .otherwise(pl.lit("unknown"))
    )
    is_difference = pl.col("outcome") == "differenced"
    return totals.with_columns(outcome=outcome).with_columns(
        value=pl.when(is_difference).then(value).otherwise("value"),
        low=pl.when(is_difference).then(pl.max_horizontal(low, pl.lit(0.0))).otherwise("low"),
        high=pl.when(is_difference).then(high).otherwise("high"),
        precision=pl.when(is_difference & ~are_exact).then(pl.lit("about")).otherwise("precision"),
        reason=pl.when(is_difference).then(pl.lit("cumulative")).otherwise("reason"),
        start=pl.when(is_difference & extends).then(pl.col("previous_end") + pl.duration(days=1)).otherwise("start"),
    )


def _is_new_year(day: pl.Expr) -> pl.Expr:
    return (day.dt.month() == 1) & (day.dt.day() == 1)


def _with_own_numbers(totals: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """A period that has a number of its own needs no difference."""
    period = ["subject_id", "channel", "measure", "unit", "start", "end"]
    own = frame.filter(~pl.col("is_cumulative") & pl.col("stands")).select(period).unique().with_columns(has_own=pl.lit(True))
    joined = totals.join(own, on=period, how="left", maintain_order="left")
    return joined.with_columns(outcome=pl.when("has_own").then(pl.lit("unknown")).otherwise("outcome"))


def _merged(frame: pl.DataFrame, totals: pl.DataFrame) -> pl.DataFrame:
    changed = ["value", "low", "high", "precision", "reason", "start"]
    stays = pl.col("outcome").is_in(["whole", "differenced"])
    update = totals.select("row", "outcome", *(pl.col(n).alias(f"new_{n}") for n in changed))
    joined = frame.join(update, on="row", how="left", maintain_order="left")
    is_total = pl.col("outcome").is_not_null()
    merged = joined.with_columns(
        *(pl.when(is_total & stays).then(f"new_{n}").otherwise(n).alias(n) for n in changed),
        stands=pl.when(is_total).then(stays).otherwise("stands"),
        stands_reason=pl.when(is_total & ~stays).then(pl.lit("cumulative")).otherwise("stands_reason"),
    ).drop("outcome", *(f"new_{n}" for n in changed))
    return merged.with_columns(week=iso_week(pl.col("start"), pl.col("end")))


def _fall(row: dict[str, Any]) -> dict[str, Any]:
    return finding(
        "running_totals_do_not_fall",
        "warning",
        f"累计数“{row['text']}”小于上期累计“{row['previous_text']}”（截至 {row['previous_end']}），本期数未计算。请核对，或说明口径变化。",
        f"The running total {row['text']!r} is below the one before ({row['previous_text']!r} up to {row['previous_end']}); "
        "no figure of the period was made. Check both, or say what changed.",
        file_id=row["file_id"],
        path=row["path"],
        sheet=row["sheet"],
        cell=row["cell"],
        text=row["text"],
    )
