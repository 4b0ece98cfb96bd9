from __future__ import annotations

import dataframely as dy

from . import columns as c


class Units(dy.Schema):
    """报送单位: one row is one unit that reports or is reported about: station, branch, school, town office.

    Changed: names to ids; aliases with their dates. Names seen in sheets but in no register are provisional rows.
    Not to be assumed: that a unit serves one area: several mean its numbers are counted in the district.
    """

    unit_id = c.text("单位编号", "code of the register, else a stable short hash; ASCII", key=True)
    zh = c.text("名称", "name in Chinese")
    kind = c.text("类别", "派出所, 银行 …, as the register says", null=True)
    area_id = c.text("辖区编号", "the one area it serves, else the district")
    serves = c.text("服务辖区", "JSON list of area ids")
    aliases = c.text("别名", "JSON list of [name, valid from or null, valid to or null]")
    forms = c.text("应报表样", "JSON list of forms expected of it; empty: those it has once handed in")
    valid_from = c.day("启用", "first day the unit exists", null=True)
    valid_to = c.day("停用", "last day the unit exists", null=True)
    is_provisional = c.flag("暂定", "no register names this unit")
