"""Rows that decisions name by one of their cells, and decisions whose rows are gone.

Here: numbers of such a row, the point about a row that is not there, decisions on same events (which change no number here: they join
records in measures/matching.py, and must find them). Not here: what joint activities change (joint_activities.py), loading decisions
(pipeline/decisions.py).
"""

from __future__ import annotations

from typing import Any

import polars as pl

from pipeline.decisions import Cell, SameActivity, SameEvent
from pipeline.intake.findings import finding

SAME_EVENTS = "same_events_find_their_rows"


def numbers_of_row(measurements: pl.DataFrame, cell: Cell) -> pl.DataFrame:
    """Those of `measurements` that stand in the row of `cell`."""
    row = pl.col("cell").str.extract(r"(\d+)$")
    return measurements.filter(pl.col("path") == cell.file, pl.col("sheet") == cell.sheet, row == cell.cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def missing_row(rule: str, decision: SameEvent | SameActivity, cell: Cell, zh: str, en: str) -> dict[str, Any]:
    """The error about a decision that does not apply. `zh` and `en`: what it decides, and which numbers the row was expected to have."""
    place = f"{cell.file}›{cell.sheet}›{cell.cell}"
    return finding(
        rule,
        "error",
        f"{zh.format(source=decision.source, place=place)}。请修改或删除这条裁定。",
        f"{en.format(source=decision.source, place=place)}. Change or delete it.",
        path=f"decisions/{decision.source}",
        text=place,
    )


def events_without_rows(measurements: pl.DataFrame, decisions: tuple[SameEvent, ...]) -> list[dict[str, Any]]:
    """One error a decision on same events that names a row in which no number of prevented losses stands; a lost number is one, 0 is none."""
    files = {cell.file for decision in decisions for cell in decision.cells}
    is_told = pl.col("stands") & (pl.col("channel") == "intercepted_losses") & ((pl.col("high") > 0) | pl.col("high").is_null())
    told = measurements.filter(is_told, pl.col("path").is_in(files))
    findings: list[dict[str, Any]] = []
    for decision in decisions:
        gone = next((cell for cell in decision.cells if numbers_of_row(told, cell).is_empty()), None)
        if gone:
            zh = "同一事件裁定 {source} 不再适用：{place} 所在行没有采用的劝阻止付数"
            en = "Decision {source} on a same event does not apply: no standing number of prevented losses is in the row of {place}"
            findings.append(missing_row(SAME_EVENTS, decision, gone, zh, en))
    return findings
