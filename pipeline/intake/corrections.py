"""Corrections (data/decisions/corrections) put into the numbers they name, and said aloud where they no longer apply.

Here: finding the cell, comparing it with what the decision expects, the new number. Not here: loading decisions (pipeline/decisions.py),
which of several numbers stands (superseding.py, after this: a corrected number competes like any other).
"""

from __future__ import annotations

import unicodedata
from typing import Any

import polars as pl

from pipeline.decisions import Correction
from pipeline.forms.catalogue import catalogue
from pipeline.intake.findings import DECISIONS, finding
from pipeline.intake.quantity import Quantity, read_quantity

RULE = "corrections_find_what_they_expect"


def correct(measurements: pl.DataFrame, corrections: tuple[Correction, ...]) -> tuple[pl.DataFrame, list[dict[str, Any]]]:
    """(measurements with corrected value, low, high, precision, reason; one error per correction that no longer applies).

    A correction holds for every content of its file in which the cell is as expected; it fails when the latest content's is not.
    `text` stays what was handed in.
    """
    findings: list[dict[str, Any]] = []
    changes: list[dict[str, Any]] = []
    frame = measurements.with_row_index("row")
    for correction in corrections:
        found, fault = _apply(frame, correction)
        changes += found
        if fault:
            findings.append(fault)
    if not changes:
        return measurements, findings
    columns = ("value", "low", "high", "precision", "reason")
    schema: dict[str, Any] = {"row": pl.UInt32, **{f"new_{n}": measurements.schema[n] for n in columns}}
    update = pl.DataFrame(changes, schema=schema, orient="row").unique("row", keep="last", maintain_order=True)
    joined = frame.join(update, on="row", how="left", maintain_order="left")
    changed = pl.col("new_precision").is_not_null()
    corrected = joined.with_columns(pl.when(changed).then(f"new_{n}").otherwise(n).alias(n) for n in columns)
    return corrected.drop("row", *(f"new_{n}" for n in columns)), findings


def _apply(frame: pl.DataFrame, correction: Correction) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """(changes, the fault if it does not apply to the latest content of its file)."""
    contents = frame.filter(pl.col("path") == correction.file)
    cells = contents.filter((pl.col("sheet") == correction.sheet) & (pl.col("cell") == correction.cell))
    if correction.measure:
        cells = cells.filter(pl.format("{}.{}", "channel", "measure") == correction.measure)
    expected = [_is_same(text, correction.expected) for text in cells["text"]]
    meant = cells.filter(pl.Series(expected, dtype=pl.Boolean))
    latest = contents.sort("received_at")["file_id"].to_list()[-1:]
    current = cells.filter(pl.col("file_id").is_in(latest))
    if current.is_empty():
        return [], _fault(correction, "文件、工作表或单元格中没有数", "no number is read from this file, sheet and cell")
    if not meant["file_id"].is_in(latest).any():
        seen = "、".join(sorted(set(current["text"])))
        return [], _fault(correction, f"现在写的是“{seen}”，不是“{correction.expected}”", f"it now says {seen!r}, not {correction.expected!r}")
    if current.height > 1:
        measures = "、".join(f"{c}.{m}" for c, m in current.select("channel", "measure").iter_rows())
        zh, en = f"该单元格有多个数（{measures}），请用 measure 指明", f"the cell holds several numbers ({measures}); name one by `measure`"
        return [], _fault(correction, zh, en)
    unit, code = current["unit"][0], f"{current['channel'][0]}.{current['measure'][0]}"
    quantity = _new(correction, unit, code)
    if quantity is None:
        zh, en = f"新值“{correction.new}”读不出以{unit}为单位的数", f"new value {correction.new!r} is no number in {unit}"
        return [], _fault(correction, zh, en)
    change = {"new_value": quantity.value, "new_low": quantity.low, "new_high": quantity.high, "new_precision": quantity.precision}
    return [{"row": row, **change, "new_reason": "corrected"} for row in meant["row"]], None


def _new(correction: Correction, unit: str, code: str) -> Quantity | None:
    """The new number in the cell's unit; a quantity without a number for `new: null`; None when it cannot be read."""
    if correction.new is None:
        return Quantity(None, None, None, unit, "missing", "corrected")
    quantity = read_quantity(correction.new, unit)
    same_thing = {None, unit}
    if code in catalogue().measures:
        measure = catalogue().measures[code]
        same_thing |= {measure.unit, *measure.units} if unit == measure.unit else set()
    return None if quantity.is_missing or quantity.unit not in same_thing else quantity


def _is_same(text: str | None, expected: str | float) -> bool:
    """Equal as text without spaces and width, or equal as numbers (1200 and 1200.0)."""
    seen, wanted = (unicodedata.normalize("NFKC", str(part)).replace(" ", "").replace(",", "") for part in (text or "", expected))
    try:
        return seen == wanted or float(seen) == float(wanted)
    except ValueError:
        return False


def _fault(correction: Correction, zh: str, en: str) -> dict[str, Any]:
    place = f"{correction.file}›{correction.sheet}›{correction.cell}"
    return finding(
        RULE,
        "error",
        f"更正 {correction.source}（{place}）不再适用：{zh}。请修改或删除这条更正。",
        f"Correction {correction.source} ({place}) does not apply: {en}. Change or delete it.",
        file_id=DECISIONS,
        path=f"decisions/{correction.source}",
        text=str(correction.expected),
    )
