"""Time and memory of all measures: `python benchmarks/measures_at_scale.py [--millions 10] [--threads 2] [--root DIR] [--keep FILE]`.

Writes a county of counties (fictional: twelve communities a town, three years of weeks, twenty columns a sheet, one
event in a hundred numbers) straight into a DuckDB file and runs the chain as a night does. Prints seconds by step and the peak memory.
With --root, the settled tables of that root's working warehouse (after `outreach sample` and `outreach run`) take the place of synthetic
ones. --keep leaves the warehouse with all tables behind, so that two versions of the measures can be compared.
Aims, on two cores: 10 million measurements in at most 60 s and 6 GiB; the sample district in at most 5 s.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl

from pipeline.decisions import Decisions, load_decisions
from pipeline.measures import decided
from pipeline.measures.build import STEPS
from pipeline.settings import Places, Settings
from pipeline.tables.base import quoted, table

WEEKS, LAST = 156, date(2026, 3, 16)
COLUMNS = (
    ("leaflets", "distributed", "份", "flow"), ("banners", "in_place", "条", "stock"), ("displays", "screens", "块", "stock"),
    ("displays", "hours", "小时", "flow"), ("broadcasts", "hours", "小时", "flow"), ("broadcasts", "devices", "个", "stock"),
    ("drones", "sorties", "架次", "flow"), ("van_tours", "tours", "台次", "flow"), ("talks", "sessions", "场", "flow"),
    ("talks", "attendance", "人", "flow"), ("home_visits", "visits", "户次", "flow"), ("wechat_groups", "groups", "个", "stock"),
    ("pushes", "messages", "条", "flow"), ("online_media", "reads", "次", "flow"), ("sms", "messages", "条", "flow"),
    ("pledges", "signed", "份", "flow"), ("app_registrations", "registered", "人", "stock"), ("warnings", "issued", "条", "flow"),
    ("warnings", "high_risk", "条", "flow"), ("contacts", "contacts", "人次", "flow"),
)  # fmt: skip
PER_TOWN = 12
EVENT_SHARE = 0.01


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--millions", type=float, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--memory", default="3GB", help="DuckDB's own limit")
    parser.add_argument("--root", type=Path, help="measure this root's settled tables instead of synthetic ones")
    parser.add_argument("--keep", type=Path, help="leave the measured warehouse in this file")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file, settings, decisions = Path(folder) / "benchmark.duckdb", Settings(), Decisions()
        if options.root:
            places = Places(options.root)
            shutil.copy(places.working, file)
            settings, decisions = places.settings(), load_decisions(places.decisions)
        with duckdb.connect(str(file)) as connection:
            connection.execute(f"SET threads = {options.threads}; SET memory_limit = '{options.memory}'; SET TimeZone = 'UTC'")
            connection.execute(f"SET temp_directory = '{folder}'")
            if options.root:
                _drop_measures(connection)
            n = _count(connection, "measurements") if options.root else _fill(connection, round(options.millions * 1e6))
            print(f"{n:,} measurements, {_peak():.2f} GiB so far")
            total = _measure(connection, settings, decisions)
            print(f"all measures of {n:,} measurements: {total:.1f} s, peak {_peak():.2f} GiB")
        if options.keep:
            shutil.copy(file, options.keep)


def _measure(connection: duckdb.DuckDBPyConnection, settings: Settings, decisions: Decisions) -> float:
    arrived: datetime = connection.sql("SELECT max(received_at) FROM submissions").fetchall()[0][0]
    clock, total, cores = arrived.replace(tzinfo=UTC) + timedelta(days=1), 0.0, 0.0
    for step in STEPS:
        begun, cpu = time.perf_counter(), time.process_time()
        if step.sql:
            connection.execute(f"CREATE OR REPLACE {'VIEW' if step.is_view else 'TABLE'} {quoted(step.table)} AS {step.sql}")
        else:
            frame = step.rows(lambda sql: connection.sql(sql).pl(), settings, clock, decided.frames(decisions))
            _keep(connection, step.table, frame)
        seconds = time.perf_counter() - begun
        total += seconds
        used = time.process_time() - cpu
        cores += used
        print(f"{step.table:18} {_count(connection, step.table):>12,} rows {seconds:7.2f} s, {used:7.2f} s of cores  {_peak():.2f} GiB")
    print(f"{cores:.1f} s of cores for all measures, {time.process_time():.1f} s since the start")
    return total


def _drop_measures(connection: duckdb.DuckDBPyConnection) -> None:
    """What the root's own run measured, tables and views: an older version may have kept as a table what is a view now."""
    known = dict(connection.sql("SELECT table_name, table_type FROM information_schema.tables").fetchall())
    for step in STEPS:
        if step.table in known:
            connection.execute(f"DROP {'VIEW' if known[step.table] == 'VIEW' else 'TABLE'} {quoted(step.table)}")


def _fill(connection: duckdb.DuckDBPyConnection, wanted: int) -> int:
    n_places = max(round(wanted * (1 - EVENT_SHARE) / WEEKS / len(COLUMNS)), PER_TOWN)
    n_towns = -(-n_places // PER_TOWN)
    areas = [("d", None, "district", 1.0)] + [(f"t{t}", "d", "town", 40_000.0) for t in range(n_towns)]
    areas += [(f"c{c}", f"t{c // PER_TOWN}", "community", 2000.0 + c % 7 * 500) for c in range(n_places)]
    schema = {"area_id": pl.String, "parent_id": pl.String, "level": pl.String, "residents": pl.Float64}
    known = pl.DataFrame(areas, schema=schema, orient="row").with_columns(zh="area_id", position=pl.int_range(pl.len()), is_provisional=pl.lit(False))
    spec = table("areas")
    _keep(
        connection,
        "areas",
        known.with_columns(pl.lit(None).alias(c.name) for c in spec.columns if c.name not in known.columns).select(list(spec.polars_schema)),
    )
    for name in ("measurements", "submissions", "denominators", "units", "campaigns", "rejections", "publications", "source_files", "typed_changes"):
        connection.execute(table(name).create_sql().split(",\n  PRIMARY KEY")[0].rstrip(")") + ")")
    values = ", ".join(f"({i}, '{c}', '{m}', '{u}', '{k}')" for i, (c, m, u, k) in enumerate(COLUMNS))
    first = LAST - timedelta(weeks=WEEKS - 1)
    connection.execute(f"""
        CREATE TEMP TABLE columns(number, channel, measure, unit, kind) AS FROM (VALUES {values});
        INSERT INTO measurements BY NAME
        SELECT concat_ws('_', 'm', c, w, number) AS measurement_id, concat_ws('_', 's', c // {PER_TOWN}, w) AS submission_id,
               'f' || c // {PER_TOWN} AS file_id, 't' || c // {PER_TOWN} || '/周报.xlsx' AS path, 'W' || w AS sheet,
               'C' || (c % {PER_TOWN} + 5) AS cell, concat_ws('!', 't' || c // {PER_TOWN}, w, c) AS record_id, 'weekly_tally' AS form,
               channel, measure, unit, kind, 'c' || c AS subject, 'c' || c AS subject_id, 'area' AS subject_kind, 'c' || c AS area_id,
               't' || c // {PER_TOWN} AS reporter, 't' || c // {PER_TOWN} AS reporter_id, DATE '{first}' + w::INT * 7 AS start,
               start + 6 AS "end", 'week' AS period_precision, start AS week, drawn AS value, drawn AS low,
               CASE WHEN c % 20 = 0 THEN drawn * 1.1 ELSE drawn END AS high, CASE WHEN c % 20 = 0 THEN 'at_least' ELSE 'exact' END AS precision,
               channel AS header, false AS is_ledger, false AS is_cumulative, TIMESTAMP '2026-03-23 01:00' AS received_at, true AS stands
        FROM (SELECT *, CASE WHEN measure = 'high_risk' THEN 2 ELSE 20 + floor(60 * (hash(c, w, number) % 1000) * (hash(number, w, c) % 1000) / 1e6)
                               END::DOUBLE AS drawn
              FROM range({n_places}) places(c), range({WEEKS}) weeks(w), columns);
        INSERT INTO measurements BY NAME
        SELECT 'e' || e AS measurement_id, 'se' AS submission_id, 'fe' AS file_id, '台账' || e % 97 || '.xlsx' AS path, '台账' AS sheet,
               'D' || e AS cell, 'fe!' || e AS record_id, 'intercepted_losses' AS form, 'intercepted_losses' AS channel, 'averted' AS measure,
               '元' AS unit, 'flow' AS kind, 'P2' AS grade, 'u' || e % 400 AS subject, 'u' || e % 400 AS subject_id, 'unit' AS subject_kind,
               't' || e % {n_towns} AS area_id, 'u' || e % 400 AS reporter, 'u' || e % 400 AS reporter_id,
               DATE '{first}' + (e * 7919 % {WEEKS * 7})::INT AS start, start AS "end", 'day' AS period_precision,
               date_trunc('week', start)::DATE AS week, drawn AS value, drawn AS low, drawn AS high, 'exact' AS precision, '避免损失' AS header,
               ['刷单', '客服退款', '投资理财', '贷款'][e % 4 + 1] AS fraud_type, true AS is_ledger, false AS is_cumulative,
               TIMESTAMP '2026-03-23 01:00' AS received_at, true AS stands
        FROM (SELECT e, round(exp(10 + 4.5 * ((hash(e) % 1000 + hash(e + 1, 'b') % 1000) / 2000 - 0.5)), -2) AS drawn
              FROM range({round(wanted * EVENT_SHARE)}) events(e));
        INSERT INTO submissions BY NAME
        SELECT submission_id, any_value(file_id) AS file_id, any_value(path) AS path, any_value(sheet) AS sheet, 'weekly_tally' AS form,
               any_value(reporter) AS reporter, any_value(reporter_id) AS reporter_id, min(start) AS start, max("end") AS "end",
               max("end") + INTERVAL 9 HOUR AS received_at, false AS is_zero_report, count(*) AS n_due, 0 AS n_missing
        FROM measurements WHERE form = 'weekly_tally' GROUP BY submission_id;
    """)
    return _count(connection, "measurements")


def _keep(connection: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    connection.register("staged", frame.to_arrow())  # as the warehouse does
    connection.execute(f"CREATE OR REPLACE TABLE {quoted(name)} AS SELECT * FROM staged")
    connection.unregister("staged")


def _count(connection: duckdb.DuckDBPyConnection, name: str) -> int:
    return connection.sql(f"SELECT count(*) FROM {quoted(name)}").fetchall()[0][0]


def _peak() -> float:
    """Largest memory of this process so far, GiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


if __name__ == "__main__":
    main()
