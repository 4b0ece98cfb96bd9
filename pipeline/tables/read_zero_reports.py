from __future__ import annotations

import dataframely as dy

from . import columns as c


class ReadZeroReports(dy.Schema):
    """读取缓存·零报告: one row is one sheet saying that its reporter had nothing to report in a period.

    Changed: nothing.
    Not to be assumed: that the sheet has no numbers: what it means beside numbers is settled later.
    """

    file_id = c.text("文件编号", "hash of path and content", key=False)
    sheet = c.text("工作表", "sheet name")
    cell = c.text("单元格", "cell that says so, A1 notation")
    form = c.text("表样", "form the sheet is; null when nothing on it says", null=True)
    reporter = c.text("填报单位", "who handed the sheet in, as written")
    start = c.day("起", "first day, inclusive")
    end = c.day("止", "last day, inclusive")
    known_at = c.day("填报日期", "date the sheet was made or updated", null=True)
