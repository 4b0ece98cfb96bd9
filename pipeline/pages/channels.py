"""渠道: which channel carries volume, what changed, and where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from pipeline.charts import multiples

from . import blocks, comparisons, findings, rowrates, trends
from . import format as fmt
from .blocks import both
from .district import ROW, District
from .facts import gather
from .losses import number
from .messages import both_names
from .model import Block, Cell, Column, KeyItem, Num, Page, Period, Plot, Row, Scope, Table, Text, View, say
from .parts import bars

SHADES = 5
LEAST_SHOWN = 0.05
"""Contacts per 100 residents a week that one decimal cannot tell from none."""


def page(district: District) -> Page:
    scope = Scope(district.top, district.default_period.id)
    facts = gather(district, scope)
    rows = bars.channel_rows(district, scope)
    title = findings.channels_title(dict(zip(district.channels, rows, strict=True)), facts)
    texts = {"c4.title": title, **blocks.no_bars(district, scope, c4=rows)}
    return Page(
        path="channels.html",
        kind="channels",
        title=say("page.titled", area=f"area:{district.top}", page="page:channels"),
        views=(View(scope, texts, {}, {"c4": rows}),),
        blocks=(
            blocks.channel_bars(district, scope, span=12),
            multiples_block(district, facts.period),
            *operations_blocks(district),
            *rowrates.blocks_of(district),
            heat_block(district, facts.period),
        ),
    )


def multiples_block(district: District, period: Period) -> Block:
    """C8: each channel a week, in parts of its own mean of the year, so that one axis serves channels that count different things."""
    residents = district.area[district.top]["residents"] or 0
    size = len(district.shown)
    facets, texts, weekly = [], {}, {}
    top = 1.0
    for i, channel in enumerate(district.channels, start=1):
        values = [None if v is None or not residents else 100 * v / residents for v in district.weekly(f"contacts.{channel}", district.top)[-size:]]
        weekly[channel] = values
        latest = next((v for v in reversed(values) if v is not None), None)
        mean = mean_of(values)
        parts = [v / mean if v is not None and mean else v for v in values]
        top = max([top, *(v for v in parts if v is not None)])
        texts |= {f"name:{i}": say("lane.name", x=f"ch:{channel}"), f"value:{i}": latest_text(latest)}
        facets.append(multiples.Facet(both(district, texts[f"name:{i}"])[0], both(district, texts[f"value:{i}"])[0], parts))
    operations = [(m["start"], m["end"]) for m in trends.markers(district) if m["kind"] == "operation"]
    midweeks = [str(week + trends.MIDWEEK) for week in district.shown]
    figure = multiples.figure(facets, midweeks, ticks=trends.nice_ticks(top), tickformat=".0%", operations=operations, level=1.0)
    plot = Plot(figure, "multiples", texts, {"months": blocks.month_ticks(district)}, 420)
    return Block(
        "c8",
        12,
        findings.weekly_title(weekly),
        say("c8.sub"),
        (plot,),
        key=(KeyItem("line", say("c8.week")), KeyItem("reference", say("c8.mean"))),
        foot=say("c8.foot"),
        data=weekly_table(district, period, residents, {channel: mean_of(values) for channel, values in weekly.items()}),
        csv="channel_weeks",
        metric="contacts",
    )


def mean_of(weeks: Sequence[float | None]) -> float | None:
    """Mean of the known weeks, by which C8's title compares a channel with itself; None without a known week."""
    known = [v for v in weeks if v is not None]
    return sum(known) / len(known) if known else None


def latest_text(value: float | None) -> Text:
    """Never 0.0 for a channel that reached somebody."""
    return say("c8.value_small") if value and value < LEAST_SHOWN else say("c8.value", x=value)


def weekly_table(district: District, period: Period, residents: float, means: Mapping[str, float | None]) -> Table:
    """C8's weeks of the period with their bounds, per 100 residents, newest first, then the means that are its 100%; the CSV has every week."""
    metrics = [f"contacts.{channel}" for channel in district.channels]
    told = district.frames["weekly_series"].filter(pl.col("metric").is_in(metrics), pl.col("kind") != "level")
    sums = told.group_by("metric", "week").agg(
        pl.col("value", "low", "high").sum(), pl.col("unit").first(), is_known=pl.col("value").is_not_null().any()
    )
    known = {(row["metric"], row["week"]): row for row in sums.iter_rows(named=True) if row["is_known"]}

    def cell(metric: str, week: date) -> Cell:
        row = known.get((metric, week))
        if row is None or not residents:
            return Cell(fmt.UNKNOWN, fmt.UNKNOWN, css="r")
        x, low, high = (100 * row[name] / residents for name in ("value", "low", "high"))
        shown = say("cell.of_hundred", x=x) if low == x == high else say("cell.of_hundred_range", x=x, low=low, high=high)
        how = say("how.hundred", value=row["value"], unit=f"unit:{row['unit']}", people=residents, x=x)
        return Cell(*both(district, shown), css="r", num=Num(metric, week=str(week)) if x else None, how=how)

    weeks = [week for week in reversed(district.shown) if period.first <= week <= period.last]
    rows = tuple(Row(str(w), (Cell(*both(district, say("week.full", x=str(w)))), *(cell(m, w) for m in metrics))) for w in weeks)
    heads = (Column(say("th.week")), *(Column(say("lane.name", x=f"ch:{c}"), "r") for c in district.channels))
    mean = (Cell(*both(district, latest_text(x)), css="r") if x is not None else Cell(fmt.UNKNOWN, fmt.UNKNOWN, css="r") for x in means.values())
    return Table("c8-table", say("c8.table"), heads, (*rows, Row("mean", (Cell(*both(district, say("c8.mean"))), *mean))))


OPERATION_HEADS = (
    ("th.operation", ""),
    ("th.channel", ""),
    ("th.span_before", "r"),
    ("th.span_during", "r"),
    ("th.change_of", "r"),
    ("th.reports", "r"),
)


def operations_blocks(district: District) -> tuple[Block, ...]:
    """What changed in an operation: contacts of its weeks against the equal span before, the latest operation first."""
    found = [p for p in reversed(district.periods) if p.is_operation]
    kpi = {(p.id, c): row for p in found for c in district.channels if (row := district.kpi.get((f"contacts.{c}", district.top, p.id)))}
    if not kpi:
        return ()
    rows = tuple(operation_row(district, op, channel, row) for (op, channel), row in kpi.items())
    latest = next(iter(kpi))[0]
    title = findings.operation_title(latest, [row["change"] for (op, _), row in kpi.items() if op == latest])
    table = Table("ops-table", say("ops.sub"), tuple(Column(say(k), css) for k, css in OPERATION_HEADS), rows, stacks=True)
    return (Block("ops", 12, title, say("ops.sub"), (table,), foot=say("ops.foot"), csv="channels", metric="contacts"),)


def operation_row(district: District, op: str, channel: str, row: ROW) -> Row:
    metric, change = f"contacts.{channel}", row["change"]
    why = say("ops.why", why=comparisons.why(row["note"])) if row["note"] else say("ops.none")
    shown = both(district, why) if change is None else (fmt.show(change, "change", "zh"), fmt.show(change, "change", "en"))
    reports = say("ops.reports", came=row["reports_in"] or 0, due=row["reports_due"] or 0)
    return Row(
        f"{op}:{channel}",
        (
            Cell(*both_names(op, district.names), css="name"),
            Cell(*both(district, say("ops.channel", channel=f"ch:{channel}", unit=f"unit:{row['unit']}"))),
            number(row["previous"], num=Num(metric, week=f"before:{op}")),
            number(row["value"], num=Num(metric, week=op)),
            changed(row, shown, Num(metric, week=op)),
            Cell(*both(district, reports), css="r", num=Num("on_time_rate", week=op)),
        ),
    )


def changed(row: ROW, shown: tuple[str, str], num: Num) -> Cell:
    """The change of an operation's contacts, made of those of the same reporters in it and before it."""
    change, now, before = row["change"], row["comparable"], row["previous"]
    if change is None or now is None or not before:
        return Cell(*shown, change, "r")
    return Cell(*shown, change, "r", num=num, how=say("how.share", now=now, before=before, x=change))


def heat_block(district: District, period: Period) -> Block:
    """T3: channel × town, per 100 residents; shades within a channel only, because channels count different things."""
    heads = (Column(say("th.channel")), *(Column(say("area.name", x=f"area:{t}"), "r") for t in district.towns))
    rows, rates = [], {}
    for channel in district.channels:
        values = {t: per_hundred(district, channel, t, period) for t in district.towns}
        largest = max((v for v in values.values() if v is not None), default=0) or 1
        cells = [Cell(*both_names(f"ch:{channel}", district.names), css="name")]
        for town, value in values.items():
            shade = "none" if value is None else str(min(SHADES - 1, int(SHADES * value / largest)))
            num, how = (None, ()) if value is None else (Num(f"contacts.{channel}", town), heat_sum(district, channel, town, period, value))
            cells.append(Cell(fmt.show(value, "fixed1", "zh"), fmt.show(value, "fixed1", "en"), value, f"r heat{shade}", num=num, how=how))
        rates[channel] = values
        rows.append(Row(channel, tuple(cells)))
    table = Table("t3-table", say("t3.caption"), heads, tuple(rows))
    return Block(
        "t3",
        12,
        findings.towns_title(rates, rankings=district.settings.pages.rankings == "on"),
        say("t3.sub"),
        (table,),
        foot=say("t3.foot"),
        csv="channels",
        metric="contacts",
    )


def heat_sum(district: District, channel: str, town: str, period: Period, rate: float) -> Text:
    row = district.kpi[f"contacts.{channel}", town, period.id]
    return say("how.hundred", value=row["value"], unit=f"unit:{row['unit']}", people=district.area[town]["residents"], x=rate)


def per_hundred(district: District, channel: str, town: str, period: Period) -> float | None:
    row = district.kpi.get((f"contacts.{channel}", town, period.id))
    residents = district.area[town]["residents"]
    return None if row is None or row["value"] is None or not residents else 100 * row["value"] / residents
