"""The headline indicators of the fictional district, computed the plain way: table kpis and its periods."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import date, timedelta

from tests.support.pages_district import CHANNELS
from tests.support.pages_months import figures

BLANK = (
    "low",
    "high",
    "previous",
    "change",
    "change_low",
    "change_high",
    "year_before",
    "year_change",
    "year_change_low",
    "year_change_high",
    "share_largest",
    "without_largest_change",
    "note",
)
"""Columns that a row leaves empty unless it states them."""


def series_metric(channel: str) -> str:
    """Metric of a channel: the stated total is `contacts` itself."""
    return "contacts" if channel == "contacts" else f"contacts.{channel}"


def periods(weeks: list[date], campaigns: list[dict]) -> list[tuple[str, int, int]]:
    found = [(f"w{n}", max(0, len(weeks) - n), len(weeks) - 1) for n in (4, 13, 26, 52)]
    for c in campaigns:
        inside = [i for i, w in enumerate(weeks) if w >= c["start"] - timedelta(days=3) and w + timedelta(days=3) <= c["end"]]
        if c["kind"] == "operation" and inside:
            found.append((f"op:{c['campaign_id']}", inside[0], inside[-1]))
    return found


def ratio(now: float, before: float) -> float | None:
    return now / before - 1 if before else None


def kpis(
    spans: list[tuple[str, int, int]],
    weeks: list[date],
    area_rows: list[dict],
    cover: list[dict],
    contact_rows: list[dict],
    events: list[dict],
    status: list[dict],
) -> list[dict]:
    """The five headline indicators, computed here the plain way."""
    estimate = {(r["area_id"], r["week"]): r for r in cover}
    volume: dict[tuple, float] = defaultdict(float)
    for r in contact_rows:
        for area in (r["area_id"][:2], "d"):
            volume[series_metric(r["channel"]), area, r["week"]] += r["value"]
    units = {series_metric(c): u for c, _, u, size in CHANNELS if size}
    happened: dict[str, list[dict]] = defaultdict(list)
    for e in events:
        happened[e["town_id"]].append(e)
        happened["d"].append(e)
    received: dict[tuple, list[str]] = defaultdict(list)
    for r in status:
        for area in (r["area_id"], "d"):
            received[area, r["week"]].append(r["status"])
    rows = []
    for area in (r["area_id"] for r in area_rows if r["level"] != "community"):
        for name, a, b in spans:
            n = b - a + 1
            span, before, year = (
                {weeks[i] for i in range(max(0, x), y + 1)} if x >= 0 else set() for x, y in ((a, b), (a - n, a - 1), (a - 52, b - 52))
            )
            states = [s for w in span for s in received[area, w]]
            common = dict.fromkeys(BLANK) | {
                "n_left_out": 0,
                "area_id": area,
                "period": name,
                "start": weeks[a],
                "end": weeks[b] + timedelta(days=6),
                "n_without_value": 0,
                "reports_in": sum(s in ("on_time", "late", "partial") for s in states),
                "reports_due": sum(s != "not_due" for s in states),
                "is_provisional": b >= len(weeks) - 2,
            }
            now, start = estimate[area, weeks[b]], estimate[area, weeks[max(0, a - 1)]]
            rows.append(
                common
                | {
                    "metric": "coverage",
                    "value": now["estimate"],
                    "low": now["low"],
                    "high": now["high"],
                    "unit": "1",
                    "n_records": now["n_places"],
                    "previous": start["estimate"],
                    "change": None if now["estimate"] is None else now["estimate"] - start["estimate"],
                }
            )
            for metric, unit in units.items():
                amounts = [sum(volume[metric, area, w] for w in ws) if ws else None for ws in (span, before, year)]
                rows.append(
                    common
                    | {
                        "metric": metric,
                        "value": amounts[0],
                        "low": amounts[0],
                        "high": amounts[0] * 1.01,
                        "unit": unit,
                        "n_records": n,
                        "previous": amounts[1],
                        "year_before": amounts[2],
                        "comparable": amounts[0],
                        "year_comparable": amounts[0],
                        "change": ratio(amounts[0], amounts[1]) if amounts[1] else None,
                        "year_change": ratio(amounts[0], amounts[2]) if amounts[2] else None,
                    }
                )
            found = [[e for e in happened[area] if e["week"] in ws] if ws else None for ws in (span, before, year)]
            counts = [None if es is None else float(len(es)) for es in found]
            sums = [None if es is None else float(sum(e["value"] or 0 for e in es)) for es in found]
            top = [max((e["value"] or 0 for e in es), default=0) if es is not None else 0 for es in found]
            small = counts[1] is not None and counts[1] < 10
            note = "no_previous" if counts[1] is None else ("small_base" if small else None)
            ok = note is None
            spread = 1.96 * math.sqrt(1 / max(counts[0], 1) + 1 / max(counts[1] or 1, 1))
            rows.append(
                common
                | {
                    "metric": "cases",
                    "comparable": counts[0],
                    "year_comparable": counts[0],
                    "value": counts[0],
                    "low": counts[0],
                    "high": counts[0],
                    "unit": "起",
                    "n_records": len(found[0]),
                    "previous": counts[1],
                    "year_before": counts[2],
                    "note": note,
                    "change": ratio(counts[0], counts[1]) if ok else None,
                    "change_low": counts[0] / counts[1] * math.exp(-spread) - 1 if ok else None,
                    "change_high": counts[0] / counts[1] * math.exp(spread) - 1 if ok else None,
                    "year_change": ratio(counts[0], counts[2]) if counts[2] and counts[2] >= 10 else None,
                }
            )
            rows.append(
                common
                | {
                    "metric": "prevented",
                    "comparable": sums[0],
                    "year_comparable": sums[0],
                    "value": sums[0],
                    "low": float(sum(e["low"] or 0 for e in found[0])),
                    "high": float(sum(e["high"] or 0 for e in found[0])),
                    "unit": "元",
                    "n_records": len(found[0]),
                    "previous": sums[1],
                    "year_before": sums[2],
                    "note": note,
                    "change": ratio(sums[0], sums[1]) if ok else None,
                    "year_change": ratio(sums[0], sums[2]) if counts[2] and counts[2] >= 10 else None,
                    "share_largest": top[0] / sums[0] if sums[0] else None,
                    "without_largest_change": ratio(sums[0] - top[0], sums[1] - top[1]) if ok else None,
                }
                | {"n_without_value": sum(e["value"] is None for e in found[0])}
            )
            averages = [figures(es) if es is not None else {} for es in found]
            for metric in ("prevented.mean", "prevented.median"):
                values = [told.get(metric) for told in averages]
                rows.append(
                    common
                    | {"metric": metric, "unit": "元", "value": values[0], "low": values[0], "high": values[0], "n_records": len(found[0])}
                    | {"previous": values[1], "comparable": values[0], "year_before": values[2], "year_comparable": values[0], "note": note}
                    | {"change": ratio(values[0], values[1]) if ok and values[0] and values[1] else None}
                )
            due = [sum(s != "not_due" for w in ws for s in received[area, w]) for ws in (span, before)]
            on_time = [sum(s == "on_time" for w in ws for s in received[area, w]) for ws in (span, before)]
            rows.append(
                common
                | {
                    "metric": "on_time_rate",
                    "value": on_time[0] / due[0] if due[0] else None,
                    "unit": "1",
                    "n_records": due[0],
                    "previous": on_time[1] / due[1] if due[1] else None,
                    "change": on_time[0] / due[0] - on_time[1] / due[1] if due[0] and due[1] else None,
                }
            )
    return rows


def lost_kpis(spans: list[tuple[str, int, int]], weeks: list[date], losses: list[dict], events: list[dict]) -> list[dict]:
    """Actual losses and both prevention rates of the district."""
    rows = []
    for name, a, b in spans if losses else ():
        inside = set(weeks[a : b + 1])
        lost = sum(r["value"] for r in losses if r["week"] in inside)
        common = {"area_id": "d", "period": name, "start": weeks[a], "end": weeks[b] + timedelta(days=6), "n_records": 1, "n_without_value": 0,
                  "reports_in": 1, "reports_due": 1, "is_provisional": True, "n_left_out": 0}  # fmt: skip
        rows.append(common | {"metric": "losses.amount", "unit": "元", "value": lost, "low": lost, "high": lost * 11 / 9})
        for suffix, grades in (("", ("P2", "P3", "P4", "P5")), (".P3plus", ("P3", "P4", "P5"))):
            kept = sum(e["value"] or 0 for e in events if e["week"] in inside and e["grade"] in grades)
            share = kept / (kept + lost)
            rows.append(common | {"metric": f"prevention_rate{suffix}", "unit": "1", "value": share, "low": share - 0.05, "high": share})
            if suffix:
                rows.append(common | {"metric": "prevented.P3plus", "unit": "元", "value": kept, "low": kept, "high": kept})
    return rows


def group_kpis(spans: list[tuple[str, int, int]], weeks: list[date], cover: list[dict]) -> list[dict]:
    """Coverage of a target group for the district and its towns."""
    rows = {(r["area_id"], r["week"]): r for r in cover}
    return [
        {"metric": f"coverage.{now['audience']}", "area_id": area, "period": name, "start": weeks[a], "end": weeks[b] + timedelta(days=6),
         "unit": "1", "value": now["estimate"], "low": now["low"], "high": now["high"], "n_records": now["n_places"], "n_without_value": 0,
         "previous": rows[area, weeks[max(0, a - 1)]]["estimate"], "change": now["estimate"] - rows[area, weeks[max(0, a - 1)]]["estimate"],
         "reports_in": 1, "reports_due": 1, "is_provisional": True, "n_left_out": 0}
        for name, a, b in spans
        for (area, week), now in rows.items()
        if week == weeks[b] and len(area) <= 2
    ]  # fmt: skip


def row_rates(spans: list[tuple[str, int, int]], weeks: list[date], area_rows: list[dict]) -> list[dict]:
    """Attendance per session of the district and its towns, warnings handled of the first town, items filled of all: written by hand."""
    large = [r["area_id"] for r in area_rows if r["level"] != "community"]
    told = [("attendance_per_session", "人次/场", area, 60.0 + 0.5 * i, 11 + i) for i, area in enumerate(large)]
    told += [("handling_rate", "1", area, 0.962, 677) for area in large[:2]] + [("item_completeness", "1", area, 0.875, 1200) for area in large]
    return [
        dict.fromkeys(BLANK)
        | {"metric": metric, "area_id": area, "period": name, "start": weeks[a], "end": weeks[b] + timedelta(days=6), "unit": unit, "value": value,
           "low": value, "high": value * (1.05 if unit != "1" else 1), "n_records": n, "n_without_value": 0, "is_provisional": True, "n_left_out": 0}
        for name, a, b in spans
        for metric, unit, area, value, n in told
    ]  # fmt: skip
