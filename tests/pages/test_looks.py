"""How the pages look at every width, in both languages: quiet, whole, without collisions, readable for everybody."""

from __future__ import annotations

import itertools

import pytest

from tests.support.looks import AXE, AXE_RUN, chinese_in_english, faults, look, outside

pytestmark = pytest.mark.browser

ALL = ("index.html", "coverage.html", "channels.html", "losses.html", "area/03.html", "quality.html", "glossary.html", "report-2026W12.html")
WIDTHS = (320, 390, 768, 1024, 1440, 1920)


CUT = """ids => [...document.querySelectorAll(ids)].map(card => [card.id, card.querySelector('.scroll')])
  .filter(([, box]) => box && box.scrollWidth > box.clientWidth + 1).map(([id, box]) => id + ' +' + (box.scrollWidth - box.clientWidth))"""


@pytest.mark.parametrize(
    ("path", "cards"), [("index.html", "#t1"), ("losses.html", "#grades, #month, #percase, #t4"), ("channels.html", "#ops, #t3")]
)
def test_a_table_is_whole_on_a_desk(visit, path, cards) -> None:
    """Nothing of it is cut at the edge of its card in either language; phones may scroll it."""
    page = visit(path).page
    for lang in ("zh", "en"):
        look(page, lang=lang)
        assert page.evaluate(CUT, cards) == [], lang


@pytest.mark.parametrize("path", ALL)
def test_a_page_is_quiet_whole_and_readable_for_everybody(visit, district, path) -> None:
    """Each page, loaded once: no request, no complaint; in English no Chinese but names without English; on a desk and on a phone nothing
    collides or overflows; in the dark axe finds nothing, tables open."""
    opened = visit(path)
    page = opened.page
    look(page, lang="en", **({"area": "03", "period": "w13"} if path == "index.html" else {}))
    assert chinese_in_english(page, {zh for zh, en in district.names.values() if en is None}) == []
    assert page.evaluate("document.documentElement.lang") == "en"
    assert faults(page) == []
    look(page, width=390)
    assert faults(page) == []
    assert outside(page) == []
    assert opened.complaints == []
    assert page.evaluate("document.querySelectorAll('*').length") <= 4000
    if path != "index.html":  # it has tests of its own
        for next in ({"width": 320, "lang": "zh"}, {"width": 768}, {"width": 1024, "lang": "en"}, {"width": 1920, "lang": "zh"}):
            look(page, **next)
            assert faults(page) == [], next
        page.add_script_tag(content=AXE)
        for next in ({"width": 1440, "theme": "dark"}, {"width": 320, "theme": "light", "lang": "en"}):
            look(page, open=True, **next)
            assert page.evaluate(AXE_RUN) == [], next


@pytest.mark.parametrize("path", ["index.html", "area/03.html"])
def test_text_grows_to_twice_its_size_without_a_sideways_scroll(visit, path) -> None:
    page = visit(path).page
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    for width, lang in itertools.product((1440, 1024), ("zh", "en")):
        look(page, width=width, lang=lang)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), (width, lang)
    sizes = page.evaluate("[...document.querySelectorAll('[data-plot=c1] .ytick text')].map(t => parseFloat(getComputedStyle(t).fontSize))")
    assert min(sizes) == 24


def test_nothing_collides_and_nothing_overflows(visit) -> None:
    found = {}
    page = visit("index.html").page
    scopes = ({"area": "d", "period": "w13"}, {"area": "03", "period": "w13"}, {"area": "d", "period": "op:day100"})
    for width, lang, scope in itertools.product(WIDTHS, ("zh", "en"), scopes):
        look(page, width=width, lang=lang, **scope)
        if wrong := faults(page):
            found[width, lang, scope["area"], scope["period"]] = wrong
    assert found == {}


def test_axe_finds_nothing_on_the_overview(visit) -> None:
    page = visit("index.html").page
    page.add_script_tag(content=AXE)
    whole = {"area": "d", "period": "w13"}
    for next in ({"width": 1440}, {"theme": "dark", "area": "03", "period": "w13"}, {"width": 390, "lang": "en", "theme": "light", **whole},
                 {"width": 320, "lang": "zh"}):  # fmt: skip
        look(page, open=True, **next)
        assert page.evaluate(AXE_RUN) == [], next
        page.locator(".kpi .value").first.click()
        page.wait_for_selector("dialog[open]")
        assert page.evaluate(AXE_RUN) == [], next
        page.keyboard.press("Escape")


BESIDE = """id => {
  const box = document.querySelector(`[data-plot=${id}]`), {annotations, yaxis} = box.layout;
  const middles = (of) => [...box.querySelectorAll(of)].map(e => e.getBoundingClientRect()).map(r => r.top + r.height / 2);
  const ticks = middles('.ytick text'), texts = middles('.annotation-text-g text');
  return annotations.map((a, i) => [a.name, Math.round(texts[i] - ticks[yaxis.categoryarray.indexOf(a.name.slice(2))])]);
}"""


@pytest.mark.parametrize(("path", "plots"), [("coverage.html", ["c7"]), ("index.html", ["c4", "c5"])])
def test_each_value_stands_beside_its_name(visit, path, plots) -> None:
    """Also where the categories are areas with codes that look like numbers."""
    page = visit(path).page
    for plot in plots:
        found = page.evaluate(BESIDE, plot)
        assert len(found) > 3
        assert [(name, off) for name, off in found if not abs(off) <= 4] == [], plot


def test_an_arrow_and_its_value_stay_together_on_a_phone(visit) -> None:
    """Each arrow is on the line of the number that follows it."""
    page = visit("index.html", width=390).page
    apart = """() => [...document.querySelectorAll('.change')].flatMap(p => [...p.childNodes]
      .filter(n => n.nodeType === 3 && /[▲▼]/.test(n.data)).map(n => {
      const range = document.createRange(), i = n.data.search(/[▲▼]/); range.setStart(n, i); range.setEnd(n, i + 1);
      return [n.data, range.getBoundingClientRect().bottom - n.nextSibling.getBoundingClientRect().bottom];
    }))"""
    for lang in ("zh", "en"):
        look(page, lang=lang)
        found = page.evaluate(apart)
        assert len(found) > 3
        assert [text for text, gap in found if abs(gap) > 6] == []
