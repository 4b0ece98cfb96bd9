"""覆盖: which towns rise, which lag, how far from the target."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from pipeline.charts import multiples
from pipeline.charts import pace as pace_chart
from pipeline.charts.pace import Pace

from . import awareness, blocks, boundary_map, findings, groups, towns, trends
from . import format as fmt
from .blocks import both
from .district import ALL, District
from .facts import Facts, gather
from .messages import both_names
from .model import Block, Cell, Column, KeyItem, Num, Page, Period, Plot, Row, Scope, Sibling, Table, Text, View, say
from .parts import ranking

YEAR = pace_chart.YEAR


def page(district: District) -> Page:
    scope = Scope(district.top, district.default_period.id)
    facts = gather(district, scope)
    period = facts.period
    is_all, group = district.audience == ALL, f"audience:{district.audience}"
    tiles_sub = blocks.population(district, "c3.sub_still" if is_all else "c3.sub")
    is_compared = len(compared(district, period)) > 1  # one town alone is the district's own chart again
    title = findings.coverage_title(facts)
    texts: dict[str, Text] = {
        "c1.title": title if is_all else (*say("group.prefix", group=group), *title, *basis(facts)),
        "c3.title": findings.tiles_title(facts) if is_all else findings.tiles_title(facts, "t.tiles.never_group", group=group),
        "c1.end": blocks.end_label(district, scope),
        "c1.foot": blocks.coverage_foot(district, scope),
        **blocks.nothing_drawn(district, scope, facts),
    }
    return Page(
        path=path_of(district.audience),
        kind="coverage",
        title=say("page.titled", area=f"area:{district.top}", page="page:coverage")
        if is_all
        else say("page.titled_group", area=f"area:{district.top}", page="page:coverage", group=group),
        siblings=siblings(district),
        is_listed=is_all,
        views=(View(scope, texts),),
        blocks=(
            blocks.coverage_trend(district, scope, span=12, height=340),
            *([multiples_block(district, period)] if is_compared else []),
            replace(towns.tile_grid(district, period, span=7 if is_compared else 12), sub=tiles_sub),
            *([pace_block(district, period)] if is_compared else []),
            *(boundary_map.blocks_of(district, period) if is_all else ()),
            *awareness.blocks_of(district),
            replace(places_block(district, period), opens_sheet=True),
        ),
        data={"series": blocks.series(district, [district.top])},
    )


def basis(facts: Facts) -> Text:
    """On how many communities a group's coverage rests, where it is not all of them."""
    n, total = facts.n_communities - facts.n_never, facts.n_communities
    return say("group.basis", n=n, total=total) if n < total else ()


def path_of(audience: str) -> str:
    return "coverage.html" if audience == ALL else f"coverage-{audience}.html"


def siblings(district: District) -> tuple[Sibling, ...]:
    """The switch between groups; none where only all residents can be shown."""
    found = groups.offered(district)
    if len(found) == 1:
        return ()
    return tuple(Sibling(group, path_of(group), say("lane.name", x=f"audience:{group}"), group == district.audience) for group in found)


def compared(district: District, period: Period) -> list[ranking.Standing]:
    """Towns side by side; of a group only those that have numbers of it."""
    found = ranking.ordered(district, period)
    return found if district.audience == ALL else [s for s in found if s.estimate is not None]


def multiples_block(district: District, period: Period) -> Block:
    standings = {s.area: s for s in compared(district, period)}
    weekly = {area: trends.coverage(district, area) for area in district.scopes}
    whole = weekly[district.top]["estimate"].to_list()
    facets, texts = [], {}
    for i, (area, standing) in enumerate(standings.items(), start=1):
        frame = weekly[area]
        value = say("c6.value", x=standing.estimate, low=standing.low, high=standing.high) if standing.estimate is not None else say("value.none")
        texts |= {f"name:{i}": say("lane.name", x=f"area:{area}"), f"value:{i}": value}
        facets.append(
            multiples.Facet(
                both(district, texts[f"name:{i}"])[0],
                both(district, value)[0],
                frame["estimate"].to_list(),
                frame["low"].to_list(),
                frame["high"].to_list(),
                whole,
                standing.is_low,
            )
        )
    operations = [(m["start"], m["end"]) for m in trends.markers(district) if m["kind"] == "operation"]
    midweeks = [str(week + trends.MIDWEEK) for week in district.shown]
    figure = multiples.figure(facets, midweeks, ticks=[0, 0.5, 1], tickformat=".0%", operations=operations)
    low = sum(s.is_low for s in standings.values())
    key = (
        KeyItem("line", say("c1.estimate")),
        KeyItem("band", say("c1.band")),
        KeyItem("reference", say("c1.district")),
        KeyItem("low", say("tag.low")),
    )
    plot = Plot(figure, "multiples", texts, {"months": blocks.month_ticks(district)}, 620)
    return Block(
        "c6",
        12,
        say("t.c6", up=rising(district, period), n=len(standings), low=low),
        say("c6.sub"),
        (plot,),
        key=key,
        foot=say("c6.foot"),
        data=weekly_table(district, period, list(standings)),
        csv="coverage",
        metric=district.coverage_metric,
    )


def weekly_table(district: District, period: Period, areas: Sequence[str]) -> Table:
    """C6's values of the period's weeks with their bounds, newest first; the CSV has every week."""

    def cell(area: str, week: date) -> Cell:
        row = district.cover.get((area, week))
        if row is None or row["estimate"] is None:
            return Cell(fmt.UNKNOWN, fmt.UNKNOWN, css="r")
        text = say("c6.value", x=row["estimate"], low=row["low"], high=row["high"])
        return Cell(*both(district, text), css="r", num=Num(district.coverage_metric, area, str(week), is_of_many=True))

    weeks = [week for week in reversed(district.shown) if period.first <= week <= period.last]
    rows = tuple(Row(str(w), (Cell(*both(district, say("week.full", x=str(w)))), *(cell(a, w) for a in areas))) for w in weeks)
    heads = (Column(say("th.week")), *(Column(say("area.name", x=f"area:{a}"), "r") for a in areas))
    return Table("c6-table", say("c6.sub"), heads, rows)


def rising(district: District, period: Period) -> int:
    """Towns whose coverage rose by at least one point over the period."""
    rows = [district.kpi.get(("coverage", t, period.id)) for t in district.towns]
    return sum(bool(r and r["change"] is not None and r["change"] >= district.settings.pages.flat) for r in rows)


def weeks_to_target(gap: float, pace: float) -> int | None:
    """Whole weeks until `gap` is closed at `pace` a week; None when it is not within a year."""
    if gap <= 0:
        return 0
    if pace <= 0:
        return None
    weeks = -(-gap // pace)
    return int(weeks) if weeks <= YEAR else None


def paced(district: District, s: ranking.Standing, n_weeks: int) -> tuple[Pace, float | None, Text]:
    """A town's weeks to the target from each bound at its own pace, the pace a week, and what is said of it."""
    target = district.settings.coverage.target
    pace = s.change / n_weeks if s.change is not None else None
    if s.estimate is None or s.low is None or s.high is None or pace is None:
        return Pace(s.area, None, None, None), pace, say("c7.unknown")
    soon, likely, late = (weeks_to_target(target - v, pace) for v in (s.high, s.estimate, s.low))
    if likely is None:
        text = say("c7.beyond")
    elif likely == 0:
        text = say("c7.reached")
    else:
        text = say("c7.weeks", n=likely, low=soon or 0, high=late) if late is not None else say("c7.weeks_open", n=likely, low=soon or 0)
    return Pace(s.area, soon, likely, late), pace, text


def pace_block(district: District, period: Period) -> Block:
    """C7: weeks to the target at the pace of the last 13 weeks, from the upper and from the lower bound."""
    first, last = district.indices(period)
    standings = compared(district, period)
    n_weeks = last - first + 1
    found = [paced(district, s, n_weeks) for s in standings]
    ticks = blocks.named(district, [s.area for s in standings], "area")
    figure = pace_chart.figure([p for p, _, _ in found], names=ticks[1], texts=[both(district, text)[0] for _, _, text in found])
    weeks = (list(pace_chart.MARKS), list(map(str, pace_chart.MARKS)), list(map(str, pace_chart.MARKS)))
    texts = {f"v:{p.category}": text for p, _, text in found}
    plot = Plot(figure, "rows", texts, {"yaxis": ticks, "xaxis": weeks}, blocks.bar_height(len(found)))
    rows = tuple(
        Row(
            s.area,
            (
                Cell(*both_names(f"area:{s.area}", district.names), css="name", href=f"area/{s.area}.html"),
                Cell(
                    fmt.show(s.estimate, "pct", "zh"),
                    fmt.show(s.estimate, "pct", "en"),
                    css="r",
                    num=Num(district.coverage_metric, s.area) if s.estimate is not None else None,
                ),
                pace_cell(district, s, pace, n_weeks),
                weeks_cell(district, s, pace, p.likely, text),
            ),
        )
        for s, (p, pace, text) in zip(standings, found, strict=True)
    )
    heads = (Column(say("th.town")), Column(say("th.coverage"), "r"), Column(say("th.pace"), "r"), Column(say("th.weeks")))
    target = district.settings.coverage.target
    reached = sum(s.estimate is not None and s.estimate >= target for s in standings)
    return Block(
        "c7",
        5,
        say("t.c7", n=reached, total=len(standings), target=target),
        say("c7.sub"),
        (plot,),
        key=(KeyItem("dot pri", say("c7.likely")), KeyItem("reference", say("c7.range"))),
        foot=say("c7.foot"),
        data=Table("c7-table", say("c7.sub"), heads, rows),
        csv="towns",
        metric=district.coverage_metric,
    )


def pace_cell(district: District, s: ranking.Standing, pace: float | None, n_weeks: int) -> Cell:
    """The pace a week, made of both ends of the period."""
    shown = both(district, say("cell.pp2", x=pace))
    if pace is None or s.estimate is None or s.change is None:
        return Cell(*shown, css="r")
    how = say("how.pace", now=s.estimate, before=s.estimate - s.change, n=n_weeks, x=pace)
    return Cell(*shown, css="r", num=Num(district.coverage_metric, s.area), how=how)


def weeks_cell(district: District, s: ranking.Standing, pace: float | None, likely: int | None, text: Text) -> Cell:
    """Weeks to the target, made of the gap and the pace; a town that is there, or not within a year, has none."""
    if not likely:
        return Cell(*both(district, text))
    how = say("how.weeks", target=district.settings.coverage.target, now=s.estimate, pace=pace, n=likely)
    return Cell(*both(district, text), num=Num(district.coverage_metric, s.area), how=how)


def places_block(district: District, period: Period) -> Block:
    """T2: every community, blind spots first (in administrative order where rankings are off). Those that never reported lead; on a group's page,
    where most have no data of the group, they come last."""
    found = []
    activity = {(r["area_id"], r["week"]): r for r in district.frames["place_activity"].filter(week=period.last).iter_rows(named=True)}
    for town in district.towns:
        for place in district.communities[town]:
            row = district.cover.get((place, period.last))
            found.append((town, place, row["estimate"] if row else None, row, activity.get((place, period.last))))
    if district.settings.pages.rankings == "on":
        blank = -1 if district.audience == ALL else 2
        found.sort(key=lambda f: (f[2] if f[2] is not None else blank, f[1]))
    rows = tuple(place_row(district, *f) for f in found)
    heads = tuple(
        Column(say(k), css, sortable)
        for k, css, sortable in (
            ("th.place", "", False),
            ("th.town", "", False),
            ("th.coverage", "cov", True),
            ("th.range", "r", False),
            ("th.residents" if district.audience == ALL else "th.people", "r", True),
            ("th.idle", "r", True),
        )
    )
    blind = sum(f[2] is not None and f[2] < district.settings.coverage.blind_below for f in found)
    table = Table("t2-table", say("t2.caption"), heads, rows, stacks=True)
    title, sub = say("t.t2", n=blind, total=len(found)), blocks.of_group(district, "t2.sub")
    return Block("t2", 12, title, sub, (table,), csv="communities", metric=district.coverage_metric)


def idle_cell(district: District, place: str, idle: int | None) -> Cell:
    """Days since a community's last recorded activity at the end of the last week, made of two dates."""
    shown = fmt.show(idle, "n", "zh"), fmt.show(idle, "n", "en")
    if idle is None:
        return Cell(*shown, idle, "r")
    end = district.default_period.last + timedelta(days=6)
    how = say("how.idle", end=str(end), last=str(end - timedelta(days=idle)), x=idle)
    return Cell(*shown, idle, "r", num=Num("activity", place, "all"), how=how)


def place_row(district: District, town: str, place: str, estimate: float | None, row, activity) -> Row:
    names = [both_names(f"area:{a}", district.names) for a in (place, town)]
    span = both(district, say("cell.range", low=row["low"], high=row["high"])) if estimate is not None else ("—", "—")
    people = district.area[place]["residents"]
    is_blind = estimate is not None and estimate < district.settings.coverage.blind_below
    return Row(
        place,
        (
            Cell(*names[0], css="name", tag=say("tag.blind") if is_blind else blocks.of_group(district, "tag.never") if estimate is None else ()),
            Cell(*names[1], href=f"area/{town}.html"),
            Cell(
                fmt.show(estimate, "pct", "zh"),
                fmt.show(estimate, "pct", "en"),
                estimate,
                "cov",
                bar=None if estimate is None else (estimate, row["low"], row["high"]),
                num=None if estimate is None else Num(district.coverage_metric, place),
            ),
            Cell(*span, css="r"),
            Cell(fmt.show(people, "n", "zh"), fmt.show(people, "n", "en"), people, "r", num=Num("residents", place, "all") if people else None),
            idle_cell(district, place, activity["days_since_activity"] if activity else None),
        ),
    )
