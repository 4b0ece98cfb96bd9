"""What a number of a table is made of."""

from __future__ import annotations

import math
from datetime import date, timedelta

from ..recomputed import WEEK, Recomputed
from .base import POLICY, Args, Spot, end_of, local, says


@says("how.change", "how.pace")
def both_ends_of_coverage(o: Recomputed, at: Spot, args: Args) -> Args:
    first, last = o.periods[at.period]
    now, before, n = o.estimate(at.row, last, at.audience), o.estimate(at.row, first - WEEK, at.audience), (last - first).days // 7 + 1
    gain = now - before  # type: ignore[operator]
    return {"now": now, "before": before, "n": n, "x": gain / n if "n" in args else gain}


@says("how.weeks")
def weeks_left(o: Recomputed, at: Spot, args: Args) -> Args:
    now, pace = o.estimate(at.row, end_of(o, at), at.audience), pace_of(o, at)
    target = POLICY.coverage.target
    return {"target": target, "now": now, "pace": pace, "n": math.ceil((target - now) / pace)}  # type: ignore[operator]


def pace_of(o: Recomputed, at: Spot) -> float | None:
    first, last = o.periods[at.period]
    gain = o.gain(at.row, at.period, at.audience)
    return None if gain is None else gain / ((last - first).days // 7 + 1)


@says("how.blind")
def blind_in_town(o: Recomputed, at: Spot, args: Args) -> Args:
    return {"n": len(o.blind(at.row, end_of(o, at), POLICY.coverage.blind_below)), "edge": POLICY.coverage.blind_below}


@says("how.head")
def loss_a_head(o: Recomputed, at: Spot, args: Args) -> Args:
    loss, people = o.intercepted(at.row, at.period)["value"], o.area[at.row]["residents"]
    return {"loss": loss, "people": people, "x": loss / people}


@says("how.idle")
def idle(o: Recomputed, at: Spot, args: Args) -> Args:
    sunday = end_of(o, at) + timedelta(days=6)
    return {"end": str(sunday), "last": str(sunday - timedelta(days=args["x"])), "x": days_idle(o, at.row, end_of(o, at))}


def days_idle(o: Recomputed, place: str, week: date) -> int | None:
    """Days from the community's last own activity to the Sunday of a week."""
    sunday = week + timedelta(days=6)
    day = o.value(
        f"""SELECT max("end") FROM measurements WHERE area_id = '{place}' AND stands AND week <= DATE '{week}' AND kind = 'flow' AND high > 0
            AND channel NOT IN ('intercepted_losses', 'losses', 'surveys', 'stop_payments')"""
    )
    return (sunday - day).days if day else None


@says("how.hundred")
def per_hundred(o: Recomputed, at: Spot, args: Args) -> Args:
    if at.where == "t3-table":
        town = sorted(o.towns, key=lambda t: o.area[t]["position"])[at.column - 1]
        n, people, unit = o.contacts(at.row, town, at.period), o.area[town]["residents"], o.kpi(f"contacts.{at.row}", town, at.period)["unit"]
    else:
        channel = o.channels[at.column - 1]
        n = o.volumes[o.top, f"contacts.{channel}", date.fromisoformat(at.row)]["value"]
        people, unit = o.area[o.top]["residents"], o.kpi(f"contacts.{channel}", o.top, "w52")["unit"]
    return {"value": n, "people": people, "unit": f"unit:{unit}", "x": 100 * n / people}  # type: ignore[operator]


@says("how.share")
def same_reporters(o: Recomputed, at: Spot, args: Args) -> Args:
    op, channel = at.row.rsplit(":", 1)
    row = o.kpi(f"contacts.{channel}", o.top, op)
    return {"now": row["comparable"], "before": row["previous"], "x": row["comparable"] / row["previous"] - 1}


@says("how.first")
def first_published(o: Recomputed, at: Spot, args: Args) -> Args:
    row = o.row(f"FROM revisions WHERE metric = 'prevented' AND area_id = '{o.top}' AND week = DATE '{at.row}'")
    first, now = row["first_value"], row["value"]
    return {"first": first, "now": now, "at": local(row["first_published_at"]), "x": now - first}
