"""Layouts once seen are remembered: a sheet whose headings differ from all that its reporter handed in before, of the same form, is said once.

Here: whose layout a table's is, what appeared and what vanished. Not here: what an unknown heading costs (reading.py says it at the heading).
A column that vanished takes its due cells with it, so nothing else would ask for them. A change that a later sheet repeats is no longer news.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

import polars as pl

from pipeline.forms.wording import squeeze
from pipeline.intake.findings import finding
from pipeline.intake.lines import PERIOD_PART

Layout = tuple[str, ...]
SHOWN = 6


def drifted(tables: pl.DataFrame, measurements: pl.DataFrame) -> list[dict[str, Any]]:
    """One point per layout that a reporter had not used before, at the table that brought it.

    `tables`: read_tables with path and received_at. `measurements`: identified. A warning as long as no later sheet has the new layout, else a
    note; a note too where only order or grouping changed. A sheet that names nobody is compared with its folder's.
    """
    matched = tables.filter(pl.col("form").is_not_null()).join(_reporters(measurements), on=["file_id", "sheet", "form"], how="left")
    series: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in matched.sort("received_at", "start", "path", "file_id", "sheet", "range", nulls_last=True).iter_rows(named=True):
        whose = row["whose"] or f"folder {PurePosixPath(row['path']).parent}"
        series[whose, row["form"]].append({**row, "layout": layout_of(tuple(json.loads(row["header"])))})
    return [found for rows in series.values() for found in _changes(rows)]


def _reporters(measurements: pl.DataFrame) -> pl.DataFrame:
    """(file_id, sheet, form, whose): who handed a sheet in; the subject where it is the only one; else null."""
    subject = pl.when(pl.col("subject_id").n_unique() == 1).then(pl.col("subject_id").first())
    return measurements.group_by("file_id", "sheet", "form").agg(whose=pl.coalesce(pl.col("reporter_id").drop_nulls().first(), subject))


@lru_cache(maxsize=1000)
def layout_of(headings: tuple[str, ...]) -> Layout:
    """Headings as they stay from week to week: without the parts that say when, and with any number for each number."""
    paths = (tuple(part for part in heading.split("›") if not PERIOD_PART.fullmatch(squeeze(part))) for heading in headings)
    return tuple(re.sub(r"\d+", "#", squeeze("›".join(path))) for path in paths)


def _changes(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """`rows`: one reporter's tables of one form, in order of receipt. Tables of one file do not differ from one another."""
    uses = Counter({layout: len(files) for layout, files in _files_by_layout(rows).items()})
    known: dict[Layout, dict[str, Any]] = {}
    found = []
    new: dict[Layout, dict[str, Any]] = {}
    current = None
    for row in rows:
        if row["file_id"] != current:
            known |= new
            new, current = {}, row["file_id"]
        layout = row["layout"]
        if layout in known or layout in new:
            continue
        if known:
            before = max(known.values(), key=lambda other: (len(set(other["layout"]) & set(layout)), other["received_at"]))
            found.append(_said(row, before, is_repeated=uses[layout] > 1))
        new[layout] = row
    return found


def _files_by_layout(rows: list[dict[str, Any]]) -> dict[Layout, set[str]]:
    files: dict[Layout, set[str]] = defaultdict(set)
    for row in rows:
        files[row["layout"]].add(row["file_id"])
    return files


def _said(row: dict[str, Any], before: dict[str, Any], *, is_repeated: bool) -> dict[str, Any]:
    appeared, vanished = _minus(row["layout"], before["layout"]), _minus(before["layout"], row["layout"])
    where = f"{before['path']}›{before['sheet']}"
    if appeared or vanished:
        zh = "；".join(f"{verb}：{_listed(names)}" for verb, names in (("新出现", appeared), ("不见了", vanished)) if names)
        en = "; ".join(f"{verb}: {_listed(names)}" for verb, names in (("new", appeared), ("gone", vanished)) if names)
    else:
        zh, en = "列的次序或分组变了", "columns are in another order or grouping"
    return finding(
        "layouts_are_as_before",
        "note" if is_repeated or not (appeared or vanished) else "warning",
        f"表头与以往（{where}）不同，{zh}。如是有意调整请确认；漏列的请补上。",
        f"The headings differ from before ({where}): {en}. Confirm if meant; add columns that were left out.",
        file_id=row["file_id"],
        path=row["path"],
        sheet=row["sheet"],
        cell=row["range"].partition(":")[0],
    )


def _minus(these: Layout, those: Layout) -> list[str]:
    return [heading for heading in dict.fromkeys(these) if heading and heading not in those]


def _listed(names: list[str]) -> str:
    return "、".join(names[:SHOWN]) + (" …" if len(names) > SHOWN else "")
