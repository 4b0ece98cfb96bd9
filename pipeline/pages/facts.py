"""What is known about one scope (an area over a period): the plain values that findings speak about.

Here: gathering, from the district's look-ups. Not here: thresholds and words (findings.py), any indicator (measures).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from pipeline.settings import Pages

from . import surveyed
from .amounts import GRADES, ROW
from .district import District
from .model import Period, Scope

METRICS = ("coverage", "contacts", "cases", "prevented", "on_time_rate")
NOTHING: ROW = dict.fromkeys(
    ("value", "low", "high", "previous", "change", "change_low", "change_high", "year_before", "year_change", "year_change_low", "year_change_high",
     "share_largest", "without_largest_change", "note", "year_note", "comparable", "year_comparable", "n_left_out"))  # fmt: skip
"""A row of kpis for an indicator the measures did not compute."""


@dataclass(frozen=True, slots=True)
class Facts:
    scope: Scope
    period: Period
    level: str
    kpi: Mapping[str, ROW]
    target: float
    blind: tuple[str, ...]
    blind_residents: float
    blind_towns: tuple[str, ...]
    n_never: int
    n_communities: int
    grades: Mapping[str, float]
    exact_amount: float
    n_exact: int
    n_unknown: int
    n_vague: int
    n_cases: int
    largest: ROW | None
    statuses: Mapping[str, int]
    reaches_last: bool
    is_last_due: bool
    last: date
    last_statuses: Mapping[str, int]
    late_towns: tuple[str, ...]
    missing_towns: tuple[str, ...]
    policy: Pages
    is_provisional: bool
    n_towns: int = 0
    has_residents: bool = True
    method: str | None = None
    """How the coverage was estimated: see tables/coverage.py."""


def value_at(district: District, area: str, week: date) -> float | None:
    row = district.cover.get((area, week))
    return row["estimate"] if row else None


def gather(district: District, scope: Scope) -> Facts:
    """Facts of a scope, gathered once. A KPI without a row counts as not computed (all null)."""
    return district.held(("facts", scope.area, scope.period), lambda: _gathered(district, scope))


def _gathered(district: District, scope: Scope) -> Facts:
    period = next(p for p in district.periods if p.id == scope.period)
    is_district = scope.area == district.top
    towns = district.towns if is_district else (scope.area,)
    places = [c for town in towns for c in district.communities.get(town, ())]
    known = {c: value_at(district, c, period.last) for c in places}
    blind = tuple(sorted((c for c, v in known.items() if v is not None and v < district.settings.coverage.blind_below), key=lambda c: (known[c], c)))
    per_town = {town: sum(c in blind for c in district.communities.get(town, ())) for town in towns}
    most = max(per_town.values(), default=0)
    first, last = district.indices(period)
    weeks = district.weeks[first : last + 1]
    sums = {name: float(array[first : last + 1].sum()) for name, array in district.prevented.weeks[scope.area].items()}
    in_last = {town: district.week_status(town, district.last) for town in towns}
    return Facts(
        scope=scope,
        period=period,
        level="district" if is_district else "town",
        kpi={metric: district.kpi.get((metric, scope.area, scope.period), NOTHING) for metric in METRICS},
        target=district.settings.coverage.target,
        blind=blind,
        blind_residents=sum(district.area[c]["residents"] or 0 for c in blind),
        blind_towns=tuple(t for t, n in per_town.items() if n == most and most > 0),
        n_never=sum(v is None for v in known.values()),
        n_communities=len(places),
        grades={grade: sums[f"{grade.lower()}e"] + sums[f"{grade.lower()}s"] for grade in GRADES},
        exact_amount=sum(sums[f"{grade.lower()}e"] for grade in GRADES),
        n_exact=exact_cases(district, scope.area, first, last),
        n_unknown=int(sums["n_without_value"]),
        n_vague=int(district.prevented.vague_cases[scope.area][first : last + 1].sum()),
        n_cases=int(sums["n"]),
        largest=district.prevented.largest.get((scope.area, period.id)),
        statuses=district.counts(scope.area, weeks),
        reaches_last=period.last == district.last,
        is_last_due=district.is_last_week_due,
        last=district.last,
        last_statuses=district.counts(scope.area, [district.last]),
        late_towns=tuple(t for t, s in in_last.items() if s in ("late", "partial")),
        missing_towns=tuple(t for t, s in in_last.items() if s == "missing"),
        policy=district.settings.pages,
        is_provisional=any(week in district.provisional for week in weeks),
        n_towns=len(towns),
        has_residents=any(district.area[a]["residents"] for a in (scope.area, *places)),
        method=surveyed.method_of(district, scope.area, period.last),
    )


def exact_cases(district: District, area: str, first: int, last: int) -> int:
    """Events with an exact amount."""
    return int(district.prevented.exact_cases[area][first : last + 1].sum())


def is_blank(row: Mapping[str, Any]) -> bool:
    return row["value"] is None
