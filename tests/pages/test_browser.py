"""The pages in a real browser: offline, equal to Python, reachable by keyboard, from a number to its cells. Not here: looks, paper."""

from __future__ import annotations

import json
import re
from datetime import datetime
from pathlib import Path

import pytest

from pipeline import pages
from pipeline.pages import findings, messages, overview
from pipeline.pages.facts import gather
from pipeline.pages.model import Scope
from pipeline.settings import Pages as PagePolicy
from pipeline.settings import Settings
from tests.support.looks import outside
from tests.support.pages import frames

pytestmark = pytest.mark.browser


def test_no_chart_offers_to_share_its_data(visit) -> None:
    page = visit("index.html").page
    found = page.evaluate(
        """async () => {
          const out = [];
          for (const box of document.querySelectorAll('[data-plot]')) {
            await Plotly.newPlot(box, box.data, box.layout, {...OUTREACH.data.config, displayModeBar: true});
            out.push(...[...box.querySelectorAll('.modebar-btn')].map(b => (b.dataset.title || '') + b.className));
          }
          return [out, OUTREACH.data.config];
        }"""
    )
    assert not [b for b in found[0] if "Share chart" in b or "modebar-btn--logo" in b]
    assert (found[1]["showSendToCloud"], found[1]["plotlyServerURL"], found[1]["displaylogo"]) == (False, "", False)


def test_numbers_stand_before_charts_and_without_scripts(visit) -> None:
    page = visit("single/index.html").page
    page.wait_for_function("performance.getEntriesByName('charts').length > 0")
    marks = page.evaluate("performance.getEntriesByType('mark').map(m => m.name)")
    assert marks.index("text") < marks.index("charts")
    assert page.evaluate("performance.getEntriesByName('text')[0].startTime < performance.getEntriesByName('charts')[0].startTime")
    silent = visit("index.html", scripts=False).page
    assert silent.locator(".kpi .value").all_inner_texts() == page.locator(".kpi .value").all_inner_texts()
    assert silent.locator("noscript p").is_visible()
    assert silent.locator(":is(.plot, .how, .controls button):visible").count() == 0  # nothing empty, nothing that does nothing


def test_the_browser_formats_like_python(visit) -> None:
    cases = json.loads((Path(__file__).parent / "format_cases.json").read_text("utf-8"))
    page = visit("index.html").page
    found = page.evaluate("cases => cases.map(([kind, value]) => ['zh', 'en'].map(lang => Fmt.show(value, kind, lang)))", cases)
    assert found == [[zh, en] for _, _, zh, en in cases]


def test_every_view_equals_python(visit, district) -> None:
    """All towns and the district × all periods: sentences, cards, titles, tiles and ranking as Python writes them."""
    page = visit("single/index.html").page
    views = {(area, p.id): overview.view(district, Scope(area, p.id))[1] for p in district.periods for area in district.scopes}
    for lang in ("zh", "en"):
        every_view(page, district, lang, views)


def every_view(page, district, lang, views) -> None:
    page.evaluate("lang => OUTREACH.show({lang})", lang)
    found = page.evaluate(
        """async () => { const out = {}; const strip = e => e.textContent; OUTREACH.Charts.draw = () => {};
          for (const p of OUTREACH.data.periods) for (const a of OUTREACH.data.scopes) {
            await OUTREACH.show({area: a, period: p.id});
            out[a + '|' + p.id] = {texts: Object.fromEntries([...document.querySelectorAll('[data-slot]')].map(e => [e.dataset.slot, strip(e)])),
              tiles: Object.fromEntries([...document.querySelectorAll('[data-tile]')].map(e => [e.dataset.tile, e.querySelector('b').textContent])),
              rows: [...document.querySelectorAll('#t1-table tbody tr')].map(r => [...r.cells].slice(0, 7).map(c => c.textContent.trim()))};
          } return out; }"""
    )
    assert len(found) == len(district.scopes) * len(district.periods)
    for key, seen in found.items():
        area, period = key.split("|")
        view = views[area, period]
        expected = {slot: messages.plain(text, lang, district.names) for slot, text in view.texts.items()}
        assert seen["texts"] == {slot: expected[slot] for slot in seen["texts"]}, key
    facts = gather(district, Scope("d", "w13"))
    seen = found["d|w13"]
    known = {c: v for c in seen["tiles"] if (v := district.cover[c, facts.period.last]["estimate"]) is not None}
    assert {c: t for c, t in seen["tiles"].items() if t != "—"} == {c: messages.fmt.show(v, "pct0_number", "zh") for c, v in known.items()}
    assert [row[2] for row in seen["rows"]] == sorted((row[2] for row in seen["rows"]), reverse=True)
    assert findings.coverage_title(facts)


def test_figures_are_valid_and_visible(visit) -> None:
    for path in ("index.html", "coverage.html", "losses.html"):
        page = visit(path, "theme=dark").page
        found = page.evaluate(
            """() => [...document.querySelectorAll('[data-plot]')].map(b => ({
                 id: b.dataset.plot, faults: (Plotly.validate(b.data, b.layout) || []).map(f => f.msg),
                 empty: b.data.filter(t => !(t.x || []).length || !t.y.some(v => v !== null)).length, svg: b.innerHTML}))"""
        )
        for figure in found:
            assert figure["faults"] == [], (path, figure["id"], figure["faults"][:3])
            assert figure["empty"] == 0
            assert "31, 119, 180" not in figure["svg"]
            assert "rgb(68, 68, 68)" not in figure["svg"]


def test_motion_and_high_contrast_follow_the_system(visit) -> None:
    page = visit("index.html", reduced_motion="reduce", forced_colors="active").page
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"
    shades = page.evaluate("[...new Set([...document.querySelectorAll('.tile:not(.never)')].map(t => getComputedStyle(t).backgroundColor))]")
    assert len(shades) > 2
    page.emulate_media(reduced_motion="no-preference")
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "smooth"


@pytest.mark.parametrize("path", ["single/index.html", "single/area-03.html"])
def test_single_files_are_offline_and_quiet(visit, path) -> None:
    opened = visit(path)
    assert outside(opened.page) == []
    assert opened.complaints == []


def test_a_towering_case_can_be_left_out_of_the_trend(visit, tmp_path) -> None:
    pages.build(frames(n_towns=3, largest=9e6), Settings(pages=PagePolicy(delivery="folder")), tmp_path, built_at=datetime(2026, 3, 23))
    page = visit("losses.html", folder=tmp_path).page
    drawn = "(p => [p.layout.yaxis.range[1], Math.max(...p.data[4].y, ...p.data[2].y, 0)])(document.querySelector('[data-plot=c2]'))"
    before = page.evaluate(drawn)
    button = page.locator("[data-toggle='c2']")
    assert (button.inner_text(), button.get_attribute("aria-pressed")) == ("不含最大一笔", "false")
    button.press("Enter")
    page.wait_for_function("document.querySelector('[data-toggle=c2]').getAttribute('aria-pressed') === 'true'")
    after = page.evaluate(drawn)
    assert before[0] > 9e6 > 3 * after[0]
    assert page.evaluate("document.activeElement.dataset.toggle") == "c2"


def test_a_town_is_reached_by_keyboard(visit) -> None:
    page = visit("index.html").page
    page.locator("[data-pick='03']").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.documentElement.dataset.ready.startsWith('03|')")
    assert page.evaluate("document.activeElement.dataset.key") == "pick-03"
    assert page.locator("#live").inner_text() == "已更新：白鹭镇，近13周"
    assert "t=03" in page.url
    page.locator("[data-clear='area']").press("Enter")
    page.wait_for_function("document.documentElement.dataset.ready.startsWith('d|')")
    assert page.locator("#chips").is_hidden()


@pytest.mark.parametrize("path", ["index.html", "single/index.html"])
def test_from_a_headline_to_the_cell_in_two_steps(visit, path) -> None:
    page = visit(path).page
    number = page.locator(".sentences [data-num='prevented']").first
    number.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] table")
    text = page.locator("#panel-body").inner_text()
    assert re.search(r"劝阻台账_2026Q1\.csv", text)
    assert re.search(r"[F-I]\d+", text)
    assert "1,686 万元" in text
    page.keyboard.press("Escape")
    page.wait_for_function("document.activeElement.dataset.num === 'prevented'")


def panel_of(page, selector: str) -> str:
    """What the panel says of a number, without the CSV line, which names the delivery."""
    page.locator(selector).first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("dialog[open] table")
    text = "\n".join(page.locator("#panel-body dl, #panel-body tr:nth-child(-n+5)").all_inner_texts())
    page.keyboard.press("Escape")
    page.wait_for_function("!document.querySelector('dialog[open]')")
    return text


NUMBERS = (
    "#t1 [data-num='coverage']",
    "#t1 [data-num='prevented']",
    "[data-num='contacts.leaflets']",
    "#c5 td [data-num='prevented']",
    "#c2 td [data-num='prevented']",
    "#c1 td [data-num='coverage']",
    ".matrix tbody tr:nth-child(3) td:last-child",
)


def test_every_row_leads_to_its_cells_alike_in_both_deliveries(visit) -> None:
    """The folder picks the cells in the browser, the single file carries Python's picks: the same sums, the same largest cells."""
    said = []
    for path in ("index.html", "single/index.html"):
        page = visit(path).page
        page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
        said.append({number: panel_of(page, number) for number in NUMBERS})
    assert said[0] == said[1]
    assert all(".xlsx" in text or ".csv" in text for number, text in said[0].items() if "matrix" not in number)
    assert re.search(r"发放|缺报|收到", said[0][NUMBERS[-1]])


def test_an_unknown_filter_in_the_address_falls_back_with_a_note(visit) -> None:
    page = visit("index.html", "t=99&p=7").page
    assert page.locator("#live").inner_text().startswith("链接里的筛选条件无法识别")
    assert page.locator(".kpi .value").first.inner_text().startswith("63")


def test_a_finger_over_a_chart_scrolls_the_page(chromium, site, wait) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto((site / "index.html").as_uri())
    wait(page)
    page.locator("[data-plot='c1']").scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    box = page.locator("[data-plot='c1']").bounding_box()
    session, x, y = context.new_cdp_session(page), box["x"] + 150, box["y"] + 200
    session.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for step in range(1, 11):
        session.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [{"x": x, "y": y - 15 * step}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function(f"scrollY > {before} + 60")
    context.close()


def test_provisional_missing_and_approximate_are_drawn_as_such(visit, district) -> None:
    page = visit("single/index.html", "t=03").page
    c1 = page.evaluate("document.querySelector('[data-plot=c1]').data.map(t => ({name: t.name, dash: (t.line || {}).dash, y: t.y}))")
    assert next(t for t in c1 if t["name"] == "before")["y"].count(None) > 10
    strip = {t["name"]: t["y"] for t in c1 if t["name"].startswith("strip")}
    assert strip["strip_none"][-1] == 0.5
    whole = visit("index.html").page
    c1 = whole.evaluate("document.querySelector('[data-plot=c1]').data.map(t => ({name: t.name, dash: (t.line || {}).dash}))")
    assert next(t for t in c1 if t["name"] == "provisional")["dash"] == "dot"
    c2 = whole.evaluate("document.querySelector('[data-plot=c2]').data.map(t => ({...(t.marker || {}), name: t.name}))")
    bars = [t for t in c2 if t["name"].startswith("p")]
    assert all(("pattern" in t) == t["name"].endswith("s") for t in bars)
    assert bars[0]["opacity"][0] == 0.36
    assert bars[0]["opacity"][-3:] == [1, 0.6, 0.6]
    cell = page.locator(".matrix [data-row='03'] td").last
    assert cell.get_attribute("class").split()[0] == "q-missing"


@pytest.mark.parametrize("weeks", [1, 3])
def test_a_young_district_has_pages_without_faults(visit, tmp_path, weeks) -> None:
    pages.build(frames(n_weeks=weeks, n_towns=3), Settings(), tmp_path, built_at=datetime(2026, 3, 23))
    opened = visit("index.html", folder=tmp_path)
    assert opened.complaints == []
    assert "无上期数据" in opened.page.locator(".kpis").inner_text()
