"""C4 and C5: values and right-hand texts of horizontal bars, in an order of categories that filtering never changes."""

from __future__ import annotations

from collections.abc import Mapping

from ..district import COLUMNS, District
from ..model import Scope, Text, say

Values = list[float | None]
EMPTY = dict.fromkeys((*COLUMNS, "value", "low", "high", "n"), 0.0)


def channel_values(district: District, scope: Scope) -> tuple[Values, Values]:
    """Contacts of each channel in the period, and in the equal span before it (None before the data begin)."""
    period = next(p for p in district.periods if p.id == scope.period)
    first, last = district.indices(period)
    size = last - first + 1
    return district.contacts(scope.area, first, last), district.contacts(scope.area, first - size, first - 1)


def channel_text(now: float | None, previous: float | None, flat: float = 0.01) -> Text:
    if now is None:
        return say("c4.value_none")
    if not previous:
        return say("c4.value_new" if previous is None else "c4.value_only", now=now)
    change = now / previous - 1
    return say("c4.value_flat", now=now) if abs(change) < flat else say("c4.value", now=now, change=change)


def channel_rows(now: Values, previous: Values) -> tuple[Mapping[str, object], ...]:
    return tuple(
        {"now": a, "previous": b, "change": a / b - 1 if a is not None and b else None, "text": channel_text(a, b)}
        for a, b in zip(now, previous, strict=True)
    )


def loss_values(district: District, dimension: str, scope: Scope) -> dict[str, dict[str, float]]:
    """Category → p5e … p2s, value, low, high (元), n, for every category of the page."""
    period = next(p for p in district.periods if p.id == scope.period)
    found = district.period_bars(dimension, period)[scope.area]
    return {category: found.get(category, EMPTY) for category in district.categories(dimension)}


def loss_text(row: Mapping[str, float]) -> Text:
    return say("c5.value", value=row["value"], n=int(row["n"])) if row["n"] else say("c5.value_none")


def loss_rows(district: District, dimension: str, values: Mapping[str, Mapping[str, float]]) -> tuple[Mapping[str, object], ...]:
    return tuple({**values[c], "text": loss_text(values[c])} for c in district.categories(dimension))
