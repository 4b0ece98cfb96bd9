"""The sample district as settled tables, straight from its recorded truth: measures are tried without the reader between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

import polars as pl

from pipeline.sample.activity import simulate
from pipeline.sample.delivery import Book, deliveries
from pipeline.sample.district import CENTRE, District, make_district
from pipeline.sample.events import Event, simulate_events
from pipeline.sample.sheets import Fact, Page, address
from tests.support.measures import rows

SEED, END = 20260323, date(2026, 3, 23)
CLOCK = datetime(2026, 3, 23, 12, 30, tzinfo=UTC)
GRADES = {"averted": "P2", "stopped": "P3", "frozen": "P4", "returned": "P5"}
ATTRIBUTES = ("fraud_type", "way", "institution", "case_ref", "audience", "material", "venue")


@dataclass(frozen=True)
class Sample:
    """Settled tables; true reach as a frame (area_id, week, residents, reached); events; which event each ledger row tells of."""

    tables: dict[str, pl.DataFrame]
    reach: pl.DataFrame
    events: list[Event]
    event_of_record: dict[str, str]


@cache
def sample() -> Sample:
    district = make_district(SEED, END)
    activity, events = simulate(district, SEED), simulate_events(district, SEED)
    told = list(_standing(deliveries(district, activity, events, SEED, END)))
    codes = {(town.name, c.name): c.code for town in district.towns for c in town.communities} | {(t.name, None): t.code for t in district.towns}
    units = {page.reporter: _home(district, page.reporter) for _, page, _ in told} | {
        fact.subject: _home(district, fact.subject) for _, _, fact in told if fact.subject not in (fact.community, fact.town)
    }
    measurements = [_measurement(number, book, page, fact, codes, units) for number, (book, page, fact) in enumerate(told)]
    tables = {
        "areas": rows("areas", *_areas(district)),
        "units": rows("units", *({"unit_id": name, "zh": name, "area_id": area} for name, area in units.items())),
        "measurements": rows("measurements", *measurements),
        "submissions": rows("submissions", *_submissions(measurements)),
    }
    reach = [
        {"area_id": c.code, "week": week, "residents": c.residents, "reached": float(activity.reached[c.index, index])}
        for index, week in enumerate(district.weeks)
        for c in district.communities
    ]
    of_record = {_record(book, page, fact): fact.event_id for book, page, fact in told if fact.event_id}
    return Sample(tables, pl.DataFrame(reach), events, of_record)


def _standing(books: list[Book]) -> Iterator[tuple[Book, Page, Fact]]:
    """What settling leaves standing, plus the banks' own ledgers: only matching can tell that they tell of the centre's events."""
    for book in books:
        for page in book.pages:
            for fact in page.facts:
                is_twin = fact.expect == "repeated" and fact.event_id is not None and book.expect is None and page.reporter != CENTRE
                if (book.expect is None and fact.expect in ("stands", "missing") and fact.form not in ("areas", "units", "campaigns")) or is_twin:
                    yield book, page, fact


def _record(book: Book, page: Page, fact: Fact) -> str:
    return f"{book.path}!{page.name}!{fact.row}"


def _measurement(number: int, book: Book, page: Page, fact: Fact, codes: dict, units: dict[str, str]) -> dict[str, Any]:
    is_place = fact.subject in (fact.community, fact.town)
    written = fact.written
    return {
        "measurement_id": f"m{number:06}", "record_id": _record(book, page, fact), "path": book.path, "sheet": page.name,
        "cell": address(fact.row, fact.column), "form": fact.form, "channel": fact.channel, "measure": fact.measure, "unit": fact.unit,
        "kind": fact.kind, "grade": GRADES.get(fact.measure), "subject": fact.subject, "reporter": page.reporter, "reporter_id": page.reporter,
        "subject_id": codes[fact.town, fact.community] if is_place else fact.subject, "subject_kind": "area" if is_place else "unit",
        "area_id": codes[fact.town, fact.community] if is_place else units[fact.subject], "place": fact.community, "start": fact.start,
        "end": fact.end, "value": written.value, "low": written.low, "high": written.high, "precision": written.precision,
        "reason": written.reason or ("blank" if written.precision == "missing" else None), "received_at": book.received_at.replace(tzinfo=None),
        "is_ledger": fact.form != "weekly_tally", **{name: fact.attributes.get(name) for name in ATTRIBUTES},
    }  # fmt: skip


def _home(district: District, unit: str) -> str:
    """Area a unit serves: a station its town, everybody else the district."""
    return next((town.code for town in district.towns if unit in (town.station, town.station_alias)), "d")


def _areas(district: District) -> Iterator[dict[str, Any]]:
    total = sum(c.residents for c in district.communities)
    yield {"area_id": "d", "parent_id": None, "level": "district", "zh": "示例区", "residents": float(total)}
    for town in district.towns:
        residents = float(sum(c.residents for c in town.communities))
        yield {"area_id": town.code, "parent_id": "d", "level": "town", "zh": town.name, "residents": residents}
        for c in town.communities:
            yield {"area_id": c.code, "parent_id": town.code, "level": "community", "zh": c.name, "residents": float(c.residents)}


def _submissions(measurements: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple, dict[str, Any]] = {}
    for m in (m for m in measurements if not m["is_ledger"]):
        copied = {name: m[name] for name in ("path", "sheet", "form", "reporter_id", "start", "end", "received_at")}
        entry = found.setdefault((m["path"], m["sheet"], m["reporter_id"]), {**copied, "n_due": 0, "n_missing": 0})
        entry["n_due"] += 1
        entry["n_missing"] += m["precision"] == "missing"
    return list(found.values())


def fully_reported(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """(area_id, week) of communities of which every reaching number of the 13 weeks that end there stands with a value or bounds."""
    reaching = ["leaflets.distributed", "talks.attendance", "home_visits.visits", "online_media.reads"]
    numbers = tables["measurements"].filter(
        pl.concat_str("channel", "measure", separator=".").is_in(reaching), pl.col("high").is_not_null(), pl.col("form") == "weekly_tally"
    )
    counted = numbers.group_by("area_id", "week").agg(n=pl.col("channel").n_unique())
    grid = counted.select("area_id").unique().join(counted.select("week").unique(), how="cross")
    full = grid.join(counted, on=["area_id", "week"], how="left").sort("area_id", "week").with_columns(n=pl.col("n").fill_null(0))
    first = full["week"].min()
    sums = full.with_columns(pl.col("n").rolling_sum(13, min_samples=1).over("area_id"))
    weeks = ((pl.col("week") - pl.lit(first)).dt.total_days() // 7 + 1).clip(upper_bound=13)
    return sums.filter(pl.col("n") == weeks * len(reaching)).select("area_id", "week")
