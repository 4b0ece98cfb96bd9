from __future__ import annotations

from datetime import date, timedelta
from random import Random

import polars as pl
import pytest

from pipeline.decisions import Cell, Decisions, SameEvent
from tests.support.measures import MONDAY, rows, run

DAY = MONDAY + timedelta(days=2)
LEDGER = {
    "form": "intercepted_losses", "channel": "intercepted_losses", "unit": "元", "is_ledger": True, "start": DAY, "area_id": "t1",
    "subject_kind": "unit", "path": "台账.xlsx", "sheet": "3月",
}  # fmt: skip
GRADES = {"averted": "P2", "stopped": "P3", "frozen": "P4", "returned": "P5"}
POLICE = {"subject": "东关派出所", "subject_id": "police", "reporter_id": "centre"}
BANK = {"subject": "XX农商银行东街支行", "subject_id": "bank", "reporter_id": "bank", "area_id": "d", "path": "银行.xlsx"}


def leg(measure: str, value: float | None = None, row: str = "a", **more):
    said = {"value": value} if value is not None else {}
    return {**LEDGER, **POLICE, "measure": measure, "grade": GRADES.get(measure), "record_id": f"f!s!{row}", **said, **more}


def cases(value: float, row: str = "a", **more):
    return leg("cases", value, row, unit="起", **more)


def told(*legs, **more):
    return run("loss_cube", "leg_cube", "event_cohorts", "issues", measurements=rows("measurements", *legs), **more)


def test_one_event_counts_once_at_its_highest_grade():
    out = told(leg("averted", 80_000.0), leg("stopped", 56_000.0), leg("returned", 30_000.0))
    event = out["events"].row(0, named=True)
    assert (event["grade"], event["value"], event["n_legs"]) == ("P5", 30_000, 3)
    assert out["event_legs"].filter("is_counted")["grade"].to_list() == ["P5"]
    assert out["loss_cube"].filter(pl.col("dimension") == "way").select("grade", "n", "value").rows() == [("P5", 1, 30_000.0)]


@pytest.mark.parametrize(
    ("legs", "grade", "value", "firmness"),
    [
        ([leg("averted", 80e3, low=80e3, high=90e3, precision="at_least")], "P2", 80e3, "approximate"),
        ([leg("averted", low=200e3, high=1e6, precision="vague")], "P2", None, "range"),
        ([leg("averted", 50e3), leg("returned", 0.0)], "P2", 50e3, "exact"),
        ([leg("averted", 50e3), leg("frozen")], "P2", 50e3, "exact"),
        ([leg("averted")], None, None, "missing"),
        ([cases(1.0)], None, None, "missing"),
    ],
    ids=["80余", "数十万", "returned 0 is no leg", "blank is no leg", "amount unknown", "only a count"],
)
def test_amount_grade_and_firmness(legs, grade, value, firmness):
    event = told(*legs)["events"].row(0, named=True)
    assert (event["grade"], event["value"], event["firmness"], event["n_cases"]) == (grade, value, firmness, 1)


BEFORE_LAST = MONDAY - timedelta(weeks=1)


@pytest.mark.parametrize(
    ("legs", "is_lapsed"),
    [
        ([leg("stopped", 56e3)], True),
        ([leg("stopped", 56e3), leg("frozen", 50e3)], None),
        ([leg("stopped", 56e3, case_ref="k"), leg("frozen", 50e3, "b", case_ref="k", start=DAY + timedelta(days=2))], None),
        ([leg("stopped", 56e3, case_ref="k"), leg("frozen", 0.0, "b", case_ref="k", start=DAY)], True),
        ([leg("stopped", 56e3), leg("averted", 80e3)], True),
        ([leg("stopped", 56e3, end=DAY + timedelta(days=4))], False),
        ([leg("stopped", 56e3, start=MONDAY + timedelta(days=6))], False),
        ([leg("averted", 80e3)], None),
    ],
    ids=["nothing followed", "frozen in the same row", "frozen in time", "nothing was frozen", "said is not frozen", "of several days, still open",
         "48 hours are not over", "never stopped"],
)  # fmt: skip
def test_a_stop_that_no_freezing_follows_in_48_hours_has_lapsed(legs, is_lapsed):
    """The clock is Tuesday 02:00 UTC, 24 March 2026; DAY is the Wednesday before."""
    assert told(*legs)["events"]["is_lapsed"].to_list() == [is_lapsed]


def test_a_freezing_too_late_lapses_the_stop_and_a_return_shows_that_it_held():
    stop = leg("stopped", 56e3, case_ref="k", start=BEFORE_LAST)
    late = leg("frozen", 50e3, "b", case_ref="k", start=BEFORE_LAST + timedelta(days=3))
    back = leg("returned", 50e3, "b", case_ref="k", start=MONDAY)
    for other, is_lapsed in ((late, True), (back, False)):
        legs = told(stop, other)["event_legs"].filter(grade="P3")
        assert legs["is_lapsed"].to_list() == [is_lapsed]


def test_a_stop_in_a_tally_has_no_hours():
    line = {**leg("stopped", 56e3, start=MONDAY), "is_ledger": False}
    out = told(line)
    assert out["events"]["is_lapsed"].to_list() == [None]
    assert out["leg_cube"].select("week", "grade", "n_lapsed").rows() == [(MONDAY, "P3", 0)]


def test_each_grade_is_a_series_by_its_own_day():
    """Said 80 000, stopped 56 000 a week later without freezing, returned 30 000 in the last week: the event is P5, its legs three lines."""
    legs = (
        leg("averted", 80e3, case_ref="k", start=MONDAY - timedelta(weeks=3)),
        leg("stopped", 56e3, "b", case_ref="k", start=MONDAY - timedelta(weeks=2)),
        leg("returned", 30e3, "c", case_ref="k", start=MONDAY), leg("stopped", 9e3, "d", start=MONDAY, subject="南所", subject_id="south"),
    )  # fmt: skip
    out = told(*legs)["leg_cube"]
    assert out.select("week", "grade", "n", "value", "n_lapsed", "lapsed").rows() == [
        (MONDAY - timedelta(weeks=3), "P2", 1, 80e3, 0, 0.0),
        (MONDAY - timedelta(weeks=2), "P3", 1, 56e3, 0, 0.0),
        (MONDAY, "P3", 1, 9e3, 1, 9e3),
        (MONDAY, "P5", 1, 30e3, 0, 0.0),
    ]


def test_a_row_may_state_several_cases_or_none():
    assert told(cases(2.0), leg("averted", 80e3))["events"]["n_cases"].to_list() == [2]
    assert told(cases(0.0))["events"].is_empty()
    activity = {"form": "activities", "is_ledger": True}
    assert told(cases(1.0) | activity, leg("averted", row="b") | activity)["events"].height == 1


def test_police_and_bank_tell_of_the_same_event():
    """Same day, same figure, the police names the branch: one event, both origins kept; the place is the one the police knows."""
    out = told(leg("averted", 29_800.0, institution="东街支行", place="甲社区"), leg("averted", 29_800.0, "b", **BANK))
    assert out["event_pairs"]["verdict"].to_list() == ["certain"]
    event = out["events"].row(0, named=True)
    assert (event["n_reporters"], event["value"], event["area_id"], event["town_id"]) == (2, 29_800, "c1", "t1")


def test_two_rows_of_one_ledger_are_two_events():
    out = told(leg("averted", 29_800.0), leg("averted", 29_800.0, "b", subject="西关派出所", subject_id="west"))
    assert out["event_pairs"].is_empty()
    assert out["events"].height == 2


def test_a_return_months_later_joins_its_event_by_case_reference():
    later = DAY - timedelta(days=90)
    out = told(leg("frozen", 50e3, start=later, case_ref="k1"), leg("returned", 30e3, "b", case_ref="k1"))
    event = out["events"].row(0, named=True)
    assert (event["grade"], event["value"], event["first_date"], event["week"]) == ("P5", 30e3, later, later - timedelta(days=later.weekday()))
    cohort = out["event_cohorts"].row(0, named=True)
    assert (cohort["month"], cohort["n_frozen"], cohort["value"]) == (later.replace(day=1), 1, pytest.approx(0.6))


NEAR = {**BANK, "area_id": "t1", "start": DAY + timedelta(days=1)}
DOUBT = (leg("averted", 50_000.0, cell="D4"), leg("averted", 50_000.0, "b", cell="F9", **NEAR), *(
    leg("averted", 50_000.0, f"x{n}", start=DAY - timedelta(days=3 * n + 3)) for n in range(12)
))  # fmt: skip


def test_a_round_sum_on_one_day_is_doubtful_counts_twice_and_stays_out_of_lower_bounds():
    out = told(*DOUBT)
    assert out["event_pairs"]["verdict"].to_list() == ["doubtful"]
    assert out["events"].height == 14
    doubtful = out["events"].filter("is_doubtful")
    assert doubtful.height == 1
    assert doubtful["doubtful_with"][0] in out["events"]["event_id"]
    week = out["loss_cube"].filter(pl.col("week") == MONDAY, pl.col("dimension") == "way").row(0, named=True)
    assert (week["n"], week["low"], week["value"], week["high"]) == (2, 50e3, 100e3, 100e3)
    assert "events_are_told_apart" in out["issues"]["rule"].to_list()


@pytest.mark.parametrize(("is_same", "n", "verdict"), [(True, 13, "merged"), (False, 14, "apart")])
def test_people_decide_what_is_doubtful(is_same, n, verdict):
    cells = (Cell(file="台账.xlsx", sheet="3月", cell="D4"), Cell(file="银行.xlsx", sheet="3月", cell="F9"))
    decision = SameEvent(same=is_same, cells=cells, reason="与支行核对", owner="李某", date=date(2026, 3, 23))
    out = told(*DOUBT, decisions=Decisions(same_events=(decision,)))
    assert out["event_pairs"].select("verdict", "decided_because").rows() == [(verdict, "与支行核对")]
    assert out["events"].height == n
    assert not out["events"]["is_doubtful"].any()


def tally(subject: str, area: str, *numbers, **more):
    return [
        {**LEDGER, "is_ledger": False, "subject_id": subject, "subject": subject, "area_id": area, "record_id": f"f!t!{subject}", "measure": m,
         "grade": GRADES.get(m), "unit": "元" if m in GRADES else "起", "value": v, "start": MONDAY, **more}
        for m, v in numbers
    ]  # fmt: skip


def test_a_tally_line_is_bounded_by_full_and_no_overlap_of_its_grades():
    """Stopped 563k and frozen 412k may be the same cases or all different: [563k, 975k]."""
    event = told(*tally("station", "t1", ("cases", 14.0), ("stopped", 563e3), ("frozen", 412e3)))["events"].row(0, named=True)
    assert (event["value"], event["low"], event["high"], event["firmness"]) == (563e3, 563e3, 975e3, "range")
    assert (event["n_cases"], event["is_aggregate"]) == (14, True)


def test_equal_tally_lines_of_two_subjects_are_suspected_the_same():
    """L2 of the example layouts: rows 5 and 9 both state 80余万 for May; both totals are shown until somebody decides."""
    month = {"start": date(2026, 2, 1), "end": date(2026, 2, 28), "low": 800e3, "high": 900e3, "precision": "at_least"}
    out = told(*tally("station", "t1", ("averted", 800e3), **month), *tally("banks", "d", ("averted", 800e3), **month))
    assert out["event_pairs"].select("basis", "verdict").rows() == [("tally", "doubtful")]
    assert out["events"]["week"].to_list() == [None, None]
    assert out["events"]["is_doubtful"].sum() == 1


def test_names_of_fraud_come_from_one_taxonomy_and_new_ones_show():
    kinds = ["刷单", "网络刷单返利诈骗", "冒充电商物流客服", "AI换脸诈骗"]
    out = told(*(leg("averted", 1000.0 + n, f"r{n}", fraud_type=kind, start=DAY - timedelta(days=n)) for n, kind in enumerate(kinds)))
    assert sorted(out["events"]["fraud_type"]) == sorted(["刷单返利", "刷单返利", "冒充客服退款", "AI换脸诈骗"])


def test_matching_on_planted_pairs():
    """A ledger of 1500 events, 300 of them told again by banks with dates off by a day, rounded amounts, missing places and kinds:
    precision at least 99 %, recall at least 90 %, the rest doubtful (stated aims of the project)."""
    legs, truth = _planted(Random(11))
    pairs = told(*legs)["event_pairs"]
    is_true = pl.Series([truth.get(a) == truth.get(b) for a, b in pairs.select("record_a", "record_b").iter_rows()])
    certain = pairs["verdict"] == "certain"
    n_planted = len(truth) - len(set(truth.values()))
    assert (certain & is_true).sum() / certain.sum() >= 0.99
    assert (certain & is_true).sum() / n_planted >= 0.90
    assert is_true.sum() / n_planted >= 0.98


def _planted(rng: Random):
    legs, truth = [], {}
    for number in range(1500):
        day = MONDAY - timedelta(days=rng.randrange(700))
        amount = float(round(rng.lognormvariate(10, 1.4), -rng.choice([0, 1, 2, 2, 3])) or 500)
        branch, kind = f"示例银行第{rng.randrange(8)}支行", rng.choice(["刷单", "客服", "投资理财", "贷款", "公检法"])
        place = rng.choice(["甲社区", "乙社区"])
        police = {"fraud_type": kind, "place": place, "institution": branch if rng.random() < 0.8 else None}
        legs.append(leg("averted", row=f"p{number}", start=day, **police, **_worded(amount, rng, 0.25)))
        truth[f"f!s!p{number}"] = f"e{number}"
        if number % 5 == 0:
            told_on = day + timedelta(days=rng.choice([0, 0, 0, 0, 1, -1]))
            bank = {**BANK, "subject": branch, "subject_id": branch, "reporter_id": branch, "fraud_type": kind if rng.random() < 0.8 else None}
            legs.append(
                leg(
                    "averted",
                    row=f"b{number}",
                    start=told_on,
                    **{**bank, "place": place if rng.random() < 0.7 else None},
                    **_worded(amount, rng, 0.1),
                )
            )
            truth[f"f!s!b{number}"] = f"e{number}"
    return legs, truth


def _worded(amount: float, rng: Random, rough: float):
    if rng.random() >= rough:
        return {"value": amount}
    step = 10 ** (len(str(int(amount))) - 1)
    floor = amount // step * step
    return {"value": floor, "low": floor, "high": floor + step, "precision": "at_least"}
