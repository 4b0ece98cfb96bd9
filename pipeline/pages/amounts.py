"""Prevented losses and cases as the pages add them up: by scope, week, category, grade and firmness; and the single cases that stand out.

Here: sums of the additive cube on arrays indexed by week. Not here: which event counts at which grade (measures), other look-ups
(district.py), any sentence or drawing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl

from .model import Period

if TYPE_CHECKING:
    from .district import District

SHOWN_WEEKS = 52
LISTED_CASES = 10
GRADES = ("P5", "P4", "P3", "P2")
FIRM, SOFT = "exact", "soft"
COLUMNS = tuple(f"{grade.lower()}{firmness[0]}" for grade in GRADES for firmness in (FIRM, SOFT))
"""Columns of prevented loss: p5e p5s … p2s; e: exact amounts, s: approximate amounts, drawn hatched."""
ROW = Mapping[str, Any]


@dataclass(frozen=True)
class Amounts:
    """The amounts of one district. Scopes are the district and its towns; `at` is a week's place in every array."""

    district: District

    @cached_property
    def cube(self) -> pl.DataFrame:
        """loss_cube with `scope` (town and district alike) and `column` (p5e …, null for amounts that are unknown)."""
        cube = (
            self.district.frames["loss_cube"]
            .with_columns(
                pl.when(pl.col("grade").is_in(GRADES) & (pl.col("firmness") != "missing"))
                .then(pl.col("grade").str.to_lowercase() + pl.when(pl.col("firmness") == FIRM).then(pl.lit("e")).otherwise(pl.lit("s")))
                .alias("column"),
                at=pl.col("week").replace_strict(list(self.district.at), list(self.district.at.values()), default=None, return_dtype=pl.Int64),
            )
            .filter(pl.col("at").is_not_null())
        )
        towns = cube.filter(pl.col("town_id").is_in(list(self.district.towns))).with_columns(scope=pl.col("town_id"))
        return pl.concat([towns, cube.with_columns(scope=pl.lit(self.district.top))])

    @cached_property
    def weeks(self) -> dict[str, dict[str, np.ndarray]]:
        """Scope → weekly arrays: p5e … p2s, value, low, high (元), n, n_without_value (起), largest (元)."""
        zero = {name: np.zeros(len(self.district.weeks)) for name in (*COLUMNS, "value", "low", "high", "n", "n_without_value", "largest")}
        out = {scope: {name: array.copy() for name, array in zero.items()} for scope in self.district.scopes}
        rows = self.cube.filter(dimension="fraud_type").group_by("scope", "at", "column").agg(
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
        out = {scope: np.zeros(len(self.district.weeks)) for scope in self.district.scopes}
        rows = self.cube.filter(dimension="fraud_type", firmness=FIRM).group_by("scope", "at").agg(pl.col("n").sum())
        for scope, at, n in rows.iter_rows():
            out[scope][at] = n
        return out

    @cached_property
    def vague_cases(self) -> dict[str, np.ndarray]:
        """Scope → events a week whose amount is only known to lie between bounds: it has no value, and is in ranges but in no total."""
        out = {scope: np.zeros(len(self.district.weeks)) for scope in self.district.scopes}
        known = self.district.frames["events"].filter(
            pl.col("value").is_null() & pl.col("low").is_not_null() & pl.col("week").is_in(list(self.district.at))
        )
        for town, week, n in known.group_by("town_id", "week").agg(pl.len()).iter_rows():
            for scope in {town, self.district.top} & set(out):
                out[scope][self.district.at[week]] += n
        return out

    def categories(self, dimension: str) -> tuple[str, ...]:
        return self._categories[dimension]

    @cached_property
    def _categories(self) -> dict[str, tuple[str, ...]]:
        return {dimension: self.sorted_categories(dimension) for dimension in ("fraud_type", "way")}

    def sorted_categories(self, dimension: str) -> tuple[str, ...]:
        """Categories by their amount in the whole district over the shown weeks, those under 1 % gathered in `other`."""
        rows = self.cube.filter(pl.col("scope") == self.district.top, dimension=dimension).filter(
            pl.col("at") >= len(self.district.weeks) - SHOWN_WEEKS
        )
        sums = rows.group_by("category").agg(pl.col("value").sum()).sort(["value", "category"], descending=[True, False])
        total = float(sums["value"].sum())
        large = tuple(category for category, value in sums.iter_rows() if total and value >= 0.01 * total)
        return (*large, *(("other",) if len(large) < sums.height else ()))

    @cached_property
    def by_category(self) -> dict[str, pl.DataFrame]:
        """Dimension → losses with small categories renamed to `other`, ready to be summed over weeks."""
        out = {}
        for dimension in ("fraud_type", "way"):
            kept = [c for c in self.categories(dimension) if c != "other"]
            rows = self.cube.filter(dimension=dimension).with_columns(
                category=pl.when(pl.col("category").is_in(kept)).then(pl.col("category")).otherwise(pl.lit("other"))
            )
            out[dimension] = rows.group_by("scope", "at", "category", "column").agg(pl.col("value", "low", "high", "n", "n_without_value").sum())
        return out

    def bars(self, dimension: str, first: int, last: int) -> dict[str, dict[str, dict[str, float]]]:
        """Scope → category → {p5e …, value, low, high, n} over weeks first … last."""
        rows = self.by_category[dimension].filter(pl.col("at").is_between(first, last))
        out: dict[str, dict[str, dict[str, float]]] = {scope: {} for scope in self.district.scopes}
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
            self._bars[key] = self.bars(dimension, *self.district.indices(period))
        return self._bars[key]

    @cached_property
    def _bars(self) -> dict[tuple[str, str], dict[str, dict[str, dict[str, float]]]]:
        return {}

    @cached_property
    def single(self) -> pl.DataFrame:
        """Events with a written amount, `scope` added for the district too, for the largest case of a scope."""
        events = (
            self.district.frames["events"]
            .filter(pl.col("value").is_not_null() & pl.col("week").is_not_null() & ~pl.col("is_aggregate"))
            .select("town_id", "week", "fraud_type", "value", "event_id", "grade", "firmness")
        )
        return pl.concat([events.with_columns(scope=pl.col("town_id")), events.with_columns(scope=pl.lit(self.district.top))]).unique(
            ["scope", "event_id"]
        )

    @cached_property
    def largest(self) -> dict[tuple[str, str], ROW]:
        out = {}
        for period in self.district.periods:
            rows = (
                self.single.filter(pl.col("week").is_between(period.first, period.last))
                .sort(["value", "event_id"], descending=[True, False])
                .unique("scope", keep="first", maintain_order=True)
            )
            out |= {(row["scope"], period.id): row for row in rows.iter_rows(named=True)}
        return out

    @cached_property
    def listed(self) -> pl.DataFrame:
        """The largest single cases of the default period, as the list of cases shows them."""
        period = self.district.default_period
        single = ~pl.col("is_aggregate") & pl.col("value").is_not_null() & pl.col("week").is_between(period.first, period.last)
        return self.district.frames["events"].filter(single).sort(["value", "event_id"], descending=[True, False]).head(LISTED_CASES)
