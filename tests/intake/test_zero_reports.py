"""Nothing to report is a report: 零报告 and 无 in every way a sheet says them, and what they mean beside numbers."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from pipeline.intake.records import ZeroReport
from pipeline.intake.zero_reports import form_of_title
from tests.support.settling import MONDAY, SUNDAY, File, activity, number, points, settled, unit
from tests.support.sheets import read_rows, rules

STATION = "城关派出所"
HEAD = [["反诈宣传周统计表"], ["填报单位：城关派出所", "统计时间：2023年5月15日—5月21日"]]
LEDGER_HEAD = [["反诈宣传活动台账"], ["填报单位：城关派出所", "统计时间：2023年5月15日—5月21日"]]
TALLY = ["单位", "发放宣传单（份）", "悬挂横幅（条）"]
LEDGER = ["序号", "日期", "活动名称", "地点", "参与人数（人）"]


@pytest.mark.parametrize(
    ("rows", "form", "cell"),
    [
        ([["反诈宣传周统计表"], ["填报单位：城关派出所"], ["统计时间：2023年5月15日—5月21日"], ["本周零报告"]], "weekly_tally", "A4"),
        ([["填报单位：城关派出所"], ["统计时间：2023年5月15日—5月21日"], ["零报告"]], None, "A3"),
        ([*HEAD, TALLY, ["零报告"]], "weekly_tally", "A4"),
        ([*HEAD, TALLY, [STATION, "", ""], ["", "", ""], ["本周零报告"]], "weekly_tally", "A6"),
        ([*LEDGER_HEAD, LEDGER, ["零报告"]], "activities", "A4"),
        ([*LEDGER_HEAD, LEDGER, ["无"]], "activities", "A4"),
        ([*LEDGER_HEAD, LEDGER, [1, "无", "无", "无", "无"]], "activities", "A4"),
    ],
)
def test_a_sheet_that_says_zero_is_whose_and_of_when_it_says(rows: list, form: str | None, cell: str) -> None:
    reading = read_rows(rows)
    assert reading.zero_reports == (ZeroReport("Sheet1", cell, form, STATION, date(2023, 5, 15), date(2023, 5, 21)),)
    assert all(r.severity == "note" for r in reading.rejections)
    assert all(count.seen == sum(count.disposed.values()) for count in reading.counts)


@pytest.mark.parametrize(
    "rows",
    [
        [*HEAD, TALLY, [STATION, 5, 0]],
        [*LEDGER_HEAD, LEDGER, [1, "5月16日", "反诈宣讲", "东街社区", 40], [2, "5月17日", "反诈宣讲", "无", "无"]],
    ],
)
def test_a_sheet_with_numbers_says_nothing_of_the_kind(rows: list) -> None:
    reading = read_rows(rows)
    assert reading.zero_reports == ()
    assert any(m.value for m in reading.measurements)


def test_nobodys_zero_report_asks_whose_it_is() -> None:
    reading = read_rows([["反诈宣传周统计表"], ["本周零报告"]])
    assert reading.zero_reports == ()
    assert rules(reading)["zero_report_says_whose_and_when"] == ["A2"]


@pytest.mark.parametrize(
    ("title", "form"),
    [("反诈宣传周统计表", "weekly_tally"), ("反诈宣传活动台账", "activities"), ("96110预警劝阻登记", "response"), ("零报告", None), ("", None)],
)
def test_a_title_names_the_form_or_none(title: str, form: str | None) -> None:
    assert form_of_title(title) == form


# -- beside other files -----------------------------------------------------------------------------------------------


def zero(form: str | None = "weekly_tally", reporter: str = STATION, start: date = MONDAY, end: date = SUNDAY) -> ZeroReport:
    return ZeroReport("Sheet1", "A4", form, reporter, start, end)


def own(value: float | None, **changes):
    return number(STATION, value, reporter=STATION, **changes)


def test_a_zero_report_without_a_due_cell_is_a_submission() -> None:
    result = settled(File("名册.xlsx", entries=[unit(STATION, code="P01")]), File("零.xlsx", zero=[zero()], minutes=5))
    row = result.submissions.row(0, named=True)
    told = (row["path"], row["form"], row["reporter_id"], row["start"], row["end"], row["is_zero_report"], row["n_due"], row["n_missing"])
    assert told == ("零.xlsx", "weekly_tally", "P01", MONDAY, SUNDAY, True, 0, 0)
    assert row["superseded_by"] is None
    assert result.measurements.is_empty()


def test_a_unit_only_known_by_its_zero_report_is_provisional() -> None:
    result = settled(File("零.xlsx", zero=[zero()]))
    assert result.units.select("zh", "is_provisional").rows() == [(STATION, True)]
    assert result.submissions["reporter_id"].to_list() == result.units["unit_id"].to_list()
    assert len(points(result, "names_are_in_a_register")) == 1


def test_blanks_beside_the_word_are_answered_by_it() -> None:
    blank = [own(None), own(None, column="D", measure="printed")]
    row = settled(File("a.xlsx", blank, zero=[ZeroReport("第12周", "A9", "weekly_tally", STATION, MONDAY, SUNDAY)])).submissions.row(0, named=True)
    assert (row["is_zero_report"], row["n_due"], row["n_missing"]) == (True, 2, 0)


def test_the_word_does_not_make_numbers_nothing() -> None:
    numbers = [own(5), own(None, column="D", measure="printed")]
    row = settled(File("a.xlsx", numbers, zero=[ZeroReport("第12周", "A9", "weekly_tally", STATION, MONDAY, SUNDAY)])).submissions.row(0, named=True)
    assert (row["is_zero_report"], row["n_missing"]) == (False, 1)


@pytest.mark.parametrize(("zero_minutes", "n_points"), [(0, 0), (120, 1)])
def test_numbers_of_the_period_beat_the_zero_report(zero_minutes: int, n_points: int) -> None:
    """Numbers that come later correct it; a zero report after numbers contradicts them, and somebody is told."""
    result = settled(File("零.xlsx", zero=[zero()], minutes=zero_minutes), File("数.xlsx", [own(5)], 60))
    by_path = {row["path"]: row for row in result.submissions.iter_rows(named=True)}
    assert by_path["零.xlsx"]["superseded_by"] == by_path["数.xlsx"]["submission_id"]
    assert by_path["数.xlsx"]["superseded_by"] is None
    assert len(points(result, "zero_reports_agree_with_own_numbers")) == n_points


def test_an_event_of_the_week_beats_the_ledgers_zero_report() -> None:
    day = MONDAY + timedelta(days=2)
    result = settled(File("零.xlsx", zero=[zero("activities")]), File("台账.xlsx", [activity(STATION, 40, day, reporter=STATION)], 60))
    assert result.submissions.filter(path="零.xlsx")["superseded_reason"].to_list() == ["superseded"]


def test_saying_zero_twice_changes_nothing() -> None:
    result = settled(File("零.xlsx", zero=[zero()]), File("零(1).xlsx", zero=[zero()], minutes=60))
    assert dict(result.submissions.select("path", "superseded_reason").iter_rows()) == {"零.xlsx": None, "零(1).xlsx": "repeated"}


@pytest.mark.parametrize(
    ("before", "forms", "answers_for"),
    [
        ([own(5, start=MONDAY - timedelta(days=7), end=SUNDAY - timedelta(days=7), form="leaflets")], None, ["leaflets"]),
        ([own(5, start=date(2026, 2, 1), end=date(2026, 2, 28), form="leaflets")], None, ["weekly_tally"]),
        ([], "发案情况、反诈宣传周统计", None),
        ([], None, ["weekly_tally"]),
    ],
)
def test_a_zero_report_that_names_no_form_answers_for_what_its_unit_usually_hands_in(before: list, forms: str | None, answers_for) -> None:
    register = File("名册.xlsx", entries=[unit(STATION, forms=forms) if forms else unit(STATION)], minutes=-100)
    result = settled(register, File("前.xlsx", before), File("零.xlsx", zero=[zero(None)], minutes=60))
    found = result.submissions.filter(path="零.xlsx")["form"].sort().to_list()
    listed = json.loads(result.units["forms"].item())
    assert found == (answers_for or sorted(listed))


def test_a_withdrawn_zero_report_reports_nothing() -> None:
    row = settled(File("零.xlsx", zero=[zero()], is_withdrawn=True)).submissions.row(0, named=True)
    assert row["superseded_reason"] == "withdrawn"
