"""场均人数与预警处置率: what one session drew and what share of the warnings was handled, by town, beside the counts they rest on.

Here: the card of the channels page. Not here: which rows of sheets state both counts (measures/row_rates.py).
"""

from __future__ import annotations

from pipeline.measures.row_rates import ATTENDANCE, HANDLING

from . import format as fmt
from .district import ROW, District
from .losses import number
from .messages import both, both_names
from .model import Block, Cell, Column, Row, Table, Text, say

KINDS = {ATTENDANCE: "fixed1", HANDLING: "pct"}
"""How each is written, in the order of the columns."""


def rows_of(district: District, metric: str) -> tuple[Text, dict[str, ROW]]:
    """The period and the row of each town and the district that states the ratio: of the default period, else (where only monthly sheets do)
    of the latest month; nothing where nobody states both counts."""
    period = district.default_period
    weekly = {area: row for area in district.scopes if (row := district.kpi.get((metric, area, period.id)))}
    if weekly:
        return period.label, weekly
    months = sorted(p for m, _, p in district.month_kpi if m == metric)
    if not months:
        return (), {}
    monthly = {area: row for area in district.scopes if (row := district.month_kpi.get((metric, area, months[-1])))}
    return say("rowrates.month", x=months[-1]), monthly


def cells(district: District, row: ROW | None, kind: str) -> list[Cell]:
    """The ratio, its range where approximate counts leave one, and the count it rests on."""
    if row is None or row["high"] is None:
        return [Cell(fmt.UNKNOWN, fmt.UNKNOWN, css="r")] * 3
    value, low, high = row["value"], row["low"], row["high"]
    ratio = Cell(fmt.show(value, kind, "zh"), fmt.show(value, kind, "en"), value, css="r")
    span = say("firm.exact") if low == high == value else say(f"rowrates.{kind}_bounds", low=low, high=high)
    return [ratio, Cell(*both(span, district.names), css="r"), number(row["n_records"])]


def blocks_of(district: District) -> tuple[Block, ...]:
    """The card, where a row of any sheet states both counts of either ratio."""
    found = {metric: rows_of(district, metric) for metric in KINDS}
    told = {metric: (label, rows) for metric, (label, rows) in found.items() if rows}
    if not told:
        return ()
    heads, title = [Column(say("th.town"))], []
    for metric, (label, rows) in told.items():
        named = Column((*say("rowrates.head", metric=f"metric:{metric}"), *label), "r")
        heads += [named, Column(say("th.range"), "r"), Column(say(f"rowrates.of_{metric}"), "r")]
        whole = rows.get(district.top)
        if whole and whole["value"] is not None:
            title += [*(say("gap") if title else ()), *say(f"t.rowrates_{metric}", x=whole["value"], n=whole["n_records"])]
    listed = []
    for area in district.scopes:
        each = [rows.get(area) for _, rows in told.values()]
        if not any(each):
            continue
        shown = [Cell(*both_names(f"area:{area}", district.names), css="name")]
        for metric, row in zip(told, each, strict=True):
            shown += cells(district, row, KINDS[metric])
        listed.append(Row(area, tuple(shown)))
    table = Table("rowrates-table", say("rowrates.sub"), tuple(heads), tuple(listed), stacks=True)
    return (Block("rowrates", 12, tuple(title) or say("rowrates.sub"), say("rowrates.sub"), (table,), foot=say("rowrates.foot"), csv="towns"),)
