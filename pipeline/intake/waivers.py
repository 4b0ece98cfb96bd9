"""Which points of `rejections` nobody needs to answer any more, and why: waivers of data/decisions (确认无误), and contents that were replaced.

Here: columns closed_reason, waived_because, waived_by, waived_until. Not here: findings of measures, which are waived where they are made
(measures/integrity.py), excused reports (measures/reporting.py). A closed point stays listed; it is neither marked in a returned workbook nor
counted against its file.
"""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import Any

import polars as pl

from pipeline.decisions import Waiver
from pipeline.intake.findings import DECISIONS
from pipeline.intake.naming import name_key

SCHEMA = {"rejection_id": pl.String, "waived_because": pl.String, "waived_by": pl.String, "waived_until": pl.Date}


def closed_points(
    points: pl.DataFrame, files: pl.DataFrame, copies: pl.DataFrame, waivers: tuple[Waiver, ...], measurements: pl.DataFrame, today: date
) -> pl.DataFrame:
    """`points` with the four columns; null where the point is open.

    `files`: the journal's; `copies`: corrected_copies.taking_place; `measurements`: identified, for waivers that name a unit or an area.
    """
    is_latest = pl.col("is_present") | (
        ~pl.col("is_present").any().over("path") & (pl.col("received_at") == pl.col("received_at").max().over("path"))
    )
    about = files.select(
        "file_id", "is_withdrawn", is_replaced=~is_latest, is_corrected=pl.col("file_id").is_in(copies["file_id"].unique().to_list())
    )
    silenced = _waived(points.filter(pl.col("file_id") != DECISIONS), tuple(w for w in waivers if w.expires >= today), measurements)
    reason = (
        pl.when("is_withdrawn")
        .then(pl.lit("withdrawn"))
        .when("is_corrected")
        .then(pl.lit("corrected"))
        .when("is_replaced")
        .then(pl.lit("replaced"))
        .when(pl.col("waived_until").is_not_null())
        .then(pl.lit("waived"))
    )
    joined = points.join(about, on="file_id", how="left", maintain_order="left").join(silenced, on="rejection_id", how="left", maintain_order="left")
    return joined.with_columns(closed_reason=reason).drop("is_withdrawn", "is_replaced", "is_corrected")


def _waived(points: pl.DataFrame, live: tuple[Waiver, ...], measurements: pl.DataFrame) -> pl.DataFrame:
    """(rejection_id, reason, owner, expiry) of each silenced point; of several waivers the one that holds longest."""
    found: dict[str, Waiver] = {}
    for waiver in sorted(live, key=lambda w: (w.expires, w.source)):
        exactly = [pl.col("path" if name == "file" else name) == value for name in ("file", "sheet", "cell") if (value := getattr(waiver, name))]
        meant = points.filter(pl.col("rule") == waiver.rule, *exactly)
        whose = _whose(meant, measurements) if waiver.unit or waiver.area else {}
        for id_ in meant["rejection_id"]:
            if all(name_key(name) in whose[id_] for name in (waiver.unit, waiver.area) if name):
                found[id_] = waiver
    rows: list[tuple[Any, ...]] = [(id_, w.reason, w.owner, w.expires) for id_, w in found.items()]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _whose(points: pl.DataFrame, measurements: pl.DataFrame) -> dict[str, set[str]]:
    """rejection_id → keys of the names its row speaks of; a row without numbers is its sheet's reporter's."""
    of_sheet: dict[tuple[str, str], set[str]] = defaultdict(set)
    of_row: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    near = measurements.join(points.select("file_id", "sheet").unique(), on=["file_id", "sheet"], how="semi")
    named = near.select("file_id", "sheet", "cell", "subject", "reporter", "place").unique().iter_rows()
    for file_id, sheet, cell, subject, reporter, place in named:
        of_sheet[file_id, sheet] |= {name_key(reporter)} if reporter else set()
        of_row[file_id, sheet, _row(cell)] |= {name_key(name) for name in (subject, reporter, place) if name}
    rows = points.select("rejection_id", "file_id", "sheet", "cell").iter_rows()
    return {id_: of_row.get((file_id, sheet, _row(cell))) or of_sheet[file_id, sheet] for id_, file_id, sheet, cell in rows}


def _row(cell: str) -> str:
    return re.sub(r"^[A-Z]+", "", cell)
