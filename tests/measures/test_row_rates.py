from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from tests.support.measures import MONDAY, rows, run

ISSUED, HANDLED = ({"form": "response", "channel": "warnings", "measure": m, "unit": "条"} for m in ("issued", "handled"))
SESSIONS = {"channel": "talks", "measure": "sessions", "unit": "场"}
ATTENDANCE = {"channel": "talks", "measure": "attendance", "unit": "人"}
HUNDREDS = {"precision": "vague", "low": 100.0, "high": 200.0}
"""百余人: no figure, [100, 200)."""


def row(name: str, *cells, **shared):
    return [{"record_id": name, **shared, **cell} for cell in cells]


def found(metric: str, *cells, table: str = "kpis", area: str = "t1", period: str = "w4", **more):
    out = run(table, measurements=rows("measurements", *cells), **more)[table]
    told = out.filter(metric=metric, area_id=area, period=period)
    return told.row(0, named=True) if told.height else None


WORKED = {
    # rows (value of the part, of the whole) → value, low, high, wholes it rests on, of them without a figure
    "two rows are added before they are divided": (
        [({"value": 400.0}, {"value": 412.0}), ({"value": 251.0}, {"value": 265.0})], (651 / 677, 651 / 677, 651 / 677, 677, 0),
    ),
    "a row that states only what it received says nothing": ([({"value": 90.0}, {"value": 100.0}), ({}, {"value": 500.0})], (0.9, 0.9, 0.9, 100, 0)),
    "a vague count is in the bounds only": (
        [({"value": 90.0}, {"value": 100.0}), (HUNDREDS, {"value": 200.0})], (0.9, 190 / 300, 290 / 300, 300, 200),
    ),
    "no more than all are handled, whatever 近 allows": (
        [({"value": 100.0, "precision": "about", "low": 90.0, "high": 110.0}, {"value": 100.0})], (1, 0.9, 1, 100, 0),
    ),
    "nothing was received": ([({"value": 0.0}, {"value": 0.0})], None),
}  # fmt: skip


@pytest.mark.parametrize(("told", "expected"), WORKED.values(), ids=WORKED)
def test_handling_rate_is_of_rows_that_state_both(told, expected):
    cells = [cell for n, (part, whole) in enumerate(told) for cell in row(f"r{n}", HANDLED | part, ISSUED | whole)]
    rate = found("handling_rate", *cells)
    if expected is None:
        assert rate is None
        return
    assert (rate["value"], rate["low"], rate["high"]) == pytest.approx(expected[:3])
    assert (rate["n_records"], rate["n_without_value"], rate["unit"]) == (*expected[3:], "1")


def test_counts_of_two_rows_are_never_divided():
    """What c1 received and what c2 handled."""
    assert found("handling_rate", *row("r1", ISSUED | {"value": 100.0}), *row("r2", HANDLED | {"value": 90.0}, subject_id="c2", area_id="c2")) is None


def test_a_number_that_does_not_stand_is_no_side_of_it():
    lost = {"stands": False, "stands_reason": "superseded"}
    assert found("handling_rate", *row("r", ISSUED | {"value": 100.0}, HANDLED | {"value": 90.0} | lost)) is None


def test_attendance_per_session_says_how_many_sessions_it_rests_on():
    """L1: 500 in 5, 260 in 3, 180 in 2 sessions (城关, 东关, 南郊), and 乃棠镇's 百余人 in one."""
    told = [({"value": 500.0, "precision": "nearly", "low": 450.0, "high": 500.0}, 5.0), ({"value": 260.0}, 3.0), ({"value": 180.0}, 2.0)]
    cells = [cell for n, (came, held) in enumerate(told) for cell in row(f"r{n}", ATTENDANCE | came, SESSIONS | {"value": held})]
    cells += row("r9", ATTENDANCE | HUNDREDS, SESSIONS | {"value": 1.0})
    mean = found("attendance_per_session", *cells)
    assert (mean["value"], mean["low"], mean["high"]) == pytest.approx((94, 990 / 11, 1140 / 11))
    assert (mean["n_records"], mean["n_without_value"], mean["unit"]) == (11, 1, "人次/场")


def test_attendance_counted_in_persons_and_in_contacts_at_once_is_left_out():
    """Two numbers of one row for one thing: nobody says whether they overlap."""
    twice = row("r", SESSIONS | {"value": 2.0}, ATTENDANCE | {"value": 80.0}, ATTENDANCE | {"value": 90.0, "unit": "人次"})
    assert found("attendance_per_session", *twice) is None


@pytest.mark.parametrize(("sessions", "change", "note"), [(10.0, 0.25, None), (9.0, None, "small_base")])
def test_attendance_changes_in_parts_where_ten_sessions_stand_behind_it(sessions, change, note):
    before = row("b", ATTENDANCE | {"value": 40 * sessions}, SESSIONS | {"value": sessions}, start=MONDAY - timedelta(weeks=5))
    now = row("n", ATTENDANCE | {"value": 500.0}, SESSIONS | {"value": 10.0})
    mean = found("attendance_per_session", *before, *now)
    assert (mean["value"], mean["previous"], mean["note"]) == (50, 40, note)
    assert mean["change"] == (None if change is None else pytest.approx(change))


def test_a_rate_changes_by_difference():
    before = row("b", HANDLED | {"value": 80.0}, ISSUED | {"value": 100.0}, start=MONDAY - timedelta(weeks=5))
    rate = found("handling_rate", *before, *row("n", HANDLED | {"value": 90.0}, ISSUED | {"value": 100.0}), area="d")
    assert (rate["previous"], rate["change"]) == pytest.approx((0.8, 0.1))


def test_a_monthly_sheet_has_its_rate_in_its_month():
    february = {"start": date(2026, 2, 1), "end": date(2026, 2, 28), "period_precision": "month"}
    cells = row("r", HANDLED | {"value": 90.0}, ISSUED | {"value": 120.0}, **february)
    assert found("handling_rate", *cells, table="month_kpis", period="2026-02")["value"] == 0.75
    assert found("handling_rate", *cells, {"value": 1.0}) is None


def test_a_week_across_the_months_end_is_in_neither_month():
    crossing = row("x", HANDLED | {"value": 1.0}, ISSUED | {"value": 100.0}, start=date(2026, 2, 23))
    inside = row("r", HANDLED | {"value": 90.0}, ISSUED | {"value": 100.0}, start=date(2026, 2, 16))
    assert found("handling_rate", *crossing, *inside, table="month_kpis", period="2026-02")["value"] == 0.9
    assert found("handling_rate", *crossing, table="month_kpis", period="2026-02") is None


def test_items_are_counted_of_the_reports_that_came():
    """t1: 40 of 40 and 30 of 40; t2's report of the second week is missing and has no items."""
    earlier = MONDAY - timedelta(weeks=1)
    given = [
        {"n_due": 40, "start": earlier}, {"n_due": 40, "n_missing": 10}, {"n_due": 20, "n_missing": 2, "reporter_id": "t2", "start": earlier},
        {"n_due": 99, "n_missing": 99, "superseded_by": "s0001", "superseded_reason": "superseded"},
    ]  # fmt: skip
    numbers = ({"value": 1.0}, {"value": 1.0, "start": earlier})
    tables = {"submissions": rows("submissions", *given), "measurements": rows("measurements", *numbers)}
    out = run("kpis", "report_status", **tables)
    told = out["kpis"].filter(metric="item_completeness", period="w4")
    assert dict(told.select("area_id", "value").iter_rows()) == pytest.approx({"d": 1 - 12 / 100, "t1": 1 - 10 / 80, "t2": 0.9})
    assert told.filter(area_id="d")["n_records"].item() == 100
    week = out["report_status"].filter(pl.col("week") == MONDAY, unit_id="t1").row(0, named=True)
    assert (week["items_due"], week["items_missing"]) == (40, 10)
    missing = out["report_status"].filter(status="missing").row(0, named=True)
    assert (missing["items_due"], missing["items_missing"]) == (None, None)
