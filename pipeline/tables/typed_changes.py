from __future__ import annotations

import dataframely as dy

from . import columns as c


class TypedChanges(dy.Schema):
    """填写的增减: one row is one typed 环比 or 同比 cell, and the number of its row it is of.

    Changed: a change is a fraction (5 % → 0.05), a decrease is negative.
    Not to be assumed: that it was loaded or is right: it is compared with our own numbers, and `issues` asks where they differ.
    """

    file_id = c.text("文件编号", "the file in `source_files`")
    path = c.text("文件", "path below data/raw")
    sheet = c.text("工作表", "sheet name")
    cell = c.text("单元格", "cell of the typed change")
    of_cell = c.text("所指单元格", "cell of the number that it says has changed")
    header = c.text("表头", "path of headings, › between levels")
    text = c.text("原文", "the cell as written")
    against = c.text("比较对象", "the time before, or the same time of the year before", among=("previous", "year_before"), rule="base_is_known")
    span = c.text("时长", "how long that time is, where the heading says so", among=("week", "month", "quarter", "any"), rule="span_is_known")
    typed = c.number("填写的增减", "the typed change", unit="1 (0.1 = +10 %)", null=False)
    slack = c.number("舍入", "half of the last place it was written with", unit="1", null=False, low=0)
