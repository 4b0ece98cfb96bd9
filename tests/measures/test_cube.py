from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from tests.support.measures import MONDAY, rows, run


def cube(*numbers):
    return run("weekly_cube", measurements=rows("measurements", *numbers))["weekly_cube"]


def test_flows_are_summed_with_what_had_no_number():
    """L2 of the example layouts: 80余万 + 12.5万 + 数十万 + 3.8万 = 96.3万 from 3 of 4 cells; bounds [116.3万, 206.3万)."""
    money = {"channel": "intercepted_losses", "measure": "averted", "unit": "元", "grade": "P2", "form": "intercepted_losses"}
    cells = (
        {"value": 800e3, "low": 800e3, "high": 900e3, "precision": "at_least"}, {"value": 125e3},
        {"low": 200e3, "high": 1000e3, "precision": "vague"}, {"value": 38e3}, {},
    )  # fmt: skip
    found = cube(*({**money, **cell} for cell in cells)).row(0, named=True)
    assert (found["value"], found["low"], found["high"]) == pytest.approx((963e3, 1163e3, 2063e3))
    assert (found["n_cells"], found["n_missing"], found["n_approximate"], found["n_without_value"]) == (5, 1, 1, 1)


def test_missing_cells_alone_sum_to_nothing_not_to_zero():
    found = cube({}, {"reason": "number_lost"}).row(0, named=True)
    assert (found["value"], found["low"], found["high"], found["n_missing"]) == (None, None, None, 2)


def test_units_that_may_not_be_added_stay_apart():
    talks = {"channel": "talks", "measure": "attendance"}
    found = cube({**talks, "unit": "人", "value": 500.0}, {**talks, "unit": "人次", "value": 300.0})
    assert found.select("unit", "value").rows() == [("人", 500.0), ("人次", 300.0)]


def test_levels_take_the_weeks_last_one_and_add_over_what_they_count():
    level = {"channel": "banners", "measure": "in_place", "unit": "条", "kind": "stock", "is_ledger": True}
    found = cube(
        {**level, "value": 30.0, "start": MONDAY}, {**level, "value": 32.0, "start": MONDAY + timedelta(days=4)},
        {**level, "start": MONDAY + timedelta(days=5)}, {**level, "value": 5.0, "venue": "广场", "start": MONDAY},
    )  # fmt: skip
    assert found.row(0, named=True)["value"] == 37


def test_longer_periods_keep_their_own_grain():
    month = {"value": 900.0, "start": MONDAY.replace(day=1), "end": MONDAY.replace(day=31), "period_precision": "month"}
    out = run("weekly_cube", "period_cube", measurements=rows("measurements", month, {"value": 1.0}))
    assert out["weekly_cube"]["value"].to_list() == [1.0]
    assert out["period_cube"].select("start", "end", "value").rows() == [(month["start"], month["end"], 900.0)]


def test_what_does_not_stand_is_not_there():
    assert cube({"value": 5.0, "stands": False, "stands_reason": "superseded"}).is_empty()


def test_contacts_take_heads_at_sessions_as_occasions_and_households_only_without_visits():
    visits = {"channel": "home_visits", "measure": "visits", "unit": "户次", "value": 40.0}
    households = {"channel": "home_visits", "measure": "households", "unit": "户", "value": 30.0}
    attendance = {"channel": "talks", "measure": "attendance"}
    numbers = rows(
        "measurements", visits, households, {**households, "area_id": "c2", "subject_id": "c2"},
        {**attendance, "unit": "人", "value": 50.0}, {**attendance, "unit": "人次", "value": 20.0},
    )  # fmt: skip
    found = run("contacts", measurements=numbers)["contacts"]
    assert found.select("area_id", "channel", "unit", "value").sort("area_id", "channel").rows() == [
        ("c1", "home_visits", "户次", 40.0), ("c1", "talks", "人次", 70.0), ("c2", "home_visits", "户次", 30.0),
    ]  # fmt: skip


def test_gross_contacts_take_the_stated_total_else_the_channels_in_occasions():
    total = {"channel": "contacts", "measure": "contacts", "unit": "人次", "value": 900.0}
    talk = {"channel": "talks", "measure": "attendance", "unit": "人", "value": 50.0}
    numbers = rows("measurements", total, talk, {**talk, "area_id": "c2", "subject_id": "c2"}, {"value": 70.0, "area_id": "c2", "subject_id": "c2"})
    series = run("weekly_series", measurements=numbers)["weekly_series"].filter(pl.col("metric") == "contacts")
    assert series.select("area_id", "value").sort("area_id").rows() == [("c1", 900.0), ("c2", 50.0)]
