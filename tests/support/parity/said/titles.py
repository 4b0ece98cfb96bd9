"""Titles of cards about coverage, channels and reports."""

from __future__ import annotations

from ..recomputed import Recomputed
from .base import POLICY, SAID, Args, Spot, Stated, end_of, says


@says("c1.end")
def end_of_the_line(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"x": o.estimate(at.area, end_of(o, at), at.audience)}


@says("group.basis")
def basis(o: Recomputed, at: Spot, args: Args) -> Args:
    total = len(o.places(at.area))
    return {"n": total - len(o.never(at.area, end_of(o, at), at.audience)), "total": total}


@says("t.tiles.blind", "t.tiles.blind_group")
def tiles_blind(o: Recomputed, at: Spot, args: Args) -> Args:
    blind = o.blind(at.area, end_of(o, at), POLICY.coverage.blind_below, at.audience)
    return {"n": len(blind), "residents": sum(o.people(c, at.audience) or 0 for c in blind), "group": f"audience:{at.audience}"}


@says("t.tiles.never", "t.tiles.never_group")
def tiles_never(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": len(o.never(at.area, end_of(o, at), at.audience)), "group": f"audience:{at.audience}"}


@says("t.tiles.clear")
def tiles_clear(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": len(o.places(at.area)) - len(o.never(at.area, end_of(o, at), at.audience))}


@says("t.ranking.low", "t.ranking.count")
def clearly_low(o: Recomputed, at: Spot, args: Args) -> Args:
    low = [r["area"] for r in o.standing(end_of(o, at)) if r["is_low"]]
    return {"areas": [f"area:{a}" for a in low], "n": len(low)}


@says("t.channels.change")
def changed_most(o: Recomputed, at: Spot, args: Args) -> Args:
    rows = {c: o.kpi(f"contacts.{c}", at.area, at.period) for c in o.channels}
    known = {c: r["comparable"] / r["previous"] - 1 for c, r in rows.items() if r["change"] is not None}
    first = max(known, key=lambda c: (abs(known[c]), c))
    return {"first": f"ch:{first}", "change": known[first]}


@says("t.types.first")
def largest_kind(o: Recomputed, at: Spot, args: Args) -> Args:
    dimension, prefix = ("way", "way") if at.where.startswith("c5w") else ("fraud_type", "type")
    amounts = {c: r["value"] for c, r in o.by_category(dimension, at.area, at.period).items()}
    first = max((c for c in amounts if c not in ("other", "unknown")), key=lambda c: (amounts[c], c))
    return {"first": f"{prefix}:{first}", "share": amounts[first] / sum(amounts.values())}


@says("t.reports.both", "t.reports.missing", "t.reports.late")
def towns_reports(o: Recomputed, at: Spot, args: Args) -> Args:
    states = [o.of_week(t, o.last) for t in o.towns]
    n_missing, n_late = states.count("missing"), states.count("late") + states.count("partial")
    return {"week": o.last, "missing": n_missing, "late": n_late, "n": n_missing or n_late}


@says("t.c6")
def towns_risen(o: Recomputed, at: Spot, args: Args) -> Args:
    rows = [r for r in o.standing(end_of(o, at), at.audience) if at.audience == "all" or r["estimate"] is not None]
    gains = [o.gain(r["area"], at.period, at.audience) for r in rows]
    return {"up": sum(g is not None and g >= POLICY.pages.flat for g in gains), "n": len(rows), "low": sum(r["is_low"] for r in rows)}


@says("t.c7")
def towns_at_the_target(o: Recomputed, at: Spot, args: Args) -> Args:
    rows = [r for r in o.standing(end_of(o, at), at.audience) if at.audience == "all" or r["estimate"] is not None]
    target = POLICY.coverage.target
    return {"n": sum(r["estimate"] is not None and r["estimate"] >= target for r in rows), "total": len(rows), "target": target}


@says("t.t2")
def blind_of_all(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": len(o.blind(o.top, end_of(o, at), POLICY.coverage.blind_below, at.audience)), "total": len(o.places(o.top))}


@says("t.awareness", "t.awareness_unclear")
def samples(o: Recomputed, at: Spot, args: Args) -> Args:
    found = o.row("SELECT count(*) AS n, count(*) FILTER (is_passed) AS passed, count(*) FILTER (NOT is_passed) AS failed FROM awareness")
    unclear = found["n"] - found["passed"] - found["failed"]
    return {**found, "n": found["n"] if "passed" in args else unclear}


def weekly_values(o: Recomputed, channel: str) -> list[float | None]:
    return [r and r["value"] for r in o.weekly(channel, o.top)]


@says("t.c8.above")
def above_their_mean(o: Recomputed, at: Spot, args: Args) -> Args:
    up, known = 0, 0
    for channel in o.channels:
        values = weekly_values(o, channel)
        all_known, late_known = [v for v in values if v is not None], [v for v in values[-4:] if v is not None]
        known += any(all_known)
        up += bool(late_known) and sum(late_known) / len(late_known) > sum(all_known) / len(all_known)
    return {"up": up, "n": known}


@says("t.t3.spread")
def widest_spread(o: Recomputed, at: Spot, args: Args) -> Args:
    rates = {c: [100 * (o.contacts(c, t, at.period) or 0) / o.area[t]["residents"] for t in o.towns] for c in o.channels}
    widest = max(o.channels, key=lambda c: (max(rates[c]) / min(rates[c]), c))
    return {"channel": f"ch:{widest}", "low": min(rates[widest]), "high": max(rates[widest])}


@says("t.t3.gaps")
def towns_without_a_channel(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": sum(any(not o.contacts(c, t, at.period) for c in o.channels) for t in o.towns), "total": len(o.towns)}


@says("t.rates")
def reporting_rate(o: Recomputed, at: Spot, args: Args) -> Args:
    n = o.reported(o.top, at.period)
    return {"x": n["came"] / n["due"]}


@says("t.ops")
def channels_risen(o: Recomputed, at: Spot, args: Args) -> Args:
    latest = max((p for p in o.periods if p.startswith("op:")), key=lambda p: o.periods[p][0])
    rows = [o.kpi(f"contacts.{c}", o.top, latest) for c in o.channels]
    known = [r["comparable"] / r["previous"] - 1 for r in rows if r["change"] is not None]
    return {"op": latest, "up": sum(c > 0 for c in known), "n": len(known)}


def row_rate(metric: str) -> Stated:
    def of_the_district(o: Recomputed, at: Spot, args: Args) -> Args:
        months = [p for m, _, p in o.kpis if m == metric and p[:2] == "20"]
        row = o.kpis.get((metric, o.top, at.period)) or o.kpi(metric, o.top, max(months))
        return {"x": row["value"], "n": row["n_records"]}

    return of_the_district


SAID |= {f"t.rowrates_{metric}": row_rate(metric) for metric in ("attendance_per_session", "handling_rate")}
