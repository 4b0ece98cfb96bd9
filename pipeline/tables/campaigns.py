from __future__ import annotations

import dataframely as dy
import polars as pl

from . import columns as c


class Campaigns(dy.Schema):
    """专项行动: one row is one phase on the time axis: an operation, a month of outreach, a holiday, a break in definitions.

    Changed: nothing.
    Not to be assumed: that a change inside a phase was caused by it.
    """

    campaign_id = c.text("行动编号", "stable id; ASCII", key=True)
    zh = c.text("名称", "name in Chinese")
    en = c.text("英文名", "name in English", null=True)
    start = c.day("起", "first day, inclusive")
    end = c.day("止", "last day, inclusive")
    kind = c.text("类别", "what kind of phase", among=("operation", "month", "day", "holiday", "break"), rule="kind_is_known")

    @dy.rule()
    def campaigns_end_after_they_start(cls) -> pl.Expr:
        return pl.col("start") <= pl.col("end")
