"""Data tables under charts: their rows are elements of the page only while the table is open."""

from __future__ import annotations

import csv
import io

import pytest

from tests.support.looks import look

pytestmark = pytest.mark.browser

FOLDED = "() => [...document.querySelectorAll('details.data table')].map(t => t.tBodies.length)"
HEADS_AND_ROWS = """id => { const t = document.getElementById(id);
  return [[...t.tHead.rows[0].cells].map(c => c.innerText.trim()), [...t.tBodies[0].rows].map(r => [...r.cells].map(c => c.innerText.trim()))]; }"""


def test_a_closed_table_keeps_its_rows_outside_the_page(visit, district) -> None:
    page = visit("coverage.html").page
    assert set(page.evaluate(FOLDED)) == {0}
    look(page, open=True, lang="en")
    page.wait_for_function("() => document.querySelectorAll('details.data tbody').length === 3")
    heads, rows = page.evaluate(HEADS_AND_ROWS, "c6-table")
    assert heads[0] == "Week"
    assert len(rows) == 13
    assert all("W" in row[0] for row in rows)
    row = district.cover[district.towns[0], district.default_period.last]
    column = heads.index(district.names[f"area:{district.towns[0]}"][1])
    assert rows[0][column].startswith(f"{100 * row['estimate']:.1f}%")
    page.locator("#c6-table tbody tr:last-child button").first.click()
    page.locator("#panel[open] table tbody tr").first.wait_for()
    page.keyboard.press("Escape")
    look(page, open=False)
    page.wait_for_function("() => document.querySelectorAll('details.data tbody').length === 0")


def test_residents_of_a_community_open_the_cell_they_were_read_from(visit) -> None:
    page = visit("coverage.html").page
    page.locator('#t2 [data-num="residents"]').first.click()
    assert "常住人口_2025年末.csv" in page.locator("#panel[open]").inner_text()


def test_a_single_file_hands_out_the_rows_of_a_closed_table(visit) -> None:
    page = visit("single/coverage.html").page
    with page.expect_download() as found:
        page.locator('[data-csv="c6"]').click()
    rows = list(csv.reader(io.StringIO(found.value.path().read_text("utf-8-sig"))))
    assert len(rows) == 14
    assert set(page.evaluate(FOLDED)) == {0}
