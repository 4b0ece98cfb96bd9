"""Counts, cases, money and levels over spans of days, and how they changed between the same reporters.

Here: what tables `kpis` and `month_kpis` have in common: sums of an area's own numbers by span in, rolled up and compared. Not here:
which spans (periods.py, months.py), shares (shares.py), amounts per event (averages.py), the arithmetic of changes (comparison.py).

Counts compare the same reporters: of a span and its partner only towns with at least comparable_rate of their reports in both are in
the change; how many towns were left out is said. Values themselves are of all.
"""

from __future__ import annotations

import polars as pl

from pipeline.measures import comparison, geography, registry
from pipeline.measures.periods import NOW, PREVIOUS, YEAR_BEFORE
from pipeline.settings import Settings

KEY = ["metric", "area_id", "period"]
ADDED = ["value", "low", "high", "n_records", "n_without_value", "largest"]
ALWAYS_STATED = ("cases", "money")
"""Kinds that are 0, not missing, where an area has none of them: events come in ledgers of the whole district."""


def reports_by_span(sums: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Reports due, in and on time by area, period and role, rolled up."""
    own = sums.filter(pl.col("metric").str.starts_with("reports.")).select("area_id", "period", "role", "metric", "value")
    wide = geography.roll_up(own, areas).group_by("area_id", "period", "role").agg(
        **{f"reports_{part}": pl.col("value").filter(pl.col("metric") == f"reports.{part}").sum() for part in ("due", "in", "on_time")}
    )  # fmt: skip
    return wide.with_columns(rate=pl.when(pl.col("reports_due") > 0).then(pl.col("reports_in") / pl.col("reports_due")))


def additive(sums: pl.DataFrame, areas: pl.DataFrame, periods: pl.DataFrame, reports: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Counts, cases, money and levels: value of all, changes of the same reporters."""
    grid = _grid(sums, areas, periods)
    now = geography.roll_up(sums.filter(pl.col("role") == NOW), areas).group_by([*KEY, "unit"]).agg(
        *sums_where_stated("value", "low", "high"), pl.col("n_records", "n_without_value").sum(), pl.col("largest").max()
    )  # fmt: skip
    found = grid.join(now, on=[*KEY, "unit"], how="left").with_columns(_zero_where_none(pl.col("n_records").is_null(), "value", "low", "high"))
    previous = _comparison(grid, sums, areas, periods, reports, PREVIOUS, settings)
    year = _comparison(grid, sums, areas, periods, reports, YEAR_BEFORE, settings)
    found = found.join(previous.rename({"before": "previous"}), on=KEY, how="left").join(
        year.drop("n_left_out", "now_largest", "before_largest").rename(
            {"before": "year_before"} | {name: f"year_{name}" for name in ("comparable", "change", "change_low", "change_high", "note")}
        ),
        on=KEY, how="left",
    )  # fmt: skip
    is_money, has_change = pl.col("kind") == "money", pl.col("change").is_not_null()
    rest_before = pl.col("previous") - pl.col("before_largest").fill_null(0)
    rest_now = pl.col("comparable") - pl.col("now_largest").fill_null(0)
    return found.with_columns(
        share_largest=pl.when(is_money & (pl.col("value") > 0)).then((pl.col("largest") / pl.col("value")).clip(0, 1)),
        without_largest_change=pl.when(is_money & has_change & (rest_before > 0)).then(rest_now / rest_before - 1),
    )


def _grid(sums: pl.DataFrame, areas: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """(metric, kind, unit, area_id, period) of every row: towns and the district have all, a community what it ever stated, and events."""
    metrics = sums.select("metric", "kind", "unit").unique("metric", keep="first", maintain_order=True)
    known = geography.roll_up(sums.select("metric", "area_id").unique(), areas).select("metric", "area_id")
    everywhere = metrics.join(areas.select("area_id", "level"), how="cross").filter(
        pl.col("kind").is_in(ALWAYS_STATED) | (pl.col("level") != "community")
    )
    pairs = pl.concat([known, everywhere.select(known.columns)]).unique()
    return metrics.join(pairs, on="metric").join(periods.select("period").unique(), how="cross")


def _comparison(
    grid: pl.DataFrame, sums: pl.DataFrame, areas: pl.DataFrame, periods: pl.DataFrame, reports: pl.DataFrame, role: str, settings: Settings
) -> pl.DataFrame:
    """By metric, area and period: the value of the same reporters now (comparable) and then (before), the change with its interval, the
    note where there is none, how many towns were left out, the largest event then."""
    same = comparable_towns(areas, reports, periods, role, settings)
    own = sums.join(geography.towns(areas), on="area_id").join(same.filter("is_comparable"), on=["town_id", "period"], how="semi")
    is_now, is_then = pl.col("role") == NOW, pl.col("role") == role
    values = geography.roll_up(own.drop("town_id"), areas).group_by([*KEY, "unit"]).agg(
        *(pl.when(pl.col("value").filter(rows).is_not_null().any()).then(pl.col("value").filter(rows).sum()).alias(name)
          for name, rows in (("comparable", is_now), ("before", is_then))),
        had_now=is_now.any(), had_then=is_then.any(),
        now_largest=pl.col("largest").filter(is_now).max(), before_largest=pl.col("largest").filter(is_then).max(),
        before_cases=pl.col("n_records").filter(is_then).sum(),
    )  # fmt: skip
    found = (
        grid.join(values, on=[*KEY, "unit"], how="left")
        .join(circumstances(same, areas, periods, reports, role), on=["area_id", "period"], how="left")
        .join(registry.definition_breaks(), left_on="metric", right_on="code", how="left")
        .with_columns(is_broken=pl.col("is_broken") | (pl.col("since") > pl.col("first")).fill_null(False))
        .with_columns(
            *_zero_where_none(~pl.col("had_now").fill_null(False), "comparable"), *_zero_where_none(~pl.col("had_then").fill_null(False), "before")
        )
        .with_columns(before=pl.when(~pl.col("is_outside")).then("before"))
    )
    note = comparison.why_no_percentage(
        settings, kind=pl.col("kind"), before=pl.col("before"), cases=pl.col("before_cases").fill_null(0), reporting=pl.col("lowest"),
        is_outside=pl.col("is_outside"), is_broken=pl.col("is_broken"),
    )  # fmt: skip
    has_change = pl.col("note").is_null()
    return (
        comparison.count_changes(found.with_columns(note=note), "comparable", "before")
        .with_columns(pl.when(has_change).then(pl.col("change", "change_low", "change_high")))
        .select(*KEY, "comparable", "before", "change", "change_low", "change_high", "note", "n_left_out", "now_largest", "before_largest")
    )


def comparable_towns(areas: pl.DataFrame, reports: pl.DataFrame, periods: pl.DataFrame, role: str, settings: Settings) -> pl.DataFrame:
    """(town_id, period, is_comparable): enough of its reports came in both spans. Towns nobody expects anything of are comparable."""
    towns = geography.towns(areas).select("town_id").unique()
    rates = reports.filter(pl.col("role").is_in([NOW, role])).group_by("area_id", "period").agg(pl.col("rate").min(), n_known=pl.col("rate").count())
    is_comparable = pl.col("rate").is_null() | ((pl.col("n_known") == 2) & (pl.col("rate") >= settings.reporting.comparable_rate))
    return (
        towns.join(periods.select("period").unique(), how="cross")
        .join(rates.rename({"area_id": "town_id"}), on=["town_id", "period"], how="left")
        .select("town_id", "period", is_comparable=is_comparable)
    )


def circumstances(same: pl.DataFrame, areas: pl.DataFrame, periods: pl.DataFrame, reports: pl.DataFrame, role: str) -> pl.DataFrame:
    """What decides whether an area's period is compared: area_id, period, n_left_out (towns that are not `same`), lowest (the lower
    reporting rate of both spans), is_outside, is_broken, first (of the earlier span)."""
    left_out = (
        geography.roll_up(same.rename({"town_id": "area_id"}), areas).group_by("area_id", "period").agg(n_left_out=(~pl.col("is_comparable")).sum())
    )
    spans = areas.select("area_id").join(periods.filter(role=role).select("period", "is_outside", "is_broken", "first"), how="cross")
    return spans.join(left_out, on=["area_id", "period"], how="left").join(_lowest_rates(areas, reports, role), on=["area_id", "period"], how="left")


def _lowest_rates(areas: pl.DataFrame, reports: pl.DataFrame, role: str) -> pl.DataFrame:
    """(area_id, period, lowest): the lower reporting rate of the two spans; of a community its town's."""
    rates = reports.filter(pl.col("role").is_in([NOW, role])).group_by("area_id", "period").agg(lowest=pl.col("rate").min())
    inherited = geography.towns(areas).join(rates.rename({"area_id": "town_id"}), on="town_id").select("area_id", "period", "lowest")
    return pl.concat([rates, inherited]).unique(["area_id", "period"], keep="first", maintain_order=True)


def sums_where_stated(*names: str) -> list[pl.Expr]:
    """Sums that stay null when nothing was stated: a missing number is never 0."""
    return [pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name) for name in names]


def _zero_where_none(is_none: pl.Expr, *names: str) -> list[pl.Expr]:
    """Cases and money that nobody told of are 0; those told of without a figure stay null."""
    zero = pl.col("kind").is_in(ALWAYS_STATED) & is_none
    return [pl.when(zero).then(pl.col(name).fill_null(0)).otherwise(name).alias(name) for name in names]
