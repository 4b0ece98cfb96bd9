from __future__ import annotations

import dataframely as dy
import polars as pl

from . import columns as c

REASONS_NOT_STANDING = ("superseded", "compilation", "tally", "repeated", "withdrawn", "tied", "cumulative", "claim", "joint")


class Measurements(c.Ordered):
    """读数: one row is one reported number, or one due cell without a number (precision missing, with its reason).

    Changed: names to ids, numbers to the standard unit with bounds, corrections applied (`reason` says corrected), personal data masked;
    cumulative figures are differenced where the period before is known. `stands` marks the one number per fact that counts.
    Not to be assumed: that rows may be summed without `stands`, that missing is 0, that units of one measure are always the same.
    """

    measurement_id = c.text("读数编号", "stable id of file, sheet, cell, channel, measure and unit", key=True)
    submission_id = c.text("报送编号", "the submission in `submissions`")
    file_id = c.text("文件编号", "the file in `source_files`")
    path = c.text("文件", "path below data/raw")
    sheet = c.text("工作表", "sheet name")
    cell = c.text("单元格", "cell of the number, A1 notation")
    record_id = c.text("记录编号", "file_id!sheet!row, shared by the numbers of one row")
    form = c.text("表样", "form the sheet was matched to")
    channel = c.text("渠道", "channel of the registry")
    measure = c.text("指标", "measure of that channel")
    unit = c.text("单位", "unit of value, low and high")
    kind = c.text("性质", "flow: happened in the period; stock: level at its end", among=("flow", "stock"), rule="kind_is_flow_or_stock")
    grade = c.grade("P2 劝阻, P3 止付, P4 冻结, P5 返还; null unless an amount of prevented loss")
    subject = c.text("对象", "whom the number is about, as written")
    subject_id = c.text("对象编号", "id in `units` or `areas`")
    subject_kind = c.text("对象性质", "which of the two registers", among=("area", "unit"), rule="subject_is_an_area_or_a_unit")
    area_id = c.text("辖区编号", "area the number is counted in: the subject, or the one area its unit serves; the district if several")
    reporter = c.text("填报单位", "who handed the sheet in, as written", null=True)
    reporter_id = c.text("填报单位编号", "id of the reporter", null=True)
    start = c.day("起", "first day, inclusive")
    end = c.day("止", "last day, inclusive")
    period_precision = c.text("时间精度", "day, span, week, xun, month, quarter, half, year or vague")
    period_label = c.text("时间原文", "the office's own name of the period", null=True)
    week = c.monday("周", "Monday of the ISO week; null when the period is longer than 7 days", null=True)
    value, low, high = c.bounds("数值", "the number", c.AS_STATED)
    precision = c.precision()
    reason = c.text("说明代码", "why the reading is not plainly exact, or why there is no number", null=True)
    text = c.text("原文", "the cell as written, masked", null=True)
    header = c.text("表头", "path of headings, › between levels")
    material = c.text("宣传品", "kind of material", null=True)
    audience = c.text("对象人群", "group addressed", null=True)
    fraud_type = c.text("诈骗类型", "kind of fraud, as written", null=True)
    way = c.text("劝阻途径", "how the loss was intercepted", null=True)
    institution = c.text("机构", "bank, branch or other institution", null=True)
    venue = c.text("场所", "kind of place", null=True)
    place = c.text("地点", "finer area named in the row", null=True)
    partner = c.text("联合单位", "who took part", null=True)
    platform = c.text("平台", "online platform", null=True)
    case_ref = c.text("案件编号", "keyed hash that links reports of one case", null=True)
    is_ledger = c.flag("台账", "the row is one activity or event of its own")
    is_cumulative = c.flag("累计", "written as a running total; value, low and high are the period's own share once differenced")
    as_of = c.day("数据截至", "last day the data include, as the sheet says", null=True)
    known_at = c.day("填报日期", "date the sheet says it was made or updated", null=True)
    received_at = c.moment("收到时间", "when the file was received")
    stands = c.flag("采用", "this is the one number of its fact")
    stands_reason = c.text("不采用原因", "null when it stands", null=True, among=REASONS_NOT_STANDING, rule="stands_reason_is_known")
    superseded_by = c.text("被何读数取代", "measurement_id of the number that stands instead", null=True)
    superseded_at = c.moment("取代时间", "when the number that stands instead was received", null=True)

    @dy.rule()
    def what_stands_has_no_reason_against_it(cls) -> pl.Expr:
        return pl.col("stands") == pl.col("stands_reason").is_null()

    @dy.rule()
    def missing_numbers_have_no_value_and_a_reason(cls) -> pl.Expr:
        missing = pl.col("precision") == "missing"
        return ~missing | (pl.col("value").is_null() & pl.col("low").is_null() & pl.col("high").is_null() & pl.col("reason").is_not_null())

    @dy.rule()
    def numbers_are_not_negative(cls) -> pl.Expr:
        return pl.col("low") >= 0

    @dy.rule()
    def periods_end_after_they_start(cls) -> pl.Expr:
        return pl.col("start") <= pl.col("end")

    @dy.rule()
    def grades_are_of_money(cls) -> pl.Expr:
        return pl.col("grade").is_null() | (pl.col("unit") == "元")
