from __future__ import annotations

import dataframely as dy

from . import columns as c


class ReadTotals(dy.Schema):
    """读取缓存·合计: one row is one typed total against the sum of its parts.

    Changed: nothing.
    Not to be assumed: that a total was loaded.
    """

    file_id = c.text("文件编号", "hash of path and content", key=False)
    sheet = c.text("工作表", "sheet name")
    cell = c.text("单元格", "cell of the typed total")
    label = c.text("行名", "合计, 小计, 总计 …")
    header = c.text("表头", "path of headings, › between levels")
    typed = c.number("填写的合计", "the typed total; null when unreadable", unit=c.AS_STATED)
    computed = c.number("分项之和", "sum of the parts' written figures", unit=c.AS_STATED)
    low = c.number("下界", "sum of the parts' lower bounds", unit=c.AS_STATED)
    high = c.number("上界", "sum of the parts' upper bounds", unit=c.AS_STATED)
    n_parts = c.whole("分项数", "cells summed")
    n_missing = c.whole("缺数", "cells among them without a number")
    is_ok = c.flag("相符", "typed agrees with the sum, beyond rounding")
