"""A reading shown to people and programs before anything is loaded: `outreach explain FILE` and its --json.

Here: Reading → plain data, Reading → Chinese text for the terminal. Not here: reading (reading.py), colours and layout of the terminal (cli.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

from pipeline.forms.catalogue import catalogue
from pipeline.intake.collecting import number_text
from pipeline.intake.grid import position
from pipeline.intake.records import Measurement, Reading, SetAside, Severity, Status

MEASUREMENT_KEYS = (
    *("sheet", "cell", "record_id", "form", "channel", "measure", "unit", "subject", "reporter", "start", "end"),
    *("value", "low", "high", "precision", "reason", "kind", "text", "attributes", "period_precision", "period_label", "header"),
    *("as_of", "known_at", "is_cumulative", "is_ledger"),
)
REJECTION_KEYS = ("sheet", "cell", "severity", "rule", "message", "text", "suggestion", "message_en")
STATUS_ZH = {Status.ACCEPTED: "全部接收", Status.REMARKS: "已接收，有几处请确认", Status.RETURNED: "有内容未载入，请修改后重报"}
SEVERITY_ZH = {Severity.ERROR: "未载入", Severity.WARNING: "请确认", Severity.NOTE: "提示"}


def as_json(reading: Reading) -> dict[str, object]:
    """One object of plain values: status, measurements, rejections, set_aside, tables, entries, totals; dates as ISO texts."""
    return {
        "status": reading.status,
        "measurements": [{key: _plain(getattr(m, key)) for key in MEASUREMENT_KEYS} for m in reading.measurements],
        "rejections": [{key: getattr(r, key) for key in REJECTION_KEYS} for r in reading.rejections],
        "set_aside": [{"sheet": s.sheet, "range": s.range, "reason": s.reason} for s in reading.set_aside],
        "tables": [
            {
                "sheet": t.sheet,
                "range": t.range,
                "form": t.form,
                "header": list(t.header),
                "rows": [[_plain(cell) for cell in row] for row in t.rows],
                "title": t.title,
                "start": _plain(t.start),
                "end": _plain(t.end),
            }
            for t in reading.tables
        ],
        "entries": [
            {"sheet": e.sheet, "record_id": e.record_id, "form": e.form, "fields": dict(e.fields), "cells": dict(e.cells)} for e in reading.entries
        ],
        "totals": [
            {key: _plain(getattr(t, key)) for key in ("sheet", "cell", "label", "header", "typed", "computed", "is_ok")} for t in reading.totals
        ],
    }


def as_text(reading: Reading, path: str | Path) -> str:
    """What was read, cell by cell, in Chinese: receipt, tables, numbers a record, points, what was set aside."""
    return "\n".join(_lines(reading, Path(path).name)) + "\n"


def _lines(reading: Reading, name: str) -> Iterator[str]:
    n_missing = sum(m.precision == "missing" for m in reading.measurements)
    if not (reading.measurements or reading.entries or reading.zero_reports or reading.rejections):
        yield f"{name}：没有认出可以入库的表或数"
        yield "若这是要报的表，请看表头、单位和时间是否写在表里；认得的表样见 docs/forms.md"
    else:
        yield f"{name}：{STATUS_ZH[Status(reading.status)]}"
    yield f"读到 {len(reading.measurements) - n_missing} 个数，{n_missing} 处应填未填或没有数字，{len(reading.rejections)} 条意见"
    forms = catalogue().forms
    for table in reading.tables:
        form = forms[table.form].zh if table.form else "认不出的表"
        when = f"，{table.start}—{table.end}" if table.start and table.end else ""
        yield f"\n〔{table.sheet}〕{table.range}  {form}{when}"
        yield from _records([m for m in reading.measurements if m.sheet == table.sheet and _is_inside(m.cell, table.range)])
    for entry in reading.entries:
        yield f"  {entry.record_id}  " + "，".join(f"{key} {value}" for key, value in entry.fields.items())
    if reading.rejections:
        yield "\n意见"
        for r in reading.rejections:
            place = f"{r.sheet}!{r.cell}" if r.cell else "整个文件"
            suggestion = f"（建议：{r.suggestion}）" if r.suggestion else ""
            yield f"  {SEVERITY_ZH[Severity(r.severity)]}  {place}  {r.message}{suggestion}"
    if reading.set_aside:
        yield "\n不是数字，未采用"
        yield from _aside(reading.set_aside)


def _aside(ranges: Sequence[SetAside]) -> Iterator[str]:
    """A line for each sheet and reason: 7月  合计  A75，C75，J75:M75."""
    found: dict[tuple[str, str], list[str]] = {}
    for s in ranges:
        found.setdefault((s.sheet, ASIDE.get(s.reason, "其他")), []).append(s.range)
    for (sheet, reason), cells in found.items():
        yield f"  {sheet}  {reason}  {'，'.join(cells)}"


def _is_inside(cell: str, extent: str) -> bool:
    """Whether B4 lies in A3:D7."""
    first, _, last = extent.partition(":")
    (top, left), (bottom, right), (row, column) = position(first), position(last or first), position(cell)
    return top <= row <= bottom and left <= column <= right


def _records(measurements: list[Measurement]) -> Iterator[str]:
    """Numbers record by record: subject and days once, then each number with its cell."""
    last = None
    for m in measurements:
        if m.record_id != last:
            last = m.record_id
            days = str(m.start) if m.start == m.end else f"{m.start}—{m.end}"
            yield f"  {m.subject}（{days}）"
        yield f"    {m.cell:<6}{m.header}：{said(m)}"


ABSENT = {
    "blank": "空白",
    "dash": "一横",
    "not_applicable": "不适用",
    "stated_none": "写明无",
    "not_reported": "未报",
    "refers_above": "写“同上”",
    "tick_only": "只打了勾",
    "see_elsewhere": "见别处",
    "masked_digits": "数字被隐去",
    "number_lost": "丢了数字",
    "no_number": "没有数字",
    "claim_without_measure": "只有说法",
    "unreadable": "读不出",
}
"""Reasons of a missing number, in an analyst's words."""
ASIDE = {
    "title": "标题",
    "metadata": "填报单位、时间等",
    "signature": "落款",
    "note": "说明",
    "total": "合计",
    "ordinal": "序号",
    "remark": "备注",
    "text": "文字",
    "personal": "个人信息",
    "typed_rate": "手填的比率",
    "typed_cumulative": "手填的累计",
    "outside_tables": "表外文字",
    "no_period": "不知是哪一期",
}
"""Reasons of a range set aside, in an analyst's words; what is rarer is 其他."""


def said(m: Measurement) -> str:
    """A number as a reader would say it: 40000 份; 近 500 人 [450, 500]; 缺（一横）“-”."""
    if m.low is None or m.high is None:
        return f"缺（{ABSENT.get(m.reason or '', m.reason)}）" + (f"“{m.text}”" if m.text else "")
    value = "无确数" if m.value is None else f"{number_text(m.value)} {m.unit}"
    if m.precision == "exact":
        return value
    closing = ")" if m.precision in ("at_least", "vague") else "]"
    return f"{value} [{number_text(m.low)}, {number_text(m.high)}{closing}（原文“{m.text}”）"


def _plain(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, (str, int, float, bool)) or value is None:
        return value
    return dict(value) if isinstance(value, dict) else str(value)
