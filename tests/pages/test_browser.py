"""The pages in a real browser: offline, quiet, equal to Python, reachable by keyboard, without collisions, on paper and on a phone."""

from __future__ import annotations

import itertools
import json
import re
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

from pipeline import pages
from pipeline.pages import findings, messages, overview
from pipeline.pages.facts import gather
from pipeline.pages.model import Scope
from pipeline.settings import Pages as PagePolicy
from pipeline.settings import Settings
from tests.support.pages import frames

pytestmark = pytest.mark.browser

ALL = ("index.html", "coverage.html", "channels.html", "losses.html", "area/03.html", "quality.html", "glossary.html", "report-2026W12.html")
WIDTHS = (320, 390, 768, 1024, 1440, 1920)
CJK = re.compile(r"[\u3400-\u9fff]")
AXE = (Path(__file__).parent / "vendor" / "axe-4.14.1.min.js").read_text("utf-8")


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


COLLISIONS = """() => {
  const out = [], texts = '.annotation-text-g text, .xtick text, .ytick text, .x2tick text, .y2tick text';
  for (const box of document.querySelectorAll('[data-plot]')) {
    const frame = box.getBoundingClientRect(), id = box.dataset.plot;
    const found = [...box.querySelectorAll(texts)].filter(t => t.textContent.trim() && t.getBBox().width > 0)
      .map(t => [t.textContent, t.getBoundingClientRect()]);
    for (const [name, r] of found)
      if (r.left < frame.left - 2 || r.right > frame.right + 2
          || r.top < frame.top - 2 || r.bottom > frame.bottom + 2) out.push(id + ': outside: ' + name);
    found.forEach(([first, a], i) => found.slice(i + 1).forEach(([second, b]) => {
      const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (wide > 1.5 && high > 3) out.push(id + ': ' + first + ' × ' + second);
    }));
  }
  return out;
}"""


AXE_RUN = """axe.run(document, {resultTypes: ['violations'], runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})
  .then(r => r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.target + ' ' + (n.any[0] || {}).message).join(' | ')))"""


LOOKS = """async next => {
  const {lang, theme, ...scope} = next, drawn = performance.getEntriesByName('charts').length;
  document.querySelectorAll('details').forEach(d => { d.open = Boolean(next.open); });
  await OUTREACH.show({...(lang && {lang}), ...(theme && {theme}), ...(scope.area && {area: scope.area, period: scope.period})});
  return drawn;
}"""


def look(page, *, width: int | None = None, **next: object) -> None:
    """Show another width, language, theme or scope, and wait until every chart is drawn anew."""
    if width:
        page.set_viewport_size({"width": width, "height": 900})
    drawn = page.evaluate(LOOKS, next)
    if page.locator("[data-plot]").count():
        page.wait_for_function("n => performance.getEntriesByName('charts').length > n", arg=drawn)


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


def faults(page) -> list[str]:
    """What collides, lies outside its chart or makes the page scroll sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return page.evaluate(COLLISIONS) + (["overflows"] if wide else [])


def outside(page) -> list[str]:
    """Resources that are not beside the page."""
    return page.evaluate("performance.getEntriesByType('resource').map(e => e.name).filter(n => !/^(file|data|blob):/.test(n))")


def chinese_in_english(page, unnamed: set[str]) -> list[str]:
    lines = {line.strip() for line in page.locator("body").inner_text().splitlines() if CJK.search(line)}
    lines |= {t for t in page.evaluate("[...document.querySelectorAll('svg text')].map(t => t.textContent)") if CJK.search(t)}
    left = [line for line in lines if CJK.search(re.sub("|".join(sorted(unnamed, key=len, reverse=True)), "", line.replace("中文", "")))]
    quoted = ("80余万元", "示例/", "csv", "数十万元", "若干")
    return sorted(line for line in left if not any(word in line for word in quoted))


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


def printed(page, to: Path) -> tuple[int, str]:
    page.pdf(path=to, prefer_css_page_size=True, print_background=True)
    facts = subprocess.run(["pdfinfo", to], capture_output=True, text=True, check=True).stdout
    text = subprocess.run(["pdftotext", "-layout", to, "-"], capture_output=True, text=True, check=True).stdout
    assert "A4" in facts
    return int(re.search(r"Pages:\s+(\d+)", facts).group(1)), text  # type: ignore[union-attr]


def picture_of(pdf: Path, number: int) -> list[bytes]:
    """Rows of a page's pixels, three bytes each."""
    ppm = subprocess.run(["pdftoppm", "-r", "40", "-f", str(number), "-l", str(number), pdf], capture_output=True, check=True).stdout
    width, height = map(int, ppm.split(b"\n", 2)[1].split())
    pixels = ppm[-3 * width * height :]
    return [pixels[3 * width * y : 3 * width * (y + 1)] for y in range(height)]


@pytest.mark.parametrize(
    ("path", "sheets", "looks"),
    [
        ("index.html", 2, ({}, {"lang": "en"}, {"lang": "zh", "theme": "dark", "area": "03", "period": "w13"})),
        ("report-2026W12.html", 2, ({}, {"lang": "en"})),
        ("area/03.html", 1, ({"theme": "dark"}, {"lang": "en"})),
    ],
)
def test_print_fills_the_stated_sheets(visit, tmp_path, path, sheets, looks) -> None:
    page = visit(path).page
    for next in looks:
        look(page, **next)
        n, text = printed(page, tmp_path / "page.pdf")
        assert n == sheets, next
        assert ("Data to" if next.get("lang") == "en" else "数据截至") in text
        assert ("Sample data" if next.get("lang") == "en" else "示例数据") in text
        is_filled(tmp_path / "page.pdf")


@pytest.mark.parametrize("path", ["coverage.html", "quality.html", "losses.html", "channels.html", "glossary.html"])
def test_nothing_printed_lies_over_something_else(visit, tmp_path, path) -> None:
    page = visit(path).page
    page.evaluate("""document.querySelectorAll(':is(#t2, #awareness, #issues, #returned, #glossary) tbody').forEach(body => {
        const row = body.rows[0]; while (body.rows.length && body.rows.length < 60) body.append(row.cloneNode(true)); })""")
    printed(page, tmp_path / "page.pdf")
    assert overlaps(tmp_path / "page.pdf") == []


def overlaps(pdf: Path) -> list[tuple[str, str]]:
    """Pairs of words of a sheet that cross: their boxes' middle 40 % meet (fonts' boxes are taller than their lines) over half of the shorter
    (punctuation is set closer than its boxes)."""
    out = subprocess.run(["pdftotext", "-bbox", pdf, "-"], capture_output=True, text=True, check=True).stdout
    found = []
    for sheet in out.split("<page")[1:]:
        boxes = re.findall(r'xMin="([\d.]+)" yMin="([\d.]+)" xMax="([\d.]+)" yMax="([\d.]+)">(.*?)</word>', sheet)
        placed = [(*map(float, box), text) for *box, text in boxes]
        words = sorted((0.7 * y + 0.3 * b, x, 0.3 * y + 0.7 * b, r, text) for x, y, r, b, text in placed)
        for n, (_, x, b, r, text) in enumerate(words):
            for y2, x2, _, r2, other in words[n + 1 :]:
                if y2 >= b:
                    break
                if min(r, r2) - max(x, x2) > min(r - x, r2 - x2) / 2 and re.search(r"\w", text) and re.search(r"\w", other):
                    found.append((text, other))
    return found


def is_filled(pdf: Path) -> None:
    """The first sheet is white at its corner and right margin, and at most a tenth of it is empty at the foot."""
    rows = picture_of(pdf, 1)
    assert rows[0][:3] == b"\xff\xff\xff"
    assert all(row[-6:] == b"\xff" * 6 for row in rows)
    inked = [y for y, row in enumerate(rows) if row.strip(b"\xff")]
    top, foot = len(rows) * 11 / 297, len(rows) * (297 - 13) / 297
    assert (foot - inked[-1]) / (foot - top) <= 0.1


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
