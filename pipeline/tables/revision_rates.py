from __future__ import annotations

import dataframely as dy
import polars as pl

from . import columns as c


class RevisionRates(dy.Schema):
    """更正率: one row is one published indicator of one area and those below it over one period: how many of its weekly figures changed since.

    Changed: a figure counts once, however often it changed, also one that is gone or that changed back.
    Not to be assumed: that a revision is a fault; that figures of `publications` for other areas than the district and its towns exist.
    """

    metric = c.text("指标", "code of the indicator registry", key=True)
    area_id = c.text("辖区编号", "the area; its figures and those of the areas in it", key=True)
    period = c.text("期间", "period of `kpis` in which the figures' weeks lie", key=True)
    n_published = c.whole("已发布数", "weekly figures published before this build", low=1)
    n_revised = c.whole("更正数", "of them published differently since, or different now")
    rate = c.share("更正率", "revised ÷ published", null=False)

    @dy.rule()
    def revised_figures_are_among_the_published(cls) -> pl.Expr:
        return pl.col("n_revised") <= pl.col("n_published")
