from __future__ import annotations

from . import columns as c
from .channels import Displayed, Printed


class Banners(c.RecordHead, Displayed, Printed):
    """横幅展板电子屏: one row is one row of a sheet on banners, boards, posters or screens.

    Changed: 幅 counts as 条. Only numbers that stand.
    Not to be assumed: that levels (in place, screens) may be summed over time: a level over a period is its last one.
    """
