"""Coverage by week, town and community; awareness."""

from __future__ import annotations

from datetime import date

from ..recomputed import Recomputed, Row
from ..said.base import POLICY, Spot
from ..said.made_of import days_idle, pace_of
from .base import WORDS, Numbers, Rows, is_hidden, numbered, one, span, tabulates, text, weeks_of


@tabulates("c1-table")
def coverage_weeks(o: Recomputed, at: Spot) -> Rows:
    def row(week: date) -> list[Numbers]:
        found = None if is_hidden(o, at.area, week) else o.cover.get((at.audience, at.area, week))
        n = o.statuses(at.area, week, week)
        came, due = sum(n[s] for s in ("on_time", "late", "partial", "zero_report")), sum(v for s, v in n.items() if s not in ("not_due", "waived"))
        bounds = [one(found and found[k], "pct") for k in ("estimate", "low", "high")]
        return [one(week, "week"), *bounds, one(came, "n"), one(due, "n"), WORDS]

    return numbered(row(week) for week in weeks_of(o, at))


def compared(o: Recomputed, at: Spot) -> list[Row]:
    rows = o.standing(o.periods[at.period][1], at.audience)
    return rows if at.audience == "all" else [r for r in rows if r["estimate"] is not None]


@tabulates("c6-table")
def coverage_of_towns(o: Recomputed, at: Spot) -> Rows:
    towns = [r["area"] for r in compared(o, at)]

    def cell(town: str, week: date) -> Numbers:
        row = o.cover.get((at.audience, town, week))
        return WORDS if not row or row["estimate"] is None else ((row["estimate"], "pct"), (row["low"], row["high"], "pct0"))

    return {str(week): [one(week, "week"), *(cell(t, week) for t in towns)] for week in weeks_of(o, at)}


@tabulates("c7-table")
def paces(o: Recomputed, at: Spot) -> Rows:
    def weeks(r: Row) -> Numbers:
        pace, target = pace_of(o, Spot(at.kind, at.area, at.period, at.where, at.audience, r["area"])), POLICY.coverage.target
        if r["estimate"] is None or pace is None:
            return WORDS
        soon, likely, late = (weeks_to(target - r[k], pace) for k in ("high", "estimate", "low"))
        if not likely:
            return WORDS
        return ((likely, "n"), (soon or 0, "n"), *(((late, "n"),) if late is not None else ()))

    rows = compared(o, at)
    spots = {r["area"]: Spot(at.kind, at.area, at.period, at.where, at.audience, r["area"]) for r in rows}
    return {r["area"]: [WORDS, one(r["estimate"], "pct"), one(pace_of(o, spots[r["area"]]), "pp_number"), weeks(r)] for r in rows}


def weeks_to(gap: float, pace: float) -> int | None:
    """Whole weeks to close a gap; None beyond a year."""
    if gap <= 0:
        return 0
    n = gap / pace if pace > 0 else float("inf")
    whole = int(n) + (n > int(n)) if n < 1e6 else 10**6
    return whole if whole <= 52 else None


@tabulates("t1-table")
def ranking(o: Recomputed, at: Spot) -> Rows:
    last = o.periods[at.period][1]

    def row(r: Row) -> list[Numbers]:
        town, loss = r["area"], o.intercepted(r["area"], at.period)["value"]
        rank = WORDS if r["best"] is None else text(str(r["best"])) if r["best"] == r["worst"] else text(f"{r['best']}–{r['worst']}")
        people, blind = o.area[town]["residents"], o.blind(town, last, POLICY.coverage.blind_below)
        cover = [one(r["estimate"], "pct"), one(o.gain(town, at.period), "pp_number"), one(len(blind), "n")]
        return [rank, WORDS, *cover, one(loss, "money"), one(people and loss / people, "fixed1"), WORDS]

    return {r["area"]: row(r) for r in o.standing(last)}


@tabulates("t2-table")
def places(o: Recomputed, at: Spot) -> Rows:
    last = o.periods[at.period][1]
    active = {r["area_id"] for r in o.rows(f"SELECT area_id FROM place_activity WHERE week = DATE '{last}'")}

    def row(place: str) -> list[Numbers]:
        r = o.cover.get((at.audience, place, last))
        known = r is not None and r["estimate"] is not None
        cover = (one(r["estimate"], "pct"), span(r["low"], r["high"], "pct0")) if known and r else (WORDS, WORDS)
        return [WORDS, WORDS, *cover, one(o.people(place, at.audience), "n"), one(days_idle(o, place, last) if place in active else None, "n")]

    blank = -1 if at.audience == "all" else 2  # nothing known of a group: last
    found = sorted(o.places(o.top), key=lambda c: (v if (v := o.estimate(c, last, at.audience)) is not None else blank, c))
    return {place: row(place) for place in found}


@tabulates("awareness-table")
def awareness(o: Recomputed, at: Spot) -> Rows:
    found = "SELECT record_id, min(path) AS path, min(sheet) AS sheet, string_agg(cell, '、' ORDER BY cell) AS cells FROM measurements"
    cells = {r["record_id"]: r for r in o.rows(f"{found} WHERE stands GROUP BY 1")}

    def row(r: Row) -> list[Numbers]:
        place = " › ".join(cells[r["record_id"]][k] for k in ("path", "sheet", "cells")) if r["record_id"] in cells else ""
        small = o.area.get(r["area_id"], {"level": "community"})["level"] == "community" and any(
            0 < n < POLICY.pages.suppress_below for n in (r["sampled"], r["aware"] or 0, r["sampled"] - (r["aware"] or 0))
        )
        aware, rate, low, high = (None if small else r[k] for k in ("aware", "rate", "low", "high"))
        days = ((r["start"], "md"), (r["end"], "md"))
        return [
            WORDS,
            days,
            *([WORDS] if has_method else []),
            one(aware, "n"),
            one(r["sampled"], "n"),
            one(rate, "pct"),
            span(low, high, "pct0"),
            WORDS,
            text(place),
        ]

    newest = o.rows(f"""FROM awareness WHERE audience = '{at.audience}' ORDER BY "end" DESC, area_id, record_id LIMIT 40""")
    has_method = o.value(f"SELECT count(method) FROM awareness WHERE audience = '{at.audience}'") > 0
    return {r["record_id"]: row(r) for r in newest}
