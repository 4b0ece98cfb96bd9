"""The running month and the operations of the fictional district, computed the plain way: tables month_kpis and campaign_effects."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import mean, median


def happened(events: list[dict], area: str, first: date, last: date) -> list[dict]:
    return [e for e in events if area in ("d", e["town_id"]) and first <= e["first_date"] <= last]


def figures(events: list[dict]) -> dict[str, float | None]:
    amounts = [e["value"] for e in events if e["value"] is not None]
    graded = {f"prevented.{g}": float(sum(e["value"] or 0 for e in events if e["grade"] == g)) for g in ("P2", "P3", "P4", "P5")}
    averages = {"prevented.mean": mean(amounts) if amounts else None, "prevented.median": median(amounts) if amounts else None}
    return {"cases": float(len(events)), "prevented": float(sum(amounts)), **graded, **averages}


def month_kpis(events: list[dict], area_rows: list[dict], weeks: list[date]) -> list[dict]:
    """The month to the last Sunday, against the same days of the month and of the year before; nobody is left out."""
    end = weeks[-1] + timedelta(days=6)
    spans = [(end.replace(day=1), end), (date(2026, 2, 1), date(2026, 2, end.day)), (date(2025, 3, 1), date(2025, 3, end.day))]
    rows = []
    for area in (r["area_id"] for r in area_rows if r["level"] != "community"):
        now, before, year = (figures(happened(events, area, *span)) for span in spans)
        for metric, value in now.items():
            base = before["cases"] or 0
            change = value / before[metric] - 1 if base >= 10 and before[metric] and value is not None else None  # type: ignore[operator]
            rows.append(
                {"metric": metric, "area_id": area, "period": f"{end:%Y-%m}", "start": spans[0][0], "end": end, "is_to_date": True,
                 "value": value, "low": value, "high": value, "unit": "起" if metric == "cases" else "元", "n_records": int(now["cases"] or 0),
                 "n_without_value": 0, "previous": before[metric], "comparable": value, "change": change, "year_before": year[metric],
                 "year_comparable": value, "note": None if change is not None else "small_base", "year_note": "small_base",
                 "reports_in": 1, "reports_due": 1, "is_provisional": True, "n_left_out": 0}
            )  # fmt: skip
    return rows


def campaign_effects(campaigns: list[dict], with_losses: bool) -> list[dict]:
    """The earlier operation's change is stated, the later one's weeks are too few to tell."""
    told = {
        "spring25": {
            "verdict": "stated",
            "mean": 8.0,
            "dispersion": 1.0,
            "power": 0.81,
            "weeks_needed": 12,
            "effect": -0.12,
            "low": -0.3,
            "high": 0.1,
        },
        "day100": {"verdict": "low_power", "mean": 8.0, "dispersion": 1.4, "power": 0.31, "weeks_needed": 40},
    }
    rows = []
    for c in campaigns:
        if c["kind"] == "operation":
            found = told[c["campaign_id"]] if with_losses else {"verdict": "no_losses"}
            first = c["start"] - timedelta(days=c["start"].weekday())
            last = c["end"] - timedelta(days=c["end"].weekday())
            n = (last - first).days // 7 + 1
            rows.append({"campaign_id": c["campaign_id"], "area_id": "d", "start": first, "end": last, "n_before": 8, "n_after": n, **found})
    return rows
