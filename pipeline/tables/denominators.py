from __future__ import annotations

import dataframely as dy

from . import columns as c


class Denominators(dy.Schema):
    """分母: one row is the number of people of one target group in one area.

    Changed: of several registers the latest value stands.
    Not to be assumed: that groups add up: a pensioner is also a resident, or that 户籍 and 常住 are the same.
    """

    area_id = c.text("辖区编号", "the area in `areas`", key=True)
    audience = c.text("对象人群", "all, elderly, students, finance_staff …", key=True)
    n = c.number("人数", "people of this group", unit="人", null=False, low=0)
    kind = c.text("口径", "常住人口 …, as the register names it")
    year = c.whole("年份", "year of the figure", unit="年", null=True)
    path = c.text("出处文件", "path below data/raw")
    sheet = c.text("出处工作表", "sheet name")
    cell = c.text("出处单元格", "cell of the figure")
