"""Detail ledgers of three towns: leaflets, banners and boards, broadcasts; one row a piece of work, half a year a workbook.

Here: how a week's true number is split over days and materials, and what the ledger says of it. Where a town's weekly sheet
has the same column, the ledger is the better witness.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from random import Random

from .activity import Activity
from .district import NEVER_REPORTED, Community, District, Town
from .sheets import FICTIONAL, Fact, Page
from .wording import Written, exactly, plain

MATERIALS = ("宣传单", "折页", "《致居民的一封信》", "外卖垫餐纸", "快递包裹贴")
AUDIENCES = ("居民", "老年人", "学生", "商户", "企业财务人员")
SLOGANS = ("不轻信不透露不转账", "刷单就是诈骗", "陌生来电要警惕", "反诈靠你我")
PLACES = ("小区门口", "村委会", "集市", "学校门口", "沿街商铺")

Row = tuple[list[object], dict[int, tuple[str, str, str, str, Written, float]], dict[str, str]]
"""A ledger row: its plain cells from column 4 on, and by column (channel, measure, unit, kind, written, true), and attributes."""


def detail_page(kind: str, district: District, activity: Activity, town: Town, weeks: Sequence[int], filed: date, seed: int) -> Page:
    """One ledger over the given week indices. `kind` is leaflets, banners or broadcasts."""
    title, own_heads, rows_of = _KINDS[kind]
    heads = ("序号", "日期", "社区（村）", *own_heads, "备注")
    first, last = district.weeks[weeks[0]], district.weeks[weeks[-1]] + timedelta(days=6)
    page = Page(name="台账", reporter=town.station, width=len(heads), widths={2: 12, 3: 12, 4: 18, 5: 16})
    page.put(1, 1, f"{town.name}{title}（{first.year}年{first.month}月{first.day}日至{last.year}年{last.month}月{last.day}日）")
    page.merge(1, 1, 1, page.width)
    page.put(2, 1, f"填报单位：{town.station}")
    page.heads = (3, 3)
    page.put_row(3, heads)
    row = 4
    for week in weeks:
        for community in (c for c in town.communities if c.name != NEVER_REPORTED):
            rng = Random(f"{seed}/{kind}/{community.code}/{district.weeks[week]}")
            for day, (cells, numbers, attributes) in rows_of(activity, community, week, district.weeks[week], rng):
                page.put_row(row, [row - 3, day, community.name, *cells])
                for column, (channel, measure, unit, stock, written, true) in numbers.items():
                    where = (row, column, kind, channel, measure, unit, stock, community.name, town.name, community.name, day, day)
                    page.state(Fact(*where, written, true, attributes=attributes))
                row += 1
    page.body = (4, row)
    page.put(row, 1, "合计")
    page.merge(row, 1, row, 3)
    for column in sorted({f.column for f in page.facts if f.kind == "flow"}):
        page.put(row, column, plain(round(sum(f.written.value or 0 for f in page.facts if f.column == column), 2)))
    page.put(row + 1, 1, "填报人：周某某")
    page.put(row + 1, 4, f"填报日期：{filed.year}.{filed.month}.{filed.day}")
    page.put(row + 2, 1, f"说明：{FICTIONAL}。")
    page.merge(row + 2, 1, row + 2, page.width)
    return page


def _leaflet_rows(activity: Activity, community: Community, week: int, monday: date, rng: Random) -> Iterator[tuple[date, Row]]:
    """The week's leaflets over one to three days, each with its own material; at least one row, so that every week is covered."""
    true = int(activity.numbers["leaflets"][community.index, week])
    parts = rng.choice([1, 1, 2, 3]) if true >= 60 else 1
    days = sorted(rng.sample(range(7), parts))
    left = true
    for index, (day, material) in enumerate(zip(days, rng.sample(MATERIALS, parts), strict=True)):
        n = left if index == parts - 1 else round(left * rng.uniform(0.3, 0.6) / 10) * 10
        left -= n
        audience, place = rng.choice(AUDIENCES), rng.choice(PLACES)
        written = exactly(f"{n}份" if rng.random() < 0.06 else n, n)
        numbers = {7: ("leaflets", "distributed", "份", "flow", written, float(n))}
        attributes = {"material": material, "audience": audience, "venue": place}
        yield monday + timedelta(days=day), ([material, audience, place], numbers, attributes)


def _banner_rows(activity: Activity, community: Community, week: int, monday: date, rng: Random) -> Iterator[tuple[date, Row]]:
    """A row when the number of banners changed since the week before, and in the first week."""
    level = activity.numbers["banners"][community.index]
    before = level[week - 1] if week else 0.0
    if week and level[week] == before:
        return
    change = int(level[week] - before)
    boards = 2 + community.residents // 1200 + week // 30
    numbers = {
        6: ("banners", "hung", "条", "flow", exactly(max(change, 0), max(change, 0)), float(max(change, 0))),
        7: ("banners", "removed", "条", "flow", exactly(max(-change, 0), max(-change, 0)), float(max(-change, 0))),
        8: ("banners", "in_place", "条", "stock", exactly(int(level[week]), level[week]), float(level[week])),
        9: ("banners", "boards", "块", "stock", exactly(boards, boards), float(boards)),
    }
    place = rng.choice(PLACES)
    yield monday + timedelta(days=rng.randrange(5)), ([place, rng.choice(SLOGANS)], numbers, {"venue": place})


def _broadcast_rows(activity: Activity, community: Community, week: int, monday: date, rng: Random) -> Iterator[tuple[date, Row]]:
    """One row a week: loudspeakers, hours, and drone sorties."""
    hours, sorties = activity.numbers["broadcast_hours"][community.index, week], activity.numbers["drones"][community.index, week]
    devices = 2 + community.residents // 900
    clock = exactly(f"{hours:g}小时" if hours and rng.random() < 0.1 else plain(hours), hours)
    numbers = {
        6: ("broadcasts", "devices", "个", "stock", exactly(devices, devices), float(devices)),
        7: ("broadcasts", "hours", "小时", "flow", clock, float(hours)),
        8: ("drones", "sorties", "架次", "flow", exactly(int(sorties), sorties), float(sorties)),
    }
    place = rng.choice(PLACES)
    yield monday + timedelta(days=rng.randrange(7)), ([place, rng.choice(SLOGANS)], numbers, {"venue": place})


RowsOf = Callable[[Activity, Community, int, date, Random], Iterator[tuple[date, Row]]]
_KINDS: dict[str, tuple[str, tuple[str, ...], RowsOf]] = {
    "leaflets": ("反诈宣传品发放台账", ("宣传品名称", "发放对象", "发放地点", "发放数量（份）"), _leaflet_rows),
    "banners": ("反诈横幅展板台账", ("悬挂地点", "横幅内容", "新增（条）", "拆除（条）", "在用横幅（条）", "展板（块）"), _banner_rows),
    "broadcasts": ("反诈广播宣传台账", ("播放地点", "播放内容", "喇叭数量（个）", "播放时长（小时）", "无人机（架次）"), _broadcast_rows),
}
"""Form → (title, headings from column 4 on, what a community's week contributes)."""
