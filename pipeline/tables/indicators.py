from __future__ import annotations

import dataframely as dy

from . import columns as c


class Indicators(dy.Schema):
    """口径: one row is one indicator: what it is, how it is computed, what must not be read into it.

    Changed: nothing.
    Not to be assumed: that two versions of one indicator compare.
    """

    code = c.text("代码", "code of the indicator; coverage.group, contacts.channel, channel.flow and channel.stock stand for many", key=True)
    zh = c.text("名称", "name in Chinese")
    en = c.text("英文名", "name in English")
    unit = c.text("单位", "unit; 1 for a share")
    over_time = c.flag("可按时间相加", "values may be added over periods")
    over_units = c.flag("可按单位相加", "values may be added over disjoint areas")
    version = c.whole("版本", "version of the definition", unit="版", low=1)
    since = c.day("启用", "first day of this version; null for the first", null=True)
    formula_zh = c.text("公式", "formula in Chinese")
    formula_en = c.text("公式（英）", "formula in English")
    caveat_zh = c.text("说明", "what must not be read into it, in Chinese")
    caveat_en = c.text("说明（英）", "the same in English")
