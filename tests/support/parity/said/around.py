"""Settings in words, bars, keys, charts, notes, and what is said where nothing can be drawn."""

from __future__ import annotations

import math
from datetime import timedelta

from pipeline.measures import feasibility

from ..recomputed import WEEK, Recomputed
from .base import POLICY, SAID, Args, Spot, end_of, local, says
from .made_of import pace_of
from .titles import weekly_values

SAID |= {
    "awareness.foot": lambda o, at, a: {"target": POLICY.awareness.target, "floor": POLICY.awareness.must_not_pass},
    "c1.foot": lambda o, at, a: {"x": POLICY.reporting.low_rate},
    "t4.sub": lambda o, at, a: {"n": 10},
    "awareness.listed": lambda o, at, a: {"n": 40},
    "t.impossible_none": lambda o, at, a: {"n": len(feasibility.rules())},
    "effects.foot": lambda o, at, a: {"least": POLICY.effects.least_power},
}


@says("c1.sub", "c1.sub_group", "c3.sub", "c3.sub_group", "c3.sub_plain", "c3.sub_still", "map.sub")
def window(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": POLICY.coverage.window_weeks, "group": f"audience:{at.audience}"}


@says("c3.foot", "c3.foot_group")
def register_year(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"year": str(o.value("SELECT max(population_year) FROM areas")), "group": f"audience:{at.audience}"}


@says("group.prefix", "t2.sub_group")
def group(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"group": f"audience:{at.audience}"}


@says("q1.sub", "q1.sub_town", "rates.sub", "q2.rates")
def weeks_shown(o: Recomputed, at: Spot, args: Args) -> Args:
    first, last = o.periods[at.period]
    held = {"q1/sub": {"quality": 52, "area": 26}.get(at.kind, 13)}.get(at.where, (last - first).days // 7 + 1)
    return {"n": held}


@says("c1.hidden", "c2.hidden", "s.last.town_in", "s.last.town_missing", "t.reports.town_in", "t.reports.town_late", "t.reports.town_missing")
def latest_week(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"week": str(o.last)}


@says("c4.value", "c4.value_flat", "c4.value_only")
def channel_bar(o: Recomputed, at: Spot, args: Args) -> Args:
    channel = o.channels[int(at.row)]
    row = o.kpi(f"contacts.{channel}", at.area, at.period)
    change = row["comparable"] / row["previous"] - 1 if row["change"] is not None else None
    return {"now": o.contacts(channel, at.area, at.period), "unit": f"unit:{row['unit']}", "change": change}


@says("c5.value")
def kind_bar(o: Recomputed, at: Spot, args: Args) -> Args:
    dimension = "way" if at.where == "c5w" else "fraud_type"
    row = o.by_category(dimension, at.area, at.period)[o.categories(dimension)[int(at.row)]]
    return {"value": row["value"], "n": row["n"]}


@says("c3.blind", "c3.bin", "c3.target")
def bins(o: Recomputed, at: Spot, args: Args) -> Args:
    """The edges of the classes: bin0 below the first, the last from the last on."""
    edges, i = POLICY.coverage.bins, int(at.row.removeprefix("bin"))
    if "x" in args:
        return {"x": edges[0] if i == 0 else edges[-1]}
    return {"low": edges[i - 1], "high": edges[i]}


@says("kpi.coverage")
def weeks_of_the_window(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": POLICY.coverage.window_weeks}


@says("c1.target")
def target_line(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"x": POLICY.coverage.target}


@says("c6.value")
def end_of_a_town(o: Recomputed, at: Spot, args: Args) -> Args:
    """value:3 is the third of the towns by coverage."""
    rows = [r for r in o.standing(end_of(o, at), at.audience) if at.audience == "all" or r["estimate"] is not None]
    row = rows[int(at.row.split(":")[1]) - 1]
    return {"x": row["estimate"], "low": row["low"], "high": row["high"]}


@says("c7.weeks", "c7.weeks_open")
def weeks_to_the_target(o: Recomputed, at: Spot, args: Args) -> Args:
    town = at.row.removeprefix("v:")
    row, pace = o.cover[at.audience, town, end_of(o, at)], pace_of(o, Spot(at.kind, at.area, at.period, at.where, at.audience, town))
    soon, likely, late = (max(0, math.ceil((POLICY.coverage.target - row[k]) / pace)) for k in ("high", "estimate", "low"))  # type: ignore[operator]
    return {"n": likely, "low": soon, "high": late}


@says("c8.value")
def latest_of_a_channel(o: Recomputed, at: Spot, args: Args) -> Args:
    known = [v for v in weekly_values(o, o.channels[int(at.row.split(":")[1]) - 1]) if v is not None]
    return {"x": 100 * known[-1] / o.area[o.top]["residents"]}


@says("c3.tile")
def range_of_an_area(o: Recomputed, at: Spot, args: Args) -> Args:
    area = args["area"].removeprefix("area:")
    row = o.cover["all", area, end_of(o, at)]
    return {"area": args["area"], "low": row["low"], "high": row["high"], "residents": o.area[area]["residents"]}


@says("map.label")
def label_on_the_map(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"area": args["area"], "x": o.estimate(args["area"].removeprefix("area:"), end_of(o, at))}


@says("issue.text")
def finding(o: Recomputed, at: Spot, args: Args) -> Args:
    """The most severe and latest five, of a town's page those of the town."""
    order = "CASE severity WHEN 'error' THEN 0 WHEN 'warning' THEN 1 ELSE 2 END, week DESC NULLS LAST, issue_id"
    of_town = "true" if at.area == o.top else f"area_id IN (SELECT area_id FROM within WHERE scope = '{at.area}')"
    row = o.rows(f"SELECT zh, en FROM issues WHERE {of_town} ORDER BY {order}")[int(at.row)]
    return {"zh": row["zh"], "en": (row["en"][:1].upper() + row["en"][1:]).translate(str.maketrans("“”‘’", "\"\"''"))}


@says("report.running", "report.starts")
def operation_days(o: Recomputed, at: Spot, args: Args) -> Args:
    within = f"start <= DATE '{o.last + 13 * timedelta(days=1)}' AND \"end\" >= DATE '{o.last}'"
    row = o.rows(f'SELECT start, "end" FROM campaigns WHERE {within} ORDER BY start, campaign_id')[int(at.row)]
    return {"start": str(row["start"]), "end": str(row["end"])}


@says("report.due_text")
def next_deadline(o: Recomputed, at: Spot, args: Args) -> Args:
    deadline = o.value("SELECT deadline FROM weeks ORDER BY week DESC LIMIT 1")
    return {"week": str(o.last + WEEK), "at": local(deadline + WEEK)}


@says("period.weeks")
def weeks_of_the_period(o: Recomputed, at: Spot, args: Args) -> Args:
    return weeks_shown(o, at, args)


@says("page.report_title")
def reported_week(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"area": f"area:{at.area}", "week": str(o.last)}


SAID |= dict.fromkeys(("s.last.all", "t.reports.all"), latest_week)


@says("c1.none_since", "c2.none_since", "c4.none_since")
def known_until(o: Recomputed, at: Spot, args: Args) -> Args:
    """The last week with an estimate, an interception or a contact."""
    if at.where.startswith("c1"):
        known = [w for (audience, area, w), r in o.cover.items() if (audience, area) == (at.audience, at.area) and r["estimate"] is not None]
    elif at.where.startswith("c2"):
        known = [w for (area, w), r in o.weekly_losses.items() if area == at.area and r["n"]]
    else:
        known = [w for area, metric, w in o.volumes if area == at.area and metric.removeprefix("contacts.") in o.channels and w <= end_of(o, at)]
    return {"week": str(max(known)), "n": len(o.shown)}


@says("t.c8.silent")
def silent_channels(o: Recomputed, at: Spot, args: Args) -> Args:
    """Channels without a contact in the last four weeks."""
    heard = [c for c in o.channels if any(weekly_values(o, c))]
    return {"channels": [f"ch:{c}" for c in heard if not any(weekly_values(o, c)[-4:])]}


@says("t.t3.all")
def channels_everywhere(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": len(o.channels)}


@says("t.map")
def highest_and_lowest(o: Recomputed, at: Spot, args: Args) -> Args:
    drawn = {r["area_id"] for r in o.rows("FROM boundaries")} & set(o.area)
    known = sorted((v, a) for a in drawn if (v := o.estimate(a, end_of(o, at))) is not None)
    (low, last), (high, first) = known[0], known[-1]
    return {"first": f"area:{first}", "high": high, "last": f"area:{last}", "low": low}


@says("changes.more")
def changes_not_listed(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": len(o.changed) - 50}


@says("t.week")
def operations_of_the_week(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": o.value(f"SELECT count(*) FROM campaigns WHERE start <= DATE '{o.last + 13 * timedelta(days=1)}' AND \"end\" >= DATE '{o.last}'")}
