"""预防损失: how much, how many, which type, stopped by whom, how firm."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import polars as pl

from pipeline.charts import history

from . import actual, blocks, effects, findings, months, percase, trends
from . import format as fmt
from .amounts import FIRM, GRADES, LISTED_CASES
from .blocks import both
from .district import District
from .facts import Facts, gather
from .messages import both_names
from .model import Block, Cell, Column, KeyItem, Num, Page, Part, Plot, Row, Scope, Split, Table, Text, View, say
from .parts import bars

FIRMNESS = ("exact", "approximate", "range", "missing")


def page(district: District) -> Page:
    scope = Scope(district.top, district.default_period.id)
    facts = gather(district, scope)
    types, ways = (bars.loss_values(district, dimension, scope) for dimension in ("fraud_type", "way"))
    shown = {"c5": bars.loss_rows(district, "fraud_type", types), "c5w": bars.loss_rows(district, "way", ways)}
    texts: dict[str, Text] = {
        "c2.title": findings.loss_title(facts),
        "c2.case": blocks.case_label(facts),
        "c2.foot": blocks.loss_foot(district, scope),
        **blocks.nothing_drawn(district, scope, facts),
        **blocks.no_bars(district, scope, **shown),
        "c5.title": findings.types_title({c: row["value"] for c, row in types.items()}, "type"),
        "c5w.title": findings.types_title({c: row["value"] for c, row in ways.items()}, "way"),
    }
    found = [
        blocks.loss_trend(district, scope, facts, span=12, height=340),
        grade_block(district, facts),
        firmness_block(district, facts),
        *months.blocks_of(district, facts, span=8),
        percase.block(district, facts),
        blocks.type_bars(district, scope),
        blocks.type_bars(district, scope, dimension="way", id="c5w", title="c5w.title"),
        months_block(district),
        returned_block(district),
        *([actual.block(district)] if actual.has_losses(district) else []),
        *effects.blocks_of(district),
        *([cases_block(district, facts)] if district.settings.pages.case_list == "on" else []),
    ]
    return Page(
        path="losses.html",
        kind="losses",
        title=say("page.titled", area=f"area:{district.top}", page="page:losses"),
        views=(View(scope, texts, blocks.marks(district, facts), shown),),
        blocks=tuple(found),
        data={"series": blocks.series(district, [district.top])},
    )


def money(value: float | None, css: str = "r", num: Num | None = None) -> Cell:
    return Cell(fmt.show(value, "money", "zh"), fmt.show(value, "money", "en"), value, css, num=num if value else None)


def number(value: float | None, css: str = "r", num: Num | None = None) -> Cell:
    return Cell(fmt.show(value, "n", "zh"), fmt.show(value, "n", "en"), value, css, num=num if value else None)


def grade_block(district: District, facts: Facts) -> Block:
    """Cases, amount and range by evidence grade in the period; each event in its highest grade."""
    first, last = district.indices(facts.period)
    cube = district.prevented.cube.filter(pl.col("scope") == district.top, dimension="fraud_type").filter(pl.col("at").is_between(first, last))
    sums = {
        row["grade"]: row for row in cube.group_by("grade").agg(pl.col("n", "n_without_value", "value", "low", "high").sum()).iter_rows(named=True)
    }
    rows = []
    for grade in (*GRADES, "none"):
        row = sums.get(grade)
        if row is None and grade == "none":
            continue
        row = row or dict.fromkeys(("n", "n_without_value", "value", "low", "high"), 0)
        span = both(district, say("cell.money_range", low=row["low"], high=row["high"])) if row["high"] else ("—", "—")
        name, weakness = say(f"grade.{grade}"), say(f"weakness.{grade}")
        rows.append(
            Row(
                grade,
                (
                    Cell(*both(district, name), css="name"),
                    number(row["n"], num=Num("cases", part=f"grade:{grade}")),
                    money(None if grade == "none" else row["value"], num=Num("prevented", part=f"grade:{grade}")),
                    Cell(*span, css="r", num=Num("prevented", part=f"grade:{grade}") if row["high"] else None),
                    number(row["n_without_value"], num=Num("cases", part=f"grade:{grade}+firmness:missing")),
                    Cell(*both(district, weakness), css="wrap"),
                ),
            )
        )
    heads = tuple(
        Column(say(k), css)
        for k, css in (("th.grade", ""), ("th.cases", "r"), ("th.amount", "r"), ("th.range", "r"), ("th.unknown", "r"), ("th.weakness", ""))
    )
    strong = sum(facts.grades[g] for g in ("P5", "P4", "P3"))
    total = sum(facts.grades.values())
    title = say("t.grades", share=strong / total) if total else say("t.types.none")
    return Block(
        "grades",
        8,
        title,
        say("grades.sub"),
        (Table("grades-table", say("grades.sub"), heads, tuple(rows), stacks=True),),
        foot=say("grades.foot"),
        csv="losses",
        metric="prevented",
    )


def firmness_block(district: District, facts: Facts, *, span: int = 4) -> Block:
    """C10: cases by how firmly the amount is known, as parts of all cases."""
    first, last = district.indices(facts.period)
    cube = district.prevented.cube.filter(pl.col("scope") == district.top, dimension="fraud_type").filter(pl.col("at").is_between(first, last))
    counts = dict(cube.group_by("firmness").agg(pl.col("n").sum()).iter_rows())
    total = sum(counts.values())
    if not total:
        return Block("c10", span, say("t.loss.none", span=f"span:{facts.period.id}"), say("c10.sub"), ())
    parts = tuple(
        Part(say(f"firmness.{f}"), n := counts.get(f, 0), n / total, f"f-{f}", Num("cases", part=f"firmness:{f}") if n else None) for f in FIRMNESS
    )
    title = say("t.firmness", share=counts.get(FIRM, 0) / total)
    return Block("c10", span, title, say("c10.sub"), (Split(parts),), foot=say("c10.foot"), csv="losses", metric="cases")


def closed_months(district: District) -> list[tuple[int, int]]:
    """The last twelve (year, month) whose last day has passed, oldest first."""
    end = district.data_to
    year, month = (
        (end.year, end.month)
        if end.day == monthrange(end.year, end.month)[1]
        else ((end.year, end.month - 1) if end.month > 1 else (end.year - 1, 12))
    )
    out = []
    for _ in range(12):
        out.append((year, month))
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    return out[::-1]


def month_names(months: list[tuple[int, int]]) -> tuple[list[str], list[str], list[str]]:
    return [f"{y}-{m:02}" for y, m in months], [f"{m}月" for _, m in months], [fmt.MONTHS[m - 1] for _, m in months]


def of_month(metric: str, month: str) -> Num:
    return Num(metric, week="all", part=f"month:{month}")


def year_before(month: str) -> str:
    return f"{int(month[:4]) - 1}{month[4:]}"


def by_month(rows: list[tuple[date, float]]) -> dict[tuple[int, int], float]:
    out: dict[tuple[int, int], float] = {}
    for day, value in rows:
        out[day.year, day.month] = out.get((day.year, day.month), 0.0) + value
    return out


def first_month(district: District) -> tuple[int, int]:
    """The first month that the data cover whole."""
    start = district.weeks[0]
    return (start.year, start.month) if start.day == 1 else ((start.year, start.month + 1) if start.month < 12 else (start.year + 1, 1))


def months_block(district: District) -> Block:
    """C9: closed months against the same month a year before."""
    events = district.frames["events"].filter(pl.col("value").is_not_null()).select("first_date", "value")
    sums, months, begin = by_month(list(events.iter_rows())), closed_months(district), first_month(district)
    now = [sums.get(m, 0.0) if m >= begin else None for m in months]
    before = [sums.get((y - 1, m), 0.0) if (y - 1, m) >= begin else None for y, m in months]
    ticks = trends.nice_ticks(max((v for v in (*now, *before) if v), default=0.0))
    names = month_names(months)
    figure = history.columns(names[0], now, before=before, ticks=(ticks, trends.money_ticks(ticks, "zh")))
    plot = Plot(figure, "static", {}, {"xaxis": names, "yaxis": (ticks, trends.money_ticks(ticks, "zh"), trends.money_ticks(ticks, "en"))}, 240)
    rows = [
        Row(k, (Cell(k, k), money(a, num=of_month("prevented", k)), money(b, num=of_month("prevented", year_before(k)))))
        for k, a, b in zip(names[0], now, before, strict=True)
    ]
    heads = (Column(say("th.month")), Column(say("c9.now"), "r"), Column(say("c9.before"), "r"))
    pairs = [(a, b) for a, b in zip(now, before, strict=True) if a is not None and b is not None]
    title = say("t.c9", n=sum(a > b for a, b in pairs), total=len(pairs)) if pairs else say("t.c9_alone")
    key = (KeyItem("solid teal", say("c9.now")), KeyItem("outline", say("c9.before")))
    return Block(
        "c9",
        6,
        title,
        say("c9.sub"),
        (plot,),
        key=key,
        foot=say("losses.caution"),
        data=Table("c9-table", say("c9.sub"), heads, tuple(rows)),
        csv="losses",
        metric="prevented",
    )


def returned_block(district: District) -> Block:
    """C12: returned money by the month it was returned in, outside the columns of C2."""
    legs = district.frames["event_legs"].filter((pl.col("grade") == "P5") & pl.col("value").is_not_null()).select("leg_date", "value")
    sums, months, begin = by_month(list(legs.iter_rows())), closed_months(district), first_month(district)
    values = [sums.get(m, 0.0) if m >= begin else None for m in months]
    total = sum(v for v in values if v)
    ticks = trends.nice_ticks(max((v for v in values if v), default=0.0))
    names = month_names(months)
    plot = Plot(history.columns(names[0], values, ticks=(ticks, trends.money_ticks(ticks, "zh")), colour="g5"), "static", {},
                {"xaxis": names, "yaxis": (ticks, trends.money_ticks(ticks, "zh"), trends.money_ticks(ticks, "en"))}, 240)  # fmt: skip
    rows = tuple(Row(k, (Cell(k, k), money(v, num=of_month("returned", k)))) for k, v in zip(names[0], values, strict=True))
    table = Table("c12-table", say("c12.sub"), (Column(say("th.month")), Column(say("th.amount"), "r")), rows)
    title = say("t.c12", value=total) if total else say("t.c12_none")
    return Block("c12", 6, title, say("c12.sub"), (plot,), foot=say("c12.foot"), data=table, csv="losses", metric="returned")


def cases_block(district: District, facts: Facts) -> Block:
    """T4: the ten largest single cases, without anything that names a person."""
    rows = []
    for e in district.prevented.listed.iter_rows(named=True):
        span = both(district, say("firm.exact")) if e["low"] == e["high"] else both(district, say("cell.money_range", low=e["low"], high=e["high"]))
        town = f"area:{e['town_id']}"
        words = [both_names(k, district.names) for k in (town, f"type:{e['fraud_type'] or 'unknown'}", f"way:{e['way'] or 'unknown'}")]
        week = both(district, say("week.full", x=str(e["week"])))
        rows.append(
            Row(
                e["event_id"],
                (
                    Cell(*week),
                    Cell(*words[0]),
                    Cell(*words[1]),
                    Cell(*words[2]),
                    Cell(*both(district, say(f"grade.{e['grade'] or 'none'}"))),
                    money(e["value"], num=Num("prevented", part=f"event:{e['event_id']}")),
                    Cell(*span, css="r"),
                ),
            )
        )
    heads = tuple(
        Column(say(k), css)
        for k, css in (("th.week", ""), ("th.town", ""), ("th.type", ""), ("th.way", ""), ("th.grade", ""), ("th.amount", "r"), ("th.range", "r"))
    )
    share = facts.kpi["prevented"]["share_largest"]
    title = say("t.cases", share=share) if share is not None else say("t.cases_none")
    return Block(
        "t4",
        12,
        title,
        say("t4.sub", n=LISTED_CASES),
        (Table("t4-table", say("t4.sub", n=LISTED_CASES), heads, tuple(rows), stacks=True),),
        foot=say("t4.foot"),
        metric="prevented",
    )
