"""The warehouse frames as the pages look at them: areas in order, weeks, periods, and sums over a scope.

Here: look-ups and sums of additive counts, on arrays indexed by area and week. Not here: any indicator (it comes ready from `kpis` and
`coverage`), any sentence (findings.py), any drawing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from importlib.resources import files
from typing import Any

import numpy as np
import polars as pl
import yaml

from pipeline.forms import catalogue
from pipeline.measures.taxonomy import english
from pipeline.settings import Settings

from .model import Period, say

SHOWN_WEEKS = 52
LISTED_CASES = 10
NO_DISTRICT = "district"
ALL = "all"
"""The audience of all residents."""
GRADES = ("P5", "P4", "P3", "P2")
FIRM, SOFT = "exact", "soft"
COLUMNS = tuple(f"{grade.lower()}{firmness[0]}" for grade in GRADES for firmness in (FIRM, SOFT))
"""Columns of prevented loss: p5e p5s … p2s; e: exact amounts, s: approximate amounts, drawn hatched."""
RECEIVED = ("on_time", "late", "partial", "zero_report")
ROW = Mapping[str, Any]


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
        words = yaml.safe_load(files("pipeline.pages").joinpath("words.yaml").read_text("utf-8"))
        units = {*self.frames["kpis"]["unit"].unique().to_list(), ""}
        found |= {f"unit:{unit}": (unit, None) for unit in units if unit is not None}
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
    def losses(self) -> pl.DataFrame:
        """loss_cube with `scope` (town and district alike) and `column` (p5e …, null for amounts that are unknown)."""
        cube = (
            self.frames["loss_cube"]
            .with_columns(
                pl.when(pl.col("grade").is_in(GRADES) & (pl.col("firmness") != "missing"))
                .then(pl.col("grade").str.to_lowercase() + pl.when(pl.col("firmness") == FIRM).then(pl.lit("e")).otherwise(pl.lit("s")))
                .alias("column"),
                at=pl.col("week").replace_strict(list(self.at), list(self.at.values()), default=None, return_dtype=pl.Int64),
            )
            .filter(pl.col("at").is_not_null())
        )
        towns = cube.filter(pl.col("town_id").is_in(list(self.towns))).with_columns(scope=pl.col("town_id"))
        return pl.concat([towns, cube.with_columns(scope=pl.lit(self.top))])

    @cached_property
    def loss_weeks(self) -> dict[str, dict[str, np.ndarray]]:
        """Scope → weekly arrays: p5e … p2s, value, low, high (元), n, n_without_value (起), largest (元)."""
        zero = {name: np.zeros(len(self.weeks)) for name in (*COLUMNS, "value", "low", "high", "n", "n_without_value", "largest")}
        out = {scope: {name: array.copy() for name, array in zero.items()} for scope in self.scopes}
        rows = self.losses.filter(dimension="fraud_type").group_by("scope", "at", "column").agg(
            pl.col("value", "low", "high", "n", "n_without_value").sum(), pl.col("largest").max()
        )  # fmt: skip
        for row in rows.sort("scope", "at", "column").iter_rows(named=True):
            arrays, at = out[row["scope"]], row["at"]
            if row["column"]:
                arrays[row["column"]][at] += row["value"] or 0
            for name in ("value", "low", "high", "n", "n_without_value"):
                arrays[name][at] += row[name] or 0
            arrays["largest"][at] = max(arrays["largest"][at], row["largest"] or 0)
        return out

    @cached_property
    def exact_cases(self) -> dict[str, np.ndarray]:
        """Scope → events a week whose amount is exact."""
        out = {scope: np.zeros(len(self.weeks)) for scope in self.scopes}
        rows = self.losses.filter(dimension="fraud_type", firmness=FIRM).group_by("scope", "at").agg(pl.col("n").sum())
        for scope, at, n in rows.iter_rows():
            out[scope][at] = n
        return out

    @cached_property
    def vague_cases(self) -> dict[str, np.ndarray]:
        """Scope → events a week whose amount is only known to lie between bounds: it has no value, and is in ranges but in no total."""
        out = {scope: np.zeros(len(self.weeks)) for scope in self.scopes}
        known = self.frames["events"].filter(pl.col("value").is_null() & pl.col("low").is_not_null() & pl.col("week").is_in(list(self.at)))
        for town, week, n in known.group_by("town_id", "week").agg(pl.len()).iter_rows():
            for scope in {town, self.top} & set(out):
                out[scope][self.at[week]] += n
        return out

    def categories(self, dimension: str) -> tuple[str, ...]:
        return self._categories[dimension]

    @cached_property
    def _categories(self) -> dict[str, tuple[str, ...]]:
        return {dimension: self.sorted_categories(dimension) for dimension in ("fraud_type", "way")}

    def sorted_categories(self, dimension: str) -> tuple[str, ...]:
        """Categories by their amount in the whole district over the shown weeks, those under 1 % gathered in `other`."""
        rows = self.losses.filter(pl.col("scope") == self.top, dimension=dimension).filter(pl.col("at") >= len(self.weeks) - SHOWN_WEEKS)
        sums = rows.group_by("category").agg(pl.col("value").sum()).sort(["value", "category"], descending=[True, False])
        total = float(sums["value"].sum())
        large = tuple(category for category, value in sums.iter_rows() if total and value >= 0.01 * total)
        return (*large, *(("other",) if len(large) < sums.height else ()))

    @cached_property
    def loss_categories(self) -> dict[str, pl.DataFrame]:
        """Dimension → losses with small categories renamed to `other`, ready to be summed over weeks."""
        out = {}
        for dimension in ("fraud_type", "way"):
            kept = [c for c in self.categories(dimension) if c != "other"]
            rows = self.losses.filter(dimension=dimension).with_columns(
                category=pl.when(pl.col("category").is_in(kept)).then(pl.col("category")).otherwise(pl.lit("other"))
            )
            out[dimension] = rows.group_by("scope", "at", "category", "column").agg(pl.col("value", "low", "high", "n", "n_without_value").sum())
        return out

    def loss_bars(self, dimension: str, first: int, last: int) -> dict[str, dict[str, dict[str, float]]]:
        """Scope → category → {p5e …, value, low, high, n} over weeks first … last."""
        rows = self.loss_categories[dimension].filter(pl.col("at").is_between(first, last))
        out: dict[str, dict[str, dict[str, float]]] = {scope: {} for scope in self.scopes}
        sums = rows.group_by("scope", "category", "column").agg(pl.col("value", "low", "high", "n").sum()).sort("scope", "category", "column")
        for row in sums.iter_rows(named=True):
            bar = out[row["scope"]].setdefault(row["category"], dict.fromkeys((*COLUMNS, "value", "low", "high", "n"), 0.0))
            if row["column"]:
                bar[row["column"]] += row["value"]
            for name in ("value", "low", "high", "n"):
                bar[name] += row[name]
        return out

    def period_bars(self, dimension: str, period: Period) -> dict[str, dict[str, dict[str, float]]]:
        """`loss_bars` of a period, summed once."""
        key = (dimension, period.id)
        if key not in self._bars:
            self._bars[key] = self.loss_bars(dimension, *self.indices(period))
        return self._bars[key]

    @cached_property
    def _bars(self) -> dict[tuple[str, str], dict[str, dict[str, dict[str, float]]]]:
        return {}

    @cached_property
    def largest_event(self) -> pl.DataFrame:
        """Events with a written amount, `scope` added for the district too, for the largest case of a scope."""
        events = (
            self.frames["events"]
            .filter(pl.col("value").is_not_null() & pl.col("week").is_not_null() & ~pl.col("is_aggregate"))
            .select("town_id", "week", "fraud_type", "value", "event_id", "grade", "firmness")
        )
        return pl.concat([events.with_columns(scope=pl.col("town_id")), events.with_columns(scope=pl.lit(self.top))]).unique(["scope", "event_id"])

    @cached_property
    def largest_events(self) -> dict[tuple[str, str], ROW]:
        out = {}
        for period in self.periods:
            rows = (
                self.largest_event.filter(pl.col("week").is_between(period.first, period.last))
                .sort(["value", "event_id"], descending=[True, False])
                .unique("scope", keep="first", maintain_order=True)
            )
            out |= {(row["scope"], period.id): row for row in rows.iter_rows(named=True)}
        return out

    @cached_property
    def listed_events(self) -> pl.DataFrame:
        """The largest single cases of the default period, as the list of cases shows them."""
        period = self.default_period
        single = ~pl.col("is_aggregate") & pl.col("value").is_not_null() & pl.col("week").is_between(period.first, period.last)
        return self.frames["events"].filter(single).sort(["value", "event_id"], descending=[True, False]).head(LISTED_CASES)

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
