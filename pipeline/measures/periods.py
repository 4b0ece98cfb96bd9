"""The periods pages speak of, each with what it is compared to: the last 4, 13, 26, 52 weeks and every operation.

Here: spans of weeks by role. Not here: dates of single weeks (calendar.py), the arithmetic of changes (comparison.py).
"""

from __future__ import annotations

from datetime import date

import polars as pl

from pipeline.measures.calendar import WEEK, year_before
from pipeline.settings import Settings

TRAILING = (4, 13, 26, 52)
NOW, PREVIOUS, YEAR_BEFORE = "now", "previous", "year_before"


def last_week(weeks: pl.DataFrame, status: pl.DataFrame, settings: Settings) -> date | None:
    """Monday of the week all trailing periods end with: the last closed week with at least latest_week_rate of its reports in.

    Where nothing is expected of anybody it is the last closed week. A week before its deadline counts what has come so far against all
    that will be due. None without weeks.
    """
    if weeks.is_empty():
        return None
    expected = status.filter(pl.col("status") != "waived")
    rate = expected.group_by("week").agg(rate=(~pl.col("status").is_in(["missing", "not_due"])).mean())
    full = rate.filter(pl.col("rate") >= settings.reporting.latest_week_rate)["week"]
    return full.max() if full.len() else weeks["week"].max()  # pyright: ignore[reportReturnType]


def spans(weeks: pl.DataFrame, campaigns: pl.DataFrame, end: date | None, settings: Settings) -> pl.DataFrame:
    """period, role, first, last (Mondays), n_weeks, is_outside (the span begins before the data do), is_broken (a definition changed
    between its start and the end of the period).

    An operation takes the weeks of which most days lie inside it and compares with the equal span before it. The year before ends with
    the partner of the last week and is equally long.
    """
    schema = {
        "period": pl.String, "role": pl.String, "first": pl.Date, "last": pl.Date, "n_weeks": pl.Int64,
        "is_outside": pl.Boolean, "is_broken": pl.Boolean,
    }  # fmt: skip
    if end is None:
        return pl.DataFrame(schema=schema)
    begin: date = weeks["week"].min()  # pyright: ignore[reportAssignmentType]
    breaks = campaigns.filter(pl.col("kind") == "break")["start"].to_list()
    rows = []
    for period, first, last in [*_trailing(end), *operations(campaigns, begin, end)]:
        n = (last - first).days // 7 + 1
        earlier = year_before(last, is_festival_aligned=settings.reporting.spring_festival_aligned)
        for role, start, stop in (
            (NOW, first, last),
            (PREVIOUS, first - n * WEEK, first - WEEK),
            (YEAR_BEFORE, earlier - (n - 1) * WEEK, earlier),
        ):
            is_broken = role != NOW and any(start < day <= last + WEEK for day in breaks)
            rows.append((period, role, start, stop, n, start < begin, is_broken))
    return pl.DataFrame(rows, schema=schema, orient="row")


def _trailing(end: date) -> list[tuple[str, date, date]]:
    return [(f"w{n}", end - (n - 1) * WEEK, end) for n in TRAILING]


def operations(campaigns: pl.DataFrame, begin: date, end: date) -> list[tuple[str, date, date]]:
    """Operations with at least one week inside the data; one still running ends with the data."""
    found = []
    for row in campaigns.filter(pl.col("kind") == "operation").sort("start", "campaign_id").iter_rows(named=True):
        # Four of seven days decide: the week of the fourth day from the start, and of the fourth day before the end.
        first = _week_with_most_days(row["start"], forward=True)
        last = min(_week_with_most_days(row["end"], forward=False), end)
        if begin <= first <= last:
            found.append((f"op:{row['campaign_id']}", first, last))
    return found


def _week_with_most_days(day: date, *, forward: bool) -> date:
    monday = day - WEEK / 7 * day.weekday()
    if forward:
        return monday if day.weekday() <= 3 else monday + WEEK
    return monday if day.weekday() >= 3 else monday - WEEK
