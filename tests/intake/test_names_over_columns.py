"""Tables on their side: whose the columns are stands in a row above, also where units of rates or captions of parts come between."""

from __future__ import annotations

import pytest

from tests.support.sheets import Rows, read_rows

HEAD = [["安源县2026年3月反诈宣传情况汇总表"], ["汇总单位：县平安办", None, None, "2026年4月2日"]]
NAMES = ["柏树镇", "枣林镇"]


def whose(rows: Rows, merges: list[str] | None = None) -> dict[str, str]:
    """Cell → subject of every number that was loaded."""
    return {m.cell: m.subject for m in read_rows(rows, merges or []).measurements if m.low is not None}


@pytest.mark.parametrize(
    ("head", "caption", "subjects"),
    [
        pytest.param(["序号", "指标", *NAMES], ["一、线下宣传"], NAMES, id="a caption below the names"),
        pytest.param(["序号", "指标", *NAMES], ["线下宣传"], NAMES, id="a caption without a mark"),
        pytest.param(["序号", None, *NAMES], ["一、线下宣传"], NAMES, id="nothing over the labels"),
        pytest.param(["序号", "指标", *NAMES], [], NAMES, id="a blank row"),
        # a line of the sheet's head is no row of names
        pytest.param(["县平安办", None, "2026年3月"], ["一、线下宣传"], ["县平安办", "县平安办"], id="nobody over the columns"),
    ],
)
def test_names_stand_over_their_columns_across_captions(head: list[str | None], caption: list[str], subjects: list[str]) -> None:
    body: Rows = [[1, "宣传单（份）", 10, 20], [2, "横幅（条）", 3, 4], ["二、线上宣传"], [3, "微信群推送（条）", 5, 6]]
    found = whose([*HEAD, head, caption, *body])
    assert found == {f"{column}{row}": subjects[i] for i, column in enumerate("CD") for row in (5, 6, 8)}


def test_captions_among_the_labels_are_nobodys_missing_number() -> None:
    body: Rows = [
        ["一、线下宣传"],
        ["宣传单（份）", 10, 20],
        ["横幅（条）", 3, 4],
        ["二、线上宣传"],
        ["微信群推送（条）", None, 6],
        ["公益短信（条）"],
    ]
    reading = read_rows([*HEAD, ["指标", *NAMES], *body])
    assert {m.channel for m in reading.measurements} == {"leaflets", "banners", "pushes", "sms"}
    assert {m.cell for m in reading.measurements if m.reason == "blank"} == {"B8", "B9", "C9"}


@pytest.mark.parametrize("rate", ["%", "％", "‰", "百分比"])
def test_rates_in_the_column_of_units_do_not_hide_it(rate: str) -> None:
    rows: Rows = [
        ["预警劝阻工作周统计表（2026年8月10日—8月16日）"],
        ["填报单位：城南分局"],
        ["项目", "单位", "锦东派出所", "合水派出所", "合计"],
        ["下发预警指令", "条", 146, "118条", 264],
        ["见面劝阻", "人", 15, 12, 27],
        ["劝阻成功", "人", 14, "近10", 24],
        ["处置率", rate, 98.6, 100, "—"],
        ["劝阻成功率", rate, 93.3, 100, "—"],
    ]
    reading = read_rows(rows)
    assert {m.cell: (m.measure, m.subject, m.unit) for m in reading.measurements} == {
        f"{column}{row}": (measure, subject, unit)
        for column, subject in (("C", "锦东派出所"), ("D", "合水派出所"))
        for row, measure, unit in ((4, "issued", "条"), (5, "persons_met", "人"), (6, "persons_dissuaded", "人"))
    }
