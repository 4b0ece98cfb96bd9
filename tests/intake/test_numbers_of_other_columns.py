"""A number whose own words name another channel than its column goes back; what only says more of it does not."""

from __future__ import annotations

import pytest

from tests.support.sheets import read_rows, rules

GOES_BACK = ("number_is_of_its_column", "unit_fits_the_column")


@pytest.mark.parametrize(
    ("heading", "text", "value"),
    [
        ("线上宣传", "推送预警信息46条，公众号阅读2300次", None),
        ("线上宣传", "公众号阅读900余次", None),
        ("线下宣传", "走访商户120户", None),
        # what the column counts, or an audience of whatever it counts
        ("线下宣传", "受众2300人次", 2300),
        ("厅堂宣讲", "受众百余人", 100),
        ("宣传资料", "发放折页350份", 350),
        ("宣讲（场）", "走访时宣讲3场", 3),
        ("海报", "张贴海报40张", 40),
    ],
)
def test_the_words_before_a_number_may_name_another_column(heading: str, text: str, value: float | None) -> None:
    reading = read_rows([["鹤岭县反诈宣传周工作动态（2026年4月13日—4月19日）"], ["单位", "横幅（条）", heading], ["鹤岭派出所", 8, text]])
    assert [m.value for m in reading.measurements if m.cell == "C3"] == [value]
    assert (value is None) == any("C3" in rules(reading).get(rule, []) for rule in GOES_BACK)
