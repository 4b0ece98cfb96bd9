from __future__ import annotations

from . import columns as c


class EventCohorts(c.Ordered):
    """冻结返还: one row is the events frozen in one month, and what of their money has been returned so far.

    Changed: each event once, at its frozen and returned legs; value, low and high are the return rate.
    Not to be assumed: that recent months are worse: money returns after months.
    """

    month = c.day("冻结月", "first day of the month of freezing", key=True)
    n_frozen = c.whole("冻结起数", "events with a frozen amount", unit="起")
    n_returned = c.whole("返还起数", "of them with money returned", unit="起")
    frozen = c.number("冻结金额", "frozen, sum of written figures", unit="元")
    returned = c.number("返还金额", "returned, sum of written figures", unit="元")
    value, low, high = c.bounds("返还率", "returned ÷ frozen", "1 (share, 1 = 100 %)")
