"""C4 and C5: values and right-hand texts of horizontal bars, in an order of categories that filtering never changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..amounts import COLUMNS
from ..district import District
from ..model import Scope, Text, say

EMPTY = dict.fromkeys((*COLUMNS, "value", "low", "high", "n"), 0.0)


def channel_rows(district: District, scope: Scope) -> tuple[Mapping[str, Any], ...]:
    """One row a channel in the page's fixed order: now, previous (in the channel's own unit; None: nothing reported), change, text."""
    out = []
    for channel in district.channels:
        row = district.kpi.get((f"contacts.{channel}", scope.area, scope.period))
        now, previous, change = (row["value"], row["previous"], row["change"]) if row else (None, None, None)
        unit = f"unit:{row['unit'] if row else ''}"
        out.append(
            {"now": now, "previous": previous, "change": change, "unit": unit, "text": channel_text(now, change, unit, district.settings.pages.flat)}
        )
    return tuple(out)


def channel_text(now: float | None, change: float | None, unit: str, flat: float) -> Text:
    if now is None:
        return say("c4.value_none")
    if change is None:
        return say("c4.value_only", now=now, unit=unit)
    return say("c4.value_flat", now=now, unit=unit) if abs(change) < flat else say("c4.value", now=now, unit=unit, change=change)


def loss_values(district: District, dimension: str, scope: Scope) -> dict[str, dict[str, float]]:
    """Category → p5e … p2s, value, low, high (元), n, for every category of the page."""
    period = next(p for p in district.periods if p.id == scope.period)
    found = district.prevented.period_bars(dimension, period)[scope.area]
    return {category: found.get(category, EMPTY) for category in district.prevented.categories(dimension)}


def loss_text(row: Mapping[str, float]) -> Text:
    return say("c5.value", value=row["value"], n=int(row["n"])) if row["n"] else say("c5.value_none")


def loss_rows(district: District, dimension: str, values: Mapping[str, Mapping[str, float]]) -> tuple[Mapping[str, Any], ...]:
    return tuple({**values[c], "text": loss_text(values[c])} for c in district.prevented.categories(dimension))
