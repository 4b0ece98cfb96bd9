from __future__ import annotations

from . import columns as c


class ActualLosses(c.Ordered):
    """案件损失周数据: one row is one area, week and kind of fraud that did happen.

    Changed: sums of numbers that stand. Empty unless losses are handed in.
    Not to be assumed: that the last weeks are complete: cases are filed late.
    """

    area_id = c.text("辖区编号", "the area", key=True)
    week = c.week_key()
    fraud_type = c.text("诈骗类型", "kind of fraud in the taxonomy", key=True)
    n = c.whole("案件数", "cases", unit="起")
    value, low, high = c.bounds("金额", "losses before recovery", "元")
    is_provisional = c.flag("初步", "among the weeks still filling up")
