from __future__ import annotations

import dataframely as dy

from . import columns as c


class Build(dy.Schema):
    """版本: one row is one fact about this build (build_id, built_at, data_to, district_zh, is_sample, reader, settings …).

    Changed: nothing.
    Not to be assumed: that built_at says how fresh the data are: data_to does.
    """

    key = c.text("项目", "name of the fact", key=True)
    value = c.text("内容", "the fact as text", null=True)
