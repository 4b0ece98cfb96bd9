from __future__ import annotations

import dataframely as dy

from . import columns as c


class ReadCounts(dy.Schema):
    """读取缓存·单元格守恒: one row is one sheet: cells seen and how each was disposed of.

    Changed: nothing.
    Not to be assumed: that the two agree: a check compares them.
    """

    file_id = c.text("文件编号", "hash of path and content", key=True)
    sheet = c.text("工作表", "sheet name", key=True)
    seen = c.whole("见到的单元格", "non-empty cells, plus blank cells that were due")
    disposed = c.whole("有去处的单元格", "cells with a disposition")
    by_disposition = c.text("去处", "JSON object: disposition → cells")
