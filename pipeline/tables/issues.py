from __future__ import annotations

import dataframely as dy

from . import columns as c


class Issues(dy.Schema):
    """待办: one row is one thing somebody should look at, with the place to look.

    Changed: nothing.
    Not to be assumed: that a finding is an accusation: it is a question to the unit.
    """

    issue_id = c.text("待办编号", "stable id", key=True)
    severity = c.text("程度", "how urgent", among=("error", "warning", "note"), rule="severity_is_known")
    rule = c.text("规则", "name of the rule that speaks")
    zh = c.text("说明", "what was seen and what to do, in Chinese")
    en = c.text("说明（英）", "the same in English", null=True)
    area_id = c.text("辖区编号", "area concerned", null=True)
    week = c.monday("周", "Monday of the ISO week concerned", null=True)
    path = c.text("文件", "path below data/raw, or below data/decisions", null=True)
    sheet = c.text("工作表", "sheet name", null=True)
    cell = c.text("单元格", "cell, A1 notation", null=True)
