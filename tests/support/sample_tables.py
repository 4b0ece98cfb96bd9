"""The sample district as settled tables, straight from its recorded truth: measures are tested without the reader between."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl

from pipeline.sample import write_sample
from tests.support.measures import rows

END = date(2026, 3, 23)
CLOCK = datetime(2026, 3, 23, 12, 30, tzinfo=UTC)
GRADES = {"averted": "P2", "stopped": "P3", "frozen": "P4", "returned": "P5"}


@dataclass(frozen=True)
class Sample:
    """Settled tables, and the truth behind them as frames: reach (area_id, week, residents, reached, is_fully_reported) and events."""

    tables: dict[str, pl.DataFrame]
    reach: pl.DataFrame
    events: list[dict[str, Any]]
    event_of_record: dict[str, str]


def sample(root: Path) -> Sample:
    written = write_sample(root, end=END)
    received = dict(written.files)
    folder = written.truth.parent
    facts = [
        f
        for f in _lines(written.truth)
        if f["expect"] in ("stands", "missing") or (f["expect"] == "repeated" and f["event_id"] and not f["reporter"].endswith("反诈中心"))
    ]
    events, reach = list(_lines(folder / "truth_events.jsonl")), list(_lines(folder / "truth_reach.jsonl"))
    places = {(line["town"], line["community"]): line["residents"] for line in reach}
    towns = {town: f"t{number:02}" for number, town in enumerate(dict.fromkeys(town for town, _ in places))}
    ids = {place: f"{towns[place[0]]}c{number:03}" for number, place in enumerate(places)}
    areas = [{"area_id": "d", "parent_id": None, "level": "district", "zh": "云麓区", "residents": float(sum(places.values()))}]
    areas += [
        {"area_id": code, "parent_id": "d", "level": "town", "zh": town, "residents": float(sum(n for (t, _), n in places.items() if t == town))}
        for town, code in towns.items()
    ]
    areas += [
        {"area_id": ids[place], "parent_id": towns[place[0]], "level": "community", "zh": place[1], "residents": float(n)}
        for place, n in places.items()
    ]
    units: dict[str, dict[str, Any]] = {}
    measurements, event_of_record = [], {}
    for number, fact in enumerate(facts):
        record = f"{fact['path']}!{fact['sheet']}!{fact['cell'].lstrip('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}"
        place = ids.get((fact["town"], fact["community"]))
        is_place = fact["subject"] == fact["community"]
        if not is_place:
            home = "d" if fact["subject"].startswith("云麓") else towns.get(fact["town"], "d")
            units[fact["subject"]] = {"unit_id": fact["subject"], "zh": fact["subject"], "area_id": home}
        reporter = fact["reporter"]
        units.setdefault(
            reporter, {"unit_id": reporter, "zh": reporter, "area_id": towns.get(fact["town"], "d") if reporter.endswith("派出所") else "d"}
        )
        if fact["event_id"]:
            event_of_record[record] = fact["event_id"]
        attributes = {
            k: v for k, v in fact["attributes"].items() if k in ("fraud_type", "way", "institution", "case_ref", "audience", "material", "venue")
        }
        measurements.append(
            {
                "measurement_id": f"m{number:06}", "record_id": record, "path": fact["path"], "sheet": fact["sheet"], "cell": fact["cell"],
                "form": fact["form"], "channel": fact["channel"], "measure": fact["measure"], "unit": fact["unit"], "kind": fact["kind"],
                "grade": GRADES.get(fact["measure"]), "subject": fact["subject"], "subject_id": place if is_place else fact["subject"],
                "subject_kind": "area" if is_place else "unit", "area_id": place if is_place else units[fact["subject"]]["area_id"],
                "place": fact["community"], "reporter": reporter, "reporter_id": reporter,
                "start": date.fromisoformat(fact["start"]), "end": date.fromisoformat(fact["end"]), "value": fact["value"], "low": fact["low"],
                "high": fact["high"], "precision": fact["precision"], "reason": fact["reason"] or ("blank" if fact["precision"] == "missing" else None),
                "received_at": received[fact["path"]].replace(tzinfo=None), "is_ledger": fact["form"] not in ("weekly_tally",), **attributes,
            }
        )  # fmt: skip
    tables = {
        "areas": rows("areas", *areas), "units": rows("units", *units.values()), "measurements": rows("measurements", *measurements),
        "submissions": rows("submissions", *_submissions(measurements)),
        "campaigns": rows("campaigns", {"campaign_id": "hundred", "zh": "百日行动", "start": END - timedelta(weeks=20), "end": END - timedelta(days=40)}),
    }  # fmt: skip
    known = [
        {
            "area_id": ids[line["town"], line["community"]],
            "week": date.fromisoformat(line["week"]),
            **{k: line[k] for k in ("residents", "reached", "is_fully_reported", "n_weeks")},
        }
        for line in reach
    ]
    return Sample(tables, pl.DataFrame(known), events, event_of_record)


def _submissions(measurements: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    found: dict[tuple, dict[str, Any]] = {}
    for m in measurements:
        if m["is_ledger"]:
            continue
        key = (m["path"], m["sheet"], m["reporter_id"])
        entry = found.setdefault(
            key, {k: m[k] for k in ("path", "sheet", "form", "reporter_id", "start", "end", "received_at")} | {"n_due": 0, "n_missing": 0}
        )
        entry["n_due"] += 1
        entry["n_missing"] += m["precision"] == "missing"
    return found.values()


def _lines(file: Path) -> Iterable[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)
