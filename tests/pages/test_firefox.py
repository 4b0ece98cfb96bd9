"""Every page once in a stock Firefox: quiet, offline, numbers and charts there, both languages. Chromium has the thorough tests."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.support.firefox import Firefox, firefox

pytestmark = pytest.mark.slow

CJK = re.compile(r"[\u3400-\u9fff]")
PAGES = (
    *("index.html", "coverage.html", "coverage-elderly.html", "channels.html", "losses.html", "area/03.html", "quality.html", "glossary.html"),
    *("report-2026W12.html", "single/index.html", "single/area-03.html"),
)
DRAWN = """new Promise(done => { const look = () => {
  const ready = document.documentElement.dataset.ready && (window.Plotly || !document.querySelector('[data-plot]'))
    && [...document.querySelectorAll('[data-plot]')].every(p => p.querySelector('svg.main-svg'));
  ready ? done(true) : setTimeout(look, 50); }; look(); })"""
SEEN = """({
  marks: [...document.querySelectorAll('[data-plot]')].map(p => p.querySelectorAll('.trace path, .point path, path.js-line').length),
  values: [...document.querySelectorAll('.kpi .value, .facts dd')].map(e => [e.innerText.trim(), e.getBoundingClientRect().height > 0]),
  title: document.querySelector('h1').innerText, lang: document.documentElement.lang,
  wide: document.documentElement.scrollWidth > innerWidth})"""

PANEL = """new Promise(done => { const look = () => document.querySelector('dialog[open] table')
  ? done(document.getElementById('panel-body').innerText) : setTimeout(look, 50); look(); })"""


@pytest.fixture(scope="module")
def fox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Firefox]:
    with firefox(tmp_path_factory.mktemp("profile")) as found:
        yield found


@pytest.mark.parametrize("path", PAGES)
def test_a_page_works_in_firefox(fox, site, path) -> None:
    fox.size(1440, 900)
    fox.open((site / path).as_uri())
    assert fox.evaluate(DRAWN)
    seen = fox.evaluate(SEEN)
    assert all(n > 0 for n in seen["marks"]), seen["marks"]
    assert all(re.search(r"\d|—", text) and is_visible for text, is_visible in seen["values"])
    assert CJK.search(seen["title"])
    fox.evaluate("document.getElementById('language').click()")
    english = fox.evaluate(SEEN)
    assert english["lang"] == "en"
    assert english["title"] != seen["title"]
    fox.size(390, 844)
    fox.evaluate("new Promise(done => setTimeout(done, 400))")
    assert not fox.evaluate(SEEN)["wide"]
    assert fox.said == []
    assert [address for address in fox.asked if not re.match(r"(file|data|blob):", address)] == []


def test_a_town_and_a_number_are_reached_in_firefox(fox, site) -> None:
    fox.size(1440, 900)
    fox.open((site / "index.html").as_uri())
    assert fox.evaluate(DRAWN)
    fox.evaluate("document.querySelector(\"[data-pick='03']\").click()")
    assert fox.evaluate("new Promise(done => setTimeout(() => done(document.documentElement.dataset.ready), 1500))").startswith("03|")
    fox.evaluate("document.querySelector('.kpi [data-num]').click()")
    assert re.search(r"\.(xlsx|csv)", fox.evaluate(PANEL))
    assert fox.said == []
