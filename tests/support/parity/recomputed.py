"""The numbers of any area over any period, from the published tables.

Here: sums and look-ups in SQL. Not here: which sentence, table or chart states them (said.py, tabulated.py, drawn.py). Nothing of the pages or the
measures computes here (only the names of rules are theirs), so a mistake of theirs is not repeated.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache, cached_property
from typing import Any

import duckdb
import polars as pl

from pipeline.measures import feasibility

GRADES = ("P5", "P4", "P3", "P2")
CAME = ("on_time", "late", "partial", "zero_report")
SCHEDULE = ("not_due", "waived")
WEEK = timedelta(days=7)
SUMS = """sum(n_cases) AS n, coalesce(sum(value), 0) AS value, coalesce(sum(low) FILTER (NOT is_doubtful), 0) AS low,
          coalesce(sum(high), 0) AS high"""
"""Of events. One that may be the twin of another counts in value and upper bound, never in the lower one."""
Row = Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Recomputed:
    """One publication. An area is the district, a town or a community; a period is a name of `kpis`."""

    tables: Mapping[str, pl.DataFrame]

    # -- the tables -----------------------------------------------------------------------------------------------
    @cached_property
    def base(self) -> duckdb.DuckDBPyConnection:
        found = duckdb.connect()
        for name, frame in self.tables.items():
            found.register(name, frame.to_arrow())
        found.execute(
            """CREATE TABLE within AS
               SELECT area_id, area_id AS scope FROM areas
               UNION SELECT c.area_id, t.area_id FROM areas c JOIN areas t ON t.area_id = c.parent_id WHERE t.level = 'town'
               UNION SELECT area_id, (SELECT area_id FROM areas WHERE level = 'district') FROM areas"""
        )
        return found

    def rows(self, sql: str) -> list[dict[str, Any]]:
        return [{k: float(v) if isinstance(v, Decimal) else v for k, v in row.items()} for row in self.base.sql(sql).pl().iter_rows(named=True)]

    def row(self, sql: str) -> dict[str, Any]:
        [found] = self.rows(sql)
        return found

    def value(self, sql: str) -> Any:
        found = self.base.sql(sql).fetchone()
        return found[0] if found else None

    # -- areas and time -------------------------------------------------------------------------------------------
    @cached_property
    def area(self) -> dict[str, Row]:
        return {r["area_id"]: r for r in self.rows("FROM areas ORDER BY position, area_id")}

    @cached_property
    def top(self) -> str:
        return self.value("SELECT area_id FROM areas WHERE level = 'district'")

    @cached_property
    def towns(self) -> list[str]:
        return [a for a, r in self.area.items() if r["level"] == "town"]

    @property
    def scopes(self) -> list[str]:
        return [self.top, *self.towns]

    def places(self, area: str) -> list[str]:
        towns = self.towns if area == self.top else [area]
        return [a for a, r in self.area.items() if r["level"] == "community" and r["parent_id"] in towns]

    def people(self, area: str, audience: str = "all") -> float | None:
        """Residents of an area, or those of a group."""
        if audience == "all":
            return self.area[area]["residents"]
        return self.value(f"SELECT n FROM denominators WHERE area_id = '{area}' AND audience = '{audience}'")

    @cached_property
    def build(self) -> dict[str, Any]:
        return {r["key"]: r["value"] for r in self.rows("FROM build")}

    @cached_property
    def weeks(self) -> list[date]:
        return [r["week"] for r in self.rows("SELECT week FROM weeks ORDER BY week")]

    @property
    def shown(self) -> list[date]:
        """The weeks of a year that charts show."""
        return self.weeks[-52:]

    @cached_property
    def provisional(self) -> set[date]:
        return {r["week"] for r in self.rows("SELECT week FROM weeks WHERE is_provisional")}

    @property
    def last(self) -> date:
        return self.weeks[-1]

    @property
    def data_to(self) -> date:
        return date.fromisoformat(self.build["data_to"][:10])

    @cached_property
    def periods(self) -> dict[str, tuple[date, date]]:
        """Period → its first and last Monday."""
        rows = self.rows("""SELECT DISTINCT period, date_trunc('week', start)::DATE AS first, date_trunc('week', "end")::DATE AS last FROM kpis""")
        return {r["period"]: (r["first"], r["last"]) for r in rows}

    def inside(self, period: str) -> str:
        first, last = self.periods[period]
        return f"week BETWEEN DATE '{first}' AND DATE '{last}'"

    # -- published indicators -------------------------------------------------------------------------------------
    @cached_property
    def kpis(self) -> dict[tuple[str, str, str], Row]:
        rows = self.rows("FROM kpis") + self.rows("FROM month_kpis")
        return {(r["metric"], r["area_id"], r["period"]): r for r in rows}

    def kpi(self, metric: str, area: str, period: str) -> Row:
        """The published row: what is taken from it are comparisons (they leave towns out and have intervals), never a plain sum."""
        return self.kpis.get((metric, area, period), EMPTY)

    @cached_property
    def cover(self) -> dict[tuple[str, str, date], Row]:
        return {(r["audience"], r["area_id"], r["week"]): r for r in self.rows("FROM coverage")}

    def estimate(self, area: str, week: date, audience: str = "all") -> float | None:
        row = self.cover.get((audience, area, week))
        return row["estimate"] if row else None

    def gain(self, area: str, period: str, audience: str = "all") -> float | None:
        """Coverage at the period's end less that of the week before it."""
        first, last = self.periods[period]
        now, before = self.estimate(area, last, audience), self.estimate(area, first - WEEK, audience)
        return None if now is None or before is None else now - before

    # -- sums of a period -----------------------------------------------------------------------------------------
    @cached_property
    def _interceptions(self) -> dict[tuple[str, str], Row]:
        grades = ", ".join(f"coalesce(sum(value) FILTER (grade = '{g}'), 0) AS {g}" for g in GRADES)
        spans = " UNION ALL ".join(f"SELECT '{p}' AS period, DATE '{a}' AS first, DATE '{b}' AS last" for p, (a, b) in self.periods.items())
        rows = self.rows(
            f"""SELECT scope, period, {SUMS}, {grades}, sum(n_cases) FILTER (firmness = 'exact') AS n_exact,
                       coalesce(sum(value) FILTER (firmness = 'exact' AND grade IN {GRADES}), 0) AS exact_amount,
                       count(*) FILTER (value IS NULL AND low IS NOT NULL) AS n_vague,
                       coalesce(sum(n_cases) FILTER (value IS NULL), 0) AS n_unknown,
                       max(value) FILTER (NOT is_aggregate) AS largest
                FROM (SELECT *, unnest(list_distinct([coalesce(town_id, '{self.top}'), '{self.top}'])) AS scope FROM events), ({spans}) p
                WHERE week BETWEEN p.first AND p.last GROUP BY ALL"""
        )
        return {(r["scope"], r["period"]): r for r in rows}

    def intercepted(self, area: str, period: str) -> Row:
        """n, value, low, high, P5 … P2 (元), n_exact, exact_amount, n_vague, n_unknown, largest."""
        none = dict.fromkeys(("n", "value", "low", "high", *GRADES, "n_exact", "exact_amount", "n_vague", "n_unknown"), 0) | {"largest": None}
        found = self._interceptions.get((area, period), none)
        return {**found, "n_exact": found["n_exact"] or 0}

    @cached_property
    def _statuses(self) -> dict[tuple[str, date], list[str]]:
        out: dict[tuple[str, date], list[str]] = {}
        for r in self.rows("SELECT scope, week, status FROM report_status JOIN within USING (area_id)"):
            out.setdefault((r["scope"], r["week"]), []).append(r["status"])
        return out

    def statuses(self, area: str, first: date, last: date) -> dict[str, int]:
        """Status → how many reports of the weeks first … last."""
        seen = [s for (scope, week), found in self._statuses.items() if scope == area and first <= week <= last for s in found]
        return {status: seen.count(status) for status in (*CAME, "missing", *SCHEDULE)}

    @cache  # noqa: B019 - one object lives as long as the tests
    def reported(self, area: str, period: str) -> Row:
        """Counts by status, `due`, `came`, `in_time`, `rate` (on time ÷ due)."""
        n = self.statuses(area, *self.periods[period])
        due = sum(v for s, v in n.items() if s not in SCHEDULE)
        in_time = n["on_time"] + n["zero_report"]
        return {**n, "due": due, "came": sum(n[s] for s in CAME), "in_time": in_time, "rate": in_time / due if due else None}

    def of_week(self, town: str, week: date) -> str:
        """What a town's reports of a week amount to."""
        due = [s for s in self._statuses.get((town, week), []) if s != "waived"]
        if not due or set(due) == {"not_due"}:
            return "not_due" if due else ""
        due = [s for s in due if s != "not_due"]
        if set(due) == {"missing"}:
            return "missing"
        return "partial" if {"missing", "partial"} & set(due) else "late" if "late" in due else "on_time"

    @cached_property
    def volumes(self) -> dict[tuple[str, str, date], Row]:
        """(area, metric, week) → value, low, high, unit: the areas' own weekly figures added up to towns and the district."""
        rows = self.rows(
            """SELECT scope, metric, week, unit, sum(value) AS value, sum(low) AS low, sum(high) AS high
               FROM weekly_series JOIN within USING (area_id) WHERE kind <> 'level' AND value IS NOT NULL GROUP BY ALL"""
        )
        return {(r["scope"], r["metric"], r["week"]): r for r in rows}

    @cache  # noqa: B019
    def volume(self, metric: str, area: str, period: str) -> float | None:
        """A metric's sum over a period; None where nothing was reported."""
        first, last = self.periods[period]
        weeks = [first + i * WEEK for i in range((last - first).days // 7 + 1)]
        known = [r["value"] for week in weeks if (r := self.volumes.get((area, metric, week)))]
        return sum(known) if known else None

    def contacts(self, channel: str, area: str, period: str) -> float | None:
        return self.volume(f"contacts.{channel}", area, period)

    def weekly(self, channel: str, area: str) -> list[Row | None]:
        return [self.volumes.get((area, f"contacts.{channel}", week)) for week in self.shown]

    @cached_property
    def channels(self) -> list[str]:
        """Channels with contacts in the longest period, the largest first."""
        whole = [(m, r["value"]) for (m, area, period), r in self.kpis.items() if (area, period) == (self.top, "w52")]
        found = {m.removeprefix("contacts."): value for m, value in whole if m.startswith("contacts.")}
        return sorted((c for c, v in found.items() if v), key=lambda c: (-found[c], c))

    # -- categories -----------------------------------------------------------------------------------------------
    @cache  # noqa: B019
    def categories(self, dimension: str) -> list[str]:
        """Kinds of fraud (or ways) by their amount over the shown weeks; those under one part in a hundred go together as the last."""
        rows = self.rows(
            f"SELECT {dimension} AS c, coalesce(sum(value), 0) AS v FROM events WHERE week >= DATE '{self.shown[0]}' GROUP BY 1 ORDER BY 2 DESC, 1"
        )
        total = sum(r["v"] for r in rows)
        large = [r["c"] or "unknown" for r in rows if total and r["v"] >= total / 100]
        return [*large, *(["other"] if len(large) < len(rows) else [])]

    @cache  # noqa: B019
    def by_category(self, dimension: str, area: str, period: str) -> dict[str, Row]:
        kept = [c for c in self.categories(dimension) if c != "other"]
        scope = "true" if area == self.top else f"town_id = '{area}'"
        grades = ", ".join(
            f"""coalesce(sum(value) FILTER (grade = '{g}' AND firmness = 'exact'), 0) AS {g.lower()}e,
                coalesce(sum(value) FILTER (grade = '{g}' AND firmness <> 'exact'), 0) AS {g.lower()}s"""
            for g in GRADES
        )
        rows = self.rows(
            f"""SELECT CASE WHEN list_contains({kept}, coalesce({dimension}, 'unknown')) THEN coalesce({dimension}, 'unknown') ELSE 'other' END AS c,
                       {SUMS}, {grades}
                FROM events WHERE {self.inside(period)} AND {scope} GROUP BY 1"""
        )
        none = dict.fromkeys(("n", "value", "low", "high", *(f"{g.lower()}{f}" for g in GRADES for f in "es")), 0)
        return dict.fromkeys(self.categories(dimension), none) | {r["c"]: r for r in rows}

    @cached_property
    def weekly_losses(self) -> dict[tuple[str, date], Row]:
        grades = ", ".join(f"coalesce(sum(value) FILTER (grade = '{g}'), 0) AS {g.lower()}" for g in GRADES)
        rows = self.rows(
            f"""SELECT scope, week, sum(n_cases) AS n, coalesce(sum(n_cases) FILTER (value IS NULL), 0) AS unknown, coalesce(sum(value), 0) AS total,
                       coalesce(sum(low) FILTER (NOT is_doubtful), 0) AS low, coalesce(sum(high), 0) AS high, {grades}
                FROM (SELECT *, unnest(list_distinct([coalesce(town_id, '{self.top}'), '{self.top}'])) AS scope FROM events) GROUP BY ALL"""
        )
        return {(r["scope"], r["week"]): r for r in rows}

    # -- standing of towns ----------------------------------------------------------------------------------------
    def blind(self, area: str, week: date, edge: float, audience: str = "all") -> list[str]:
        """Communities below the line of blind spots, the lowest first."""
        known = {c: self.estimate(c, week, audience) for c in self.places(area)}
        return sorted((c for c, v in known.items() if v is not None and v < edge), key=lambda c: (known[c], c))

    def never(self, area: str, week: date, audience: str = "all") -> list[str]:
        return [c for c in self.places(area) if self.estimate(c, week, audience) is None]

    @cache  # noqa: B019
    def standing(self, week: date, audience: str = "all") -> list[Row]:
        """Towns by coverage, high to low, with best and worst rank and whether they are clearly below the district."""
        rows = {t: self.cover.get((audience, t, week)) for t in self.towns}
        known = {t: r for t, r in rows.items() if r and r["estimate"] is not None}
        level = self.estimate(self.top, week, audience)
        out = []
        for town in self.towns:
            row = known.get(town)
            ahead = row and sum(o["low"] > row["high"] for o in known.values())
            behind = row and sum(o["high"] < row["low"] for o in known.values())
            out.append(
                {"area": town, "best": row and 1 + ahead, "worst": row and len(known) - behind, "is_low": bool(row and level and row["high"] < level),
                 **{k: row[k] if row else None for k in ("estimate", "low", "high")}}
            )  # fmt: skip
        return sorted(out, key=lambda r: (r["estimate"] is None, -(r["estimate"] or 0)))

    # -- publications ---------------------------------------------------------------------------------------------
    @cached_property
    def changed(self) -> list[Row]:
        """Figures stated otherwise since the publication before: kind, metric, area_id, week, and old and new bounds."""
        before = self.build.get("previous_published_at")
        if not before:
            return []
        rows = self.rows(
            f"""WITH latest AS (
                    SELECT metric, area_id, week, published_at > TIMESTAMP '{before}' AS is_now,
                           arg_max({{'value': value, 'low': low, 'high': high}}, (published_at, build_id)) AS t
                    FROM publications GROUP BY ALL)
                SELECT metric, area_id, week, n.t.value AS value, n.t.low AS low, n.t.high AS high,
                       o.t.value AS old_value, o.t.low AS old_low, o.t.high AS old_high
                FROM (FROM latest WHERE is_now) n LEFT JOIN (FROM latest WHERE NOT is_now) o USING (metric, area_id, week)
                WHERE area_id IN (SELECT area_id FROM areas)"""
        )
        out = []
        for r in rows:
            now, old = ([r[p + k] for k in ("value", "low", "high")] for p in ("", "old_"))
            if now == old:
                continue
            kind = "withdrawn" if now == [None] * 3 else "new" if old == [None] * 3 else "revised"
            out.append({**r, "kind": kind})
        order = {"withdrawn": 0, "revised": 1, "new": 2}
        return sorted(out, key=lambda r: (order[r["kind"]], -r["week"].toordinal(), r["metric"], r["area_id"]))

    @cache  # noqa: B019
    def findings(self, part: str) -> list[Row]:
        """Findings of a card of the quality page, each with the unit it is put to: its area, else who handed the file in, else the file."""
        names = ", ".join(f"'{rule.rule}'" for rule in feasibility.rules())
        which = {"confirmed": "c", "impossible": f"NOT c AND rule IN ({names})", "issues": f"NOT c AND rule NOT IN ({names})"}[part]
        return self.rows(
            f"""SELECT i.*, coalesce('area:' || area_id, reporter, path, '') AS unit
                FROM (SELECT *, starts_with(zh, '【已确认无误：') AS c FROM issues) i
                LEFT JOIN (SELECT path AS of, arg_min(reporter, submission_id) AS reporter FROM submissions WHERE reporter IS NOT NULL GROUP BY 1)
                  ON of = path
                WHERE {which} ORDER BY issue_id"""
        )

    @cached_property
    def settings_changed(self) -> list[tuple[str, Any, Any]]:
        old, new = (flat(json.loads(self.build.get(k) or "{}")) for k in ("previous_settings_values", "settings_values"))
        return [(k, old.get(k), new.get(k)) for k in sorted({*old, *new}) if old.get(k) != new.get(k)]


def flat(values: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in values.items():
        out |= flat(value, f"{above}{key}.") if isinstance(value, Mapping) else {f"{above}{key}": value}
    return out


EMPTY: Row = dict.fromkeys(
    ("value", "low", "high", "previous", "comparable", "change", "change_low", "change_high", "year_before", "year_comparable", "year_change",
     "year_change_low", "year_change_high", "share_largest", "without_largest_change", "n_left_out", "n_records", "unit", "note"))  # fmt: skip
