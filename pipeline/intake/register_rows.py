"""The rows of registers as they were read: fields by name, each with its cell, the oldest register first.

Here: entries → rows, dates in them, points at their cells. Not here: what rows of several registers together say (area_register.py,
unit_register.py).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from pipeline.intake.findings import finding
from pipeline.intake.period import Period, read_period
from pipeline.tables.base import table


@dataclass
class Row:
    """One row of a register: field → (text, cell), and where it stands."""

    fields: dict[str, tuple[str, str]]
    file_id: str
    path: str
    sheet: str

    def text(self, *names: str) -> str:
        """The first of these fields that says something, else ''."""
        return next((self.fields[n][0].strip() for n in names if n in self.fields and self.fields[n][0].strip()), "")

    def cell(self, *names: str) -> str:
        return next((self.fields[n][1] for n in names if n in self.fields), "")


def with_years(entries: pl.DataFrame, measurements: pl.DataFrame) -> pl.DataFrame:
    """Entries with the field `year` added where only the sheet's own period says of which year its people are."""
    place = ["file_id", "sheet", "record_id"]
    stated = entries.filter(pl.col("field") == "year").select(place)
    years = measurements.filter(pl.col("channel") == "population").group_by(place).agg(text=pl.col("end").max().dt.year().cast(pl.String))
    rows = entries.filter(pl.col("form") == "areas").unique(place, keep="first", maintain_order=True)
    added = rows.join(stated, on=place, how="anti").drop("text").join(years, on=place).with_columns(field=pl.lit("year"))
    return pl.concat([entries, added.select(entries.columns)])


def register_rows(entries: pl.DataFrame) -> dict[str, list[Row]]:
    """Rows by form, the oldest register first, in the order of the sheet."""
    ordered = entries.sort(pl.col("known_at").fill_null(pl.col("received_at").dt.date()), "received_at", "path", "position", maintain_order=True)
    rows: dict[str, list[Row]] = defaultdict(list)
    for key, cells in ordered.group_by("form", "file_id", "path", "sheet", "position", maintain_order=True):
        form, file_id, path, sheet, _ = map(str, key)
        fields = {name.rpartition(".")[2]: (text, cell) for name, text, cell in cells.select("field", "text", "cell").iter_rows()}
        rows[form].append(Row(fields, file_id, path, sheet))
    return rows


def read_date(text: str) -> Period | None:
    return read_period(text) if text else None


def read_day(row: Row, name: str, findings: list[dict[str, Any]]) -> date | None:
    text = row.text(name)
    period = read_date(text)
    if text and period is None:
        findings.append(unreadable(row, name, text, "日期（如 2024-07-01）", "a date"))
    if period is None:
        return None
    return period.end if name == "valid_to" else period.start


def unreadable(row: Row, name: str, text: str, expected_zh: str, expected_en: str) -> dict[str, Any]:
    zh = f"“{text}”读不出{expected_zh}，该项未采用，请改写。"
    return point_at(row, "register_fields_are_readable", "error", zh, f"{text!r} is not {expected_en}; the field was left out.", name, text)


def point_at(row: Row, rule: str, severity: str, zh: str, en: str, name: str, text: str) -> dict[str, Any]:
    return finding(rule, severity, zh, en, file_id=row.file_id, path=row.path, sheet=row.sheet, cell=row.cell(name), text=text)


def framed(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table(name).polars_schema, orient="row")
