"""What pages tell, and when: the sample, changes, findings, surveys, ranks, deadlines, target groups. Losses: test_losses_told.py."""

from __future__ import annotations

import csv
import io
import re
from datetime import datetime

import polars as pl
import pytest

from pipeline import pages
from pipeline.pages import format as fmt
from pipeline.settings import Coverage, Settings
from pipeline.settings import Pages as PagePolicy
from pipeline.tables.base import published_tables
from tests.support.page_html import cells_of
from tests.support.pages import framed, frames

LATER = datetime(2026, 3, 24, 9, 0)


def test_sample_pages_say_so_and_real_ones_do_not(site, tmp_path) -> None:
    assert all("示例数据" in p.read_text("utf-8") for p in [*site.glob("*.html"), *site.glob("single/*.html")])
    pages.build(frames(n_weeks=30, n_towns=3, is_sample=False), Settings(pages=PagePolicy(delivery="folder")), tmp_path, built_at=LATER)
    assert "示例数据：" not in (tmp_path / "index.html").read_text("utf-8").split('id="data"')[0]


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
    pages.build(frames(n_weeks=30, not_due_last=True), Settings(pages=PagePolicy(delivery="folder")), tmp_path, built_at=LATER)
    text = (tmp_path / "index.html").read_text("utf-8").split('id="data"')[0]
    assert "第12周报送未截止，已报 9/12" in re.sub(r"</?b>", "", text)
    assert "第12周 3 个镇街缺报" not in re.sub(r"</?b>", "", text)


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


def test_tile_bins_follow_the_settings(small, tmp_path) -> None:
    coverage = Coverage(bins=(0.3, 0.5, 0.9), blind_below=0.3, target=0.9)
    pages.build(small, Settings(coverage=coverage, pages=PagePolicy(delivery="folder")), tmp_path, built_at=LATER)
    text = (tmp_path / "index.html").read_text("utf-8")
    assert "盲区 &lt;30" in text
    assert "≥90" in text


def test_an_empty_warehouse_gives_a_page_that_says_what_to_do(tmp_path) -> None:
    empty = {name: spec.empty() for name, spec in published_tables().items()}
    empty["build"] = framed("build", [{"key": "build_id", "value": "none"}, {"key": "is_sample", "value": "false"}])
    pages.build(empty, Settings(), tmp_path, built_at=LATER)
    text = (tmp_path / "index.html").read_text("utf-8")
    assert "还没有可以统计的数据" in text
    assert "示例数据：" not in text.split('id="data"')[0]


def test_a_comparison_says_how_many_towns_it_leaves_out(small, tmp_path) -> None:
    left = small["kpis"].with_columns(n_left_out=pl.when(pl.col("area_id") == "d").then(2).otherwise("n_left_out"))
    pages.build({**small, "kpis": left}, Settings(pages=PagePolicy(delivery="folder")), tmp_path, built_at=LATER)
    assert "（2 个镇街不可比）" in (tmp_path / "index.html").read_text("utf-8")
