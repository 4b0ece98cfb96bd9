from __future__ import annotations

import dataframely as dy
import polars as pl

from . import columns as c

CLOSED = ("waived", "corrected", "replaced", "withdrawn")


class Rejections(dy.Schema):
    """退回点: one row is one point to hand back to the analyst, from the reader or from settling all files together.

    Changed: personal data masked. Error: not loaded; warning: loaded, please confirm; note: for information.
    Not to be assumed: that a file with rejections was refused: its other cells were loaded. That a point is still open: see closed_reason.
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
    closed_reason = c.text(
        "不再追问的原因", "why nobody needs to answer any more; null while open", null=True, among=CLOSED, rule="closed_reason_is_known"
    )
    waived_because = c.text("确认无误的理由", "reason of the waiver", null=True)
    waived_by = c.text("确认人", "owner of the waiver", null=True)
    waived_until = c.day("确认有效至", "last day of the waiver", null=True)

    @dy.rule()
    def waived_points_have_a_reason_an_owner_and_an_end(cls) -> pl.Expr:
        complete = pl.all_horizontal(pl.col(name).is_not_null() for name in ("waived_because", "waived_by", "waived_until"))
        return (pl.col("closed_reason") != "waived").fill_null(True) | complete
