"""Every indicator described once: names, formula, unit, additivity, caveat, version; for comments, footnotes and the glossary.

Here: indicators.yaml as data, and which entry describes a metric code. Not here: the formulas as code (the modules beside this one),
names of channels (forms/channels.yaml).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import polars as pl

from pipeline.data_files import read_yaml
from pipeline.settings import Settings
from pipeline.tables.base import table


@dataclass(frozen=True, slots=True)
class Indicator:
    """One indicator. `unit` is "1" for shares; `over_time`, `over_units`: may values be added? `since`: first day of this version."""

    code: str
    zh: str
    en: str
    unit: str
    over_time: bool
    over_units: bool
    version: int
    formula_zh: str
    formula_en: str
    caveat_zh: str
    caveat_en: str
    since: date | None = None


@cache
def indicators() -> Mapping[str, Indicator]:
    """All indicators by code, in the order of the file."""
    entries = read_yaml(Path(__file__).with_name("indicators.yaml"))
    return {code: Indicator(code=code, **entry) for code, entry in entries.items()}


def describing(metric: str, kind: str = "count") -> Indicator:
    """The indicator that describes a metric of `kpis` or `weekly_series`; `kind` tells a stock of a channel (level) from a flow."""
    known = indicators()
    if metric in known:
        return known[metric]
    head = metric.partition(".")[0]
    if head == "coverage":
        return known["coverage.group"]
    if head == "contacts":
        return known["contacts.channel"]
    return known["channel.stock" if kind == "level" else "channel.flow"]


def definition_breaks() -> pl.DataFrame:
    """(code, since) of indicators whose present definition is not their first: comparisons of them do not cross that day."""
    changed = [(i.code, i.since) for i in indicators().values() if i.version > 1 and i.since]
    return pl.DataFrame(changed, schema={"code": pl.String, "since": pl.Date}, orient="row")


def indicator_table(frames: Mapping[str, pl.DataFrame], settings: Settings, clock: datetime) -> pl.DataFrame:
    """The `indicators` table: the registry as rows, for the glossary."""
    spec = table("indicators")
    return pl.DataFrame([asdict(i) for i in indicators().values()], schema_overrides=spec.polars_schema).select(list(spec.polars_schema))
