from __future__ import annotations

from . import columns as c
from .channels import Answered, Online, Stopped


class Response(c.RecordHead, Answered, Stopped, Online):
    """预警劝阻走访: one row is one row of a sheet on hotline, warnings, visits, pledges.

    Changed: subsets (其中) keep their own columns. Only numbers that stand.
    Not to be assumed: that subsets add to their parent, that 起, 次 and 人 count the same thing, that persons add over weeks.
    """
