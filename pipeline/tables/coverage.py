from __future__ import annotations

import dataframely as dy
import polars as pl

from . import columns as c


class Coverage(dy.Schema):
    """宣传覆盖率: one row is one area and target group in the window that ends with a week.

    Changed: contacts become people only by the stated reach assumptions; the interval is what they allow. Where a survey asked, its interval
    narrows this one, ever less the longer ago it was.
    Not to be assumed: that estimate is measured (Sainsbury is a reference mark), or that null is 0: it was never reported.
    """

    area_id = c.text("辖区编号", "the area", key=True)
    audience = c.text("对象人群", "target group; all for residents", key=True)
    week = c.week_key("Monday of the last ISO week of the window")
    low = c.share("覆盖率下界", "share reached, lower bound; null when never reported")
    estimate = c.share("覆盖率参考值", "share reached under the named method")
    high = c.share("覆盖率上界", "share reached, upper bound")
    residents = c.number("人口", "people of this group in the area", unit="人", low=0)
    base_residents = c.number("有数据社区人口", "people of the communities that have data", unit="人", low=0)
    n_places = c.whole("社区数", "communities of the area")
    n_blind = c.whole("盲区数", "communities whose estimate lies below the threshold")
    n_inactive = c.whole("无活动社区数", "communities without any activity in the window")
    n_never = c.whole("从未报告社区数", "communities that never had data")
    reports_in = c.whole("实报数", "reports received in the window", unit="份")
    reports_due = c.whole("应报数", "reports due in the window", unit="份")
    method = c.text(
        "方法", "sainsbury (bounds by channel totals), overlaps (bounds by surveyed pairs of channels) or survey (asked directly)", null=True
    )
    surveyed = c.day("调查截止日", "last day of the newest survey in the bounds; null where none is", null=True)
    drift = c.number(
        "周漂移", "how far surveyed shares move in a week, standard deviation as measured between surveys; null where none tells", unit="1", low=0
    )

    @dy.rule()
    def coverage_bounds_are_in_order(cls) -> pl.Expr:
        return ((pl.col("low") <= pl.col("estimate") + 1e-9) & (pl.col("estimate") <= pl.col("high") + 1e-9)) | pl.col("estimate").is_null()
