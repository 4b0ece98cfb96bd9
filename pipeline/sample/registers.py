"""The three registers: residents by community, reporting units, operations. They hold names and levels, not outreach."""

from __future__ import annotations

from datetime import date

from .district import BANKS, CENTRE, DISTRICT, SCHOOLS, District
from .sheets import FICTIONAL, Fact, Page
from .wording import exactly


def areas_page(district: District, year: int) -> Page:
    """辖区人口: one row a community, the town's cells merged over its rows, residents as at the end of `year`."""
    page = Page(name="辖区人口", reporter=CENTRE, width=10, widths={1: 12, 3: 14})
    page.put(1, 1, f"{DISTRICT}辖区人口基本情况表（{year}年末）")
    page.merge(1, 1, 1, 10)
    page.put(2, 1, f"填报单位：{CENTRE}")
    page.put(2, 7, f"数据截至：{year}年12月31日")
    page.heads = (3, 3)
    heads = ["镇街", "镇街代码", "社区（村）", "代码", "常住人口（人）", "户数（户）", "老年人（人）", "学生（人）", "行", "列"]
    page.put_row(3, heads)
    row = 4
    for town in district.towns:
        top = row
        page.put_row(row, [town.name, town.code])
        for community in town.communities:
            page.put_row(row, [community.name, community.code], 3)
            counts = (
                ("residents", "人", community.residents),
                ("households", "户", community.households),
                ("elderly", "人", community.elderly),
                ("students", "人", community.students),
            )
            for column, (measure, unit, n) in enumerate(counts, start=5):
                page.state(
                    Fact(row, column, "areas", "population", measure, unit, "stock", community.name, town.name, community.name,
                         date(year, 12, 31), date(year, 12, 31), exactly(n, n), n)
                )  # fmt: skip
            row += 1
        page.put_row(top, [town.grid_row, town.grid_column], 9)
        for column in (1, 2, 9, 10):
            page.merge(top, column, row - 1, column)
    page.body = (4, row)
    page.put(row, 1, "合计")
    page.merge(row, 1, row, 4)
    for column in range(5, 9):
        page.put(row, column, sum(int(f.written.value or 0) for f in page.facts if f.column == column))
    page.put(row + 1, 1, f"注：{FICTIONAL}；行、列为示意图位置。")
    page.merge(row + 1, 1, row + 1, 10)
    return page


def units_page(district: District, joined: date) -> Page:
    """报送单位: who reports, for which area, on which form, from when."""
    page = Page(name="报送单位", reporter=CENTRE, width=8, widths={1: 24, 3: 14, 4: 14, 5: 24, 6: 24, 7: 14})
    page.put(1, 1, f"{DISTRICT}反诈宣传报送单位名录")
    page.merge(1, 1, 1, 8)
    page.put_row(2, ["单位名称", "类别", "所在镇街", "负责辖区", "别名", "报送表", "启用日期", "备注"])
    towns = district.towns
    rows: list[list[object]] = [
        [t.station, "派出所", t.name, t.name, f"{t.station_alias}、{t.name}派出所", "反诈宣传周统计表", joined] for t in towns
    ]
    rows += [[bank, "银行", next(t.name for t in towns if t.name[:2] in bank), None, bank[-4:], "劝阻止付台账", joined] for bank in BANKS]
    rows += [[school, "学校", town.name, None, None, None, joined] for school, town in zip(SCHOOLS, towns, strict=False)]
    rows.append([CENTRE, "反诈中心", towns[0].name, DISTRICT, "区反诈中心、反诈中心", "劝阻止付台账", joined])
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
