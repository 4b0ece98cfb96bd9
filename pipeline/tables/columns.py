"""Building blocks of the tables: one short call a column, and the groups of columns that many tables share.

Here: column helpers (Chinese name, English description, unit), origin of a row, a record's head, a number with its bounds. Not here:
any table. Times are UTC without a zone; dates are inclusive; money is 元, duration 小时, everything else counts of single units.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

import dataframely as dy
import polars as pl

PRECISIONS = ("exact", "at_least", "nearly", "about", "vague", "range", "missing")
GRADES = ("P2", "P3", "P4", "P5")
AS_STATED = "in the row's unit"
"""Unit of a number whose unit stands in the same row's column `unit`."""
OF_METRIC = "in the metric's unit"
"""Unit of a number whose unit the indicator registry gives."""


def text(zh: str, description: str, *, key: bool = False, null: bool = False, among: Iterable[str] | None = None, rule: str = "") -> dy.String:
    """A text column; `among` closes its vocabulary under the rule name `rule`."""
    check = {rule: partial(_is_among, allowed=tuple(among))} if among is not None else None
    return dy.String(nullable=null, primary_key=key, description=description, metadata={"zh": zh}, check=check)


def number(zh: str, description: str, *, unit: str, null: bool = True, low: float | None = None, high: float | None = None) -> dy.Float64:
    """A number column, null by default because a missing number is never 0."""
    return dy.Float64(nullable=null, description=description, metadata={"zh": zh, "unit": unit}, min=low, max=high)


def whole(zh: str, description: str, *, unit: str = "个", key: bool = False, null: bool = False, low: int | None = 0) -> dy.Int64:
    return dy.Int64(nullable=null, primary_key=key, description=description, metadata={"zh": zh, "unit": unit}, min=low)


def day(zh: str, description: str, *, key: bool = False, null: bool = False) -> dy.Date:
    return dy.Date(nullable=null, primary_key=key, description=description, metadata={"zh": zh})


def monday(zh: str, description: str, *, key: bool = False, null: bool = False, rule: str = "week_is_a_monday") -> dy.Date:
    return dy.Date(nullable=null, primary_key=key, description=description, metadata={"zh": zh}, check={rule: lambda c: c.dt.weekday() == 1})


def moment(zh: str, description: str, *, null: bool = False) -> dy.Datetime:
    return dy.Datetime(nullable=null, description=f"{description} (UTC)", metadata={"zh": zh})


def flag(zh: str, description: str, *, null: bool = False) -> dy.Bool:
    return dy.Bool(nullable=null, description=description, metadata={"zh": zh})


def week_key(description: str = "Monday of the ISO week") -> dy.Date:
    return monday("周", description, key=True)


def precision(*, null: bool = False) -> dy.String:
    return text("精度", "how firmly the number was written", null=null, among=PRECISIONS, rule="precision_is_known")


def grade(description: str, *, null: bool = True, key: bool = False) -> dy.String:
    return text("证据等级", description, null=null, key=key, among=(*GRADES, "none") if key else GRADES, rule="grade_is_known")


def share(zh: str, description: str, *, null: bool = True, capped: bool = True) -> dy.Float64:
    return number(zh, description, unit="1 (share, 1 = 100 %)", null=null, low=0, high=1 if capped else None)


def bounds(zh: str, what: str, unit: str) -> tuple[dy.Float64, dy.Float64, dy.Float64]:
    """(value, low, high) of one number: the written figure or null, and what the truth lies between (null: no statement)."""
    return (
        number(zh, f"{what}: sum of written figures; null when none was written", unit=unit),
        number(f"{zh}下界", f"{what}: lower bound", unit=unit),
        number(f"{zh}上界", f"{what}: upper bound (exclusive for at_least and vague)", unit=unit),
    )


class Ordered(dy.Schema):
    """The rule every table with value, low and high shares; each table states the three columns itself, with its unit."""

    @dy.rule()
    def bounds_are_in_order(cls) -> pl.Expr:
        return (pl.col("low") <= pl.col("high")) | pl.col("low").is_null() | pl.col("high").is_null()


class RecordHead(dy.Schema):
    """What every wide record starts with: who, about whom, when, from which row of which sheet."""

    record_id = text("记录编号", "file_id!sheet!row, shared by the numbers of one row of a sheet", key=True)
    form = text("表样", "form the sheet was matched to")
    path = text("文件", "path below data/raw, / as separator")
    sheet = text("工作表", "sheet name")
    first_cell = text("首个单元格", "first cell of the row that became a number")
    subject = text("对象", "whom the numbers are about, as written")
    subject_id = text("对象编号", "id of the unit or area in `units` or `areas`")
    area_id = text("辖区编号", "area the numbers are counted in")
    reporter = text("填报单位", "who handed the sheet in, as written", null=True)
    reporter_id = text("填报单位编号", "id of the reporter in `units` or `areas`", null=True)
    start = day("起", "first day, inclusive")
    end = day("止", "last day, inclusive")
    week = monday("周", "Monday of the ISO week; null for longer periods", null=True)
    material = text("宣传品", "kind of material", null=True)
    audience = text("对象人群", "group addressed", null=True)
    fraud_type = text("诈骗类型", "kind of fraud, as written", null=True)
    way = text("劝阻途径", "how the loss was intercepted", null=True)
    institution = text("机构", "bank, branch or other institution", null=True)
    venue = text("场所", "kind of place", null=True)
    place = text("地点", "finer area named in the row", null=True)
    partner = text("联合单位", "who took part", null=True)
    platform = text("平台", "online platform", null=True)
    case_ref = text("案件编号", "keyed hash that links reports of one case; no number of any person", null=True)
    n_cells = whole("数值单元格数", "numbers and due cells of this row that stand")
    n_missing = whole("缺数单元格数", "of them without a number (never counted as 0)")

    @dy.rule()
    def periods_end_after_they_start(cls) -> pl.Expr:
        return pl.col("start") <= pl.col("end")

    @dy.rule()
    def missing_cells_are_among_the_cells(cls) -> pl.Expr:
        return pl.col("n_missing") <= pl.col("n_cells")


def _is_among(column: pl.Expr, allowed: tuple[str, ...]) -> pl.Expr:
    return column.is_in(allowed)
