from __future__ import annotations

from . import columns as c
from .channels import Answered, Stopped


class InterceptedLosses(c.RecordHead, Stopped, Answered):
    """劝阻止付: one row is one interception as one reporter wrote it down, or one line of a tally of interceptions.

    Changed: amounts in 元 by evidence grade (劝阻 P2 < 止付 P3 < 冻结 P4 < 返还 P5). Only numbers that stand.
    Not to be assumed: that grades add, or that two rows are two cases: police and bank report the same one; `events` counts once.
    """
