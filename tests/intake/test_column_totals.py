"""Columns headed 合计: sums of their neighbours are set aside, the only number of something is that number."""

from __future__ import annotations

import pytest

from tests.support.sheets import numbers, read_rows, rules

CASES = "intercepted_losses.cases"


@pytest.mark.parametrize(
    ("headings", "loaded", "is_asked"),
    [
        (["堵截合计（笔）", "其中：柜面（笔）", "其中：线上（笔）", "宣讲（场）"], CASES, False),
        (["堵截合计（笔）", "宣讲（场）"], CASES, True),
        # what adds up columns that are loaded, or that nobody knows
        (["堵截合计（笔）", "柜面（笔）", "宣讲（场）"], None, False),
        (["劝阻合计（人）", "其中：见面劝阻（人）", "其中：电话劝阻（人次）"], None, False),
        (["劝阻合计（人）", "电话劝阻（人次）", "见面劝阻（人）"], None, False),
        (["资料合计（份）", "宣传单（份）", "折页（份）"], None, False),
        (["宣传合计", "宣讲（场）", "横幅（条）"], None, False),
        (["合计（笔）", "其中：柜面（笔）", "宣讲（场）"], None, False),
    ],
)
def test_a_total_of_nothing_else_is_the_number_itself(headings: list[str], loaded: str | None, is_asked: bool) -> None:
    rows = [["甲支行", 14, 9, 5, 6], ["乙支行", 18, 13, 5, 7]]
    reading = read_rows([["某县银行2026年三季度反诈工作统计"], ["单位", *headings], *(row[: len(headings) + 1] for row in rows)])
    assert {(code, value, unit) for cell, (code, _, value, unit) in numbers(reading).items() if cell.startswith("B")} == (
        {(loaded, 14, "起"), (loaded, 18, "起")} if loaded else set()
    )
    assert ("B2" in rules(reading).get("heading_is_spelled_as_known", [])) == is_asked
