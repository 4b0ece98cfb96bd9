"""What Dagster shows: keys, groups, jobs, cron, checks, descriptions. A snapshot, so that a change of any of them is seen and meant."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import dagster as dg
import pytest
from dagster._core.storage.event_log import SqliteEventLogStorage
from sqlalchemy import event
from sqlalchemy.engine import Engine
from syrupy.assertion import SnapshotAssertion

from pipeline.definitions import defs
from pipeline.defs.automation import folder, folder_fingerprint
from pipeline.defs.instance import open_instance
from pipeline.settings import Places
from pipeline.tables.base import all_tables, published_tables


@pytest.fixture(scope="module")
def loaded() -> dg.Definitions:
    return defs()


def assets(loaded: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in loaded.resolve_all_asset_specs()}


def test_keys_groups_jobs_and_cron_are_as_agreed(loaded: dg.Definitions, snapshot: SnapshotAssertion) -> None:
    repository = loaded.get_repository_def()
    seen = {
        "assets": {key: spec.group_name for key, spec in sorted(assets(loaded).items())},
        "checks": sorted(f"{key.asset_key.to_user_string()}:{key.name}" for key in repository.asset_graph.asset_check_keys),
        "jobs": sorted(name for name in repository.job_names if not name.startswith("__")),
        "schedules": {s.name: (s.cron_schedule, s.execution_timezone) for s in repository.schedule_defs},
        "sensors": {s.name: s.minimum_interval_seconds for s in repository.sensor_defs},
    }
    assert seen == snapshot


def test_every_published_table_is_an_asset_described_with_its_columns(loaded: dg.Definitions) -> None:
    known = assets(loaded)
    for name in published_tables():
        spec = known[name]
        assert spec.description
        columns = spec.metadata["dagster/column_schema"]
        described = columns.value.columns if hasattr(columns, "value") else columns.columns
        assert [column.name for column in described] == [column.name for column in all_tables()[name].columns]
        assert all(column.description for column in described)


def test_the_instance_is_quiet_and_runs_one_thing_at_a_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    with open_instance(Places(tmp_path)) as instance:
        assert not instance.telemetry_enabled
        assert instance.get_concurrency_config().run_queue_config.max_concurrent_runs == 1
        assert os.environ["DAGSTER_HOME"] == str(tmp_path / "data" / "warehouse" / "dagster")


def test_a_run_s_events_go_through_one_opening_of_each_file_and_are_what_dagster_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DAGSTER_HOME", "")
    opened: list[str] = []

    @event.listens_for(Engine, "connect")
    def note(connection: sqlite3.Connection, _: object) -> None:
        opened.append(Path(connection.execute("PRAGMA database_list").fetchone()[2]).name)

    try:
        with open_instance(Places(tmp_path)) as instance:
            opened.clear()
            for n in range(20):
                instance.report_runless_asset_event(dg.AssetMaterialization("readings", metadata={"n": n}))
            assert len([name for name in opened if name == "index.db"]) <= 1
    finally:
        event.remove(Engine, "connect", note)
    own = SqliteEventLogStorage(str(tmp_path / "data" / "warehouse" / "dagster" / "history" / "runs"))
    written = own.get_event_records(dg.EventRecordsFilter(dg.DagsterEventType.ASSET_MATERIALIZATION))
    assert len(written) == 20


def tick(cursor: str | None) -> dg.SensorExecutionData:
    """One look of the folder sensor, as the daemon does it."""
    with dg.DagsterInstance.ephemeral() as instance, dg.build_sensor_context(instance=instance, cursor=cursor) as context:
        return folder.evaluate_tick(context)


def test_the_sensor_waits_for_copies_to_finish_and_sees_a_corrected_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OUTREACH_ROOT", str(tmp_path))
    raw = tmp_path / "data" / "raw"
    assert not tick(None).run_requests, "a folder that is not there runs nothing"
    raw.mkdir(parents=True)
    cursor = None
    for content in ("first", "corrected, under the same name"):
        (raw / "周报.csv").write_text(content, encoding="utf-8")
        first_look = tick(cursor)
        assert not first_look.run_requests
        second_look = tick(first_look.cursor)
        assert len(second_look.run_requests or []) == 1
        cursor = second_look.cursor
        assert not tick(cursor).run_requests, "nothing has changed since"


@pytest.mark.parametrize("name", ["~$周报.xlsx", ".~周报.xlsx", ".hidden"])
def test_lock_files_of_office_programs_do_not_wake_it(tmp_path: Path, name: str) -> None:
    (tmp_path / "周报.xlsx").write_bytes(b"content")
    before = folder_fingerprint(tmp_path)
    (tmp_path / name).write_bytes(b"lock")
    assert folder_fingerprint(tmp_path) == before
