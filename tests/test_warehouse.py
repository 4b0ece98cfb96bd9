from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.intake.frames import FileKey, ReadFrames, to_frames
from pipeline.intake.records import Reading
from pipeline.measures.build import STEPS
from pipeline.settings import Places
from pipeline.tables.base import TableFault, all_tables, kept_tables, table
from pipeline.tables.wide import wide_sql, wide_tables
from pipeline.warehouse import Warehouse, WarehouseBusy, WarehouseFault, open_published
from tests.support.roots import new_root
from tests.support.settling import File, activity, frames_of, number, settled

BUILD = pl.DataFrame({"key": ["build_id", "data_to"], "value": ["b1", "2026-03-22"]})


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return new_root(tmp_path)


def test_every_table_is_there_with_comments_and_units(places: Places) -> None:
    with Warehouse(places) as warehouse:
        warehouse.replace("build", BUILD)
        warehouse.publish("b1")
    with open_published(places) as published:
        comments = dict(published.query("SELECT table_name, comment FROM duckdb_tables()").iter_rows())
        assert comments.keys() == kept_tables().keys()
        assert comments["cube_numbers"].startswith("周数据读数: one row is")
        column = "SELECT comment FROM duckdb_columns() WHERE table_name = 'losses' AND column_name = 'losses_amount'"
        assert published.query(column).item().endswith("[元]")
        assert published.query("SELECT count(*) FROM duckdb_columns() WHERE NOT internal AND comment IS NULL").item() == 0


def test_a_replaced_table_has_exactly_the_new_rows(places: Places) -> None:
    with Warehouse(places) as warehouse:
        assert warehouse.replace("build", BUILD) == 2
        assert warehouse.replace("build", BUILD.head(1)) == 1
        assert warehouse.read("build").equals(BUILD.head(1))


def test_a_view_keeps_no_rows_and_is_published_with_its_comments(places: Places) -> None:
    steps = {step.table: step for step in STEPS}
    with Warehouse(places) as warehouse:
        warehouse.connection.execute("CREATE TABLE weekly_cube (week DATE)")  # as an earlier version kept it
    with Warehouse(places) as warehouse:
        warehouse.replace("build", BUILD)
        told = {"area_id": "a1", "subject_id": "a1", "channel": "leaflets", "measure": "distributed", "unit": "份", "audience": "all", "kind": "flow"}
        counts = {"n_cells": 1, "n_missing": 0, "n_approximate": 0, "n_without_value": 0}
        number = {"series_id": 1, "week": date(2026, 3, 16), "value": 5.0, "low": 5.0, "high": 5.0, **counts}
        for name, row in (("cube_series", {"series_id": 1, **told}), ("cube_numbers", number)):
            warehouse.replace(name, pl.DataFrame([row], schema=table(name).polars_schema))
        for name in ("weekly_cube", "contacts"):
            warehouse.replace_view(name, steps[name].sql or "")
        warehouse.publish("b1")
    with open_published(places) as published:
        assert published.query("SELECT channel, value FROM weekly_cube").rows() == [("leaflets", 5.0)]
        assert published.query("SELECT channel, unit, value FROM contacts").rows() == [("leaflets", "份", 5.0)]
        comments = dict(published.query("SELECT view_name, comment FROM duckdb_views() WHERE NOT internal").iter_rows())
        assert comments["weekly_cube"].startswith("周数据: one row is")
        for name in ("weekly_cube", "contacts"):
            assert published.read(name).columns == list(table(name).polars_schema)


@pytest.mark.parametrize(
    ("name", "frame", "says"),
    [
        ("build", BUILD.rename({"value": "text"}), "missing columns ['value'], unknown columns ['text']"),
        ("build", pl.concat([BUILD, BUILD]), "primary_key"),
        ("build", BUILD.with_columns(value=pl.lit(1.5)), "value"),
        ("weeks", table("weeks").empty().drop("week"), "missing columns ['week']"),
    ],
)
def test_what_is_not_the_table_is_refused_and_the_old_rows_stay(places: Places, name: str, frame: pl.DataFrame, says: str) -> None:
    with Warehouse(places) as warehouse:
        warehouse.replace("build", BUILD)
        with pytest.raises(TableFault, match=f"(?s).*{re.escape(says)}"):
            warehouse.replace(name, frame)
        assert warehouse.read("build").height == 2


def test_a_failed_transaction_leaves_nothing_behind(places: Places) -> None:
    with Warehouse(places) as warehouse:
        warehouse.replace("build", BUILD)
        with pytest.raises(TableFault), warehouse.transaction():
            _ = [warehouse.replace(name, BUILD.head(1)) for name in ("build", "weeks")]
        assert warehouse.read("build").height == 2


def test_queries_take_parameters_and_fill_tables(places: Places) -> None:
    with Warehouse(places) as warehouse:
        assert warehouse.query("SELECT $n + 1 AS n", n=41).item() == 42
        assert warehouse.replace_from_sql("build", "SELECT 'k' AS key, $v AS value", v="x") == 1
        assert warehouse.append("build", pl.DataFrame({"key": ["l"], "value": [None]})) == 1
        assert warehouse.read("build").rows() == [("k", "x"), ("l", None)]


def test_two_runs_never_hold_the_warehouse_together(places: Places) -> None:
    with Warehouse(places), pytest.raises(WarehouseBusy, match=rf"进程 {os.getpid()}.*Another run"), Warehouse(places):
        pass
    with Warehouse(places) as again:
        assert again.read("build").is_empty()


def test_a_killed_run_leaves_whole_tables_and_no_lock(places: Places) -> None:
    script = (
        "import os, polars as pl; from pipeline.warehouse import Warehouse; from pipeline.settings import Places\n"
        "w = Warehouse(Places.here()).__enter__()\n"
        "w.replace('build', pl.DataFrame({'key': ['a'], 'value': ['1']}))\n"
        "w.connection.execute('BEGIN'); w.connection.execute('DELETE FROM build')\n"
        "os.kill(os.getpid(), 9)\n"
    )
    subprocess.run([sys.executable, "-c", script], env={**os.environ, "OUTREACH_ROOT": str(places.root)}, check=False)
    with Warehouse(places) as warehouse:
        assert warehouse.read("build").rows() == [("a", "1")]


def test_a_damaged_working_file_says_what_to_do(places: Places) -> None:
    places.warehouse.mkdir()
    places.working.write_bytes(b"not a database" * 500)
    with pytest.raises(WarehouseFault, match="outreach restore"), Warehouse(places):
        pass


def test_a_table_whose_columns_changed_starts_empty_but_publications_are_carried_over(places: Places) -> None:
    with Warehouse(places) as warehouse:
        warehouse.replace("build", BUILD)
        for name in ("build", "publications"):
            warehouse.connection.execute(f"ALTER TABLE {name} ADD COLUMN old_column VARCHAR")
        row = "'b0', '2026-01-01', 'leaflets', 'a1', '2026-03-16', 1, 1, 1, 'x'"
        warehouse.connection.execute(f"INSERT INTO publications VALUES ({row})")
    with Warehouse(places) as warehouse:
        assert warehouse.read("build").is_empty()
        assert warehouse.read("publications").select("build_id", "published_at", "value").rows() == [("b0", datetime(2026, 1, 1), 1.0)]


# -- publishing -------------------------------------------------------------------------------------------------------


def test_an_open_reader_keeps_the_old_copy_until_it_opens_again(places: Places) -> None:
    with Warehouse(places) as warehouse:
        warehouse.replace("build", BUILD)
        first = warehouse.publish("b1")
        assert first.rows["build"] == 2
        with open_published(places) as reader:
            warehouse.replace("build", BUILD.head(1))
            warehouse.publish("b1")
            assert reader.read("build").height == 2
        with open_published(places) as reader:
            assert reader.read("build").height == 1
    assert not list(places.warehouse.glob(".outreach*"))


def test_the_pipelines_own_tables_are_not_published(places: Places) -> None:
    read, _ = frames_of([File("a.xlsx", [number("城关派出所", 40000, text="只在缓存里的原文")])])
    with Warehouse(places) as warehouse:
        warehouse.store(read)
        warehouse.replace("build", BUILD)
        warehouse.publish("b1")
    assert "只在缓存里的原文".encode() not in places.published.read_bytes()
    with open_published(places) as published, pytest.raises(duckdb.CatalogException):
        published.read("read_measurements")


def test_a_publication_under_another_build_id_is_refused_and_the_last_one_stays(places: Places) -> None:
    with Warehouse(places) as warehouse:
        warehouse.replace("build", BUILD)
        warehouse.publish("b1")
        before = places.published.read_bytes()
        with pytest.raises(WarehouseFault, match="b2"):
            warehouse.publish("b2")
    assert places.published.read_bytes() == before


def test_nothing_published_yet_says_what_to_run(places: Places) -> None:
    with pytest.raises(FileNotFoundError, match="outreach run"), open_published(places):
        pass


# -- the reading cache ------------------------------------------------------------------------------------------------


def test_a_reading_is_found_again_only_for_the_same_bytes_place_and_reader(places: Places) -> None:
    key = FileKey("0" * 64, "a.xlsx", "reader 1")
    others = [key._replace(sha256="1" * 64), key._replace(path="b.xlsx"), key._replace(fingerprint="reader 2")]
    with Warehouse(places) as warehouse:
        warehouse.store(to_frames([(key, Reading("accepted", (number("城关派出所", 1),)))]))
        assert warehouse.cached([key, *others]) == {key}
        newer = others[2]
        warehouse.store(to_frames([(newer, Reading("accepted", (number("城关派出所", 2),)))]))
        assert warehouse.cached([key, newer]) == {newer}
        assert warehouse.readings().measurements["value"].to_list() == [2]


def test_readings_come_back_as_they_were_stored(places: Places) -> None:
    files = [File("a.xlsx", [number("城关派出所", 1), number("东关所", None, row=5)]), File("b.xlsx", [activity("东街支行", 2, number("", 1).start)])]
    read, table_ = frames_of(files)
    with Warehouse(places) as warehouse:
        warehouse.store(read)
        for (name, stored), (_, meant) in zip(warehouse.readings().items(), read.items(), strict=True):
            assert stored.equals(meant), name
        one = warehouse.readings([table_["file_id"][1]])
        assert one.measurements["value"].to_list() == [2]
        warehouse.forget(table_["file_id"].to_list())
        assert all(frame.is_empty() for _, frame in warehouse.readings().items())
        warehouse.store(ReadFrames.empty())


# -- the wide tables --------------------------------------------------------------------------------------------------


@pytest.fixture
def settled_warehouse(places: Places):
    venue = {"venue": "人民广场"}
    numbers = [
        number("城关派出所", 40000),
        number("城关派出所", 500, column="D", attributes={"material": "手册"}),
        number("城关派出所", None, column="E", channel="banners", measure="in_place", unit="条", kind="stock"),
        number("城关派出所", 300, column="F", channel="talks", measure="attendance", unit="人次"),
        number("东关所", 800, row=5, low=800, high=900, precision="at_least"),
        activity("东街支行", 7, number("", 1).start, attributes=venue),
    ]
    result = settled(File("a.xlsx", numbers), File("b.xlsx", [number("城关派出所", 41000)], 60))
    with Warehouse(places) as warehouse:
        for name, frame in result.items():
            warehouse.replace(name, frame)
        for spec in wide_tables():
            warehouse.replace_from_sql(spec.name, wide_sql(spec, (spec.name,)))
        yield warehouse


def test_a_wide_row_is_one_record_of_what_stands(settled_warehouse: Warehouse) -> None:
    columns = (
        "subject, first_cell, n_cells, n_missing, leaflets_distributed, talks_attendance, talks_attendance_occasions, banners_in_place, material"
    )
    rows = settled_warehouse.query(f"SELECT {columns} FROM weekly_tally ORDER BY path, first_cell").rows()
    assert rows == [
        ("东关所", "C5", 1, 0, 800, None, None, None, None),
        ("城关派出所", "D4", 3, 1, 500, None, 300, None, "手册"),
        ("城关派出所", "C4", 1, 0, 41000, None, None, None, None),
    ]
    assert settled_warehouse.query("SELECT venue, leaflets_distributed FROM activities").rows() == [("人民广场", 7)]


def test_wide_tables_keep_every_number_that_stands(settled_warehouse: Warehouse) -> None:
    wide = " UNION ALL ".join(f"SELECT leaflets_distributed AS v, leaflets_distributed_high AS h FROM {n}" for n in ("weekly_tally", "activities"))
    long = "SELECT sum(value), sum(high) FROM measurements WHERE stands AND channel = 'leaflets'"
    assert settled_warehouse.query(f"SELECT sum(v), sum(h) FROM ({wide})").rows() == settled_warehouse.query(long).rows()


def test_only_tables_of_records_are_filled_from_measurements() -> None:
    assert {spec.name for spec in wide_tables()} < set(all_tables())
    with pytest.raises(ValueError, match="kpis"):
        wide_sql(table("kpis"), ("weekly_tally",))
