from __future__ import annotations

from . import columns as c


class Surveys(c.RecordHead):
    """知晓率抽样: one row is one sample as reported: how many were asked, knew, had been reached.

    Changed: nothing; rates are computed from these counts, never read. Only numbers that stand.
    Not to be assumed: that the sample is random: QR quizzes are volunteers.
    """

    surveys_sampled, surveys_sampled_low, surveys_sampled_high = c.bounds("有效样本", "valid answers", "人")
    surveys_aware, surveys_aware_low, surveys_aware_high = c.bounds("知晓人数", "of them aware", "人")
    surveys_reached, surveys_reached_low, surveys_reached_high = c.bounds("接触过宣传人数", "of them reached by any outreach", "人")
