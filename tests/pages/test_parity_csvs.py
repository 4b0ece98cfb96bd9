"""Parity of CSVs: every row of every file beside the pages, and what the cells of lineage add up to for every area and period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime
from statistics import median
from typing import Any

import pytest

from tests.support.parity.csv_rows import rows_of
from tests.support.parity.recomputed import Recomputed
from tests.support.parity.said import Spot
from tests.support.parity.tabulated import TABLES

LARGE = "area_id IN (SELECT area_id FROM areas WHERE level <> 'community')"
NAMED = "(SELECT coalesce((SELECT value FROM build WHERE key = 'district_zh' AND a.level = 'district'), a.zh) FROM areas a WHERE a.area_id = t.{})"
AREA = NAMED.format("area_id") + " AS area"
FIRST = "week IN (SELECT week FROM weeks WHERE is_provisional)"
COVER = f"SELECT {AREA}, week, estimate, low, high, reports_in, reports_due, residents, {FIRST} FROM coverage t WHERE audience = 'all' AND "
SUMMED = """SELECT metric, area_id, week, any_value(unit) AS unit, sum(value) AS value, sum(low) AS low, sum(high) AS high
            FROM (SELECT w.* REPLACE (scope AS area_id) FROM weekly_series w JOIN within USING (area_id))
            WHERE kind <> 'level' AND value IS NOT NULL GROUP BY metric, area_id, week"""
WEEKLY = f"SELECT metric, {AREA}, week, unit, value, low, high, {FIRST} FROM ({SUMMED}) t WHERE {LARGE} AND metric LIKE "
KPI = f'SELECT metric, {AREA}, period, start, "end", value, low, high, unit, previous, change'
FILES = {
    "coverage": COVER + LARGE,
    "communities": f"{COVER} NOT ({LARGE})",
    "losses": f"""SELECT coalesce({NAMED.format("town_id")}, town_id), week, dimension, category, grade, firmness, n, n_without_value,
                  value, low, high, {FIRST} FROM loss_cube t""",
    "channels": f"{KPI}, is_provisional FROM kpis t WHERE metric LIKE 'contacts%' AND {LARGE}",
    "towns": f"{KPI}, change_low, change_high, note, is_provisional FROM kpis t WHERE {LARGE}",
    "months": f"""SELECT metric, {AREA}, period, start, "end", is_to_date, value, low, high, unit, previous, change, note, year_before, year_change,
                  year_note, n_left_out, is_provisional FROM month_kpis t WHERE {LARGE}""",
    "channel_weeks": WEEKLY + "'contacts%'",
    "actual": WEEKLY + "'losses%'",
    "effects": """SELECT c.zh, e.start, e."end", n_before, n_after, mean, power, weeks_needed, effect, low, high, verdict
                  FROM campaign_effects e JOIN campaigns c USING (campaign_id)""",
    "revisions": f"SELECT metric, {AREA}, week, first_published_at, first_value, value, low, high FROM revisions t",
    "reports": f"SELECT {AREA}, form, week, status, days_late FROM report_status t",
    "issues": f"SELECT severity, rule, coalesce({NAMED.format('area_id')}, area_id), week, path, sheet, cell, zh, en FROM issues t",
}
"""CSV → its rows in SQL, in the order of its columns."""


def written(value: Any) -> str:
    """A value as a CSV has it; texts that begin like a formula get an apostrophe."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, str) and value[:1] in tuple("=+-@\t\r") and value:
        return "'" + value
    return str(value)


def alike(row: Mapping[str, Any] | list[Any]) -> tuple[str, ...]:
    """A row for comparison: numbers to nine significant digits, since sums in another order differ behind them."""
    values = list(row.values()) if isinstance(row, Mapping) else row
    return tuple(rounded(v if isinstance(v, str) else written(v)) for v in values)


def rounded(text: str) -> str:
    try:
        return f"{float(text):.9g}"
    except ValueError:
        return text


@pytest.fixture(scope="module")
def o(given: dict) -> Recomputed:
    return Recomputed(given)


def test_every_csv_is_recomputed(site) -> None:
    names = {p.stem for p in (site / "data").glob("*.csv") if not p.stem.endswith("_meta")}
    assert names == {*FILES, "changes", "cases"}, "a CSV without an entry in FILES here"
    assert {p.stem.removesuffix("_meta") for p in (site / "data").glob("*_meta.csv")} == names


@pytest.mark.parametrize("name", FILES)
def test_a_csv_holds_the_published_rows(site, o, name) -> None:
    found, expected = (Counter(map(alike, rows)) for rows in (rows_of(site, name), o.rows(FILES[name])))
    assert found == expected, (list((found - expected).items())[:3], list((expected - found).items())[:3])
    assert found or name == "actual"


def test_the_csv_of_changes_lists_them_all(site, o) -> None:
    shown = [[r[k] for k in ("kind", "metric", "week", "old_value", "old_low", "old_high", "value", "low", "high")] for r in rows_of(site, "changes")]
    expected = [[r[k] for k in ("kind", "metric", "week", "old_value", "old_low", "old_high", "value", "low", "high")] for r in o.changed]
    assert [alike(r) for r in shown] == [alike(r) for r in expected]


def test_the_csv_of_cases_is_the_list_of_the_page(site, o) -> None:
    first = TABLES["t4-table"](o, Spot("losses", o.top, "w13", "t4-table"))
    expected = [o.row(f"SELECT week, fraud_type, way, grade, value, low, high, firmness FROM events WHERE event_id = '{e}'") for e in first]
    shown = [[r[k] for k in ("week", "fraud_type", "way", "grade", "value", "low", "high", "firmness")] for r in rows_of(site, "cases")]
    assert [alike(r) for r in shown] == [alike(r) for r in expected]


# -- lineage ----------------------------------------------------------------------------------------------------------
def totals(o: Recomputed) -> dict[str, Any]:
    """Metric → (area, period) → the number its cells must make."""

    def intercepted(field: str):
        return lambda area, period: o.intercepted(area, period)[field]

    def stated(area: str, period: str) -> list[float]:
        scope = "true" if area == o.top else f"town_id = '{area}'"
        return [r["value"] for r in o.rows(f"SELECT value FROM events WHERE {scope} AND {o.inside(period)} AND value IS NOT NULL")]

    def returned(area: str, period: str) -> float:
        """Returned money counts in the week it was returned in."""
        scope = "true" if area == o.top else f"town_id = '{area}'"
        first, last = o.periods[period]
        legs = f"SELECT sum(l.value) FROM event_legs l JOIN events e USING (event_id) WHERE l.grade = 'P5' AND l.value IS NOT NULL AND {scope}"
        return o.value(f"{legs} AND date_trunc('week', leg_date) BETWEEN DATE '{first}' AND DATE '{last}'") or 0

    def rate(field: str):
        def found(area: str, period: str) -> float | None:
            n = o.reported(area, period)
            return n[field] / n["due"] if n["due"] else None

        return found

    return {
        "cases": intercepted("n"),
        "prevented": intercepted("value"),
        "prevented.mean": lambda area, period: sum(v := stated(area, period)) / len(v) if stated(area, period) else None,
        "prevented.median": lambda area, period: median(v) if (v := stated(area, period)) else None,
        "returned": returned,
        "on_time_rate": rate("in_time"),
        "reporting_rate": rate("came"),
        "contacts": lambda area, period: o.volume("contacts", area, period),
        **{f"contacts.{c}": (lambda area, period, c=c: o.contacts(c, area, period)) for c in o.channels},
    }


OTHERWISE = frozenset({"coverage", "coverage.elderly", "reports", "residents", "activity"})
"""Lineage of single communities, held by tests of its own."""
MEANS = frozenset({"on_time_rate", "reporting_rate", "prevented.mean"})


def made(metric: str, rows: list[dict[str, str]]) -> float | None:
    """What counted cells make: their sum, their mean, or their median."""
    counted = [r for r in rows if r["counted"] == "1"]
    values = [float(r["value"] or 0) for r in counted]
    if metric == "prevented.median":
        return median(values) if values else None
    if metric in MEANS:
        weight = sum(float(r["weight"] or 0) for r in counted)
        return sum(float(r["value"]) * float(r["weight"] or 0) for r in counted) / weight if weight else None
    return sum(values)


def test_cells_make_the_number_of_every_area_and_period(site, o) -> None:
    files = {p.stem for p in (site / "data/lineage").glob("*.csv") if not p.stem.endswith("_meta")}
    expected = totals(o)
    assert files - OTHERWISE == set(expected), "lineage whose number nothing recomputes"
    for metric, number in expected.items():
        by_area: dict[str, list[dict[str, str]]] = {}
        for row in rows_of(site, f"lineage/{metric}"):
            for scope in {row["area"], o.top}:
                by_area.setdefault(scope, []).append(row)
        for area in o.scopes:
            for period, (first, last) in o.periods.items():
                within = [r for r in by_area.get(area, []) if r["week"] and str(first) <= r["week"] <= str(last)]
                shown, wanted = made(metric, within), number(area, period)
                assert (shown or 0) == pytest.approx(wanted or 0, rel=1e-9, abs=1e-6), (metric, area, period)


@pytest.mark.parametrize("audience", ["all", "elderly"])
def test_cells_make_the_coverage_of_every_area_and_week(site, o, audience) -> None:
    """Communities' estimates weighted by those who live there; a community's own cells are its estimate."""
    sums: dict[tuple[str, str], list[float]] = {}
    for row in rows_of(site, "lineage/coverage" + ("" if audience == "all" else f".{audience}")):
        if row["counted"] != "1":
            continue
        parent = o.area[row["area"]]["parent_id"] if o.area[row["area"]]["level"] == "community" else row["area"]
        for scope in {row["area"], parent, o.top}:
            found = sums.setdefault((scope, row["week"]), [0.0, 0.0])
            found[0] += float(row["value"] or 0) * float(row["weight"] or 0)
            found[1] += float(row["weight"] or 0)
    for (area, week), (total, weight) in sums.items():
        assert total / weight == pytest.approx(o.estimate(area, date.fromisoformat(week), audience), rel=1e-6), (area, week)
    assert {week for _, week in sums} >= {str(w) for w in o.shown}
    assert datetime.fromisoformat(max(week for _, week in sums)).date() == o.last
