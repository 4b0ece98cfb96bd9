"""Empty and partial states: what stands where a number cannot, one state a test.

Here: the states as built pages show them, with and without scripts. Not here: the rules of single sentences (test_findings.py).
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline import pages
from pipeline.pages import blocks, findings, trends
from pipeline.pages.district import District
from pipeline.pages.facts import gather
from pipeline.pages.messages import plain
from pipeline.pages.model import Scope
from pipeline.pages.parts import bars
from pipeline.settings import Pages, Settings
from tests.support.pages import frames

AT = datetime(2026, 3, 24, 9, 0)
FOLDER = Settings(pages=Pages(delivery="folder"))
LAST = pl.col("week") == pl.col("week").max()


def texts(html: str) -> dict[str, str]:
    """Slot → its text on the page as it is delivered, before any script."""
    slots = re.findall(r'<(\w+)[^>]*? data-slot="([^"]+)"[^>]*>(.*?)</\1>', html.split('id="data"', maxsplit=1)[0], re.S)
    return {slot: re.sub(r"<[^>]+>", "", text) for _, slot, text in slots}


def built(given: dict, folder: Path, path: str = "index.html") -> str:
    pages.build(given, FOLDER, folder, built_at=AT)
    return (folder / path).read_text("utf-8")


def without(given: dict, town: str) -> dict:
    """The frames with nothing ever received from one town."""
    areas = {"coverage": "area_id", "contacts": "area_id", "weekly_series": "area_id", "loss_cube": "town_id", "events": "town_id"}
    gone = {name: given[name].filter(~pl.col(column).str.starts_with(town)) for name, column in areas.items()}
    return {**given, **gone, "kpis": given["kpis"].filter(pl.col("area_id") != town)}


def uncounted(given: dict) -> dict:
    """The frames with nobody to divide by."""
    rates = pl.when(pl.col("metric") == "coverage").then(None)
    return {
        **given,
        "areas": given["areas"].with_columns(residents=pl.lit(None, pl.Int64)),
        "denominators": given["denominators"].clear(),
        "coverage": given["coverage"].with_columns(estimate=pl.lit(None, pl.Float64), low=pl.lit(None, pl.Float64), high=pl.lit(None, pl.Float64)),
        "kpis": given["kpis"].with_columns(rates.otherwise(pl.col(c)).alias(c) for c in ("value", "low", "high", "change")),
    }


def test_a_scope_without_data_has_sentences_in_its_frames_and_no_axes(small, tmp_path, visit) -> None:
    html = built(without(small, "02"), tmp_path, "area/02.html")
    found = texts(html)
    assert found["c1.none"] == "没有可画的覆盖率（从未报送）。"
    assert found["c2.none"] == "从未有劝阻止付记录。"
    assert (found["c4.none"], found["c5.none"]) == ("本时段没有渠道数据。", "本时段没有劝阻止付记录。")
    assert found["s.trust"].endswith("本期没有金额。")
    assert found["kpi.coverage.firm"].startswith("全区")
    page = visit("index.html", folder=tmp_path).page
    assert page.locator(".nothing:visible").count() == 0
    height = page.locator("#c1").bounding_box()["height"]
    page.evaluate("OUTREACH.show({area: '02'})")
    page.wait_for_function("document.documentElement.dataset.ready.startsWith('02')")
    assert page.locator(".nothing:visible").count() == 4
    assert page.locator("#c1 .nothing a").get_attribute("href") == "quality.html"
    assert not page.locator("#c1 .plot").is_visible()
    assert page.locator("#c1 .plot").bounding_box()["height"] >= 300
    assert page.locator("#c1").bounding_box()["height"] == pytest.approx(height, abs=60)


def test_data_that_ended_say_since_when(small) -> None:
    early = frames(n_weeks=70, n_towns=3)
    until = early["weeks"]["week"].sort()[10]
    kept = pl.col("week") <= until
    given = {
        **early,
        "coverage": early["coverage"].filter(kept),
        "events": early["events"].filter(kept),
        "loss_cube": early["loss_cube"].filter(kept),
    }
    district, scope = District(given, Settings()), Scope("d", "w13")
    found = blocks.nothing_drawn(district, scope, gather(district, scope))
    week = until.isocalendar().week
    for slot in ("c1.none", "c2.none"):
        assert f"（第{week}周）之后没有" in plain(found[slot], "zh", district.names)
    whole = District(small, Settings())
    assert blocks.nothing_drawn(whole, scope, gather(whole, scope)) == {"c1.none": (), "c2.none": ()}


def test_bars_without_data_say_since_when_and_a_reported_zero_stays_a_bar(small) -> None:
    row = {"now": None, "previous": None}
    district, scope = District(small, Settings()), Scope("d", "w13")
    gone = District({**small, "weekly_series": small["weekly_series"].filter(pl.col("week") <= district.weeks[10])}, Settings())
    found = blocks.no_bars(gone, scope, c4=[row], c5=[{"n": 0}])
    week = district.weeks[10].isocalendar().week
    assert plain(found["c4.none"], "zh", district.names).endswith(f"（第{week}周）之后没有渠道数据。")
    assert plain(found["c5.none"], "zh", district.names) == "本时段没有劝阻止付记录。"
    assert blocks.no_bars(district, scope, c4=[row, {"now": 0, "previous": None}], c5w=[{"n": 1}]) == {"c4.none": (), "c5w.none": ()}


@pytest.mark.parametrize(("weeks", "mode"), [(3, "lines+markers"), (5, "lines")])
def test_under_four_weeks_are_points_without_mean_or_comparison(weeks, mode, tmp_path, visit) -> None:
    given = frames(n_weeks=weeks, n_towns=3)
    found = texts(built(given, tmp_path))
    assert found["kpi.cases.change"] == "环比 —（无上期数据）"
    assert trends.losses(District(given, Settings()), "d")["mean4"].is_not_null().any() == (weeks >= trends.MEAN_WEEKS)
    page = visit("index.html", folder=tmp_path).page
    drawn = page.evaluate("OUTREACH.Charts.figureOf('c1', OUTREACH.context(), 600, 300, false).data.map(t => [t.name, t.mode])")
    assert {m for name, m in drawn if name in ("period", "provisional")} == {mode}
    assert {m for name, m in drawn if name in ("low", "high")} == {"lines"}
    means = page.evaluate("OUTREACH.Charts.figureOf('c2', OUTREACH.context(), 600, 300, false).data.filter(t => t.meta?.y === 'mean4').length")
    assert (means > 0) == (weeks >= trends.MEAN_WEEKS)


@pytest.mark.parametrize(("is_open", "shown"), [(False, True), (True, False)])
def test_missing_towns_are_counted_beside_the_value_after_the_deadline(is_open, shown, tmp_path) -> None:
    html = built(frames(n_weeks=30, not_due_last=is_open), tmp_path)
    found = texts(html)
    assert ("9/12 镇街已报" in found["kpi.coverage.firm"]) == shown
    assert found["c1.title"].endswith("（初步）") == shown
    last = re.findall(r'<td class="q-(\w+)">([^<]*)</td></tr>', html)
    assert ("not_due", "未到期") in last or shown
    assert any(status == "missing" for status, _ in last) == shown


def test_a_latest_week_with_under_half_of_its_reports_is_not_drawn(small, tmp_path) -> None:
    status = small["report_status"].with_columns(status=pl.when(LAST & (pl.col("area_id") != "01")).then(pl.lit("missing")).otherwise("status"))
    given = {**small, "report_status": status}
    assert trends.coverage(District(given, Settings()), "d")["estimate"].to_list()[-1] is None
    assert "第12周报送不足一半，暂不显示" in texts(built(given, tmp_path))["c1.foot"]


def test_without_residents_there_are_counts_and_a_dash_for_rates(small, tmp_path) -> None:
    html = built(uncounted(small), tmp_path)
    found = texts(html)
    assert found["s.coverage"] == "覆盖率 —（无常住人口）。"
    assert found["c1.none"] == "没有可画的覆盖率（无常住人口）。"
    assert found["kpi.contacts.value"] != "—"
    titles = re.findall(r'data-tile="\d+" title="([^"]*)"', html)
    assert titles
    assert all("无常住人口" in title for title in titles)
    assert not (tmp_path / "coverage-elderly.html").exists()


def test_a_reported_zero_is_zero_and_nothing_reported_is_a_dash(small) -> None:
    names = District(small, Settings()).names
    assert plain(bars.channel_text(0.0, None, "unit:", 0.01), "zh", names) == "0"
    assert plain(bars.channel_text(None, None, "unit:", 0.01), "zh", names) == "—"


def test_a_changed_definition_is_a_line_that_nothing_is_compared_across(small, tmp_path, visit) -> None:
    change = small["campaigns"].head(1).with_columns(
        campaign_id=pl.lit("counting"), zh=pl.lit("改按户统计"), en=pl.lit("By household"), kind=pl.lit("break"),
        start=pl.lit(date(2026, 1, 5)), end=pl.lit(date(2026, 1, 5)),
    )  # fmt: skip
    broken = pl.col("metric").is_in(["contacts", "cases", "prevented"])
    kpis = small["kpis"].with_columns(
        change=pl.when(broken).then(None).otherwise("change"), note=pl.when(broken).then(pl.lit("definition_break")).otherwise("note")
    )
    given = {**small, "campaigns": pl.concat([small["campaigns"], change]), "kpis": kpis}
    found = texts(built(given, tmp_path))
    assert found["kpi.cases.change"].startswith("环比 —（口径调整）")
    page = visit("index.html", folder=tmp_path).page
    for chart in ("c1", "c2"):
        layout = page.evaluate("id => OUTREACH.Charts.figureOf(id, OUTREACH.context(), 600, 300, false).layout", chart)
        assert [a["text"] for a in layout["annotations"] if a["name"] == "lane:op:counting"] == ["口径调整"]
        assert [s["line"]["dash"] for s in layout["shapes"] if s.get("x0") == "2026-01-05"] == ["solid"]


def test_never_reported_communities_are_hatched_and_counted_in_the_title(site) -> None:
    html = (site / "index.html").read_text("utf-8")
    assert re.search(r'<li class="tile never" data-tile="0901"[^>]*>.*?<b>—</b>', html)
    assert texts(html)["c3.title"].endswith("；1 个社区从未报送")


def test_a_dominating_case_is_named(district) -> None:
    facts = gather(district, Scope("d", "w13"))
    assert findings.is_dominant(facts)
    assert "其中单笔 286.0 万元" in plain(findings.loss_sentence(facts), "zh", district.names)


def test_without_scripts_numbers_tables_and_a_notice_stand(visit) -> None:
    page = visit("index.html", scripts=False).page
    assert page.locator("noscript p").inner_text() != ""
    assert page.locator(".nothing:visible").count() == 0
    assert page.locator("#c1-table tbody tr").count() > 0


DRAWN = """id => { const {data} = document.querySelector(`[data-plot="${id}"]`), last = OUTREACH.data.x.at(-1);
  return data.flatMap(t => t.x.flatMap((x, i) => x === last && t.y[i] !== null ? [t.name] : [])); }"""


@pytest.mark.browser
def test_neither_trend_draws_a_week_with_under_half_of_its_reports(visit, district) -> None:
    """Town 03 handed nothing in for the last week: neither coverage nor prevented losses of that week are drawn, both say so, the table keeps
    what is known."""
    assert district.received("03", district.last) == (0, 1)
    assert district.prevented.weeks["03"]["n"][-1] > 0
    page = visit("index.html", "t=03").page
    assert page.evaluate(DRAWN, "c2") == []
    assert "estimate" not in page.evaluate(DRAWN, "c1")
    assert "第12周报送不足一半" in page.locator("#c1 .source").inner_text()
    assert "第12周报送不足一半，图中暂不显示，表中为已报之数。" in page.locator("#c2 .source").inner_text()
    page.locator("#c2 summary").click()
    assert page.locator("#c2-table tbody tr").first.locator("td").nth(8).inner_text() != "0"
    page.evaluate("OUTREACH.show({area: 'd'})")
    page.wait_for_function("() => document.querySelector('[data-plot=c2]').data.some(t => t.y.at(-1) !== null)")
    assert "报送不足一半" not in page.locator("#c2 .source").inner_text()
