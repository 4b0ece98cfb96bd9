from __future__ import annotations

from . import columns as c

IS_VIEW = True


class WeeklyCube(c.Ordered):
    """周数据: one row is one channel, measure, unit and audience of one subject in one area and ISO week.

    Changed: numbers that stand are summed (flows) or the week's last level taken (stocks). Periods longer than a week are not here.
    Not to be assumed: that a missing row is 0, that people (人) add over weeks, channels or groups, that stocks add over time.
    """

    area_id = c.text("辖区编号", "area the numbers are counted in", key=True)
    subject_id = c.text("对象编号", "unit or area the numbers are about", key=True)
    channel = c.text("渠道", "channel of the registry", key=True)
    measure = c.text("指标", "measure of that channel", key=True)
    unit = c.text("单位", "unit of value, low and high", key=True)
    audience = c.text("对象人群", "group addressed; all when none is named", key=True)
    week = c.week_key()
    kind = c.text("性质", "flow or stock", among=("flow", "stock"), rule="kind_is_flow_or_stock")
    value, low, high = c.bounds("数值", "flow summed, or last level of a stock", c.AS_STATED)
    n_cells = c.whole("单元格数", "cells that stand")
    n_missing = c.whole("缺数", "of them without any number")
    n_approximate = c.whole("约数", "of them approximate (余, 近, 约)")
    n_without_value = c.whole("仅有范围", "of them vague or ranges: in the bounds only")
