"""Parity of what is written: pages say what was described, and the embedded numbers of every area and period are the published ones.

Described texts, tables and charts are recomputed in test_parity_texts.py, test_parity_tables.py and test_parity_charts.py, CSVs in
test_parity_csvs.py. Here: that they reach the files as they are, and the numbers a page's script writes itself.
"""

from __future__ import annotations

import bisect
import html
import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.pages.build import pages_of
from pipeline.pages.messages import arguments, name_arguments, plain
from pipeline.pages.model import Page, Table
from pipeline.settings import Settings
from tests.support.packed import column_of, row_of, shares, text_at
from tests.support.parity.csv_rows import rows_of
from tests.support.parity.recomputed import GRADES, Recomputed
from tests.support.parity.tabulated.base import is_hidden

POLICY = Settings()


@pytest.fixture(scope="module")
def o(given: dict) -> Recomputed:
    return Recomputed(given)


@pytest.fixture(scope="module")
def described(district) -> list[Page]:
    return pages_of(district)


@pytest.fixture(scope="module")
def data(site: Path) -> dict:
    """What the single overview carries: every text, bar, tile and rank of every area and period."""
    found = re.search(r'id="data">(.*?)</script>', (site / "single/index.html").read_text("utf-8"), re.S)
    return json.loads(found.group(1))  # type: ignore[union-attr]


def words(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", "", markup)).strip()


# -- pages say what was described -------------------------------------------------------------------------------------
def test_pages_write_their_texts_as_described(site, described, district) -> None:
    for page in described:
        written = (site / page.path).read_text("utf-8").split('id="data"')[0]
        flat = re.sub(r"\s+", "", words(written))
        slots = {key: words(text) for key, text in re.findall(r'data-slot="([^"]+)"[^>]*>(.*?)</(?:span|p|small|h2|dd)>', written, re.S)}
        for slot, text in page.views[0].texts.items():
            if slot in slots:
                assert slots[slot] == plain(text, "zh", district.names), (page.path, slot)
        for block in page.blocks:
            for text in (part for part in (block.title, block.sub, block.foot) if not isinstance(part, str)):
                assert re.sub(r"\s+", "", plain(text, "zh", district.names)) in flat, (page.path, block.id)
        assert len(slots) >= (15 if page.cards else 0), page.path


def test_pages_write_their_tables_as_described(site, described) -> None:
    n = 0
    for page in described:
        written = (site / page.path).read_text("utf-8")
        for table in (piece for b in page.blocks for piece in (*b.body, b.data) if isinstance(piece, Table)):
            body = written[written.index(f'id="{table.id}"') :].split("<tbody>")[1].split("</tbody>")[0]
            rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.S) for row in re.findall(r"<tr.*?</tr>", body, re.S)]
            assert len(rows) == len(table.rows), (page.path, table.id)
            for row, cells in zip(table.rows, rows, strict=True):
                for cell, shown in zip(row.cells, cells, strict=True):
                    assert words(shown).startswith(cell.zh.strip()), (page.path, table.id, row.key)
                    n += 1
    assert n > 3000


def test_every_text_of_every_view_is_embedded_as_described(data, described, district) -> None:
    names = list(data["names"])
    for view in described[0].views:
        for slot, text in view.texts.items():
            found = text_at(data, view.scope.key, slot)
            assert [clause[0] for clause in found] == [clause.key for clause in text], (view.scope, slot)
            for clause, (_, *values) in zip(text, found, strict=True):
                for argument, value in zip(arguments(clause.key), values, strict=True):
                    told = clause.args[argument]
                    shown = named(value, names) if argument in name_arguments(clause.key) else value
                    assert shown == near(told), (view.scope, slot, clause.key, argument)


def named(value: Any, names: list[str]) -> Any:
    """A name by its place, a list of names, or [name, amount] pairs."""
    if isinstance(value, list):
        return [[names[v[0]], v[1]] if isinstance(v, list) else names[v] for v in value]
    return names[value]


def near(value: Any) -> Any:
    """Embedded numbers keep six decimals, amounts one."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return pytest.approx(value, abs=1e-6 if abs(value) < 10 else 0.06)
    if isinstance(value, (list, tuple)):
        return [near(v) for v in value]
    return str(value) if isinstance(value, date) else value


# -- what the script writes itself ------------------------------------------------------------------------------------
READ = frozenset({"tiles", "standing", "ranking", "series", "sparks", "residents", "blindBelow", "ranked"})


def test_no_page_carries_numbers_that_nothing_reads_here(described) -> None:
    assert {name for page in described for name in page.data} == READ


def test_bars_of_every_view_state_the_publication(data, o) -> None:
    """C5's rows: eight columns of a category and its cases; its bounds where they differ. C4's: this period and the one before."""
    types, channels = (data["plots"][chart]["figure"]["layout"]["yaxis"]["categoryarray"] for chart in ("c5", "c4"))
    assert (types, channels) == (o.categories("fraud_type"), o.channels)
    for period in o.periods:
        for area in data["scopes"]:
            for category, packed in zip(types, data["bars"]["c5"][f"{area}|{period}"], strict=True):
                row, expected = row_of(data, "c5", packed), o.by_category("fraud_type", area, period)[category]
                for field in ("n", *(f"{g.lower()}{f}" for g in GRADES for f in "es")):
                    assert row[field] == pytest.approx(expected[field], abs=0.1), (area, period, category, field)
            for channel, packed in zip(channels, data["bars"]["c4"][f"{area}|{period}"], strict=True):
                row, previous = row_of(data, "c4", packed), o.kpi(f"contacts.{channel}", area, period)["previous"]
                assert (row["now"], row["previous"]) == (near(o.contacts(channel, area, period)), near(previous)), (area, period, channel)


def test_contacts_are_sums_of_the_cells(o) -> None:
    """The weekly figures that the others are recomputed from are themselves those of the cells that count."""
    rows = o.rows(
        """SELECT scope, channel, week, sum(value) AS value FROM measurements JOIN within USING (area_id)
           WHERE stands AND kind = 'flow' AND week IS NOT NULL AND channel NOT IN ('losses', 'surveys', 'intercepted_losses') GROUP BY ALL"""
    )
    cells = {(r["scope"], "contacts" if r["channel"] == "contacts" else f"contacts.{r['channel']}", r["week"]): r["value"] for r in rows}
    weekly = {key: r["value"] for key, r in o.volumes.items() if key[1].startswith("contacts")}
    assert {k: v for k, v in cells.items() if k in weekly} == {k: pytest.approx(v) for k, v in weekly.items()}
    assert len(weekly) > 5000


def test_tiles_and_ranks_of_every_period_state_the_publication(data, o) -> None:
    for period, (_, last) in o.periods.items():
        for area, *values in data["tiles"][str(last)]:
            row = o.cover["all", area, last]
            shown = [None if v is None else v / 1e6 for v in values[:3]]
            assert shown == [row[k] if row[k] is None else pytest.approx(row[k], abs=1e-6) for k in ("estimate", "low", "high")][: len(shown)], area
            if len(values) > 1:
                place = -1 if row["estimate"] is None else bisect.bisect_right(POLICY.coverage.bins, row["estimate"])
                assert values[3] == place, area
        assert {row[0] for row in data["tiles"][str(last)]} == set(o.area) - {o.top}
        standing = o.standing(last)
        for shown, moved, row in zip(data["standing"][str(last)], data["ranking"][period], standing, strict=True):
            blind = len(o.blind(row["area"], last, POLICY.coverage.blind_below))
            expected = [row[k] for k in ("area", "best", "worst", "estimate", "low", "high")]
            assert shown == [*map(near, expected), blind, int(row["is_low"])], (period, row["area"])
            assert moved == [near(o.gain(row["area"], period)), near(o.intercepted(row["area"], period)["value"])], (period, row["area"])


def test_weekly_coverage_states_the_publication(data, o) -> None:
    """Blank only where the publication has no estimate, or where the latest week is not drawn yet."""
    for area, columns in data["series"]["coverage"].items():
        for name in ("estimate", "low", "high"):
            for week, shown in zip(o.shown, shares(columns[name]), strict=True):
                expected = None if is_hidden(o, area, week) else o.cover["all", area, week][name]
                assert shown == (expected if expected is None else pytest.approx(expected, abs=1e-6)), (area, week, name)
        for name, counted in (("n_in", "came"), ("n_due", "due")):
            shown = column_of(columns[name], len(o.shown))
            assert shown == [reports_of(o, area, week)[counted] for week in o.shown], (area, name)


def reports_of(o: Recomputed, area: str, week: date) -> dict[str, int]:
    n = o.statuses(area, week, week)
    return {
        "came": sum(n[s] for s in ("on_time", "late", "partial", "zero_report")),
        "due": sum(v for s, v in n.items() if s not in ("not_due", "waived")),
    }


def test_weekly_columns_state_the_publication(data, o) -> None:
    """Every grade, the cases, those without an amount, and the bounds where they differ from the sum."""
    none = dict.fromkeys(("total", *(g.lower() for g in GRADES), "low", "high", "n", "unknown"), 0)
    for area, columns in data["series"]["losses"].items():
        full = {name: column_of(columns.get(name, 0), len(o.shown)) for name in (*(f"{g.lower()}{f}" for g in GRADES for f in "es"), "n", "unknown")}
        for i, week in enumerate(o.shown):
            row = o.weekly_losses.get((area, week), none)
            for grade in (g.lower() for g in GRADES):
                assert full[f"{grade}e"][i] + full[f"{grade}s"][i] == pytest.approx(row[grade], abs=0.2), (area, week, grade)
            assert (full["n"][i], full["unknown"][i]) == (row["n"], row["unknown"]), (area, week)
            for bound in ("low", "high"):
                apart = dict(zip(*columns[bound], strict=True))
                assert apart.get(i, row["total"]) == pytest.approx(row[bound], abs=0.2), (area, week, bound)


def test_sparklines_rise_and_fall_with_their_weeks(data, o) -> None:
    """Heights in tenths of a pixel from the top of a line 34 high: the largest week at 40, the smallest at 300."""
    for area, lines in data["sparks"].items():
        volumes = [r and r["value"] for week in o.shown for r in [o.volumes.get((area, "contacts", week))]]
        rates = []
        for week in o.shown:
            n = o.statuses(area, week, week)
            due = reports_of(o, area, week)["due"]
            rates.append((n["on_time"] + n["zero_report"]) / due if due else None)
        for name, values in (("contacts", volumes), ("on_time_rate", rates)):
            known = [v for v in values if v is not None]
            low, high = min(known), max(known)
            expected = [None if v is None else 300 - 260 * (v - low) / (high - low) if high > low else 300 for v in values]
            assert lines[name] == [v if v is None else pytest.approx(v, abs=0.51) for v in expected], (area, name)


def test_people_and_the_line_of_blind_spots_are_stated(data, o) -> None:
    assert data["residents"] == {a: r["residents"] for a, r in o.area.items() if a != o.top}
    assert (data["blindBelow"], data["ranked"]) == (POLICY.coverage.blind_below, True)


def test_statuses_residents_and_last_activities_lead_to_their_cells(site, o) -> None:
    first, last = o.periods["w13"]
    cells = rows_of(site, "lineage/reports")
    for town in o.towns:
        for status in ("on_time", "late", "partial", "missing"):
            within = [r for r in cells if r["area"] == town and f"status:{status}" in r["parts"].split() and str(first) <= r["week"] <= str(last)]
            assert len(within) == o.statuses(town, first, last)[status], (town, status)
    residents = {r["area"]: (float(r["value"]), r["file"], r["cell"]) for r in rows_of(site, "lineage/residents")}
    places = {a: r for a, r in o.area.items() if r["level"] == "community" and r["residents"] is not None}
    assert residents == {a: (r["residents"], r["population_path"], r["population_cell"]) for a, r in places.items()}
    latest = o.rows(
        """SELECT area_id, max("end")::VARCHAR AS day FROM measurements JOIN areas USING (area_id) WHERE level = 'community' AND stands
           AND week IS NOT NULL AND kind = 'flow' AND high > 0
           AND channel NOT IN ('intercepted_losses', 'losses', 'surveys', 'stop_payments') GROUP BY ALL"""
    )
    assert {(r["area"], r["text"]) for r in rows_of(site, "lineage/activity")} == {(r["area_id"], r["day"]) for r in latest}


def test_the_report_states_the_overview(site) -> None:
    """Text and page use the same numbers and rounding."""
    index, report = ((site / f"{name}.html").read_text("utf-8").split('id="data"')[0] for name in ("index", "report-2026W12"))
    slots = re.compile(r'data-slot="((?:kpi|s|c\d|t1)[^"]*)"[^>]*>(.*?)</(?:span|p|small|h2)>', re.S)
    found, expected = dict(slots.findall(report)), dict(slots.findall(index))
    assert len(found) > 20
    assert found == {key: expected[key] for key in found}
