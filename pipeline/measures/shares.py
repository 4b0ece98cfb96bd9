"""Shares of the kpis: coverage, place coverage, reporting and on-time rate, completeness of items, prevention rate.

Here: rates from summed counts, never from other rates. Not here: counts and money (kpis.py), the coverage of a week (coverage.py). Shares
change by differences (百分点), never by per cent, and carry no interval of the change: their bounds are no sampling error.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pipeline.measures import comparison, geography, registry
from pipeline.measures.periods import NOW, PREVIOUS, YEAR_BEFORE

KEY = ["metric", "area_id", "period"]
EARLIER = {PREVIOUS: ("previous", "change", "note"), YEAR_BEFORE: ("year_before", "year_change", "year_note")}
"""Role of an earlier span → the columns of what was then, how it changed, why no change is given."""
SINCE = {"metric": pl.String, "since": pl.Date}


def shares(frames: Mapping[str, pl.DataFrame], periods: pl.DataFrame, reports: pl.DataFrame, additive: pl.DataFrame) -> pl.DataFrame:
    """All shares with what they were before: metric, area_id, period, value, low, high, n_records, previous, change, note and the year's.

    Frames: coverage, place_activity, areas. `reports` are counts by area, period and role; `additive` the counts and money of the period.
    """
    at_ends = [_covered(frames["coverage"], periods), _active_places(frames["place_activity"], frames["areas"], periods)]
    return pl.concat([*(changed(share, periods) for share in at_ends), rates(periods, reports, additive)])


def rates(periods: pl.DataFrame, reports: pl.DataFrame, additive: pl.DataFrame) -> pl.DataFrame:
    """The shares that come from the counts and money of the span alone: reporting, on time, prevention; columns as `shares`."""
    return changed(pl.concat([_reporting_rates(reports, periods), _prevention_rates(additive)]), periods)


def completeness(status: pl.DataFrame, areas: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Item completeness: due items with a number ÷ items due, of the reports that came; columns as `shares`. n_records: items due.

    `status`: report_status with `day`, by which a report lies in a span of `periods`. A report that did not come has no items: that it is
    missing is the reporting rate's.
    """
    told = status.filter(pl.col("items_due") > 0).select("area_id", "day", "items_due", "items_missing")
    inside = told.join_where(periods.select("period", "role", "first", "last"), pl.col("day") >= pl.col("first"), pl.col("day") <= pl.col("last"))
    due = pl.col("items_due")
    sums = geography.roll_up(inside, areas).group_by("area_id", "period", "role").agg(due.sum(), share=1 - pl.col("items_missing").sum() / due.sum())
    return changed(
        sums.select(
            pl.lit("item_completeness").alias("metric"), "area_id", "period", "role", value="share", low="share", high="share", n_records=due
        ),
        periods,
    )


def _covered(coverage: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Coverage of the window that ends with each span's last week; groups as coverage.<audience>."""
    group = pl.when(pl.col("audience") == "all").then(pl.lit("coverage")).otherwise("coverage." + pl.col("audience"))
    n_places = pl.col("n_places") - pl.col("n_never")
    return _at_ends(coverage.select("area_id", "week", "low", "high", metric=group, value="estimate", n_records=n_places), periods)


def _active_places(activity: pl.DataFrame, areas: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Place coverage: share of residents living where anything was recorded in the window. A place that never had a record is in no
    value; the bounds take all such places as inactive, or as active."""
    weighted = activity.join(areas.select("area_id", "residents"), on="area_id").filter(pl.col("residents") > 0)
    people, never = pl.col("residents"), pl.col("days_since_activity").is_null()
    shares = geography.roll_up(weighted, areas).group_by("area_id", "week").agg(
        active=people.filter("is_active").sum(), never=people.filter(never).sum(), all=people.sum(), n_records=(~never).sum()
    )  # fmt: skip
    value = pl.when(pl.col("all") > pl.col("never")).then(pl.col("active") / (pl.col("all") - pl.col("never")))
    return _at_ends(
        shares.select(
            "area_id", "week", "n_records", metric=pl.lit("place_coverage"), value=value, low=pl.col("active") / pl.col("all"),
            high=(pl.col("active") + pl.col("never")) / pl.col("all"),
        ),
        periods,
    )  # fmt: skip


def _at_ends(points: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    ends = periods.select("period", "role", week="last")
    return points.join(ends, on="week").select(*KEY, "role", "value", "low", "high", pl.col("n_records").cast(pl.Int64))


def _reporting_rates(reports: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Reporting rate = received ÷ due, on-time rate = on time ÷ due. A span that begins before the data has neither."""
    inside = periods.filter(~pl.col("is_outside")).select("period", "role")
    due = reports.join(inside, on=["period", "role"], how="semi").filter(pl.col("reports_due") > 0)
    parts = (("reporting_rate", "reports_in"), ("on_time_rate", "reports_on_time"))
    rates = [due.with_columns(metric=pl.lit(metric), value=pl.col(part) / pl.col("reports_due")) for metric, part in parts]
    return pl.concat(rates).select(*KEY, "role", "value", low="value", high="value", n_records=pl.col("reports_due").cast(pl.Int64))


def _prevention_rates(additive: pl.DataFrame) -> pl.DataFrame:
    """Prevented ÷ (prevented + lost) of the same areas and weeks, for all grades and for P3 and above; only where losses are known.

    The form of UK Finance's annual fraud report: 1.45 ÷ (1.45 + 0.722) = 67 %. The bounds pair low with high.
    """
    lost = additive.filter((pl.col("metric") == "losses.amount") & (pl.col("n_records") > 0))
    names = {"prevented": "prevention_rate", "prevented.P3plus": "prevention_rate.P3plus"}
    kept = additive.filter(pl.col("metric").is_in(list(names))).join(lost, on=["area_id", "period"], suffix="_lost")

    def rate(kept: str, lost: str) -> pl.Expr:
        return pl.when(pl.col(kept) + pl.col(lost) > 0).then(pl.col(kept) / (pl.col(kept) + pl.col(lost)))

    return kept.select(
        pl.col("metric").replace_strict(names, return_dtype=pl.String), "area_id", "period", role=pl.lit(NOW), value=rate("value", "value_lost"),
        low=rate("low", "high_lost"), high=rate("high", "low_lost"), n_records=pl.col("n_records") + pl.col("n_records_lost"),
    )  # fmt: skip


def changed(shares: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Shares side by side with those before; changes are differences. No comparison crosses a changed definition."""
    since = pl.DataFrame([(metric, registry.describing(metric).since) for metric in shares["metric"].unique()], schema=SINCE, orient="row")
    now = shares.filter(pl.col("role") == NOW).drop("role")
    for role, (before, change, note) in EARLIER.items():
        then = shares.filter((pl.col("role") == role) & pl.col("value").is_not_null()).select(*KEY, **{before: "value"})
        span = periods.filter(role=role).select("period", "is_broken", "first")
        is_broken = pl.col("is_broken").fill_null(False) | (pl.col("since") > pl.col("first")).fill_null(False)
        missing = pl.when(pl.col(before).is_null()).then(pl.lit(comparison.NO_PREVIOUS)).when(is_broken).then(pl.lit(comparison.BREAK))
        joined = now.join(then, on=KEY, how="left").join(span, on="period", how="left").join(since, on="metric", how="left")
        difference = pl.when(~is_broken).then(pl.col("value") - pl.col(before))
        now = joined.with_columns(difference.alias(change), missing.alias(note)).drop("is_broken", "first", "since")
    return now.with_columns(unit=pl.lit("1"))
