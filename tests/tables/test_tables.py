from __future__ import annotations

from datetime import date, datetime

import polars as pl
import pytest

from pipeline.tables.base import TableFault, TableSpec, all_tables, published_tables, table
from tests.support.settling import File, number, settled

TABLES = list(all_tables().values())


@pytest.mark.parametrize("spec", TABLES, ids=lambda s: s.name)
def test_a_table_says_what_a_row_is_what_was_changed_and_what_not_to_assume(spec: TableSpec) -> None:
    assert ": one row is " in spec.title
    assert "\nChanged: " in spec.doc
    assert "\nNot to be assumed: " in spec.doc
    assert not spec.title.isascii(), "the title starts with the Chinese name"


@pytest.mark.parametrize("spec", TABLES, ids=lambda s: s.name)
def test_every_column_is_described_and_every_number_has_a_unit(spec: TableSpec) -> None:
    for column in spec.columns:
        assert column.zh, column.name
        assert column.description, column.name
        assert (column.unit is not None) == column.dtype.is_numeric(), column.name
        assert column.name.startswith(("is_", "has_", "stands", "over_")) or column.dtype != pl.Boolean(), column.name


@pytest.mark.parametrize("spec", TABLES, ids=lambda s: s.name)
def test_rules_are_named_as_true_statements(spec: TableSpec) -> None:
    for rule in spec.rules:
        assert "_" in rule, rule
        assert any(word in rule.split("_") for word in ("is", "are", "have", "has", "end", "stands", "ends", "do", "belong", "name")), rule


@pytest.mark.parametrize("spec", TABLES, ids=lambda s: s.name)
def test_an_empty_frame_is_a_valid_table(spec: TableSpec) -> None:
    assert spec.check(spec.empty()).is_empty()


def test_only_the_pipelines_own_tables_are_kept_back() -> None:
    kept_back = set(all_tables()) - set(published_tables())
    assert kept_back == {
        f"read_{n}"
        for n in ("files", "measurements", "rejections", "set_aside", "tables", "entries", "totals", "typed_changes", "counts", "zero_reports")
    }


def test_an_unknown_table_names_the_known_ones() -> None:
    with pytest.raises(KeyError, match="weekly_cube"):
        table("weekly_cubes")


def test_sql_carries_keys_types_and_quotes() -> None:
    assert table("build").create_sql() == 'CREATE OR REPLACE TABLE "build" (\n  "key" VARCHAR NOT NULL,\n  "value" VARCHAR\n)'
    comments = table("kpis").comment_sql()
    assert comments[0].startswith('COMMENT ON TABLE "kpis" IS \'关键指标: one row is')
    assert any("[in the row''s unit]" in c for c in comments)


# -- rules that hold --------------------------------------------------------------------------------------------------


def measurements() -> pl.DataFrame:
    return settled(File("a.xlsx", [number("城关派出所", 40000), number("东关所", None, row=5)])).measurements.sort("cell")


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"stands_reason": pl.lit("tied")}, "what_stands_has_no_reason_against_it"),
        ({"stands": pl.lit(False)}, "what_stands_has_no_reason_against_it"),
        ({"stands": pl.lit(False), "stands_reason": pl.lit("whim")}, "stands_reason_is_known"),
        ({"precision": pl.lit("missing")}, "missing_numbers_have_no_value_and_a_reason"),
        ({"reason": pl.lit(None, pl.String)}, "missing_numbers_have_no_value_and_a_reason"),
        ({"low": pl.lit(-1.0)}, "numbers_are_not_negative"),
        ({"low": pl.lit(9e9)}, "bounds_are_in_order"),
        ({"end": pl.lit(date(2020, 1, 1))}, "periods_end_after_they_start"),
        ({"week": pl.lit(date(2026, 3, 17))}, "week_is_a_monday"),
        ({"grade": pl.lit("P2")}, "grades_are_of_money"),
        ({"grade": pl.lit("P9")}, "grade_is_known"),
        ({"kind": pl.lit("level")}, "kind_is_flow_or_stock"),
        ({"measurement_id": pl.lit("same")}, "primary_key"),
        ({"value": pl.lit(float("nan"))}, "value"),
        ({"subject_id": pl.lit(None, pl.String)}, "subject_id"),
    ],
)
def test_a_broken_rule_is_named(change: dict[str, pl.Expr], rule: str) -> None:
    good = table("measurements").check(measurements())
    with pytest.raises(TableFault, match=rule):
        table("measurements").check(good.with_columns(**change))


@pytest.mark.parametrize(
    ("dtype", "is_taken"),
    [(pl.Int32, True), (pl.UInt32, True), (pl.Float32, True), (pl.Null, True), (pl.String, False), (pl.Boolean, False)],
)
def test_types_are_widened_and_never_narrowed(dtype: type[pl.DataType], is_taken: bool) -> None:
    frame = table("denominators").check(
        pl.DataFrame([("a1", "all", 5.0, "常住人口", 2025, "a.xlsx", "s", "B3")], schema=table("denominators").polars_schema, orient="row")
    )
    changed = frame.with_columns(year=pl.Series([None if dtype == pl.Null else 1], dtype=pl.Int8).cast(dtype))
    if is_taken and dtype != pl.Float32:
        assert table("denominators").check(changed).schema["year"] == pl.Int64
    else:
        with pytest.raises(TableFault, match="year"):
            table("denominators").check(changed)


def test_times_with_a_zone_are_refused() -> None:
    spec = table("publications")
    row = {**dict.fromkeys(spec.polars_schema), "build_id": "b", "metric": "m", "area_id": "a", "week": date(2026, 3, 16)}
    naive = pl.DataFrame([{**row, "published_at": datetime(2026, 3, 23)}]).select(*spec.polars_schema)
    assert spec.check(naive).height == 1
    with pytest.raises(TableFault, match="published_at"):
        spec.check(naive.with_columns(pl.col("published_at").dt.replace_time_zone("Asia/Shanghai")))
