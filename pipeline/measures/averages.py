"""What one prevented case amounts to: mean and median over spans of days, as intervals.

Here: indicators `prevented.mean` and `prevented.median` of the district and its towns. Not here: totals and case counts (additive.py), the
largest event (`share_largest` in kpis). Of a community's one or two events an average would be the event itself, so communities have none.

Amounts are log-normal rather than normal: the mean follows the largest case, the median the usual one, so both are given.
"""

from __future__ import annotations

import polars as pl

from pipeline.measures import comparison, geography
from pipeline.measures.additive import KEY, circumstances, comparable_towns
from pipeline.measures.periods import NOW, PREVIOUS, YEAR_BEFORE
from pipeline.settings import Settings

MEAN, MEDIAN = "prevented.mean", "prevented.median"


def averages(told: pl.DataFrame, areas: pl.DataFrame, periods: pl.DataFrame, reports: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Mean and median amount per case, with what they were before: the columns of `kpis` that a number of money has.

    `told`: the events of each span, as period, role, area_id, value, low, high, n_cases, is_aggregate, is_doubtful; `periods` and
    `reports` as in additive.py. Only events that state an amount are in it; nothing is imputed to the others.

    The mean is the amounts written ÷ the cases they are of. Each bound takes the low (high) end of every stated amount, vague ones
    included, ÷ the cases of all these: a mean of intervals lies between the means of their ends.

    The median is that of single cases (a tally's line has no single amounts). It can only rise when an amount rises, so it is least when
    every amount is at its low end and greatest when every amount is at its high end: [median of lows, median of highs], and no narrower
    interval holds. The value is the median of the amounts that were written.

    Events in doubt may be told twice: both bounds are the wider ones of all events and of all but those in doubt.
    """
    large = areas.filter(pl.col("level") != "community")
    stated = told.filter(pl.col("low").is_not_null(), pl.col("high").is_not_null())
    everywhere = geography.roll_up(stated, areas).join(large.select("area_id"), on="area_id", how="semi")
    found = mean_and_median(everywhere).filter(role=NOW).drop("role")
    previous = _before(found.select(KEY), stated, areas, periods, reports, PREVIOUS, settings)
    year = _before(found.select(KEY), stated, areas, periods, reports, YEAR_BEFORE, settings).drop("n_left_out")
    names = {"comparable": "year_comparable", "before": "year_before", "change": "year_change", "note": "year_note"}
    return (
        found.join(previous.rename({"before": "previous"}), on=KEY, how="left")
        .join(year.rename(names), on=KEY, how="left")
        .with_columns(unit=pl.lit("元"))
    )


def mean_and_median(events: pl.DataFrame) -> pl.DataFrame:
    """metric, area_id, period, role, value, low, high, n_records (cases it is of), n_without_value (of them without a written figure)."""
    by = events.group_by("area_id", "period", "role")
    is_firm, is_single, is_written = ~pl.col("is_doubtful"), ~pl.col("is_aggregate"), pl.col("value").is_not_null()
    everything = pl.col("low").is_not_null()

    def mean(end: str, rows: pl.Expr) -> pl.Expr:
        return pl.col(end).filter(rows).sum() / pl.col("n_cases").filter(rows).sum()

    def median(end: str, rows: pl.Expr) -> pl.Expr:
        return pl.col(end).filter(rows & is_single).median()

    parts = []
    for metric, average, counted in ((MEAN, mean, everything), (MEDIAN, median, is_single)):
        cases = pl.col("n_cases").filter(counted)
        found = by.agg(
            value=pl.when((is_written & counted).any()).then(average("value", is_written)),
            low=pl.min_horizontal(average("low", everything), pl.when((is_firm & counted).any()).then(average("low", is_firm))),
            high=pl.max_horizontal(average("high", everything), pl.when((is_firm & counted).any()).then(average("high", is_firm))),
            n_records=cases.sum(), n_without_value=pl.col("n_cases").filter(counted & ~is_written).sum(),
        )  # fmt: skip
        parts.append(found.filter(pl.col("n_records") > 0).with_columns(metric=pl.lit(metric)))
    columns = [*KEY, "role", "value", "low", "high", "n_records", "n_without_value"]
    return pl.concat(part.select(columns) for part in parts)


def _before(
    keys: pl.DataFrame, stated: pl.DataFrame, areas: pl.DataFrame, periods: pl.DataFrame, reports: pl.DataFrame, role: str, settings: Settings
) -> pl.DataFrame:
    """By metric, area and period of `keys`: the average of the same reporters now (comparable) and then (before), the change, why there is none."""
    same = comparable_towns(areas, reports, periods, role, settings)
    own = stated.join(geography.towns(areas), on="area_id").join(same.filter("is_comparable"), on=["town_id", "period"], how="semi")
    both = mean_and_median(geography.roll_up(own.filter(pl.col("role").is_in([NOW, role])).drop("town_id"), areas))
    then = both.filter(role=role).select(*KEY, before="value", n_then=pl.col("n_records") - pl.col("n_without_value"))
    now = both.filter(role=NOW).select(*KEY, comparable="value", n_now=pl.col("n_records") - pl.col("n_without_value"))
    found = (
        keys.join(now, on=KEY, how="left")
        .join(then, on=KEY, how="left")
        .join(circumstances(same, areas, periods, reports, role), on=["area_id", "period"])
        .with_columns(before=pl.when(~pl.col("is_outside")).then("before"))
    )
    note = comparison.why_no_percentage(
        settings, kind=pl.lit("average"), before=pl.col("before"), cases=pl.min_horizontal("n_now", "n_then").fill_null(0),
        reporting=pl.col("lowest"), is_outside=pl.col("is_outside"), is_broken=pl.col("is_broken"),
    )  # fmt: skip
    change = pl.when(pl.col("note").is_null()).then(pl.col("comparable") / pl.col("before") - 1)
    return found.with_columns(note=note).select(*KEY, "comparable", "before", "note", "n_left_out", change=change)
