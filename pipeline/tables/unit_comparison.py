from __future__ import annotations

import dataframely as dy

from . import columns as c

RATE = "起/万人"


class UnitComparison(dy.Schema):
    """单位比较: one row is one town's rate over the last 13 weeks against the district, with limits that say what chance alone does.

    Changed: limits are exact Poisson around the district's rate, widened for over-dispersion.
    Not to be assumed: that a rank is a merit: rank intervals overlap; only outside the 99.8 % limits does a town stand out.
    """

    metric = c.text("指标", "cases or losses.cases", key=True)
    area_id = c.text("辖区编号", "the town", key=True)
    n = c.number("起数", "cases", unit="起", null=False, low=0)
    exposure = c.number("人口", "residents", unit="万人", null=False, low=0)
    rate = c.number("比率", "cases per 10 000 residents", unit=RATE, null=False, low=0)
    expected = c.number("全区比率", "the same of all towns", unit=RATE, null=False, low=0)
    low_95 = c.number("95%下限", "lower 95 % limit of chance", unit=RATE, null=False, low=0)
    high_95 = c.number("95%上限", "upper 95 % limit of chance", unit=RATE, null=False, low=0)
    low_998 = c.number("99.8%下限", "lower 99.8 % limit of chance", unit=RATE, null=False, low=0)
    high_998 = c.number("99.8%上限", "upper 99.8 % limit of chance", unit=RATE, null=False, low=0)
    shrunken = c.number("收缩比率", "Gamma–Poisson rate, pulled towards the district's", unit=RATE, null=False, low=0)
    rank_best = c.whole("最好名次", "5 % of its ranks, 1 = highest rate", unit="名", low=1)
    rank_worst = c.whole("最差名次", "95 % of its ranks", unit="名", low=1)
    dispersion = c.number("离散度", "over-dispersion of all towns; 1 = chance alone", unit="1", null=False, low=0)
    verdict = c.text("判断", "outside the 99.8 % limits or not", among=("high", "low", "usual"), rule="verdict_is_known")
