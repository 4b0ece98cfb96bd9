from __future__ import annotations

from . import columns as c


class LegCube(c.Ordered):
    """挽损环节序列: one row is one evidence grade in one town and the week its legs are dated in.

    Changed: of several reports of one grade of an event the narrowest counts; grades stand side by side.
    Not to be assumed: that grades add up, that money returned belongs to the week its event began.
    """

    town_id = c.text("镇街编号", "the town, or the district when no town is known", key=True)
    week = c.week_key()
    grade = c.grade("dissuaded, stopped, frozen, returned", null=False, key=True)
    n = c.whole("起数", "cases", unit="起")
    n_without_value = c.whole("无金额起数", "of these, cases whose amount is in the bounds only", unit="起")
    value, low, high = c.bounds("金额", "amount of this grade", "元")
    n_lapsed = c.whole("失效起数", "of these, stops that ran out after 48 hours without freezing or return", unit="起")
    lapsed = c.number("失效金额", "amount of the stops that ran out", unit="元", null=False, low=0)
