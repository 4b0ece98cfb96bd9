"""Numbers that stand outside every table: each block of them is said at its first cell, whoever looked at it."""

from __future__ import annotations

import pytest

from tests.support.sheets import Rows, read_rows, rules

TABLE = [["反诈宣传统计（2026年3月2日-3月8日）"], ["单位", "宣传单（份）", "横幅（条）"], ["甲派出所", 5, 1], ["合计", 5, 1], ["填表人：王某"]]
N = None


@pytest.mark.parametrize(
    ("below", "said"),
    [
        pytest.param([[], ["片花", 30, 12]], ["B7"], id="two bare numbers"),
        pytest.param([[], ["片花", 30], ["小结", 12]], ["B7"], id="below one another"),
        pytest.param([[], ["片花", 30, 12], [], [], ["小结", 7, 8]], ["B7", "B10"], id="two blocks"),
        pytest.param([[], ["片花", 30, 12, N, "小结", 7, 8]], ["B7", "F7"], id="two blocks beside one another"),
        pytest.param([[], ["片花", 30]], [], id="one bare number"),
        pytest.param([[], ["共", 2, "页", "第", 1, "页"]], [], id="pages"),
        pytest.param([[], [2026, "年", 3, "月"]], [], id="a date"),
    ],
)
def test_every_block_of_numbers_beside_a_table_is_said_once(below: Rows, said: list[str]) -> None:
    assert rules(read_rows([*TABLE, *below])).get("numbers_have_headings", []) == said


SIDE = [
    ["反诈宣传统计（2026年3月2日-3月8日）"],
    ["填报单位：城关分局"],
    ["项目", "甲派出所", "乙派出所"],
    ["宣传单（份）", 10, 20],
    ["横幅（条）", 3, 4],
    ["海报（张）", 5, 6],
]


def test_columns_that_a_table_on_its_side_cannot_take_are_said() -> None:
    """注： in the row of names ends the table; the columns behind it are not passed over."""
    rows = [row if r != 2 else ["项目", "甲派出所", "注：乙派出所"] for r, row in enumerate(SIDE)]
    reading = read_rows(rows)
    assert [m.cell for m in reading.measurements] == ["B4", "B5", "B6"]
    assert rules(reading)["numbers_have_headings"] == ["C4"]


@pytest.mark.parametrize("remark", ["备注", "说明"])
def test_running_numbers_and_remarks_beside_a_table_on_its_side_are_no_numbers(remark: str) -> None:
    rows: Rows = [
        *SIDE[:2],
        ["序号", "项目", "数量", remark],
        [1, "宣传单（份）", 10, N],
        [2, "横幅（条）", 3, "含上周3条"],
        [3, "海报（张）", 5, "6张待贴"],
    ]
    reading = read_rows(rows)
    assert [(m.cell, m.value) for m in reading.measurements] == [("C4", 10), ("C5", 3), ("C6", 5)]
    assert "numbers_have_headings" not in rules(reading)
    assert {s.range: s.reason for s in reading.set_aside}["A3:A6"] == "ordinal"


@pytest.mark.parametrize(
    ("corner", "rows"),
    [
        ([N], [["柏树镇", 10, 20], ["枣林镇", 3, 4]]),
        ([N, N], [[1, "柏树镇", 10, 20], [2, "枣林镇", 3, 4]]),
        ([N, N], [["1", "柏树镇", 10, 20], ["2", "枣林镇", 3, 4]]),
        (["序号", N], [[1, "柏树镇", 10, 20], [2, "枣林镇", 3, 4]]),
    ],
)
def test_an_empty_corner_hides_neither_names_nor_makes_running_numbers_a_find(corner: list[str | None], rows: Rows) -> None:
    reading = read_rows([["安源县2026年3月反诈宣传情况汇总表"], ["汇总单位：县平安办"], [*corner, "宣传单（份）", "横幅（条）"], *rows])
    assert [m.subject for m in reading.measurements] == ["柏树镇", "柏树镇", "枣林镇", "枣林镇"]
    assert not rules(reading)
