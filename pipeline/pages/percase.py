"""一起案件多少钱: mean and median prevented loss per case, side by side because large cases carry the mean.

Here: the card of the losses page. Not here: how bounds arise (measures/averages.py), the month to date (months.py).
"""

from __future__ import annotations

from pipeline.measures.averages import MEAN, MEDIAN

from . import comparisons
from .district import District
from .facts import NOTHING, Facts
from .messages import both
from .model import Block, Cell, Column, Num, Row, Table, Text, say
from .months import bounds, shown

FAR = 2.0
"""How many times the median the mean must be for the few large cases to be named as what makes it."""


def title_of(mean: float | None, median: float | None) -> Text:
    if not mean or not median:
        return say("t.percase_none")
    if mean / median >= FAR:
        return say("t.percase_far", mean=mean, median=median, times=mean / median)
    return say("t.percase", mean=mean, median=median)


def block(district: District, facts: Facts, *, span: int = 4) -> Block:
    rows = {metric: district.kpi.get((metric, facts.scope.area, facts.period.id), NOTHING) for metric in (MEAN, MEDIAN)}
    cases = facts.kpi["cases"]["previous"]
    listed = []
    for metric, row in rows.items():
        told = comparisons.compared_row(facts, row, "previous", metric, "money", cases=cases)
        listed.append(
            Row(
                metric,
                (
                    Cell(*both(say(f"percase.{metric.removeprefix('prevented.')}"), district.names), css="name"),
                    shown(row["value"], "money", Num(metric)),
                    Cell(*bounds(district, row, "money"), css="r"),
                    Cell(*both(told, district.names), css="wrap"),
                ),
            )
        )
    heads = tuple(Column(say(k), css) for k, css in (("th.metric", ""), ("th.now", "r"), ("th.range", "r"), ("th.change_of", "")))
    table = Table("percase-table", say("percase.sub"), heads, tuple(listed), stacks=True)
    title = title_of(rows[MEAN]["value"], rows[MEDIAN]["value"])
    return Block("percase", span, title, say("percase.sub"), (table,), foot=say("percase.foot"), csv="towns", metric=MEAN)
