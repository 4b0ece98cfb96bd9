"""The three registers: residents by community, reporting units, operations. They hold names and levels, not outreach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from .district import BANKS, CENTRE, DISTRICT, DISTRICT_CODE, SCHOOLS, Community, District
from .events import LEDGER_BANK
from .sheets import FICTIONAL, Fact, Page
from .wording import exactly

PEOPLE = {"residents": "人", "households": "户", "elderly": "人", "students": "人"}
"""Attribute of Community and measure of the register → unit."""


def areas_page(district: District, year: int) -> Page:
    """辖区人口: one row an area, the district first, each town before its communities; people as at the end of `year`."""
    page = Page(name="辖区人口", reporter=CENTRE, width=10, widths={1: 14, 3: 14, 7: 14})
    page.put(1, 1, f"{DISTRICT}辖区人口基本情况表（{year}年末）")
    page.merge(1, 1, 1, 10)
    page.put(2, 1, f"填报单位：{CENTRE}")
    page.put(2, 7, f"数据截至：{year}年12月31日")
    page.heads = (3, 3)
    own = ["辖区名称", "层级", "上级辖区", "代码", "网格行", "网格列"]
    page.put_row(3, [*own, "常住人口（人）", "户数（户）", "60岁以上老年人（人）", "学生（人）"])
    rows: list[tuple[Sequence[object], Sequence[Community], str | None]] = [([DISTRICT, "区县", None, DISTRICT_CODE], district.communities, None)]
    for town in district.towns:
        rows.append(([town.name, "镇街", DISTRICT, town.code, town.grid_row, town.grid_column], town.communities, town.name))
        rows += [([c.name, "村" if c.name.endswith("村") else "社区", town.name, c.code], [c], town.name) for c in town.communities]
    for row, (cells, communities, town_name) in enumerate(rows, start=4):
        page.put_row(row, cells)
        for column, (measure, unit) in enumerate(PEOPLE.items(), start=7):
            n = sum(getattr(c, measure) for c in communities)
            day = date(year, 12, 31)
            place = (str(cells[0]), town_name, str(cells[0]) if len(cells) == 4 and town_name else None)
            page.state(Fact(row, column, "areas", "population", measure, unit, "stock", *place, day, day, exactly(n, n), n))
    page.body = (4, 3 + len(rows))
    page.put(4 + len(rows), 1, f"注：{FICTIONAL}；网格行、网格列为示意图位置。")
    page.merge(4 + len(rows), 1, 4 + len(rows), 10)
    return page


def units_page(district: District, joined: date) -> Page:
    """报送单位: who reports, for which area, on which form, from when. Schools are known but owe no form."""
    page = Page(name="报送单位", reporter=CENTRE, width=7, heads=(2, 2), widths={1: 24, 3: 14, 4: 24, 5: 24, 6: 14})
    page.put(1, 1, f"{DISTRICT}反诈宣传报送单位名录")
    page.merge(1, 1, 1, 7)
    page.put_row(2, ["单位名称", "类别", "负责辖区", "别名", "报送表", "启用日期", "备注"])
    towns = district.towns
    rows: list[list[object]] = [[t.station, "派出所", t.name, f"{t.station_alias}、{t.name}派出所", "反诈宣传周统计表", joined] for t in towns]
    for bank in BANKS:
        town = next(t for t in towns if bank.removeprefix("云麓示例银行").startswith(t.name[:2]))
        rows.append([bank, "银行", town.name, bank[-4:], "劝阻止付" if bank == LEDGER_BANK else None, joined])
    rows += [[school, "学校", town.name, None, None, joined] for school, town in zip(SCHOOLS, towns, strict=False)]
    rows.append([CENTRE, "反诈中心", DISTRICT, "区反诈中心、反诈中心", "劝阻止付", joined])
    for offset, cells in enumerate(rows):
        page.put_row(3 + offset, cells)
    page.body = (3, 2 + len(rows))
    page.put(3 + len(rows), 1, f"注：{FICTIONAL}")
    return page


def campaigns_page(district: District) -> Page:
    """专项行动: name, first and last day, kind."""
    page = Page(name="专项行动", reporter=CENTRE, width=4, widths={1: 24, 2: 14, 3: 14, 4: 12})
    page.put(1, 1, f"{DISTRICT}专项行动一览表")
    page.merge(1, 1, 1, 4)
    page.put_row(2, ["名称", "开始日期", "结束日期", "类型"])
    for offset, operation in enumerate(district.operations):
        page.put_row(3 + offset, [operation.name, operation.start, operation.end, operation.kind])
    page.body = (3, 2 + len(district.operations))
    page.put(3 + len(district.operations), 1, f"注：{FICTIONAL}")
    return page
