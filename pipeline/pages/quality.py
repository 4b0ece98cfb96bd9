"""数据质量: who did not report, what is late, provisional or in conflict, what was returned and why, what changed since it was published."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from pipeline.charts import history

from . import changes, findings, issues, trends
from . import format as fmt
from .blocks import both
from .district import RECEIVED, ROW, District
from .facts import NOTHING, gather
from .losses import firmness_block, money, number
from .messages import both_names
from .model import Block, Cell, Column, KeyItem, Matrix, Num, Page, Plot, Row, Scope, Table, View, say
from .parts import reports
from .render import local

YEAR = 52


def page(district: District) -> Page:
    scope = Scope(district.top, district.default_period.id)
    facts = gather(district, scope)
    weeks = district.weeks[-YEAR:]
    matrix = Matrix(tuple(weeks), reports.matrix(district, weeks).rows)
    q1 = Block(
        "q1",
        12,
        findings.reports_title(facts),
        say("q1.sub", n=len(weeks)),
        (matrix,),
        key=reports.KEY,
        foot=say("q1.foot"),
        csv="reports",
        metric="on_time_rate",
    )
    return Page(
        path="quality.html",
        kind="quality",
        title=say("page.titled", area=f"area:{district.top}", page="page:quality"),
        views=(View(scope, {}),),
        blocks=(
            q1,
            changes.numbers_block(district),
            changes.settings_block(district),
            rates_block(district),
            revision_block(district),
            firmness_block(district, facts, span=5),
            issues.issues_block(district),
            issues.impossible_block(district),
            issues.confirmed_block(district),
            issues.returned_block(district),
        ),
    )


def rates_block(district: District) -> Block:
    """Reporting rate, on-time rate and completeness of items by town over the period."""
    period = district.default_period
    first, last = district.indices(period)
    rows = []
    for town in district.towns:
        counts = district.counts(town, district.weeks[first : last + 1])
        due = sum(n for s, n in counts.items() if s not in ("not_due", "waived"))
        came = sum(counts[s] for s in RECEIVED)
        on_time = counts["on_time"] + counts["zero_report"]
        cells = [Cell(*both_names(f"area:{town}", district.names), css="name", href=f"area/{town}.html")]
        for part, metric in ((came, "reporting_rate"), (on_time, "on_time_rate")):
            share = part / due if due else None
            bar = None if share is None else (share, share, share)
            num = Num(metric, town) if due else None
            cells.append(Cell(fmt.show(share, "pct", "zh"), fmt.show(share, "pct", "en"), share, "cov", bar=bar, num=num))
        filled = district.kpi.get(("item_completeness", town, period.id), NOTHING)["value"]
        cells.append(Cell(fmt.show(filled, "pct", "zh"), fmt.show(filled, "pct", "en"), filled, "r"))
        shown = {**{status: counts[status] for status in ("missing", "late", "partial", "waived")}, "due": due}
        cells += [number(n, num=Num("reports", town, part=f"status:{status}")) for status, n in shown.items()]
        rows.append(Row(town, tuple(cells)))
    heads = tuple(
        Column(say(k), css)
        for k, css in (
            ("th.town", ""),
            ("th.reporting_rate", "cov"),
            ("th.on_time_rate", "cov"),
            ("th.item_completeness", "r"),
            ("q1.missing", "r"),
            ("q1.late", "r"),
            ("q1.partial", "r"),
            ("th.waived", "r"),
            ("th.due", "r"),
        )
    )
    whole = district.kpi.get(("reporting_rate", district.top, period.id))
    title = say("t.rates", x=whole["value"]) if whole and whole["value"] is not None else say("rates.sub", n=last - first + 1)
    return Block(
        "rates",
        7,
        title,
        say("rates.sub", n=last - first + 1),
        (Table("rates-table", say("rates.sub", n=last - first + 1), heads, tuple(rows), stacks=True),),
        csv="reports",
        metric="on_time_rate",
    )


def revision_row(district: District, r: ROW, week: str) -> Row:
    """A week's amount as first published and now. What was first published has no cells any more: its difference from those of today is told."""
    num, first, now = Num("prevented", week=week), r["first_value"], r["value"]
    how = () if first is None else say("how.first", first=first, at=local(r["first_published_at"], district), now=now, x=(now or 0) - first)
    return Row(week, (Cell(*both(district, say("week.full", x=week))), replace(money(first, num=num), how=how), money(now, num=num)))


def revision_rates(district: District) -> tuple[Table, ...]:
    """Of each published indicator the weekly figures of the period that changed after they were published; none before a second publication."""
    period = district.default_period
    found = district.frames["revision_rates"].filter(area_id=district.top, period=period.id).sort("metric")
    if not found.height:
        return ()
    rows = tuple(
        Row(
            row["metric"],
            (
                Cell(*both_names(f"metric:{row['metric']}", district.names), css="name"),
                number(row["n_published"]),
                number(row["n_revised"]),
                Cell(fmt.show(row["rate"], "pct", "zh"), fmt.show(row["rate"], "pct", "en"), row["rate"], "r"),
            ),
        )
        for row in found.iter_rows(named=True)
    )
    heads = tuple(Column(say(k), css) for k, css in (("th.metric", ""), ("q2.published", "r"), ("q2.revised", "r"), ("q2.rate", "r")))
    first, last = district.indices(period)
    return (Table("q2-rates", say("q2.rates", n=last - first + 1), heads, rows),)


def revision_block(district: District) -> Block:
    """Q2: prevented losses of the last weeks as first published and now."""
    found = district.frames["revisions"].filter((pl.col("metric") == "prevented") & (pl.col("area_id") == district.top)).sort("week").tail(12)
    title = say("t.q2", n=found.height) if found.height else say("t.q2_none")
    rates = revision_rates(district)
    if not found.height:
        return Block("q2", 5, title, say("q2.sub"), rates, foot=say("q2.foot"))
    keys = [str(w) for w in found["week"]]
    ticks = trends.nice_ticks(float(found.select(pl.max_horizontal("first_value", "value")).max().item() or 0))
    figure = history.revisions(keys, found["first_value"].to_list(), found["value"].to_list(), ticks=(ticks, trends.money_ticks(ticks, "zh")))
    zh, en = ([fmt.show(w, "weekno", lang) for w in keys] for lang in ("zh", "en"))
    plot = Plot(
        figure, "static", {}, {"xaxis": (keys, zh, en), "yaxis": (ticks, trends.money_ticks(ticks, "zh"), trends.money_ticks(ticks, "en"))}, 240
    )
    rows = tuple(revision_row(district, r, week) for r, week in zip(found.iter_rows(named=True), keys, strict=True))
    table = Table("q2-table", say("q2.sub"), (Column(say("th.week")), Column(say("q2.first"), "r"), Column(say("q2.now"), "r")), rows)
    return Block(
        "q2",
        5,
        title,
        say("q2.sub"),
        (plot, *rates),
        key=(KeyItem("ring", say("q2.first")), KeyItem("dot", say("q2.now"))),
        foot=say("q2.foot"),
        data=table,
        metric="prevented",
    )
