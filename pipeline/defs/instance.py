"""Dagster's own records: where they live and how they behave. One instance per root, under data/warehouse/dagster.

Telemetry is off (it is on by default and this runs offline); one run at a time (the working DuckDB file has one writer; a pool
alone limits nothing before its granularity is set); old schedule and sensor ticks are purged. A run writes hundreds of events, each its
own transaction: they need not each wait for the disk, nor open their file anew (event_log.py). What a power cut may take are the last of
them; its files stay whole (SQLite in WAL mode).
"""

import json
import os
import sqlite3
from pathlib import Path

import dagster as dg
from sqlalchemy import event
from sqlalchemy.engine import Engine

from pipeline.settings import Places

_CONFIG = """\
# Written by `outreach`; edits are overwritten. One instance per root.
telemetry:
  enabled: false
concurrency:
  runs:
    max_concurrent_runs: 1
  pools:
    granularity: op
    default_limit: 1
retention:
  schedule:
    purge_after_days: 90
  sensor:
    purge_after_days:
      skipped: 7
      failure: 90
      success: 90
event_log_storage:
  module: pipeline.defs.event_log
  class: EventLog
  config:
    base_dir: {events}
"""


def prepare_home(places: Places) -> Path:
    """Make the instance's folder with its dagster.yaml and point DAGSTER_HOME at it. Returns the folder."""
    home = places.dagster_home
    home.mkdir(parents=True, exist_ok=True)
    config = home / "dagster.yaml"
    text = _CONFIG.format(events=json.dumps(str(home / "history" / "runs")))
    if not config.is_file() or config.read_text(encoding="utf-8") != text:
        config.write_text(text, encoding="utf-8")
    os.environ["DAGSTER_HOME"] = str(home)
    return home


def open_instance(places: Places) -> dg.DagsterInstance:
    """The instance that `outreach run`, the schedule and the UI share."""
    if not event.contains(Engine, "connect", _without_waiting):
        event.listen(Engine, "connect", _without_waiting)
    return dg.DagsterInstance.from_config(str(prepare_home(places)))


def _without_waiting(connection: object, _: object) -> None:
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=NORMAL")
