"""The chain of measures: which table follows from which, each as one SELECT or one function on small frames.

Here: the steps in dependency order, and how one step is run. Not here: formulas (the modules beside this one), who runs the chain and
writes its tables (defs/, cli.py): they hand over a way to query and get frames or SQL text back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import polars as pl

from pipeline.measures import (
    awareness,
    calendar,
    comparing_units,
    coverage,
    effects,
    integrity,
    kpis,
    ledger,
    losses,
    matching,
    months,
    registry,
    reporting,
    revisions,
    series,
)
from pipeline.measures.sql import sql_text
from pipeline.settings import Settings
from pipeline.tables.base import table

Frames = Mapping[str, pl.DataFrame]
Function = Callable[[Frames, Settings, datetime], pl.DataFrame]
Queries = Callable[[Settings], Mapping[str, str]]


def _no_queries(_: Settings) -> Mapping[str, str]:
    return {}


@dataclass(frozen=True, slots=True)
class Step:
    """One table of measures. Exactly one of `sql` (the whole table as a SELECT) and `function` is set.

    `inputs` are the tables it depends on. A function gets as frames: `reads` whole, and under the names of `queries` the results of
    SELECTs (so that a large table never leaves the database whole); `given` are frames of the caller, decisions of people.
    """

    table: str
    inputs: tuple[str, ...]
    sql: str | None = None
    function: Function | None = None
    reads: tuple[str, ...] = ()
    queries: Queries = field(default=_no_queries)
    given: tuple[str, ...] = ()

    @property
    def is_view(self) -> bool:
        return table(self.table).is_view

    def selects(self, settings: Settings) -> dict[str, str]:
        """Frame name → SELECT, of everything the function needs from the database."""
        return {name: f'SELECT * FROM "{name}"' for name in self.reads} | dict(self.queries(settings))

    def rows(self, query: Callable[[str], pl.DataFrame], settings: Settings, clock: datetime, given: Frames) -> pl.DataFrame:
        """The table's rows. `query` runs a SELECT; `clock` is the run's moment with its time zone; `given` holds decided_* frames."""
        if self.function is None:
            return query(self.sql or "")
        frames = {name: query(text) for name, text in self.selects(settings).items()}
        return self.function(frames | {name: given[name] for name in self.given}, settings, clock)


def _sql(name: str, *inputs: str) -> Step:
    """A step by the SELECT of its own name; the table is a view where its description says so."""
    return Step(name, inputs, sql=sql_text(name))


def _call(
    table: str, function: Function, reads: tuple[str, ...], queries: Mapping[str, str] | Queries | None = None,
    large: tuple[str, ...] = (), given: tuple[str, ...] = (),
) -> Step:  # fmt: skip
    """A step by function: `reads` whole, `large` tables only through `queries`."""
    asked = queries if callable(queries) else (lambda _, fixed=queries or {}: fixed)
    return Step(table, tuple(dict.fromkeys((*reads, *large))), function=function, reads=reads, queries=asked, given=given)


CUBE = ("cube_numbers", "cube_series")
DATA_WEEKS = "SELECT min(week) AS first, max(week) AS last FROM measurements WHERE stands"
LEDGER_FORMS = "SELECT form FROM measurements GROUP BY form HAVING avg(is_ledger::INT) > 0.5"
LOSS_CELLS = {"loss_cells": sql_text("loss_cells")}
SURVEYS = {"survey_samples": sql_text("survey_samples")}
LOSS_RECORDS = {"loss_records": sql_text("loss_records")}
ROW_PAIRS = {"row_pairs": sql_text("row_pairs")}
LEVELS_AND_REPORTS = {"weekly_series": "SELECT * FROM weekly_series WHERE kind = 'level' OR starts_with(metric, 'reports.')"}
RECORDED_CASES = {"weekly_series": f"SELECT * FROM weekly_series WHERE metric = '{effects.OUTCOME}'"}

STEPS: tuple[Step, ...] = (
    _call("weeks", calendar.weeks, (), {"data_weeks": DATA_WEEKS}, large=("measurements",)),
    _sql("cube_series", "measurements"),
    _sql("cube_numbers", "measurements", "cube_series"),
    _sql("weekly_cube", *CUBE),
    _sql("period_cube", "measurements"),
    _sql("contacts", *CUBE),
    _call(
        "report_status", reporting.report_status, ("submissions", "units", "areas", "weeks"), {"ledger_forms": LEDGER_FORMS},
        large=("measurements",), given=("decided_waivers",),
    ),
    _call("place_activity", coverage.place_activity, ("areas", "weeks"), {"place_records": sql_text("place_records")}, large=("measurements",)),
    _call(
        "coverage", coverage.coverage, ("areas", "denominators", "weeks", "place_activity", "report_status"),
        lambda settings: {"numbers": coverage.numbers_sql(settings), **SURVEYS},
        large=(*CUBE, "measurements"),
    ),
    _call("awareness", awareness.awareness, (), SURVEYS, large=("measurements",)),
    _call("event_pairs", matching.pairs, ("areas",), LOSS_CELLS, large=("measurements",), given=("decided_same_events",)),
    _call("event_legs", ledger.event_legs, ("areas", "event_pairs"), LOSS_CELLS, large=("measurements",)),
    _call("events", ledger.events, ("areas", "event_pairs", "event_legs"), LOSS_CELLS, large=("measurements",)),
    _sql("loss_cube", "events"),
    _sql("leg_cube", "event_legs", "events"),
    _call("actual_losses", losses.actual_losses, ("weeks",), LOSS_RECORDS, large=("measurements",)),
    _call(
        "weekly_series", series.weekly_series, ("events", "actual_losses", "report_status", "weeks"),
        {name: sql_text(name) for name in ("gross_contacts", "channel_contacts", "cube_sums")},
        large=(*CUBE, "areas"),
    ),
    _call(
        "kpis", kpis.kpis, ("weekly_series", "weeks", "areas", "events", "campaigns", "report_status", "coverage", "place_activity"), ROW_PAIRS,
        large=("measurements",),
        given=("decided_approvals",),
    ),
    _call(
        "month_kpis", months.month_kpis, ("weeks", "areas", "events", "campaigns", "report_status"),
        {name: sql_text(name) for name in ("month_numbers", "month_levels")} | LOSS_RECORDS | ROW_PAIRS | LEVELS_AND_REPORTS,
        large=("weekly_series", "measurements", "period_cube"),
        given=("decided_approvals",),
    ),
    _call("campaign_effects", effects.campaign_effects, ("weeks", "campaigns", "areas"), RECORDED_CASES, large=("weekly_series",)),
    _call("event_cohorts", ledger.event_cohorts, ("event_legs", "events")),
    _call("unit_comparison", comparing_units.unit_comparison, ("kpis", "areas")),
    _call(
        "revisions", revisions.revisions, ("weekly_series", "coverage", "areas"), {"publications": sql_text("own_publications")},
        large=("publications", "source_files", "measurements"),
    ),
    _call(
        "revision_rates", revisions.revision_rates, ("revisions", "areas"),
        {"publications": sql_text("own_publications"), "periods": 'SELECT DISTINCT period, start, "end" FROM kpis'},
        large=("kpis", "publications", "source_files", "measurements"),
    ),
    _call("indicators", registry.indicator_table, ()),
    _call(
        "issues", integrity.issues, ("rejections", "areas", "units", "events"), integrity.queries,
        large=("measurements", "event_legs", "typed_changes", "source_files"),
        given=("decided_waivers", "decided_activities"),
    ),
)  # fmt: skip
"""Every step after the ones it depends on."""
