from __future__ import annotations

import dataframely as dy

from . import columns as c


class Weeks(dy.Schema):
    """周: one row is one ISO week from the first with data to the last closed one.

    Changed: nothing; weeks without any data are there too.
    Not to be assumed: that an office's own 第N周 is the ISO number, or that every year has 52 weeks.
    """

    week = c.week_key()
    iso = c.text("周次", "ISO name, 2026-W12")
    year = c.whole("年", "ISO year", unit="年")
    number = c.whole("序号", "ISO week number", unit="周", low=1)
    sunday = c.day("周日", "last day of the week")
    deadline = c.moment("截止时间", "when reports of this week are due")
    is_due = c.flag("已到期", "the deadline passed at the run's clock")
    is_provisional = c.flag("初步", "among the last closed weeks, still filling up")
