from __future__ import annotations

from . import columns as c


class LossCube(c.Ordered):
    """避免损失周数据: one row is one town, week and category of a dimension, by evidence grade and firmness.

    Changed: each event once, in its highest grade, in the week of its first intervention.
    Not to be assumed: that the two dimensions add: each is the whole once.
    """

    town_id = c.text("镇街编号", "the town, or the district when no town is known", key=True)
    week = c.week_key()
    dimension = c.text("维度", "what category is of", key=True, among=("fraud_type", "way"), rule="dimension_is_known")
    category = c.text("类别", "category of the taxonomy; unknown when none is stated", key=True)
    grade = c.grade("highest evidence grade; none when no amount was reported", null=False, key=True)
    firmness = c.text("可靠程度", "how the page draws it", key=True, among=("exact", "approximate", "range", "missing"), rule="firmness_is_known")
    n = c.whole("起数", "events", unit="起")
    n_without_value = c.whole("无金额起数", "of them without a written figure", unit="起")
    value, low, high = c.bounds("金额", "amounts of the events", "元")
    largest = c.number("最大一起", "largest single event", unit="元")
