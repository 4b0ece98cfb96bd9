"""Event ledgers of intercepted losses: the anti-fraud centre's, month by month, and the banks' own, quarter by quarter.

Here: one row an event, its amounts by evidence grade as known when the ledger was made. Not here: what happened (events.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from .district import CENTRE
from .events import Event
from .sheets import FICTIONAL, Fact, Page
from .wording import Written, missing, plain, write_money

GRADES = {"P2": "averted", "P3": "stopped", "P4": "frozen", "P5": "returned"}
ROUGH = 0.3
"""Share of amounts written as an approximation."""


def centre_page(events: Sequence[Event], month: date, known: date, seed: int, style: int) -> Page:
    """The centre's ledger of one month as known on a day. `style` 0: corner 万元; 1: two-row header with 万元; 2: 元 in each heading."""
    page = Page(name=f"{month.month}月", reporter=CENTRE, width=15, widths={3: 13, 4: 12, 8: 15, 9: 20, 14: 16})
    page.put(1, 1, f"云麓区{month.year}年{month.month}月劝阻止付台账")
    page.merge(1, 1, 1, 15)
    page.put(2, 1, f"填报单位：{CENTRE}")
    if style == 0:
        page.put(2, 13, "单位：万元")
    page.heads = (3, 4 if style == 1 else 3)
    _centre_headings(page, style)
    start = page.heads[1] + 1
    page.body = (start, start + len(events))
    heading = "元" if style == 2 else "万元"
    for offset, event in enumerate(events):
        row = start + offset
        rng = Random(f"{seed}/ledger/{event.event_id}")
        town, place = event.community.town, event.community.name
        told = [event.station, town, place, event.victim, event.fraud_type, event.way, event.institution or None]
        page.put_row(row, [offset + 1, _day(event.day, style, rng), *told])
        page.put(row, 14, event.event_id)
        for column, (grade, measure) in enumerate(GRADES.items(), start=10):
            amount = event.known(grade, known)
            if amount is not None:
                written = _amount(event, grade, amount, heading, seed)
                page.state(_fact(row, column, measure, event, event.station, written, amount))
    _centre_totals(page, start, len(events), heading)
    _bottom(page, known, "金额含约数，以冻结回执为准")
    return page


def _centre_headings(page: Page, style: int) -> None:
    top, bottom = page.heads
    heads = ["序号", "日期", "派出所", "镇街", "社区（村）", "事主", "诈骗类型", "劝阻方式", "涉及机构"]
    for column, text in enumerate(heads, start=1):
        page.put(top, column, text)
        page.merge(top, column, bottom, column)
    amounts = ["避免损失金额", "止付金额", "冻结金额", "返还金额"]
    if style == 1:
        page.put(top, 10, "金额（万元）")
        page.merge(top, 10, top, 13)
    page.put_row(bottom, [f"{a}（元）" if style == 2 else a for a in amounts], 10)
    for column, text in ((14, "案件编号"), (15, "备注")):
        page.put(top, column, text)
        page.merge(top, column, bottom, column)


def _day(day: date, style: int, rng: Random) -> date | str:
    """Mostly a real date; text in the form the year's ledger happens to use."""
    if rng.random() < (0.15, 0.4, 0.1)[style]:
        return (f"{day.year}.{day.month}.{day.day}", f"{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}")[style]
    return day


def _amount(event: Event, grade: str, amount: int, heading: str, seed: int) -> Written:
    """The same event is worded alike in every ledger of the same reporter. A few amounts nobody knew."""
    rng = Random(f"{seed}/amount/{event.event_id}/{grade}/{heading}")
    if grade == "P2" and amount < 1_000_000 and rng.random() < 0.04:
        return missing(*rng.choice([("若干", "no_number"), ("—", "dash"), ("xx万元", "masked_digits")]))
    is_rough = grade == "P2" and amount < 1_000_000
    return write_money(amount, rng, rough=ROUGH if is_rough else 0.06 if amount < 1_000_000 else 0, heading=heading)


def _fact(row: int, column: int, measure: str, event: Event, subject: str, written: Written, amount: int) -> Fact:
    attributes = {"fraud_type": event.fraud_type, "way": event.way, "institution": event.institution, "case_ref": event.event_id}
    return Fact(
        row, column, "intercepted_losses", "intercepted_losses", measure, "元", "flow", subject, event.community.town, event.community.name,
        event.day, event.day, written, amount, "missing" if written.precision == "missing" else "stands",
        attributes={k: v for k, v in attributes.items() if v}, event_id=event.event_id,
    )  # fmt: skip


def _centre_totals(page: Page, start: int, count: int, heading: str) -> None:
    row = start + count
    page.put(row, 1, "合计")
    page.merge(row, 1, row, 2)
    page.put(row, 3, f"共{count}起")
    for column in range(10, 14):
        total = sum(f.written.value or 0 for f in page.facts if f.column == column)
        page.put(row, column, plain(round(total / 10000, 4) if heading == "万元" else total))


def _bottom(page: Page, filed: date, remark: str) -> None:
    row = page.body[1] + 1
    page.put(row, 1, "填报人：钱某某")
    page.put(row, 6, "审核人：孙某")
    page.put(row, 10, f"填报日期：{filed.year}年{filed.month}月{filed.day}日")
    page.put(row + 1, 1, f"注：{FICTIONAL}；{remark}。")
    page.merge(row + 1, 1, row + 1, page.width)


def bank_page(events: Sequence[Event], branch: str, first: date, last: date, seed: int) -> Page:
    """A branch's own ledger: customers it kept from paying, most of which the centre reports as well (one event, two reporters)."""
    page = Page(name="拦截台账", reporter=branch, width=10, widths={2: 12, 3: 22, 4: 12, 7: 14, 8: 14, 9: 14})
    page.put(1, 1, f"{branch}柜面拦截诈骗汇款台账（{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日）")
    page.merge(1, 1, 1, 10)
    page.put(2, 1, f"填报单位：{branch}")
    page.heads = (3, 3)
    page.put_row(3, ["序号", "日期", "网点", "镇街", "社区（村）", "当事人", "诈骗类型", "劝阻方式", "避免损失金额（元）", "备注"])
    page.body = (4, 4 + len(events))
    for offset, event in enumerate(events):
        row = 4 + offset
        amount = event.legs[0].yuan
        page.put_row(
            row,
            [offset + 1, event.day, branch, event.community.town, event.community.name, f"{event.victim[0]}女士", event.fraud_type, event.way],
        )
        written = write_money(amount, Random(f"{seed}/bank/{event.event_id}"), rough=0.1, heading="元")
        page.state(_bank_fact(row, event, branch, written, amount))
    row = 4 + len(events)
    page.put(row, 1, "合计")
    page.merge(row, 1, row, 2)
    page.put(row, 3, f"{len(events)}笔")
    page.put(row, 9, sum(int(f.written.value or 0) for f in page.facts))
    _bottom(page, last + timedelta(days=1), "当事人信息已脱敏")
    return page


def _bank_fact(row: int, event: Event, branch: str, written: Written, amount: int) -> Fact:
    attributes = {"fraud_type": event.fraud_type, "way": event.way}
    return Fact(
        row, 9, "intercepted_losses", "intercepted_losses", "averted", "元", "flow", branch, event.community.town, event.community.name,
        event.day, event.day, written, amount, "stands" if event.is_bank_only else "repeated",
        "" if event.is_bank_only else "the same event is in the centre's ledger", attributes, event.event_id,
    )  # fmt: skip
