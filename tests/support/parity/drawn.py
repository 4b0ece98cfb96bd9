"""What charts must draw: chart → trace → its points, recomputed. Amounts in 元, shares 0–1.

Here: charts whose points are in the figure itself. Not here: trend and bar charts that the page fills from embedded data
(tests/pages/test_parity.py), numbers (recomputed.py), how they look (tests/charts).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from .recomputed import Recomputed
from .said.base import POLICY, Spot
from .said.losses import monthly_amounts, returned_amounts
from .said.made_of import pace_of
from .said.titles import weekly_values
from .tabulated.base import is_hidden
from .tabulated.coverage import compared, weeks_to

Points = tuple[Sequence[Any], Sequence[Any]]
"""x and y; None separates strokes of one trace."""
DRAWN: dict[str, Callable[[Recomputed, Spot], dict[str, Points]]] = {}


def draws(id: str) -> Callable[[Callable[[Recomputed, Spot], dict[str, Points]]], Callable[[Recomputed, Spot], dict[str, Points]]]:
    def noted(made: Callable[[Recomputed, Spot], dict[str, Points]]) -> Callable[[Recomputed, Spot], dict[str, Points]]:
        DRAWN[id] = made
        return made

    return noted


@draws("c6")
def coverage_of_towns(o: Recomputed, at: Spot) -> dict[str, Points]:
    def line(area: str, column: str) -> list[float | None]:
        rows = [None if is_hidden(o, area, week) else o.cover.get((at.audience, area, week)) for week in o.shown]
        return [row and row[column] for row in rows]

    out: dict[str, Points] = {}
    x = midweeks(o)
    for i, r in enumerate(compared(o, at), start=1):
        for name, column in (("low", "low"), ("high", "high"), ("own", "estimate")):
            out[f"{name}:{i}"] = (x, line(r["area"], column))
        out[f"district:{i}"] = (x, line(o.top, "estimate"))
    return out


def midweeks(o: Recomputed) -> list[str]:
    return [r["x"] for r in o.rows(f"SELECT (week + 3)::DATE::VARCHAR AS x FROM weeks WHERE week >= DATE '{o.shown[0]}' ORDER BY week")]


@draws("c7")
def weeks_to_the_target(o: Recomputed, at: Spot) -> dict[str, Points]:
    ranges, dots, arrows = [], [], []
    for r in compared(o, at):
        pace = pace_of(o, Spot(at.kind, at.area, at.period, at.where, at.audience, r["area"]))
        if pace is None or r["estimate"] is None:
            continue
        soon, likely, late = (weeks_to(POLICY.coverage.target - r[k], pace) for k in ("high", "estimate", "low"))
        if likely is None:
            continue
        ranges += [(soon or 0, r["area"]), (52 if late is None else late, r["area"]), (None, None)]
        dots.append((likely, r["area"]))
        if late is None:
            arrows.append((52, r["area"]))
    found = {"range": ranges, "likely": dots, "beyond": arrows}
    return {name: tuple(zip(*points, strict=True)) for name, points in found.items() if points}  # type: ignore[misc]


@draws("c8")
def channels_to_their_mean(o: Recomputed, at: Spot) -> dict[str, Points]:
    out: dict[str, Points] = {}
    for i, channel in enumerate(o.channels, start=1):
        values = weekly_values(o, channel)
        known = [v for v in values if v is not None]
        mean = sum(known) / len(known)
        out[f"own:{i}"] = (midweeks(o), [v if v is None or not mean else v / mean for v in values])
        out[f"level:{i}"] = (midweeks(o), [1.0] * len(values))
    return out


@draws("c9")
def months_and_the_year_before(o: Recomputed, at: Spot) -> dict[str, Points]:
    rows = monthly_amounts(o)
    names = [f"{m:%Y-%m}" for m, *_ in rows]
    found = {"now": [a for _, a, _ in rows], "before": [b for _, _, b in rows]}
    return {name: (names, values) for name, values in found.items() if any(values)}


@draws("c12")
def months_returned(o: Recomputed, at: Spot) -> dict[str, Points]:
    rows = returned_amounts(o)
    return {"now": ([f"{m:%Y-%m}" for m, _ in rows], [v for _, v in rows])} if any(v for _, v in rows) else {}


@draws("c11")
def lost_and_kept(o: Recomputed, at: Spot) -> dict[str, Points]:
    lost = {r["week"]: r["v"] for r in o.rows("SELECT week, sum(value) AS v FROM actual_losses GROUP BY 1")}
    kept = {week: o.weekly_losses.get((o.top, week)) for week in o.shown}
    return {"panel:1": (midweeks(o), [lost.get(w) for w in o.shown]), "panel:2": (midweeks(o), [r["total"] if r else 0 for r in kept.values()])}


@draws("q2")
def first_and_now(o: Recomputed, at: Spot) -> dict[str, Points]:
    rows = o.rows(f"FROM revisions WHERE metric = 'prevented' AND area_id = '{o.top}' ORDER BY week")[-12:]
    weeks = [str(r["week"]) for r in rows]
    first, now = [r["first_value"] for r in rows], [r["value"] for r in rows]
    strokes = [(x, y) for week, a, b in zip(weeks, first, now, strict=True) for x, y in ((week, a), (week, b), (None, None))]
    return {"first": (weeks, first), "now": (weeks, now), "change": tuple(zip(*strokes, strict=True))}  # type: ignore[dict-item]
