"""本数怎么来的: for every published number the cells it was made of.

Here: which cells contribute to a metric of an area and period, the largest of them for the panel, all of them for the CSV. Not here: how
the number was computed (measures), how the panel looks (html/panel.js).

The rows of a CSV reproduce the number: `counted` values of the area's rows in the period's weeks add up to it; for coverage the
communities' estimates weighted by `weight` do, for the on-time rate the reports on time ÷ due.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.measures import registry

from .csvs import encoded
from .district import District
from .model import Period, Text, say

TOP, TOP_SINGLE = 10, 5
HEADS = ("area", "week", "file", "sheet", "cell", "text", "value", "low", "high", "counted", "weight")


@dataclass(frozen=True)
class Store:
    """Cells of one metric: columns area (town or district id), place, week, path, sheet, cell, text, value, low, high, is_counted, weight."""

    metric: str
    cells: pl.DataFrame


def stores(district: District) -> list[Store]:
    return [Store("coverage", coverage_cells(district)), Store("contacts", contact_cells(district)), Store("cases", case_cells(district)),
            Store("prevented", loss_cells(district)), Store("on_time_rate", report_rows(district))]  # fmt: skip


def with_town(frame: pl.DataFrame, district: District) -> pl.DataFrame:
    towns = {area: district.town_of(area) for area in frame["area_id"].unique().to_list()}
    return frame.with_columns(town=pl.col("area_id").replace_strict(towns, default=district.top, return_dtype=pl.String))


def standing(district: District) -> pl.DataFrame:
    return district.frames["measurements"].filter("stands")


OCCASIONS = (
    ("contacts", "contacts", "人次"),
    ("talks", "attendance", "人次"),
    ("talks", "attendance", "人"),
    ("warnings", "phone_dissuasions", "人次"),
)
"""(channel, measure, unit) of the cells that gross contacts are made of."""


def contact_cells(district: District) -> pl.DataFrame:
    """Stated contacts; in an area and week without them the channels that count person-occasions. Rule: measures/sql/gross_contacts.sql."""
    counted = pl.any_horizontal(*((pl.col("channel") == c) & (pl.col("measure") == m) & (pl.col("unit") == u) for c, m, u in OCCASIONS))
    cells = standing(district).filter(counted, pl.col("kind") == "flow", pl.col("week").is_not_null())
    is_total = pl.col("channel") == "contacts"
    stated = (is_total & (pl.col("precision") != "missing")).any().over("area_id", "week")
    kept = with_town(cells.filter(is_total == stated), district)
    return kept.select(
        "town", "area_id", "week", "path", "sheet", "cell", "text", "value", "low", "high", is_counted=pl.lit(True), weight=pl.lit(1.0)
    )


def loss_cells(district: District) -> pl.DataFrame:
    """Every leg of every event; only the counted leg of an event is its amount."""
    cells = district.frames["measurements"].select("measurement_id", "path", "sheet", "cell", "text")
    events = district.frames["events"].select("event_id", pl.col("town_id").alias("town"), "area_id", "week")
    legs = (
        district.frames["event_legs"]
        .filter(pl.col("grade").is_not_null())
        .join(cells, on="measurement_id")
        .join(events, on="event_id")
        .filter(pl.col("week").is_not_null())
    )
    return legs.select("town", "area_id", "week", "path", "sheet", "cell", "text", "value", "low", "high", "is_counted", weight=pl.lit(1.0))


def case_cells(district: District) -> pl.DataFrame:
    """One row an event: the cell of its counted leg, else of its first; `weight` is its number of cases."""
    cells = district.frames["measurements"].select("measurement_id", "path", "sheet", "cell", "text")
    events = (
        district.frames["events"]
        .filter(pl.col("week").is_not_null())
        .select("event_id", pl.col("town_id").alias("town"), "area_id", "week", "n_cases")
    )
    legs = (
        district.frames["event_legs"]
        .join(cells, on="measurement_id")
        .sort("event_id", "is_counted", "measurement_id", descending=[False, True, False])
        .unique("event_id", keep="first")
    )
    found = events.join(legs.select("event_id", "path", "sheet", "cell", "text"), on="event_id", how="left").with_columns(
        pl.col("n_cases").cast(pl.Float64).alias("n")
    )
    return found.select(
        "town", "area_id", "week", "path", "sheet", "cell", "text", value="n", low="n", high="n", is_counted=pl.lit(True), weight=pl.lit(1.0)
    )


def coverage_cells(district: District) -> pl.DataFrame:
    """One row a community: its estimate and, as the cell, where its residents were read."""
    areas = (
        district.frames["areas"]
        .filter(level="community")
        .select(
            "area_id",
            pl.col("population_path").alias("path"),
            pl.col("population_sheet").alias("sheet"),
            pl.col("population_cell").alias("cell"),
            "residents",
        )
    )
    rows = district.frames["coverage"].filter(audience="all").join(areas.drop("residents"), on="area_id")
    known = rows.filter(pl.col("estimate").is_not_null()).with_columns(text=pl.col("residents").cast(pl.Int64).cast(pl.String))
    return with_town(known, district).select(
        "town",
        "area_id",
        "week",
        "path",
        "sheet",
        "cell",
        "text",
        pl.col("estimate").alias("value"),
        "low",
        "high",
        is_counted=pl.lit(True),
        weight=pl.col("base_residents"),
    )


def report_rows(district: District) -> pl.DataFrame:
    """One row a report due: 1 when it came on time, with the file it came in."""
    files = (
        district.frames["submissions"].select("submission_id", "path", "sheet")
        if "submissions" in district.frames
        else pl.DataFrame(schema={"submission_id": pl.String, "path": pl.String, "sheet": pl.String})
    )
    rows = district.frames["report_status"].filter(~pl.col("status").is_in(["not_due", "waived"])).join(files, on="submission_id", how="left")
    on_time = pl.col("status").is_in(["on_time", "zero_report"]).cast(pl.Float64)
    return with_town(rows, district).select(
        "town",
        "area_id",
        "week",
        "path",
        "sheet",
        cell=pl.lit(None, dtype=pl.String),
        text="status",
        value=on_time,
        low=on_time,
        high=on_time,
        is_counted=pl.lit(True),
        weight=pl.lit(1.0),
    )


# -- the panel's data -------------------------------------------------------------------------------------------------
def within(store: Store, district: District, area: str, period: Period) -> pl.DataFrame:
    """Cells of one published number. Coverage is that of the window at the period's end."""
    first = period.last if store.metric == "coverage" else period.first
    rows = store.cells.filter(pl.col("week").is_between(first, period.last))
    return rows if area == district.top else rows.filter(pl.col("town") == area)


def panel(store: Store, district: District, periods: Iterable[Period], top: int) -> dict[str, Any]:
    """What the panel shows for every area and the given periods: {files, formula, bounds, views: {scope: {value, records, rows}}}."""
    files: dict[str, int] = {}
    views = {}
    for period in periods:
        for area in district.scopes:
            views[f"{area}|{period.id}"] = view(store, district, area, period, files, top)
    return {
        "files": list(files),
        "formula": [(entry := registry.describing(store.metric)).formula_zh, entry.formula_en],
        "bounds": BOUNDS[store.metric],
        "views": views,
    }


def view(store: Store, district: District, area: str, period: Period, files: dict[str, int], top: int) -> dict[str, Any]:
    kpi = district.kpi.get((store.metric, area, period.id))
    rows = within(store, district, area, period)
    size = pl.max_horizontal(pl.col("value").fill_null(0), pl.col("high").fill_null(0)) * pl.col("weight").fill_null(0)
    largest = rows.sort("is_counted", size, "path", "cell", descending=[True, True, False, False], nulls_last=True).head(top)
    total = float((rows.filter("is_counted")["value"].fill_null(0) * rows.filter("is_counted")["weight"].fill_null(0)).sum()) if rows.height else 0.0
    listed = []
    for row in largest.iter_rows(named=True):
        share = (row["value"] or 0) * (row["weight"] or 0) / total if total and row["is_counted"] else None
        listed.append(
            [
                files.setdefault(row["path"] or "—", len(files)),
                row["sheet"] or "",
                row["cell"] or "",
                row["text"] or "",
                row["value"],
                row["low"],
                row["high"],
                share,
            ]
        )
    return {
        "value": value_text(store.metric, kpi),
        "records": records_text(rows, kpi),
        "provisional": bool(kpi and kpi["is_provisional"]),
        "rows": listed,
    }


KINDS = {"coverage": "pct", "contacts": "count", "cases": "n", "prevented": "money", "on_time_rate": "pct"}


def value_text(metric: str, kpi: Mapping[str, Any] | None) -> Text:
    if kpi is None or kpi["value"] is None:
        return say("value.none")
    key = f"panel.{KINDS[metric]}"
    if kpi["low"] is None or kpi["low"] == kpi["high"]:
        return say(key, x=kpi["value"])
    return (*say(key, x=kpi["value"]), *say(f"{key}_range", low=kpi["low"], high=kpi["high"]))


def records_text(rows: pl.DataFrame, kpi: Mapping[str, Any] | None) -> Text:
    return say(
        "panel.records_text",
        n=rows.height,
        missing=int(rows["value"].is_null().sum()),
        **{"in": kpi["reports_in"] or 0 if kpi else 0, "due": kpi["reports_due"] or 0 if kpi else 0},
    )


def csv_of(store: Store) -> bytes:
    """All cells of a metric. Only coverage is told by community: counts there may be of one or two cases or persons, so the others name the
    town."""
    rows = store.cells.sort("week", "town", "area_id", "path", "cell", nulls_last=True)
    area = "area_id" if store.metric == "coverage" else "town"
    return encoded(HEADS, rows.select(area, "week", "path", "sheet", "cell", "text", "value", "low", "high", "is_counted", "weight").iter_rows())


BOUNDS = {
    "coverage": (
        "下界：各渠道触达人群完全重叠；上界：互不重叠，不超过 100%",
        "low: channels reach the same people; high: different people, at most 100%",
    ),
    "contacts": ("约数（如 2万余、近500人）按其上下界相加", "approximate figures enter with their bounds"),
    "cases": ("按登记起数，无区间", "as registered, no range"),
    "prevented": (
        "约数和区间按上下界相加；“数十万元”只进区间；金额不详不估计",
        "approximate amounts and ranges enter with their bounds; vague ones only there; unknown amounts are not estimated",
    ),
    "on_time_rate": ("无区间", "no range"),
}
