"""本月截至: the running month to its last closed week, against the same days of the month and of the year before.

Here: the card of the losses page. Not here: the sums (measures/months.py), closed months side by side (C9 in losses.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from pipeline.measures.averages import MEAN, MEDIAN

from . import comparisons
from . import format as fmt
from .amounts import GRADES
from .district import ROW, District
from .facts import NOTHING, Facts
from .messages import both, both_names
from .model import Block, Cell, Column, Num, Row, Table, Text, say

METRICS = (("cases", "n"), ("prevented", "money"), (MEAN, "money"), (MEDIAN, "money"))
"""(metric, how it is written)."""


HEADS = (("th.metric", ""), ("th.to_date", "r"), ("th.range", "r"), ("th.month_before", "r"), ("th.year_before", "r"), ("th.change_of", ""))


def shown(value: float | None, kind: str, num: Num | None) -> Cell:
    return Cell(fmt.show(value, kind, "zh"), fmt.show(value, kind, "en"), css="r", num=num if value else None)


def of_towns(district: District, value: float | None, kind: str, num: Num, n_apart: int) -> Cell:
    """An earlier number of the towns that are compared says so where some are not: beside the number of all it would look like a fall."""
    cell, total = shown(value, kind, num), len(district.towns)
    if value is None or not n_apart:
        return cell
    zh, en = both(say(f"month.of_towns.{kind}", x=value, n=total - n_apart, total=total), district.names)
    return replace(cell, zh=zh, en=en)


def bounds(district: District, row: ROW, kind: str) -> tuple[str, str]:
    if row["low"] is None or row["high"] is None:
        return fmt.UNKNOWN, fmt.UNKNOWN
    if row["low"] == row["high"] == row["value"]:
        return both(say("firm.exact"), district.names)
    scaled = "money" if kind == "money" else "count"
    return fmt.span(row["low"], row["high"], scaled, "zh"), fmt.span(row["low"], row["high"], scaled, "en")


def changes(facts: Facts, metric: str, kind: str) -> Text:
    """Against the same days of the month before and of the year before, each in the form its base allows."""
    cases = facts.kpi["cases"]
    month = comparisons.compared(facts, "month", metric, kind, cases=cases["previous"])
    row = facts.kpi[metric]
    if row["n_left_out"] and row["change"] is not None:
        month = (*month, *say(f"month.same.{kind}", n=row["n_left_out"], before=row["previous"], now=row["comparable"]))
    return (*month, *say("gap"), *comparisons.compared(facts, "year", metric, kind, cases=cases["year_before"]))


def row_of(district: District, facts: Facts, name: str, metric: str, kind: str) -> Row:
    """One indicator; `name`: the running month."""
    row, area = facts.kpi[metric], facts.scope.area
    parts = [f"month:{name}", *(f"until:{first:%Y-%m}" for first, _, _ in district.compared_days)]
    nums = [Num(metric, area, "all", part) for part in parts]
    values = (row["value"], row["previous"], row["year_before"])
    apart = (0, *(len(towns) for _, _, towns in district.compared_days))
    cells = [of_towns(district, value, kind, num, n) for value, num, n in zip(values, nums, apart, strict=True)]
    return Row(
        metric,
        (
            Cell(*both_names(f"metric:{metric}", district.names), css="name"),
            cells[0],
            Cell(*bounds(district, row, kind), css="r"),
            *cells[1:],
            Cell(*both(changes(facts, metric, kind), district.names), css="wrap"),
        ),
    )


def title_of(district: District, facts: Facts, name: str, end: date) -> Text:
    """Cases and amount of the month `name` up to `end`, with the split by grade."""
    row, cases = facts.kpi["prevented"], facts.kpi["cases"]
    if not cases["value"]:
        return say("t.month_none", end=str(end))
    amounts = {grade: district.month_kpi.get((f"prevented.{grade}", facts.scope.area, name), NOTHING)["value"] for grade in GRADES}
    grades = [[f"grade:{grade}", amount] for grade, amount in amounts.items() if amount]
    head = say("t.month", end=str(end), n=cases["value"], value=row["value"])
    return (*head, *(say("s.split", grades=grades) if grades else ()))


def blocks_of(district: District, facts: Facts, *, span: int = 12) -> tuple[Block, ...]:
    """The card, while a month is running."""
    if district.running_month is None:
        return ()
    name, _, end = district.running_month
    told = {metric: district.month_kpi.get((metric, facts.scope.area, name), NOTHING) for metric, _ in METRICS}
    monthly, sub = replace(facts, kpi=told), say("month.sub", end=str(end))
    rows = tuple(row_of(district, monthly, name, metric, kind) for metric, kind in METRICS)
    table = Table("month-table", sub, tuple(Column(say(k), css) for k, css in HEADS), rows, stacks=True)
    title = title_of(district, monthly, name, end)
    return (Block("month", span, title, sub, (table,), foot=say("month.foot"), csv="months", metric="prevented"),)
