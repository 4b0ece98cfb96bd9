from __future__ import annotations

import dataframely as dy

from . import columns as c


class TotalChecks(dy.Schema):
    """合计核对: one row is one typed 合计 or 小计 cell against the sum of its parts.

    Changed: typed and computed are in the same unit. A typed total is never loaded as a number.
    Not to be assumed: that a total that agrees is right by definition: it may add 人 and 人次.
    """

    file_id = c.text("文件编号", "the file in `source_files`")
    path = c.text("文件", "path below data/raw")
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
    is_ok = c.flag("相符", "typed agrees with the point sum or the bounds, beyond rounding")
