from __future__ import annotations

import dataframely as dy

from . import columns as c


class ReadEntries(dy.Schema):
    """读取缓存·名册: one row is one field of one row of a register (areas, units, campaigns).

    Changed: nothing.
    Not to be assumed: that it is the latest register.
    """

    file_id = c.text("文件编号", "hash of path and content", key=False)
    position = c.whole("次序", "order within the file, from 0", unit="序号")
    sheet = c.text("工作表", "sheet name")
    record_id = c.text("记录编号", "sheet!row, shared by the fields of one row")
    form = c.text("表样", "areas, units or campaigns")
    field = c.text("字段", "field of the form")
    text = c.text("原文", "the cell as written, masked")
    cell = c.text("单元格", "cell, A1 notation")
    known_at = c.day("填报日期", "date the sheet was made or updated", null=True)
