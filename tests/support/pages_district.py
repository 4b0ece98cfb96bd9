"""What happened in the fictional district: its areas, coverage, reports, tallies and interceptions, from fixed seeds.

Here: rows as plain dicts. Not here: indicators and the frames made of them (pages.py beside this file).
"""

from __future__ import annotations

import hashlib
import math
import random
from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

LAST = date(2026, 3, 16)
WEEKS = 104
TOWNS = (
    ("云麓街道", "Yunlu", "明德 槐荫 石桥 清河 兴隆 梧桐"),
    ("青石镇", "Qingshi", "长宁 新苑 和平 翠湖 曙光"),
    ("白鹭镇", "Bailu", "永安 朝阳 福源 锦绣"),
    ("松风街道", "Songfeng", "向阳 西园 花园 东升 北苑 南湖"),
    ("南桥街道", "Nanqiao", "金桥 龙潭 玉泉 莲池 凤凰 银杏"),
    ("望江镇", "Wangjiang", "枫林 杏林 梅岭 竹园 桃源"),
    ("柳溪镇", "Liuxi", "榆树 桂花 樱园 柏杨"),
    ("东湾街道", "Dongwan", "三元 丁香 百合 茉莉 海棠 双井"),
    ("石泉镇", "Shiquan", "五福 六合 四季 七星"),
    ("鹤鸣镇", "Heming", "九龙 八里 十里 大成"),
    ("金禾镇", "Jinhe", "中和 下关 上坊 小河"),
    ("北塘街道", "Beitang", "右安 丹枫 后湖 紫薇 前进 左岸"),
)
CHANNELS = (
    ("leaflets", "distributed", "份", 260),
    ("wechat_groups", "members", "人", 0),
    ("pushes", "messages", "条", 12),
    ("sms", "messages", "条", 420),
    ("talks", "attendance", "人", 60),
    ("home_visits", "visits", "户次", 150),
    ("online_media", "reads", "次", 700),
    ("contacts", "contacts", "人次", 90),
)
TYPES = (
    ("虚假投资理财", 0.13, 60),
    ("冒充公检法", 0.1, 40),
    ("刷单返利", 0.24, 12),
    ("虚假贷款", 0.12, 22),
    ("冒充领导熟人", 0.13, 16),
    ("冒充客服退款", 0.16, 8),
    ("保健品养老", 0.04, 9),
    ("虚假中奖", 0.05, 6),
    ("招聘保证金", 0.03, 10),
)
WAYS = ("银行柜面", "电话劝阻", "见面劝阻", "预警短信")
MISSING = {
    ("白鹭镇", 1),
    ("柳溪镇", 1),
    ("石泉镇", 1),
    ("柳溪镇", 2),
    ("白鹭镇", 5),
    ("柳溪镇", 5),
    ("石泉镇", 5),
    ("石泉镇", 4),
    ("鹤鸣镇", 5),
    ("松风街道", 8),
    ("柳溪镇", 8),
}
LATE = {
    ("望江镇", 1): "late",
    ("白鹭镇", 2): "late",
    ("石泉镇", 2): "late",
    ("鹤鸣镇", 2): "late",
    ("柳溪镇", 4): "late",
    ("金禾镇", 1): "partial",
    ("白鹭镇", 4): "partial",
    ("石泉镇", 6): "partial",
    ("东湾街道", 13): "late",
    ("北塘街道", 7): "late",
}


def sha(*parts: object) -> str:
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()[:16]


def mondays(n: int = WEEKS, last: date = LAST) -> list[date]:
    return [last - timedelta(weeks=k) for k in range(n - 1, -1, -1)]


def areas(n_towns: int = len(TOWNS)) -> list[dict]:
    rng = random.Random(1)
    rows = [
        {
            "area_id": "d",
            "parent_id": None,
            "level": "district",
            "zh": "云麓区",
            "en": "Yunlu",
            "position": 0,
            "grid_row": None,
            "grid_col": None,
            "residents": 0.0,
        }
    ]
    for t, (zh, en, communities) in enumerate(TOWNS[:n_towns], start=1):
        names = communities.split()
        people = [float(rng.randint(5_000, 14_000)) for _ in names]
        rows.append(
            {
                "area_id": f"{t:02}",
                "parent_id": "d",
                "level": "town",
                "zh": zh,
                "en": en,
                "position": t,
                "grid_row": (t - 1) // 4 + 1,
                "grid_col": (t - 1) % 4 + 1,
                "residents": sum(people),
            }
        )
        rows += [
            {
                "area_id": f"{t:02}{i:02}",
                "parent_id": f"{t:02}",
                "level": "community",
                "zh": name,
                "en": None,
                "position": i,
                "grid_row": None,
                "grid_col": None,
                "residents": n,
            }
            for i, (name, n) in enumerate(zip(names, people, strict=True), start=1)
        ]
    rows[0]["residents"] = sum(r["residents"] for r in rows if r["level"] == "town")
    for n, r in enumerate(rows, start=3):
        r |= {
            "households": r["residents"] / 2.8 // 1,
            "population_year": 2025,
            "population_path": "常住人口_2025年末.csv",
            "population_sheet": "csv",
            "population_cell": f"C{n}",
            "is_provisional": False,
        }
    return rows


def coverage(area_rows: list[dict], weeks: list[date], never: set[str]) -> list[dict]:
    """Resident-weighted towns and district over communities with a drifting estimate and a band of ±4 to 11 points."""
    rng = random.Random(2)
    communities = [r for r in area_rows if r["level"] == "community"]
    level = dict(
        zip(("01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"), (64, 73, 36, 73, 81, 52, 35, 58, 40, 72, 52, 75), strict=True)
    )
    rows, by = [], {}
    for r in communities:
        base = min(0.9, max(0.13, (level[r["parent_id"]] + rng.gauss(0, 9)) / 100)) - 0.12
        width = rng.uniform(0.06, 0.12)
        for k, week in enumerate(weeks):
            back = len(weeks) - 1 - k
            lift = 0.1 * (k / len(weeks)) + (0.08 * math.exp(-(((back - 7) / 9) ** 2))) + 0.006 * math.sin(k / 3 + len(r["zh"]))
            value = None if r["area_id"] in never else max(0.03, min(0.97, base + lift))
            by[r["area_id"], week] = (value, width)
    parents = {r["area_id"]: [c for c in communities if c["area_id"].startswith(r["area_id"]) or r["level"] == "district"] for r in area_rows}
    for r in area_rows:
        for week in weeks:
            parts = [(c["residents"], *by[c["area_id"], week], c["area_id"]) for c in parents[r["area_id"]]]
            known = [(n, e, w) for n, e, w, _ in parts if e is not None]
            base_residents = sum(n for n, _, _ in known)
            mean = sum(n * e for n, e, _ in known) / base_residents if known else None
            band = sum(n * w for n, _, w in known) / base_residents if known else 0
            rows.append(
                {
                    "area_id": r["area_id"],
                    "audience": "all",
                    "week": week,
                    "low": None if mean is None else max(0.0, mean - band),
                    "estimate": mean,
                    "high": None if mean is None else min(1.0, mean + 0.85 * band),
                    "residents": r["residents"],
                    "base_residents": base_residents,
                    "n_places": len(parts),
                    "n_blind": sum(e < 0.4 for _, e, _ in known),
                    "n_inactive": 0,
                    "n_never": len(parts) - len(known),
                    "reports_in": 0,
                    "reports_due": 0,
                    "method": "sainsbury",
                }
            )
    return rows


def reports(area_rows: list[dict], weeks: list[date], not_due_last: bool) -> list[dict]:
    rng = random.Random(3)
    rows = []
    for r in area_rows:
        if r["level"] != "town":
            continue
        for k, week in enumerate(weeks):
            back = len(weeks) - k
            status = "missing" if (r["zh"], back) in MISSING else LATE.get((r["zh"], back), "on_time")
            if back > 13 and rng.random() < 0.06:
                status = rng.choice(["late", "late", "partial", "missing"])
            if back == 1 and not_due_last and status == "missing":
                status = "not_due"
            came = status not in ("missing", "not_due")
            received = datetime.combine(week + timedelta(days=7), datetime.min.time(), UTC) + timedelta(hours=2 if status != "late" else 40)
            rows.append(
                {
                    "unit_id": f"u{r['area_id']}",
                    "area_id": r["area_id"],
                    "form": "weekly_tally",
                    "week": week,
                    "status": status,
                    "received_at": received.replace(tzinfo=None) if came else None,
                    "days_late": 1.5 if status == "late" else (0.0 if came else None),
                    "submission_id": sha("s", r["area_id"], week) if came else None,
                    "items_due": 40 if came else None,
                    "items_missing": 5 if came else None,
                }
            )
    return rows


def measurement(**given: object) -> dict:
    blank = dict.fromkeys(
        (
            "grade",
            "reporter",
            "reporter_id",
            "period_label",
            "reason",
            "material",
            "audience",
            "fraud_type",
            "way",
            "institution",
            "venue",
            "place",
            "partner",
            "platform",
            "case_ref",
            "as_of",
            "known_at",
            "stands_reason",
            "superseded_by",
            "superseded_at",
        )
    )
    row = (
        blank
        | {
            "kind": "flow",
            "subject_kind": "area",
            "period_precision": "week",
            "is_ledger": False,
            "is_cumulative": False,
            "stands": True,
            "received_at": datetime(2026, 3, 23, 1, 0),
        }
        | given
    )
    row["measurement_id"] = sha("m", row["path"], row["sheet"], row["cell"], row["measure"])
    row["submission_id"] = sha("sub", row["path"], row["sheet"])
    row["file_id"] = sha("f", row["path"])
    return row


def tallies(area_rows: list[dict], weeks: list[date], status: dict, never: set[str], scale: float) -> list[dict]:
    rng = random.Random(4)
    communities = [r for r in area_rows if r["level"] == "community" and r["area_id"] not in never]
    rows = []
    for k, week in enumerate(weeks):
        iso = week.isocalendar()
        for i, r in enumerate(communities):
            state = status[r["parent_id"], week]
            if state in ("missing", "not_due") or (state == "partial" and i % 2):
                continue
            for j, (channel, measure, unit, size) in enumerate(CHANNELS):
                if not size:
                    continue
                n = int(scale * size * r["residents"] / 9000 * (0.6 + 0.8 * k / len(weeks)) * rng.uniform(0.6, 1.4))
                near = rng.random() < 0.05
                value = float(n // 100 * 100) if near else float(n)
                rows.append(
                    measurement(
                        path=f"示例/{iso.year}W{iso.week:02}_{r['parent_id']}周报.xlsx",
                        sheet="周报",
                        cell=f"{chr(67 + j)}{i + 4}",
                        record_id=sha(week, r["area_id"]),
                        form="weekly_tally",
                        channel=channel,
                        measure=measure,
                        unit=unit,
                        subject=r["zh"],
                        subject_id=r["area_id"],
                        area_id=r["area_id"],
                        start=week,
                        end=week + timedelta(days=6),
                        week=week,
                        value=value,
                        low=value,
                        high=value + (99 if near else 0),
                        precision="at_least" if near else "exact",
                        text=f"{value:.0f}余" if near else f"{value:.0f}",
                        header="发放",
                    )
                )
    return rows


GRADES = {"P2": ("averted", "避免损失"), "P3": ("stopped", "止付"), "P4": ("frozen", "冻结"), "P5": ("returned", "返还")}


def ledger(area_rows: list[dict], weeks: list[date], largest: float) -> tuple[list[dict], list[dict], list[dict]]:
    """Events, their legs and the cells they came from. One large case nine weeks before the end."""
    rng = random.Random(5)
    towns = [r for r in area_rows if r["level"] == "town"]
    events, legs, cells = [], [], []
    for k, week in enumerate(weeks):
        back = len(weeks) - k
        mean = 16 + 16 * k / len(weeks) + 16 * math.exp(-(((back - 12) / 7) ** 2))
        count = max(0, round(rng.gauss(mean, 4)))
        for n in range(count):
            kind, size = rng.choices([t[0] for t in TYPES], [t[1] for t in TYPES])[0], 0
            size = next(t[2] for t in TYPES if t[0] == kind)
            amount = round(size * 1000 * rng.lognormvariate(0, 1.0) / 10) * 10.0
            if back == 9 and n == 0:
                kind, amount = "虚假投资理财", largest
            town = rng.choices(towns, [t["residents"] for t in towns])[0]
            rank = rng.choices(range(4), (45, 25, 19, 11))[0]
            held = sorted({0 if rng.random() < 0.8 else rank, rank})
            firm = rng.choices(["exact", "approximate", "range", "missing"], (66, 22, 7, 5))[0] if not (back == 9 and n == 0) else "exact"
            way, event_id = rng.choice(WAYS), sha("e", week, n)
            day = week + timedelta(days=rng.randrange(7))
            for g in held:
                grade = ("P2", "P3", "P4", "P5")[g]
                top = g == rank
                value = amount if top else round(amount * 1.2 / 1000) * 1000.0
                step = 10 ** max(3, int(math.log10(max(value, 1000))))
                floor = value // step * step or step
                v, lo, hi, precision, text = {
                    "exact": (value, value, value, "exact", f"{value:.0f}"),
                    "approximate": (floor, floor, floor + step, "at_least", f"{floor / 10000:g}余万"),
                    "range": (None, 2 * step, 10 * step, "vague", "数十万" if step == 100_000 else "数万"),
                    "missing": (None, None, None, "missing", "不详"),
                }[firm if top else "exact"]
                cells.append(
                    measurement(
                        path=f"示例/劝阻台账_{week.year}Q{(week.month + 2) // 3}.csv",
                        sheet="台账",
                        cell=f"{'FGHI'[g]}{len(cells) % 1200 + 3}",
                        record_id=event_id,
                        form="intercepted_losses",
                        channel="intercepted_losses",
                        measure=GRADES[grade][0],
                        unit="元",
                        grade=grade,
                        subject=town["zh"],
                        subject_id=town["area_id"],
                        area_id=town["area_id"],
                        start=day,
                        end=day,
                        week=week,
                        value=v,
                        low=lo,
                        high=hi,
                        precision=precision,
                        reason="unknown" if v is None and lo is None else None,
                        text=text,
                        header=GRADES[grade][1],
                        fraud_type=kind,
                        way=way,
                        is_ledger=True,
                        period_precision="day",
                    )
                )
                legs.append(
                    {
                        "event_id": event_id,
                        "measurement_id": cells[-1]["measurement_id"],
                        "grade": grade,
                        "value": v,
                        "low": lo,
                        "high": hi,
                        "precision": precision,
                        "leg_date": day,
                        "is_counted": top,
                    }
                )
                if top:
                    events.append(
                        {
                            "event_id": event_id,
                            "area_id": town["area_id"],
                            "town_id": town["area_id"],
                            "week": week,
                            "first_date": day,
                            "last_date": day,
                            "n_cases": 1,
                            "is_aggregate": False,
                            "fraud_type": kind,
                            "way": way,
                            "institution": None,
                            "grade": grade,
                            "value": v,
                            "low": lo,
                            "high": hi,
                            "precision": precision,
                            "firmness": firm,
                            "n_legs": len(held),
                            "n_reporters": 1,
                            "is_doubtful": False,
                            "doubtful_with": None,
                        }
                    )
    return events, legs, cells


def loss_cube(events: list[dict]) -> list[dict]:
    groups: dict[tuple, list[dict]] = defaultdict(list)
    for e in events:
        for dimension in ("fraud_type", "way"):
            groups[e["town_id"], e["week"], dimension, e[dimension], e["grade"], e["firmness"]].append(e)
    return [
        {
            "town_id": t,
            "week": w,
            "dimension": d,
            "category": c,
            "grade": g,
            "firmness": f,
            "n": len(es),
            "n_without_value": sum(e["value"] is None for e in es),
            "value": float(sum(e["value"] or 0 for e in es)),
            "low": float(sum(e["low"] or 0 for e in es)),
            "high": float(sum(e["high"] or 0 for e in es)),
            "largest": max((e["value"] for e in es if e["value"] is not None), default=None),
        }
        for (t, w, d, c, g, f), es in groups.items()
    ]
