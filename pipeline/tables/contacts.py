from __future__ import annotations

from . import columns as c

IS_VIEW = True


class Contacts(c.Ordered):
    """接触: one row is the contacts or pieces of one channel and group in one area and week.

    Changed: sums of numbers that stand.
    Not to be assumed: that contacts are people, or that channels add to people.
    """

    area_id = c.text("辖区编号", "the area", key=True)
    channel = c.text("渠道", "channel of the registry", key=True)
    audience = c.text("对象人群", "group addressed; all when none is named", key=True)
    week = c.week_key()
    unit = c.text("单位", "what the channel counts in")
    value, low, high = c.bounds("接触量", "contacts or pieces", c.AS_STATED)
    n_cells = c.whole("单元格数", "cells that stand")
    n_missing = c.whole("缺数", "of them without any number")
