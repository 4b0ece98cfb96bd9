from __future__ import annotations

from . import columns as c


class Events(c.Ordered):
    """劝阻事件: one row is one prevented-loss event, however many reports of it came in.

    Changed: reports of police, bank and school matched; the leg of the highest evidence grade known gives the amount.
    Not to be assumed: that amounts of several grades add, that a doubtful match is settled.
    """

    event_id = c.text("事件编号", "stable id", key=True)
    area_id = c.text("辖区编号", "area of the event")
    town_id = c.text("镇街编号", "its town, or the district when no town is known")
    week = c.monday("周", "Monday of the ISO week of the first intervention; null for tallies of longer periods", null=True)
    first_date = c.day("首次日期", "first intervention")
    last_date = c.day("末次日期", "last day any of its reports covers")
    fraud_type = c.text("诈骗类型", "kind of fraud in the taxonomy", null=True)
    way = c.text("劝阻途径", "how the loss was intercepted", null=True)
    institution = c.text("机构", "bank, branch or other institution", null=True)
    grade = c.grade("highest evidence grade among its legs; null when no amount was reported")
    value, low, high = c.bounds("金额", "amount of the highest grade", "元")
    precision = c.precision(null=True)
    firmness = c.text("可靠程度", "how the page draws it", among=("exact", "approximate", "range", "missing"), rule="firmness_is_known")
    n_cases = c.whole("起数", "cases it stands for: 1, more where one row states several or a tally line adds them", unit="起", low=1)
    n_legs = c.whole("记录数", "reports and amounts matched to the event")
    n_reporters = c.whole("报送单位数", "different reporters among them")
    is_aggregate = c.flag("汇总行", "a line of a tally, not a single event: never the largest case, never in a list of cases")
    is_doubtful = c.flag("存疑", "may be the twin of another event: counted, but left out of lower bounds until somebody decides")
    doubtful_with = c.text("疑似同一", "event_id of the possible twin", null=True)
    is_lapsed = c.flag("止付失效", "a single event of grade P3 whose every stop has lapsed; null for all others", null=True)
