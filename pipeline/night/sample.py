"""The sample district put in and taken away: its files, its receipts in the journal, and everything a run made of them."""

from __future__ import annotations

import hashlib
import shutil
from datetime import date
from pathlib import Path

import polars as pl

from pipeline.journal import Journal, Scan
from pipeline.night.publish import SAMPLE_BUILD, is_sample_build, published_build
from pipeline.night.receipts import LIST
from pipeline.sample import SAMPLE_FOLDER, remove_sample, write_sample
from pipeline.settings import Places
from pipeline.tables.base import kept_tables, table
from pipeline.warehouse import Warehouse


def has_nothing_yet(places: Places) -> bool:
    """No spreadsheet below data/raw and no working warehouse."""
    has_files = places.raw.is_dir() and any(file.is_file() and not file.name.startswith(".") for file in places.raw.rglob("*"))
    return not has_files and not places.working.is_file()


def put_sample(places: Places, *, seed: int, end: date) -> str:
    """Write the sample and enter when each of its files was received. Returns the one line to say."""
    written = write_sample(places.root, seed=seed, end=end)
    journal = Journal(places)
    for path, received_at in written.files:
        sha256 = hashlib.sha256((places.raw / path).read_bytes()).hexdigest()
        journal.record_received(path, sha256, received_at.replace(tzinfo=None))
    return (
        f"已写入示例数据（虚构，{len(written.files)} 个工作簿）：{places.raw / SAMPLE_FOLDER}；移除请运行 .venv/bin/outreach sample --remove"
        f" / Fictional sample data written; remove with the same command."
    )


def take_sample_away(places: Places) -> str:
    """Remove the sample's files, receipts, bytes, readings, snapshots, publications and whatever was published from it."""
    had_files = (places.raw / SAMPLE_FOLDER).exists()
    n_contents = Journal(places).remove_sample()
    remove_sample(places.root)
    shutil.rmtree(places.returned / SAMPLE_FOLDER, ignore_errors=True)
    (places.returned / LIST).unlink(missing_ok=True)
    if places.working.is_file():
        with Warehouse(places) as warehouse:
            _forget(warehouse, Journal(places))
    if is_sample_build(published_build(places).get("build_id", "")):
        places.published.unlink()
        _clear(places.dashboards)
    if not n_contents and not had_files:
        return "没有示例数据。 / There is no sample."
    return "示例数据及其入库的数、存档、快照和网页已移除。 / The sample is gone, with its rows, archive, snapshots and pages."


def _forget(warehouse: Warehouse, journal: Journal) -> None:
    """Readings of files the journal no longer knows, publications made from the sample, and every table computed from it."""
    known = set(journal.files(Scan(()))["file_id"].to_list())
    read = set(warehouse.query("SELECT file_id FROM read_files")["file_id"].to_list())
    stated = warehouse.query("SELECT value FROM build WHERE key = 'build_id'")["value"].to_list()
    with warehouse.transaction():
        warehouse.forget(read - known)
        publications = warehouse.read("publications")
        warehouse.replace("publications", publications.filter(~pl.col("build_id").str.starts_with(SAMPLE_BUILD)))
        if any(is_sample_build(build_id) for build_id in stated):
            for name in kept_tables():
                if name != "publications":
                    warehouse.replace(name, table(name).empty())


def _clear(dashboards: Path) -> None:
    """Pages made from the sample must not outlive it."""
    for entry in dashboards.iterdir() if dashboards.is_dir() else ():
        if entry.is_dir():
            shutil.rmtree(entry)
        elif entry.name != ".gitkeep":
            entry.unlink()
