"""Readings of many files as Polars frames, and points to hand back as records again.

Here: the one translation between the reader's dataclasses (records.py) and the columns of the `read_*` tables, in which a warehouse
caches readings. Not here: how a file is read (reading.py), what the readings of all files together mean (settling.py), storage
(warehouse.py). Pure, and fast enough for a hundred thousand numbers in one call.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass, fields
from typing import Any, NamedTuple

import polars as pl

from pipeline.intake.records import Measurement, Reading, Rejection
from pipeline.tables.base import table

ATTRIBUTES = ("material", "audience", "fraud_type", "way", "institution", "venue", "place", "partner", "platform", "case_ref")


class FileKey(NamedTuple):
    """What a cached reading hangs on: bytes, place (the path can tell a year or the sample) and reader."""

    sha256: str
    path: str
    fingerprint: str

    @property
    def file_id(self) -> str:
        return file_id(self.path, self.sha256)


@dataclass(frozen=True)
class ReadFrames:
    """Readings of many files; each frame has the columns of the table `read_<field>`."""

    files: pl.DataFrame
    measurements: pl.DataFrame
    rejections: pl.DataFrame
    set_aside: pl.DataFrame
    tables: pl.DataFrame
    entries: pl.DataFrame
    totals: pl.DataFrame
    typed_changes: pl.DataFrame
    counts: pl.DataFrame
    zero_reports: pl.DataFrame

    @classmethod
    def empty(cls) -> ReadFrames:
        return cls(**{f.name: table(f"read_{f.name}").empty() for f in fields(cls)})

    def items(self) -> list[tuple[str, pl.DataFrame]]:
        """(table name, frame) pairs."""
        return [(f"read_{f.name}", getattr(self, f.name)) for f in fields(self)]


def file_id(path: str, sha256: str) -> str:
    """Stable id of one content at one place: 16 hex digits."""
    return hashlib.sha256(f"{path}\n{sha256}".encode()).hexdigest()[:16]


def to_frames(readings: Iterable[tuple[FileKey, Reading]]) -> ReadFrames:
    """Frames of the `read_*` tables. An attribute no table knows raises KeyError: it would be lost without a word."""
    pairs = [(key, key.file_id, reading) for key, reading in readings]
    return ReadFrames(
        files=_frame("read_files", [(id_, key.sha256, key.path, key.fingerprint, str(r.status), r.corrects) for key, id_, r in pairs]),
        measurements=_measurements(pairs),
        rejections=_simple("read_rejections", pairs, "rejections", Rejection),
        set_aside=_frame("read_set_aside", [(id_, a.sheet, a.range, a.reason) for _, id_, r in pairs for a in r.set_aside]),
        tables=_frame(
            "read_tables",
            [
                (id_, t.sheet, t.range, t.form, t.title, t.fingerprint, json.dumps(t.header, ensure_ascii=False), t.start, t.end)
                for _, id_, r in pairs
                for t in r.tables
            ],
        ),
        entries=_frame(
            "read_entries",
            [
                (id_, n, e.sheet, e.record_id, e.form, name, text, e.cells[name], e.known_at)
                for _, id_, r in pairs
                for n, e in enumerate(r.entries)
                for name, text in e.fields.items()
            ],
        ),
        totals=_frame(
            "read_totals",
            [
                (id_, t.sheet, t.cell, t.label, t.header, t.typed, t.computed, t.low, t.high, t.n_parts, t.n_missing, t.is_ok)
                for _, id_, r in pairs
                for t in r.totals
            ],
        ),
        typed_changes=_frame("read_typed_changes", [(id_, *astuple(t)) for _, id_, r in pairs for t in r.typed_changes]),
        counts=_frame(
            "read_counts",
            [
                (id_, n.sheet, n.seen, sum(n.disposed.values()), json.dumps(dict(n.disposed), ensure_ascii=False, sort_keys=True))
                for _, id_, r in pairs
                for n in r.counts
            ],
        ),
        zero_reports=_frame("read_zero_reports", [(id_, *astuple(z)) for _, id_, r in pairs for z in r.zero_reports]),
    )


def to_rejections(frame: pl.DataFrame) -> tuple[Rejection, ...]:
    """Rows of `rejections` or `read_rejections` as records, for the returned workbook and the receipt."""
    names = [f.name for f in fields(Rejection)]
    return tuple(Rejection(**{k: v or "" for k, v in row.items()}) for row in frame.select(names).iter_rows(named=True))


def _measurements(pairs: Sequence[tuple[FileKey, str, Reading]]) -> pl.DataFrame:
    rows = [m for _, _, reading in pairs for m in reading.measurements]
    columns: dict[str, list[Any]] = {name: [m[i] for m in rows] for i, name in enumerate(Measurement._fields)}
    attributes: list[Mapping[str, str]] = columns.pop("attributes")
    unknown = {name for given in attributes for name in given if name not in ATTRIBUTES}
    if unknown:
        raise KeyError(f"attributes without a column in `measurements`: {sorted(unknown)}")
    columns |= {name: [given.get(name) for given in attributes] for name in ATTRIBUTES}
    columns["file_id"] = [id_ for _, id_, reading in pairs for _ in reading.measurements]
    columns["position"] = [n for _, _, reading in pairs for n in range(len(reading.measurements))]
    spec = table("read_measurements")
    return pl.DataFrame({name: pl.Series(name, columns[name], dtype=dtype, strict=True) for name, dtype in spec.polars_schema.items()})


def _simple(name: str, pairs: Sequence[tuple[FileKey, str, Reading]], attribute: str, kind: type) -> pl.DataFrame:
    """Records whose fields are the table's columns after file_id, under the same names."""
    names = [f.name for f in fields(kind)]
    rows = [(id_, *(str(getattr(record, n)) for n in names)) for _, id_, reading in pairs for record in getattr(reading, attribute)]
    frame = pl.DataFrame(rows, schema=["file_id", *names], orient="row", schema_overrides=dict.fromkeys(names, pl.String()))
    return frame.cast({"file_id": pl.String}).select(*table(name).polars_schema)


def _frame(name: str, rows: list[tuple[Any, ...]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table(name).polars_schema, orient="row")
