from __future__ import annotations

import dataframely as dy
import polars as pl

from . import columns as c

STATUSES = ("on_time", "late", "partial", "zero_report", "missing", "not_due", "waived")


class ReportStatus(dy.Schema):
    """报送情况: one row is one unit, area, form and week, and whether its report came.

    Changed: first arrival decides about time, the number that stands about completeness.
    Not to be assumed: that missing is 0, that not_due is missing.
    """

    unit_id = c.text("单位编号", "the reporting unit", key=True)
    area_id = c.text("辖区编号", "area it reports for", key=True)
    form = c.text("表样", "form expected", key=True)
    week = c.week_key()
    status = c.text("状态", "one of seven", among=STATUSES, rule="status_is_known")
    received_at = c.moment("收到时间", "first arrival; null when none", null=True)
    days_late = c.number("迟报天数", "days after the deadline; negative is early, null when nothing came", unit="天")
    submission_id = c.text("报送编号", "the submission that counts", null=True)
    items_due = c.whole("应填数据项", "cells due in all submissions that count for the week; null when nothing came", null=True)
    items_missing = c.whole("缺数数据项", "of them without a number; 无 is an answer", null=True)

    @dy.rule()
    def missing_items_are_among_those_due(cls) -> pl.Expr:
        return (pl.col("items_missing") <= pl.col("items_due")) | pl.col("items_due").is_null()
