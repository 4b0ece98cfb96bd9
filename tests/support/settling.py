"""Small readings made by hand, so that a test says in one line what was handed in and by whom."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from pipeline.decisions import Decisions
from pipeline.intake.frames import FileKey, file_id, to_frames
from pipeline.intake.records import Entry, Measurement, Reading, Rejection, TableFound, ZeroReport
from pipeline.intake.settling import Settled, settle
from pipeline.journal import FILES_SCHEMA, is_sample
from pipeline.settings import Settings

MONDAY = date(2026, 3, 16)
"""Monday of ISO week 2026-W12."""
SUNDAY = MONDAY + timedelta(days=6)
RECEIVED = datetime(2026, 3, 23, 2, 0)
TODAY = RECEIVED.date()


def number(subject: str, value: float | None, *, row: int = 4, column: str = "C", **changes: Any) -> Measurement:
    """One cell of a weekly tally: leaflets of one subject in the week of MONDAY."""
    plain = Measurement(
        sheet="第12周",
        cell=f"{column}{row}",
        record_id=f"第12周!{row}",
        form="weekly_tally",
        channel="leaflets",
        measure="distributed",
        unit="份",
        kind="flow",
        subject=subject,
        reporter=None,
        start=MONDAY,
        end=SUNDAY,
        period_precision="week",
        period_label="第12周",
        value=value,
        low=value,
        high=value,
        precision="missing" if value is None else "exact",
        reason="blank" if value is None else None,
        text="" if value is None else f"{value:g}",
        header="发放宣传单（份）",
        attributes={},
    )
    changed = plain._replace(**changes)
    return changed._replace(record_id=f"{changed.sheet}!{row}") if "record_id" not in changes else changed


def activity(subject: str, value: float | None, day: date, *, row: int = 4, venue: str | None = None, **changes: Any) -> Measurement:
    """One row of a running ledger: leaflets of one activity on a day."""
    attributes = {"venue": venue} if venue else {}
    plain = {"form": "activities", "sheet": "台账", "start": day, "end": day, "period_precision": "day", "is_ledger": True, "attributes": attributes}
    return number(subject, value, row=row, **{**plain, **changes})


@dataclass(frozen=True)
class File:
    """One file as received: minutes after RECEIVED, what it says, and its registers."""

    path: str
    numbers: Sequence[Measurement] = ()
    minutes: int = 0
    entries: Sequence[Entry] = ()
    content: str = ""
    corrects: str | None = None
    zero: Sequence[ZeroReport] = ()
    points: Sequence[Rejection] = ()
    tables: Sequence[TableFound] = ()
    is_withdrawn: bool = False
    status: str = "accepted"

    @property
    def sha256(self) -> str:
        return hashlib.sha256(f"{self.content}{self.numbers}{self.entries}{self.zero}{self.points}{self.tables}".encode()).hexdigest()

    @property
    def received_at(self) -> datetime:
        return RECEIVED + timedelta(minutes=self.minutes)


def area(name: str, town: str | None = None, *, row: int = 3, **fields_: str) -> Entry:
    """A row of 辖区人口: a community of a town, or a town."""
    fields_ = ({"subject.community": name, "subject.town": town} if town else {"subject.area": name}) | fields_
    return _entry("areas", row, fields_)


def unit(name: str, *, row: int = 3, **fields_: str) -> Entry:
    """A row of 报送单位."""
    return _entry("units", row, {"zh": name, **fields_})


def campaign(name: str, *, row: int = 3, **fields_: str) -> Entry:
    return _entry("campaigns", row, {"zh": name, **fields_})


def _entry(form: str, row: int, fields_: Mapping[str, str]) -> Entry:
    names = {k: v for k, v in fields_.items() if v is not None}
    cells = {name: f"{'ABCDEFGHIJ'[n]}{row}" for n, name in enumerate(names)}
    return Entry("名册", f"名册!{row}", form, names, cells)


@dataclass(frozen=True)
class Case:
    """One way the same fact arrives more than once."""

    name: str
    files: Sequence[File]
    stands: Sequence[tuple[str, float | None]]
    """(path, value) of the numbers that must stand, sorted."""
    reasons: Mapping[str, str] = field(default_factory=dict)
    """path → reason of the numbers of that file that do not stand"""


def _reading(f: File) -> Reading:
    return Reading(
        f.status,
        measurements=tuple(f.numbers),
        rejections=tuple(f.points),
        tables=tuple(f.tables),
        entries=tuple(f.entries),
        zero_reports=tuple(f.zero),
        corrects=f.corrects,
    )


def frames_of(files: Sequence[File]) -> tuple[Any, pl.DataFrame]:
    """(ReadFrames, the journal's table of files) for files received as stated."""
    read = to_frames((FileKey(f.sha256, f.path, "test"), _reading(f)) for f in files)
    latest = {f.path: f for f in sorted(files, key=lambda f: f.minutes)}
    rows = [
        {
            "file_id": file_id(f.path, f.sha256),
            "path": f.path,
            "sha256": f.sha256,
            "size": 1,
            "received_at": f.received_at,
            "first_seen_at": f.received_at,
            "is_sample": is_sample(f.path),
            "is_present": f is latest[f.path],
            "is_withdrawn": f.is_withdrawn,
        }
        for f in files
    ]
    return read, pl.DataFrame(rows, schema=FILES_SCHEMA, orient="row")


def settled(*files: File, decisions: Decisions | None = None, district: str = "清河县", today: date = TODAY) -> Settled:
    read, table = frames_of(files)
    return settle(read, table, decisions or Decisions(), Settings(), district, today)


def standing(result: Settled) -> list[tuple[str, float | None]]:
    """(path, value) of the numbers that stand."""
    return sorted(result.measurements.filter("stands").select("path", "value").iter_rows(), key=str)


def points(result: Settled, rule: str) -> list[dict[str, Any]]:
    return result.rejections.filter(pl.col("rule") == rule).to_dicts()
