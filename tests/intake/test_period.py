"""The period grammar: which days a text names, and that it never guesses a year, a week or an end."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.intake.period import (
    Period,
    PeriodRefused,
    explain_found_period,
    explain_period,
    find_period,
    read_as_of,
    read_known_at,
    read_period,
    read_year_context,
    year_for_footer,
)

REPEATABLE = settings(derandomize=True, deadline=None, max_examples=200)

# text, first day, last day, precision; in the context of 2023, which every text that writes no year infers
INFERRED = [
    ("5月15日", "2023-05-15", "2023-05-15", "day"),
    ("5月15号", "2023-05-15", "2023-05-15", "day"),
    ("5.15", "2023-05-15", "2023-05-15", "day"),
    ("5/15", "2023-05-15", "2023-05-15", "day"),
    ("5.1", "2023-05-01", "2023-05-01", "day"),
    ("５．１５", "2023-05-15", "2023-05-15", "day"),
    ("5-15", "2023-05-15", "2023-05-15", "day"),
    ("五月十五日", "2023-05-15", "2023-05-15", "day"),
    ("5月15日上午", "2023-05-15", "2023-05-15", "day"),
    ("5月15日12时许", "2023-05-15", "2023-05-15", "day"),
    ("5月15日 9:00-11:00", "2023-05-15", "2023-05-15", "day"),
    ("5月31日24时", "2023-05-31", "2023-05-31", "day"),
    ("5月15日（周一）", "2023-05-15", "2023-05-15", "day"),
    ("5.15-5.21", "2023-05-15", "2023-05-21", "span"),
    ("5月15日—5月21日", "2023-05-15", "2023-05-21", "span"),
    ("5月15日至21日", "2023-05-15", "2023-05-21", "span"),
    ("5月15号到21号", "2023-05-15", "2023-05-21", "span"),
    ("5月15-21日", "2023-05-15", "2023-05-21", "span"),
    ("5.15～21", "2023-05-15", "2023-05-21", "span"),
    ("0515-0521", "2023-05-15", "2023-05-21", "span"),
    ("5月15、16日", "2023-05-15", "2023-05-16", "span"),
    ("12.25-1.3", "2022-12-25", "2023-01-03", "span"),
    ("12月26日至1月1日", "2022-12-26", "2023-01-01", "span"),
    ("从11月6日开始，截止到11月10日", "2023-11-06", "2023-11-10", "span"),
    ("从11月6日开始…截止到11月10日 (5天)", "2023-11-06", "2023-11-10", "span"),
    ("6月1日起至6月30日止", "2023-06-01", "2023-06-30", "span"),
    ("1-5月", "2023-01-01", "2023-05-31", "span"),
    ("1至5月", "2023-01-01", "2023-05-31", "span"),
    ("1—5月份", "2023-01-01", "2023-05-31", "span"),
    ("一至三季度", "2023-01-01", "2023-09-30", "span"),
    ("5月上旬", "2023-05-01", "2023-05-10", "xun"),
    ("5月中旬", "2023-05-11", "2023-05-20", "xun"),
    ("5月下旬", "2023-05-21", "2023-05-31", "xun"),
    ("2月下旬", "2023-02-21", "2023-02-28", "xun"),
    ("5月初", "2023-05-01", "2023-05-10", "vague"),
    ("5月中", "2023-05-11", "2023-05-20", "vague"),
    ("5月底", "2023-05-22", "2023-05-31", "vague"),
    ("2月末", "2023-02-19", "2023-02-28", "vague"),
    ("5月", "2023-05-01", "2023-05-31", "month"),
    ("5月份", "2023-05-01", "2023-05-31", "month"),
    ("9月份为期一个月", "2023-09-01", "2023-09-30", "month"),
    ("一季度", "2023-01-01", "2023-03-31", "quarter"),
    ("第四季度", "2023-10-01", "2023-12-31", "quarter"),
    ("上半年", "2023-01-01", "2023-06-30", "half"),
]
WRITTEN = [
    ("2023年5月15日", "2023-05-15", "2023-05-15", "day"),
    ("2023 年 5 月 15 日", "2023-05-15", "2023-05-15", "day"),
    ("二〇二三年五月十五日", "2023-05-15", "2023-05-15", "day"),
    ("2023.5.15", "2023-05-15", "2023-05-15", "day"),
    ("2023/5/15", "2023-05-15", "2023-05-15", "day"),
    ("2023-05-15", "2023-05-15", "2023-05-15", "day"),
    ("2023-05-15 9:00", "2023-05-15", "2023-05-15", "day"),
    ("2023-05-15 00:00:00", "2023-05-15", "2023-05-15", "day"),
    ("20230515", "2023-05-15", "2023-05-15", "day"),
    ("23.5.15", "2023-05-15", "2023-05-15", "day"),
    ("2024年2月29日", "2024-02-29", "2024-02-29", "day"),
    ("20230522-0526", "2023-05-22", "2023-05-26", "span"),
    ("20230522-26", "2023-05-22", "2023-05-26", "span"),
    ("2023-05-15-2023-05-21", "2023-05-15", "2023-05-21", "span"),
    ("2023-05-15至2023-05-21", "2023-05-15", "2023-05-21", "span"),
    ("2022.12.25-1.3", "2022-12-25", "2023-01-03", "span"),
    ("12.25-2023.1.3", "2022-12-25", "2023-01-03", "span"),
    ("2023年1-5月", "2023-01-01", "2023-05-31", "span"),
    ("2022年12月-2023年2月", "2022-12-01", "2023-02-28", "span"),
    ("2023年5月中旬", "2023-05-11", "2023-05-20", "xun"),
    ("2023年5月", "2023-05-01", "2023-05-31", "month"),
    ("2023-05", "2023-05-01", "2023-05-31", "month"),
    ("2023年第一季度", "2023-01-01", "2023-03-31", "quarter"),
    ("2023年", "2023-01-01", "2023-12-31", "year"),
    ("2023年度", "2023-01-01", "2023-12-31", "year"),
    ("2023-W20", "2023-05-15", "2023-05-21", "week"),
]
REFUSED = [
    ("", "blank"),
    (None, "blank"),
    ("20xx年12月16日", "year_masked"),
    ("202_年", "year_masked"),
    ("xx年xx月", "year_masked"),
    ("××年", "year_masked"),
    ("2023年2月30日", "impossible_date"),
    ("2023年2月29日", "impossible_date"),
    ("13月", "impossible_date"),
    ("5.32", "impossible_date"),
    ("5.21-5.15", "impossible_date"),
    ("2023年5月1日至2023年4月1日", "impossible_date"),
    ("第21周", "no_dates_for_week"),
    ("5月第3周", "no_dates_for_week"),
    ("学期第13周", "no_term_calendar"),
    ("教学周", "no_term_calendar"),
    ("今年以来", "end_unknown"),
    ("1月1日至今", "end_unknown"),
    ("5月15日起", "end_unknown"),
    ("截至5月31日24时", "as_of"),
    ("截止5月21日", "as_of"),
    ("6月2日更新", "known_at"),
    ("填报日期：2023.5.22", "known_at"),
    ("累计", "sheet_period"),
    ("截止目前", "sheet_period"),
    ("元旦前", "holiday"),
    ("2024年春节前", "holiday"),
    ("2024年国庆期间", "holiday"),
    ("五一期间", "holiday"),
    ("10日当天", "relative"),
    ("15-21日", "relative"),
    ("当日", "relative"),
    ("从今天起", "relative"),
    ("上周", "relative"),
    ("本月", "relative"),
    ("近一年来", "relative"),
    ("近年来", "relative"),
    ("近期", "relative"),
    ("月中", "relative"),
    ("1-5", "ambiguous"),
    ("5月15、20日", "ambiguous"),
    ("5月1日-5日(6天)", "length_mismatch"),
    ("无", "not_a_period"),
    ("5.15.2023", "not_a_period"),
    ("1 5月", "not_a_period"),
    ("45062", "not_a_period"),
    (45062, "not_a_period"),
    (5.1, "ambiguous_number"),
    (12.3, "ambiguous_number"),
    (7, "not_a_period"),
    (float("nan"), "not_a_period"),
    (True, "not_a_period"),
]


def days(period: Period | PeriodRefused | None) -> tuple[str, str, str]:
    assert isinstance(period, Period), period
    return period.start.isoformat(), period.end.isoformat(), period.precision


@pytest.mark.parametrize(("text", "start", "end", "precision"), INFERRED)
def test_a_period_without_a_year_takes_the_context_year_and_says_so(text, start, end, precision):
    period = explain_period(text, 2023)
    assert days(period) == (start, end, precision)
    assert period.is_year_inferred
    refused = explain_period(text)
    assert isinstance(refused, PeriodRefused)
    assert refused.reason == "year_unknown"


@pytest.mark.parametrize("context", [None, 1999, 2023])
@pytest.mark.parametrize(("text", "start", "end", "precision"), WRITTEN)
def test_a_written_year_stands_whatever_the_context(text, start, end, precision, context):
    period = explain_period(text, context)
    assert days(period) == (start, end, precision)
    assert not period.is_year_inferred


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_names_no_certain_days_is_refused_with_its_reason(text, reason):
    refused = explain_period(text, 2023)
    assert isinstance(refused, PeriodRefused), refused
    assert refused.reason == reason
    assert refused.message
    assert refused.message_en
    assert read_period(text, 2023) is None


@pytest.mark.parametrize(
    ("cell", "serial", "expected"),
    [
        (date(2023, 5, 15), False, "2023-05-15"),
        (datetime(2023, 5, 15, 9, 30), False, "2023-05-15"),
        (45062, True, "2023-05-16"),
        (45062.0, True, "2023-05-16"),
        ("45062", True, "2023-05-16"),
        (20230515, False, "2023-05-15"),
        (5.17, False, "2023-05-17"),
        (5.17, True, "2023-05-17"),
    ],
)
def test_date_and_number_cells(cell, serial, expected):
    assert days(explain_period(cell, 2023, allow_serial=serial)) == (expected, expected, "day")


def test_the_1904_system_counts_four_years_later():
    assert days(read_period(43600, allow_serial=True, is_1904=True))[0] == "2023-05-16"


@pytest.mark.parametrize(
    ("text", "precision", "label"),
    [
        ("第21周（5月15日—5月21日）", "week", "第21周"),
        ("5月15日—5月21日（第21周）", "week", "第21周"),
        ("第二十一周 5.15-5.21", "week", "第21周"),
        ("2023年第21周（5月15日-21日）", "week", "第21周"),
    ],
)
def test_the_dates_beside_a_week_number_count_and_the_number_is_the_label(text, precision, label):
    period = read_period(text, 2023)
    assert days(period) == ("2023-05-15", "2023-05-21", precision)
    assert period.label == label


def test_a_remark_beside_a_date_is_kept_as_label():
    period = read_period("5/28（端午前）", 2023)
    assert (*days(period), period.label) == ("2023-05-28", "2023-05-28", "day", "端午前")


@pytest.mark.parametrize(
    ("text", "setting", "start", "end"),
    [
        ("第21周", {"week_one": "january_first"}, "2023-05-15", "2023-05-21"),
        ("第20周", {"week_one": "iso"}, "2023-05-15", "2023-05-21"),
        ("第1周", {"week_one": "january_first"}, "2022-12-26", "2023-01-01"),
        ("学期第13周", {"term_start": date(2023, 2, 13)}, "2023-05-08", "2023-05-14"),
        ("第13教学周", {"term_start": date(2023, 2, 13)}, "2023-05-08", "2023-05-14"),
    ],
)
def test_a_bare_week_number_needs_the_offices_setting(text, setting, start, end):
    assert days(read_period(text, 2023, **setting)) == (start, end, "week")


def test_a_week_that_the_year_does_not_have_is_refused():
    assert read_period("第53周", 2023, week_one="iso") is None
    assert read_period("第53周", 2020, week_one="iso") is not None
    assert read_period("第55周", 2023, week_one="january_first") is None


@pytest.mark.parametrize(
    ("text", "as_of", "start", "end"),
    [
        ("今年以来", date(2023, 5, 31), "2023-01-01", "2023-05-31"),
        ("1月1日至今", date(2023, 5, 31), "2023-01-01", "2023-05-31"),
        ("2023年4月10日至今", date(2023, 5, 31), "2023-04-10", "2023-05-31"),
        ("今年以来（截至5月31日）", None, "2023-01-01", "2023-05-31"),
    ],
)
def test_a_cumulative_period_ends_with_the_data(text, as_of, start, end):
    period = read_period(text, 2023, as_of=as_of)
    assert days(period) == (start, end, "span")
    assert period.is_cumulative


def test_a_day_without_its_month_needs_the_month():
    assert days(read_period("10日", 2023, context_month=11))[0] == "2023-11-10"
    assert days(read_period("月中", 2023, context_month=5)) == ("2023-05-11", "2023-05-20", "vague")


@pytest.mark.parametrize(
    ("text", "start", "end", "precision", "inferred"),
    [
        ("XX县公安局2023年5月反诈宣传统计表", "2023-05-01", "2023-05-31", "month", False),
        ("统计时间：5月15日—5月21日", "2023-05-15", "2023-05-21", "span", True),
        ("统计时间：2023年5月1日至5月31日", "2023-05-01", "2023-05-31", "span", False),
        ("2023年反诈宣传周报（第21周，5月15日—5月21日）", "2023-05-15", "2023-05-21", "week", False),
        ("2023年5月反诈周报（5月15日-5月21日）", "2023-05-15", "2023-05-21", "span", False),
        ("XX农商银行2023年“全民反诈在行动”宣传活动台账", "2023-01-01", "2023-12-31", "year", False),
        ("2023年“6·29”宣传月活动台账", "2023-01-01", "2023-12-31", "year", False),
        ("2023年“百日行动”（5月1日-8月8日）", "2023-05-01", "2023-08-08", "span", False),
        ("2023年1-5月预警劝阻情况", "2023-01-01", "2023-05-31", "span", False),
        ("反诈周报20230515-20230521", "2023-05-15", "2023-05-21", "span", False),
        ("城关所20230522", "2023-05-22", "2023-05-22", "day", False),
        ("5月", "2023-05-01", "2023-05-31", "month", True),
        ("2023-05", "2023-05-01", "2023-05-31", "month", False),
        ("0515-0521", "2023-05-15", "2023-05-21", "span", True),
        ("反诈中心6月报表", "2023-06-01", "2023-06-30", "month", True),
    ],
)
def test_a_period_is_found_inside_a_title(text, start, end, precision, inferred):
    period = find_period(text, 2023)
    assert days(period) == (start, end, precision)
    assert period.is_year_inferred is inferred


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("6·29宣传日", "not_a_period"),
        ("3.15消费者权益日活动", "not_a_period"),
        ("百日行动", "not_a_period"),
        ("110", "not_a_period"),
        ("96110来电登记", "not_a_period"),
        ("电话：0535-1234567", "not_a_period"),
        ("Sheet3", "not_a_period"),
        ("填报日期：2023.5.22", "not_a_period"),
        ("数据截至5月31日24时，6月2日更新", "not_a_period"),
        ("第20周", "no_dates_for_week"),
        ("反诈宣传工作周统计表（第21周）", "no_dates_for_week"),
        ("城关所2023年5月第3周", "no_dates_for_week"),
        ("20xx年5月统计表", "year_masked"),
        ("5月1日-5月7日、5月15日-5月21日情况", "ambiguous"),
    ],
)
def test_what_is_no_period_is_not_found_in_a_title(text, reason):
    found = explain_found_period(text, 2023)
    assert isinstance(found, PeriodRefused), found
    assert found.reason == reason
    assert find_period(text, 2023) is None


@pytest.mark.parametrize(
    ("texts", "year"),
    [
        (("反诈宣传周统计表（第21周）", "统计时间：5月15日—5月21日", "填报日期：2023.5.22"), 2023),
        (("XX银行2023年台账", "2024年1月5日"), 2023),
        (("2022-2023学年第一学期",), None),
        (("20xx年统计", "共2023份"), None),
        ((None, "", "2023"), 2023),
        (("周报20230515",), 2023),
    ],
)
def test_the_year_comes_from_the_first_text_that_writes_one(texts, year):
    assert read_year_context(*texts) == year


@pytest.mark.parametrize(
    ("text", "footer", "year"),
    [
        ("5月15日—5月21日", date(2023, 5, 22), 2023),
        ("12月", date(2023, 1, 5), 2022),
        ("12.25-1.3", date(2023, 1, 4), 2023),
        ("12月25日-12月31日", date(2023, 1, 2), 2022),
        ("2月29日", date(2023, 3, 1), 2020),
        ("反诈宣传统计（5月15日—5月21日）", date(2023, 5, 22), 2023),
        ("没有日期", date(2023, 5, 22), None),
    ],
)
def test_a_footer_gives_the_latest_year_whose_period_ends_by_it(text, footer, year):
    assert year_for_footer(text, footer) == year


NOTE = "注：挽损金额含止付、冻结及劝阻避免损失；数据截至5月31日24时，6月2日更新。"


@pytest.mark.parametrize(
    ("text", "as_of", "known_at"),
    [
        (NOTE, date(2023, 5, 31), date(2023, 6, 2)),
        ("填报日期：2023.5.22", None, date(2023, 5, 22)),
        ("填报人：李某 填报时间：2023年5月22日", None, date(2023, 5, 22)),
        ("2023年6月1日", None, date(2023, 6, 1)),
        ("截止5月21日", date(2023, 5, 21), None),
        ("截止目前共推送300条", None, None),
        ("5月15日开展活动", None, None),
    ],
)
def test_how_far_the_data_run_and_when_they_were_filed(text, as_of, known_at):
    assert read_as_of(text, 2023) == as_of
    assert read_known_at(text, 2023) == known_at


def test_filing_dates_without_a_year_need_one():
    assert read_as_of(NOTE) is None
    assert read_known_at(NOTE) is None


DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2035, 12, 31))
DAY_FORMS = [
    "{0.year}年{0.month}月{0.day}日",
    "{0.year}.{0.month}.{0.day}",
    "{0.year}/{0.month}/{0.day}",
    "{0:%Y-%m-%d}",
    "{0:%Y%m%d}",
    "{0:%Y-%m-%d} 08:30",
]


@REPEATABLE
@given(DAYS, st.sampled_from(DAY_FORMS))
def test_days_are_read_back(day, form):
    assert read_period(form.format(day)) == Period(day, day, "day")


SPAN_FORMS = [
    "{0.month}月{0.day}日—{1.month}月{1.day}日",
    "{0.month}.{0.day}-{1.month}.{1.day}",
    "{0.month}/{0.day}～{1.month}/{1.day}",
    "{0:%m%d}-{1:%m%d}",
]


@REPEATABLE
@given(DAYS, st.integers(min_value=1, max_value=60), st.sampled_from(SPAN_FORMS))
def test_spans_are_read_back_with_the_year_of_their_end(start, length, form):
    end = start + timedelta(days=length)
    assert read_period(form.format(start, end), end.year) == Period(start, end, "span", is_year_inferred=True)


@REPEATABLE
@given(DAYS)
def test_a_serial_number_is_its_day(day):
    assert read_period((day - date(1899, 12, 30)).days, allow_serial=True) == Period(day, day, "day")


@REPEATABLE
@given(st.text(alphabet="0123456789年月日号.-/~至到第周上中下旬初底季度半一二三十 （）xX截止今以来", max_size=18), st.sampled_from([None, 2023]))
def test_any_text_gives_a_period_in_order_or_a_reason(text, year):
    for result in (explain_period(text, year), explain_found_period(text, year)):
        if isinstance(result, Period):
            assert result.start <= result.end
            assert year is not None or not result.is_year_inferred
        else:
            assert result.message
    read_as_of(text, year), read_known_at(text, year), read_year_context(text)


@pytest.mark.parametrize("piece", ["1", "5月", "-", "第", "2023年", "1.", "至", "（", "一", "截至", "12-", "x", "年"])
def test_long_texts_are_refused_at_once(piece):
    assert read_period(piece * 20_000, 2023) is None
    find_period(piece * 20_000, 2023)
    read_as_of(piece * 20_000, 2023)
    read_known_at(piece * 20_000, 2023)
