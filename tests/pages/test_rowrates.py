from __future__ import annotations

import polars as pl
import pytest

from pipeline.pages import quality, rowrates
from pipeline.pages.district import District
from pipeline.pages.messages import plain
from pipeline.pages.model import Table
from pipeline.settings import Settings


def told(given: dict, **changed: pl.DataFrame) -> tuple[str, list[list[str]]]:
    """Title and cells of the card, heads first; nothing where there is no card."""
    district = District(given | changed, Settings())
    blocks = rowrates.blocks_of(district)
    if not blocks:
        return "", []
    (table,) = blocks[0].body
    heads = [plain(head.label, "zh", district.names) for head in table.columns]
    return plain(blocks[0].title, "zh", district.names), [heads, *([cell.zh for cell in row.cells] for row in table.rows)]


def kept(given: dict, rows: pl.Expr) -> pl.DataFrame:
    return given["kpis"].filter(rows)


def test_each_ratio_stands_beside_what_it_rests_on(small):
    title, rows = told(small)
    assert title == "一场宣讲平均 60.0 人次（11 场）　预警处置率 96.2%（677 条）"
    assert rows[0] == ["镇街", "场均人数，近13周", "区间", "所据场次", "预警处置率，近13周", "区间", "所据预警"]
    assert rows[1][1:] == ["60.0", "60.0–63.0", "11", "96.2%", "精确", "677"]
    assert rows[3][4:] == ["—", "—", "—"]  # the second town states no warnings


def test_where_only_monthly_sheets_state_it_the_latest_month_is_shown(small):
    month = small["month_kpis"].head(1).with_columns(
        metric=pl.lit("handling_rate"), area_id=pl.lit("d"), period=pl.lit("2026-02"), value=pl.lit(None, pl.Float64), low=0.5, high=0.75,
        unit=pl.lit("1"), n_records=pl.lit(40, pl.Int64),
    )  # fmt: skip
    neither = kept(small, ~pl.col("metric").is_in(list(rowrates.KINDS)))
    title, rows = told(small, kpis=neither, month_kpis=pl.concat([small["month_kpis"], month.select(small["month_kpis"].columns)]))
    assert rows[0][1:] == ["预警处置率，2026-02", "区间", "所据预警"]
    assert rows[1][1:] == ["—", "50.0%–75.0%", "40"]
    assert title == "场均人数和预警处置率，及其所据的场次、预警数"  # no figure, so none in the title


def test_nobody_who_states_both_counts_no_card(small):
    assert told(small, kpis=kept(small, ~pl.col("metric").is_in(list(rowrates.KINDS)))) == ("", [])


@pytest.mark.parametrize(("published", "tables"), [(True, 1), (False, 0)])
def test_revision_rates_stand_once_something_was_published(small, published, tables):
    rates = small["revision_rates"] if published else small["revision_rates"].clear()
    district = District(small | {"revision_rates": rates}, Settings())
    found = [piece for piece in quality.revision_block(district).body if isinstance(piece, Table)]
    assert len(found) == tables
    if published:
        assert [[cell.zh for cell in row.cells] for row in found[0].rows] == [
            ["劝阻止付起数", "169", "13", "7.7%"], ["受众人次", "169", "0", "0.0%"], ["宣传覆盖率", "169", "91", "53.8%"],
            ["预防损失", "169", "26", "15.4%"],
        ]  # fmt: skip


def test_items_filled_stand_between_the_rates_and_the_counts(small):
    district = District(small, Settings())
    (table,) = quality.rates_block(district).body
    assert [plain(head.label, "zh", district.names) for head in table.columns][3] == "数据项完整率"
    assert {row.cells[3].zh for row in table.rows} == {"87.5%"}
