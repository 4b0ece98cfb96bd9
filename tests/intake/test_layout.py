"""Where tables are: rows and merges in, header paths, kinds of rows and surrounding lines out."""

from __future__ import annotations

import pytest

from pipeline.intake.blocks import find_tables
from pipeline.intake.lines import read_line, row_label
from pipeline.intake.regions import Table
from tests.support.sheets import Rows, grid_sheet

TITLE = ["某县反诈宣传周统计表"]
N = None


def tables(rows: Rows, merges: list[str] | None = None) -> list[Table]:
    return find_tables(grid_sheet(rows, merges or [])).tables


@pytest.mark.parametrize(
    ("rows", "merges", "paths"),
    [
        pytest.param([["单位", "宣传单（份）"], ["甲所", 1]], [], ["单位", "宣传单（份）"], id="one row, no title"),
        pytest.param(
            [TITLE, ["单位", "止付", N], [N, "账户数（个）", "金额（万元）"], ["甲所", 1, 2]],
            ["A2:A3", "B2:C2"],
            ["单位", "止付›账户数（个）", "止付›金额（万元）"],
            id="two rows, merged",
        ),
        pytest.param(
            [TITLE, ["单位", "线下宣传", "", "横幅（条）"], ["", "宣传单（份）", "手册（份）", ""], ["甲所", 1, 2, 3]],
            [],
            ["单位", "线下宣传›宣传单（份）", "线下宣传›手册（份）", "横幅（条）"],
            id="two rows, merges lost",
        ),
        pytest.param(
            [["单位", "宣传", N, N], [N, "线下", N, "线上"], [N, "宣传单（份）", "横幅（条）", "推送（条）"], ["甲所", 1, 2, 3]],
            ["A1:A3", "B1:D1", "B2:C2"],
            ["单位", "宣传›线下›宣传单（份）", "宣传›线下›横幅（条）", "宣传›线上›推送（条）"],
            id="three rows",
        ),
        pytest.param([["单位", "宣传单", "横幅"], ["", "份", "条"], ["甲所", 1, 2]], [], ["单位", "宣传单（份）", "横幅（条）"], id="a row of units"),
        pytest.param([["单位", "宣传单", "横幅"], ["甲", "乙", "丙"], ["甲所", 1, 2]], [], ["单位", "宣传单", "横幅"], id="a row of column letters"),
        pytest.param(
            [["序号", "单位", "宣传单", "横幅"], ["甲", "乙", 1, 2], [1, "甲所", 1, 2]], [], ["序号", "单位", "宣传单", "横幅"], id="甲 乙 1 2"
        ),
        pytest.param(
            [["项目", "甲派出所", "乙派出所"], ["宣传单（份）", 1, 2], ["横幅（条）", 3, 4]],
            [],
            ["项目", "宣传单（份）", "横幅（条）"],
            id="on its side",
        ),
        pytest.param(
            [["宣传单（份）", 1, "横幅（条）", 2], ["无人机（架次）", 3, "微信群（个）", 4]],
            [],
            ["宣传单（份）", "横幅（条）", "无人机（架次）", "微信群（个）"],
            id="labels and values",
        ),
    ],
)
def test_header_paths(rows: Rows, merges: list[str], paths: list[str]) -> None:
    (table,) = tables(rows, merges)
    assert ["›".join(path) for path in table.paths] == paths


def kinds(rows: Rows, merges: list[str] | None = None) -> list[str]:
    (table,) = tables([["单位", "宣传单（份）", "横幅（条）"], *rows], merges)
    return list(table.kinds.values())


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([["甲所", 1, 2], ["合  计", 1, 2]], ["data", "total"]),
        ([["全县", 3, 4], ["甲所", 1, 2], ["乙所", 2, 2]], ["total", "data", "data"]),
        ([["甲所", 1, 2], ["乃棠镇小计", 1, 2], ["乙所", 1, 2]], ["data", "total", "data"]),
        ([["甲所", 1, 2], ["同比", "+3%", "持平"], ["占比（%）", 3, 4]], ["data", "comparison", "comparison"]),
        ([["甲所", 1, 2], ["上周", 1, 2], ["任务数", 9, 9], ["累计", 5, 5]], ["data", "previous", "target", "cumulative"]),
        ([["甲所", 1, 2], [N, N, N], ["乙所", 1, 2]], ["data", "data"]),
        ([["甲所", 1, 2], ["单位", "宣传单（份）", "横幅（条）"], ["乙所", 1, 2]], ["data", "header", "data"]),
        ([["一、城区", N, N], ["甲所", 1, 2]], ["caption", "data"]),
        ([["甲所", N, N], ["乙所", 1, 2]], ["data", "data"]),
        ([["甲所", 1, 2], ["注：横幅为在用数。"]], ["data"]),
        ([["甲所", 1, 2], ["填报人", "某某"], ["审核：", "某某"]], ["data"]),
    ],
)
def test_what_rows_are(rows: Rows, expected: list[str]) -> None:
    assert kinds(rows) == expected


def test_a_table_starts_anywhere_and_keeps_its_lines() -> None:
    rows = [
        [],
        [N, N, *TITLE],
        [N, N, "填报单位：甲所", N, "单位：万元"],
        [],
        [N, N, "单位", "止付金额"],
        [N, N, "甲所", 3],
        [N, N, "填报日期：2026.3.9"],
    ]
    (table,) = tables(rows)
    assert (table.top, table.left) == (4, 2)
    assert [(line.kind, dict(line.fields)) for line in table.above] == [
        ("title", {}),
        ("metadata", {"reporter": "甲所"}),
        ("metadata", {"unit": "万元"}),
    ]
    assert [dict(line.fields) for line in table.below] == [{"known_at": "2026.3.9"}]


def test_tables_beside_one_another_share_only_the_title() -> None:
    rows = [TITLE, ["单位", "宣传单（份）", N, "社区", "横幅（条）"], ["甲所", 1, N, "东街社区", 2], ["乙所", 1, N, "西街社区", 2]]
    left, right = tables(rows)
    assert (left.left, left.right, right.left, right.right) == (0, 1, 3, 4)
    assert [line.text for line in right.above] == TITLE


def test_a_list_folded_in_two_is_two_tables() -> None:
    left, right = tables([TITLE, ["单位", "宣传单", "单位", "宣传单"], ["甲所", 1, "乙所", 2]])
    assert [t.paths for t in (left, right)] == [[("单位",), ("宣传单",)]] * 2


@pytest.mark.parametrize("gap", [0, 1, 2])
def test_tables_below_one_another(gap: int) -> None:
    second = [["2026年2月止付情况统计表"], ["单位", "止付金额（万元）", "冻结金额（万元）"], ["甲所", 3, 4]]
    first = [TITLE, ["单位", "宣传单（份）", "横幅（条）"], ["甲所", 1, 2], ["合计", 1, 2]]
    one, two = tables([*first, *[[]] * gap, *second])
    assert list(one.kinds.values()) == ["data", "total"]
    assert [line.text for line in two.above] == ["2026年2月止付情况统计表"]


def test_a_ledger_full_of_channel_words_stays_upright() -> None:
    rows = [
        ["日期", "单位", "宣传品名称", "对象", "数量"],
        ["3月1日", "甲所", "宣传单", "学生", 5],
        ["3月2日", "乙所", "折页", "老年人", 6],
        ["3月3日", "乙所", "手册", "居民", 6],
    ]
    (table,) = tables(rows)
    assert len(table.data_rows) == 3
    assert len(table.paths) == 5


@pytest.mark.parametrize(
    ("text", "kind", "fields"),
    [
        ("填报单位：城关派出所（盖章）", "metadata", {"reporter": "城关派出所(盖章)"}),
        ("填报单位：甲所  统计时间：3.2-3.8 单位：万元", "metadata", {"reporter": "甲所", "period": "3.2-3.8", "unit": "万元"}),
        ("单位：起、人、万元", "metadata", {"unit": "起、人、万元"}),
        ("单位：城关派出所", "metadata", {"reporter": "城关派出所"}),
        ("（单位：万元）", "metadata", {"unit": "单位:万元"}),
        ("填报人：李某某", "people", {}),
        ("说明：1.受众人数按人次统计；2.每周一12时前报送。", "note", {}),
        ("2023年5月止付情况统计表", "text", {}),
    ],
)
def test_lines(text: str, kind: str, fields: dict[str, str]) -> None:
    found, said = read_line(text)
    assert (found, dict(said)) == (kind, fields)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("合计", "total"),
        ("（合计）", "total"),
        ("合计（全县）", "total"),
        ("本周合计", "total"),
        ("较上周增减", "comparison"),
        ("城关派出所", None),
        ("会计", None),
        ("设计院", None),
    ],
)
def test_row_labels(text: str, kind: str | None) -> None:
    assert row_label(text) == kind
