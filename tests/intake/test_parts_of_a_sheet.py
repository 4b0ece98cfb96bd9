"""Parts of one sheet below one another: what their captions say, and what of the sheet's head is said of them."""

from __future__ import annotations

import pytest

from tests.support.sheets import read_rows, rules

HEAD = ("单位", "宣传单（份）", "讲座（场）")
MONTH = "2024年8月网点反诈宣传旬报"


def weeks_of(above: tuple[str, ...], caption: str) -> list[str]:
    """First and last day of the leaflets of the first and of the second part, month and day."""
    rows = (*((text,) for text in above), HEAD, ("甲所", 10, 1), (), (caption,), HEAD, ("甲所", 20, 2))
    return [f"{m.start:%Y%m%d}-{m.end:%m%d}" for m in read_rows(rows).measurements if m.channel == "leaflets"]


@pytest.mark.parametrize(
    ("above", "caption", "expected"),
    [
        ((MONTH, "8月上旬"), "8月中旬", ["20240801-0810", "20240811-0820"]),
        ((MONTH, "（一）8月上旬"), "（二）8月中旬", ["20240801-0810", "20240811-0820"]),
        ((MONTH, "上旬"), "中旬", ["20240801-0810", "20240811-0820"]),
        ((MONTH, "一、上半月"), "二、下半月", ["20240801-0815", "20240816-0831"]),
        ((MONTH, "8月上旬宣传情况"), "8月中旬宣传情况", ["20240801-0810", "20240811-0820"]),
        (("网点反诈宣传统计表（2024年8月）", "第32周（8.5-8.11）"), "第33周（8.12-8.18）", ["20240805-0811", "20240812-0818"]),
        (("2024年网点反诈宣传统计表", "填报单位：县局", "7月"), "8月", ["20240701-0731", "20240801-0831"]),
        ((MONTH, "8月上旬"), "劝阻情况", ["20240801-0810", "20240801-0831"]),
        ((MONTH,), "（二）劝阻情况", ["20240801-0831", "20240801-0831"]),
        (("2024年5月6日—12日网点反诈宣传周报", "第19周"), "二、劝阻情况", ["20240506-0512", "20240506-0512"]),
        # the head's own time is not around the second part's: nothing says its year
        (("2024年8月上旬网点反诈宣传统计表",), "8月中旬", ["20240801-0810"]),
        (("2023年12月下旬网点反诈宣传统计表",), "1月上旬", ["20231221-1231"]),
        # a week without dates is not the month
        (("2024年5月网点反诈宣传周报", "第1周"), "第2周", []),
    ],
)
def test_a_caption_says_when_within_the_time_of_the_sheet(above: tuple[str, ...], caption: str, expected: list[str]) -> None:
    assert weeks_of(above, caption) == expected


@pytest.mark.parametrize("name", ["第1周", "第一周"])
def test_a_sheet_named_after_a_week_without_dates_is_not_the_whole_month(name: str) -> None:
    reading = read_rows((("2024年5月反诈宣传",), HEAD, ("甲所", 10, 1)), name=name)
    assert not reading.measurements
    assert "period_is_stated" in rules(reading)


def test_names_said_once_for_all_their_weeks_name_the_rows() -> None:
    rows = (
        ("物业项目2024年6月反诈宣传周台账",),
        ("管理处", "起止日期", "电梯海报（张）", "业主群（个）"),
        ("御景东苑", "6.3-6.9", 122, 87),
        (None, "6.10-6.16", 30, 86),
        ("碧水湾", "6.3-6.9", 92, 51),
        (None, "6.10-6.16", 143, 80),
    )
    reading = read_rows(rows, ["A3:A4", "A5:A6"])
    assert [(m.cell, m.subject, m.start.day) for m in reading.measurements if m.channel == "posters"] == [
        ("C3", "御景东苑", 3),
        ("C4", "御景东苑", 10),
        ("C5", "碧水湾", 3),
        ("C6", "碧水湾", 10),
    ]
