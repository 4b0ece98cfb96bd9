from __future__ import annotations

from . import columns as c
from .kpis import Kpis


class MonthKpis(Kpis):
    """月度指标: one row is one indicator of the district or a town over one calendar month, the running month up to the last closed week.

    Changed: numbers of days, weeks and months are summed where their own days lie inside the month; nothing is spread. A week across the
    month's end is not divided: it widens the bounds, and the month has no value.
    Not to be assumed: that months add up to `kpis`, or that a null value is 0. A running month compares with the same days only.
    """

    period = c.text("月份", "calendar month, 2026-03", key=True)
    is_to_date = c.flag("截至", "the running month, from its first day to `end`")
    note = c.text("说明", "why no change: codes of kpis, and no_figure (only bounds are known)", null=True)
