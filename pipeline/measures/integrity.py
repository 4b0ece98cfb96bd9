"""What somebody should look at: questions to the unit, with the cells named. Nothing is dropped, nobody is accused.

Here: table `issues`, from what the reader returned, doubtful events, places without a population. Not here: how a returned workbook
looks (intake/returned.py).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

import polars as pl

from pipeline.settings import Settings
from pipeline.tables.base import table


def issues(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """Frames: rejections, areas, events, event_pairs."""
    parts = [_returned(frames["rejections"]), _doubtful(frames["events"]), _without_population(frames["areas"])]
    schema = {name: dtype for name, dtype in table("issues").polars_schema.items() if name != "issue_id"}
    empty = pl.DataFrame(schema=schema)
    found = pl.concat([empty, *parts], how="diagonal_relaxed").unique(maintain_order=True)
    identity = found.select(pl.concat_str("rule", "area_id", "week", "path", "sheet", "cell", "zh", separator="|", ignore_nulls=True)).to_series()
    return (
        found.with_columns(issue_id=pl.Series([hashlib.sha256(text.encode()).hexdigest()[:12] for text in identity], dtype=pl.String))
        .unique("issue_id", keep="first", maintain_order=True)
        .sort("severity", "rule", "path", "sheet", "cell", "issue_id")
    )


def _returned(rejections: pl.DataFrame) -> pl.DataFrame:
    return rejections.filter(pl.col("severity") != "note").select("severity", "rule", "path", "sheet", "cell", zh="message", en="message_en")


def _doubtful(events: pl.DataFrame) -> pl.DataFrame:
    return events.filter("is_doubtful").select(
        "area_id", "week", severity=pl.lit("warning"), rule=pl.lit("events_are_told_apart"),
        zh=pl.format("疑似同一事件：{}（{}）与 {} 可能是同一起，请核对后在 data/decisions/same_events 中裁定；裁定前按两起计，下界不计此起。",
                     "event_id", "first_date", "doubtful_with"),
        en=pl.format("Possibly one event: {} ({}) and {}. Decide in data/decisions/same_events; until then both count, without this one in low.",
                     "event_id", "first_date", "doubtful_with"),
    )  # fmt: skip


def _without_population(areas: pl.DataFrame) -> pl.DataFrame:
    return areas.filter(pl.col("residents").is_null()).select(
        "area_id", severity=pl.lit("note"), rule=pl.lit("areas_have_a_population"),
        zh=pl.format("{} 无常住人口：只显示数量，不算比率。请在辖区登记表中补充。", "zh"),
        en=pl.format("{} has no population: counts are shown, rates are not. Add it to the areas register.", "zh"),
    )  # fmt: skip
