"""渠道: which channel carries volume, what changed, and where."""

from __future__ import annotations

from pipeline.charts import multiples

from . import blocks, findings, trends
from . import format as fmt
from .blocks import both
from .district import District
from .facts import gather
from .messages import both_names
from .model import Block, Cell, Column, Num, Page, Period, Plot, Row, Scope, Table, View, say
from .parts import bars

SHADES = 5


def page(district: District) -> Page:
    scope = Scope(district.top, district.default_period.id)
    facts = gather(district, scope)
    rows = bars.channel_rows(district, scope)
    title = findings.channels_title(dict(zip(district.channels, rows, strict=True)), facts)
    return Page(
        path="channels.html",
        kind="channels",
        title=say("page.titled", area=f"area:{district.top}", page="page:channels"),
        views=(View(scope, {"c4.title": title}, {}, {"c4": rows}),),
        blocks=(blocks.channel_bars(district, scope, span=12), multiples_block(district), heat_block(district, facts.period)),
    )


def multiples_block(district: District) -> Block:
    """C8: each channel a week, per 100 residents, on one axis."""
    residents = district.area[district.top]["residents"] or 0
    size = len(district.shown)
    facets, texts = [], {}
    top = 0.0
    for i, channel in enumerate(district.channels, start=1):
        values = [None if v is None or not residents else 100 * v / residents for v in district.weekly(f"contacts.{channel}", district.top)[-size:]]
        latest = next((v for v in reversed(values) if v is not None), None)
        top = max(top, *(v for v in values if v is not None), 0.0)
        texts |= {f"name:{i}": say("lane.name", x=f"ch:{channel}"), f"value:{i}": say("cell.fixed1", x=latest)}
        facets.append(multiples.Facet(both(district, texts[f"name:{i}"])[0], both(district, texts[f"value:{i}"])[0], values))
    operations = [(m["start"], m["end"]) for m in trends.markers(district) if m["kind"] == "operation"]
    figure = multiples.figure(
        facets, [str(week + trends.MIDWEEK) for week in district.shown], top=trends.nice_ticks(top)[-1], percent=False, operations=operations
    )
    plot = Plot(figure, "multiples", texts, {"months": blocks.month_ticks(district)}, 420)
    return Block("c8", 12, say("t.c8", n=len(facets)), say("c8.sub"), (plot,), foot=say("c8.foot"), csv="channels", metric="contacts")


def heat_block(district: District, period: Period) -> Block:
    """T3: channel × town, per 100 residents; shades within a channel only, because channels count different things."""
    heads = (Column(say("th.channel")), *(Column(say("area.name", x=f"area:{t}"), "r") for t in district.towns))
    rows = []
    for channel in district.channels:
        values = {t: per_hundred(district, channel, t, period) for t in district.towns}
        largest = max((v for v in values.values() if v is not None), default=0) or 1
        cells = [Cell(*both_names(f"ch:{channel}", district.names), css="name")]
        for town, value in values.items():
            shade = "none" if value is None else str(min(SHADES - 1, int(SHADES * value / largest)))
            num = None if value is None else Num(f"contacts.{channel}", town)
            cells.append(Cell(fmt.show(value, "fixed1", "zh"), fmt.show(value, "fixed1", "en"), value, f"r heat{shade}", num=num))
        rows.append(Row(channel, tuple(cells)))
    table = Table("t3-table", say("t3.caption"), heads, tuple(rows))
    return Block(
        "t3",
        12,
        say("t.t3", n=len(district.channels), towns=len(district.towns)),
        say("t3.sub"),
        (table,),
        foot=say("t3.foot"),
        csv="channels",
        metric="contacts",
    )


def per_hundred(district: District, channel: str, town: str, period: Period) -> float | None:
    row = district.kpi.get((f"contacts.{channel}", town, period.id))
    residents = district.area[town]["residents"]
    return None if row is None or row["value"] is None or not residents else 100 * row["value"] / residents
