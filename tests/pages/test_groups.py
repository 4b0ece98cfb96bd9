"""Target groups: the switch leads to another group's page in the folder, and to the same inside a single file."""

from __future__ import annotations

import re

import polars as pl
import pytest

from pipeline.pages import embed, library, render
from pipeline.pages.build import pages_of, single_files
from pipeline.pages.district import District
from pipeline.settings import Settings
from tests.pages.conftest import BUILT_AT
from tests.support.page_budgets import of_page

SEEN = """() => ({lang: document.documentElement.lang, title: document.title, h1: document.querySelector('h1').textContent,
  slots: Object.fromEntries([...document.querySelectorAll('[data-slot]')].map(e => [e.dataset.slot, e.textContent])),
  rates: [...document.querySelectorAll('[data-rate]')].map(e => e.textContent),
  rows: [...document.querySelectorAll('#t2-table tr')].map(r => r.innerText),
  plots: [...document.querySelectorAll('[data-plot]')].map(b => b.data.map(t => t.y))})"""


@pytest.mark.browser
def test_a_single_file_shows_each_group_as_its_page_in_the_folder(visit, wait) -> None:
    page = visit("single/coverage.html").page
    whole = page.evaluate(SEEN)
    assert whole == visit("coverage.html").page.evaluate(SEEN)
    page.get_by_role("button", name="老年人").click()
    page.wait_for_function("() => document.querySelector('[data-to=elderly]')?.getAttribute('aria-pressed') === 'true'")
    wait(page)
    elderly = page.evaluate(SEEN)
    assert elderly == visit("coverage-elderly.html").page.evaluate(SEEN)
    assert elderly["slots"]["c1.title"] != whole["slots"]["c1.title"]
    page.locator("#language").click()
    page.locator('#t2 [data-num="coverage.elderly"]').first.click()
    page.locator("#panel[open] tbody tr").first.wait_for()
    assert re.search(r"g=elderly.*lang=en", page.url)
    page.keyboard.press("Escape")
    page.locator('[data-to="all"]').click()
    page.wait_for_function("() => document.querySelector('[data-to=all]')?.getAttribute('aria-pressed') === 'true'")
    wait(page)
    assert page.evaluate(SEEN)["lang"] == "en"
    assert not re.search(r"[#&]g=", page.url)


@pytest.mark.browser
def test_an_unknown_group_in_the_address_falls_back_with_a_note(visit) -> None:
    page = visit("single/coverage.html", "g=nobody").page
    assert page.locator("#live").is_visible()
    assert page.locator('[data-to="all"]').get_attribute("aria-pressed") == "true"


def test_groups_a_single_file_has_no_room_for_have_files_of_their_own(district) -> None:
    pages = [page for page in pages_of(district) if page.kind == "coverage"]
    carried = [(page, {"plots": {}, "kind": page.kind}) for page in pages]
    setting = render.Setting(BUILT_AT, [])
    files = single_files(district, carried, lambda page: setting, most=100)
    assert sorted(files) == ["single/coverage-elderly.html", "single/coverage.html"]
    assert "本文件装不下其余对象人群（老年人）" in files["single/coverage.html"].decode()
    assert b'type="text/html"' not in files["single/coverage.html"]


def with_another_group(given: dict[str, pl.DataFrame], group: str) -> dict[str, pl.DataFrame]:
    """The district with one more group, of half its towns, and as many surveys as two years bring."""
    half = (pl.col("area_id") < "07") | (pl.col("area_id") == "d")
    of_all = {name: given[name].filter(half, audience="all").with_columns(audience=pl.lit(group)) for name in ("coverage", "denominators")}
    rates = given["kpis"].filter(half, metric="coverage").with_columns(metric=pl.lit(f"coverage.{group}"))
    surveys = [given["awareness"].with_columns(pl.col("record_id") + f"!{i}") for i in range(30)]
    joined = {name: pl.concat([given[name], more]) for name, more in (*of_all.items(), ("kpis", rates))}
    return {**given, **joined, "awareness": pl.concat(surveys)}


def test_a_single_file_of_three_groups_keeps_its_budgets(given) -> None:
    district = District(with_another_group(given, "students"), Settings())
    carried = [(page, embed.payload(district, page)) for page in pages_of(district) if page.kind == "coverage"]
    files = single_files(district, carried, lambda page: render.Setting(BUILT_AT, [], library.library()))
    assert list(files) == ["single/coverage.html"]
    assert re.findall(rb'data-group="(\w+)"', files["single/coverage.html"]) == [b"elderly", b"students"]
    assert [w for w in of_page("single/coverage.html", files["single/coverage.html"]) if not w.is_kept] == []
