"""What built pages weigh, item by item, beside what they may weigh.

Here: sizes and counts read from the files of a build. Embedded data are all of a page's JSON: numbers and sentences, descriptions of figures, the
messages, and the cells behind the numbers, which single files carry. Not here: what only a browser can count or time (tests/pages/test_browser.py,
benchmarks/page_budgets.py).
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from lxml import html

DATA = re.compile(rb'<script type="application/json"(?: id="data")?>(.*?)</script>', re.S)
LIBRARY = re.compile(rb'<script type="text/plain" id="plotly">.*?</script>', re.S)


@dataclass(frozen=True, slots=True)
class Weight:
    """One measured item of one file: `value` must not exceed `budget`. Sizes in bytes."""

    path: str
    item: str
    value: int
    budget: int

    @property
    def is_kept(self) -> bool:
        return self.value <= self.budget


def packed(value: object) -> int:
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())


def embedded(content: bytes) -> list[dict]:
    """The page's data, and in a single file those of the same page for other groups."""
    found = DATA.findall(content)
    assert found, "a page without embedded data"
    return [json.loads(text) for text in found]


def points(data: dict) -> int:
    """Most points that one figure of the page holds, with the weekly columns that its traces are filled from."""
    n_weeks, shared = len(data["weeks"]), data.get("shared", [])
    traces = [[shared[t] if isinstance(t, int) else t for t in plot["figure"]["data"]] for plot in data["plots"].values()]
    return max((sum(len(t.get("x") or ()) or n_weeks for t in each) for each in traces), default=0)


def of_page(path: str, content: bytes) -> Iterator[Weight]:
    """Budgets of one HTML file; those of a single file when it lies in single/."""
    is_single = path.startswith("single/")
    if is_single:
        yield Weight(path, "single file", len(content), 1_600_000)
        yield Weight(path, "single file, gzip", len(gzip.compress(content, 6)), 550_000)
    else:
        yield Weight(path, "folder page", len(content), 250_000)
    data = embedded(content)
    kind = data[0]["kind"]
    yield Weight(path, "embedded data", sum(map(packed, data)), 60_000 if kind == "area" else 200_000)
    if is_single:
        yield Weight(path, "embedded cells", sum(packed(d.get("lineage", {})) for d in data), 60_000)
    data = [data[0] | each for each in data]  # a group's page has the rest from the first
    yield Weight(path, "figures", max(len(d["plots"]) for d in data), 4 if kind == "index" else 6)
    yield Weight(path, "points in a figure", max(map(points, data)), 5_000)
    yield Weight(path, "elements", sum(1 for _ in html.fromstring(LIBRARY.sub(b"", content)).iter()), 4_000)


def weigh(folder: Path) -> list[Weight]:
    """Every item of every page and asset of a build."""
    found = [
        Weight(path, "script or style", (folder / path).stat().st_size, budget)
        for path, budget in (("assets/app.js", 60_000), ("assets/app.css", 25_000))
    ]
    for file in sorted(folder.rglob("*.html")):
        found += of_page(file.relative_to(folder).as_posix(), file.read_bytes())
    return found


def worst(weights: list[Weight]) -> list[Weight]:
    """Of each item the file that comes closest to its budget."""
    key: Callable[[Weight], float] = lambda w: w.value / w.budget  # noqa: E731
    items = dict.fromkeys((w.item, w.budget) for w in weights)
    return [max((w for w in weights if (w.item, w.budget) == item), key=key) for item in items]
