from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

import polars as pl
import pytest

from pipeline import measures
from pipeline.measures import decided, registry, taxonomy
from pipeline.measures.build import STEPS
from pipeline.settings import DEFAULT_REACH, Settings
from pipeline.tables.base import all_tables
from tests.support.measures import INPUTS, MONDAY, rows, run

FOLDER = Path(measures.__file__).parent


def test_every_step_follows_what_it_reads_and_names_a_table():
    known = set(INPUTS)
    for step in STEPS:
        assert set(step.inputs) <= known, step.table
        assert set(step.reads) <= set(step.inputs), step.table
        assert (step.sql is None) != (step.function is None), step.table
        assert set(step.given) <= set(decided.SCHEMAS), step.table
        known.add(step.table)
    assert known <= set(all_tables())


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.table)
def test_selects_read_only_declared_inputs(step):
    """Every table after FROM or JOIN in a step's SQL is one of its inputs (names of common table expressions aside)."""
    text = " ".join([step.sql or "", *step.selects(Settings()).values()])
    read = set(re.findall(r'(?:FROM|JOIN) "?([a-z_]+)', text)) & set(all_tables())
    defined = set(re.findall(r"([a-z_]+)(?:\([^)]*\))? AS \(", text))
    assert read - defined <= set(step.inputs)


def test_measures_import_neither_engine_nor_reader():
    for file in FOLDER.rglob("*.py"):
        names = {
            alias.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Import) for alias in node.names
        } | {node.module or "" for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.ImportFrom)}  # fmt: skip
        assert not {name for name in names if name.startswith(("dagster", "duckdb", "pipeline.intake", "pipeline.defs", "pipeline.warehouse"))}, file


def test_nothing_handed_in_gives_empty_tables_of_the_right_shape():
    out = run(areas=rows("areas"))
    assert {name for name, frame in out.items() if frame.height} == {"indicators"}


def test_every_metric_is_described_once():
    numbers = rows("measurements", {"value": 5.0}, {"channel": "banners", "measure": "in_place", "unit": "条", "kind": "stock", "value": 3.0})
    out = run("kpis", measurements=numbers)
    kinds = dict(out["weekly_series"].select("metric", "kind").unique().iter_rows())
    described = {metric: registry.describing(metric, kinds.get(metric, "count")).code for metric in out["kpis"]["metric"].unique()}
    assert described["coverage"] == "coverage"
    assert described["banners.in_place"] == "channel.stock"
    assert described["leaflets.distributed"] == "channel.flow"
    assert described["contacts.leaflets"] == "contacts.channel"
    for indicator in registry.indicators().values():
        assert indicator.version == 1 or indicator.since
        assert all((indicator.zh, indicator.en, indicator.formula_zh, indicator.formula_en, indicator.caveat_zh, indicator.caveat_en, indicator.unit))


def test_every_reach_assumption_names_its_source():
    for name, reach in DEFAULT_REACH.items():
        assert reach.source, name
        assert reach.measure.count(".") == 1


def test_example_settings_are_the_defaults():
    root = Path(measures.__file__).parents[2]
    given = tomllib.loads((root / "outreach.toml.example").read_text(encoding="utf-8"))
    assert Settings(**given) == Settings()


def test_unknown_kinds_of_fraud_keep_their_words():
    named = taxonomy.fraud_type(pl.Series(["刷单返利诈骗", "虚拟货币投资", "未知新型", None]))
    assert named.to_list() == ["刷单返利", "虚假投资理财", "未知新型", None]
    assert taxonomy.english("fraud_type", "刷单返利") == "Fake-order rebates"
    assert taxonomy.english("way", "未知新型") == "未知新型"


def test_weeks_reach_from_the_first_number_to_the_last_closed_week():
    weeks = run("weeks", measurements=rows("measurements", {"value": 1.0}))["weeks"]
    assert weeks["week"].to_list() == [MONDAY]
