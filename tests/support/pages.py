"""A fictional district as the frames that pages.build takes, computed by code that shares nothing with the measures.

12 towns, 60 communities, 104 weeks, two operations; late, partial and missing reports; one community that never reported; approximate,
vague and unknown amounts; events with legs of several grades. `frames(...)` takes switches for the states that the tests need.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from datetime import date, datetime, timedelta

import polars as pl

from tests.support.pages_district import CHANNELS, LAST, TOWNS, TYPES, WEEKS, areas, coverage, ledger, loss_cube, mondays, reports, sha, tallies
from tests.support.pages_findings import issues, publications, submissions, surveyed
from tests.support.pages_kpis import group_kpis, kpis, lost_kpis, periods, row_rates, series_metric
from tests.support.pages_months import campaign_effects, month_kpis


def contacts(cells: list[dict], area_rows: list[dict], weeks: list[date]) -> list[dict]:
    """Sums of the tallies by channel and community."""
    sums: dict[tuple, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0])
    for m in cells:
        for area in (m["area_id"],):
            s = sums[area, m["channel"], m["week"]]
            s[0], s[1], s[2], s[3] = s[0] + m["value"], s[1] + m["low"], s[2] + m["high"], s[3] + 1
    units = {c: u for c, _, u, _ in CHANNELS}
    return [
        {"area_id": a, "channel": c, "audience": "all", "week": w, "unit": units[c], "value": v, "low": lo, "high": hi, "n_cells": n, "n_missing": 0}
        for (a, c, w), (v, lo, hi, n) in sums.items()
    ]


def weekly_series(contact_rows: list[dict]) -> list[dict]:
    return [
        {
            "metric": series_metric(r["channel"]),
            "area_id": r["area_id"],
            "week": r["week"],
            "unit": r["unit"],
            "kind": "count",
            "value": r["value"],
            "low": r["low"],
            "high": r["high"],
            "n_records": r["n_cells"],
            "n_without_value": 0,
            "largest": None,
        }
        for r in contact_rows
    ]


def lost_series(losses: list[dict]) -> list[dict]:
    sums: dict[tuple, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0])
    for r in losses:
        key = r["area_id"], r["week"]
        sums[key] = [sums[key][0] + r["value"], sums[key][1] + r["low"], sums[key][2] + r["high"], sums[key][3] + r["n"]]
    return [
        {"metric": "losses.amount", "area_id": a, "week": w, "unit": "元", "kind": "money", "value": v, "low": lo, "high": hi, "n_records": n,
         "n_without_value": 0, "largest": None}
        for (a, w), (v, lo, hi, n) in sums.items()
    ]  # fmt: skip


def lost_cells(losses: list[dict], like: list[dict]) -> list[dict]:
    """One cell a week, town and kind of fraud, as a weekly losses sheet has them."""
    return [
        like[0]
        | {"measurement_id": sha("lost", i), "path": "示例/案损.xlsx", "sheet": "案损", "cell": f"D{i + 2}", "form": "losses", "channel": "losses",
           "measure": "amount", "unit": "元", "area_id": r["area_id"], "week": r["week"], "value": r["value"], "low": r["low"], "high": r["high"],
           "text": "9万余元", "precision": "about", "stands": True}
        for i, r in enumerate(losses)
    ]  # fmt: skip


def survey_cells(like: list[dict]) -> list[dict]:
    own = {"form": "surveys", "channel": "surveys", "measure": "aware", "unit": "人", "path": "示例/知晓率.xlsx", "sheet": "知晓率", "stands": True}
    return [like[0] | own | {"measurement_id": sha("survey", i), "record_id": f"survey!知晓率!{i}", "cell": f"C{i + 3}"} for i in range(3)]


def framed(name: str, rows: list[dict]) -> pl.DataFrame:
    """Rows as the warehouse table `name`, checked against its schema."""
    from pipeline.tables.base import table

    spec = table(name)
    return spec.check(pl.DataFrame(rows, schema=spec.polars_schema, orient="row") if rows else spec.empty())


def frames(
    *,
    n_weeks: int = WEEKS,
    n_towns: int = len(TOWNS),
    not_due_last: bool = False,
    with_losses: bool = False,
    is_sample: bool = True,
    scale: float = 1.0,
    largest: float = 2_860_000.0,
    rename: dict[str, str] | None = None,
) -> dict[str, pl.DataFrame]:
    """All tables pages.build takes. `rename` replaces area names (for hostile ones); `n_weeks` and `n_towns` make it smaller."""
    weeks = mondays(n_weeks)
    area_rows = areas(n_towns)
    for r in area_rows:
        r["zh"] = (rename or {}).get(r["zh"], r["zh"])
    never = {"0901"}
    campaigns = [
        {
            "campaign_id": "day100",
            "zh": "百日专项行动",
            "en": "100-day operation",
            "start": date(2025, 11, 3),
            "end": date(2026, 2, 10),
            "kind": "operation",
        },
        {
            "campaign_id": "spring25",
            "zh": "春季攻势",
            "en": "Spring drive",
            "start": date(2025, 3, 10),
            "end": date(2025, 4, 27),
            "kind": "operation",
        },
        {"campaign_id": "sept", "zh": "9月宣传月", "en": "September month", "start": date(2025, 9, 1), "end": date(2025, 9, 30), "kind": "month"},
        {"campaign_id": "d629", "zh": "6·29 宣传日", "en": "29 June", "start": date(2025, 6, 29), "end": date(2025, 6, 29), "kind": "day"},
        {"campaign_id": "cny", "zh": "春节", "en": "Spring Festival", "start": date(2026, 2, 17), "end": date(2026, 2, 23), "kind": "holiday"},
    ]
    status = reports(area_rows, weeks, not_due_last)
    state = {(r["area_id"], r["week"]): r["status"] for r in status}
    cover = coverage(area_rows, weeks, never)
    aged = [r | {"residents": round(0.2 * r["residents"])} for r in area_rows if r["area_id"][:2] in ("d", "01", "02", "03")]
    elderly = [r | {"audience": "elderly"} for r in coverage(aged, weeks, never)]
    for r in cover:
        towns = [a["area_id"] for a in area_rows if a["level"] == "town"] if r["area_id"] == "d" else [r["area_id"][:2]]
        seen = [state[t, r["week"]] for t in towns]
        r["reports_in"], r["reports_due"] = sum(s in ("on_time", "late", "partial") for s in seen), sum(s != "not_due" for s in seen)
    tally_cells = tallies(area_rows, weeks, state, never, scale)
    events, legs, loss_cells = ledger(area_rows, weeks, largest)
    contact_rows = contacts(tally_cells, area_rows, weeks)
    spans = periods(weeks, campaigns)
    cells = tally_cells + loss_cells
    paths = sorted({m["path"] for m in cells} | {"常住人口_2025年末.csv"})
    per_file: dict[str, int] = defaultdict(int)
    for m in cells:
        per_file[m["path"]] += 1
    seen_at = datetime(2026, 3, 23, 1, 0)
    files = [
        {
            "file_id": sha("f", p),
            "path": p,
            "sha256": hashlib.sha256(p.encode()).hexdigest(),
            "size": 20_000,
            "received_at": seen_at,
            "first_seen_at": seen_at,
            "status": "accepted" if i % 9 else "remarks",
            "n_measurements": per_file[p],
            "n_rejections": 0 if i % 9 else 1,
            "n_set_aside": 1,
            "is_sample": is_sample,
            "is_present": True,
            "is_withdrawn": False,
            "message": None,
        }
        for i, p in enumerate(paths)
    ]
    rejections = [
        {
            "rejection_id": sha("r", f["path"]),
            "file_id": f["file_id"],
            "path": f["path"],
            "sheet": "周报",
            "cell": "D9",
            "severity": "warning",
            "rule": "amount_is_a_quantity",
            "message": "“若干”不是数量：请填写数字或“约…”",
            "message_en": "“若干” is no quantity: write a number or “约…”",
            "text": "若干",
            "suggestion": "",
        }
        for f in files
        if f["n_rejections"]
    ]
    week_rows = [
        {
            "week": w,
            "iso": f"{w.isocalendar().year}-W{w.isocalendar().week:02}",
            "year": w.isocalendar().year,
            "number": w.isocalendar().week,
            "sunday": w + timedelta(days=6),
            "deadline": datetime.combine(w + timedelta(days=7), datetime.min.time()) + timedelta(hours=4),
            "is_due": not (not_due_last and w == weeks[-1]),
            "is_provisional": w in weeks[-2:],
        }
        for w in weeks
    ]
    losses = (
        [
            {
                "area_id": a["area_id"],
                "week": w,
                "fraud_type": t[0],
                "n": 2,
                "value": 90_000.0,
                "low": 90_000.0,
                "high": 110_000.0,
                "is_provisional": w in weeks[-2:],
            }
            for w in weeks
            for a in area_rows
            if a["level"] == "town"
            for t in TYPES[:3]
        ]
        if with_losses
        else []
    )
    revisions = [
        {
            "metric": "prevented",
            "area_id": "d",
            "week": w,
            "first_build_id": "b0",
            "first_published_at": seen_at - timedelta(weeks=1),
            "first_value": 1_000_000.0 - 40_000 * i,
            "first_low": None,
            "first_high": None,
            "value": 1_000_000.0 + 30_000 * i,
            "low": None,
            "high": None,
            "n_changes": 1,
        }
        for i, w in enumerate(weeks[-12:])
    ]
    build = {
        "build_id": "fixture",
        "built_at": "2026-03-23T12:30:00",
        "data_to": str(LAST + timedelta(days=6)),
        "district_zh": "云麓区",
        "district_en": "Yunlu",
        "is_sample": str(is_sample).lower(),
        "reader": "1",
        "settings": "0123456789ab",
        "settings_values": json.dumps({"coverage": {"target": 0.75}, "pages": {"rankings": "on"}}),
        "published_at": "2026-03-23T04:30:00.250000",
        "previous_build_id": "fixture-before",
        "previous_published_at": "2026-03-16T04:30:00.125000",
        "previous_reader": "0",
        "previous_settings_values": json.dumps({"coverage": {"target": 0.7}, "pages": {"rankings": "on"}}),
    }
    rows = {
        "areas": area_rows,
        "boundaries": [],
        "denominators": [
            {
                "area_id": a["area_id"],
                "audience": "all",
                "n": a["residents"],
                "kind": "常住人口",
                "year": 2025,
                "path": a["population_path"],
                "sheet": a["population_sheet"],
                "cell": a["population_cell"],
            }
            for a in area_rows
        ]
        + [
            {
                "area_id": a["area_id"],
                "audience": "elderly",
                "n": a["residents"],
                "kind": "老年人",
                "year": 2025,
                "path": a["population_path"],
                "sheet": a["population_sheet"],
                "cell": None if a["population_cell"] is None else "F" + a["population_cell"][1:],
            }
            for a in aged
        ],
        "units": [
            {
                "unit_id": f"u{a['area_id']}",
                "zh": f"{a['zh']}派出所",
                "kind": "派出所",
                "area_id": a["area_id"],
                "serves": json.dumps([a["area_id"]]),
                "aliases": "[]",
                "forms": '["weekly_tally"]',
                "valid_from": None,
                "valid_to": None,
                "is_provisional": False,
            }
            for a in area_rows
            if a["level"] == "town"
        ],
        "campaigns": campaigns,
        "weeks": week_rows,
        "coverage": cover + elderly,
        "contacts": contact_rows,
        "weekly_series": weekly_series(contact_rows) + lost_series(losses),
        "events": events,
        "event_legs": legs,
        "loss_cube": loss_cube(events),
        "actual_losses": losses,
        "report_status": status,
        "submissions": submissions(status),
        "kpis": kpis(spans, weeks, area_rows, cover, contact_rows, events, status)
        + lost_kpis(spans, weeks, losses, events)
        + group_kpis(spans, weeks, elderly)
        + row_rates(spans, weeks, area_rows),
        "issues": issues(),
        "measurements": cells + lost_cells(losses, cells) + survey_cells(cells),
        "source_files": files,
        "rejections": rejections,
        "build": [{"key": k, "value": v} for k, v in build.items()],
        "publications": publications(events, weeks, build),
        "revisions": revisions,
        "revision_rates": [
            {"metric": metric, "area_id": "d", "period": "w13", "n_published": 169, "n_revised": n, "rate": n / 169}
            for metric, n in (("cases", 13), ("contacts", 0), ("coverage", 91), ("prevented", 26))
        ],
        "weekly_cube": [],
        "place_activity": [
            {"area_id": a["area_id"], "week": weeks[-1], "is_active": True, "days_since_activity": 0, "n_records": 1}
            for a in area_rows
            if a["level"] == "community" and any(c["area_id"] == a["area_id"] and c["week"] == weeks[-1] for c in cells)
        ],
        "awareness": surveyed(weeks),
        "month_kpis": month_kpis(events, area_rows, weeks),
        "campaign_effects": campaign_effects(campaigns, with_losses),
    }
    return {name: framed(name, given) for name, given in rows.items()}
