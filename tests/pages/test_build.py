"""Files of a build: repeatable, complete, safe to open in a spreadsheet, traceable, replaced one by one."""

from __future__ import annotations

import csv
import io
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import warnings
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
import pytest

from pipeline import pages
from pipeline.pages import csvs, library, lineage, surveyed, trends
from pipeline.pages import format as fmt
from pipeline.pages.build import pages_of
from pipeline.pages.contributions import Store, averaging, effect_spans, stores
from pipeline.pages.district import District
from pipeline.pages.model import Num, Page, Scope, linked_numbers
from pipeline.settings import Coverage, Settings
from pipeline.settings import Pages as PagePolicy
from pipeline.tables.base import published_tables
from tests.support.page_budgets import packed, weigh
from tests.support.pages import framed, frames

LATER = datetime(2026, 3, 24, 9, 0)
PERSONAL = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)\d{17}[\dXx](?!\d)")


def content(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def embedded(html: str) -> dict:
    return json.loads(re.search(r'id="data">(.*?)</script>', html, re.S).group(1))  # type: ignore[union-attr]


def test_two_builds_differ_in_the_build_line_only(small, tmp_path) -> None:
    for name, at in (("a", LATER), ("b", LATER), ("c", LATER + timedelta(hours=1))):
        pages.build(small, Settings(), tmp_path / name, built_at=at)
    assert content(tmp_path / "a") == content(tmp_path / "b")
    lines = {
        name: [re.sub(r'<span class="built".*?</span>', "", p.read_text("utf-8")) for p in sorted((tmp_path / name).rglob("*.html"))] for name in "ac"
    }
    assert lines["a"] == lines["c"]


OTHER_PROCESS = """
import sys
from datetime import datetime
from pathlib import Path
from pipeline import pages
from pipeline.settings import Settings
from tests.support.pages import frames
pages.build(frames(n_weeks=30, n_towns=3), Settings(), Path(sys.argv[1]), built_at=datetime.fromisoformat(sys.argv[2]))
"""


def test_another_process_builds_the_same_bytes(small, tmp_path) -> None:
    """Hashes of texts differ from process to process: an order that depends on a set would show."""
    pages.build(small, Settings(), tmp_path / "here", built_at=LATER)
    command = [sys.executable, "-c", OTHER_PROCESS, str(tmp_path / "there"), LATER.isoformat()]
    subprocess.run(command, check=True, cwd=Path(__file__).parents[2], env={**os.environ, "PYTHONHASHSEED": "12345"}, timeout=120)
    assert content(tmp_path / "here") == content(tmp_path / "there")


def test_every_page_is_there_in_both_deliveries(site) -> None:
    names = {"index", "coverage", "coverage-elderly", "channels", "losses", "quality", "glossary", "report-2026W12"}
    assert {p.stem for p in site.glob("*.html")} == names
    assert len(list((site / "area").glob("*.html"))) == 12
    assert len(list((site / "single").glob("*.html"))) == len(names) - 1 + 12, "the single coverage page holds its groups"


def test_every_page_keeps_its_budget(site) -> None:
    weights = weigh(site)
    assert {w.path for w in weights} >= {p.relative_to(site).as_posix() for p in site.rglob("*.html")}
    assert [w for w in weights if not w.is_kept] == []


def test_all_scopes_of_the_overview_keep_its_budget(site) -> None:
    """In the folder the data of scopes not shown first lie in a script of their own: together they may weigh what a single file may carry."""
    assert packed(embedded((site / "index.html").read_text("utf-8"))) + (site / "data/index.js").stat().st_size <= 200_000


def test_sample_pages_say_so_and_real_ones_do_not(site, tmp_path) -> None:
    assert all("示例数据" in p.read_text("utf-8") for p in [*site.glob("*.html"), *site.glob("single/*.html")])
    pages.build(frames(n_weeks=30, n_towns=3, is_sample=False), Settings(), tmp_path, built_at=LATER)
    assert "示例数据：" not in (tmp_path / "index.html").read_text("utf-8").split('id="data"')[0]


def total_of(store: Store, rows: pl.DataFrame) -> float:
    rows = rows.filter("is_counted")
    if averaging(store.metric) == 2:
        return float(rows["value"].median())  # pyright: ignore[reportArgumentType]
    total = (rows["value"].fill_null(0) * rows["weight"]).sum()
    return float(total) / float(rows["weight"].sum()) if averaging(store.metric) else float(total)


def test_lineage_rows_reproduce_every_published_number(given) -> None:
    """Headlines and channels of every area and period, and every week of the trend charts."""
    district = District(given, Settings())
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
def test_lineage_of_a_part_reproduces_its_bar(given, dimension, prefix) -> None:
    district = District(given, Settings())
    store = next(s for s in stores(district) if s.metric == "prevented")
    bars = district.prevented.period_bars(dimension, district.default_period)
    for area, category in itertools.product(("d", "07"), district.prevented.categories(dimension)):
        num = Num("prevented", area, part=f"{prefix}:{category}")
        found = total_of(store, lineage.within(store, district, num, Scope("d", "w13")))
        assert found == pytest.approx(bars[area].get(category, {"value": 0})["value"])
        strong = replace(num, part=f"{num.part}+grade:P4")
        held = bars[area].get(category, {"p4e": 0, "p4s": 0})
        assert total_of(store, lineage.within(store, district, strong, Scope("d", "w13"))) == pytest.approx(held["p4e"] + held["p4s"])


def test_changes_since_the_publication_before_are_counted_and_listed(site, given, tmp_path) -> None:
    news = "上次发布（3月16日 12:30）以来：新增 11 · 更正 13 · 撤回 1"
    assert f'<a href="quality.html#changes" data-en="Since 16 Mar 12:30: 11 new · 13 revised · 1 withdrawn">{news}</a>' in (
        site / "index.html"
    ).read_text("utf-8")
    assert "quality.html#changes" not in (site / "single/index.html").read_text("utf-8")
    rows = list(csv.DictReader(io.StringIO((site / "data/changes.csv").read_text("utf-8-sig"))))
    assert [r["kind"] for r in rows] == ["withdrawn"] + ["revised"] * 13 + ["new"] * 11
    assert all(float(r["old_value"]) == pytest.approx(0.9 * float(r["value"])) for r in rows if r["kind"] == "revised" and r["value"])
    quality = (site / "quality.html").read_text("utf-8")
    table = quality[quality.index('id="changes-table"') : quality.index('id="settings-table"')]
    assert table.count("<tr data-row") == len(rows)
    assert "coverage.target" not in table
    settings = quality[quality.index('id="settings-table"') :].split("</table>")[0]
    assert re.findall(r"<td[^>]*>([^<]*)</td>", settings) == ["coverage.target", "0.7", "0.75", "读取程序版本", "0", "1"]
    facts = given["build"].filter(~pl.col("key").str.starts_with("previous_"))
    pages.build({**given, "build": facts}, Settings(pages=PagePolicy(delivery="folder")), tmp_path, built_at=LATER)
    assert 'class="news"' not in (tmp_path / "index.html").read_text("utf-8")
    assert "首次发布" in (tmp_path / "quality.html").read_text("utf-8")


def test_findings_are_grouped_by_rule_and_unit_with_their_places(site) -> None:
    html = (site / "quality.html").read_text("utf-8")
    rows = cells_of(html, "issues-table")
    severity, unit, n, _, places, _ = next(row for row in rows.values() if row[-1] == "number_is_not_lost")
    assert (severity, n) == ("错误", "5")
    assert unit == "示例/2026W12_03周报.xlsx"
    assert places == "；".join(f"示例/2026W12_03周报.xlsx › 周报 › E{i}" for i in (1, 2, 3)) + "；另 2 处"
    assert "8 条待核实，归为 4 组" in html
    assert [row[2:] for row in cells_of(html, "impossible-table").values()] == [
        ["1", "发放 5,200 多于印制 4,000", "示例/2026W12_07周报.xlsx › 周报 › C8", "high_risk_warnings_are_among_warnings"]
    ]
    (confirmed,) = cells_of(html, "confirmed-table").values()
    assert all(word in confirmed[1] for word in ("含上年结转", "王科", "2026-12-31"))
    listed = list(csv.DictReader(io.StringIO((site / "data/issues.csv").read_text("utf-8-sig"))))
    assert sum(r["rule"] == "number_is_not_lost" for r in listed) == 5


def test_survey_samples_stand_alone_and_small_ones_say_nothing(site, given, tmp_path) -> None:
    rows = cells_of((site / "coverage.html").read_text("utf-8"), "awareness-table")
    assert [row[7] for row in rows.values()] == ["合格", "不合格", "样本不足"]
    assert [row[5] for row in rows.values()] == ["96.0%", "70.0%", "87.5%"]
    assert all(row[8].startswith("示例/知晓率.xlsx › 知晓率 › C") for row in rows.values())
    small = given["awareness"].with_columns(area_id=pl.lit("0101"))
    pages.build({**given, "awareness": small}, Settings(pages=PagePolicy(delivery="folder")), tmp_path, built_at=LATER)
    rows = cells_of((tmp_path / "coverage.html").read_text("utf-8"), "awareness-table")
    assert [row[5] for row in rows.values()] == ["96.0%", "70.0%", "—"]


def test_a_listed_case_leads_to_its_own_cells(given) -> None:
    district = District(given, Settings())
    store = next(s for s in stores(district) if s.metric == "prevented")
    for event_id, value in district.prevented.listed.select("event_id", "value").iter_rows():
        rows = lineage.within(store, district, Num("prevented", part=f"event:{event_id}"), Scope("d", "w13"))
        assert total_of(store, rows) == value
        assert rows.height == given["event_legs"].filter(event_id=event_id).height


@pytest.fixture(scope="module")
def described(given) -> dict[str, Page]:
    """The pages before they are drawn, by the names of their single files."""
    return {page.path.replace("/", "-").removesuffix(".html"): page for page in pages_of(District(given, Settings()))}


def linked(html: str) -> set[tuple[str, ...]]:
    found = re.findall(r'data-num="([^"]+)"(?: data-area="([^"]*)")?(?: data-week="([^"]*)")?(?: data-part="([^"]*)")?', html)
    return set(found)


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


def test_an_event_counts_once_at_its_highest_grade(given) -> None:
    district = District(given, Settings())
    legs = given["event_legs"].filter("is_counted")
    assert legs["event_id"].n_unique() == legs.height
    events = given["events"]
    last = pl.col("week").is_between(district.default_period.first, district.default_period.last)
    split = sum(district.prevented.weeks["d"][c][-13:].sum() for c in ("p5e", "p5s", "p4e", "p4s", "p3e", "p3s", "p2e", "p2s"))
    assert split == pytest.approx(events.filter(last)["value"].sum())


def test_unknown_amounts_are_counted_and_never_imputed(given) -> None:
    district = District(given, Settings())
    unknown = given["events"].filter(pl.col("value").is_null() & (pl.col("week") >= district.default_period.first))
    assert district.prevented.weeks["d"]["n_without_value"][-13:].sum() == unknown.height > 0


def test_csv_is_what_excel_expects(site) -> None:
    raw = (site / "data/coverage.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert raw.count(b"\r\n") == raw.count(b"\n")
    rows = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert {"low", "high", "provisional"} <= set(rows[0])
    assert all(float(r["low"]) <= float(r["estimate"]) <= float(r["high"]) for r in rows if r["estimate"])
    assert {"grade", "firmness", "low", "high"} <= set((site / "data/losses.csv").read_text("utf-8-sig").splitlines()[0].split(","))


def test_never_reported_is_empty_and_not_zero_in_csv(site) -> None:
    rows = [r for r in csv.DictReader(io.StringIO((site / "data/communities.csv").read_text("utf-8-sig"))) if r["area"] == "五福"]
    assert rows
    assert {r["estimate"] for r in rows} == {""}


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@cmd", "\tx"])
def test_text_that_looks_like_a_formula_is_neutralised(text) -> None:
    assert csvs.encoded(["a"], [[text]]).decode("utf-8-sig").splitlines()[1].strip('"').startswith("'")
    assert csvs.safe(-3.5) == -3.5


HOSTILE = {"白鹭镇": '<img src=x onerror=alert(1)>"', "柳溪镇": "</script><script>alert(2)</script>", "石泉镇": "=HYPERLINK(1)", "永安": "'\"><b>x"}


def test_names_from_sheets_never_become_markup(tmp_path) -> None:
    pages.build(frames(n_weeks=30, n_towns=9, rename=HOSTILE), Settings(), tmp_path, built_at=LATER)
    for path in [*tmp_path.glob("*.html"), *tmp_path.glob("single/*.html"), *tmp_path.glob("data/**/*.js")]:
        text = path.read_text("utf-8")
        assert "<img src=x" not in text, path
        assert "<script>alert(2)" not in text, path
    assert ",=HYPERLINK" not in (tmp_path / "data/coverage.csv").read_text("utf-8-sig")


def test_no_personal_data_in_any_file(site) -> None:
    found = {p.name: m.group() for p in site.rglob("*") if p.suffix in (".html", ".csv", ".js") and "plotly" not in p.name
             and "single" not in p.parts and (m := PERSONAL.search(re.sub(r"[0-9a-f]{16,}|\d+\.\d+", "", p.read_text("utf-8"))))}  # fmt: skip
    assert found == {}


def test_rankings_off_removes_order_and_superlatives(given, tmp_path) -> None:
    pages.build(given, Settings(pages=PagePolicy(rankings="off", delivery="folder")), tmp_path, built_at=LATER)
    text = (tmp_path / "index.html").read_text("utf-8").split('id="data"')[0]
    table = text[text.index('id="t1-table"') : text.index("</table>", text.index('id="t1-table"'))]
    assert "data-sort" not in table
    assert "名次" not in table
    assert re.findall(r'<tr data-row="(\d+)"', table) == [f"{n:02}" for n in range(1, 13)]
    assert "个镇街区间上界低于全区" in text
    assert "最多" not in text
    assert "偏低" in table


def test_case_list_can_be_switched_off(small, tmp_path) -> None:
    pages.build(small, Settings(pages=PagePolicy(case_list="off", delivery="folder")), tmp_path, built_at=LATER)
    assert 'id="t4"' not in (tmp_path / "losses.html").read_text("utf-8")
    assert not (tmp_path / "single").exists()


def test_before_the_deadline_nobody_is_called_missing(tmp_path) -> None:
    pages.build(frames(n_weeks=30, not_due_last=True), Settings(), tmp_path, built_at=LATER)
    text = (tmp_path / "index.html").read_text("utf-8").split('id="data"')[0]
    assert "第12周报送未截止，已报 9/12" in re.sub(r"</?b>", "", text)
    assert "第12周 3 个镇街缺报" not in re.sub(r"</?b>", "", text)


def test_actual_losses_change_the_notice(site, tmp_path) -> None:
    notice = "未提供案件损失"
    assert notice in (site / "index.html").read_text("utf-8")
    pages.build(frames(n_weeks=30, n_towns=3, with_losses=True), Settings(), tmp_path, built_at=LATER)
    assert notice not in (tmp_path / "index.html").read_text("utf-8")


def cells_of(html: str, table: str) -> dict[str, list[str]]:
    """Row key → texts of a table's cells."""
    found = html[html.index(f'id="{table}"') :].split("</table>", maxsplit=1)[0]
    rows = re.findall(r'<tr data-row="([^"]*)">(.*?)</tr>', found, re.S)
    return {key: [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<td.*?</td>", row, re.S)] for key, row in rows}


def test_actual_losses_stand_beside_prevented_ones_with_both_rates(tmp_path) -> None:
    given = frames(n_weeks=30, n_towns=3, with_losses=True)
    pages.build(given, Settings(), tmp_path, built_at=LATER)
    district, html = District(given, Settings()), (tmp_path / "losses.html").read_text("utf-8")
    events = given["events"].filter(pl.col("week") >= district.default_period.first)
    lost = float(given["actual_losses"].filter(pl.col("week") >= district.default_period.first)["value"].sum())
    rates = cells_of(html, "rate-table")
    for key, grades in (("prevention_rate", ["P2", "P3", "P4", "P5"]), ("prevention_rate.P3plus", ["P3", "P4", "P5"])):
        kept = float(events.filter(pl.col("grade").is_in(grades))["value"].sum())
        assert rates[key][1:4] == [fmt.show(kept, "money", "zh"), fmt.show(lost, "money", "zh"), fmt.show(kept / (kept + lost), "pct", "zh")]
    weekly = cells_of(html, "c11-table")
    assert weekly[str(district.last)][1] == fmt.show(3 * 3 * 90_000.0, "money", "zh")
    own = embedded((tmp_path / "single/losses.html").read_text("utf-8"))["lineage"]["losses.amount"]
    facts, rows = own["picks"][f"{district.top}|{district.last}|"]
    assert facts[3] == 3 * 3 * 90_000.0
    assert rows


def test_target_groups_have_pages_of_their_own_numbers(site, given) -> None:
    html = (site / "coverage-elderly.html").read_text("utf-8")
    assert re.findall(r'<a class="button" href="([^"]+)"( aria-current="page")?', html) == [
        ("coverage.html", ""),
        ("coverage-elderly.html", ' aria-current="page"'),
    ]
    row = given["coverage"].filter(audience="elderly", area_id="d").sort("week").row(-1, named=True)
    assert f"老年人：云麓区覆盖率 {fmt.show(row['estimate'], 'pct', 'zh')}" in re.sub(r"</?b>", "", html)
    n_places = given["areas"].filter(pl.col("parent_id").is_in(["01", "02", "03"])).height
    assert f"，仅据 {n_places}/60 个社区" in html
    town = given["coverage"].filter(audience="elderly", area_id="01").sort("week").row(-1, named=True)
    assert re.search(r'data-rate="01">([^<]*)<', html).group(1) == fmt.show(town["estimate"], "pct0", "zh")  # type: ignore[union-attr]
    assert re.search(r'data-rate="04">([^<]*)<', html).group(1) == "—"  # type: ignore[union-attr]
    assert set(cells_of(html, "c7-table")) == {"01", "02", "03"}
    places = cells_of(html, "t2-table")
    people = given["denominators"].filter(audience="elderly", area_id="0101")["n"].item()
    assert places["0101"][4] == fmt.show(people, "n", "zh")
    assert places["0401"][2] == "—"
    assert 'data-num="coverage.elderly" data-area="0101"' in html
    assert 'data-num="coverage"' not in html
    assert "coverage-" not in (site / "index.html").read_text("utf-8")


@pytest.mark.parametrize(("largest", "towers"), [(2_860_000.0, False), (9_000_000.0, True)])
def test_only_a_towering_case_can_be_left_out(largest, towers) -> None:
    district = District(frames(n_weeks=60, n_towns=3, largest=largest), Settings())
    found = trends.lead(district, "d")
    assert (found is not None) == towers
    if found:
        place, column, value, ticks = found
        assert value == largest
        assert district.prevented.weeks["d"][column][-52:][place] >= largest
        assert ticks[-1] < largest / 2


@pytest.mark.parametrize("weeks", [1, 3, 14])
def test_a_short_history_still_makes_every_page(weeks, tmp_path) -> None:
    written = pages.build(frames(n_weeks=weeks, n_towns=3), Settings(), tmp_path, built_at=LATER)
    assert {"index.html", "losses.html", "quality.html", "manifest.json"} <= {w.path for w in written}


def test_tile_bins_follow_the_settings(small, tmp_path) -> None:
    pages.build(small, Settings(coverage=Coverage(bins=(0.3, 0.5, 0.9), blind_below=0.3, target=0.9)), tmp_path, built_at=LATER)
    text = (tmp_path / "index.html").read_text("utf-8")
    assert "盲区 &lt;30" in text
    assert "≥90" in text


def test_library_is_the_recorded_one_and_falls_back_with_a_warning(tmp_path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        basic = library.library()
    assert len(basic) < 1_250_000
    assert library.version(basic) == "4.1.1"
    shutil.copytree(library.VENDOR, tmp_path / "vendor")
    (tmp_path / "vendor" / library.NAME).write_bytes(b"/* plotly.js v4.1.2 */")
    with pytest.warns(library.LibraryWarning, match="differs"):
        assert len(library.library(tmp_path / "vendor")) > 4_000_000
    (tmp_path / "vendor" / library.NAME).unlink()
    with pytest.warns(library.LibraryWarning, match="missing"):
        library.library(tmp_path / "vendor")


def test_publishing_replaces_file_by_file_and_keeps_side_files_one_round(small, tmp_path) -> None:
    target = tmp_path / "dashboards"
    rounds = []
    for n in range(3):
        temp = tmp_path / str(n)
        pages.build(small, Settings(pages=PagePolicy(delivery="both" if n == 0 else "folder")), temp, built_at=LATER + timedelta(days=n))
        pages.publish(temp, target)
        rounds.append((target / "single/index.html").is_file())
    assert rounds == [True, True, False]
    manifest = json.loads((target / "manifest.json").read_text("utf-8"))
    assert all((target / path).is_file() for path in manifest["files"])
    assert not list(target.rglob(".*"))


def test_an_empty_warehouse_gives_a_page_that_says_what_to_do(tmp_path) -> None:
    empty = {name: spec.empty() for name, spec in published_tables().items()}
    empty["build"] = framed("build", [{"key": "build_id", "value": "none"}, {"key": "is_sample", "value": "false"}])
    pages.build(empty, Settings(), tmp_path, built_at=LATER)
    text = (tmp_path / "index.html").read_text("utf-8")
    assert "还没有可以统计的数据" in text
    assert "示例数据：" not in text.split('id="data"')[0]


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
def test_the_span_before_leads_to_its_own_cells(given, period) -> None:
    """What a number is compared with: the equal span before, and the same days of the running month."""
    district = District(given, Settings())
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


def test_an_operation_s_change_is_told_only_where_its_weeks_have_the_power(tmp_path) -> None:
    given = frames(n_towns=3, with_losses=True)
    pages.build(given, Settings(pages=PagePolicy(delivery="folder")), tmp_path, built_at=LATER)
    html = (tmp_path / "losses.html").read_text("utf-8")
    rows = cells_of(html, "effects-table")
    assert rows["spring25"][3:6] == ["−12%", "−30%–+10%", "81%"]
    assert rows["spring25"][6] == "区间含零，看不出升降"
    assert rows["day100"][3:6] == ["—", "—", "31%"]
    assert rows["day100"][6].startswith("数据不足以判断")
    assert "前后各需 40 周" in rows["day100"][6]
    assert "数据不足以判断百日专项行动期间案件数是否变化" in html
    assert "导致" not in html
    district = District(given, Settings())
    store = next(s for s in stores(district) if s.metric == "losses.cases")
    for row in given["campaign_effects"].iter_rows(named=True):
        for part, first, last in effect_spans(row):
            found = lineage.within(store, district, Num("losses.cases", week="all", part=part), Scope("d", "w13"))
            assert found.height == store.cells.filter(pl.col("week").is_between(first, last)).height > 0


def test_without_recorded_cases_nothing_is_said_of_operations(site) -> None:
    assert "effects-table" not in (site / "losses.html").read_text("utf-8")


def test_a_comparison_says_how_many_towns_it_leaves_out(small, tmp_path) -> None:
    left = small["kpis"].with_columns(n_left_out=pl.when(pl.col("area_id") == "d").then(2).otherwise("n_left_out"))
    pages.build({**small, "kpis": left}, Settings(pages=PagePolicy(delivery="folder")), tmp_path, built_at=LATER)
    assert "（2 个镇街不可比）" in (tmp_path / "index.html").read_text("utf-8")
