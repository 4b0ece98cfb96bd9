from __future__ import annotations

import dataframely as dy

from . import columns as c


class CubeSeries(dy.Schema):
    """周数据序列: one row is one combination of area, subject, channel, measure, unit and audience that weekly numbers are of.

    Changed: audiences that mean everybody are one. Numbers stand in `cube_numbers`; `weekly_cube` joins the two.
    Not to be assumed: that a number means the same series in another build.
    """

    series_id = c.whole("序列编号", "number of this combination within the build", key=True)
    area_id = c.text("辖区编号", "area the numbers are counted in")
    subject_id = c.text("对象编号", "unit or area the numbers are about")
    channel = c.text("渠道", "channel of the registry")
    measure = c.text("指标", "measure of that channel")
    unit = c.text("单位", "unit of value, low and high")
    audience = c.text("对象人群", "group addressed; all when none is named")
    kind = c.text("性质", "flow or stock", among=("flow", "stock"), rule="kind_is_flow_or_stock")
