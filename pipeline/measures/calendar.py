"""Time as the measures use it: ISO weeks, deadlines, the comparison partner of a week, periods of the pages.

Here: pure date arithmetic and the `weeks` table. Not here: how a period is read from a sheet (intake/period.py) or to which week a
measurement belongs (intake/settling.py). A week is named by its Monday; times leave this module as UTC without a zone.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import polars as pl

from pipeline.settings import Reporting, Settings

WEEK = timedelta(days=7)

SPRING_FESTIVALS: Mapping[int, date] = {
    day.year: day
    for day in (
        date(2015, 2, 19), date(2016, 2, 8), date(2017, 1, 28), date(2018, 2, 16), date(2019, 2, 5), date(2020, 1, 25),
        date(2021, 2, 12), date(2022, 2, 1), date(2023, 1, 22), date(2024, 2, 10), date(2025, 1, 29), date(2026, 2, 17),
        date(2027, 2, 6), date(2028, 1, 26), date(2029, 2, 13), date(2030, 2, 3), date(2031, 1, 23), date(2032, 2, 11),
        date(2033, 1, 31), date(2034, 2, 19), date(2035, 2, 8),
    )
}  # fmt: skip
"""Lunar New Year's day by Gregorian year (Hong Kong Observatory, Gregorian-lunar conversion tables)."""


def monday(day: date) -> date:
    """Monday of the ISO week that holds `day`."""
    return day - timedelta(days=day.weekday())


def iso_name(week: date) -> str:
    """`2026-W12`. The ISO year may differ from the Monday's calendar year."""
    year, number, _ = week.isocalendar()
    return f"{year}-W{number:02d}"


def deadline(week: date, reporting: Reporting, zone: str, form: str | None = None) -> datetime:
    """When reports of `week` are due, UTC without a zone: the weekly rule, or the form's own days after the week's Sunday."""
    days = reporting.deadline_days.get(form) if form else None
    if days is not None:
        local = datetime.combine(week + WEEK, time(), ZoneInfo(zone)) + timedelta(days=days)
    else:
        local = datetime.combine(week + WEEK + timedelta(days=reporting.deadline_weekday - 1), time(reporting.deadline_hour), ZoneInfo(zone))
    return as_utc(local)


def as_utc(moment: datetime) -> datetime:
    """A moment with a zone as UTC without one, the way the warehouse keeps times. A naive moment raises ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone: the clock of a run is never naive")
    return moment.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)


def year_before(week: date, *, is_festival_aligned: bool = False) -> date:
    """The week to compare `week` with a year earlier.

    The same ISO number; week 53 has no partner in most years and takes the 52-week lag. With `is_festival_aligned`, weeks within
    eight weeks of the Spring Festival are matched by their distance from it instead (whole weeks between festival weeks).
    """
    if is_festival_aligned:
        now = SPRING_FESTIVALS.get((week + timedelta(days=3)).year)
        then = SPRING_FESTIVALS.get((week + timedelta(days=3)).year - 1)
        if now and then and abs((week - monday(now)).days) <= 56:
            return monday(then) + (week - monday(now))
    year, number, _ = week.isocalendar()
    try:
        return date.fromisocalendar(year - 1, number, 1)
    except ValueError:
        return week - 52 * WEEK


def has_no_partner(week: date) -> bool:
    """True for an ISO week 53 whose previous year had none: its comparison uses the 52-week lag, and the page says so."""
    year, number, _ = week.isocalendar()
    return number == 53 and date(year - 1, 12, 28).isocalendar().week != 53


def same_days_month_before(day: date) -> tuple[date, date]:
    """Month to date against the same days of the month before: its 1st to the same day, cut at that month's end."""
    last_month_end = day.replace(day=1) - timedelta(days=1)
    return last_month_end.replace(day=1), last_month_end.replace(day=min(day.day, last_month_end.day))


def same_days_year_before(start: date, end: date) -> tuple[date, date]:
    """A span of days a year earlier: the same dates, 29 February dropped."""

    def earlier(day: date) -> date:
        return day.replace(year=day.year - 1) if (day.month, day.day) != (2, 29) else date(day.year - 1, 2, 28)

    return earlier(start), earlier(end)


def weeks(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """The `weeks` table: every ISO week from the first with data to the last one closed at the run's clock.

    `frames["data_weeks"]` has one row: first, last (Mondays of measurements that stand; null when there are none).
    """
    schema = {
        "week": pl.Date, "iso": pl.String, "year": pl.Int64, "number": pl.Int64, "sunday": pl.Date,
        "deadline": pl.Datetime("us"), "is_due": pl.Boolean, "is_provisional": pl.Boolean,
    }  # fmt: skip
    first = frames["data_weeks"]["first"][0] if frames["data_weeks"].height else None
    last = last_closed_week(settings, clock)
    if first is None or first > last:
        return pl.DataFrame(schema=schema)
    mondays = [first + WEEK * i for i in range((last - first).days // 7 + 1)]
    now, provisional_from = as_utc(clock), last - WEEK * (settings.reporting.provisional_weeks - 1)
    due = [deadline(week, settings.reporting, settings.district.time_zone) for week in mondays]
    return pl.DataFrame(
        {
            "week": mondays,
            "iso": [iso_name(week) for week in mondays],
            "year": [week.isocalendar().year for week in mondays],
            "number": [week.isocalendar().week for week in mondays],
            "sunday": [week + timedelta(days=6) for week in mondays],
            "deadline": due,
            "is_due": [moment <= now for moment in due],
            "is_provisional": [week >= provisional_from for week in mondays],
        },
        schema=schema,
    )


def last_closed_week(settings: Settings, clock: datetime) -> date:
    """Monday of the last week whose Sunday has ended at `clock`, in the district's time zone."""
    if clock.tzinfo is None:
        raise ValueError("a moment needs a time zone: the clock of a run is never naive")
    return monday(clock.astimezone(ZoneInfo(settings.district.time_zone)).date()) - WEEK
