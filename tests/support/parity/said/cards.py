"""Cards: values, changes, how firm they are."""

from __future__ import annotations

from ..recomputed import Recomputed
from .base import Args, Spot, end_of, metric_of, says


def value_of(o: Recomputed, at: Spot, metric: str) -> float | None:
    """A card's number."""
    if metric == "coverage":
        return o.estimate(at.area, end_of(o, at))
    if metric == "contacts":
        return o.volume("contacts", at.area, at.period)
    if metric == "on_time_rate":
        return o.reported(at.area, at.period)["rate"]
    found = o.intercepted(at.area, at.period)
    return found["n"] if metric == "cases" else found["value"]


@says("value.pct", "value.count", "value.n", "value.money", "unit.contacts", "unit.money", "unit.cases")
def card(o: Recomputed, at: Spot, args: Args) -> Args:
    found = value_of(o, at, metric_of(at))
    return {"x": found, "n": found}


@says("change.up", "change.down", "change.flat", "change.up.interval", "change.down.interval")
def change(o: Recomputed, at: Spot, args: Args) -> Args:
    """What the same reporters state now over what they stated then, less one; the interval is published with it."""
    metric = metric_of(at) if at.where.startswith("kpi.") else at.row
    row, year = o.kpi(metric, at.area, monthly(o, at)), "year_" if args["label"] == "label:year" else ""
    now, before = row[f"{year}comparable"], row["year_before" if year else "previous"]
    return {"change": now / before - 1, "low": row[f"{year}change_low"], "high": row[f"{year}change_high"]}


def monthly(o: Recomputed, at: Spot) -> str:
    """The running month for the card of the month, else the period."""
    return f"{o.data_to:%Y-%m}" if at.where == "month-table" else at.period


@says("change.small.n", "change.small.money", "change.from_zero.n", "change.from_zero.money")
def both_ends(o: Recomputed, at: Spot, args: Args) -> Args:
    metric = metric_of(at) if at.where.startswith("kpi.") else at.row
    row, year = o.kpi(metric, at.area, monthly(o, at)), args["label"] == "label:year"
    return {"before": row["year_before" if year else "previous"], "now": row["year_comparable" if year else "comparable"]}


@says("change.left_out")
def towns_left_out(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": o.kpi(metric_of(at), at.area, at.period)["n_left_out"]}


@says("change.flat_pp", "pp.good.up", "pp.bad.down", "pp.plain.up", "pp.plain.down")
def points(o: Recomputed, at: Spot, args: Args) -> Args:
    if metric_of(at) == "coverage":
        return {"change": o.gain(at.area, at.period)}
    row = o.kpi("on_time_rate", at.area, at.period)
    return {"change": row["comparable"] - row["previous"] if row["comparable"] is not None else row["change"]}


@says("firm.contacts_missing", "firm.missing", "firm.missing_none", "s.trust.period")
def missing(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": o.reported(at.area, at.period)["missing"]}


@says("firm.late")
def late(o: Recomputed, at: Spot, args: Args) -> Args:
    found = o.reported(at.area, at.period)
    return {"n": found["late"] + found["partial"]}


@says("firm.not_due")
def not_due(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": o.reported(at.area, at.period)["not_due"]}


@says("firm.district", "firm.district_alone")
def of_the_district(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"x": value_of(o, Spot("index", o.top, at.period, at.where), metric_of(at))}


@says("firm.exact_cases")
def exact_cases(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": o.intercepted(at.area, at.period)["n_exact"]}


@says("firm.range_money")
def amount_range(o: Recomputed, at: Spot, args: Args) -> Args:
    found = o.intercepted(at.area, at.period)
    return {"low": found["low"], "high": found["high"]}


@says("firm.range_pct")
def coverage_range(o: Recomputed, at: Spot, args: Args) -> Args:
    row = o.cover[at.audience, at.area, end_of(o, at)]
    return {"low": row["low"], "high": row["high"]}


@says("firm.strong")
def strong(o: Recomputed, at: Spot, args: Args) -> Args:
    found = o.intercepted(at.area, at.period)
    return {"x": found["P5"] + found["P4"] + found["P3"]}


@says("firm.vague")
def vague(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": o.intercepted(at.area, at.period)["n_vague"]}


@says("firm.towns_in")
def towns_in(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": sum(o.of_week(t, o.last) != "missing" for t in o.towns), "total": len(o.towns)}
