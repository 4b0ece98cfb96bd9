"""Calendar months of the district and its towns: the last twelve closed ones whole, the running one to date against the same days.

Here: table `month_kpis`: which numbers are of a month, and which days it is compared with. Not here: periods of weeks (kpis.py), rolling up
and comparing (additive.py), amounts per event (averages.py).

A number is of a month when all days it is of lie inside: dated rows, weekly sheets, 旬, monthly sheets, each at its own grain. A week that
reaches over the month's first or last day has a share in it that nobody stated: between nothing and all of it. It is therefore in the upper
bound alone, and the month's value is unknown. Longer spans that do not fit (a quarter) are of no month. An event is of the month of its
first intervention. Levels are the last ones stated in the month.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

import polars as pl

from pipeline.measures import losses, row_rates, series, shares
from pipeline.measures.additive import ADDED, additive, reports_by_span, sums_where_stated
from pipeline.measures.averages import averages
from pipeline.measures.calendar import WEEK, last_closed_week, same_days_month_before, same_days_year_before
from pipeline.measures.geography import towns
from pipeline.measures.kpis import put_together
from pipeline.measures.periods import NOW, PREVIOUS, YEAR_BEFORE, last_week
from pipeline.settings import Settings

CLOSED = 12
"""Closed months shown: a year."""
NO_FIGURE = "no_figure"
"""Why no change: the month or the one before has bounds only."""
OWN = ["metric", "kind", "unit", "area_id"]


def month_kpis(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """Frames: weeks, areas, campaigns, report_status, events, weekly_series (levels and reports), month_levels, month_numbers,
    loss_records, row_pairs (sql/), decided_approvals."""
    weeks, areas = frames["weeks"], frames["areas"]
    numbers, levels = _numbers(frames), _levels(frames)
    begin = min((day for day in (numbers["start"].min(), levels["day"].min()) if day is not None), default=None)  # pyright: ignore[reportArgumentType]
    # Who hands in monthly sheets only has no week with data; months are closed by the clock all the same.
    last = last_week(weeks, frames["report_status"], settings) or last_closed_week(settings, clock)
    periods = month_spans(begin, last, frames["campaigns"])  # pyright: ignore[reportArgumentType]
    of_town = towns(areas)
    sums = _of_towns(_by_month(numbers, levels, periods), of_town)
    large = areas.filter(pl.col("level") != "community")
    reports = reports_by_span(sums, large)
    added = additive(sums.filter(~pl.col("metric").str.starts_with("reports.")), large, periods, reports, settings)
    told = periods.select("period", "role", "first", "last").join_where(
        _dated(frames["events"]), pl.col("start") >= pl.col("first"), pl.col("end") <= pl.col("last")
    )
    spans = periods.filter(role=NOW)
    days = spans.select("period", start="first", end="last")
    sunday = pl.col("week") + pl.duration(days=6)
    counted = [
        added,
        averages(told, areas, periods, reports, settings),
        shares.rates(periods, reports, added),
        shares.completeness(frames["report_status"].with_columns(day=sunday), large, periods),
        row_rates.row_rates(row_rates.of_days(_of_towns(frames["row_pairs"], of_town), periods), large, periods, settings),
    ]
    to_date = spans.select("period", is_to_date=pl.col("last") != pl.col("last").dt.month_end())
    parts = [_noted(part).join(to_date, on="period") for part in counted]
    return put_together("month_kpis", parts, days, reports, {**frames, "areas": large}, settings)


def _of_towns(rows: pl.DataFrame, of_town: pl.DataFrame) -> pl.DataFrame:
    """`rows` with the town (or the district) their area lies in as their area."""
    return rows.join(of_town, on="area_id").drop("area_id").rename({"town_id": "area_id"})


def month_spans(begin: date | None, last: date, campaigns: pl.DataFrame) -> pl.DataFrame:
    """period (2026-03), role, first, last (days), is_outside, is_broken of the closed months and the running one that `begin`, the first day
    of any number, does not lie behind.

    Data reach to the Sunday of week `last` (a Monday). Closed months compare with the whole month before and the whole same month of the
    year before; the running one with the same days of either (at most to that month's end; 29 February dropped).
    """
    schema = {"period": pl.String, "role": pl.String, "first": pl.Date, "last": pl.Date, "is_outside": pl.Boolean, "is_broken": pl.Boolean}
    if begin is None:
        return pl.DataFrame(schema=schema)
    end = last + WEEK - timedelta(days=1)
    breaks = campaigns.filter(kind="break")["start"].to_list()
    rows = []
    for number in range(CLOSED + 1):
        first = _months_before(end.replace(day=1), number)
        if _month_end(first) < begin:
            break
        if _month_end(first) <= end:
            stop, previous = _month_end(first), (_months_before(first, 1), first - timedelta(days=1))
            year_before = (_months_before(first, 12), _month_end(_months_before(first, 12)))
        else:
            stop, previous, year_before = end, same_days_month_before(end), same_days_year_before(first, end)
        for role, (start, close) in ((NOW, (first, stop)), (PREVIOUS, previous), (YEAR_BEFORE, year_before)):
            is_broken = role != NOW and any(start < day <= stop for day in breaks)
            rows.append((f"{first:%Y-%m}", role, start, close, start < begin, is_broken))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _numbers(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Everything that adds up, with the days it is of: OWN, start, end, ADDED. Reports count on the Sunday their week ends."""
    by_day = ["area_id", "start", "end"]
    reports = frames["weekly_series"].filter(pl.col("metric").str.starts_with("reports."))
    sunday = pl.col("week") + pl.duration(days=6)
    parts = [
        frames["month_numbers"].with_columns(kind=pl.lit("count"), largest=None),
        *series.prevented(_dated(frames["events"]), by_day),
        *series.lost(losses.counted(frames["loss_records"]).rename({"cases": "n"}), by_day),
        reports.with_columns(start=sunday, end=sunday),
    ]
    floats = [pl.col(name).cast(pl.Float64) for name in ("value", "low", "high", "largest")]
    return pl.concat(part.select(*OWN, "start", "end", *floats, pl.col("n_records", "n_without_value").cast(pl.Int64)) for part in parts)


def _dated(events: pl.DataFrame) -> pl.DataFrame:
    """Events with the days they count in: of a single one the day of its first intervention, of a tally's line the line's period."""
    return events.with_columns(start="first_date", end=pl.when("is_aggregate").then("last_date").otherwise("first_date"))


def _levels(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    """Levels with the day they are of: of weeks their Sunday, of longer spans the last day. OWN, day, ADDED."""
    weekly = frames["weekly_series"].filter(kind="level").with_columns(day=pl.col("week") + pl.duration(days=6))
    longer = frames["month_levels"].with_columns(kind=pl.lit("level"), largest=pl.lit(None, dtype=pl.Float64))
    return pl.concat(part.select(*OWN, "day", *ADDED) for part in (weekly, longer))


def _by_month(numbers: pl.DataFrame, levels: pl.DataFrame, periods: pl.DataFrame) -> pl.DataFrame:
    """Every area's own sums and last levels in every span: OWN, ADDED, period, role. A value of which a part is unknown is NaN, so that
    every sum over areas that holds it is unknown too (null would leave it out)."""
    spans = periods.select("period", "role", "first", "last")
    is_inside = (pl.col("start") >= pl.col("first")) & (pl.col("end") <= pl.col("last"))
    is_short = pl.col("end") - pl.col("start") < pl.duration(days=7)
    met = (
        spans.join_where(numbers, pl.col("start") <= pl.col("last"), pl.col("end") >= pl.col("first"))
        .with_columns(is_inside=is_inside)
        .filter(pl.col("is_inside") | is_short)
    )
    value, low, high = sums_where_stated("value", "low", "high")
    crossing = ~pl.col("is_inside")
    flows = met.with_columns(low=pl.when(crossing & pl.col("low").is_not_null()).then(0.0).otherwise("low")).group_by(*OWN, "period", "role").agg(
        pl.when(crossing.any()).then(float("nan")).otherwise(value).alias("value"), low, high, pl.col("n_records").sum(),
        n_without_value=pl.when(crossing).then("n_records").otherwise("n_without_value").sum(),
        largest=pl.col("largest").filter("is_inside").max(),
    )  # fmt: skip
    last = (
        spans.join_where(levels, pl.col("day") >= pl.col("first"), pl.col("day") <= pl.col("last"))
        .sort("day")
        .group_by(*OWN, "period", "role")
        .agg(pl.col(ADDED).last())
    )
    return pl.concat([flows, last.select(flows.columns)])


def _noted(part: pl.DataFrame) -> pl.DataFrame:
    """`part` with null for what is unknown, and the reason where a month has bounds only, so that there is nothing to compare."""
    part = part.with_columns(pl.col(pl.Float64).fill_nan(None))
    has_bounds_only = pl.col("value").is_null() & pl.col("low").is_not_null()
    notes = {}
    for note, change in (("note", "change"), ("year_note", "year_change")):
        is_unsaid = pl.col(note).is_null() & pl.col(change).is_null()
        notes[note] = pl.when(has_bounds_only | is_unsaid).then(pl.lit(NO_FIGURE)).otherwise(note)
    return part.with_columns(**notes)


def _months_before(first: date, n: int) -> date:
    month = first.year * 12 + first.month - 1 - n
    return date(month // 12, month % 12 + 1, 1)


def _month_end(first: date) -> date:
    return _months_before(first, -1) - timedelta(days=1)
