from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise

import polars as pl
import pytest

from pipeline.measures import calendar
from pipeline.settings import Reporting, Settings


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2020, 12, 31), "2020-W53"), (date(2021, 1, 3), "2020-W53"), (date(2021, 1, 4), "2021-W01"), (date(2024, 12, 30), "2025-W01"),
        (date(2026, 1, 1), "2026-W01"), (date(2026, 12, 31), "2026-W53"), (date(2023, 1, 1), "2022-W52"), (date(2023, 5, 15), "2023-W20"),
    ],
)  # fmt: skip
def test_iso_weeks_at_year_ends(day, name):
    """ISO 8601: week 1 holds the year's first Thursday. 2023-05-15 is the office's 第21周 of the example layout L1."""
    assert calendar.iso_name(calendar.monday(day)) == name


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2020, (1, 25)), (2021, (2, 12)), (2022, (2, 1)), (2023, (1, 22)), (2024, (2, 10)), (2025, (1, 29)), (2026, (2, 17)), (2027, (2, 6)),
        (2028, (1, 26)),
    ],
)  # fmt: skip
def test_spring_festival_dates(year, day):
    """Hong Kong Observatory, Gregorian-lunar calendar conversion tables; also in the project's domain rules."""
    assert calendar.SPRING_FESTIVALS[year] == date(year, *day)


def test_spring_festivals_lie_a_lunar_year_apart():
    """12 or 13 lunations of 29.53 days: 353–355 or 383–385 days."""
    days = sorted(calendar.SPRING_FESTIVALS.values())
    assert {(b - a).days for a, b in pairwise(days)} <= {353, 354, 355, 383, 384, 385}


@pytest.mark.parametrize(
    ("week", "partner"),
    [
        (date(2026, 3, 16), date(2025, 3, 17)),  # W12 → W12
        (date(2021, 1, 4), date(2019, 12, 30)),  # W01 → W01
        (date(2020, 12, 28), date(2019, 12, 30)),  # W53 has no partner: 52-week lag
    ],
)
def test_partner_of_a_week_is_the_same_iso_number(week, partner):
    assert calendar.year_before(week) == partner
    assert calendar.has_no_partner(date(2020, 12, 28))
    assert not calendar.has_no_partner(date(2026, 3, 16))


def test_festival_alignment_keeps_the_distance_from_new_year():
    """New Year 2026-02-17 and 2025-01-29: the week before the festival week meets the week before the festival week."""
    assert calendar.year_before(date(2026, 2, 9), is_festival_aligned=True) == date(2025, 1, 20)
    assert calendar.year_before(date(2026, 7, 6), is_festival_aligned=True) == calendar.year_before(date(2026, 7, 6))


@pytest.mark.parametrize(
    ("day", "span"),
    [
        (date(2023, 5, 21), (date(2023, 4, 1), date(2023, 4, 21))),
        (date(2023, 3, 31), (date(2023, 2, 1), date(2023, 2, 28))),
        (date(2024, 1, 15), (date(2023, 12, 1), date(2023, 12, 15))),
    ],
)
def test_month_to_date_meets_the_same_days_of_the_month_before(day, span):
    assert calendar.same_days_month_before(day) == span


def test_leap_day_is_dropped_a_year_earlier():
    assert calendar.same_days_year_before(date(2024, 1, 1), date(2024, 2, 29)) == (date(2023, 1, 1), date(2023, 2, 28))


def test_deadline_is_monday_noon_in_shanghai_or_the_forms_own():
    week = date(2026, 3, 16)
    assert calendar.deadline(week, Reporting(), "Asia/Shanghai") == datetime(2026, 3, 23, 4)
    own = Reporting(deadline_days={"intercepted_losses": 2.5})
    assert calendar.deadline(week, own, "Asia/Shanghai", "intercepted_losses") == datetime(2026, 3, 25, 4)
    assert calendar.deadline(week, own, "Asia/Shanghai", "weekly_tally") == datetime(2026, 3, 23, 4)


@pytest.mark.parametrize(
    ("clock", "last", "is_due"),
    [
        (datetime(2026, 3, 22, 15, 59, tzinfo=UTC), date(2026, 3, 9), True),  # Sunday 23:59 in Shanghai: the week still runs
        (datetime(2026, 3, 22, 16, 0, tzinfo=UTC), date(2026, 3, 16), False),  # Monday 00:00: closed, not yet due
        (datetime(2026, 3, 23, 4, 0, tzinfo=UTC), date(2026, 3, 16), True),
    ],
)
def test_weeks_end_with_the_last_closed_one(clock, last, is_due):
    frames = {"data_weeks": pl.DataFrame({"first": [date(2026, 1, 5)], "last": [date(2026, 3, 30)]})}
    weeks = calendar.weeks(frames, Settings(), clock)
    assert weeks["week"].to_list()[-1] == last
    assert weeks["is_due"].to_list()[-1] is is_due
    assert weeks["is_provisional"].to_list() == [False] * (weeks.height - 2) + [True, True]


def test_a_naive_clock_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        calendar.weeks({"data_weeks": pl.DataFrame({"first": [date(2026, 1, 5)]})}, Settings(), datetime(2026, 3, 22))
