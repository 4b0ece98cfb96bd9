"""Every number a page shows for an area and a period, with what it is compared to and why not, where not.

Here: table `kpis`, put together from its parts, and which periods are provisional. Not here: counts and money (additive.py), amounts per
event (averages.py), shares (shares.py), ratios of two counts of a row (row_rates.py), weekly series (series.py), spans (periods.py), calendar
months (months.py), wording (pages/).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

import polars as pl

from pipeline.measures import geography, row_rates, shares
from pipeline.measures.additive import ADDED, KEY, additive, reports_by_span, sums_where_stated
from pipeline.measures.averages import averages
from pipeline.measures.periods import NOW, last_week, spans
from pipeline.settings import Settings
from pipeline.tables.base import table


def kpis(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """Frames: weekly_series, weeks, areas, events, campaigns, report_status, coverage, place_activity,
    row_pairs (sql/), decided_approvals."""
    areas, weeks = frames["areas"], frames["weeks"]
    end = last_week(weeks, frames["report_status"], settings)
    periods = spans(weeks, frames["campaigns"], end, settings)
    sums = _by_span(frames["weekly_series"], periods)
    reports = reports_by_span(sums, areas)
    added = additive(sums.filter(~pl.col("metric").str.starts_with("reports.")), areas, periods, reports, settings)
    told = periods.select("period", "role", "first", "last").join_where(
        frames["events"], pl.col("week") >= pl.col("first"), pl.col("week") <= pl.col("last")
    )
    told_pairs = row_rates.of_weeks(frames["row_pairs"], periods)
    parts = [
        added,
        averages(told, areas, periods, reports, settings),
        shares.shares(frames, periods, reports, added),
        shares.completeness(frames["report_status"].with_columns(day="week"), areas, periods),
        row_rates.row_rates(told_pairs, areas, periods, settings),
    ]
    days = periods.filter(role=NOW).select("period", start="first", end=pl.col("last") + timedelta(days=6))
    return put_together("kpis", parts, days, reports, frames, settings)


def put_together(
    name: str, parts: list[pl.DataFrame], days: pl.DataFrame, reports: pl.DataFrame, frames: Mapping[str, pl.DataFrame], settings: Settings
) -> pl.DataFrame:
    """The rows of `kpis` or `month_kpis` from their parts. `days`: period, start, end. Frames: weeks, areas, decided_approvals."""
    schema = table(name).polars_schema
    facts = _period_facts(days, frames["weeks"], frames["areas"], frames["decided_approvals"], settings)
    counted = reports.filter(role=NOW).select("area_id", "period", "reports_in", "reports_due")
    return (
        pl.concat(parts, how="diagonal_relaxed")
        .join(facts, on=["area_id", "period"])
        .join(counted, on=["area_id", "period"], how="left")
        .with_columns(
            pl.col("n_records", "n_without_value", "n_left_out").fill_null(0).cast(pl.Int64), pl.col("reports_in", "reports_due").cast(pl.Int64)
        )
        .select(list(schema))
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
            *sums_where_stated("value", "low", "high"), pl.col("n_records", "n_without_value").sum(), pl.col("largest").max(),
        )  # fmt: skip
        levels = inside.filter(level).sort("week").group_by("metric", "kind", "unit", "area_id").agg(pl.col(ADDED).last())
        parts += [part.with_columns(period=pl.lit(period), role=pl.lit(role)) for part in (flows, levels.select(flows.columns))]
    empty = series.select("metric", "kind", "unit", "area_id", *ADDED).clear().with_columns(period=pl.lit(""), role=pl.lit(""))
    return pl.concat([empty, *parts])


def _period_facts(days: pl.DataFrame, weeks: pl.DataFrame, areas: pl.DataFrame, approvals: pl.DataFrame, settings: Settings) -> pl.DataFrame:
    """(area_id, period): first and last day, and whether any of its weeks is provisional or, where approval is required, unapproved."""
    filling = weeks.filter("is_provisional")["week"]
    first = filling.min() if filling.len() else None
    late = pl.col("end") >= pl.lit(first, dtype=pl.Date) if first is not None else pl.lit(False)
    known = areas.select("area_id", "zh").join(days, how="cross").with_columns(is_provisional=late)
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
