from __future__ import annotations

from . import columns as c
from .channels import Aired, Answered, Displayed, Gathered, Online, Printed, Stopped


class WeeklyTally(c.RecordHead, Printed, Displayed, Aired, Gathered, Online, Answered, Stopped):
    """反诈宣传周统计: one row is one row of a weekly tally: one unit or area and its week, every channel a column.

    Changed: units brought to the standard one, text to numbers with bounds, names to ids; totals rows are checks and not here.
    Only numbers that stand.
    Not to be assumed: that an empty column is 0, that 人 and 人次 add, that a stock (banners, screens, groups) may be summed over weeks.
    """
