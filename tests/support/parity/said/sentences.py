"""The three sentences, and the facts beside the report matrix."""

from __future__ import annotations

from ..recomputed import GRADES, Recomputed
from .base import POLICY, Args, Spot, end_of, says


@says("s.coverage.below", "s.coverage.reached", "t.coverage.level")
def coverage(o: Recomputed, at: Spot, args: Args) -> Args:
    value, target = o.estimate(at.area, end_of(o, at), at.audience), POLICY.coverage.target
    return {"value": value, "gap": target - value, "target": target, "area": f"area:{at.area}"}  # type: ignore[operator]


@says("t.coverage.flat", "t.coverage.up", "t.coverage.down")
def gained(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"change": o.gain(at.area, at.period, at.audience)}


@says("s.blind.town", "s.blind.count", "s.blind.most")
def blind_spots(o: Recomputed, at: Spot, args: Args) -> Args:
    edge, last = POLICY.coverage.blind_below, end_of(o, at)
    found = o.blind(at.area, last, edge)
    counts = {t: len(o.blind(t, last, edge)) for t in o.towns}
    named = found if at.area != o.top else [t for t in o.towns if counts[t] == max(counts.values())]
    return {"n": len(found), "areas": [f"area:{a}" for a in named[:3]]}


@says("s.last.missing", "s.last.town_some")
def missing_in_the_latest_week(o: Recomputed, at: Spot, args: Args) -> Args:
    towns = o.towns if at.area == o.top else [at.area]
    n = o.statuses(at.area, o.last, o.last)["missing"] if at.area != o.top else sum(o.of_week(t, o.last) == "missing" for t in towns)
    return {"week": o.last, "n": n}


@says("s.last.open", "t.reports.open")
def still_open(o: Recomputed, at: Spot, args: Args) -> Args:
    n = o.statuses(at.area, o.last, o.last)
    came = n["on_time"] + n["late"] + n["partial"] + n["zero_report"]
    return {"week": o.last, "n": came, "total": came + n["not_due"] + n["missing"]}


@says("s.loss.total", "t.loss.small", "t.loss.level", "t.loss.flat", "t.loss.single")
def losses(o: Recomputed, at: Spot, args: Args) -> Args:
    found = o.intercepted(at.area, at.period)
    return {"n": found["n"], "value": found["value"], "share": (found["largest"] or 0) / found["value"]}


@says("t.loss.change")
def losses_changed(o: Recomputed, at: Spot, args: Args) -> Args:
    row = o.kpi("prevented", at.area, at.period)
    return {"value": o.intercepted(at.area, at.period)["value"], "change": row["comparable"] / row["previous"] - 1}


@says("s.loss.largest", "c2.case")
def largest_case(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"value": o.intercepted(at.area, at.period)["largest"]}


@says("s.loss.without")
def without_the_largest(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"change": o.kpi("prevented", at.area, at.period)["without_largest_change"]}


@says("s.loss.unknown")
def unknown_amounts(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": o.intercepted(at.area, at.period)["n_unknown"]}


@says("s.split")
def split(o: Recomputed, at: Spot, args: Args) -> Args:
    found = o.intercepted(at.area, at.period)
    if at.where == "month/title":
        first = o.data_to.replace(day=1)
        sums = o.rows(f"SELECT grade, sum(value) AS v FROM events WHERE first_date BETWEEN DATE '{first}' AND DATE '{o.data_to}' GROUP BY 1")
        found = dict.fromkeys(GRADES, 0) | {r["grade"]: r["v"] for r in sums}
    return {"grades": [[f"grade:{g}", found[g]] for g in GRADES if found[g]]}


@says("s.trust.exact")
def exact_share(o: Recomputed, at: Spot, args: Args) -> Args:
    found = o.intercepted(at.area, at.period)
    return {"share": found["exact_amount"] / found["value"]}


@says("fact.of", "fact.pct", "fact.pct0")
def facts(o: Recomputed, at: Spot, args: Args) -> Args:
    reports, found = o.reported(at.area, at.period), o.intercepted(at.area, at.period)
    if at.where == "q1.width":
        return {"x": (found["high"] - found["low"]) / found["value"]}
    if at.where == "q1.exact":
        return {"x": found["n_exact"] / found["n"]}
    return {"n": reports["missing"], "total": reports["due"], "x": reports["rate"]}
