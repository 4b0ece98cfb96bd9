"""What can be wrong with the look of an open page: collisions, overflow, Chinese in English, axe's findings."""

from __future__ import annotations

import re
from pathlib import Path

CJK = re.compile(r"[\u3400-\u9fff]")
AXE = (Path(__file__).parents[1] / "pages" / "vendor" / "axe-4.14.1.min.js").read_text("utf-8")


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
