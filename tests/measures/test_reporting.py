from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import polars as pl
import pytest

from pipeline.decisions import Decisions, Waiver
from pipeline.settings import Reporting, Settings
from tests.support.measures import MONDAY, rows, run

EARLIER = MONDAY - timedelta(weeks=1)
UNIT = {"unit_id": "u1", "zh": "东关派出所", "area_id": "t1"}
IN_TIME, LATE = datetime(2026, 3, 23, 3, 59), datetime(2026, 3, 23, 4, 1)
"""One minute before and after Monday noon in Shanghai."""


def statuses(*submissions, unit=UNIT, **more):
    given = [{"reporter_id": "u1", **s} for s in submissions]
    measurements = rows("measurements", *({"value": 1.0, "start": s.get("start", MONDAY), "form": s.get("form", "weekly_tally")} for s in given))
    found = run("report_status", submissions=rows("submissions", *given), units=rows("units", unit), measurements=measurements, **more)
    return {row["week"]: row for row in found["report_status"].iter_rows(named=True)}


EARLY_REPORT = {"start": EARLIER, "received_at": datetime(2026, 3, 15)}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ({"received_at": IN_TIME}, "on_time"), ({"received_at": LATE}, "late"), ({"received_at": IN_TIME, "n_missing": 3}, "partial"),
        ({"received_at": IN_TIME, "is_zero_report": True}, "zero_report"), ({"received_at": LATE, "is_zero_report": True}, "late"),
    ],
)  # fmt: skip
def test_what_arrived(said, status):
    found = statuses(EARLY_REPORT, said)[MONDAY]
    assert found["status"] == status
    assert found["area_id"] == "t1"


@pytest.mark.parametrize(
    ("clock", "status"),
    [(datetime(2026, 3, 23, 3, tzinfo=UTC), "not_due"), (datetime(2026, 3, 23, 5, tzinfo=UTC), "missing")],
)
def test_nothing_arrived_before_and_after_the_deadline(clock, status):
    found = statuses(EARLY_REPORT, clock=clock)
    assert found[MONDAY]["status"] == status
    assert found[MONDAY]["received_at"] is None


def test_backfilled_periods_are_never_late_but_gaps_in_them_are_missing():
    """The unit hands in January and the last week on the same day of March: nothing before was due from it."""
    january = date(2026, 1, 5)
    found = statuses({"start": january, "received_at": IN_TIME}, {"received_at": IN_TIME})
    assert found[january]["status"] == "on_time"
    assert found[january]["days_late"] is None
    assert found[january + timedelta(weeks=1)]["status"] == "missing"


def test_first_arrival_decides_about_time_the_current_submission_about_completeness():
    first = {"received_at": IN_TIME, "n_missing": 4, "superseded_by": "s0002", "superseded_reason": "superseded"}
    found = statuses(EARLY_REPORT, first, {"received_at": LATE + timedelta(days=1), "n_missing": 0})
    assert found[MONDAY]["status"] == "on_time"
    assert found[MONDAY]["submission_id"] == "s0002"


def test_a_unit_is_expected_from_its_first_report_and_while_it_exists():
    found = statuses(EARLY_REPORT, unit={**UNIT, "valid_to": EARLIER + timedelta(days=6)})
    assert set(found) == {EARLIER}


def test_the_register_names_what_is_expected_of_a_unit_that_never_reported():
    unit = {"unit_id": "u2", "zh": "西关派出所", "area_id": "t2", "forms": '["weekly_tally"]', "valid_from": EARLIER}
    found = run(
        "report_status",
        measurements=rows("measurements", {"value": 1.0, "start": EARLIER}),
        units=rows("units", unit),
        submissions=rows("submissions", EARLY_REPORT),
    )["report_status"].filter(pl.col("unit_id") == "u2")
    assert found.select("week", "status").rows() == [(EARLIER, "missing"), (MONDAY, "missing")]


def test_ledgers_owe_nothing_in_a_quiet_week():
    ledger = {"form": "intercepted_losses", "start": EARLIER, "end": EARLIER, "received_at": datetime(2026, 3, 15)}
    measurements = rows("measurements", {"value": 1.0, "form": "intercepted_losses", "is_ledger": True, "start": EARLIER})
    found = run("report_status", submissions=rows("submissions", {**ledger, "reporter_id": "t1"}), measurements=measurements)["report_status"]
    assert found.is_empty()


def test_ledgers_the_register_lists_are_due_once_a_month():
    unit = {**UNIT, "forms": '["intercepted_losses"]'}
    rows_of_january = {"form": "intercepted_losses", "start": date(2026, 1, 8), "end": date(2026, 1, 8), "received_at": datetime(2026, 2, 2)}
    measurements = rows("measurements", {"value": 1.0, "form": "intercepted_losses", "is_ledger": True, "start": date(2026, 1, 8)})
    submissions = rows("submissions", {**rows_of_january, "reporter_id": "u1"})
    found = run("report_status", submissions=submissions, units=rows("units", unit), measurements=measurements)["report_status"]
    assert found.select("week", "status").rows() == [(date(2026, 1, 26), "on_time"), (date(2026, 2, 23), "missing")]


def test_a_few_open_cells_do_not_make_a_report_partial():
    few = {"received_at": IN_TIME, "n_due": 60, "n_missing": 2}
    assert statuses(EARLY_REPORT, few)[MONDAY]["status"] == "on_time"
    strict = Settings(reporting=Reporting(partial_from=0))
    assert statuses(EARLY_REPORT, few, settings=strict)[MONDAY]["status"] == "partial"


def test_monthly_reports_are_due_once_a_month_in_the_week_it_ends():
    """January and February 2026 end on Saturdays, in the weeks of 26 January and 23 February."""
    month = {"start": date(2026, 1, 1), "end": date(2026, 1, 31), "received_at": datetime(2026, 2, 1)}
    found = statuses(month)
    assert {week: row["status"] for week, row in found.items()} == {date(2026, 1, 26): "on_time", date(2026, 2, 23): "missing"}


def test_forms_may_have_their_own_deadline():
    settings = Settings(reporting=Reporting(deadline_days={"weekly_tally": 5}))
    assert statuses(EARLY_REPORT, {"received_at": LATE}, settings=settings)[MONDAY]["status"] == "on_time"


def test_a_waiver_excuses_a_missing_report_until_it_expires():
    waiver = Waiver(rule="report_is_in", unit="东关派出所", reason="搬迁", owner="张某", date=date(2026, 3, 20), expires=date(2026, 3, 31))
    assert statuses(EARLY_REPORT, decisions=Decisions(waivers=(waiver,)))[MONDAY]["status"] == "waived"
    expired = waiver.model_copy(update={"expires": date(2026, 3, 21)})
    assert statuses(EARLY_REPORT, decisions=Decisions(waivers=(expired,)))[MONDAY]["status"] == "missing"
