"""Whose numbers a table's title or a line above it says they are, where no column does."""

from __future__ import annotations

import pytest

from pipeline.intake.bodies import area_of, organisation_of, reporting_body
from tests.support.sheets import Rows, read_rows, rules


@pytest.mark.parametrize(
    ("title", "organisation", "area"),
    [
        ("苍屏市公安局反诈新媒体矩阵运行月报（2026年3月）", "苍屏市公安局", None),
        ("永宁村镇银行2026年上半年涉诈风险拦截月度汇总", "永宁村镇银行", None),
        ("城东支行2025年堵截台账", "城东支行", None),
        ("碧湖区2024年4月案件损失情况", None, "碧湖区"),
        ("枫林县公安局2026年5月各派出所宣传统计", None, None),
        ("城东支行2025年3月反诈宣传统计（各网点）", None, None),
        ("城东支行2025年3月反诈宣传各类活动统计", "城东支行", None),
        ("我公安局2026年5月宣传统计", None, None),
        ("全市公安局2026年5月宣传统计", None, None),
    ],
)
def test_a_title_names_one_body_or_area_or_none(title: str, organisation: str | None, area: str | None) -> None:
    assert (organisation_of(title), area_of(title)) == (organisation, area)


@pytest.mark.parametrize(
    ("line", "body"),
    [
        ("填报：永宁村镇银行合规部", "永宁村镇银行合规部"),
        ("报送： 沙坪镇派出所", "沙坪镇派出所"),
        ("填表:青石镇综治中心", "青石镇综治中心"),
        ("填报：王某", None),
        ("填报：欧阳建国", None),
        ("填报：石桥乡宣传委员", None),
        ("填报：镇综治中心 温某 2024年6月3日", None),
        ("制表：县反诈中心", None),  # of whom, is not said
        ("审核：永宁村镇银行合规部", None),
    ],
)
def test_who_filled_a_table_in_may_be_a_body(line: str, body: str | None) -> None:
    assert reporting_body(line) == body


MONTHS: Rows = (("月份", "堵截笔数（笔）", "止付金额（元）"), ("2026年1月", 3, 124000), ("2026年2月", 1, 35000))
BY_TYPE: Rows = (("诈骗类型", "发案数（起）", "损失金额（万元）"), ("刷单返利", 14, 86.4), ("虚假征信", 3, 18.9))


@pytest.mark.parametrize(
    ("lines", "rows", "whose"),
    [
        (("2026年上半年涉诈风险拦截月度汇总", "填报：永宁村镇银行合规部"), MONTHS, "永宁村镇银行合规部"),
        (("2026年5月电信网络诈骗案件分类统计表", "编制单位：枫林县公安局刑侦大队"), BY_TYPE, "枫林县公安局刑侦大队"),
        (("2026年5月电信网络诈骗案件分类统计表", "填报：王某"), BY_TYPE, None),
        (("2026年5月电信网络诈骗案件分类统计表", "制表：枫林县公安局刑侦大队"), BY_TYPE, None),
        (("2026年5月电信网络诈骗案件分类统计表", "参加单位：枫林县公安局刑侦大队"), BY_TYPE, None),
    ],
)
def test_rows_without_a_unit_are_of_the_body_that_reports_them(lines: tuple[str, ...], rows: Rows, whose: str | None) -> None:
    reading = read_rows((*((line,) for line in lines), *rows))
    assert {m.subject for m in reading.measurements} == ({whose} if whose else set())
    assert ("sheet_names_its_subject" in rules(reading)) == (whose is None)
