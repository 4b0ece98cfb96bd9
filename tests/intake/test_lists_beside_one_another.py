"""Lists of items beside one another under headings of their own: 宣传防范 | 数量 | 打击止损 | 数量."""

from __future__ import annotations

import pytest

from tests.support.sheets import Rows, numbers, read_rows, rules

HEAD: Rows = [["枣林市公安局反诈行动战果统计表"], ["填报单位：枣林市公安局", None, None, "统计时段：2025年12月1日—2026年2月28日"]]


def test_every_list_is_read_for_the_one_reporter() -> None:
    rows: Rows = [
        *HEAD,
        ["宣传防范", "数量", "预警劝阻", "数量", "打击止损", "数量"],
        ["集中宣传（场）", 42, "下发预警指令（条）", "8,316", "发案（起）", 263],
        ["参加群众（人）", "1.6万余", "其中：高危（条）", 412, "立案（起）", "241起"],
        ["悬挂横幅（条）", 310, "电话劝阻（人次）", "7450余", "抓获嫌疑人（人）", 57],
        ["填表：祝某", None, None, "2026年3月3日"],
    ]
    reading = read_rows(rows)
    assert {cell: (code, value) for cell, (code, _, value, _) in numbers(reading).items()} == {
        "B4": ("talks.sessions", 42),
        "D4": ("warnings.issued", 8316),
        "F4": ("losses.cases", 263),
        "B5": ("talks.attendance", 16000),
        "D5": ("warnings.high_risk", 412),
        "F5": ("losses.filed", 241),
        "B6": ("banners.in_place", 310),
        "D6": ("warnings.phone_dissuasions", 7450),
    }
    assert {m.subject for m in reading.measurements} == {"枣林市公安局"}
    assert rules(reading)["heading_is_known"] == ["E6"]
    assert "typed_prevented_loss_is_not_a_fact" not in rules(reading)


def test_names_beside_their_numbers_are_no_items() -> None:
    rows: Rows = [*HEAD, ["派出所", "数量", "派出所", "数量"], ["城关派出所", 42, "河西派出所", 12], ["南门派出所", 7, "北门派出所", 9]]
    assert not [m for m in read_rows(rows).measurements if m.value is not None]


@pytest.mark.parametrize(
    ("headings", "cells"),
    [
        (("宣传防范", "预警劝阻"), {"B4", "D4", "B5", "D5"}),
        (("本期宣传", "上月劝阻"), {"B4", "B5"}),
        (("宣传防范", "12月劝阻"), {"B4", "B5"}),
        (("劝阻任务", "宣传防范"), {"D4", "D5"}),
        (("上期", "累计"), set[str]()),
    ],
)
def test_a_list_of_another_time_goes_back(headings: tuple[str, str], cells: set[str]) -> None:
    rows: Rows = [
        *HEAD,
        [headings[0], "数量", headings[1], "数量"],
        ["集中宣传（场）", 42, "电话劝阻（人次）", 99],
        ["悬挂横幅（条）", 310, "见面劝阻（人）", 7],
    ]
    reading = read_rows(rows)
    assert {m.cell for m in reading.measurements if m.value is not None} == cells
    assert reading.status == ("accepted" if len(cells) == 4 else "returned")


@pytest.mark.parametrize(("second", "cells"), [("累计", {"B4", "B5"}), ("宣传成效", {"B4", "D5"})])
def test_the_same_number_in_two_lists_is_read_of_one_time_only(second: str, cells: set[str]) -> None:
    rows: Rows = [
        *HEAD,
        ["宣传防范", "数量", second, "数量"],
        ["集中宣传（场）", 42, "悬挂横幅（条）", 99],
        ["悬挂横幅（条）", 310, "张贴海报（张）", 7],
    ]
    reading = read_rows(rows)
    assert {m.cell for m in reading.measurements if m.value is not None} == cells
    assert reading.status == "returned"
