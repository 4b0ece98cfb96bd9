from __future__ import annotations

import dataframely as dy

from . import columns as c


class Areas(dy.Schema):
    """辖区: one row is one administrative area: the district, a town or a community.

    Changed: names to ids; of several registers the latest value stands. Names seen in sheets but in no register are provisional rows.
    Not to be assumed: that residents is known (null: no register), or that station districts are towns: `units` says whom a unit serves.
    """

    area_id = c.text("辖区编号", "code of the register, else a stable short hash; ASCII", key=True)
    parent_id = c.text("上级辖区", "area above; null for the district", null=True)
    level = c.text("层级", "district, town or community", among=("district", "town", "community"), rule="level_is_known")
    zh = c.text("名称", "name in Chinese")
    en = c.text("英文名", "name in English", null=True)
    position = c.whole("次序", "administrative order, from 0", unit="序号")
    grid_row = c.whole("网格行", "row on the tile map", unit="格", null=True, low=None)
    grid_col = c.whole("网格列", "column on the tile map", unit="格", null=True, low=None)
    residents = c.number("常住人口", "usual residents; null when no register says", unit="人", low=0)
    households = c.number("户数", "households; null when no register says", unit="户", low=0)
    population_year = c.whole("人口年份", "year of the population figure", unit="年", null=True)
    population_path = c.text("人口出处文件", "file of the population figure", null=True)
    population_sheet = c.text("人口出处工作表", "sheet of the population figure", null=True)
    population_cell = c.text("人口出处单元格", "cell of the population figure", null=True)
    is_provisional = c.flag("暂定", "no register names this area; shown with counts, without rates")
