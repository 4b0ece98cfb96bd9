"""Titles of the losses page, and what its months add up to."""

from __future__ import annotations

import calendar
from datetime import date, timedelta

from ..recomputed import GRADES, Recomputed
from .base import Args, Spot, says


@says("t.grades")
def strong_share(o: Recomputed, at: Spot, args: Args) -> Args:
    found = o.intercepted(at.area, at.period)
    return {"share": (found["P5"] + found["P4"] + found["P3"]) / sum(found[g] for g in GRADES)}


@says("t.firmness")
def exact_cases_share(o: Recomputed, at: Spot, args: Args) -> Args:
    found = o.intercepted(at.area, at.period)
    return {"share": found["n_exact"] / found["n"]}


@says("t.month", "t.month_none", "month.sub")
def month_to_date(o: Recomputed, at: Spot, args: Args) -> Args:
    span = f"first_date BETWEEN DATE '{o.data_to.replace(day=1)}' AND DATE '{o.data_to}'"
    return {"end": str(o.data_to), **o.row(f"SELECT sum(n_cases) AS n, sum(value) AS value FROM events WHERE {span}")}


@says("t.percase", "t.percase_far")
def per_case(o: Recomputed, at: Spot, args: Args) -> Args:
    found = o.row(f"SELECT sum(value) / count(*) AS mean, median(value) AS median FROM events WHERE {o.inside(at.period)} AND value IS NOT NULL")
    return {**found, "times": found["mean"] / found["median"]}


def closed_months(o: Recomputed) -> list[tuple[date, date]]:
    """First and last day of the last twelve months that are over, the oldest first."""
    end, out = o.data_to + timedelta(days=1), []
    first = end.replace(day=1)
    for _ in range(12):
        last = first - timedelta(days=1)
        first = last.replace(day=1)
        out.append((first, last))
    return out[::-1]


def a_year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, calendar.monthrange(day.year - 1, day.month)[1]))


def month_sums(o: Recomputed, table: str, column: str, where: str) -> dict[date, float]:
    rows = o.rows(f"SELECT date_trunc('month', {column})::DATE AS m, sum(value) AS v FROM {table} WHERE value IS NOT NULL AND {where} GROUP BY 1")
    return {r["m"]: r["v"] for r in rows}


def monthly_amounts(o: Recomputed) -> list[tuple[date, float | None, float | None]]:
    """Month, its prevented losses, those of the year before; None before the data begin."""
    sums, begin = month_sums(o, "events", "first_date", "true"), o.weeks[0]
    out = []
    for first, _ in closed_months(o):
        both = [sums.get(m, 0.0) if m >= begin else None for m in (first, a_year_before(first))]
        out.append((first, *both))
    return out


def returned_amounts(o: Recomputed) -> list[tuple[date, float | None]]:
    sums, begin = month_sums(o, "event_legs", "leg_date", "grade = 'P5'"), o.weeks[0]
    return [(first, sums.get(first, 0.0) if first >= begin else None) for first, _ in closed_months(o)]


@says("t.c9")
def months_above(o: Recomputed, at: Spot, args: Args) -> Args:
    pairs = [(a, b) for _, a, b in monthly_amounts(o) if a is not None and b is not None]
    return {"n": sum(a > b for a, b in pairs), "total": len(pairs)}


@says("t.c12")
def returned(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"value": sum(v or 0 for _, v in returned_amounts(o))}


@says("t.cases")
def share_of_the_largest(o: Recomputed, at: Spot, args: Args) -> Args:
    found = o.intercepted(at.area, at.period)
    return {"share": found["largest"] / found["value"]}


@says("t.c11")
def prevention(o: Recomputed, at: Spot, args: Args) -> Args:
    """Prevented ÷ (prevented + lost), of all grades and of the stopped and firmer ones."""
    kept, lost = o.intercepted(o.top, at.period), o.value(f"SELECT sum(value) FROM actual_losses WHERE {o.inside(at.period)}")
    firm = kept["P5"] + kept["P4"] + kept["P3"]
    return {"all": kept["value"] / (kept["value"] + lost), "strong": firm / (firm + lost)}


@says("t.effect", "t.effect_low_power", "t.effect_untold", "effect.low_power", "effect.never", "effect.change", "effect.range", "effect.cases")
def effect(o: Recomputed, at: Spot, args: Args) -> Args:
    latest = o.value("SELECT campaign_id FROM campaign_effects WHERE verdict <> 'no_losses' ORDER BY start DESC LIMIT 1")
    row = o.row(f"FROM campaign_effects WHERE campaign_id = '{at.row or latest}'")
    return {"op": f"op:{row['campaign_id']}", "change": row["effect"], "low": row["low"], "high": row["high"], "n": row["weeks_needed"]}
