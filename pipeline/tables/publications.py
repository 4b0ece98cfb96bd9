from __future__ import annotations

from . import columns as c


class Publications(c.Ordered):
    """发布记录: one row is one number as one publication stated it.

    Changed: nothing, ever: rows are only added.
    Not to be assumed: that the latest row is today's number: see `revisions`. Values are in the unit of the metric.
    """

    build_id = c.text("版次", "the publication", key=True)
    published_at = c.moment("发布时间", "when it was published")
    metric = c.text("指标", "code of the indicator registry", key=True)
    area_id = c.text("辖区编号", "the area", key=True)
    week = c.week_key()
    value, low, high = c.bounds("数值", "the number as published", c.OF_METRIC)
