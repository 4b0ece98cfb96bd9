"""A line of one day behind the title's time: the day the table was made, or a time of its own that contradicts the title."""

from __future__ import annotations

from datetime import date

import pytest

from tests.support.sheets import read_rows, rules

ROWS = (("单位", "发放宣传单（份）", "讲座（场）"), ("城东镇", 900, 3), ("城西镇", 400, 2))
AUGUST = (date(2026, 8, 1), date(2026, 8, 31))


@pytest.mark.parametrize(
    ("title", "line", "period", "said"),
    [
        ("虚构县8月份反诈宣传工作调度表", "制表：虚构县反诈专班　　时间：2026年9月3日", AUGUST, {"line_states_the_period", "year_is_written"}),
        ("虚构县2026年8月反诈宣传统计", "时间：2026年9月3日", AUGUST, {"line_states_the_period"}),
        ("虚构县2026年8月反诈宣传统计", "数据采集时间：2026年9月1日9时", AUGUST, set()),  # its key says it
        ("虚构县2026年8月反诈宣传统计", "时间：2026年8月31日", (date(2026, 8, 31),) * 2, set()),  # a day of the month: that day's numbers
        ("虚构县2026年8月反诈宣传统计", "时间：2026年11月3日", None, {"title_agrees_with_the_period_line"}),  # too late to be the day of the table
        ("虚构县2026年8月反诈宣传日报", "时间：2026年9月3日", None, {"title_agrees_with_the_period_line"}),  # a daily report is of its day
        ("虚构县2026年8月反诈宣传统计", "时间：2026年9月1日—7日", None, {"title_agrees_with_the_period_line"}),
    ],
)
def test_a_day_soon_after_the_title_s_time_is_when_the_table_was_made(title, line, period, said) -> None:
    reading = read_rows(((title,), (line,), *ROWS))
    assert {(m.start, m.end) for m in reading.measurements} == ({period} if period else set())
    assert set(rules(reading)) == said
