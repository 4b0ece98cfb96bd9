from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from pipeline.decisions import Approval, Decisions
from pipeline.settings import Pages, Reporting, Settings
from tests.support.measures import AREAS, MONDAY, rows, run

LOSS = {"form": "intercepted_losses", "channel": "intercepted_losses", "unit": "元", "is_ledger": True, "measure": "averted", "grade": "P2"}
CONTACTS = {"channel": "contacts", "measure": "contacts", "unit": "人次"}
EMPTY = rows("measurements")


def weeks_ago(n: int) -> date:
    return MONDAY - timedelta(weeks=n)


def events(n: int, week: date, amount: float = 10_000.0, area: str = "c1", start: int = 0):
    """n events of one week, each of its own reporter's row and figure."""
    return [
        {
            **LOSS,
            "value": amount + i,
            "start": week + timedelta(days=i % 7),
            "area_id": area,
            "subject_id": area,
            "record_id": f"{area}{week}{start + i}",
        }
        for i in range(n)
    ]


def first_week(n: int = 60):
    """A number long ago, so that earlier spans lie inside the data."""
    return {**CONTACTS, "value": 1.0, "start": weeks_ago(n)}


def kpi(metric: str, *numbers, area="d", period="w4", **more):
    found = run("kpis", measurements=rows("measurements", *numbers), **more)["kpis"]
    return found.filter(pl.col("metric") == metric, pl.col("area_id") == area, pl.col("period") == period).row(0, named=True)


@pytest.mark.parametrize(
    ("before", "now", "note", "has_interval"),
    [
        (0, 3, "base_zero", False),
        (3, 7, "small_base", False),
        (9, 4, "small_base", False),
        (10, 12, None, True),
        (49, 50, None, True),
        (50, 60, None, True),
    ],
)
def test_bases_decide_about_percentages(before, now, note, has_interval):
    """The project's dashboard rules: 0, 3, 9, 10, 49, 50 cases in the earlier period."""
    found = kpi("cases", first_week(), *events(before, weeks_ago(5)), *events(now, weeks_ago(1)))
    assert (found["value"], found["previous"], found["note"]) == (now, before, note)
    assert (found["change_low"] is not None) is has_interval
    assert found["change"] == (pytest.approx(now / before - 1) if has_interval else None)


def test_interval_of_a_count_is_the_exact_poisson_one():
    found = kpi("cases", first_week(), *events(29, weeks_ago(5)), *events(27, weeks_ago(1)))
    assert (found["change"], found["change_low"], found["change_high"]) == pytest.approx((-0.069, -0.47, 0.63), abs=5e-3)


def test_money_needs_ten_cases_and_ten_wan_before():
    ten = [*events(10, weeks_ago(5), 20_000.0), *events(10, weeks_ago(1), 30_000.0)]
    assert kpi("prevented", first_week(), *ten)["change"] == pytest.approx(0.5, abs=1e-3)
    nine = kpi("prevented", first_week(), *events(9, weeks_ago(5), 20_000.0), *events(10, weeks_ago(1)))
    assert nine["note"] == "small_base"
    cheap = kpi("prevented", first_week(), *events(10, weeks_ago(5), 900.0), *events(10, weeks_ago(1)))
    assert cheap["note"] == "small_amount"


def test_the_largest_event_is_named_and_taken_out():
    numbers = [*events(10, weeks_ago(5), 20_000.0), *events(10, weeks_ago(1), 20_000.0), *events(1, weeks_ago(1), 1_800_000.0, start=90)]
    found = kpi("prevented", first_week(), *numbers)
    assert found["share_largest"] == pytest.approx(0.9, abs=1e-3)
    assert found["change"] == pytest.approx(9, abs=1e-2)
    assert found["without_largest_change"] == pytest.approx(200_045 / 180_036 - 1, abs=1e-3)


def test_a_span_before_the_data_has_no_change():
    found = kpi("cases", first_week(5), *events(12, weeks_ago(1)))
    assert (found["previous"], found["change"], found["note"]) == (None, None, "no_previous")


def test_the_year_before_is_the_same_iso_week():
    found = kpi("cases", first_week(), *events(20, weeks_ago(52)), *events(30, MONDAY))
    assert (found["year_before"], found["year_change"]) == (20, pytest.approx(0.5))
    assert found["year_change_low"] < 0.5 < found["year_change_high"]


def test_no_comparison_crosses_a_change_of_definitions():
    brk = rows("campaigns", {"campaign_id": "b", "zh": "口径调整", "kind": "break", "start": weeks_ago(4), "end": weeks_ago(4)})
    assert kpi("cases", first_week(), *events(12, weeks_ago(5)), *events(12, weeks_ago(1)), campaigns=brk)["note"] == "definition_break"


def reports(unit: str, ago: range):
    return [
        {"reporter_id": unit, "start": weeks_ago(n), "received_at": datetime.combine(weeks_ago(n - 1), datetime.min.time())} for n in ago
    ]  # fmt: skip


def test_shares_do_not_cross_a_change_of_definitions_either():
    numbers = ({"value": 300.0, "start": weeks_ago(9)}, {"value": 300.0, "start": weeks_ago(5)}, {"value": 300.0, "start": weeks_ago(1)})
    brk = rows("campaigns", {"campaign_id": "b", "zh": "口径调整", "kind": "break", "start": weeks_ago(4), "end": weeks_ago(4)})
    crossed = kpi("coverage", *numbers, area="c1", campaigns=brk)
    assert (crossed["change"], crossed["note"], crossed["previous"] is not None) == (None, "definition_break", True)
    assert kpi("coverage", *numbers, area="c1")["change"] is not None


def test_changes_compare_the_same_reporters_and_say_who_was_left_out():
    """t2 reported two of its four weeks now: it is in the value, not in the change."""
    submissions = rows("submissions", *reports("t1", range(12)), *reports("t2", range(2, 12)))
    numbers = [{**CONTACTS, "value": 100.0, "start": weeks_ago(n)} for n in range(12)]
    numbers += [{**CONTACTS, "value": 50.0, "start": weeks_ago(n), "area_id": "t2", "subject_id": "t2"} for n in range(2, 12)]
    found = kpi("contacts", *numbers, submissions=submissions, settings=Settings(reporting=Reporting(comparable_rate=0.7)))
    assert (found["value"], found["comparable"], found["previous"]) == (500, 400, 400)
    assert (found["change"], found["n_left_out"], found["note"]) == (0, 1, None)
    assert (found["reports_in"], found["reports_due"]) == (6, 8)
    low = kpi("contacts", *numbers, submissions=submissions)
    assert (low["note"], low["change"]) == ("low_reporting", None)


def test_rates_change_by_differences():
    submissions = rows("submissions", *reports("t1", range(12)), *reports("t2", range(2, 12)))
    numbers = [{**CONTACTS, "value": 100.0, "start": weeks_ago(n)} for n in range(12)]
    rate = kpi("reporting_rate", *numbers, submissions=submissions)
    assert (rate["value"], rate["previous"], rate["change"], rate["unit"]) == (0.75, 1, -0.25, "1")
    assert kpi("on_time_rate", *numbers, submissions=submissions, area="t1")["value"] == 1


def test_periods_end_with_the_last_week_that_has_half_its_reports():
    submissions = rows("submissions", *reports("t1", range(1, 12)), *reports("t2", range(1, 12)))
    numbers = [{**CONTACTS, "value": 100.0, "start": weeks_ago(n)} for n in range(12)]
    assert kpi("contacts", *numbers, submissions=submissions)["end"] == weeks_ago(0) - timedelta(days=1)


def test_an_operation_takes_its_weeks_and_compares_with_the_equal_span_before():
    """From a Thursday (four days: its week counts) to a Tuesday (two days: its week does not)."""
    operation = rows(
        "campaigns", {"campaign_id": "o", "zh": "百日行动", "start": weeks_ago(6) + timedelta(days=3), "end": weeks_ago(3) + timedelta(days=1)}
    )
    numbers = [{**CONTACTS, "value": float(10 + n), "start": weeks_ago(n)} for n in range(20)]
    found = kpi("contacts", *numbers, period="op:o", campaigns=operation)
    assert (found["start"], found["end"]) == (weeks_ago(6), weeks_ago(3) - timedelta(days=1))
    assert (found["value"], found["previous"]) == (16 + 15 + 14, 19 + 18 + 17)


def test_levels_are_the_last_of_the_period_never_their_sum():
    level = {"channel": "banners", "measure": "in_place", "unit": "条", "kind": "stock"}
    numbers = [{**level, "value": float(30 + n), "start": weeks_ago(n)} for n in range(12)]
    numbers += [{**level, "value": 7.0, "start": weeks_ago(2), "area_id": "c2", "subject_id": "c2"}]
    found = kpi("banners.in_place", *numbers)
    assert (found["value"], found["previous"]) == (37, 34)


def test_prevention_rate_needs_losses_and_takes_the_form_of_uk_finance():
    """UK Finance, Annual Fraud Report 2025: 1.45 bn prevented, 0.722 bn lost: 67 %."""
    losses = {"form": "losses", "channel": "losses", "measure": "amount", "unit": "元", "is_ledger": True, "record_id": "l"}
    numbers = [*events(1, MONDAY, 1_450_000.0), {**losses, "value": 722_000.0}]
    assert kpi("prevention_rate", *numbers)["value"] == pytest.approx(0.6676, abs=1e-4)
    assert run("kpis", measurements=rows("measurements", *events(1, MONDAY)))["kpis"].filter(pl.col("metric") == "prevention_rate").is_empty()


def test_coverage_compares_with_the_window_that_ended_before_the_period():
    numbers = [{"value": 300.0, "start": weeks_ago(20)}, {"value": 600.0, "start": weeks_ago(1)}]
    found = kpi("coverage", *numbers, period="w13", area="c1")
    assert found["high"] == pytest.approx(0.6)
    assert found["change"] == pytest.approx(found["value"] - found["previous"])


def test_place_coverage_takes_silent_places_as_inactive_and_as_active():
    """c1 (1000) active, c2 (2000) and t2 (1000) never heard of."""
    found = kpi("place_coverage", {"value": 5.0})
    assert (found["low"], found["value"], found["high"]) == (0.25, 1, 1)


def test_provisional_weeks_and_missing_approvals_are_marked():
    assert kpi("contacts", {**CONTACTS, "value": 1.0})["is_provisional"]
    old = {**CONTACTS, "value": 1.0, "start": weeks_ago(8)}
    settings = Settings(reporting=Reporting(provisional_weeks=0))
    assert not kpi("contacts", old, settings=settings)["is_provisional"]
    strict = Settings(reporting=Reporting(provisional_weeks=0, approval_required=True))
    assert kpi("contacts", old, settings=strict)["is_provisional"]
    approval = Approval(reason="已审", owner="王某", date=date(2026, 3, 23), area="东镇", start=weeks_ago(8), end=MONDAY + timedelta(days=6))
    approved = Decisions(approvals=(approval,))
    assert not kpi("contacts", old, settings=strict, decisions=approved, area="c1")["is_provisional"]
    assert kpi("contacts", old, settings=strict, decisions=approved, area="d")["is_provisional"]


def test_thresholds_are_settings():
    settings = Settings(pages=Pages(small_base_cases=3))
    assert kpi("cases", first_week(), *events(5, weeks_ago(5)), *events(7, weeks_ago(1)), settings=settings)["change"] == pytest.approx(0.4)


def test_every_area_has_its_own_numbers_and_those_below_it():
    numbers = [
        {**CONTACTS, "value": 1.0},
        {**CONTACTS, "value": 10.0, "area_id": "t1", "subject_id": "t1"},
        {**CONTACTS, "value": 100.0, "area_id": "t2", "subject_id": "t2"},
    ]
    found = run("kpis", measurements=rows("measurements", *numbers))["kpis"].filter(pl.col("metric") == "contacts", pl.col("period") == "w4")
    assert dict(found.select("area_id", "value").iter_rows()) == {"d": 111, "t1": 11, "t2": 100, "c1": 1}
    cases = run("kpis", measurements=rows("measurements", *numbers, *events(1, MONDAY)))["kpis"].filter(pl.col("metric") == "cases")
    assert cases["area_id"].n_unique() == len(AREAS)  # where nothing happened is 0, everywhere
