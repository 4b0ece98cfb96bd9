from __future__ import annotations

from . import columns as c


class Losses(c.RecordHead):
    """案件损失: one row is one case of fraud, or one line of a tally of cases.

    Changed: amounts in 元. Only numbers that stand.
    Not to be assumed: that losses known to the police are all losses, that 发案, 立案 and 接警 count the same thing.
    """

    losses_cases, losses_cases_low, losses_cases_high = c.bounds("发案数", "cases that occurred", "起")
    losses_filed, losses_filed_low, losses_filed_high = c.bounds("立案数", "cases filed, often weeks later", "起")
    losses_solved, losses_solved_low, losses_solved_high = c.bounds("破案数", "cases solved, whenever they occurred", "起")
    losses_amount, losses_amount_low, losses_amount_high = c.bounds("损失金额", "loss before recovery", "元")
