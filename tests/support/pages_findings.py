"""What reports on the fictional district: submissions, findings, surveys and earlier publications."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta

from tests.support.pages_district import LAST, sha


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
