"""Channels by period, week, operation and town."""

from __future__ import annotations

from datetime import date

from ..recomputed import Recomputed
from ..said.base import Spot
from ..said.titles import weekly_values
from .base import WORDS, Numbers, Rows, one, operation_name, tabulates, text, weeks_of


@tabulates("c4-table")
def channels(o: Recomputed, at: Spot) -> Rows:
    def row(channel: str) -> list[Numbers]:
        return [WORDS, one(o.contacts(channel, at.area, at.period), "n"), one(o.kpi(f"contacts.{channel}", at.area, at.period)["previous"], "n")]

    return {f"ch:{c}": row(c) for c in o.channels}


LEAST = 0.05
"""Below it one decimal would read 0.0 for a channel that reached somebody: words stand there."""


@tabulates("c8-table")
def channel_weeks(o: Recomputed, at: Spot) -> Rows:
    people = o.area[o.top]["residents"]

    def cell(channel: str, week: date) -> Numbers:
        r = o.volumes.get((o.top, f"contacts.{channel}", week))
        if r is None:
            return WORDS
        x, low, high = (100 * r[k] / people for k in ("value", "low", "high"))
        return one(x, "fixed1") if low == x == high else ((x, "fixed1"), (low, "fixed1"), (high, "fixed1"))

    def mean(channel: str) -> Numbers:
        known = [100 * v / people for v in weekly_values(o, channel) if v is not None]
        value = sum(known) / len(known)
        return text("0.1") if 0 < value < LEAST else one(value, "fixed1")

    rows = {str(week): [one(week, "week"), *(cell(c, week) for c in o.channels)] for week in weeks_of(o, at)}
    return rows | {"mean": [one(1.0, "pct0"), *(mean(c) for c in o.channels)]}


@tabulates("ops-table")
def operations(o: Recomputed, at: Spot) -> Rows:
    out: Rows = {}
    for op in sorted((p for p in o.periods if p.startswith("op:")), key=lambda p: o.periods[p][0], reverse=True):
        for channel in o.channels:
            row = o.kpi(f"contacts.{channel}", o.top, op)
            if row["unit"] is None:
                continue
            reports = o.reported(o.top, op)
            change = one(row["comparable"] / row["previous"] - 1, "change") if row["change"] is not None else WORDS
            out[f"{op}:{channel}"] = [
                operation_name(o, op), WORDS, one(row["previous"], "n"), one(o.contacts(channel, o.top, op), "n"),
                change, text(f"{reports['came']:,}/{reports['due']:,}"),
            ]  # fmt: skip
    return out


def stated_in(o: Recomputed, at: Spot, metric: str) -> str:
    """The period of a ratio: the page's, else the latest month of which one is known; empty where none is."""
    periods = [p for m, _, p in o.kpis if m == metric]
    return at.period if at.period in periods else max((p for p in periods if p[:2] == "20"), default="")


@tabulates("rowrates-table")
def row_rates(o: Recomputed, at: Spot) -> Rows:
    kinds = {metric: kind for metric, kind in (("attendance_per_session", "fixed1"), ("handling_rate", "pct")) if stated_in(o, at, metric)}

    def cells(area: str, metric: str) -> list[Numbers]:
        r, kind = o.kpi(metric, area, stated_in(o, at, metric)), kinds[metric]
        if r["high"] is None:
            return [WORDS] * 3
        bounds = WORDS if r["low"] == r["high"] == r["value"] else ((r["low"], kind), (r["high"], kind))
        return [one(r["value"], kind), bounds, one(r["n_records"], "n")]

    stated = [a for a in o.scopes if any(o.kpi(m, a, stated_in(o, at, m))["unit"] for m in kinds)]
    return {a: [WORDS, *(cell for m in kinds for cell in cells(a, m))] for a in stated}


@tabulates("t3-table")
def per_hundred(o: Recomputed, at: Spot) -> Rows:
    def cell(channel: str, town: str) -> Numbers:
        n, people = o.contacts(channel, town, at.period), o.area[town]["residents"]
        return one(None if n is None or not people else 100 * n / people, "fixed1")

    return {c: [WORDS, *(cell(c, t) for t in o.towns)] for c in o.channels}
