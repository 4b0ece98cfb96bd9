from __future__ import annotations

import dataframely as dy

from . import columns as c


class SheetCounts(dy.Schema):
    """单元格守恒: one row is one sheet: cells seen against cells disposed of.

    Changed: nothing; counted from the opened grid by code that shares nothing with the reader.
    Not to be assumed: that seen counts blank cells: only those that were due.
    """

    file_id = c.text("文件编号", "the file in `source_files`", key=True)
    path = c.text("文件", "path below data/raw")
    sheet = c.text("工作表", "sheet name", key=True)
    seen = c.whole("见到的单元格", "non-empty cells, plus blank cells that were due")
    disposed = c.whole("有去处的单元格", "cells with a disposition")
    by_disposition = c.text("去处", "JSON object: disposition → cells")
