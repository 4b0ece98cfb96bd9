from __future__ import annotations

import dataframely as dy

from . import columns as c


class ReadRejections(dy.Schema):
    """读取缓存·退回点: one row is one point the reader wants to hand back.

    Changed: nothing.
    Not to be assumed: that these are all: settling adds points of its own.
    """

    file_id = c.text("文件编号", "hash of path and content", key=False)
    sheet = c.text("工作表", "sheet name")
    cell = c.text("单元格", "cell, A1 notation")
    severity = c.text("程度", "error, warning or note")
    rule = c.text("规则", "name of the rule that speaks")
    message = c.text("说明", "what was seen, what was expected, what to do, in Chinese")
    message_en = c.text("说明（英）", "the same in English")
    text = c.text("原文", "the cell as written, masked")
    suggestion = c.text("建议", "suggested text of the cell")
