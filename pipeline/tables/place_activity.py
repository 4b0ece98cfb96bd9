from __future__ import annotations

import dataframely as dy

from . import columns as c


class PlaceActivity(dy.Schema):
    """社区活动: one row is one community and week: was anything recorded, and how long ago was the last.

    Changed: nothing.
    Not to be assumed: that no record is no activity.
    """

    area_id = c.text("辖区编号", "the community", key=True)
    week = c.week_key()
    is_active = c.flag("有活动", "an activity is recorded in the coverage window")
    days_since_activity = c.whole("距上次活动", "days from the last recorded activity to the week's Sunday; null: never", unit="天", null=True)
    n_records = c.whole("记录数", "activity records in the week")
