from __future__ import annotations

from . import columns as c


class CubeNumbers(c.Ordered):
    """周数据读数: one row is the number of one series of `cube_series` in one ISO week.

    Changed: numbers that stand are summed (flows) or the week's last level taken (stocks). Periods longer than a week are not here.
    Not to be assumed: what `weekly_cube`, which joins these numbers with their series, says is not to be.
    """

    series_id = c.whole("序列编号", "what the number is of, in `cube_series`", key=True)
    week = c.week_key()
    value, low, high = c.bounds("数值", "flow summed, or last level of a stock", "in the series' unit")
    n_cells = c.whole("单元格数", "cells that stand")
    n_missing = c.whole("缺数", "of them without any number")
    n_approximate = c.whole("约数", "of them approximate (余, 近, 约)")
    n_without_value = c.whole("仅有范围", "of them vague or ranges: in the bounds only")
