"""The weekly sheet (反诈宣传周统计表): one town, one week, one row a community, a column a channel.

Here: what each cell of a week says. Not here: the layouts (layouts.py) and who hands a sheet in when (delivery.py).
"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from random import Random
from typing import Literal

from .activity import CHANNELS, Activity, Channel
from .district import NEVER_REPORTED, Community, District, Town
from .layouts import LEDGER_TOWNS, Layout, layout_of
from .sheets import FICTIONAL, Fact, Page, address
from .wording import LOST, NOTHINGS, Written, exactly, missing, plain, write_count, write_hours, write_reads

Mode = Literal["past", "recent", "partial"]
"""past: a few cells say nothing, as always; recent: every cell is filled; partial: a recent sheet with much left open."""

# A town's way with numbers: (chance of an exact number in odd clothes, chance of an approximation).
HABITS = ((0.04, 0.05), (0.08, 0.12), (0.03, 0.02), (0.12, 0.18))


def tally_page(district: District, activity: Activity, town: Town, week: int, mode: Mode, seed: int) -> Page:
    """The sheet a town makes on the Monday after week number `week` (index into district.weeks)."""
    rng = Random(f"{seed}/tally/{town.code}/{district.weeks[week]}")
    monday = district.weeks[week]
    layout = layout_of(town, is_early=monday.isocalendar().year == district.weeks[0].isocalendar().year)
    page = Page(name=_sheet_name(layout, monday), reporter=town.station)
    first = (2 if layout.has_serial else 1) + 1
    page.width = first + len(layout.columns)
    _top(page, layout, town, monday)
    rows = [c for c in town.communities if c.name != NEVER_REPORTED]
    start = page.heads[1] + 1
    page.body = (start, start + len(rows))
    open_cells = _left_open(rows, layout, mode, rng)
    for offset, community in enumerate(rows):
        if layout.has_serial:
            page.put(start + offset, 1, offset + 1)
        page.put(start + offset, first - 1, community.name)
        for column, (_, _, key) in enumerate(layout.columns, start=first):
            true = float(activity.numbers[key][community.index, week])
            written = open_cells.get((community.name, key)) or _write(CHANNELS[key], true, HABITS[town.index % len(HABITS)], rng)
            page.state(_fact(start + offset, column, CHANNELS[key], town, community, monday, written, true))
        if rng.random() < 0.08:
            page.put(start + offset, page.width, rng.choice(["含快递包裹粘贴", "赶集日宣传", "联合学校开展", "与网点联合"]))
    _totals(page, layout, first, start, len(rows), rng)
    _bottom(page, town, monday + timedelta(days=7))
    return page


def _write(channel: Channel, true: float, habit: tuple[float, float], rng: Random) -> Written:
    odd, rough = habit
    if channel.key == "reads":
        return write_reads(int(true), rng, odd=odd)
    if channel.key == "broadcast_hours":
        return write_hours(true, rng, odd=odd, rough=rough)
    return write_count(int(true), channel.unit, rng, odd=odd, rough=rough)


def _fact(row: int, column: int, channel: Channel, town: Town, community: Community, monday: date, written: Written, true: float) -> Fact:
    expect = "missing" if written.precision == "missing" else "tally" if _has_ledger(town, channel) else "stands"
    if written.reason in ("unreadable", "refers_above"):
        expect = "rejected"
    return Fact(
        row, column, "weekly_tally", channel.channel, channel.measure, channel.unit, channel.kind, community.name, town.name, community.name,
        monday, monday + timedelta(days=6), written, true, expect,
    )  # fmt: skip


def _has_ledger(town: Town, channel: Channel) -> bool:
    return channel.key == "leaflets" and town.index == LEDGER_TOWNS["leaflets"]


def _left_open(rows: list[Community], layout: Layout, mode: Mode, rng: Random) -> dict[tuple[str, str], Written]:
    """Cells without a number, by (community, channel key)."""
    found: dict[tuple[str, str], Written] = {}
    if mode == "recent":
        return found
    keys = [key for _, _, key in layout.columns]
    if mode == "partial":
        for key in rng.sample(keys, 4):
            for community in rng.sample(rows, 2):
                found[community.name, key] = missing(None, "blank")
        return found
    for community in rows:
        for key in keys:
            draw = rng.random()
            if draw < 0.018:
                found[community.name, key] = missing(*rng.choice(NOTHINGS))
            elif draw < 0.022 and key in LOST:
                found[community.name, key] = missing(*rng.choice(LOST[key]))
            elif draw > 0.9997:
                found[community.name, key] = missing(*rng.choice([("12.3.4", "unreadable"), ("同上", "refers_above"), ("1,23", "unreadable")]))
    return found


def short_span(monday: date) -> str:
    sunday = monday + timedelta(days=6)
    years = (f"{monday.year}.", f"{sunday.year}." if sunday.year != monday.year else "")
    return f"{years[0]}{monday.month}.{monday.day}-{years[1]}{sunday.month}.{sunday.day}"


def long_span(monday: date, dash: str = "—", *, has_year: bool = True) -> str:
    """2026年3月16日—3月22日; a week across New Year names both years, always."""
    sunday = monday + timedelta(days=6)
    is_crossing = sunday.year != monday.year
    first = f"{monday.year}年" if has_year or is_crossing else ""
    second = f"{sunday.year}年" if is_crossing else ""
    return f"{first}{monday.month}月{monday.day}日{dash}{second}{sunday.month}月{sunday.day}日"


def _sheet_name(layout: Layout, monday: date) -> str:
    sunday = monday + timedelta(days=6)
    if layout.where == "footer_year":
        return f"{monday.month}.{monday.day}-{sunday.month}.{sunday.day}"
    return f"第{monday.isocalendar().week}周"


def _top(page: Page, layout: Layout, town: Town, monday: date) -> None:
    iso = monday.isocalendar()
    titles = {
        "line": f"{town.name}反诈宣传工作周统计表（第{iso.week}周）",
        "title": f"{town.name}反诈宣传周报表（{short_span(monday)}）",
        "title_year": f"{town.name}{iso.year}年第{iso.week}周反诈宣传情况统计表",
        "footer_year": f"{town.name}反诈宣传周统计表",
    }
    lines = {
        "line": f"统计时间：{long_span(monday)}",
        "title": "",
        "title_year": f"统计时间：{long_span(monday, '至', has_year=False)}",
        "footer_year": f"统计时间：{long_span(monday, has_year=False)}",
    }
    page.put(1, 1, titles[layout.where])
    page.merge(1, 1, 1, page.width)
    half = page.width // 2
    page.put(2, 1, f"填报单位：{town.station}（盖章）")
    page.merge(2, 1, 2, half)
    page.put(2, half + 1, lines[layout.where] or None)
    page.merge(2, half + 1, 2, page.width)
    page.heads = (3, 2 + layout.head_rows)
    _headings(page, layout)
    page.widths = {1: 6 if layout.has_serial else 13, 2: 13, page.width: 14}


def _headings(page: Page, layout: Layout) -> None:
    top, bottom = page.heads
    plain_heads = ["序号", layout.subject] if layout.has_serial else [layout.subject]
    for column, text in enumerate(plain_heads, start=1):
        page.put(top, column, text)
        page.merge(top, column, bottom, column)
    column = len(plain_heads) + 1
    groups = [group for group, _, _ in layout.columns]
    for offset, (group, leaf, _) in enumerate(layout.columns):
        here = column + offset
        if not group or layout.head_rows == 1:
            page.put(top, here, leaf)
            page.merge(top, here, bottom, here)
            continue
        page.put(bottom, here, leaf)
        if offset == 0 or groups[offset - 1] != group:
            page.put(top, here, group)
            page.merge(top, here, top, here + sum(g == group for g in groups) - 1)
    page.put(top, page.width, "备注")
    page.merge(top, page.width, bottom, page.width)


def _totals(page: Page, layout: Layout, first: int, start: int, count: int, rng: Random) -> None:
    """The 合计 row: point sums, vague cells left out as offices do; now and then a formula, rarely a wrong sum."""
    row = start + count
    page.put(row, 1, rng.choice(["合计", "合 计", "总计"]))
    page.merge(row, 1, row, first - 1)
    is_formula = rng.random() < 0.06
    for column, (_, _, key) in enumerate(layout.columns, start=first):
        values = [f.written.value or 0 for f in page.facts if f.column == column]
        total = sum(values) / 10000 if key == "reads" else sum(values)
        if is_formula:
            page.put(row, column, f"=SUM({address(start, column)}:{address(row - 1, column)})")
        else:
            page.put(row, column, plain(round(total * (1.1 if rng.random() < 0.0008 else 1), 4)))


def _bottom(page: Page, town: Town, filed: date) -> None:
    row = page.body[1] + 1
    page.put(row, 1, f"填报人：{'王李张刘陈杨'[town.index % 6]}某某")
    page.put(row, page.width // 2, "审核人：赵某")
    page.put(row, page.width - 2, "联系电话：1380000XXXX")
    page.put(row + 1, 1, f"填报日期：{filed.year}.{filed.month}.{filed.day}")
    page.put(row + 2, 1, f"说明：1.{FICTIONAL}；2.受众人次按人次统计；3.每周一12时前报送。")
    page.merge(row + 2, 1, row + 2, page.width)


def with_slip(page: Page, rng: Random) -> Page:
    """The same sheet as first handed in, with one digit too many in two cells: what a correction corrects."""
    candidates = [f for f in page.facts if f.kind == "flow" and isinstance(f.written.cell, int) and f.written.cell >= 5]
    wrong = {id(f) for f in rng.sample(candidates, 2)}
    first = dataclasses.replace(page, cells=dict(page.cells), facts=[], merges=list(page.merges))
    for fact in page.facts:
        is_wrong = id(fact) in wrong
        slip = exactly(int(fact.written.cell) * 10, int(fact.written.cell) * 10) if is_wrong and isinstance(fact.written.cell, int) else fact.written
        first.state(dataclasses.replace(fact, written=slip, note="slip of a digit, corrected later" if is_wrong else fact.note))
    return first


def without_dates(page: Page, town: Town) -> Page:
    """The same sheet with no date anywhere: week number only, so that nobody can say which week it is."""
    bare = dataclasses.replace(page, cells=dict(page.cells), facts=[], merges=list(page.merges), name="周报")
    bare.cells[1, 1] = f"{town.name}反诈宣传周统计表（本周）"
    for row in (2, page.body[1] + 2):
        for column in range(1, page.width + 1):
            text = str(bare.cells.get((row, column), ""))
            if text.startswith(("统计时间", "填报日期")):
                del bare.cells[row, column]
    for fact in page.facts:
        bare.state(dataclasses.replace(fact, expect="rejected", note="the sheet names no dates"))
    return bare
