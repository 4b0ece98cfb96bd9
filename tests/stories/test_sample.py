"""The sample district among what is real: it comes only where nothing is, never beside a real number, and leaves no trace."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.night.sample import has_nothing_yet, put_sample, take_sample_away
from pipeline.warehouse import Warehouse
from tests.support.office import MONDAY, WEEK, Office, new_office, page


@pytest.fixture(scope="module")
def one_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root with the sample put in, and all but one of its folders taken out again: a run over the whole of it is tests/test_sample_truth.py."""
    office = new_office(tmp_path_factory.mktemp("sample"))
    put_sample(office.places, seed=7, end=date(2026, 3, 23))
    for folder in sorted(p for p in (office.places.raw / "示例").iterdir() if p.is_dir())[1:]:
        shutil.rmtree(folder)
    return office.places.root


def test_the_sample_comes_only_where_nothing_is_and_leaves_no_trace(office: Office, one_folder: Path) -> None:
    assert has_nothing_yet(office.places)
    shutil.copytree(one_folder, office.places.root, dirs_exist_ok=True)
    raw = office.places.raw / "示例"
    assert not has_nothing_yet(office.places)
    assert office.run().success
    assert "示例数据：地名与数字均为虚构" in page(office)
    take_sample_away(office.places)
    assert not raw.exists()
    assert not office.places.published.exists()
    assert not list(office.places.dashboards.iterdir())
    assert not [p for p in office.places.archive.rglob("*") if p.is_file()]
    with Warehouse(office.places) as warehouse:
        assert warehouse.query("SELECT count(*) AS n FROM read_files")["n"].item() == 0
        assert warehouse.query("SELECT count(*) AS n FROM publications")["n"].item() == 0


def test_real_and_sample_data_are_never_published_together(office: Office, one_folder: Path) -> None:
    shutil.copytree(one_folder, office.places.root, dirs_exist_ok=True)
    office.drop("周报.xlsx", WEEK, MONDAY)
    assert office.run().success
    subjects = office.published("SELECT DISTINCT path FROM measurements WHERE stands")
    assert subjects.filter(pl.col("path").str.starts_with("示例")).is_empty()
    assert office.value("SELECT value FROM build WHERE key = 'is_sample'") == "false"
    assert "示例数据：地名与数字均为虚构" not in page(office)
