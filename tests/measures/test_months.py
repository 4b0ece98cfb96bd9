from __future__ import annotations

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from pipeline.measures.months import month_spans
from tests.support.measures import MONDAY, rows, run

LONG_AGO = {"value": 1.0, "start": date(2024, 12, 30)}
"""A number of a week long ago, so that earlier months lie inside the data."""
LOSS = {"form": "intercepted_losses", "channel": "intercepted_losses", "unit": "元", "is_ledger": True, "measure": "averted", "grade": "P2"}
OF_MONTH = {"period_precision": "month", "start": date(2026, 2, 1), "end": date(2026, 2, 28), "subject_id": "t1", "area_id": "t1"}


def events(*days: date, amount: float = 20_000.0):
    return [{**LOSS, "value": amount + i, "start": day, "record_id": f"{day}#{i}", "fraud_type": f"第{i}种"} for i, day in enumerate(days)]


def months(*numbers, **more):
    """(metric, area, month) → row."""
    found = run("month_kpis", measurements=rows("measurements", LONG_AGO, *numbers), **more)
    return {(row["metric"], row["area_id"], row["period"]): row for row in found["month_kpis"].iter_rows(named=True)}


def test_month_to_date_compares_with_the_same_days_of_the_month_and_year_before():
    """The last closed week ends on 22 March: 1–22 February, not all of it, and 1–22 March 2025."""
    now = [date(2026, 3, 1 + i) for i in range(12)]
    month_before = [*(date(2026, 2, 1 + i) for i in range(10)), *(date(2026, 2, 23 + i) for i in range(5))]
    year_before = [*(date(2025, 3, 1 + i) for i in range(15)), *(date(2025, 3, 23 + i) for i in range(6))]
    found = months(*events(*now), *events(*month_before), *events(*year_before))["cases", "d", "2026-03"]
    assert (found["start"], found["end"], found["is_to_date"]) == (date(2026, 3, 1), date(2026, 3, 22), True)
    assert (found["value"], found["previous"], found["year_before"]) == (12, 10, 15)
    assert (found["change"], found["year_change"]) == pytest.approx((0.2, -0.2))
    assert found["change_low"] < 0 < found["change_high"]


def test_a_closed_month_compares_with_the_whole_month_before():
    found = months(*events(*(date(2026, 2, 1 + i) for i in range(11))), *events(*(date(2026, 1, 21 + i) for i in range(11))))
    february = found["cases", "d", "2026-02"]
    assert (february["end"], february["is_to_date"], february["previous"]) == (date(2026, 2, 28), False, 11)
    assert found["prevented.median", "t1", "2026-02"]["previous"] == pytest.approx(20_005)


def test_a_monthly_sheet_is_in_its_month_and_in_no_week():
    sheet = [
        {**OF_MONTH, "value": 900.0},
        {**OF_MONTH, "channel": "banners", "measure": "in_place", "unit": "条", "kind": "stock", "value": 32.0},
        {**OF_MONTH, **LOSS, "is_ledger": False, "precision": "at_least", "value": 800_000.0, "low": 800_000.0, "high": 900_000.0},
        {**OF_MONTH, "channel": "contacts", "measure": "contacts", "unit": "人次", "value": 4000.0},
    ]
    found = months(*sheet)
    assert found["leaflets.distributed", "t1", "2026-02"]["value"] == 900
    assert found["banners.in_place", "d", "2026-02"]["value"] == 32
    assert found["contacts", "d", "2026-02"]["value"] == 4000
    prevented = found["prevented", "d", "2026-02"]
    assert (prevented["value"], prevented["low"], prevented["high"]) == (800_000, 800_000, 900_000)
    weekly = run("kpis", measurements=rows("measurements", LONG_AGO, *sheet))["kpis"]
    assert weekly.filter(pl.col("metric").is_in(["banners.in_place", "contacts"])).is_empty()
    assert weekly.filter(pl.col("metric") == "prevented")["value"].fill_null(0).max() in (0, None)


def test_a_week_across_the_months_end_is_not_divided():
    """23 Feb – 1 Mar: five hundred leaflets, some of them perhaps in March. The weeks inside are 100 each."""
    inside = [{"value": 100.0, "start": day} for day in (date(2026, 2, 2), date(2026, 2, 9), date(2026, 2, 16))]
    found = months(*inside, {"value": 500.0, "start": date(2026, 2, 23)}, {"value": 70.0, "start": date(2026, 3, 2)})
    february, march = (found["leaflets.distributed", "t1", month] for month in ("2026-02", "2026-03"))
    assert (february["value"], february["low"], february["high"], february["note"]) == (None, 300, 800, "no_figure")
    assert (march["low"], march["high"]) == (70, 570)


def test_what_is_unknown_in_one_town_is_unknown_in_the_district():
    crossing = {"value": 500.0, "start": date(2026, 2, 23)}
    found = months(crossing, {"value": 40.0, "start": date(2026, 2, 2), "area_id": "t2", "subject_id": "t2"})
    assert found["leaflets.distributed", "t2", "2026-02"]["value"] == 40
    whole = found["leaflets.distributed", "d", "2026-02"]
    assert (whole["value"], whole["low"], whole["high"], whole["note"], whole["year_note"]) == (None, 40, 540, "no_figure", "no_figure")


def test_a_quarter_is_of_no_month():
    found = months({**OF_MONTH, "start": date(2026, 1, 1), "end": date(2026, 3, 22), "value": 900.0})
    assert ("leaflets.distributed", "t1", "2026-02") not in found or found["leaflets.distributed", "t1", "2026-02"]["high"] is None


def test_losses_of_monthly_sheets_have_a_prevention_rate():
    lost = {**OF_MONTH, "form": "losses", "channel": "losses", "measure": "amount", "unit": "元", "value": 722_000.0}
    saved = {**OF_MONTH, **LOSS, "is_ledger": False, "value": 1_450_000.0}
    assert months(lost, saved)["prevention_rate", "d", "2026-02"]["value"] == pytest.approx(0.6676, abs=1e-4)


def test_an_event_is_of_the_month_of_its_first_intervention():
    """Dissuaded on 28 February, frozen on 2 March."""
    row = {**LOSS, "record_id": "r", "start": date(2026, 2, 28), "case_ref": "h1"}
    later = {**row, "record_id": "r2", "start": date(2026, 3, 2), "measure": "frozen", "grade": "P4", "path": "台账2.xlsx"}
    found = months({**row, "value": 50_000.0}, {**later, "value": 50_000.0})
    assert (found["cases", "d", "2026-02"]["value"], found["cases", "d", "2026-03"]["value"]) == (1, 0)


def spans(last: date, *breaks: date):
    campaigns = pl.DataFrame({"kind": ["break"] * len(breaks), "start": list(breaks)}, schema={"kind": pl.String, "start": pl.Date})
    return {(row["period"], row["role"]): row for row in month_spans(date(2023, 1, 2), last, campaigns).iter_rows(named=True)}


@pytest.mark.parametrize(
    ("last", "period", "now", "previous", "year_before"),
    [
        # A Sunday that is the 30th: February has fewer days.
        (date(2025, 3, 24), "2025-03", ((3, 1), (3, 30)), ((2, 1), (2, 28)), ((3, 1), (3, 30))),
        # A Sunday that is the month's last day closes it; whole months are compared, whatever their length.
        (date(2026, 5, 25), "2026-05", ((5, 1), (5, 31)), ((4, 1), (4, 30)), ((5, 1), (5, 31))),
        (date(2024, 3, 4), "2024-02", ((2, 1), (2, 29)), ((1, 1), (1, 31)), ((2, 1), (2, 28))),
        (date(2024, 2, 19), "2024-02", ((2, 1), (2, 25)), ((1, 1), (1, 25)), ((2, 1), (2, 25))),
        (date(2026, 1, 5), "2026-01", ((1, 1), (1, 11)), ((12, 1), (12, 11)), ((1, 1), (1, 11))),
    ],
)
def test_spans_of_months(last, period, now, previous, year_before):
    found = spans(last)
    year = int(period[:4])
    for role, (first, end) in (("now", now), ("previous", previous), ("year_before", year_before)):
        row, shift = found[period, role], {"now": 0, "previous": period.endswith("-01"), "year_before": 1}[role]
        assert (row["first"], row["last"]) == (date(year - shift, *first), date(year - shift, *end)), role


def test_thirteen_months_with_the_running_one_and_breaks():
    found = spans(MONDAY, date(2026, 2, 15))
    assert sorted({period for period, _ in found})[::12] == ["2025-03", "2026-03"]
    assert found["2026-03", "previous"]["is_broken"]
    assert not found["2026-01", "previous"]["is_broken"]
    assert month_spans(None, MONDAY, pl.DataFrame()).is_empty()


def test_months_before_the_first_number_are_not_listed():
    campaigns = pl.DataFrame(schema={"kind": pl.String, "start": pl.Date})
    found = month_spans(date(2026, 2, 9), MONDAY, campaigns)
    assert sorted(set(found["period"])) == ["2026-02", "2026-03"]
    assert found.filter(period="2026-03", role="previous")["is_outside"].to_list() == [True]


def test_an_office_with_monthly_sheets_only_has_months():
    found = run("month_kpis", measurements=rows("measurements", {**OF_MONTH, "value": 900.0}))["month_kpis"]
    months_of = found.filter(metric="leaflets.distributed", area_id="t1").select("period", "value", "is_to_date").rows()
    assert months_of == [("2026-02", 900, False), ("2026-03", None, True)]


def test_low_reporting_gives_words():
    """Two of the four weeks whose Sunday lies in March (1, 8, 15, 22)."""
    submissions = rows(
        "submissions",
        *({"reporter_id": "t1", "start": MONDAY - timedelta(weeks=n), "received_at": datetime(2026, 3, 23)}
          for n in (0, 1, 8, 12)),
    )  # fmt: skip
    found = months(*events(*[date(2026, 3, 3)] * 12), *events(*[date(2026, 2, 3)] * 12), submissions=submissions)
    assert found["cases", "t1", "2026-03"]["note"] == "low_reporting"
    assert found["reporting_rate", "t1", "2026-03"]["value"] == 0.5
