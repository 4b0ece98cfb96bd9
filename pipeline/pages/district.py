"""The warehouse frames as the pages look at them: areas in order, weeks, periods, and sums over a scope.

Here: look-ups and sums of additive counts, on arrays indexed by area and week. Not here: sums of prevented losses (amounts.py), any
indicator (it comes ready from `kpis` and `coverage`), any sentence (findings.py), any drawing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import polars as pl

from pipeline.data_files import read_yaml
from pipeline.forms import catalogue
from pipeline.measures import registry
from pipeline.measures.calendar import same_days_month_before, same_days_year_before
from pipeline.measures.comparison import LOW_REPORTING
from pipeline.measures.taxonomy import english
from pipeline.settings import Settings

from .amounts import ROW, SHOWN_WEEKS, Amounts
from .model import Period, say

T = TypeVar("T")
NO_DISTRICT = "district"
ALL = "all"
"""The audience of all residents."""
RECEIVED = ("on_time", "late", "partial", "zero_report")


@dataclass(frozen=True)
class District:
    """One build's frames. Areas are ids; weeks are Mondays; `at` gives a week's place in every array. `audience`: the group whose coverage
    is looked at (see groups.py)."""

    frames: Mapping[str, pl.DataFrame]
    settings: Settings
    audience: str = ALL

    # -- areas ----------------------------------------------------------------------------------------------------
    @cached_property
    def area(self) -> dict[str, ROW]:
        """Areas by id; without any register the district itself is still there, under its name from the settings."""
        found: dict[str, ROW] = {row["area_id"]: row for row in self.frames["areas"].sort("level", "position", "area_id").iter_rows(named=True)}
        if not any(row["level"] == "district" for row in found.values()):
            blank = dict.fromkeys(self.frames["areas"].columns)
            found[NO_DISTRICT] = blank | {"area_id": NO_DISTRICT, "level": "district", "zh": self.build.get("district_zh") or "本辖区", "position": 0}
        return found

    @cached_property
    def top(self) -> str:
        return next(a for a, row in self.area.items() if row["level"] == "district")

    @property
    def is_empty(self) -> bool:
        """No week, or no indicator over any period: there is nothing to draw."""
        return not self.weeks or not self.frames["kpis"].height

    @cached_property
    def towns(self) -> tuple[str, ...]:
        return tuple(a for a, row in self.area.items() if row["level"] == "town")

    @cached_property
    def scopes(self) -> tuple[str, ...]:
        """The areas a page can look at: the district, then its towns in administrative order."""
        return (self.top, *self.towns)

    @cached_property
    def communities(self) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[str]] = {town: [] for town in self.towns}
        for area, row in self.area.items():
            if row["level"] == "community" and row["parent_id"] in found:
                found[row["parent_id"]].append(area)
        return {town: tuple(areas) for town, areas in found.items()}

    def town_of(self, area: str) -> str:
        """The town an area belongs to; the district for the district itself and for areas of no town."""
        row = self.area.get(area)
        while row is not None and row["level"] == "community":
            row = self.area.get(row["parent_id"])
        return row["area_id"] if row is not None and row["level"] == "town" else self.top

    # -- words ----------------------------------------------------------------------------------------------------
    @cached_property
    def build(self) -> dict[str, str | None]:
        return dict(self.frames["build"].select("key", "value").iter_rows())

    @property
    def is_sample(self) -> bool:
        return self.build.get("is_sample") == "true"

    @cached_property
    def names(self) -> dict[str, tuple[str, str | None]]:
        """`area:`, `ch:`, `type:`, `way:`, `op:` + key → (zh, en or None)."""
        zh = self.build.get("district_zh") or self.area[self.top]["zh"]
        found = {f"area:{a}": (row["zh"], row["en"]) for a, row in self.area.items()}
        found[f"area:{self.top}"] = (zh, self.build.get("district_en") or self.area[self.top]["en"])
        channels = catalogue.catalogue().channels
        found |= {f"ch:{code}": both for code, both in channels.items()}
        found |= {f"op:{row['campaign_id']}": (row["zh"], row["en"]) for row in self.campaigns}
        for prefix, column in (("type", "fraud_type"), ("way", "way")):
            seen = {*self.frames["loss_cube"].filter(dimension=column)["category"].to_list(), *self.frames["events"][column].drop_nulls().to_list()}
            found |= {f"{prefix}:{word}": (word, english(column, word)) for word in seen}
        words = read_yaml(Path(__file__).with_name("words.yaml"))
        units = {*self.frames["kpis"]["unit"].unique().to_list(), ""}
        found |= {f"unit:{unit}": (unit, None) for unit in units if unit is not None}
        found |= {f"metric:{code}": (entry.zh, entry.en) for code, entry in registry.indicators().items()}
        groups = self.frames["denominators"]["audience"].unique().to_list()
        found |= {f"audience:{group}": (group, group) for group in groups}
        for prefix, entries in words.items():
            found |= {f"{prefix}:{word}": (both[0], both[1]) for word, both in entries.items()}
        return found

    # -- time -----------------------------------------------------------------------------------------------------
    @cached_property
    def week_rows(self) -> tuple[ROW, ...]:
        return tuple(self.frames["weeks"].sort("week").iter_rows(named=True))

    @cached_property
    def weeks(self) -> tuple[date, ...]:
        return tuple(row["week"] for row in self.week_rows)

    @cached_property
    def at(self) -> dict[date, int]:
        return {week: i for i, week in enumerate(self.weeks)}

    @cached_property
    def shown(self) -> tuple[date, ...]:
        """The weeks trend charts keep: the last 52."""
        return self.weeks[-SHOWN_WEEKS:]

    @cached_property
    def provisional(self) -> frozenset[date]:
        return frozenset(row["week"] for row in self.week_rows if row["is_provisional"])

    @property
    def last(self) -> date:
        return self.weeks[-1]

    @property
    def data_to(self) -> date:
        return date.fromisoformat(str(self.build.get("data_to") or self.last + timedelta(days=6))[:10])

    @property
    def deadline(self) -> datetime:
        return self.week_rows[-1]["deadline"]

    @property
    def is_last_week_due(self) -> bool:
        return self.week_rows[-1]["is_due"]

    @cached_property
    def campaigns(self) -> tuple[ROW, ...]:
        return tuple(self.frames["campaigns"].sort("start", "campaign_id").iter_rows(named=True))

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods the measures computed, the default (13 weeks) first, then by length, then operations by date."""
        rows = self.frames["kpis"].select("period", "start", "end").unique().sort("start", "period").iter_rows()
        found = [period_of(name, start, end) for name, start, end in rows]
        return tuple(
            sorted(found, key=lambda p: (p.is_operation, p.first if p.is_operation else date.min, int(p.id[1:]) if not p.is_operation else 0))
        )

    @property
    def default_period(self) -> Period:
        return next((p for p in self.periods if p.id == "w13"), self.periods[0])

    def indices(self, period: Period) -> tuple[int, int]:
        """First and last (inclusive) place of a period in the arrays; clipped to the weeks there are."""
        first = self.at.get(period.first, 0)
        return first, self.at.get(period.last, len(self.weeks) - 1)

    # -- ready-made indicators ------------------------------------------------------------------------------------
    @cached_property
    def kpi(self) -> dict[tuple[str, str, str], ROW]:
        return {(row["metric"], row["area_id"], row["period"]): row for row in self.frames["kpis"].iter_rows(named=True)}

    @cached_property
    def month_kpi(self) -> dict[tuple[str, str, str], ROW]:
        return {(row["metric"], row["area_id"], row["period"]): row for row in self.frames["month_kpis"].iter_rows(named=True)}

    @cached_property
    def running_month(self) -> tuple[str, date, date] | None:
        """(2026-03, its first day, the last day that data reach) of the month to date; None at a month's end."""
        found = self.frames["month_kpis"].filter("is_to_date").select("period", "start", "end")
        return found.row(0) if found.height else None

    @cached_property
    def compared_days(self) -> list[tuple[date, date, list[str]]]:
        """First and last day that the month to date is compared with, in the month and in the year before, and the towns left out of it."""
        if self.running_month is None:
            return []
        name, start, end = self.running_month
        rows = {t: self.month_kpi.get(("cases", t, name)) for t in self.towns}
        month = [t for t, row in rows.items() if row and row["n_left_out"]]
        year = [t for t, row in rows.items() if row and row["year_note"] == LOW_REPORTING]
        return [(*same_days_month_before(end), month), (*same_days_year_before(start, end), year)]

    def left_out(self, period: str) -> list[str]:
        """Towns that are not in the comparison of a period with the span before: too few of their reports came in either."""
        rows = {t: self.kpi.get(("cases", t, period)) for t in self.towns}
        return [t for t, row in rows.items() if row and row["n_left_out"]]

    @cached_property
    def cover(self) -> dict[tuple[str, date], ROW]:
        """Coverage of the audience: (area, last week of the window) → row."""
        rows = self.frames["coverage"].filter(pl.col("audience") == self.audience).iter_rows(named=True)
        return {(row["area_id"], row["week"]): row for row in rows}

    @property
    def coverage_metric(self) -> str:
        """Metric whose cells the coverage numbers come from."""
        return "coverage" if self.audience == ALL else f"coverage.{self.audience}"

    # -- sums over arrays -----------------------------------------------------------------------------------------
    @cached_property
    def channels(self) -> tuple[str, ...]:
        """Channels with any contacts in the last year, the largest first: one order for the whole district, whatever the filter."""
        found = {
            m.removeprefix("contacts."): row["value"]
            for (m, a, p), row in self.kpi.items()
            if m.startswith("contacts.") and a == self.top and p == self.longest.id
        }
        return tuple(sorted((c for c, v in found.items() if v), key=lambda c: (-found[c], c)))

    @cached_property
    def longest(self) -> Period:
        return max((p for p in self.periods if not p.is_operation), key=lambda p: p.last - p.first)

    @cached_property
    def series(self) -> dict[tuple[str, str], dict[int, float]]:
        """(metric, scope) → week's place → value: the areas' own weekly numbers, added up to towns and the district."""
        out: dict[tuple[str, str], dict[int, float]] = {}
        rows = (
            self.frames["weekly_series"].filter(pl.col("value").is_not_null(), pl.col("kind") != "level").select("metric", "area_id", "week", "value")
        )
        for metric, area, week, value in rows.sort("metric", "area_id", "week").iter_rows():
            for scope in {self.town_of(area), self.top}:
                sums = out.setdefault((metric, scope), {})
                at = self.at[week]
                sums[at] = sums.get(at, 0.0) + value
        return out

    def weekly(self, metric: str, area: str) -> list[float | None]:
        """One value a week; None where nothing was reported."""
        sums = self.series.get((metric, area), {})
        return [sums.get(i) for i in range(len(self.weeks))]

    @cached_property
    def prevented(self) -> Amounts:
        """Prevented losses and cases by scope, week and category."""
        return Amounts(self)

    def held(self, key: tuple[object, ...], make: Callable[[], T]) -> T:
        """What `key` determines, made once for all pages that ask for it; nobody changes it."""
        if key not in self._held:
            self._held[key] = make()
        return self._held[key]

    @cached_property
    def _held(self) -> dict[tuple[object, ...], Any]:
        return {}

    # -- reports --------------------------------------------------------------------------------------------------
    @cached_property
    def statuses(self) -> dict[tuple[str, date], list[ROW]]:
        """(scope, week) → report rows; a community's or unit's report counts for its town and the district."""
        out: dict[tuple[str, date], list[ROW]] = {}
        for row in (
            self.frames["report_status"]
            .select("unit_id", "area_id", "form", "week", "status", "days_late")
            .sort("week", "area_id", "unit_id", "form")
            .iter_rows(named=True)
        ):
            town = self.town_of(row["area_id"])
            for scope in {town, self.top}:
                out.setdefault((scope, row["week"]), []).append(row)
        return out

    def received(self, area: str, week: date) -> tuple[int, int]:
        """(reports in, reports due) of a week; weeks not yet due and waived reports are outside both."""
        rows = [row["status"] for row in self.statuses.get((area, week), ())]
        due = [s for s in rows if s not in ("not_due", "waived")]
        return sum(s in RECEIVED for s in due), len(due)

    def week_status(self, area: str, week: date) -> str:
        """One word for a town's week: missing, partial, late, on_time, not_due, or empty when nothing was expected."""
        states = [row["status"] for row in self.statuses.get((area, week), ()) if row["status"] != "waived"]
        due = [s for s in states if s != "not_due"]
        if not due:
            return "not_due" if states else ""
        if all(s == "missing" for s in due):
            return "missing"
        if any(s in ("missing", "partial") for s in due):
            return "partial"
        return "late" if "late" in due else "on_time"

    def counts(self, area: str, weeks: Sequence[date]) -> dict[str, int]:
        """How many reports of each status over some weeks."""
        out: dict[str, int] = dict.fromkeys(("on_time", "late", "partial", "zero_report", "missing", "not_due", "waived"), 0)
        for week in weeks:
            for row in self.statuses.get((area, week), ()):
                out[row["status"]] += 1
        return out


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def period_of(name: str, start: date, end: date) -> Period:
    if name.startswith("op:"):
        return Period(name, monday(start), monday(end), say("period.operation", op=name), True)
    return Period(name, monday(start), monday(end), say("period.weeks", n=int(name[1:])))
