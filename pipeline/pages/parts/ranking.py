"""T1: towns by coverage, with rank ranges instead of plain ranks."""

from __future__ import annotations

from dataclasses import dataclass

from ..district import District
from ..model import Period


@dataclass(frozen=True, slots=True)
class Standing:
    """One town at a period's end. `best`, `worst`: rank range; amounts in 元; shares 0–1; None where not known."""

    area: str
    best: int | None
    worst: int | None
    estimate: float | None
    low: float | None
    high: float | None
    change: float | None
    blind: int
    loss: float
    per_resident: float | None
    is_low: bool


def standings(district: District, period: Period) -> list[Standing]:
    """Towns in administrative order. Best rank = 1 + towns whose low is above the own high; worst = n − towns whose high is below the own low."""
    return district.held(("standings", period.id), lambda: _standings(district, period))


def _standings(district: District, period: Period) -> list[Standing]:
    rows = {t: district.cover.get((t, period.last)) for t in district.towns}
    known = {t: r for t, r in rows.items() if r and r["estimate"] is not None}
    whole = district.cover.get((district.top, period.last))
    level = whole["estimate"] if whole else None
    first, last = district.indices(period)
    out = []
    for town in district.towns:
        row = known.get(town)
        loss = float(district.prevented.weeks[town]["value"][first : last + 1].sum())
        residents = district.area[town]["residents"]
        kpi = district.kpi.get(("coverage", town, period.id))
        edge = district.settings.coverage.blind_below
        places = [district.cover.get((c, period.last)) for c in district.communities[town]]
        out.append(Standing(
            area=town,
            best=1 + sum(r["low"] > row["high"] for r in known.values()) if row else None,
            worst=len(known) - sum(r["high"] < row["low"] for r in known.values()) if row else None,
            estimate=row["estimate"] if row else None, low=row["low"] if row else None, high=row["high"] if row else None,
            change=kpi["change"] if kpi else None,
            blind=sum(r is not None and r["estimate"] is not None and r["estimate"] < edge for r in places),
            loss=loss, per_resident=loss / residents if residents else None,
            is_low=bool(row and level is not None and row["high"] < level),
        ))  # fmt: skip
    return out


def ordered(district: District, period: Period) -> list[Standing]:
    """By coverage, high to low, unknown last; in administrative order where rankings are off."""
    rows = standings(district, period)
    if district.settings.pages.rankings == "off":
        return rows
    return sorted(rows, key=lambda s: (s.estimate is None, -(s.estimate or 0)))


def clearly_low(district: District, period: Period) -> tuple[str, ...]:
    """Towns whose upper bound is below the district's estimate, lowest last."""
    return tuple(s.area for s in ordered(district, period) if s.is_low)


def at_end(district: District, period: Period) -> list[list[object]]:
    """What periods with the same end share, in the order of the table, for the page's script: [area, best, worst, estimate, low, high, blind,
    is low]."""
    return [[s.area, s.best, s.worst, s.estimate, s.low, s.high, s.blind, int(s.is_low)] for s in ordered(district, period)]


def over(district: District, period: Period) -> list[list[object]]:
    """What differs from period to period, in the same order: [change, loss]; loss a resident follows."""
    return [[s.change, s.loss] for s in ordered(district, period)]
