"""What somebody should look at: questions to the unit, with the cells named. Nothing is dropped, nobody is accused.

Here: table `issues`, put together from what the reader returned, what cannot be (feasibility.py), what is odd (slips.py, unusual.py), doubtful
events, places without a population; waived findings stay, marked; points for returned workbooks. Not here: how a returned workbook looks
(intake/returned.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

import polars as pl

from pipeline.measures import feasibility, slips, typed_changes, unusual
from pipeline.measures.sql import sql_text
from pipeline.settings import Settings
from pipeline.tables.base import table

CANDIDATES = ("slips", "copies", "twin_rows", "last_digits", "outliers", "saturated", "event_cells", "impossible_dates", "returned_beyond_frozen",
              "joint_activities", "typed_changes")  # fmt: skip
"""SELECTs of sql/ that find what is looked at closely here."""
SLIP_RULES = (
    "unit_is_the_usual_one",
    "digits_are_as_usual",
    "numbers_are_of_this_period",
    "units_report_their_own_numbers",
    "activities_are_told_once",
)
CONFIRMED_ZH, CONFIRMED_EN = "【已确认无误：{}，{}，至{}】{}", "[confirmed: {}, {}, until {}] {}"
"""Reason, owner, last day, and what was found."""


def queries(settings: Settings) -> dict[str, str]:
    """SELECTs of the candidates of every check, by frame name."""
    named = {name: sql_text(name) for name in CANDIDATES}
    return {"breaches": feasibility.sql(), **named}


def issues(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """Frames: rejections, areas, units, events, decided_waivers, decided_activities and those of `queries`. Ids are stable: the same finding
    keeps its id."""
    parts = [
        _returned(frames["rejections"]),
        feasibility.findings(frames["breaches"]),
        feasibility.impossible_dates(frames["impossible_dates"]),
        feasibility.returned_beyond_frozen(frames["returned_beyond_frozen"]),
        slips.slips(frames["slips"]),
        slips.copies(frames["copies"]),
        slips.twin_rows(frames["twin_rows"]),
        slips.joint_activities(frames["joint_activities"], frames["decided_activities"]),
        slips.heaping(frames["last_digits"]),
        unusual.outliers(frames["outliers"]),
        unusual.saturated(frames["saturated"]),
        typed_changes.differing(frames["typed_changes"]),
        _doubtful(frames["events"], frames["event_cells"]),
        _without_population(frames["areas"]),
    ]
    schema = {name: dtype for name, dtype in table("issues").polars_schema.items() if name != "issue_id"}
    found = pl.concat([pl.DataFrame(schema=schema), *parts], how="diagonal_relaxed").select(list(schema))
    identity = found.select(pl.concat_str("rule", "area_id", "week", "path", "sheet", "cell", "zh", separator="|", ignore_nulls=True)).to_series()
    ids = pl.Series("issue_id", [hashlib.sha256(text.encode()).hexdigest()[:12] for text in identity], dtype=pl.String)
    named = found.with_columns(ids).unique("issue_id", keep="first", maintain_order=True)
    return _waived(named, frames, clock).sort("severity", "rule", "path", "sheet", "cell", "issue_id", nulls_last=True)


def points(issues: pl.DataFrame, files: pl.DataFrame) -> pl.DataFrame:
    """Findings that name a cell of a present file, as rows of `rejections`, for the returned workbook. Files: file_id, path, is_present.

    Confirmed findings (now notes) are not asked again.
    """
    rules = [*(rule.rule for rule in feasibility.rules()), *feasibility.OTHER_RULES, *SLIP_RULES, typed_changes.RULE]
    own = issues.filter(pl.col("rule").is_in(rules), pl.col("cell").is_not_null(), pl.col("severity") != "note")
    return own.join(files.filter("is_present").select("file_id", "path"), on="path").select(
        "file_id", "path", "sheet", "cell", "severity", "rule", rejection_id="p" + pl.col("issue_id"), message="zh", message_en="en",
        text=pl.lit(None, dtype=pl.String), suggestion=pl.lit(None, dtype=pl.String),
    )  # fmt: skip


def _waived(found: pl.DataFrame, frames: Mapping[str, pl.DataFrame], clock: datetime) -> pl.DataFrame:
    """Findings somebody confirmed as true become notes that say who, why and until when; an expired waiver silences nothing.

    A waiver holds for its rule and every place it names: file, sheet, cell, and the area (a unit stands for the area it serves).
    """
    homes = [frames[name].select(name="zh", home="area_id") for name in ("areas", "units")]
    names = pl.concat(homes).unique("name", keep="first", maintain_order=True)
    valid = frames["decided_waivers"].filter(pl.col("expires") >= clock.date()).with_columns(name=pl.coalesce("unit", "area"))
    valid = valid.join(names, on="name", how="left")
    open_still = found.filter(~pl.col("zh").str.starts_with(CONFIRMED_ZH[:6]))
    pairs = open_still.select("issue_id", "rule", "path", "sheet", "cell", "area_id").join(valid.select(
        "rule", "reason", "owner", "expires", "name", "home", w_path="path", w_sheet="sheet", w_cell="cell"), on="rule")  # fmt: skip
    matched = pairs.filter(
        *((pl.col(f"w_{name}").is_null() | (pl.col(f"w_{name}") == pl.col(name))) for name in ("path", "sheet", "cell")),
        pl.col("name").is_null() | (pl.col("home") == pl.col("area_id")),
    ).unique("issue_id", keep="first", maintain_order=True)
    marked = found.join(matched.select("issue_id", "reason", "owner", "expires"), on="issue_id", how="left")
    is_waived = pl.col("reason").is_not_null()
    return marked.with_columns(
        severity=pl.when(is_waived).then(pl.lit("note")).otherwise("severity"),
        zh=pl.when(is_waived).then(pl.format(CONFIRMED_ZH, "reason", "owner", "expires", "zh")).otherwise("zh"),
        en=pl.when(is_waived).then(pl.format(CONFIRMED_EN, "reason", "owner", "expires", "en")).otherwise("en"),
    ).drop("reason", "owner", "expires")


def _returned(rejections: pl.DataFrame) -> pl.DataFrame:
    """Open points, and confirmed ones as notes. Points of contents that were replaced, corrected or withdrawn are nobody's question any more."""
    is_waived = (pl.col("closed_reason") == "waived").fill_null(False)
    asked = rejections.filter(pl.col("severity") != "note", pl.col("closed_reason").is_null() | is_waived)
    why = [pl.col(name).cast(pl.String) for name in ("waived_because", "waived_by", "waived_until")]
    return asked.select(
        "rule", "path", "sheet", "cell", severity=pl.when(is_waived).then(pl.lit("note")).otherwise("severity"),
        zh=pl.when(is_waived).then(pl.format(CONFIRMED_ZH, *why, "message")).otherwise("message"),
        en=pl.when(is_waived).then(pl.format(CONFIRMED_EN, *why, "message_en")).otherwise("message_en"),
    )  # fmt: skip


def _doubtful(events: pl.DataFrame, cells: pl.DataFrame) -> pl.DataFrame:
    """Events that wait for a decision, with the cells of both: a decision names them."""
    twins = cells.select(doubtful_with="event_id", twin=pl.format("{}›{}›{}", "path", "sheet", "cell"))
    return events.filter("is_doubtful").join(cells, on="event_id", how="left").join(twins, on="doubtful_with", how="left").select(
        "area_id", "week", "path", "sheet", "cell", severity=pl.lit("warning"), rule=pl.lit("events_are_told_apart"),
        zh=pl.format("疑似同一事件：{}（{}，{}›{}›{}）与 {}（{}）可能是同一起，请核对后在 data/decisions/same_events "
                     "中裁定；裁定前按两起计，下界不计此起。",
                     "event_id", "first_date", "path", "sheet", "cell", "doubtful_with", "twin"),
        en=pl.format("Possibly one event: {} ({}, {}›{}›{}) and {} ({}). Decide in data/decisions/same_events; until then both count, without "
                     "this one in low.", "event_id", "first_date", "path", "sheet", "cell", "doubtful_with", "twin"),
    )  # fmt: skip


def _without_population(areas: pl.DataFrame) -> pl.DataFrame:
    return areas.filter(pl.col("residents").is_null()).select(
        "area_id", severity=pl.lit("note"), rule=pl.lit("areas_have_a_population"),
        zh=pl.format("{} 无常住人口：只显示数量，不算比率。请在辖区登记表中补充。", "zh"),
        en=pl.format("{} has no population: counts are shown, rates are not. Add it to the areas register.", "zh"),
    )  # fmt: skip
