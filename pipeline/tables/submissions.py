from __future__ import annotations

import dataframely as dy

from . import columns as c


class Submissions(dy.Schema):
    """报送: one row is what one sheet hands in for one form, reporter and period.

    Changed: nothing. A sheet with several periods (a ledger) is one submission a period.
    Not to be assumed: that a superseded submission lost all its numbers: rows absent from the later one still stand.
    """

    submission_id = c.text("报送编号", "stable id of file, sheet, form, reporter and period", key=True)
    file_id = c.text("文件编号", "the file in `source_files`")
    path = c.text("文件", "path below data/raw")
    sheet = c.text("工作表", "sheet name")
    form = c.text("表样", "form the sheet was matched to")
    reporter = c.text("填报单位", "who handed it in, as written; the subject where the sheet names nobody else", null=True)
    reporter_id = c.text("填报单位编号", "id of the reporter", null=True)
    start = c.day("起", "first day, inclusive")
    end = c.day("止", "last day, inclusive")
    known_at = c.day("填报日期", "date the sheet says it was made or updated", null=True)
    received_at = c.moment("收到时间", "when the file was received")
    is_zero_report = c.flag("零报告", "every due cell says 0 or 无")
    n_due = c.whole("应填数", "cells due")
    n_missing = c.whole("缺数", "cells due without a number; 无 is an answer")
    superseded_by = c.text("被何报送取代", "later submission of the same form, reporter and period", null=True)
    superseded_reason = c.text(
        "取代原因",
        "why a later one took its place",
        null=True,
        among=("superseded", "repeated", "withdrawn"),
        rule="superseded_reason_is_known",
    )
