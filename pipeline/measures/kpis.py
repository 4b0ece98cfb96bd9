"""Every number a page shows for an area and a period, with what it is compared to and why not, where not.

Here: table `kpis`, additive indicators. Not here: shares (shares.py), weekly series (series.py), spans (periods.py), the arithmetic of
changes (comparison.py), wording (pages/).

Counts compare the same reporters: of a period and its partner only towns with at least comparable_rate of their reports in both are in
the change; how many towns were left out is said. Values themselves are of all.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl

from pipeline.measures import comparison, geography, registry, shares
from pipeline.measures.periods import NOW, PREVIOUS, YEAR_BEFORE, last_week, spans
from pipeline.settings import Settings
from pipeline.tables.base import table

KEY = ["metric", "area_id", "period"]
ADDED = ["value", "low", "high", "n_records", "n_without_value", "largest"]
ALWAYS_STATED = ("cases", "money")
"""Kinds that are 0, not missing, where an area has none of them: events come in ledgers of the whole district."""


def kpis(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """Frames: weekly_series, weeks, areas, campaigns, report_status, coverage, place_activity, decided_approvals."""
    areas, weeks = frames["areas"], frames["weeks"]
    end = last_week(weeks, frames["report_status"], settings)
    periods = spans(weeks, frames["campaigns"], end, settings)
    sums = _by_span(frames["weekly_series"], periods)
    reports = _reports(sums, areas)
    additive = _additive(sums.filter(~pl.col("metric").str.starts_with("reports.")), areas, periods, reports, settings)
    return (
        pl.concat([additive, shares.shares(frames, periods, reports, additive)], how="diagonal_relaxed")
        .join(_period_facts(periods, weeks, areas, frames["decided_approvals"], settings), on=["area_id", "period"])
        .join(reports.filter(pl.col("role") == NOW).select("area_id", "period", "reports_in", "reports_due"), on=["area_id", "period"], how="left")
        .with_columns(
            pl.col("n_records", "n_without_value", "n_left_out").fill_null(0).cast(pl.Int64), pl.col("reports_in", "reports_due").cast(pl.Int64)
        )
        .select(list(table("kpis").polars_schema))
        .with_columns(pl.col(pl.Float64).round_sig_figs(12))  # sums of floats depend on their order beyond that
        .sort(KEY)
    )


def _by_span(series: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Sums of every area's own numbers over every span; of levels the last one."""
    level = pl.col("kind") == "level"
    parts = []
    for period, role, first, last in periods.select("period", "role", "first", "last").iter_rows():
        inside = series.filter(pl.col("week").is_between(first, last))
        flows = inside.filter(~level).group_by("metric", "kind", "unit", "area_id").agg(
            *_sums("value", "low", "high"), pl.col("n_records", "n_without_value").sum(), pl.col("largest").max(),
        )  # fmt: skip
        levels = inside.filter(level).sort("week").group_by("metric", "kind", "unit", "area_id").agg(pl.col(ADDED).last())
        parts += [part.with_columns(period=pl.lit(period), role=pl.lit(role)) for part in (flows, levels.select(flows.columns))]
    empty = series.select("metric", "kind", "unit", "area_id", *ADDED).clear().with_columns(period=pl.lit(""), role=pl.lit(""))
    return pl.concat([empty, *parts])


def _reports(sums: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Reports due, in and on time by area, period and role, rolled up."""
    own = sums.filter(pl.col("metric").str.starts_with("reports.")).select("area_id", "period", "role", "metric", "value")
    wide = geography.roll_up(own, areas).group_by("area_id", "period", "role").agg(
        **{f"reports_{part}": pl.col("value").filter(pl.col("metric") == f"reports.{part}").sum() for part in ("due", "in", "on_time")}
    )  # fmt: skip
    return wide.with_columns(rate=pl.when(pl.col("reports_due") > 0).then(pl.col("reports_in") / pl.col("reports_due")))


def _additive(sums: pl.DataFrame, areas: pl.DataFrame, periods: pl.DataFrame, reports: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """Counts, cases, money and levels: value of all, changes of the same reporters."""
    grid = _grid(sums, areas, periods)
    now = geography.roll_up(sums.filter(pl.col("role") == NOW), areas).group_by([*KEY, "unit"]).agg(
        *_sums("value", "low", "high"), pl.col("n_records", "n_without_value").sum(), pl.col("largest").max()
    )  # fmt: skip
    found = grid.join(now, on=[*KEY, "unit"], how="left").with_columns(_zero_where_stated("value", "low", "high"))
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
    same = _comparable_towns(areas, reports, periods, role, settings)
    own = sums.join(geography.towns(areas), on="area_id").join(same.filter("is_comparable"), on=["town_id", "period"], how="semi")
    is_now, is_then = pl.col("role") == NOW, pl.col("role") == role
    values = geography.roll_up(own.drop("town_id"), areas).group_by([*KEY, "unit"]).agg(
        *(pl.when(pl.col("value").filter(rows).is_not_null().any()).then(pl.col("value").filter(rows).sum()).alias(name)
          for name, rows in (("comparable", is_now), ("before", is_then))),
        now_largest=pl.col("largest").filter(is_now).max(), before_largest=pl.col("largest").filter(is_then).max(),
        before_cases=pl.col("n_records").filter(is_then).sum(),
    )  # fmt: skip
    left_out = (
        geography.roll_up(same.rename({"town_id": "area_id"}), areas).group_by("area_id", "period").agg(n_left_out=(~pl.col("is_comparable")).sum())
    )
    rates = _lowest_rates(areas, reports, role)
    found = (
        grid.join(values, on=[*KEY, "unit"], how="left")
        .join(left_out, on=["area_id", "period"], how="left")
        .join(rates, on=["area_id", "period"], how="left")
        .join(periods.filter(is_then).select("period", "is_outside", "is_broken", "first", "last"), on="period")
        .join(registry.definition_breaks(), left_on="metric", right_on="code", how="left")
        .with_columns(is_broken=pl.col("is_broken") | (pl.col("since") > pl.col("first")).fill_null(False))
        .with_columns(_zero_where_stated("comparable", "before"))
        .with_columns(before=pl.when(~pl.col("is_outside")).then("before"))
    )
    note = comparison.why_no_percentage(
        settings, kind=pl.col("kind"), before=pl.col("before"), cases=pl.col("before_cases").fill_null(0), reporting=pl.col("lowest"),
        is_outside=pl.col("is_outside"), is_broken=pl.col("is_broken"),
    )  # fmt: skip
    has_change = pl.col("note").is_null()
    return (
        comparison.count_changes(found.with_columns(note=note), "comparable", "before")
        .with_columns(pl.when(has_change).then("change"), pl.when(has_change & (pl.col("kind") == "cases")).then(pl.col("change_low", "change_high")))
        .select(*KEY, "comparable", "before", "change", "change_low", "change_high", "note", "n_left_out", "now_largest", "before_largest")
    )


def _comparable_towns(areas: pl.DataFrame, reports: pl.DataFrame, periods: pl.DataFrame, role: str, settings: Settings) -> pl.DataFrame:
    """(town_id, period, is_comparable): enough of its reports came in both spans. Towns nobody expects anything of are comparable."""
    towns = geography.towns(areas).select("town_id").unique()
    rates = reports.filter(pl.col("role").is_in([NOW, role])).group_by("area_id", "period").agg(pl.col("rate").min(), n_known=pl.col("rate").count())
    is_comparable = pl.col("rate").is_null() | ((pl.col("n_known") == 2) & (pl.col("rate") >= settings.reporting.comparable_rate))
    return (
        towns.join(periods.select("period").unique(), how="cross")
        .join(rates.rename({"area_id": "town_id"}), on=["town_id", "period"], how="left")
        .select("town_id", "period", is_comparable=is_comparable)
    )


def _lowest_rates(areas: pl.DataFrame, reports: pl.DataFrame, role: str) -> pl.DataFrame:
    """(area_id, period, lowest): the lower reporting rate of the two spans; of a community its town's."""
    rates = reports.filter(pl.col("role").is_in([NOW, role])).group_by("area_id", "period").agg(lowest=pl.col("rate").min())
    inherited = geography.towns(areas).join(rates.rename({"area_id": "town_id"}), on="town_id").select("area_id", "period", "lowest")
    return pl.concat([rates, inherited]).unique(["area_id", "period"], keep="first", maintain_order=True)


def _period_facts(periods: pl.DataFrame, weeks: pl.DataFrame, areas: pl.DataFrame, approvals: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """(area_id, period): first and last day, and whether any of its weeks is provisional or, where approval is required, unapproved."""
    facts = periods.filter(pl.col("role") == NOW).select("period", start="first", end=pl.col("last") + timedelta(days=6))
    filling = weeks.filter("is_provisional")["week"]
    first = filling.min() if filling.len() else None
    late = pl.col("end") >= pl.lit(first, dtype=pl.Date) if first is not None else pl.lit(False)
    known = areas.select("area_id", "zh").join(facts, how="cross").with_columns(is_provisional=late)
    if settings.reporting.approval_required:
        known = known.with_columns(is_provisional=pl.col("is_provisional") | ~_is_approved(known, areas, approvals))
    return known.drop("zh")


def _is_approved(known: pl.DataFrame, areas: pl.DataFrame, approvals: pl.DataFrame) -> pl.Series:
    """Whether single approvals of the area, an area above it or the whole district cover each row's days."""
    above = geography.closure(areas).join(areas.select(ancestor_id="area_id", ancestor="zh"), on="ancestor_id").group_by("area_id").agg("ancestor")
    names = dict(zip(above["area_id"], above["ancestor"], strict=True))
    granted = list(approvals.select("area", "start", "end").iter_rows())
    return pl.Series(
        [
            any((area is None or area in names[row["area_id"]]) and start <= row["start"] and row["end"] <= end for area, start, end in granted)
            for row in known.iter_rows(named=True)
        ],
        dtype=pl.Boolean,
    )


def _zero_where_stated(*names: str) -> list[pl.Expr]:
    return [pl.when(pl.col("kind").is_in(ALWAYS_STATED)).then(pl.col(name).fill_null(0)).otherwise(name).alias(name) for name in names]


def _sums(*names: str) -> list[pl.Expr]:
    return [pl.when(pl.col(name).is_not_null().any()).then(pl.col(name).sum()).alias(name) for name in names]
