"""Every number leads to its cells: rows of lineage add up to what the pages publish."""

from __future__ import annotations

import csv
import io
import itertools
from dataclasses import replace
from datetime import timedelta

import polars as pl
import pytest

from pipeline.pages import lineage, surveyed
from pipeline.pages.build import pages_of
from pipeline.pages.contributions import Store, averaging, stores
from pipeline.pages.district import District
from pipeline.pages.model import Num, Page, Scope, linked_numbers
from pipeline.settings import Settings
from tests.support.page_html import embedded, linked


def total_of(store: Store, rows: pl.DataFrame) -> float:
    rows = rows.filter("is_counted")
    if averaging(store.metric) == 2:
        return float(rows["value"].median())  # pyright: ignore[reportArgumentType]
    total = (rows["value"].fill_null(0) * rows["weight"]).sum()
    return float(total) / float(rows["weight"].sum()) if averaging(store.metric) else float(total)


def test_lineage_rows_reproduce_every_published_number(district) -> None:
    """Headlines and channels of every area and period, and every week of the trend charts."""
    for store in stores(district):
        for period, area in itertools.product(district.periods, district.scopes):
            row = district.kpi.get((store.metric, area, period.id))
            if row is not None and row["value"] is not None:
                found = total_of(store, lineage.within(store, district, Num(store.metric), Scope(area, period.id)))
                assert found == pytest.approx(row["value"], rel=1e-9), (store.metric, area, period.id)
    cells = {store.metric: store for store in stores(district)}
    scope = Scope("03", "w13")
    for i, week in enumerate(district.weeks[-52:], start=len(district.weeks) - 52):
        found = {m: total_of(cells[m], lineage.within(cells[m], district, Num(m, week=str(week)), scope)) for m in ("prevented", "cases")}
        assert found["prevented"] == pytest.approx(district.prevented.weeks["03"]["value"][i])
        assert found["cases"] == district.prevented.weeks["03"]["n"][i]


@pytest.mark.parametrize(("dimension", "prefix"), [("fraud_type", "type"), ("way", "way")])
def test_lineage_of_a_part_reproduces_its_bar(district, dimension, prefix) -> None:
    store = next(s for s in stores(district) if s.metric == "prevented")
    bars = district.prevented.period_bars(dimension, district.default_period)
    for area, category in itertools.product(("d", "07"), district.prevented.categories(dimension)):
        num = Num("prevented", area, part=f"{prefix}:{category}")
        found = total_of(store, lineage.within(store, district, num, Scope("d", "w13")))
        assert found == pytest.approx(bars[area].get(category, {"value": 0})["value"])
        strong = replace(num, part=f"{num.part}+grade:P4")
        held = bars[area].get(category, {"p4e": 0, "p4s": 0})
        assert total_of(store, lineage.within(store, district, strong, Scope("d", "w13"))) == pytest.approx(held["p4e"] + held["p4s"])


def test_a_listed_case_leads_to_its_own_cells(given, district) -> None:
    store = next(s for s in stores(district) if s.metric == "prevented")
    for event_id, value in district.prevented.listed.select("event_id", "value").iter_rows():
        rows = lineage.within(store, district, Num("prevented", part=f"event:{event_id}"), Scope("d", "w13"))
        assert total_of(store, rows) == value
        assert rows.height == given["event_legs"].filter(event_id=event_id).height


@pytest.fixture(scope="module")
def described(district) -> dict[str, Page]:
    """The pages before they are drawn, by the names of their single files."""
    return {page.path.replace("/", "-").removesuffix(".html"): page for page in pages_of(district)}


@pytest.mark.parametrize("path", ["index", "coverage", "channels", "losses", "quality", "area-03"])
def test_every_linked_number_of_a_single_file_carries_its_cells(site, described, path) -> None:
    """Those of the page as it is sent, and those of its data tables, which the script links when a table is opened."""
    html = (site / "single" / f"{path}.html").read_text("utf-8")
    data = embedded(html)
    area, period = data["default"].split("|")
    asked = linked(html.split('id="data"')[0])
    later = [num for block in described[path].blocks for num in linked_numbers(block) if not num.is_fine]
    asked |= {(num.metric, num.area, num.week, num.part) for num in later}
    assert len(asked) > 5
    for metric, own, week, part in asked:
        store = data["lineage"][metric]
        if "picks" in store:
            facts, rows = store["picks"][f"{own or area}|{week or period}|{part}"]
            assert facts[0] == 0 or rows, (metric, own, week, part)
        else:
            assert store["n"] > 0


def test_an_event_counts_once_at_its_highest_grade(given, district) -> None:
    legs = given["event_legs"].filter("is_counted")
    assert legs["event_id"].n_unique() == legs.height
    events = given["events"]
    last = pl.col("week").is_between(district.default_period.first, district.default_period.last)
    split = sum(district.prevented.weeks["d"][c][-13:].sum() for c in ("p5e", "p5s", "p4e", "p4s", "p3e", "p3s", "p2e", "p2s"))
    assert split == pytest.approx(events.filter(last)["value"].sum())


def test_unknown_amounts_are_counted_and_never_imputed(given, district) -> None:
    unknown = given["events"].filter(pl.col("value").is_null() & (pl.col("week") >= district.default_period.first))
    assert district.prevented.weeks["d"]["n_without_value"][-13:].sum() == unknown.height > 0


@pytest.mark.parametrize("metric", ["cases", "prevented", "contacts", "on_time_rate"])
def test_counts_are_never_told_by_community(site, metric) -> None:
    rows = csv.DictReader(io.StringIO((site / f"data/lineage/{metric}.csv").read_text("utf-8-sig")))
    assert {len(r["area"]) for r in rows} == {2}


@pytest.mark.parametrize(("method", "way"), [("survey", None), ("overlaps", "宣传单+宣讲")])
def test_coverage_that_a_survey_gives_leads_to_its_answers(small, method, way) -> None:
    """A town's coverage by a survey is of the answers, not of its communities; the district's is still of communities."""
    like = small["measurements"].row(0, named=True)
    end = small["weeks"]["week"].max() + timedelta(days=6)
    own = {"form": "surveys", "channel": "surveys", "path": "示例/抽样.xlsx", "sheet": "抽样", "area_id": "01", "subject_id": "01", "unit": "人",
           "record_id": "s1", "start": end, "end": end, "way": way, "audience": None, "stands": True, "week": None}  # fmt: skip
    given = [("sampled", 200.0, "B4"), ("reached", 130.0, "D4")]
    cells = [{**like, **own, "measurement_id": f"{m}{way}", "measure": m, "value": v, "low": v, "high": v, "cell": c} for m, v, c in given]
    is_own = (pl.col("area_id") == "01") & (pl.col("audience") == "all")
    frames = {
        **small,
        "measurements": pl.concat([small["measurements"], pl.DataFrame(cells, schema=small["measurements"].schema)]),
        "coverage": small["coverage"].with_columns(
            method=pl.when(is_own).then(pl.lit(method)).otherwise("method"),
            estimate=pl.when(is_own & (method == "survey")).then(0.65).otherwise("estimate"),
        ),
    }
    district = District(frames, Settings())
    store = next(s for s in stores(district) if s.metric == "coverage")
    scope = Scope("d", "w13")
    for area, is_answered in (("01", True), ("02", False), ("0101", False), ("d", False)):
        facts, rows = lineage.picked(lineage.largest_first(store), district, Num("coverage", area), scope)
        estimate = district.cover[area, district.last]["estimate"]
        assert facts[3] / facts[6] == pytest.approx(estimate), area
        assert facts[7:] == ([method] if is_answered else []), area
        assert (rows[0][2] == "D4 ÷ B4") == is_answered
    assert surveyed.method_text(district, "01", district.last)[0].key == f"c1.method.{method}"


@pytest.mark.parametrize("period", ["w4", "w13", "op:day100"])
def test_the_span_before_leads_to_its_own_cells(district, period) -> None:
    """What a number is compared with: the equal span before, and the same days of the running month."""
    cells = {store.metric: store for store in stores(district)}
    for metric, area in itertools.product(("cases", "prevented", "prevented.mean", "prevented.median", "contacts.leaflets"), ("d", "03")):
        rows = lineage.within(cells[metric], district, Num(metric, area, f"before:{period}"), Scope("d", "w13"))
        assert total_of(cells[metric], rows) == pytest.approx(district.kpi[metric, area, period]["previous"]), (metric, area)
        now = lineage.within(cells[metric], district, Num(metric, area, period), Scope("d", "w13"))
        assert total_of(cells[metric], now) == pytest.approx(district.kpi[metric, area, period]["value"]), (metric, area)
    for metric, (column, part) in itertools.product(
        ("cases", "prevented", "prevented.mean", "prevented.median"),
        (("value", "month:2026-03"), ("previous", "until:2026-02"), ("year_before", "until:2025-03")),
    ):
        rows = lineage.within(cells[metric], district, Num(metric, "03", "all", part), Scope("d", "w13"))
        assert total_of(cells[metric], rows) == pytest.approx(district.month_kpi[metric, "03", "2026-03"][column]), (metric, column)
