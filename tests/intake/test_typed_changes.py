"""Typed 环比 and 同比: of which number they are, and what may be taken from a cell."""

from __future__ import annotations

import pytest

from pipeline.intake.typed_changes import change_of, change_word
from tests.support.sheets import read_rows

TITLE = "2026年3月反诈宣传统计表"


def told(heads, *rows):
    """cell of the change → (cell of its number, against, span)."""
    reading = read_rows(((TITLE,), heads, *rows))
    return {t.cell: (t.of_cell, t.against, t.span) for t in reading.typed_changes}


SHEETS = {
    "a change is of the number to its left": (
        ("单位", "发案数（起）", "同比", "环比", "预警指令（条）", "环比"), ("城关派出所", 3, "+12.3%", "-5%", 100, "8%"),
        {"C3": ("B3", "year_before", "any"), "D3": ("B3", "previous", "any"), "F3": ("E3", "previous", "any")},
    ),
    "an earlier number may stand between": (
        ("单位", "发放宣传单（份）", "上月", "较上月增长", "入户走访（户）"), ("城关派出所", 1200, 1000, "20%", 12),
        {"D3": ("B3", "previous", "month")},
    ),
    "behind the last of several numbers it may be of them all": (
        ("单位", "发放宣传单（份）", "入户走访（户）", "环比"), ("城关派出所", 1200, 12, "20%"), {},
    ),
    "behind the only number it is of that": (("单位", "发放宣传单（份）", "环比"), ("城关派出所", 1200, "20%"), {"C3": ("B3", "previous", "any")}),
    "one that names its number is of that, wherever it stands": (
        ("单位", "发放宣传单（份）", "入户走访（户）", "发放宣传单环比增减", "入户走访同比增长率"), ("城关派出所", 1200, 12, "20%", "持平"),
        {"D3": ("B3", "previous", "any"), "E3": ("C3", "year_before", "any")},
    ),
    "a difference is no change": (
        ("单位", "发放宣传单（份）", "环比增减数", "同比增减（份）", "环比降幅"), ("城关派出所", 1200, "0.2", "0.3", "5%"), {},
    ),
    "a number that is missing has no change": (("单位", "发放宣传单（份）", "环比"), ("城关派出所", None, "20%"), {}),
}  # fmt: skip


@pytest.mark.parametrize(("heads", "row", "expected"), SHEETS.values(), ids=SHEETS)
def test_a_column_of_changes_belongs_to_one_number_or_to_none(heads, row, expected):
    assert told(heads, row, ("东关派出所", *row[1:])) == expected | {
        f"{cell[0]}4": (f"{of[0]}4", *rest) for cell, (of, *rest) in expected.items()
    }  # fmt: skip


def test_under_a_parent_it_is_of_the_parent_s_number():
    heads = (("单位", "发放宣传单（份）", None, "入户走访（户）", None), (None, "本月", "环比", "本月", "环比"))
    rows = (("城关派出所", 1200, "20%", 12, "20%"), ("东关派出所", 800, "-20%", 8, "/"))
    reading = read_rows(((TITLE,), *heads, *rows), ("B2:C2", "D2:E2", "A2:A3"))
    assert [(t.cell, t.of_cell, t.typed) for t in reading.typed_changes] == [("C4", "B4", 0.2), ("C5", "B5", -0.2), ("E4", "D4", 0.2)]
    assert all(n.seen == sum(n.disposed.values()) for n in reading.counts)
    assert not [m for m in reading.measurements if m.cell[0] in "CE"]


@pytest.mark.parametrize(
    ("value", "is_percent", "expected"),
    [
        ("+12.3%", False, (0.123, 0.0005)), ("↓5%", False, (-0.05, 0.005)),
        ("下降8.25％", False, (-0.0825, 0.00005)), (0.1234, False, (0.1234, 0.00005)),
        ("12.5", True, (0.125, 0.0005)), (-12.5, True, (-0.125, 0.0005)), ("持平", False, (0.0, 0.005)), ("0.2", False, (0.2, 0.05)),
        (0.5, True, None), ("0.5", True, None), (1.0, False, None), (12.5, False, None), ("约5%", False, None), ("基本持平", False, None),
        ("下降2个百分点", False, None), ("/", False, None), ("3倍", False, None), (True, False, None), (None, False, None),
    ],
)  # fmt: skip
def test_a_change_is_read_with_its_last_place_or_not_at_all(value, is_percent, expected):
    assert change_of(value, is_percent=is_percent) == (None if expected is None else pytest.approx(expected, abs=1e-8))


@pytest.mark.parametrize(
    ("heading", "word"),
    [
        ("环比", ("环比", "")), ("发案›同比（%）", ("同比", "")), ("较上季度增长率", ("较上季度", "")), ("发案数同比", ("同比", "发案数")),
        ("环比增减数", None), ("占比", None), ("环比下降（起）", None), ("环比排名", None),
    ],
)  # fmt: skip
def test_a_heading_says_against_what(heading, word):
    assert change_word(heading) == word
