from __future__ import annotations

from . import columns as c


class Revisions(c.Ordered):
    """更正: one row is one published number that is different now; value, low and high are today's.

    Changed: nothing.
    Not to be assumed: that a revision is a fault: late reports revise too. Values are in the unit of the metric.
    """

    metric = c.text("指标", "code of the indicator registry", key=True)
    area_id = c.text("辖区编号", "the area", key=True)
    week = c.week_key()
    first_build_id = c.text("首次版次", "publication that first stated it")
    first_published_at = c.moment("首次发布", "when that was")
    first_value = c.number("首次数值", "value as first published", unit=c.OF_METRIC)
    first_low = c.number("首次下界", "lower bound as first published", unit=c.OF_METRIC)
    first_high = c.number("首次上界", "upper bound as first published", unit=c.OF_METRIC)
    value, low, high = c.bounds("现值", "the number now", c.OF_METRIC)
    n_changes = c.whole("更正次数", "publications in which it differed from the one before", unit="次")
