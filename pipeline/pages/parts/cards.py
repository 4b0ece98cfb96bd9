"""The five KPI cards and their sparklines."""

from __future__ import annotations

from ..district import District
from ..model import Card, say
from ..trends import heights

COLOURS = {"coverage": "pri", "contacts": "pri", "cases": "teal", "prevented": "teal", "on_time_rate": "ink3"}


def five(district: District) -> tuple[Card, ...]:
    window = district.settings.coverage.window_weeks
    return tuple(
        Card(metric, say(f"kpi.{metric}", **({"n": window} if metric == "coverage" else {})), metric, colour) for metric, colour in COLOURS.items()
    )


def trend(district: District, metric: str, area: str) -> list[float | None]:
    """52 weekly values of a card's metric; None where nothing was reported."""
    weeks, size = district.shown, len(district.shown)
    if metric == "coverage":
        return [row["estimate"] if (row := district.cover.get((area, week))) else None for week in weeks]
    if metric == "contacts":
        return district.weekly("contacts", area)[-size:]
    if metric == "on_time_rate":
        return [on_time(district, area, i) for i in range(size)]
    column = {"cases": "n", "prevented": "value"}[metric]
    return [float(v) for v in district.prevented.weeks[area][column][-size:]]


def on_time(district: District, area: str, i: int) -> float | None:
    counts = district.counts(area, [district.shown[i]])
    due = sum(n for status, n in counts.items() if status not in ("not_due", "waived"))
    return (counts["on_time"] + counts["zero_report"]) / due if due else None


def all_trends(district: District) -> dict[str, dict[str, list[int | None] | None]]:
    """Area → metric → heights of its sparkline, for the page's script; the others are drawn from the trend charts' columns."""
    return {area: {metric: heights(trend(district, metric, area)) for metric in ("contacts", "on_time_rate")} for area in district.scopes}
