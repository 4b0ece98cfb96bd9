"""Times that stand in headings, beside items and in titles that name two of them: which number is of which time."""

from __future__ import annotations

from datetime import date

import pytest

from pipeline.intake.records import Reading
from tests.support.sheets import Rows, read_rows, rules

N = None


def days(reading: Reading) -> dict[str, tuple[str, str]]:
    """Cell → first and last day of its number, month and day."""
    return {m.cell: (f"{m.start:%m%d}", f"{m.end:%m%d}") for m in reading.measurements}


@pytest.mark.parametrize(
    ("title", "first", "second", "expected"),
    [
        pytest.param("2024年5月反诈宣传统计", "上半月", "下半月", (("0501", "0515"), ("0516", "0531")), id="halves of a month"),
        pytest.param("2024年1-5月反诈宣传统计", "1-4月", "5月", (("0101", "0430"), ("0501", "0531")), id="months and a month"),
        pytest.param("反诈周统计（2024年4月15日—19日）", "周一", "星期五", (("0415", "0415"), ("0419", "0419")), id="days of the week"),
        pytest.param("反诈周统计（2024年4月15日—19日）", "第一天", "第5天", (("0415", "0415"), ("0419", "0419")), id="days in order"),
        pytest.param("反诈周统计（2024年4月29日—5月3日）", "30日", "3日", (("0430", "0430"), ("0503", "0503")), id="days of two months"),
        pytest.param("2024年反诈宣传统计", "4月15日（雨）", "4月16日", (("0415", "0415"), ("0416", "0416")), id="a day with a remark"),
        pytest.param("2024年反诈宣传统计", "本周（6月10日—16日）", "上周（6月3日—9日）", (("0610", "0616"), None), id="this week and the one before"),
        pytest.param("2024年反诈宣传统计", "第24周（6.10-6.16）", "累计", (("0610", "0616"), None), id="the dates of a week"),
        pytest.param("2024年5月反诈宣传统计", "第1周", "第2周", (None, None), id="weeks without dates"),
        pytest.param("2024年5月反诈宣传统计", "前三周", "第四周", (None, None), id="a time nobody knows beside a week without dates"),
        pytest.param("2024年5月反诈宣传统计", "前三周", "5月31日", (None, ("0531", "0531")), id="a time nobody knows beside a day"),
    ],
)
def test_what_stands_over_two_headings_says_when(title: str, first: str, second: str, expected: tuple[tuple[str, str] | None, ...]) -> None:
    rows = ((title,), ("单位", first, N, second, N), (N, *["宣传单（份）", "讲座（场）"] * 2), ("甲派出所", 10, 2, 30, 4))
    reading = read_rows(rows, ["A2:A3", "B2:C2", "D2:E2"])
    plain = {m.cell: when for m, when in zip(reading.measurements, days(reading).values(), strict=True) if not m.is_cumulative}
    assert (plain.get("B4"), plain.get("D4")) == expected
    assert (plain.get("C4"), plain.get("E4")) == expected


def test_a_time_that_is_not_certain_is_said_at_its_heading() -> None:
    reading = read_rows((("2024年5月反诈宣传统计",), ("单位", "第1周宣传单", "第2周宣传单"), ("甲派出所", 10, 20)))
    assert not reading.measurements
    reading = read_rows((("2024年5月宣传单发放情况",), ("单位", "第1周", "第2周"), ("甲派出所", 10, 20)))
    assert not reading.measurements
    assert rules(reading)["heading_period_is_readable"] == ["B2", "C2"]


def test_the_one_time_of_all_columns_is_the_sheets() -> None:
    reading = read_rows(
        (("2024年6月10日—16日反诈宣传",), ("单位", "第24周", N), (N, "宣传单（份）", "讲座（场）"), ("甲派出所", 10, 2)), ["A2:A3", "B2:C2"]
    )
    assert days(reading) == {"B4": ("0610", "0616"), "C4": ("0610", "0616")}


ITEMS: Rows = (
    ("单位", "指标", "4月15日", "4月16日", "小计", "备注"),
    ("甲社区", "宣传单（份）", 100, 200, 300, N),
    (N, "讲座（场）", 1, 2, 3, "雨"),
    ("乙社区", "宣传单（份）", 10, 20, 30, N),
    (N, "讲座（场）", 1, 0, 1, N),
    ("合计", "宣传单（份）", 110, 220, 330, N),
    (N, "讲座（场）", 2, 2, 4, N),
)


@pytest.mark.parametrize("heads", [("4月15日", "4月16日", "小计"), ("周一", "周二", "合计"), ("15日", "16日", "周合计")])
def test_items_of_several_units_with_a_column_a_day(heads: tuple[str, str, str]) -> None:
    rows = (("宣传周每日数据（2024年4月15日—21日）",), (*ITEMS[0][:2], *heads, "备注"), *ITEMS[1:])
    reading = read_rows(rows, ["A3:A4", "A5:A6", "A7:A8"])
    assert {(m.cell, m.subject, m.value) for m in reading.measurements if m.start == date(2024, 4, 16)} == {
        ("D3", "甲社区", 200.0),
        ("D4", "甲社区", 2.0),
        ("D5", "乙社区", 20.0),
        ("D6", "乙社区", 0.0),
    }
    assert len(reading.measurements) == 8


def test_days_beside_the_items_of_one_unit_are_no_units() -> None:
    rows = (
        ("2024年4月宣传周每日数据",),
        ("指标", "单位", "15日", "16日", "小计"),
        ("宣传单", "份", 100, 200, 300),
        ("讲座", "场", 1, 2, 3),
        ("填报单位：甲社区",),
    )
    reading = read_rows(rows)
    assert {(m.cell, m.subject, m.start.day) for m in reading.measurements} == {
        ("C3", "甲社区", 15),
        ("C4", "甲社区", 15),
        ("D3", "甲社区", 16),
        ("D4", "甲社区", 16),
    }


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("网点反诈工作周对比（2024年6月10日-6月16日，上周为6月3日-6月9日）", ""),
        ("反诈宣传周对比表（本周：2024年6月10日—16日；上周：6月3日—9日）", ""),
        ("反诈宣传双周对比", "统计时间：本周（2024.6.10-6.16） 上周（2024.6.3-6.9）"),
        ("2024年6月10日—16日反诈宣传情况表（对比期：2024年6月3日—9日）", ""),
        ("2024年6月10日—16日反诈宣传情况表（去年同期：2023年6月12日—18日）", ""),
    ],
)
def test_of_two_times_in_a_title_the_one_compared_with_is_not_the_sheets(title: str, line: str) -> None:
    rows = ((title,), (line,), ("单位", "宣传单（份）", N), (N, "本周", "上周"), ("甲派出所", 10, 20))
    assert days(read_rows(rows, ["A3:A4", "B3:C3"])) == {"B5": ("0610", "0616")}


def test_two_times_neither_of_which_is_called_the_other_stay_open() -> None:
    rows = (("反诈宣传（2024年6月10日—16日、6月3日—9日）",), ("单位", "宣传单（份）"), ("甲派出所", 10))
    assert "period_is_stated" in rules(read_rows(rows))


@pytest.mark.parametrize("opening", ["上季结余", "上季度库存", "季初库存", "上旬结存", "年初结存"])
@pytest.mark.parametrize("closing", ["季末库存", "年末结余", "月底库存", "本季结存"])
def test_what_was_left_is_the_same_of_any_period(opening: str, closing: str) -> None:
    rows = (("2024年三季度宣传品出入库",), ("单位", opening, "印制数", "发放数", closing), ("甲派出所", 5, 10, 8, 7), ("乙派出所", 6, 1, 2, 5))
    assert [m.measure for m in read_rows(rows).measurements][:4] == ["opening_stock", "printed", "distributed", "closing_stock"]


@pytest.mark.parametrize(
    ("first", "last", "cells", "expected"),
    [
        pytest.param("起始日期", "截止日期", ("2026/6/1", "2026/6/7"), ("0601", "0607"), id="a week"),
        pytest.param("开始时间", "结束时间", (date(2026, 6, 1), date(2026, 6, 30)), ("0601", "0630"), id="real dates"),
        pytest.param("活动开始时间", "活动结束时间", ("2026-06-01 09:00", "11:30"), ("0601", "0601"), id="a clock time is of the same day"),
        pytest.param("日期", "终止日期", ("2026年6月1日", N), ("0601", "0601"), id="a blank last day"),
        pytest.param("统计开始日期", "统计结束日期", ("2026年6月1日", "6月7日"), None, id="a last day without a year"),
        pytest.param("起始日期", "截止日期", ("2026/6/7", "2026/6/1"), None, id="the other way round"),
        pytest.param("起始日期", "截止日期", ("2026/6/1", "待定"), None, id="not yet decided"),
    ],
)
def test_a_row_runs_from_its_first_to_its_last_day(first: str, last: str, cells: tuple[object, object], expected: tuple[str, str] | None) -> None:
    reading = read_rows((("反诈宣传统计",), ("社区", first, last, "宣传单（份）"), ("文昌社区", *cells, 620)))
    assert days(reading).get("D3") == expected
    assert rules(reading).get("row_date_is_readable") == (None if expected else ["C3"])


def test_a_last_day_alone_is_no_time_and_is_said() -> None:
    reading = read_rows((("2026年6月反诈宣传统计",), ("社区", "截止日期", "宣传单（份）"), ("文昌社区", "2026/6/20", 620)))
    assert days(reading) == {"C3": ("0601", "0630")}
    assert rules(reading)["text_heading_is_known"] == ["B2"]
