from __future__ import annotations

import dataframely as dy

from . import columns as c


class Rejections(dy.Schema):
    """退回点: one row is one point to hand back to the analyst, from the reader or from settling all files together.

    Changed: personal data masked. Error: not loaded; warning: loaded, please confirm; note: for information.
    Not to be assumed: that a file with rejections was refused: its other cells were loaded.
    """

    rejection_id = c.text("退回编号", "stable id of file, sheet, cell and rule", key=True)
    file_id = c.text("文件编号", "the file in `source_files`; a decision's own name for a point about a decision")
    path = c.text("文件", "path below data/raw, or below data/decisions")
    sheet = c.text("工作表", "sheet name")
    cell = c.text("单元格", "cell, A1 notation")
    severity = c.text("程度", "how the cell is marked", among=("error", "warning", "note"), rule="severity_is_known")
    rule = c.text("规则", "name of the rule that speaks")
    message = c.text("说明", "what was seen, what was expected, what to do, in Chinese")
    message_en = c.text("说明（英）", "the same in English", null=True)
    text = c.text("原文", "the cell as written, masked", null=True)
    suggestion = c.text("建议", "suggested text of the cell", null=True)
