from __future__ import annotations

from . import columns as c

RATIO = "1 (relative change, 0.1 = +10 %; of shares: difference)"


class Kpis(c.Ordered):
    """关键指标: one row is one indicator of one area over one period, with its comparisons.

    Changed: computed from counts, never from typed rates.
    Not to be assumed: that a null change is no change: `note` says why no percentage is given.
    """

    metric = c.text("指标", "code of the indicator registry", key=True)
    area_id = c.text("辖区编号", "the area", key=True)
    period = c.text("期间", "w4, w13, w26, w52 or op:<campaign_id>", key=True)
    start = c.day("起", "first day, inclusive")
    end = c.day("止", "last day, inclusive")
    value, low, high = c.bounds("数值", "the indicator", c.AS_STATED)
    unit = c.text("单位", "unit of value, low, high, previous and year_before")
    n_records = c.whole("记录数", "records summed")
    n_without_value = c.whole("无数记录", "of them without a written figure")
    reports_in = c.whole("实报数", "reports received", unit="份", null=True)
    reports_due = c.whole("应报数", "reports due", unit="份", null=True)
    previous = c.number("上期", "value of the period before, same reporters", unit=c.AS_STATED)
    comparable = c.number("同口径本期", "value of the same reporters now: what `previous` compares with", unit=c.AS_STATED)
    change = c.number("环比", "change on the period before", unit=RATIO)
    change_low = c.number("环比下界", "lower bound of the change", unit=RATIO)
    change_high = c.number("环比上界", "upper bound of the change", unit=RATIO)
    year_before = c.number("去年同期", "value of the same span a year before", unit=c.AS_STATED)
    year_comparable = c.number("同口径本期（同比）", "value of the reporters that also reported a year before", unit=c.AS_STATED)
    year_change = c.number("同比", "change on the year before", unit=RATIO)
    year_change_low = c.number("同比下界", "lower bound of the change", unit=RATIO)
    year_change_high = c.number("同比上界", "upper bound of the change", unit=RATIO)
    share_largest = c.share("最大一起占比", "share of the largest single event")
    without_largest_change = c.number("去除最大一起后的环比", "change without the largest event of either period", unit=RATIO)
    n_left_out = c.whole("未纳入比较镇街", "towns left out of the change for want of reports", unit="个")
    is_provisional = c.flag("初步", "holds weeks that are still filling up")
    note = c.text("说明", "why no change: no_previous, definition_break, low_reporting, base_zero, small_base, small_amount", null=True)
    year_note = c.text("同比说明", "why no change on the year before, same codes", null=True)
