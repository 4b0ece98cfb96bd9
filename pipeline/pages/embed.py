"""The data that a page carries for its script: texts, weekly columns, figures without their arrays.

Here: what is embedded. Not here: how small it is written (packing.py), the HTML around it (render.py), how the script reads it
(html/unpack.js).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from functools import cache
from typing import Any

from markupsafe import Markup

from pipeline.charts.outline import BINS
from pipeline.charts.theme import BAND_OPACITY, CONFIG, DARK, LIGHT, rgba, template
from pipeline.measures.averages import MEAN, MEDIAN

from . import messages
from .district import District
from .model import Block, Matrix, Page, Plot, linked_numbers
from .packing import Pool, dumped, packed_views, shortened
from .surveyed import METHODS
from .trends import DRAWN, edges, markers, span_of

CHART_TOKENS = ("card", "ink", "ink2", "ink3", "line", "grid", "pri", "teal", "g5", "g4", "g3", "g2", "att", "crit", "mute", "camp", "never")


@cache
def light_template() -> dict[str, Any]:
    """The light template; the page's script recolours it for the dark theme, which gives the dark one (tests/pages/test_embed.py)."""
    return template("light").to_plotly_json()


@cache
def recolouring() -> dict[str, str]:
    """Light colour of a chart → its dark twin; the page's script redraws figures through it."""
    pairs = {LIGHT[name]: DARK[name] for name in (*CHART_TOKENS, *BINS)}
    return pairs | {rgba(LIGHT["pri"], BAND_OPACITY["light"]): rgba(DARK["pri"], BAND_OPACITY["dark"])}


def as_json(value: object) -> Markup:
    """JSON that is inert inside a script element."""
    text = dumped(value)
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def stripped(plot: Plot) -> dict[str, Any]:
    """A figure as plain JSON without template and without the arrays that the page's script fills."""
    plain = plot.figure.to_plotly_json()
    for trace in plain["data"]:
        if "meta" in trace:
            for name in ("x", "y", "text"):
                trace.pop(name, None)
            trace.get("marker", {}).pop("opacity", None)
    layout = plain["layout"]
    layout.pop("template", None)
    if plot.source == "multiples":
        for trace in plain["data"]:
            del trace["x"]
            if trace["name"].startswith("district:"):
                del trace["y"]
    for axis in plot.ticks:
        for name in ("tickvals", "ticktext"):
            layout.get(axis, {}).pop(name, None)
    if plot.source.startswith("bars:"):  # the values beside the bars look alike: the script repeats the first
        layout["annotations"] = layout.get("annotations", [])[:1]  # no bar, no value
    for shape in layout.get("shapes", ()):
        if shape.get("name") == "period":
            del shape["x0"], shape["x1"]
    return plain


def plot_data(plot: Plot, pool: Pool) -> dict[str, object]:
    texts = {name: value if isinstance(value, str) else pool.text(value) for name, value in plot.texts.items()}
    found: dict[str, object] = {"figure": stripped(plot), "source": plot.source, "texts": texts, "ticks": plot.ticks, "height": plot.height}
    return found | ({"links": plot.links} if plot.links else {})


# Messages that only the script says: updates, chips, hover boxes, the panel.
SPOKEN = (
    "ui.updated",
    "ui.unknown",
    "ui.filtered",
    "ui.chip",
    "ui.chip_remove",
    "ui.theme_dark",
    "ui.theme_light",
    "ui.how",
    "cell.pp",
    "cell.fixed1",
    "area.name",
    "q1.on_time",
    "q1.late",
    "q1.partial",
    "q1.missing",
    "q1.not_due",
    "q1.none",
    "week.full",
)
SPOKEN_PREFIXES = ("hover.", "panel.", "tag.")
SPOKEN_OF = {"tiles": ("c3.tile",), "ranking": ("how.change", "how.blind", "how.head")}
"""Prefixes of further messages, by the data they are said of."""


def spoken(district: District, page: Page) -> list[str]:
    own = tuple(prefix for name, prefixes in SPOKEN_OF.items() if name in page.data for prefix in prefixes)
    said = {key for key in messages.catalogue() if key in SPOKEN or key.startswith((*SPOKEN_PREFIXES, *own))}
    nums = [num for block in page.blocks for num in linked_numbers(block)]
    metrics, parts = {num.metric for num in nums} | {block.metric for block in page.blocks}, "+".join(num.part for num in nums)
    unused = {
        ".survey": not (is_surveyed := any(row["method"] in METHODS for row in district.cover.values())),
        ".overlaps": not is_surveyed,
        "panel.filled.mean": MEAN not in metrics,
        "panel.filled.median": MEDIAN not in metrics,
        "panel.op.before": "op:" not in parts,
        "panel.op.during": "op:" not in parts,
        "panel.until": "until:" not in parts,
    }
    return sorted(said - {key for key in said for end, is_unused in unused.items() if is_unused and key.endswith(end)})


def shared_items(plots: Mapping[str, dict[str, Any]]) -> list[Any]:
    """Traces, shapes and annotations that several figures have alike; in the figures their places stand instead."""
    lists = [items for p in plots.values() for items in (p["figure"]["data"], *(p["figure"]["layout"].get(k, []) for k in ("shapes", "annotations")))]
    uses = Counter(dumped(item) for items in lists for item in items)
    held: dict[str, int] = {}
    for items in lists:
        items[:] = [held.setdefault(text, len(held)) if uses[text := dumped(item)] > 1 else item for item in items]
    return [json.loads(text) for text in held]


def linked_parts(block: Block) -> list[str]:
    """Names of the areas and parts whose numbers the block links to their cells; months, firmness and unpriced cases are said otherwise."""
    parts = (part for num in linked_numbers(block) for part in (f"area:{num.area}" if num.area else "", *num.part.split("+")))
    areas = (f"area:{area}" for piece in block.body if isinstance(piece, Matrix) for area, _ in piece.rows)
    return [p for p in (*parts, *areas) if p and p.split(":")[0] not in ("month", "until", "op", "firmness", "event") and p != "grade:none"]


def reports(district: District, page: Page) -> dict[str, tuple[int, int, int]]:
    """Scope → (reports in, reports due, is provisional) of the page's areas and periods."""
    known = {s.key: district.kpi.get(("on_time_rate", s.area, s.period)) for s in (view.scope for view in page.views)}
    return {key: (row["reports_in"] or 0, row["reports_due"] or 0, int(row["is_provisional"])) for key, row in known.items() if row}


def tables(blocks: Iterable[Block]) -> dict[str, object]:
    """Data tables the script can rebuild: id → source and columns."""
    found = [b.data for b in blocks if b.data is not None and b.data.source]
    return {t.id: {"source": t.source, "spec": t.spec, "linked": t.linked} for t in found}


def payload(district: District, page: Page) -> dict[str, Any]:
    """All embedded data of a page."""
    pool = Pool()
    for key in spoken(district, page):
        pool.place("message", key)
    for area in district.scopes:
        pool.place("name", f"area:{area}")
    for key in ("grade:P5", "grade:P4", "grade:P3", "grade:P2", *(p.id if p.is_operation else f"span:{p.id}" for p in district.periods)):
        pool.place("name", key)
    tiles: dict[str, list[list[Any]]] = dict(page.data.get("tiles") or {})  # type: ignore[call-overload]
    for rows in tiles.values():
        for row in rows:
            pool.place("name", f"area:{row[0]}")
    for block in page.blocks:
        for part in linked_parts(block):
            pool.place("name", part)
        for row in block.data.rows if block.data and block.data.source.startswith("bars:") else ():
            pool.place("name", row.key)
    plots = {b.id: plot_data(piece, pool) for b in page.blocks for piece in b.body if isinstance(piece, Plot)}
    provisional = {str(w) for w in district.provisional}
    data: dict[str, object] = {
        "kind": page.kind,
        "top": district.top,
        "default": page.views[0].scope.key,
        "asof": "" if district.is_empty else str(district.data_to),
        "scopes": district.scopes,
        "weeks": district.shown,
        "provisional": [int(str(w) in provisional) for w in district.shown],
        "periods": [
            {
                "id": p.id,
                "first": p.first,
                "last": p.last,
                "since": p.id if p.is_operation else f"span:{p.id}",
                "span": astuple(span_of(district, p)),
                "edges": edges(p),
            }
            for p in district.periods
        ],
        **packed_views(page, pool),
        "reports": reports(district, page),
        "leftOut": {p.id: found for p in district.periods if (found := district.left_out(p.id))},
        "plots": plots,
        "tables": tables(page.blocks),
        **page.data,
    }
    if plots:
        data["shared"] = shared_items(plots)
        data |= {"config": CONFIG, "template": light_template(), "recolour": recolouring()}
        data["lowRate"] = district.settings.reporting.low_rate
        data["lane"] = {f"lane:{m['key']}": (m["kind"], m["end"]) for m in markers(district, *DRAWN)}
    data |= {"texts": pool.stored("text"), "shapes": pool.stored("shape")}
    data["messages"] = {key: messages.catalogue()[key] for key in pool.lists["message"]}
    data["names"] = {key: district.names[key] for key in pool.lists["name"]}
    return shortened(data)


def parted(data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what the page shows first, the rest): the rest goes into a script beside the page, loaded after the first drawing."""
    scope = data["default"]
    area, period = scope.split("|")
    end = str(next(p["last"] for p in data["periods"] if p["id"] == period)) if data["periods"] else ""
    keep = {"views": (scope,), "marks": (scope,), "tiles": (end,), "standing": (end,), "ranking": (period,), "sparks": (area,)}
    first, rest = dict(data), {}
    for name, keys in keep.items():
        if name in data:
            first[name], rest[name] = cut(data[name], keys)
    for name, key in (("series", area), ("bars", scope)):
        if name in data:
            halves = {chart: cut(values, (key,)) for chart, values in data[name].items()}
            first[name], rest[name] = ({chart: half[i] for chart, half in halves.items()} for i in (0, 1))
    n: int = data["n_first"]
    first["texts"], rest["texts"] = data["texts"][:n], data["texts"][n:]
    return first, rest


def cut(values: Mapping[str, Any], keys: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    return {k: v for k, v in values.items() if k in keys}, {k: v for k, v in values.items() if k not in keys}
