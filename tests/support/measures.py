"""A small warehouse in memory for tests of measures: settled tables by hand, the chain run as the pipeline runs it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import duckdb
import polars as pl

from pipeline.decisions import Decisions
from pipeline.measures import decided
from pipeline.measures.build import STEPS
from pipeline.settings import Settings
from pipeline.tables.base import all_tables, table

INPUTS = ("measurements", "submissions", "areas", "denominators", "units", "campaigns", "rejections", "total_checks", "typed_changes", "publications",
          "source_files")  # fmt: skip
MONDAY = date(2026, 3, 16)
CLOCK = datetime(2026, 3, 24, 2, 0, tzinfo=UTC)
"""Tuesday after the week of MONDAY: that week is closed and due."""

DEFAULTS: dict[str, dict[str, Any]] = {
    "measurements": {
        "submission_id": "s", "file_id": "f", "path": "周报.xlsx", "sheet": "第12周", "form": "weekly_tally", "channel": "leaflets",
        "measure": "distributed", "unit": "份", "kind": "flow", "subject": "甲社区", "subject_id": "c1", "subject_kind": "area", "area_id": "c1",
        "start": MONDAY, "period_precision": "week", "precision": "exact", "received_at": datetime(2026, 3, 23, 1), "is_ledger": False,
        "is_cumulative": False, "stands": True, "header": "宣传单",
    },
    "submissions": {
        "file_id": "f", "path": "周报.xlsx", "sheet": "第12周", "form": "weekly_tally", "reporter_id": "t1", "start": MONDAY,
        "received_at": datetime(2026, 3, 23, 1), "is_zero_report": False, "n_due": 10, "n_missing": 0,
    },
    "areas": {"level": "community", "position": 0, "residents": 1000.0, "is_provisional": False},
    "denominators": {"kind": "常住人口", "path": "人口.xlsx", "sheet": "人口", "cell": "C3"},
    "units": {"kind": "派出所", "serves": "[]", "aliases": "[]", "forms": "[]", "is_provisional": False},
    "campaigns": {"kind": "operation"},
}  # fmt: skip

AREAS = (
    {"area_id": "d", "parent_id": None, "level": "district", "zh": "示例区", "residents": 4000.0},
    {"area_id": "t1", "parent_id": "d", "level": "town", "zh": "东镇", "residents": 3000.0},
    {"area_id": "t2", "parent_id": "d", "level": "town", "zh": "西镇", "residents": 1000.0},
    {"area_id": "c1", "parent_id": "t1", "zh": "甲社区", "residents": 1000.0},
    {"area_id": "c2", "parent_id": "t1", "zh": "乙社区", "residents": 2000.0},
)


def rows(name: str, *given: dict[str, Any]) -> pl.DataFrame:
    """A checked frame of a settled table from partial rows; keys and ends are filled in."""
    spec = table(name)
    filled = [_filled(name, {**DEFAULTS.get(name, {}), **row}, number) for number, row in enumerate(given)]
    frame = pl.DataFrame([{c.name: row.get(c.name) for c in spec.columns} for row in filled], schema=spec.polars_schema)
    return spec.check(frame)


def _filled(name: str, row: dict[str, Any], number: int) -> dict[str, Any]:
    if name == "measurements":
        if "value" in row and row["precision"] == "exact":
            row = {"low": row["value"], "high": row["value"], **row}
        if "value" not in row and "high" not in row:
            row = {"precision": "missing", "reason": "blank", **{k: v for k, v in row.items() if k != "precision"}}
        start, end = row["start"], row.get("end") or row["start"] + timedelta(days=0 if row["is_ledger"] else 6)
        middle = start + timedelta(days=((end - start).days + 1) // 2)
        week = middle - timedelta(days=middle.weekday()) if (end - start).days < 7 else None
        row = {"measurement_id": f"m{number:05}", "cell": f"C{number + 5}", "record_id": f"f!s!{number + 5}", "end": end, "week": week, **row}
    if name == "submissions":
        row = {"submission_id": f"s{number:04}", "end": row["start"] + timedelta(days=6), **row}
    return {"zh": row.get("unit_id") or row.get("campaign_id"), "area_id": "d", **row} if name in ("units", "campaigns") else row


def run(
    *wanted: str, settings: Settings | None = None, clock: datetime = CLOCK, decisions: Decisions | None = None, **tables: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Tables of measures from settled ones (absent ones are empty; areas are AREAS unless given): the wanted ones and what they need, or
    all. Every table is checked."""
    settled = {"areas": rows("areas", *AREAS), **tables}
    given = decided.frames(decisions or Decisions())
    steps = [step for step in STEPS if step.table in _needed(wanted)]
    found: dict[str, pl.DataFrame] = {}
    with _warehouse() as connection:

        def keep(name: str, frame: pl.DataFrame) -> None:
            if frame.height:
                connection.register("staged", frame.to_arrow())
                connection.execute(f'INSERT INTO "{name}" BY NAME SELECT * FROM staged')
                connection.unregister("staged")

        @cache
        def query(sql: str) -> pl.DataFrame:
            """Once for each text: a step's inputs are whole before it runs."""
            return connection.sql(sql).pl()

        for name in {name for step in steps for name in step.inputs if name in INPUTS}:
            keep(name, settled.get(name, table(name).empty()))
        for step in steps:
            frame = step.rows(query, settings or Settings(), clock, given)
            found[step.table] = table(step.table).check(frame)
            keep(step.table, found[step.table])
    return found


@contextmanager
def _warehouse() -> Iterator[duckdb.DuckDBPyConnection]:
    """The warehouse's tables, empty; what is written is taken back in the end."""
    connection = _created()
    connection.execute("BEGIN")
    try:
        yield connection
    finally:
        connection.execute("ROLLBACK")


@cache
def _created() -> duckdb.DuckDBPyConnection:
    """Made once a process: an engine and its tables cost more than most tests do in them."""
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'; SET threads = 1")
    for spec in all_tables().values():
        connection.execute(spec.create_sql())
    return connection


def _needed(wanted: tuple[str, ...]) -> set[str]:
    """The wanted tables with all they follow from; everything when none is named."""
    needed = set(wanted) or {step.table for step in STEPS}
    for step in reversed(STEPS):
        if step.table in needed:
            needed |= set(step.inputs)
    return needed
