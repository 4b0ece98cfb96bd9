"""Prevented and actual losses."""

from __future__ import annotations

from datetime import date, timedelta

from ..recomputed import GRADES, SUMS, WEEK, Recomputed, Row
from ..said.base import POLICY, Spot
from ..said.losses import monthly_amounts, returned_amounts
from .base import WORDS, Numbers, Rows, numbered, one, operation_name, span, tabulates, text, weeks_of


@tabulates("c2-table")
def loss_weeks(o: Recomputed, at: Spot) -> Rows:
    none = dict.fromkeys(("total", *(g.lower() for g in GRADES), "low", "high", "n", "unknown"), 0)

    def row(week: date) -> list[Numbers]:
        r = o.weekly_losses.get((at.area, week), none)
        amounts = [one(r[k], "money") for k in ("total", *(g.lower() for g in GRADES), "low", "high")]
        return [one(week, "week"), *amounts, one(r["n"], "n"), one(r["unknown"], "n"), WORDS]

    return numbered(row(week) for week in weeks_of(o, at))


def kinds_table(o: Recomputed, at: Spot, dimension: str, prefix: str) -> Rows:
    def row(r: Row) -> list[Numbers]:
        grades = [r[f"{g.lower()}e"] + r[f"{g.lower()}s"] for g in GRADES]
        return [WORDS, *(one(v, "money") for v in (r["value"], *grades, r["low"], r["high"])), one(r["n"], "n")]

    return {f"{prefix}:{c}": row(r) for c, r in o.by_category(dimension, at.area, at.period).items()}


@tabulates("c5-table")
def fraud_types(o: Recomputed, at: Spot) -> Rows:
    return kinds_table(o, at, "fraud_type", "type")


@tabulates("c5w-table")
def ways(o: Recomputed, at: Spot) -> Rows:
    return kinds_table(o, at, "way", "way")


@tabulates("grades-table")
def grades(o: Recomputed, at: Spot) -> Rows:
    rows = o.rows(
        f"""SELECT coalesce(grade, 'none') AS g, {SUMS}, coalesce(sum(n_cases) FILTER (value IS NULL), 0) AS unknown
            FROM events WHERE {o.inside(at.period)} GROUP BY 1"""
    )
    known = {r["g"]: r for r in rows}
    none = dict.fromkeys(("n", "value", "low", "high", "unknown"), 0)

    def row(g: str) -> list[Numbers]:
        r = known.get(g, none)
        amount = WORDS if g == "none" else one(r["value"], "money")
        caveat = text("48") if g == "P3" else WORDS  # the hours after which a stopped payment lapses
        return [WORDS, one(r["n"], "n"), amount, span(r["low"], r["high"], "money") if r["high"] else WORDS, one(r["unknown"], "n"), caveat]

    return {g: row(g) for g in (*GRADES, "none") if g in GRADES or g in known}


def month_spans(o: Recomputed) -> list[tuple[date, date]]:
    """The running month to the last Sunday, the same days of the month before and of the year before."""
    end = o.data_to
    start = end.replace(day=1)
    back = start - timedelta(days=1)
    before = back.replace(day=1), back.replace(day=min(end.day, back.day))
    feb29 = end.month == 2 and end.day == 29
    return [(start, end), before, (start.replace(year=start.year - 1), end.replace(year=end.year - 1, day=28 if feb29 else end.day))]


UNCOMPARED = ("low_reporting", "definition_break", "small_amount", "outside_data")
"""Notes of figures that are not compared at all."""


@tabulates("month-table")
def month(o: Recomputed, at: Spot) -> Rows:
    name = f"{o.data_to:%Y-%m}"
    rows = {t: o.kpi("cases", t, name) for t in o.towns}
    apart = ([], [t for t, r in rows.items() if r["n_left_out"]], [t for t, r in rows.items() if r.get("year_note") == "low_reporting"])
    told = [
        o.row(
            f"""SELECT sum(n_cases) AS cases, sum(value) AS prevented, avg(value) AS "prevented.mean", median(value) AS "prevented.median"
                FROM events WHERE first_date BETWEEN DATE '{a}' AND DATE '{b}' AND NOT list_contains({towns}::VARCHAR[], town_id)"""
        )
        for (a, b), towns in zip(month_spans(o), apart, strict=True)
    ]

    def row(metric: str, kind: str) -> list[Numbers]:
        now, before, year = (r[metric] for r in told)
        r = o.kpi(metric, at.area, name)
        bounds = WORDS if r["low"] == r["high"] == r["value"] else span(r["low"], r["high"], "money" if kind == "money" else "count")
        changes = (*ends(r, "", kind), *left_out(r, kind), *ends(r, "year_", kind))
        earlier = [of_towns(v, kind, len(o.towns) - len(towns)) for v, towns in zip((before, year), apart[1:], strict=True)]
        return [WORDS, one(now, kind), bounds, *earlier, changes]

    def of_towns(value: float | None, kind: str, n: int) -> Numbers:
        return one(value, kind) if value is None or n == len(o.towns) else ((value, kind), (n, "n"), (len(o.towns), "n"))

    def ends(r: Row, year: str, kind: str) -> Numbers:
        """A change in the form its base allows: both ends of a small base, else the change and, for cases, its interval."""
        cases = o.kpi("cases", at.area, name)
        base, before, now = cases["year_before" if year else "previous"], r["year_before" if year else "previous"], r[f"{year}comparable"]
        if (
            now is None
            or before is None
            or r["year_note" if year else "note"] in ("low_reporting", "definition_break", "small_amount", "outside_data")
        ):
            return WORDS
        if base is not None and base < POLICY.pages.small_base_cases:
            return ((before, kind), (now, kind))
        if r[f"{year}change"] is None or abs(now / before - 1) < POLICY.pages.flat:
            return WORDS
        interval = r["metric"] == "cases" and base < POLICY.pages.interval_base_cases and r[f"{year}change_low"] is not None
        bounds = ((r[f"{year}change_low"], "change"), (r[f"{year}change_high"], "change")) if interval else ()
        return ((now / before - 1, "change"), *((("95%", "s"),) if interval else ()), *bounds)

    def left_out(r: Row, kind: str) -> Numbers:
        if not r["n_left_out"] or r["change"] is None:
            return WORDS
        return ((r["n_left_out"], "n"), (r["previous"], kind), (r["comparable"], kind))

    return {m: row(m, k) for m, k in (("cases", "n"), ("prevented", "money"), ("prevented.mean", "money"), ("prevented.median", "money"))}


@tabulates("percase-table")
def per_case(o: Recomputed, at: Spot) -> Rows:
    told = o.row(f"SELECT avg(value) AS mean, median(value) AS median FROM events WHERE {o.inside(at.period)} AND value IS NOT NULL")

    def row(which: str) -> list[Numbers]:
        r = o.kpi(f"prevented.{which}", at.area, at.period)
        bounds = WORDS if r["low"] == r["high"] == r["value"] else span(r["low"], r["high"], "money")
        small = (o.kpi("cases", at.area, at.period)["previous"] or 0) < POLICY.pages.small_base_cases
        if r["previous"] is None or r["comparable"] is None:
            change: Numbers = WORDS
        elif small:
            change = ((r["previous"], "money"), (r["comparable"], "money"))
        else:
            moved = r["comparable"] / r["previous"] - 1
            change = WORDS if r["change"] is None or abs(moved) < POLICY.pages.flat else one(moved, "change")
        return [WORDS, one(told[which], "money"), bounds, change]

    return {f"prevented.{which}": row(which) for which in ("mean", "median")}


@tabulates("c9-table")
def months_now_and_before(o: Recomputed, at: Spot) -> Rows:
    return {f"{m:%Y-%m}": [text(f"{m:%Y-%m}"), one(now, "money"), one(before, "money")] for m, now, before in monthly_amounts(o)}


@tabulates("c12-table")
def months_returned(o: Recomputed, at: Spot) -> Rows:
    return {f"{m:%Y-%m}": [text(f"{m:%Y-%m}"), one(v, "money")] for m, v in returned_amounts(o)}


@tabulates("t4-table")
def cases(o: Recomputed, at: Spot) -> Rows:
    found = o.rows(f"FROM events WHERE {o.inside(at.period)} AND value IS NOT NULL AND NOT is_aggregate ORDER BY value DESC, event_id LIMIT 10")

    def row(r: Row) -> list[Numbers]:
        bounds = WORDS if r["low"] == r["high"] else span(r["low"], r["high"], "money")
        return [one(r["week"], "week"), WORDS, WORDS, WORDS, WORDS, one(r["value"], "money"), bounds]

    return {r["event_id"]: row(r) for r in found}


@tabulates("rate-table")
def prevention(o: Recomputed, at: Spot) -> Rows:
    kept, lost = o.intercepted(o.top, at.period), o.value(f"SELECT sum(value) FROM actual_losses WHERE {o.inside(at.period)}")

    def row(metric: str, amount: float) -> list[Numbers]:
        r = o.kpi(metric, o.top, at.period)
        return [WORDS, one(amount, "money"), one(lost, "money"), one(amount / (amount + lost), "pct"), span(r["low"], r["high"], "pct0")]

    firm = kept["P5"] + kept["P4"] + kept["P3"]
    return {"prevention_rate": row("prevention_rate", kept["value"]), "prevention_rate.P3plus": row("prevention_rate.P3plus", firm)}


@tabulates("c11-table")
def lost_and_kept(o: Recomputed, at: Spot) -> Rows:
    lost = {r["week"]: r["v"] for r in o.rows("SELECT week, sum(value) AS v FROM actual_losses GROUP BY 1")}

    def row(week: date) -> list[Numbers]:
        kept = o.weekly_losses.get((o.top, week))
        return [one(week, "week"), one(lost.get(week), "money"), one(kept["total"] if kept else 0, "money"), WORDS]

    return {str(week): row(week) for week in reversed(o.shown)}


@tabulates("effects-table")
def effects(o: Recomputed, at: Spot) -> Rows:
    def row(r: Row) -> list[Numbers]:
        first = r["start"] and r["start"] - timedelta(days=r["start"].weekday())
        told = []
        for start, n in ((first and first - r["n_before"] * WEEK, r["n_before"]), (first, r["n_after"])):
            weeks = [start + i * WEEK for i in range(n)] if start else []
            cases = sum(x["value"] for w in weeks if (x := o.volumes.get((o.top, "losses.cases", w))))
            told.append(((n, "n"), (cases, "n")) if n else WORDS)
        stated = r["verdict"] == "stated"
        change = one(r["effect"], "change") if stated else WORDS
        bounds = ((r["low"], "change"), (r["high"], "change")) if stated else WORDS
        verdict: Numbers = WORDS
        if r["verdict"] == "low_power":
            verdict = ((POLICY.effects.change, "change"), (r["power"], "pct0"), *(((r["weeks_needed"], "n"),) if r["weeks_needed"] else ()))
        return [operation_name(o, f"op:{r['campaign_id']}"), *told, change, bounds, one(r["power"], "pct0"), verdict]

    found = o.rows("FROM campaign_effects WHERE verdict <> 'no_losses' ORDER BY start DESC NULLS LAST, campaign_id")
    return {r["campaign_id"]: row(r) for r in found}
