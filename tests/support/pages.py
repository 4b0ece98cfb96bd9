"""A fictional district as the frames that pages.build takes, computed by code that shares nothing with the measures.

12 towns, 60 communities, 104 weeks, two operations; late, partial and missing reports; one community that never reported; approximate,
vague and unknown amounts; events with legs of several grades. `frames(...)` takes switches for the states that the tests need.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections import defaultdict
from datetime import date, datetime, timedelta

import polars as pl

from tests.support.pages_district import CHANNELS, LAST, TOWNS, TYPES, WEEKS, areas, coverage, ledger, loss_cube, mondays, reports, sha, tallies
from tests.support.pages_months import campaign_effects, figures, month_kpis


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


def series_metric(channel: str) -> str:
    """Metric of a channel: the stated total is `contacts` itself."""
    return "contacts" if channel == "contacts" else f"contacts.{channel}"


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
            common = {
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
            blank = dict.fromkeys(
                (
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
            )
            now, start = estimate[area, weeks[b]], estimate[area, weeks[max(0, a - 1)]]
            rows.append(
                blank
                | common
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
                    blank
                    | common
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
                blank
                | common
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
                blank
                | common
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
                    blank
                    | common
                    | {"metric": metric, "unit": "元", "value": values[0], "low": values[0], "high": values[0], "n_records": len(found[0])}
                    | {"previous": values[1], "comparable": values[0], "year_before": values[2], "year_comparable": values[0], "note": note}
                    | {"change": ratio(values[0], values[1]) if ok and values[0] and values[1] else None}
                )
            due = [sum(s != "not_due" for w in ws for s in received[area, w]) for ws in (span, before)]
            on_time = [sum(s == "on_time" for w in ws for s in received[area, w]) for ws in (span, before)]
            rows.append(
                blank
                | common
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


def issues() -> list[dict]:
    lost = [
        {
            "issue_id": f"lost{n}",
            "severity": "error",
            "rule": "number_is_not_lost",
            "zh": f"“横幅条”只剩单位（第 {n} 处）",
            "en": f"a unit without a number ({n})",
            "area_id": None,
            "week": None,
            "path": "示例/2026W12_03周报.xlsx",
            "sheet": "周报",
            "cell": f"E{n}",
        }
        for n in range(1, 6)
    ]
    impossible = {
        "issue_id": "cannot",
        "severity": "warning",
        "rule": "high_risk_warnings_are_among_warnings",
        "zh": "发放 5,200 多于印制 4,000",
        "en": "5,200 out of 4,000",
        "area_id": "07",
        "week": LAST,
        "path": "示例/2026W12_07周报.xlsx",
        "sheet": "周报",
        "cell": "C8",
    }
    waived = {"issue_id": "waived", "severity": "note", "rule": "total_equals_its_parts",
              "zh": "【已确认无误：含上年结转，王科，至2026-12-31】合计 165",
              "en": "[confirmed: carried over, desk, until 2026-12-31] total 165", "area_id": None, "week": None,
              "path": "示例/2026W11_07周报.xlsx", "sheet": "周报", "cell": "C9"}  # fmt: skip
    return [*lost, impossible, waived, *asked()]


def asked() -> list[dict]:
    return [
        {
            "issue_id": "i1",
            "severity": "warning",
            "rule": "never_reported",
            "zh": "石泉镇五福社区从未报送，不计入覆盖率的分子和分母",
            "en": "Wufu community (Shiquan) has never reported; outside the rate",
            "area_id": "0901",
            "week": None,
            "path": None,
            "sheet": None,
            "cell": None,
        },
        {
            "issue_id": "i2",
            "severity": "error",
            "rule": "leaflets_are_not_more_than_printed",
            "zh": "发放量 5,200 份多于印制量与结余之和 4,000 份，请核对",
            "en": "5,200 leaflets handed out but only 4,000 printed or in stock; please check",
            "area_id": "03",
            "week": LAST,
            "path": "示例/2026W12_03周报.xlsx",
            "sheet": "周报",
            "cell": "C7",
        },
        {
            "issue_id": "i3",
            "severity": "note",
            "rule": "copy_of_last_period",
            "zh": "12 个单元格与上周完全相同，请确认",
            "en": "12 cells equal last week's; please confirm",
            "area_id": "07",
            "week": LAST - timedelta(weeks=1),
            "path": "示例/2026W11_07周报.xlsx",
            "sheet": "周报",
            "cell": "C4",
        },
    ]


def submissions(status: list[dict]) -> list[dict]:
    """One submission a report that came: the town's file of the week, a tenth of a partial one blank."""
    rows = []
    for r in status:
        if r["submission_id"] is None:
            continue
        iso = r["week"].isocalendar()
        rows.append(
            {
                "submission_id": r["submission_id"],
                "file_id": sha("f", r["submission_id"]),
                "path": f"示例/{iso.year}W{iso.week:02}_{r['area_id']}周报.xlsx",
                "sheet": "周报",
                "form": r["form"],
                "reporter": None,
                "reporter_id": r["unit_id"],
                "start": r["week"],
                "end": r["week"] + timedelta(days=6),
                "known_at": None,
                "received_at": r["received_at"],
                "is_zero_report": False,
                "n_due": 40,
                "n_missing": 4 if r["status"] == "partial" else 0,
                "superseded_by": None,
                "superseded_reason": None,
            }
        )
    return rows


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


def surveyed(weeks: list[date]) -> list[dict]:
    """Three samples: one that passes, one that fails, one too small to tell."""
    given = [("01", 100, 96, True), ("02", 100, 70, False), ("03", 8, 7, None)]
    return [
        {"record_id": f"survey!知晓率!{i}", "area_id": area, "subject_id": area, "audience": "all", "method": "CATI", "start": weeks[-1],
         "end": weeks[-1] + timedelta(days=2), "sampled": float(n), "aware": float(k), "rate": k / n, "low": max(0.0, k / n - 0.1),
         "high": min(1.0, k / n + 0.05), "is_passed": passed}
        for i, (area, n, k, passed) in enumerate(given)
    ]  # fmt: skip


def publications(events: list[dict], weeks: list[date], build: dict[str, str]) -> list[dict]:
    """The figures of two weeks: the last new, the one before revised, and one withdrawn that no sheet states any more."""
    before, now = ({"build_id": build[f"{p}build_id"], "published_at": datetime.fromisoformat(build[f"{p}published_at"])} for p in ("previous_", ""))
    sums: dict[tuple, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for e in events:
        for area in (e["town_id"], "d"):
            sums[area, e["week"]] = [a + (e[name] or 0.0) for a, name in zip(sums[area, e["week"]], ("value", "low", "high"), strict=True)]

    def row(build: dict, area: str, week: date, values: list[float] | None, metric: str = "prevented") -> dict:
        return {**build, "metric": metric, "area_id": area, "week": week, **dict(zip(("value", "low", "high"), values or [None] * 3, strict=True))}

    rows = [row(now, area, weeks[-1], values) for (area, week), values in sums.items() if week == weeks[-1]]
    for area, week in (key for key in sums if len(weeks) > 1 and key[1] == weeks[-2]):
        rows += [row(before, area, week, [0.9 * v for v in sums[area, week]]), row(now, area, week, sums[area, week])]
    return [*rows, row(before, "01", weeks[0], [1234.0] * 3, "contacts"), row(now, "01", weeks[0], None, "contacts")]


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
        + group_kpis(spans, weeks, elderly),
        "issues": issues(),
        "measurements": cells + lost_cells(losses, cells) + survey_cells(cells),
        "source_files": files,
        "rejections": rejections,
        "build": [{"key": k, "value": v} for k, v in build.items()],
        "publications": publications(events, weeks, build),
        "revisions": revisions,
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
