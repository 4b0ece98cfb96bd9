from __future__ import annotations

from . import columns as c
from .channels import Aired, Answered, Displayed, Gathered, Online, Printed, Stopped


class Activities(c.RecordHead, Gathered, Printed, Displayed, Aired, Online, Answered, Stopped):
    """活动台账: one row is one activity: talk, fair, class meeting, drill, with all it reported.

    Changed: nothing is added up; two activities of one unit on one day are two rows. Only numbers that stand.
    Not to be assumed: that a row without a number is no activity, that a joint activity reported by two hosts is two.
    """
