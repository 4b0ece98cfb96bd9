from __future__ import annotations

import dataframely as dy

from . import columns as c


class ReadMeasurements(dy.Schema):
    """读取缓存·读数: one row is one number as the reader gave it, before names, corrections and superseding.

    Changed: nothing.
    Not to be assumed: that it stands.
    """

    file_id = c.text("文件编号", "hash of path and content", key=False)
    position = c.whole("次序", "order within the file, from 0", unit="序号")
    sheet = c.text("工作表", "sheet name")
    cell = c.text("单元格", "cell, A1 notation")
    record_id = c.text("记录编号", "sheet!row, shared by the numbers of one row")
    form = c.text("表样", "form the sheet was matched to")
    channel = c.text("渠道", "channel of the registry")
    measure = c.text("指标", "measure of that channel")
    unit = c.text("单位", "unit of value, low and high")
    kind = c.text("性质", "flow or stock")
    subject = c.text("对象", "whom the number is about, as written")
    reporter = c.text("填报单位", "who handed the sheet in, as written", null=True)
    start = c.day("起", "first day, inclusive")
    end = c.day("止", "last day, inclusive")
    period_precision = c.text("时间精度", "day, span, week, xun, month, quarter, half, year or vague")
    period_label = c.text("时间原文", "the office's own name of the period", null=True)
    value, low, high = c.bounds("数值", "the number", c.AS_STATED)
    precision = c.precision()
    reason = c.text("说明代码", "why the reading is not plainly exact, or why there is no number", null=True)
    text = c.text("原文", "the cell as written, masked")
    header = c.text("表头", "path of headings, › between levels")
    material = c.text("宣传品", "kind of material", null=True)
    audience = c.text("对象人群", "group addressed", null=True)
    fraud_type = c.text("诈骗类型", "kind of fraud", null=True)
    way = c.text("劝阻途径", "how the loss was intercepted", null=True)
    institution = c.text("机构", "institution", null=True)
    venue = c.text("场所", "kind of place", null=True)
    place = c.text("地点", "finer area named in the row", null=True)
    partner = c.text("联合单位", "who took part", null=True)
    platform = c.text("平台", "online platform", null=True)
    case_ref = c.text("案件编号", "keyed hash that links reports of one case", null=True)
    as_of = c.day("数据截至", "last day the data include", null=True)
    known_at = c.day("填报日期", "date the sheet was made or updated", null=True)
    is_cumulative = c.flag("累计", "written as a running total")
    is_ledger = c.flag("台账", "the row is one activity or event of its own")
