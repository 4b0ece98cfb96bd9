from __future__ import annotations

from . import columns as c


class EventLegs(c.Ordered):
    """事件环节: one row is one reported amount of one event.

    Changed: nothing but the match.
    Not to be assumed: that legs add: only the counted one is the event's amount.
    """

    event_id = c.text("事件编号", "the event in `events`", key=True)
    measurement_id = c.text("读数编号", "the number in `measurements`", key=True)
    grade = c.grade("evidence grade of this amount; null for a count of cases")
    value, low, high = c.bounds("金额", "amount of this leg", "元")
    precision = c.precision()
    leg_date = c.day("环节日期", "date of this step")
    is_counted = c.flag("计入", "this leg gives the event's amount")
    is_lapsed = c.flag("已失效", "a stop that no freezing followed within 48 hours, and no return; null for other legs and tallies", null=True)
