from __future__ import annotations

from . import columns as c


class WeeklySeries(c.Ordered):
    """周指标: one row is one additive indicator of one area's own numbers in one week.

    Changed: summed over subjects and groups; of stocks the level at the week's end. Not rolled up: a town's row is what the town states.
    Not to be assumed: that levels add over weeks, that a missing row is 0.
    """

    metric = c.text("指标", "code of the indicator registry, or channel.measure", key=True)
    area_id = c.text("辖区编号", "the area", key=True)
    week = c.week_key()
    unit = c.text("单位", "unit of value, low, high and largest", key=True)
    kind = c.text("性质", "how it adds and compares", among=("count", "cases", "money", "level"), rule="kind_of_series_is_known")
    value, low, high = c.bounds("数值", "the indicator", c.AS_STATED)
    n_records = c.whole("记录数", "cells or events summed")
    n_without_value = c.whole("无数记录", "of them without a written figure")
    largest = c.number("最大一起", "largest single event; null unless money", unit=c.AS_STATED)
