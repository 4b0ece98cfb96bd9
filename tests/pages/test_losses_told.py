"""What pages tell of losses: with and without recorded cases, beside prevented ones, before and after an operation."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import polars as pl
import pytest

from pipeline import pages
from pipeline.pages import format as fmt
from pipeline.pages import lineage, trends
from pipeline.pages.contributions import effect_spans, stores
from pipeline.pages.district import District
from pipeline.pages.model import Num, Scope
from pipeline.settings import Pages as PagePolicy
from pipeline.settings import Settings
from tests.support.page_html import cells_of, embedded
from tests.support.pages import frames

LATER = datetime(2026, 3, 24, 9, 0)


@pytest.fixture(scope="module")
def lossy() -> dict[str, pl.DataFrame]:
    """Three towns, thirty weeks, with recorded cases."""
    return frames(n_weeks=30, n_towns=3, with_losses=True)


@pytest.fixture(scope="module")
def lossy_site(lossy, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("losses")
    pages.build(lossy, Settings(), folder, built_at=LATER)
    return folder


def test_actual_losses_change_the_notice(site, lossy_site) -> None:
    notice = "未提供案件损失"
    assert notice in (site / "index.html").read_text("utf-8")
    assert notice not in (lossy_site / "index.html").read_text("utf-8")


def test_actual_losses_stand_beside_prevented_ones_with_both_rates(lossy, lossy_site) -> None:
    district, html = District(lossy, Settings()), (lossy_site / "losses.html").read_text("utf-8")
    events = lossy["events"].filter(pl.col("week") >= district.default_period.first)
    lost = float(lossy["actual_losses"].filter(pl.col("week") >= district.default_period.first)["value"].sum())
    rates = cells_of(html, "rate-table")
    for key, grades in (("prevention_rate", ["P2", "P3", "P4", "P5"]), ("prevention_rate.P3plus", ["P3", "P4", "P5"])):
        kept = float(events.filter(pl.col("grade").is_in(grades))["value"].sum())
        assert rates[key][1:4] == [fmt.show(kept, "money", "zh"), fmt.show(lost, "money", "zh"), fmt.show(kept / (kept + lost), "pct", "zh")]
    weekly = cells_of(html, "c11-table")
    assert weekly[str(district.last)][1] == fmt.show(3 * 3 * 90_000.0, "money", "zh")
    own = embedded((lossy_site / "single/losses.html").read_text("utf-8"))["lineage"]["losses.amount"]
    facts, rows = own["picks"][f"{district.top}|{district.last}|"]
    assert facts[3] == 3 * 3 * 90_000.0
    assert rows


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
