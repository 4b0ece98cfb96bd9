"""Who did the work is personal and counts nobody; whose the rows are may stand behind a rank; 数量 counts what something else names."""

from __future__ import annotations

import pytest

from tests.support.sheets import Rows, read_rows, rules

TITLE = ["柏庐社区2026年4月网格反诈入户走访登记表"]


@pytest.mark.parametrize(
    ("heading", "values", "is_counted"),
    [
        ("走访人", ("网格员甲", "网格员乙"), False),
        ("走访人", ("张三", "李四"), False),
        ("走访人数", (3, "近10"), True),
        ("走访人（人）", (3, "近10"), True),
    ],
)
def test_who_visited_is_no_number_of_persons(heading: str, values: tuple[object, object], is_counted: bool) -> None:
    beside = "走访户数（户）" if is_counted else "走访人数（人）"
    rows: Rows = [
        TITLE,
        ["登记单位：柏庐社区居委会"],
        ["走访日期", "网格", beside, heading],
        *(["2026/4/2", f"柏庐{n}网格", 71, v] for n, v in zip("一二", values, strict=True)),
    ]
    reading = read_rows(rows)
    assert {m.cell for m in reading.measurements if m.measure == "persons"} == ({"D4", "D5"} if is_counted else {"C4", "C5"})
    assert "heading_is_unambiguous" not in rules(reading)
    assert is_counted or not any("网格员" in str(cell) or cell in ("张三", "李四") for table in reading.tables for row in table.rows for cell in row)


@pytest.mark.parametrize("rank", ["排名", "名次", "完成率"])
def test_names_behind_a_rank_name_the_rows(rank: str) -> None:
    rows: Rows = [
        ["经开区反诈宣传调度表（2026年9月）"],
        [rank, "责任片区", "安装国家反诈中心APP（人）"],
        [1, "科创园片区", 4986],
        [2, "物流港片区", "近3540"],
    ]
    assert [(m.cell, m.subject) for m in read_rows(rows).measurements] == [("C3", "科创园片区"), ("C4", "物流港片区")]


@pytest.mark.parametrize(
    ("title", "beside", "is_loaded"),
    [
        ("反诈行动战果统计表（2026年2月）", "备注", False),
        ("宣传资料发放统计（2026年2月）", "备注", True),
        ("反诈行动统计表（2026年2月）", "宣传品名称", True),
    ],
)
def test_a_bare_number_heading_counts_what_something_names(title: str, beside: str, is_loaded: bool) -> None:
    reading = read_rows([[title], ["派出所", beside, "数量"], ["城关派出所", "折页", 42], ["南门派出所", "手册", 7]])
    assert [m.value for m in reading.measurements if m.cell.startswith("C")] == ([42, 7] if is_loaded else [])
    assert is_loaded or rules(reading)["heading_is_known"] == ["C2"]
