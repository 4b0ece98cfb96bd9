from __future__ import annotations

import dataframely as dy

from . import columns as c


class ReadTables(dy.Schema):
    """读取缓存·表格: one row is one table found on a sheet, matched to a form or not.

    Changed: nothing; its raw cells are not kept.
    Not to be assumed: that a sheet has one table.
    """

    file_id = c.text("文件编号", "hash of path and content", key=False)
    sheet = c.text("工作表", "sheet name")
    range = c.text("区域", "range, A1 notation")
    form = c.text("表样", "form it was matched to", null=True)
    title = c.text("标题", "title, masked", null=True)
    fingerprint = c.text("版式指纹", "hash of the header")
    header = c.text("表头", "JSON list: one path of headings a column, › between levels, masked")
    start = c.day("起", "first day the sheet states", null=True)
    end = c.day("止", "last day the sheet states", null=True)
