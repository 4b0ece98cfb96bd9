"""The sample district, run whole, against what was meant before it was written down.

The truth says for each cell what it meant. What must hold is about facts, not cells: of two equal sheets it does not matter which one's
cell the standing number comes from. A fact is (form, channel, measure, unit, subject, period); ledgers have several a day.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pipeline.night.sample import put_sample
from pipeline.pages.build import pages_of
from pipeline.pages.district import District
from pipeline.settings import Places
from pipeline.tables.base import published_tables
from pipeline.warehouse import open_published
from tests.support.office import Office
from tests.support.parity.audit import wrong_cells, wrong_texts
from tests.support.parity.recomputed import Recomputed

FACT = ["form", "channel", "measure", "unit", "name", "start", "end"]
NUMBER = [*FACT, "value", "low", "high"]
OTHER_COPIES = ("superseded", "repeated", "tally")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sample")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("OUTREACH_ROOT", str(root))
        office = Office(Places(root))
        put_sample(office.places, seed=20260323, end=date(2026, 3, 23))
        assert office.run().success
    return root


@pytest.fixture(scope="module")
def office(root: Path) -> Office:
    return Office(Places(root))


@pytest.fixture(scope="module")
def truth(office: Office) -> pl.DataFrame:
    """A register's population is a level at the year's end: its truth names that day, its sheet the year."""
    facts = pl.read_ndjson(office.places.sample_truth, infer_schema_length=None).rename({"subject": "name"})
    return facts.with_columns(pl.when(pl.col("form") == "areas").then("end").otherwise("start").alias("start"))


@pytest.fixture(scope="module")
def loaded(office: Office) -> pl.DataFrame:
    """Every number of the warehouse, the subject by its registered name."""
    return office.published("""
        SELECT m.path, m.sheet, m.cell, m.form, m.channel, m.measure, m.unit, coalesce(u.zh, a.zh) AS name,
               CASE WHEN m.form = 'areas' THEN m."end" ELSE m."start" END::VARCHAR AS start, m."end"::VARCHAR AS "end",
               m.value, m.low, m.high, m.precision, m.stands, m.stands_reason
        FROM measurements m LEFT JOIN units u ON u.unit_id = m.subject_id LEFT JOIN areas a ON a.area_id = m.subject_id""")


def counted(frame: pl.DataFrame) -> dict[tuple[object, ...], int]:
    return {row[:-1]: row[-1] for row in frame.group_by(NUMBER).len().select(*NUMBER, "len").iter_rows()}


def test_every_number_meant_to_stand_stands(truth: pl.DataFrame, loaded: pl.DataFrame) -> None:
    meant = counted(truth.filter(pl.col("expect") == "stands"))
    stands = counted(loaded.filter(pl.col("stands") & (pl.col("precision") != "missing")))
    lost = {number: n - stands.get(number, 0) for number, n in meant.items() if stands.get(number, 0) < n}
    assert not lost, f"{sum(lost.values())} of {sum(meant.values())} numbers meant do not stand: {list(lost.items())[:5]}"


def test_nothing_stands_that_was_not_meant(truth: pl.DataFrame, loaded: pl.DataFrame) -> None:
    """Beyond the numbers meant to stand only other copies of a fact may, such as a bank's record of the centre's case; no compilation."""
    known = counted(truth.filter(pl.col("expect").is_in(["stands", *OTHER_COPIES])))
    stands = counted(loaded.filter(pl.col("stands") & (pl.col("precision") != "missing")))
    invented = {number: n for number, n in stands.items() if n > known.get(number, 0)}
    assert not invented, list(invented.items())[:5]


def test_every_cell_meant_as_missing_or_wrong_has_no_number(truth: pl.DataFrame, loaded: pl.DataFrame) -> None:
    cells = ["path", "sheet", "cell", "channel", "measure"]
    silent = truth.filter(pl.col("expect").is_in(["missing", "rejected"]))
    assert silent.height > 500
    assert loaded.filter(pl.col("value").is_not_null()).join(silent, on=cells, how="semi").is_empty()


def test_every_wrong_cell_comes_back(office: Office, truth: pl.DataFrame, loaded: pl.DataFrame) -> None:
    """A cell that needs its writer is among the points handed back; a whole sheet without dates is one point."""
    wrong = truth.filter(pl.col("expect") == "rejected")
    points = office.published("SELECT path, sheet, cell FROM rejections WHERE severity = 'error'")
    unloaded = loaded.select("path", "sheet").unique()
    at_the_cell = wrong.join(points, on=["path", "sheet", "cell"], how="semi").height
    whole_sheet = wrong.join(unloaded, on=["path", "sheet"], how="anti").join(points, on=["path", "sheet"], how="semi").height
    assert (at_the_cell, whole_sheet) == (wrong.height - whole_sheet, wrong.height - at_the_cell)
    assert at_the_cell > 10


def test_no_sheet_loses_a_cell(office: Office) -> None:
    sheets = office.published("SELECT sum(seen), sum(disposed), count(*) FILTER (seen <> disposed) FROM sheet_counts").row(0)
    assert sheets[0] == sheets[1]
    assert sheets[2] == 0


def test_pages_made_from_it_say_so(office: Office) -> None:
    html = [file.read_text(encoding="utf-8") for file in office.places.dashboards.glob("*.html")]
    assert html
    assert all("示例数据：地名与数字均为虚构" in text for text in html)


def test_pages_of_the_sample_state_what_was_published(office) -> None:
    """Parity on a real publication, not only on the fictional tables of tests/pages: every sentence and every table of every page."""
    with open_published(office.places) as published:
        given = {name: published.read(name) for name in published_tables()}
    recomputed, described = Recomputed(given), pages_of(District(given, office.places.settings()))
    for wrong, n in (wrong_texts(recomputed, described), wrong_cells(recomputed, described)):
        assert not wrong, "\n".join([f"{len(wrong)} of {n}", *wrong[:40]])
        assert n > 5000
