"""A small office for whole runs: a root in a temporary folder, sheets dropped into it, and the real job run over it.

Here: what the user stories share. Not here: assertions. All names and numbers are fictional.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl

from pipeline.defs.automation import JOB_NAME
from pipeline.defs.instance import open_instance
from pipeline.settings import Places
from pipeline.warehouse import open_published
from tests.support.roots import new_root
from tests.support.workbooks import write_xlsx

HEADER = (
    ("单位", "线下宣传", None, None, "宣传活动", None),
    (None, "发放宣传单（份）", "悬挂横幅（条）", "LED屏（块）", "场次（场）", "参与人数（人）"),
)
MERGES = ("A1:F1", "A3:A4", "B3:D3", "E3:F3")
MONDAY = date(2023, 5, 15)
WEEK = {"城关派出所": ("4万", 32, 18, 5, "近500人"), "东关派出所": (3200, "15条", 9, 3, 260)}
"""A usual week of two stations, for `drop`."""

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@dataclass
class Office:
    """One root. `run` runs the real job in a real Dagster instance; `published` asks the published warehouse."""

    places: Places

    def drop(self, path: str, rows: Mapping[str, Sequence[object]], monday: date, *, title: str = "反诈宣传周统计表") -> Path:
        """A weekly tally of one week: subject → leaflets, banners, screens, talks, attendance."""
        sunday = monday + timedelta(days=6)
        period = f"统计时间：{monday.year}年{monday.month}月{monday.day}日—{sunday.month}月{sunday.day}日"
        table = [[title], [period], *HEADER, *([name, *values] for name, values in rows.items())]
        return write_xlsx(self.places.raw / path, {"周报": table}, merges=MERGES)

    def register(self, path: str, rows: Sequence[Sequence[object]], heading: Sequence[str], title: str) -> Path:
        return write_xlsx(self.places.raw / path, {title[:20]: [[title], list(heading), *rows]})

    def settings(self, text: str) -> None:
        (self.places.root / "outreach.toml").write_text(text, encoding="utf-8")

    def run(self) -> dg.ExecuteInProcessResult:
        """The whole job, as schedule, sensor and terminal run it."""
        from pipeline.definitions import defs

        with open_instance(self.places) as instance:
            return defs().resolve_job_def(JOB_NAME).execute_in_process(instance=instance, raise_on_error=False, run_config=QUIET)

    def published(self, sql: str) -> pl.DataFrame:
        with open_published(self.places) as published:
            return published.query(sql)

    def value(self, sql: str) -> Any:
        return self.published(sql).item()

    def standing(self) -> dict[tuple[str, str, str, str], float | None]:
        """(subject, channel, measure, start) → value of every number that stands."""
        rows = self.published('SELECT subject, channel, measure, "start"::VARCHAR, value FROM measurements WHERE stands').rows()
        return {(subject, channel, measure, start): value for subject, channel, measure, start, value in rows}


def new_office(root: Path) -> Office:
    """With the folder for what is handed in, and nothing in it."""
    return Office(new_root(root))


def page(office: Office) -> str:
    return (office.places.dashboards / "index.html").read_text(encoding="utf-8")


def materialized(result: dg.ExecuteInProcessResult) -> set[str]:
    """Asset keys a run wrote."""
    return {event.asset_key.to_user_string() for event in result.get_asset_materialization_events() if event.asset_key}
