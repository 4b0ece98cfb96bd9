"""What built pages weigh and how fast a browser shows them, beside their budgets: `python benchmarks/page_budgets.py [dashboards]`.

Sizes and counts come from the files; times from a headless Chromium, each page opened from the disk, once as it is and once with its processor
slowed to a quarter. `tests/pages` asserts the sizes; times belong here, because they say as much about the machine as about the pages.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.pages.conftest import ARGUMENTS, chromium_path
from tests.support.page_budgets import weigh, worst

TIMES = {"text": ("numbers readable", 500, 1500), "first": ("first two charts", 1500, 5000), "charts": ("all charts", 2000, None),
         "filter": ("filter change", 300, 1700)}  # fmt: skip
"""Name → what it is, budget in ms, budget with the processor at a quarter."""
FIRST = """new PerformanceObserver(() => {}).observe({entryTypes: ['mark']});
  addEventListener('DOMContentLoaded', () => { const look = () => {
    const drawn = [...document.querySelectorAll('[data-plot]')].slice(0, 2);
    drawn.length && drawn.every(p => p.querySelector('svg.main-svg .trace, svg.main-svg .point'))
      ? performance.mark('first') : requestAnimationFrame(look); };
    look(); })"""
CHANGE = """async () => { const next = OUTREACH.data.scopes[3]; if (!next || !document.getElementById('town')) return null;
  const t = performance.now(); await OUTREACH.show({area: next}); return performance.now() - t; }"""


def weighed(folder: Path) -> Iterator[str]:
    """One line an item: the file that comes closest to the budget, and how many exceed it."""
    weights = weigh(folder)
    for w in worst(weights):
        above = sum(not x.is_kept for x in weights if (x.item, x.budget) == (w.item, w.budget))
        yield f"{w.item:22} {w.value:>10,} / {w.budget:>9,}  {w.path}" + (f"  ({above} files above)" if above else "")
    yield f"{'all files':22} {sum(f.stat().st_size for f in folder.rglob('*') if f.is_file()):>10,}"


def timed(browser: Browser, file: Path, slower: int) -> dict[str, float]:
    """Milliseconds from navigation to each mark of TIMES, and those of a change of the filter where the page has one."""
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    page.context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.add_init_script(FIRST)
    page.goto(file.as_uri())
    page.wait_for_function("performance.getEntriesByName('charts').length > 0", timeout=120_000)
    found = page.evaluate("Object.fromEntries(performance.getEntriesByType('mark').map(m => [m.name, m.startTime]).reverse())")
    change = page.evaluate(CHANGE)
    page.close()
    return found | ({"filter": change} if change is not None else {})


def times(folder: Path, rounds: int) -> Iterator[str]:
    """The best of some rounds for the overview and a town, from the folder and as a single file."""
    town = min(p.name for p in (folder / "area").glob("*.html"))
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium_path(), args=ARGUMENTS)
        for path in ("index.html", "single/index.html", f"area/{town}", f"single/area-{town}"):
            for slower, budget in ((1, 1), (4, 2)):
                all_rounds = [timed(browser, folder / path, slower) for _ in range(rounds)]
                cells = [
                    f"{what[0]} {min(r[name] for r in all_rounds):,.0f} / {what[budget] or '—'}"
                    for name, what in TIMES.items()
                    if all(name in r for r in all_rounds)
                ]
                yield f"{path} (CPU ÷{slower}): {' · '.join(cells)} ms"
        browser.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=Path("dashboards"))
    parser.add_argument("--rounds", type=int, default=3, help="loads of a page; the best one counts")
    options = parser.parse_args()
    folder = options.folder.resolve()
    print(*weighed(folder), sep="\n")
    for line in times(folder, options.rounds):
        print(line)


if __name__ == "__main__":
    main()
