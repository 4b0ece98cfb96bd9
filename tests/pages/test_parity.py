"""Parity: the numbers on pages and in CSVs are those of the published warehouse, recomputed here by SQL that shares no code with the pages."""

from __future__ import annotations

import csv
import io
import json
import math
import re
from datetime import timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pipeline.pages import format as fmt
from tests.support.packed import column_of, row_of, shares, text_at

GRADES = ("P5", "P4", "P3", "P2")


@pytest.fixture(scope="session")
def warehouse(given: dict) -> duckdb.DuckDBPyConnection:
    """The published tables in DuckDB."""
    found = duckdb.connect()
    for name, frame in given.items():
        if frame.height:
            found.register(name, frame.to_arrow())
    return found


@pytest.fixture(scope="session")
def periods(warehouse) -> dict[str, tuple]:
    """Period → its first and last Monday."""
    monday = "date_trunc('week', \"{}\")::DATE"
    rows = warehouse.sql(f"SELECT DISTINCT period, {monday.format('start')}, {monday.format('end')} FROM kpis ORDER BY ALL").fetchall()
    return {period: (first, last) for period, first, last in rows}


@pytest.fixture(scope="session")
def data(site: Path) -> dict:
    """What the single overview carries: every text, bar, tile and rank of every area and period."""
    html = (site / "single/index.html").read_text("utf-8")
    return json.loads(re.search(r'id="data">(.*?)</script>', html, re.S).group(1))  # type: ignore[union-attr]


def csv_rows(site: Path, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((site / f"data/{name}.csv").read_text("utf-8-sig"))))


def scoped(area: str, column: str) -> str:
    return "true" if area == "d" else f"{column} = '{area}'"


def test_cards_of_every_view_state_the_warehouse(data, warehouse, periods) -> None:
    """Cases and amounts from the events, coverage and its change from the coverage table, reports from their statuses."""
    areas = data["scopes"]
    for period, (first, last) in periods.items():
        for area in areas:
            scope = f"{area}|{period}"
            within = f"week BETWEEN DATE '{first}' AND DATE '{last}'"
            n, value, exact = warehouse.sql(
                f"SELECT sum(n_cases), sum(value), count(*) FILTER (firmness = 'exact') FROM events WHERE {within} AND {scoped(area, 'town_id')}"
            ).fetchone()  # type: ignore[misc]
            assert text_at(data, scope, "kpi.cases.value")[0][1] == n, scope
            assert text_at(data, scope, "kpi.prevented.value")[0][1] == pytest.approx(value, abs=0.1), scope
            assert text_at(data, scope, "kpi.cases.firm")[0][1] == exact, scope
            estimate = warehouse.sql(f"SELECT estimate FROM coverage WHERE audience = 'all' AND area_id = '{area}' AND week = DATE '{last}'")
            assert text_at(data, scope, "kpi.coverage.value")[0][1] == pytest.approx(estimate.fetchone()[0], abs=1e-6), scope  # type: ignore[index]
            on_time, due, missing = warehouse.sql(
                f"""SELECT count(*) FILTER (status IN ('on_time', 'zero_report')), count(*) FILTER (status NOT IN ('not_due', 'waived')),
                    count(*) FILTER (status = 'missing') FROM report_status WHERE {within} AND {scoped(area, "area_id")}"""
            ).fetchone()  # type: ignore[misc]
            assert text_at(data, scope, "kpi.on_time_rate.value")[0][1] == pytest.approx(on_time / due, abs=1e-6), scope
            assert text_at(data, scope, "q1.missing")[0][1:] == [missing, due], scope


def test_grades_of_every_view_add_up_from_the_events(data, warehouse, periods) -> None:
    """C5's rows: eight columns of a category, its bounds and its cases."""
    categories = data["plots"]["c5"]["figure"]["layout"]["yaxis"]["categoryarray"]
    for period, (first, last) in periods.items():
        found = warehouse.sql(
            f"""SELECT scope, CASE WHEN fraud_type IN {tuple(categories)} THEN fraud_type ELSE 'other' END AS category,
                       sum(n_cases)::INT AS n, {", ".join(f"coalesce(sum(value) FILTER (grade = '{g}'), 0) AS {g}" for g in GRADES)}
                FROM (SELECT *, unnest([town_id, 'd']) AS scope FROM events)
                WHERE week BETWEEN DATE '{first}' AND DATE '{last}' GROUP BY ALL"""
        ).pl()
        known = {(r["scope"], r["category"]): r for r in found.iter_rows(named=True)}
        for area in data["scopes"]:
            for category, packed in zip(categories, data["bars"]["c5"][f"{area}|{period}"], strict=True):
                row = row_of(data, "c5", packed)
                expected = known.get((area, category), dict.fromkeys((*GRADES, "n"), 0))
                assert row["n"] == expected["n"], (area, period, category)
                for grade in GRADES:
                    low = grade.lower()
                    assert row[f"{low}e"] + row[f"{low}s"] == pytest.approx(expected[grade], abs=0.2), (area, period, category, grade)


def test_tiles_and_ranks_of_every_period_state_the_warehouse(data, warehouse, periods) -> None:
    for period, (first, last) in periods.items():
        cover = dict(warehouse.sql(f"SELECT area_id, estimate FROM coverage WHERE audience = 'all' AND week = DATE '{last}'").fetchall())
        assert {row[0]: None if row[1] is None else row[1] / 1e6 for row in data["tiles"][str(last)]} == {
            area: None if cover[area] is None else pytest.approx(cover[area], abs=1e-6) for area in cover if area != "d"
        }
        ranks = warehouse.sql(
            f"""WITH towns AS (FROM coverage WHERE audience = 'all' AND week = DATE '{last}' AND length(area_id) = 2)
                SELECT area_id, 1 + (SELECT count(*) FROM towns o WHERE o.low > t.high), 12 - (SELECT count(*) FROM towns o WHERE o.high < t.low),
                       (SELECT coalesce(sum(value), 0) FROM events WHERE town_id = t.area_id AND week BETWEEN DATE '{first}' AND DATE '{last}')
                FROM towns t"""
        ).fetchall()
        order = [(area, best, worst) for area, best, worst, *_ in data["standing"][str(last)]]
        shown = {area: (best, worst, loss) for (area, best, worst), (_, loss) in zip(order, data["ranking"][period], strict=True)}
        assert shown == {area: (best, worst, pytest.approx(loss, abs=0.1)) for area, best, worst, loss in ranks}


def test_contacts_of_every_view_are_sums_of_the_cells(data, warehouse, periods) -> None:
    channels = data["plots"]["c4"]["figure"]["layout"]["yaxis"]["categoryarray"]
    for period, (first, last) in periods.items():
        rows = warehouse.sql(
            f"""SELECT scope, channel, sum(value) FROM (SELECT *, unnest([left(area_id, 2), 'd']) AS scope FROM measurements)
                WHERE stands AND week BETWEEN DATE '{first}' AND DATE '{last}' GROUP BY ALL"""
        ).fetchall()
        known = {(scope, channel): value for scope, channel, value in rows}
        for area in data["scopes"]:
            for channel, packed in zip(channels, data["bars"]["c4"][f"{area}|{period}"], strict=True):
                assert row_of(data, "c4", packed)["now"] == pytest.approx(known[area, channel]), (area, period, channel)


def test_weekly_coverage_states_the_warehouse(data, warehouse) -> None:
    rows = warehouse.sql("SELECT area_id, week::VARCHAR, estimate, low, high FROM coverage WHERE audience = 'all'").fetchall()
    known = {(area, week): values for area, week, *values in rows}
    for area, columns in data["series"]["coverage"].items():
        for name, value in (("estimate", 0), ("low", 1), ("high", 2)):
            for week, shown in zip(data["weeks"], shares(columns[name]), strict=True):
                expected = known[area, week][value]
                assert shown is None or shown == pytest.approx(expected, abs=1e-6), (area, week, name)
        assert shares(columns["estimate"])[0] is not None


def test_weekly_columns_state_the_warehouse(data, warehouse) -> None:
    rows = warehouse.sql(
        "SELECT scope, week::VARCHAR, sum(value), sum(n_cases) FROM (SELECT *, unnest([town_id, 'd']) AS scope FROM events) GROUP BY ALL"
    ).fetchall()
    known = {(scope, week): (value or 0, n) for scope, week, value, n in rows}
    for area, columns in data["series"]["losses"].items():
        full = {name: column_of(v, len(data["weeks"])) for name, v in columns.items() if re.fullmatch("p.[es]|n", name)}
        for i, week in enumerate(data["weeks"]):
            total = sum(values[i] for name, values in full.items() if name != "n")
            assert (total, full["n"][i]) == (pytest.approx(known.get((area, week), (0, 0))[0], abs=0.5), known.get((area, week), (0, 0))[1])


@pytest.mark.parametrize(
    ("name", "sql"),
    [
        ("coverage", "SELECT sum(estimate), sum(low), sum(high), count(*) FROM coverage WHERE audience = 'all' AND length(area_id) <= 2"),
        ("communities", "SELECT sum(estimate), sum(low), sum(high), count(*) FROM coverage WHERE audience = 'all' AND length(area_id) > 2"),
        ("losses", "SELECT sum(value), sum(low), sum(high), count(*) FROM loss_cube"),
        ("towns", "SELECT sum(value), sum(low), sum(high), count(*) FROM kpis WHERE length(area_id) <= 2"),
        ("channels", "SELECT sum(value), sum(low), sum(high), count(*) FROM kpis WHERE metric LIKE 'contacts%'"),
        ("months", "SELECT sum(value), sum(low), sum(high), count(*) FROM month_kpis"),
        (
            "channel_weeks",
            """SELECT sum(value), sum(low), sum(high), count(*) FROM (
                SELECT metric, week, scope, sum(value) AS value, sum(low) AS low, sum(high) AS high
                FROM (SELECT *, unnest([left(area_id, 2), 'd']) AS scope FROM weekly_series) WHERE metric LIKE 'contacts%' GROUP BY ALL)""",
        ),
    ],
)
def test_csvs_hold_the_warehouse_whole(site, warehouse, name, sql) -> None:
    rows = csv_rows(site, name)
    columns = ("estimate" if "estimate" in rows[0] else "value", "low", "high")
    sums = [sum(float(r[c]) for r in rows if r[c]) for c in columns]
    assert [*sums, len(rows)] == [pytest.approx(v, rel=1e-9) for v in warehouse.sql(sql).fetchone()]


def test_tables_of_the_other_pages_state_the_warehouse(site, warehouse, periods) -> None:
    """Grades and firmness of the losses page, rates of the quality page, as they are written."""
    first, last = periods["w13"]
    within = f"week BETWEEN DATE '{first}' AND DATE '{last}'"
    losses, quality = ((site / f"{page}.html").read_text("utf-8") for page in ("losses", "quality"))
    for grade, n, value in warehouse.sql(f"SELECT grade, sum(n_cases), coalesce(sum(value), 0) FROM events WHERE {within} GROUP BY 1").fetchall():
        row = re.search(rf'<tr data-row="{grade or "none"}">(.*?)</tr>', losses[losses.index('id="grades-table"') :], re.S)
        texts = re.findall(r">([^<>]+)</(?:button|td|span)>", row.group(1))  # type: ignore[union-attr]
        assert texts[1:3] == [fmt.show(n, "n", "zh"), fmt.show(value, "money", "zh")], grade
    for firmness, n in warehouse.sql(f"SELECT firmness, sum(n_cases) FROM events WHERE {within} GROUP BY 1").fetchall():
        assert f'data-part="firmness:{firmness}" data-en="{int(n)} case' in losses
    rates = warehouse.sql(
        f"""SELECT area_id, avg((status IN ('on_time', 'late', 'partial', 'zero_report'))::INT), avg((status IN ('on_time', 'zero_report'))::INT),
                   1 - sum(items_missing) / sum(items_due)
            FROM report_status WHERE {within} AND status NOT IN ('not_due', 'waived') GROUP BY 1"""
    ).fetchall()
    for area, received, on_time, filled in rates:
        row = re.search(rf'<tr data-row="{area}">(.*?)</tr>', quality[quality.index('id="rates-table"') :], re.S).group(1)  # type: ignore[union-attr]
        assert re.findall(r">([\d.]+%)<", row) == [fmt.show(rate, "pct", "zh") for rate in (received, on_time, filled)]


def cells_of(site: Path, page: str, table: str) -> dict[str, list[str]]:
    html = (site / f"{page}.html").read_text("utf-8")
    found = html[html.index(f'id="{table}"') :].split("</table>", maxsplit=1)[0]
    rows = re.findall(r'<tr data-row="([^"]*)">(.*?)</tr>', found, re.S)
    return {key: [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.S)] for key, row in rows}


def test_the_month_to_date_is_of_the_events_of_its_days(site, warehouse) -> None:
    """Cases, amount, mean and median of the 1st to the last Sunday, of the same days of the month and of the year before."""
    spans = [("2026-03-01", "2026-03-22"), ("2026-02-01", "2026-02-22"), ("2025-03-01", "2025-03-22")]
    told = [
        warehouse.sql(
            f"SELECT count(*), sum(value), avg(value), median(value) FROM events WHERE first_date BETWEEN DATE '{a}' AND DATE '{b}'"
        ).fetchone()
        for a, b in spans
    ]
    rows = cells_of(site, "losses", "month-table")
    for place, (metric, kind) in enumerate((("cases", "n"), ("prevented", "money"), ("prevented.mean", "money"), ("prevented.median", "money"))):
        expected = [fmt.show(values[place], kind, "zh") for values in told]
        assert [rows[metric][i] for i in (1, 3, 4)] == expected, metric


def test_a_case_s_amount_is_of_the_cases_that_state_one(site, warehouse, periods) -> None:
    first, last = periods["w13"]
    within = f"week BETWEEN DATE '{first}' AND DATE '{last}' AND value IS NOT NULL"
    mean, median = warehouse.sql(f"SELECT sum(value) / count(*), median(value) FROM events WHERE {within}").fetchone()
    rows = cells_of(site, "losses", "percase-table")
    assert [rows[f"prevented.{name}"][1] for name in ("mean", "median")] == [fmt.show(v, "money", "zh") for v in (mean, median)]


def hows_of(site: Path, page: str, table: str) -> dict[tuple[str, str], str]:
    """(row, metric of its cells) → the sum that a number of a table is made of, for numbers made of others."""
    html = (site / f"{page}.html").read_text("utf-8")
    found = html[html.index(f'id="{table}"') :].split("</table>", maxsplit=1)[0]
    rows = re.findall(r'<tr data-row="([^"]*)">(.*?)</tr>', found, re.S)
    return {
        (key, f"{num}.{i}"): how for key, row in rows for i, (num, how) in enumerate(re.findall(r'data-num="([^"]+)"[^>]*? data-how="([^"]*)"', row))
    }


def test_numbers_made_of_others_name_what_they_are_made_of(site, warehouse, periods) -> None:
    """T1: both ends of a change, the communities below the line, amount and residents; Q2: the first publication."""
    first, last = periods["w13"]
    told = warehouse.sql(
        f"""SELECT area_id, (SELECT estimate FROM coverage c WHERE audience = 'all' AND c.area_id = a.area_id AND week = DATE '{last}'),
                   (SELECT estimate FROM coverage c WHERE audience = 'all' AND c.area_id = a.area_id AND week = DATE '{first}' - 7),
                   (SELECT count(*) FROM coverage c JOIN areas p USING (area_id)
                    WHERE audience = 'all' AND p.parent_id = a.area_id AND week = DATE '{last}' AND estimate < 0.4),
                   (SELECT sum(value) FROM events WHERE town_id = a.area_id AND week BETWEEN DATE '{first}' AND DATE '{last}'), residents
            FROM areas a WHERE level = 'town'"""
    ).fetchall()
    hows = hows_of(site, "index", "t1-table")
    assert len(told) == 12
    for area, now, before, blind, loss, residents in told:
        expected = [f"期末 {fmt.show(now, 'pct', 'zh')} − 期初 {fmt.show(before, 'pct', 'zh')} = {fmt.show(now - before, 'pp', 'zh')}"]
        expected += [f"{blind} 个社区的覆盖率低于 40%（盲区线）"] if blind else []
        made = f"预防损失 {fmt.show(loss, 'money', 'zh')} ÷ 常住人口 {fmt.show(residents, 'n', 'zh')} 人"
        expected += [f"{made} = 人均 {fmt.show(loss / residents, 'fixed1', 'zh')} 元"]
        assert [how for (key, _), how in hows.items() if key == area] == expected
    for week, value, now in warehouse.sql("SELECT week::VARCHAR, first_value, value FROM revisions").fetchall():
        [how] = [how for (key, _), how in hows_of(site, "quality", "q2-table").items() if key == week]
        assert f"{fmt.show(value, 'money', 'zh')}，现为 {fmt.show(now, 'money', 'zh')}，相差 {fmt.show(now - value, 'money', 'zh')}" in how


def test_paces_rates_and_changes_name_what_they_are_made_of(site, warehouse, periods) -> None:
    """C7: both ends over the weeks, and the gap to the target; T3 and C8: the contacts and the residents; operations: both spans."""
    first, last = periods["w13"]
    ends = """SELECT area_id, any_value(estimate) FILTER (week = DATE '{1}'), any_value(estimate) FILTER (week = DATE '{0}' - 7)
              FROM coverage JOIN areas USING (area_id) WHERE audience = 'all' AND level = 'town' GROUP BY 1"""
    hows = hows_of(site, "coverage", "c7-table")
    for area, now, before in warehouse.sql(ends.format(first, last)).fetchall():
        pace, gap = (now - before) / 13, 0.75 - now
        told = [how for (key, _), how in hows.items() if key == area]
        span = f"期末 {fmt.show(now, 'pct', 'zh')} − 期初 {fmt.show(before, 'pct', 'zh')}"
        assert told[0] == f"（{span}）÷ 13 周 = 每周 {fmt.show(pace, 'pp', 'zh')}"
        weeks = math.ceil(gap / pace) if gap > 0 and pace > 0 else 0
        assert len(told) == 1 + (0 < weeks <= 52)
        assert all(how.endswith(f"进到整周 = {weeks} 周") for how in told[1:])
    people = dict(warehouse.sql("SELECT area_id, residents FROM areas").fetchall())
    sums = warehouse.sql(
        f"""SELECT channel, left(area_id, 2), sum(value) FROM measurements
            WHERE stands AND kind = 'flow' AND week BETWEEN DATE '{first}' AND DATE '{last}' GROUP BY ALL"""
    ).fetchall()
    weekly = warehouse.sql("SELECT channel, week::VARCHAR, sum(value) FROM measurements WHERE stands AND kind = 'flow' GROUP BY ALL").fetchall()
    heat, trend = hows_of(site, "channels", "t3-table"), hows_of(site, "channels", "c8-table")
    order = list(dict.fromkeys(key for key, _ in heat))
    made = {}
    for c, a, n in (row for row in sums if row[0] in order):
        shown, whom, rate = fmt.show(n, "n", "zh"), fmt.show(people[a], "n", "zh"), fmt.show(100 * n / people[a], "fixed1", "zh")
        made[c, a] = f"{shown} {{}} ÷ 常住人口 {whom} 人 × 100 = 每百名 {rate}"
    towns = sorted({a for _, a in made})
    for (key, cell), how in heat.items():
        assert re.sub(r" \S* ÷", " {} ÷", how) == made[key, towns[int(cell.rsplit(".", 1)[1])]]
    expected = {(week, c): (n, 100 * n / people["d"]) for c, week, n in weekly if c in order}
    assert trend
    for (week, cell), how in trend.items():
        n, rate = expected[week, cell.split(".")[1]]
        assert how.startswith(fmt.show(n, "n", "zh") + " ")
        assert how.endswith(fmt.show(rate, "fixed1", "zh"))
    changes = hows_of(site, "channels", "ops-table")
    assert {key.rsplit(":", 1)[0] for key, _ in changes} == {"op:day100", "op:spring25"}
    for (key, _), how in changes.items():
        now, before = (float(n.replace(",", "")) for n in re.findall(r"(?:本期|之前) ([\d,]+)", how))
        assert how.endswith(fmt.show(now / before - 1, "change", "zh")), key


def test_counts_of_reports_residents_and_last_activities_lead_to_their_cells(site, warehouse, periods) -> None:
    first, last = periods["w13"]
    statuses = warehouse.sql(
        f"SELECT area_id, status, count(*) FROM report_status WHERE week BETWEEN DATE '{first}' AND DATE '{last}' GROUP BY ALL"
    ).fetchall()
    cells = csv_rows(site, "lineage/reports")
    for area, status, n in statuses:
        within = [r for r in cells if r["area"] == area and f"status:{status}" in r["parts"].split() and str(first) <= r["week"] <= str(last)]
        assert len(within) == (0 if status == "not_due" else n), (area, status)
    residents = {r["area"]: (float(r["value"]), r["file"], r["cell"]) for r in csv_rows(site, "lineage/residents")}
    stated = warehouse.sql("SELECT area_id, residents, population_path, population_cell FROM areas WHERE level = 'community'").fetchall()
    assert residents == {area: (n, path, cell) for area, n, path, cell in stated if n is not None}
    days = {(r["area"], r["text"]) for r in csv_rows(site, "lineage/activity")}
    latest = warehouse.sql(
        """SELECT area_id, max("end")::VARCHAR FROM measurements JOIN areas USING (area_id) WHERE level = 'community' AND stands AND week IS NOT NULL
           AND kind = 'flow' AND high > 0 AND channel NOT IN ('intercepted_losses', 'losses', 'surveys', 'stop_payments') GROUP BY ALL"""
    ).fetchall()
    assert days == set(latest)
    linked = re.findall(r'data-num="activity" data-area="(\w+)" data-week="all" data-how="[^"]+ = 0 天"', (site / "coverage.html").read_text("utf-8"))
    assert set(linked) == {area for area, day in latest if day == str(last + timedelta(days=6))}


def test_weekly_tables_and_operations_state_the_warehouse(site, warehouse, periods) -> None:
    """C6 and C8 week by week with their bounds, and each channel in an operation and in the equal span before."""
    last = periods["w13"][1]
    cover = warehouse.sql(
        f"SELECT area_id, estimate, low, high FROM coverage WHERE audience = 'all' AND week = DATE '{last}' AND length(area_id) = 2 ORDER BY 2 DESC"
    ).fetchall()
    shown = cells_of(site, "coverage", "c6-table")[str(last)][1:]
    assert sorted(shown) == sorted(f"{fmt.show(v, 'pct', 'zh')} {fmt.span(low, high, 'pct0', 'zh')}" for _, v, low, high in cover)
    residents = warehouse.sql("SELECT residents FROM areas WHERE level = 'district'").fetchone()[0]
    html = (site / "channels.html").read_text("utf-8")
    order = re.findall(r'data-num="contacts\.(\w+)" data-week', html[html.index('id="c8-table"') :].split("</tr>")[1])
    rates = dict(
        warehouse.sql(
            f"SELECT channel, 100 * sum(value) / {residents} FROM measurements WHERE stands AND week = DATE '{last}' AND kind = 'flow' GROUP BY 1"
        ).fetchall()
    )
    told = cells_of(site, "channels", "c8-table")[str(last)][1:]
    assert [text.split("（")[0] for text in told if text != "—"] == [fmt.show(rates[channel], "fixed1", "zh") for channel in order]
    rows = cells_of(site, "channels", "ops-table")
    assert {key.rsplit(":", 1)[0] for key in rows} == {period for period in periods if period.startswith("op:")}
    for key, row in rows.items():
        op, channel = key.rsplit(":", 1)
        first, end = periods[op]
        [n] = warehouse.sql(
            f"SELECT sum(value) FROM measurements WHERE stands AND channel = '{channel}' AND week BETWEEN DATE '{first}' AND DATE '{end}'"
        ).fetchone()
        came, due = warehouse.sql(
            f"""SELECT count(*) FILTER (status IN ('on_time', 'late', 'partial', 'zero_report')),
                       count(*) FILTER (status NOT IN ('not_due', 'waived'))
                FROM report_status WHERE week BETWEEN DATE '{first}' AND DATE '{end}'"""
        ).fetchone()
        assert row[3] == fmt.show(n, "n", "zh"), key
        assert row[5] == f"{came}/{due}", key


def test_the_report_states_the_overview(site) -> None:
    """Text and page use the same numbers and rounding."""
    index, report = ((site / f"{name}.html").read_text("utf-8").split('id="data"')[0] for name in ("index", "report-2026W12"))
    slots = re.compile(r'data-slot="((?:kpi|s|c\d|t1)[^"]*)"[^>]*>(.*?)</(?:span|p|small|h2)>', re.S)
    found, expected = dict(slots.findall(report)), dict(slots.findall(index))
    assert len(found) > 20
    assert found == {key: expected[key] for key in found}


def test_the_warehouse_of_this_test_is_not_empty(given) -> None:
    assert all(given[name].height for name in ("events", "coverage", "report_status", "measurements"))
    assert given["events"].select(pl.col("value").sum()).item() > 1e7
