"""C11: losses that did happen beside those that were prevented, and the prevention rate; only where losses are handed in.

Not here: the rate itself and the roll-up (measures), prevented losses alone (losses.py).
"""

from __future__ import annotations

from pipeline.charts import panels

from . import blocks, trends
from . import format as fmt
from .blocks import both
from .district import ROW, District
from .facts import NOTHING
from .model import Block, Cell, Column, Num, Plot, Row, Table, say

RATES = (("prevention_rate", "prevented", "rate.all"), ("prevention_rate.P3plus", "prevented.P3plus", "rate.strong"))
"""(rate, prevented part of it, its name): once for all grades, once for P3 and above."""


def has_losses(district: District) -> bool:
    return bool(district.frames["actual_losses"].height)


def money(value: float | None, num: Num | None = None) -> Cell:
    return Cell(fmt.show(value, "money", "zh"), fmt.show(value, "money", "en"), css="r", num=num if value else None)


def kpi(district: District, metric: str) -> ROW:
    return district.kpi.get((metric, district.top, district.default_period.id), NOTHING)


def rate_row(district: District, rate: str, prevented: str, name: str) -> Row:
    found = kpi(district, rate)
    share = tuple(fmt.show(found["value"], "pct", lang) for lang in ("zh", "en"))
    span = ("—", "—") if found["low"] is None else both(district, say("cell.range", low=found["low"], high=found["high"]))
    cells = (Cell(*both(district, say(name)), css="name"), money(kpi(district, prevented)["value"], Num(prevented)),
             money(kpi(district, "losses.amount")["value"], Num("losses.amount")), Cell(*share, css="r"), Cell(*span, css="r"))  # fmt: skip
    return Row(rate, cells)


def rate_table(district: District) -> Table:
    heads = (Column(say("th.grade")), *(Column(say(k), "r") for k in ("kpi.prevented", "th.actual", "th.prevention_rate", "th.range")))
    return Table("rate-table", say("c11.rates"), heads, tuple(rate_row(district, *rate) for rate in RATES), stacks=True)


def plot(district: District, lost: list[float | None], kept: list[float | None]) -> Plot:
    ticks = trends.nice_ticks(max((v for v in (*lost, *kept) if v), default=0.0))
    names = {"name:1": say("th.actual"), "name:2": say("kpi.prevented")}
    texts = [both(district, text)[0] for text in names.values()]
    shown = ((texts[0], "ink3", lost), (texts[1], "teal", kept))
    figure = panels.figure(
        [str(week + trends.MIDWEEK) for week in district.shown],
        shown,
        ticks=(ticks, trends.money_ticks(ticks, "zh")),
        provisional=[week in district.provisional for week in district.shown],
    )
    amounts = (ticks, trends.money_ticks(ticks, "zh"), trends.money_ticks(ticks, "en"))
    return Plot(figure, "panels", names, {"xaxis": blocks.month_ticks(district), "yaxis": amounts, "yaxis2": amounts}, 360)


def block(district: District) -> Block:
    """Both series week by week in the same unit and scale, above them the rates of the period."""
    size = len(district.shown)
    lost = district.weekly("losses.amount", district.top)[-size:]
    kept: list[float | None] = [float(v) for v in district.prevented.weeks[district.top]["value"][-size:]]
    rows = tuple(
        Row(
            str(week),
            (
                Cell(*both(district, say("week.full", x=str(week)))),
                money(a, Num("losses.amount", week=str(week))),
                money(b, Num("prevented", week=str(week))),
                Cell(*(("初步", "provisional") if week in district.provisional else ("", ""))),
            ),
        )
        for week, a, b in reversed(list(zip(district.shown, lost, kept, strict=True)))
    )
    heads = (Column(say("th.week")), Column(say("th.actual"), "r"), Column(say("kpi.prevented"), "r"), Column(say("th.provisional")))
    rates = [kpi(district, rate)["value"] for rate, _, _ in RATES]
    title = say("t.c11", all=rates[0], strong=rates[1]) if rates[0] is not None else say("t.c11_plain")
    return Block(
        "c11",
        12,
        title,
        say("c11.sub"),
        (rate_table(district), plot(district, lost, kept)),
        foot=say("losses.caution"),
        data=Table("c11-table", say("c11.sub"), heads, rows),
        metric="losses.amount",
    )
