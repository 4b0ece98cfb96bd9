from __future__ import annotations

import dataframely as dy

from . import columns as c

VERDICTS = ("stated", "low_power", "too_short", "no_losses")


class CampaignEffects(dy.Schema):
    """专项行动同期变化: one row is one operation: how recorded cases moved from its start on, where the data can tell.

    Changed: an interrupted time series (level step on a trend, quasi-Poisson) over the weeks before and during the operation.
    Not to be assumed: that the operation caused it (there is no control series), or that a null effect is none: `verdict` says why not.
    """

    campaign_id = c.text("行动编号", "the operation in `campaigns`", key=True)
    area_id = c.text("辖区编号", "the whole district")
    start = c.monday("起", "first week of the operation", null=True)
    end = c.monday("止", "last week of it that is closed and no longer provisional", null=True)
    n_before = c.whole("前期周数", "weeks before it, at most 52", unit="周")
    n_after = c.whole("行动周数", "weeks from its start on", unit="周")
    mean = c.number("前期周均", "recorded cases a week before it", unit="起", low=0)
    dispersion = c.number("离散系数", "variance ÷ mean of the weeks before, at least 1", unit="1", low=1)
    power = c.share("检验功效", "chance to see the stated effect (settings: effects.change) with these weeks")
    weeks_needed = c.whole("所需周数", "weeks before and as many after that would suffice; null beyond five years", unit="周", null=True)
    effect = c.number(
        "同期变化", "step at the start, relative to the trend; only where verdict is stated", unit="1 (relative change, -0.2 = -20 %)", low=-1
    )
    low = c.number("同期变化下界", "lower end of its 95 % interval", unit="1 (relative change)", low=-1)
    high = c.number("同期变化上界", "upper end of its 95 % interval", unit="1 (relative change)", low=-1)
    verdict = c.text(
        "判断", "stated · low_power · too_short (under 12 weeks) · no_losses (nobody hands in cases)", among=VERDICTS, rule="verdict_is_known"
    )
