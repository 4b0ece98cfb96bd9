"""From readings to measures: settle everything, lay out the records in analysts' words, compute the measures.

Each function is one step of the run and writes its tables in one transaction: a killed run leaves whole tables behind. Not here: how
anything is decided or computed (intake/settling.py, tables/wide.py, measures/), receiving files, publishing.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from pathlib import Path

import polars as pl

from pipeline.decisions import Decisions
from pipeline.forms.catalogue import catalogue
from pipeline.intake.settling import settle
from pipeline.measures.build import STEPS
from pipeline.measures.decided import frames as decided_frames
from pipeline.night.progress import tell
from pipeline.settings import Settings
from pipeline.tables.base import table
from pipeline.tables.wide import wide_sql, wide_tables
from pipeline.warehouse import Warehouse

Rows = dict[str, int | None]
"""Rows written, by table; None of a view, which keeps none."""


def settle_all(warehouse: Warehouse, files: pl.DataFrame, decisions: Decisions, settings: Settings, clock: datetime) -> Rows:
    """All readings → the tables of intake, the one number that stands marked. `files` as Journal.files, `clock` the run's moment."""
    tell("定数 settling")
    settled = settle(warehouse.readings(), files, decisions, settings, settings.district.name, clock.date())
    with warehouse.transaction():
        return {name: warehouse.replace(name, frame) for name, frame in settled.items()}


def lay_out_records(warehouse: Warehouse) -> Rows:
    """The wide tables, one row a record."""
    tell("列表 laying out records")
    forms: dict[str, list[str]] = defaultdict(list)
    for form in catalogue().forms.values():
        forms[form.table].append(form.name)
    with warehouse.transaction():
        return {spec.name: warehouse.replace_from_sql(spec.name, wide_sql(spec, tuple(forms[spec.name]))) for spec in wide_tables()}


def outline_areas(warehouse: Warehouse, file: Path | None) -> tuple[Rows, str]:
    """The areas' boundaries from the office's file, if it has one. Returns also what is to be said of it (empty: nothing): a file that cannot
    be used costs the map, never the publication."""
    frame, note = table("boundaries").empty(), ""
    if file is not None:
        from pipeline import boundaries  # most offices have none, and geometry takes its time to import

        tell("读取边界 reading boundaries")
        try:
            frame, note = boundaries.read(file, boundaries.levels_of(warehouse.read("areas")))
        except boundaries.BoundaryFault as fault:
            note = str(fault)
    with warehouse.transaction():
        return {"boundaries": warehouse.replace("boundaries", frame)}, note


def measure_all(warehouse: Warehouse, decisions: Decisions, settings: Settings, clock: datetime) -> Rows:
    """Every table of measures, in the order of their dependence. `clock` is the run's moment, with its time zone."""
    given = decided_frames(decisions)
    rows: Rows = {}
    with warehouse.transaction():
        for step in STEPS:
            tell(f"计算 measuring {step.table}")
            if step.is_view:
                warehouse.replace_view(step.table, step.sql or "")
                rows[step.table] = None
            else:
                rows[step.table] = warehouse.replace(step.table, step.rows(warehouse.query, settings, clock, given))
    return rows
