"""The cards of charts and tables that several pages share, each as a Block: C1, C2, C3, T1, C4, C5.

Here: putting together title, subtitle, key, figure, foot and data table. Not here: numbers (district.py, parts/), which columns a data table
has (datatables.py), words (findings.py, messages.yaml), drawing (pipeline/charts, html/).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pipeline.charts import bars as bar_charts
from pipeline.charts import coverage as coverage_chart
from pipeline.charts import losses as loss_chart

from . import messages, surveyed, trends
from .amounts import COLUMNS, GRADES
from .comparisons import no_coverage
from .datatables import (
    C1_COLUMNS,
    C1_HEADS,
    C2_COLUMNS,
    C2_HEADS,
    C2_LINKED,
    C4_COLUMNS,
    C4_HEADS,
    C4_LINKED,
    C5_COLUMNS,
    C5_HEADS,
    C5_LINKED,
    c1_linked,
    data_table,
    rows_of,
)
from .district import ALL, District
from .facts import Facts
from .findings import is_dominant
from .messages import name_of, plain
from .model import Block, KeyItem, Plot, Scope, Text, say
from .packing import shortened, sparse, steps
from .parts import bars


def both(district: District, text: Text) -> tuple[str, str]:
    return messages.both(text, district.names)


# -- C1, C2 -----------------------------------------------------------------------------------------------------------
def end_label(district: District, scope: Scope) -> Text:
    period = next(p for p in district.periods if p.id == scope.period)
    row = district.cover.get((scope.area, period.last))
    return say("c1.end", x=row["estimate"]) if row and row["estimate"] is not None else ()


def case_label(facts: Facts) -> Text:
    return say("c2.case", value=facts.largest["value"]) if is_dominant(facts) and facts.largest else ()


def marks(district: District, facts: Facts) -> dict[str, object]:
    """The named case's week as its place among the shown weeks."""
    if is_dominant(facts) and facts.largest and facts.largest["week"] in district.shown:
        return {"case": district.shown.index(facts.largest["week"])}
    return {}


def lane_texts(district: District) -> dict[str, Text | str]:
    found: dict[str, Text | str] = {f"lane:{m['key']}": say("lane.name", x=m["name"]) for m in trends.markers(district, *trends.DRAWN) if m["name"]}
    return found | {"lane:provisional": say("c1.provisional")}


def month_ticks(district: District) -> tuple[list, list, list]:
    places, zh = trends.months(district.shown, "zh")
    return places, zh, trends.months(district.shown, "en")[1]


def of_group(district: District, key: str, **args: object) -> Text:
    """A text, or on a group's page its twin that names the group."""
    return say(key, **args) if district.audience == ALL else say(f"{key}_group", **args, group=f"audience:{district.audience}")


def population(district: District, key: str) -> Text:
    """A subtitle that names whose coverage is shown."""
    return of_group(district, key, n=district.settings.coverage.window_weeks)


def coverage_trend(district: District, scope: Scope, *, title: Text | str = "c1.title", span: int = 6, height: int = 300) -> Block:
    period = next(p for p in district.periods if p.id == scope.period)
    policy = district.settings
    frame = trends.coverage(district, scope.area)
    target = say("c1.target", x=policy.coverage.target)
    reference = scope.area != district.top
    if reference:
        frame = frame.with_columns(trends.coverage(district, district.top)["estimate"].alias("district"))
    strip = say("c1.strip")
    texts = {"strip": plain(strip, "zh", district.names), "target": plain(target, "zh", district.names)}
    figure = district.held(("c1", period.id, reference), lambda: coverage_chart.figure(
        target=policy.coverage.target, markers=trends.markers(district, "coverage"), texts=texts, edges=trends.edges(period), reference=reference,
    ))  # fmt: skip
    plot = Plot(
        figure, "series:coverage", {**lane_texts(district), "target": target, "end": "c1.end"},
        {"xaxis": month_ticks(district), "yaxis2": ([0.5], [plain(strip, "zh", district.names)], [plain(strip, "en", district.names)])}, height,
    )  # fmt: skip
    sub = population(district, "c1.sub")
    rows = rows_of(district, frame, period)
    key = (KeyItem("line", say("c1.estimate")), KeyItem("band", say("c1.band")), KeyItem("dotted", say("c1.provisional")))
    if reference:
        key += (KeyItem("reference", say("c1.district")),)
    return Block(
        "c1",
        span,
        title,
        sub,
        (plot,),
        key=key,
        foot="c1.foot",
        data=data_table(district, "c1-table", sub, C1_HEADS, C1_COLUMNS, rows, "series:coverage", c1_linked(district.coverage_metric)),
        csv="coverage",
        metric=district.coverage_metric,
        none="c1.none",
    )


def coverage_foot(district: District, scope: Scope) -> Text:
    """Slot c1.foot: the source, what the estimate is, what the strip says."""
    period = next(p for p in district.periods if p.id == scope.period)
    method = surveyed.method_text(district, scope.area, period.last)
    foot = (*say("c1.source"), *method, *say("c1.foot", x=district.settings.reporting.low_rate))
    return (*foot, *say("c1.hidden", week=str(district.last))) if hidden_week(district, scope.area) else foot


def nothing_drawn(district: District, scope: Scope, facts: Facts) -> dict[str, Text]:
    """Slots c1.none and c2.none: what is missing in the shown weeks and since when; empty where there is something to draw."""
    shown, area = district.shown, scope.area
    known = [week for week in district.weeks if (row := district.cover.get((area, week))) and row["estimate"] is not None]
    events = district.prevented.weeks[area]["n"]
    happened = [week for week, n in zip(district.weeks, events, strict=True) if n]
    cover, loss = say("c1.none", why=no_coverage(facts)), say("c2.none")
    if known:
        cover = say("c1.none_since", week=str(known[-1]), n=len(shown)) if known[-1] < shown[0] else ()
        if known[-1] == district.last and known[-2:-1] < [shown[0]] and hidden_week(district, area):
            cover = say("c1.hidden", week=str(district.last))
    if happened:
        loss = say("c2.none_since", week=str(happened[-1])) if happened[-1] < shown[0] else ()
    return {"c1.none": cover, "c2.none": loss}


def no_bars(district: District, scope: Scope, **charts: Sequence[Mapping[str, object]]) -> dict[str, Text]:
    """Slots c4.none, c5.none, c5w.none of the charts' rows: that the period has nothing to draw, of channels since when; empty where it has."""
    last = district.indices(next(p for p in district.periods if p.id == scope.period))[1]
    found: dict[str, Text] = {}
    for chart, rows in charts.items():
        if any(row["n"] if "n" in row else (row["now"], row["previous"]) != (None, None) for row in rows):
            found[f"{chart}.none"] = ()
        elif chart == "c4":
            known = [at for c in district.channels for at in district.series.get((f"contacts.{c}", scope.area), ()) if at <= last]
            found["c4.none"] = say("c4.none_since", week=str(district.weeks[max(known)])) if known else say("c4.none")
        else:
            found[f"{chart}.none"] = say("c5.none")
    return found


def hidden_week(district: District, area: str) -> bool:
    n_in, n_due = district.received(area, district.last)
    return bool(n_due) and n_in / n_due < district.settings.reporting.latest_week_rate


def grade_key() -> tuple[KeyItem, ...]:
    return (*(KeyItem(grade.lower(), say(f"grade.{grade}")) for grade in GRADES), KeyItem("soft", say("c2.soft")))


def loss_foot(district: District, scope: Scope) -> Text:
    """Slot c2.foot: what the amounts are and are not, and whether the latest week is not drawn."""
    foot = (*say("c2.foot"), *say("losses.caution"), *(() if district.frames["actual_losses"].height else say("losses.absent")))
    return (*foot, *say("c2.hidden", week=str(district.last))) if hidden_week(district, scope.area) else foot


def loss_ticks(district: District, area: str) -> list[float]:
    totals = trends.losses(district, area)["total"].max()
    return trends.nice_ticks(float(totals or 0))  # type: ignore[arg-type]


def loss_trend(district: District, scope: Scope, facts: Facts, *, title: Text | str = "c2.title", span: int = 6, height: int = 300) -> Block:
    period = facts.period
    frame = trends.losses(district, scope.area)
    figure = district.held(("c2", period.id), lambda: loss_chart.figure(markers=trends.markers(district, "prevented"), edges=trends.edges(period)))
    plot = Plot(figure, "series:losses", {**lane_texts(district), "case": "c2.case"}, {"xaxis": month_ticks(district)}, height)
    rows = rows_of(district, frame, period)
    return Block(
        "c2",
        span,
        title,
        say("c2.sub"),
        (plot,),
        key=(*grade_key(), KeyItem("mean", say("c2.mean"))),
        toggle=say("c2.without"),
        foot="c2.foot",
        data=data_table(district, "c2-table", say("c2.sub"), C2_HEADS, C2_COLUMNS, rows, "series:losses", C2_LINKED),
        csv="losses",
        metric="prevented",
        none="c2.none",
    )


def series(district: District, areas: Iterable[str]) -> dict[str, dict[str, dict[str, object]]]:
    """Embedded weekly columns by chart and area, with the axis each area needs. A column of one value is that value, coverage its steps; the total of
    prevented losses is the sum of its grades, added up in the page; its bounds are said where they differ from it, its moving mean follows from
    it and the weeks before (`earlier`); `lead` is the towering case, see trends.lead; `hidden` weeks are not drawn."""
    out: dict[str, dict[str, dict[str, object]]] = {"coverage": {}, "losses": {}}
    target = district.settings.coverage.target
    for area in areas:
        cover, loss = trends.coverage(district, area), trends.losses(district, area)
        weekly = {name: steps(cover[name].to_list()) for name in ("estimate", "low", "high")}
        weekly |= {name: shortened(cover[name].to_list()) for name in ("n_in", "n_due")}
        out["coverage"][area] = {"y": trends.coverage_range(cover, target), **{n: v[0] if len(set(v)) == 1 else v for n, v in weekly.items()}}
        held = {name: shortened(loss[name].to_list()) for name in (*COLUMNS, "n", "unknown") if loss[name].sum()}
        earlier = district.prevented.weeks[area]["value"][: -len(district.shown)][1 - trends.MEAN_WEEKS :]
        bounds: dict[str, object] = {}
        for name in ("low", "high"):
            apart = {i: v for i, (v, total) in enumerate(loss.select(name, "total").iter_rows()) if v != total}
            bounds[name] = [list(apart), list(apart.values())]
        if towering := trends.lead(district, area):
            bounds["lead"] = towering
        if hidden_week(district, area):
            bounds["hidden"] = [len(district.shown) - 1]
        out["losses"][area] = {"y": loss_ticks(district, area), "earlier": shortened(earlier.tolist()), **bounds} | {
            name: sparse(values) for name, values in held.items()
        }
    return out


# -- C4, C5 -----------------------------------------------------------------------------------------------------------
def named(district: District, categories: Sequence[str], prefix: str) -> tuple[list[str], list[str], list[str]]:
    keys = [f"{prefix}:{c}" for c in categories]
    return list(categories), [name_of(k, "zh", district.names) for k in keys], [name_of(k, "en", district.names) for k in keys]


def bar_height(n: int) -> int:
    return max(140, 34 * n + 20)


def channel_bars(district: District, scope: Scope, *, title: Text | str = "c4.title", span: int = 6) -> Block:
    rows = bars.channel_rows(district, scope)
    ticks = named(district, district.channels, "ch")
    figure = district.held(("c4",), lambda: bar_charts.channels(ticks[0], ticks[1]))
    table_rows = [{**row, "category": f"ch:{c}"} for c, row in zip(district.channels, rows, strict=True)]
    return Block(
        "c4",
        span,
        title,
        say("c4.sub"),
        (Plot(figure, "bars:c4", ticks={"yaxis": ticks}, height=bar_height(len(rows))),),
        key=(KeyItem("solid", say("c4.now")), KeyItem("tick", say("c4.previous"))),
        foot=say("c4.foot"),
        data=data_table(district, "c4-table", say("c4.sub"), C4_HEADS, C4_COLUMNS, table_rows, "bars:c4", C4_LINKED, scope.period),
        csv="channels",
        metric="contacts",
        none="c4.none",
    )


def type_bars(
    district: District, scope: Scope, *, dimension: str = "fraud_type", id: str = "c5", title: Text | str = "c5.title", span: int = 6
) -> Block:
    values = bars.loss_values(district, dimension, scope)
    rows = bars.loss_rows(district, dimension, values)
    prefix = {"fraud_type": "type", "way": "way"}[dimension]
    categories = district.prevented.categories(dimension)
    ticks = named(district, categories, prefix)
    figure = district.held(("c5", dimension), lambda: bar_charts.graded(ticks[0], ticks[1]))
    table_rows = [{**row, "category": f"{prefix}:{c}"} for c, row in zip(categories, rows, strict=True)]
    sub = say(f"{id}.sub")
    return Block(
        id,
        span,
        title,
        sub,
        (Plot(figure, f"bars:{id}", ticks={"yaxis": ticks}, height=bar_height(len(rows))),),
        key=grade_key(),
        foot=say("c5.foot"),
        data=data_table(district, f"{id}-table", sub, C5_HEADS, C5_COLUMNS, table_rows, f"bars:{id}", C5_LINKED),
        csv="losses",
        metric="prevented",
        none=f"{id}.none",
    )
