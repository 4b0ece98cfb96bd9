from __future__ import annotations

import dataframely as dy

from . import columns as c


class EventPairs(dy.Schema):
    """事件配对: one row is two records that certainly, possibly or by decision are the same event.

    Changed: pairs below the threshold are left out.
    Not to be assumed: that a doubtful pair is one event: it counts as two until somebody decides in data/decisions/same_events.
    """

    pair_id = c.text("配对编号", "stable name of the two records, from what they say", key=True)
    record_a = c.text("记录甲", "record_id of one report")
    record_b = c.text("记录乙", "record_id of the other")
    probability = c.share("同一事件概率", "chance that both tell of one event", null=False)
    basis = c.text("依据", "what brought them together", among=("score", "case_ref", "tally", "decision"), rule="basis_is_known")
    verdict = c.text("结论", "certain and merged are one event", among=("certain", "doubtful", "merged", "apart"), rule="verdict_is_known")
    decided_because = c.text("裁定理由", "reason of the decision; null when nobody decided", null=True)
