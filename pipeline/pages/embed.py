"""The data that a page carries for its script: packed texts, weekly columns, figures without their arrays.

Here: what is embedded and how small. Not here: the HTML around it (render.py), how the script reads it (html/app.js).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import astuple
from datetime import date, datetime
from functools import cache
from typing import Any

import plotly.graph_objects as go
from markupsafe import Markup

from pipeline.charts.theme import BAND_OPACITY, CONFIG, DARK, LIGHT, rgba, template

from . import messages
from .amounts import COLUMNS
from .district import District
from .model import Block, Matrix, Page, Plot, Text, linked_numbers
from .trends import DRAWN, edges, markers, span_of

CHART_TOKENS = ("card", "ink", "ink2", "ink3", "line", "grid", "pri", "teal", "g5", "g4", "g3", "g2", "att", "crit", "mute", "camp")


@cache
def templates() -> dict[str, Any]:
    return {theme: template(theme).to_plotly_json() for theme in ("light", "dark")}


@cache
def recolouring() -> dict[str, str]:
    """Light colour of a chart → its dark twin; the page's script redraws figures through it."""
    pairs = {LIGHT[name]: DARK[name] for name in CHART_TOKENS}
    return pairs | {rgba(LIGHT["pri"], BAND_OPACITY["light"]): rgba(DARK["pri"], BAND_OPACITY["dark"])}


def as_json(value: object) -> Markup:
    """JSON that is inert inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=plain_value, allow_nan=False)
    return Markup(text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def plain_value(value: object) -> object:
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot be embedded")


def stripped(figure: go.Figure) -> dict[str, Any]:
    """A figure as plain JSON without template and without the arrays that the page's script fills."""
    plain = figure.to_plotly_json()
    for trace in plain["data"]:
        if "meta" in trace:
            for name in ("x", "y", "text"):
                trace.pop(name, None)
            trace.get("marker", {}).pop("opacity", None)
    plain["layout"].pop("template", None)
    for shape in plain["layout"].get("shapes", ()):
        if shape.get("name") == "period":
            del shape["x0"], shape["x1"]
    return plain


class Pool:
    """Lists that embedded texts point into: messages, names, and whole texts, each stored once. The same order gives the same places."""

    def __init__(self) -> None:
        self.lists: dict[str, dict[str, int]] = {"message": {}, "name": {}, "text": {}}

    def place(self, kind: str, key: str) -> int:
        return self.lists[kind].setdefault(key, len(self.lists[kind]))

    def pack(self, text: Text) -> object:
        return shortened(messages.packed(text, self.place))

    def text(self, text: Text) -> int:
        return self.place("text", dumped(self.pack(text)))


def dumped(packed: object) -> str:
    return json.dumps(packed, ensure_ascii=False, separators=(",", ":"), default=plain_value)


def plot_data(plot: Plot, pool: Pool) -> dict[str, object]:
    texts = {name: value if isinstance(value, str) else pool.text(value) for name, value in plot.texts.items()}
    return {"figure": stripped(plot.figure), "source": plot.source, "texts": texts, "ticks": plot.ticks, "height": plot.height}


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
    "c3.tile",
    "q1.on_time",
    "q1.late",
    "q1.partial",
    "q1.missing",
    "q1.not_due",
    "q1.none",
    "week.full",
)
SPOKEN_PREFIXES = ("hover.", "panel.", "tag.", "c3.tile", "how.")


def spoken() -> list[str]:
    return sorted(key for key in messages.catalogue() if key in SPOKEN or key.startswith(SPOKEN_PREFIXES))


def packed_texts(page: Page, pool: Pool) -> tuple[dict[str, list[object]], int]:
    """Scope → its texts in slot order: one that recurs as its place in the pool, any other as itself, a single clause without the list around
    it. And how many texts the pool holds with the first view's."""
    packed = {v.scope.key: [dumped(pool.pack(v.texts[slot])) for slot in page.views[0].texts] for v in page.views}
    uses = Counter(text for texts in packed.values() for text in texts)

    def held(text: str) -> object:
        if uses[text] > 1 or text == "[]":
            return pool.place("text", text)
        clauses = json.loads(text)
        return clauses[0] if len(clauses) == 1 else clauses

    views, sizes = {}, []
    for key, texts in packed.items():
        views[key] = [held(text) for text in texts]
        sizes.append(len(pool.lists["text"]))
    return views, sizes[0]


def packed_views(page: Page, pool: Pool) -> dict[str, object]:
    """Views by scope: their texts in slot order, the named case's week, and the rows of bar charts."""
    views, n_first = packed_texts(page, pool)
    return {
        "n_first": n_first,
        "slots": list(page.views[0].texts),
        "views": views,
        "marks": {v.scope.key: v.marks for v in page.views if v.marks},
        **packed_bars(page, pool),
    }


def packed_bars(page: Page, pool: Pool) -> dict[str, object]:
    """`bars`: chart → scope → rows; `fields`: their order, and `fixed` fields that no scope changes. A row's text is only its message: the
    arguments are the row's own fields. A row of zeros or nulls is its message alone; `value` is the sum of the grades and left out, bounds that
    equal it are null, and zeros and nulls at a graded row's end are cut off: so its rarest fields come last."""
    bars: dict[str, dict[str, object]] = {}
    fields: dict[str, dict[str, object]] = {}
    for chart, first in page.views[0].bars.items():
        own = list(first[0]) if first else []
        fixed = {"unit": [pool.place("name", str(row["unit"])) for row in first]} if "unit" in own else {}
        kept = [f for f in own if f not in fixed]
        if is_graded := "p5e" in own:
            kept = ["text", "n", *reversed(COLUMNS), "low", "high"]

        def packed(row: Mapping[str, Any], kept: list[str] = kept, is_graded: bool = is_graded) -> object:
            values = [pool.place("message", row[f][0].key) if f == "text" else shortened(row[f]) for f in kept]
            if any(values) and is_graded:
                values = [None if f in ("low", "high") and row[f] == row["value"] else v for f, v in zip(kept, values, strict=True)]
                if any(values[1:]):
                    return values[: 1 + max(i for i, v in enumerate(values) if v)]
            return values if any(v for f, v in zip(kept, values, strict=True) if f != "text") else values[kept.index("text")]

        bars[chart] = {v.scope.key: [packed(row) for row in v.bars[chart]] for v in page.views}
        fields[chart] = {"fields": kept, "fixed": fixed}
    return {"bars": bars, "fields": fields}


PLAIN = frozenset({str, int, bool, type(None)})


def shortened(value: Any) -> Any:
    """Numbers with no more digits than any display needs: whole ones without a point, shares with six decimals."""
    if isinstance(value, float):
        rounded = round(value, 6 if abs(value) < 10 else 1)
        return int(rounded) if rounded == int(rounded) else rounded
    # Most leaves are plain; half a million calls for them would take as long as drawing a page.
    if isinstance(value, (list, tuple)):
        return [v if type(v) in PLAIN else shortened(v) for v in value]
    if isinstance(value, dict):
        return {key: v if type(v) in PLAIN else shortened(v) for key, v in value.items()}
    return value


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
    for key in spoken():
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
        data |= {"config": CONFIG, "templates": templates(), "recolour": recolouring()}
        data["lowRate"] = district.settings.reporting.low_rate
        data["lane"] = {f"lane:{m['key']}": (m["kind"], m["end"]) for m in markers(district, *DRAWN)}
    data["texts"] = [json.loads(text) for text in pool.lists["text"]]
    data["messages"] = {key: [*messages.catalogue()[key], messages.arguments(key)] for key in pool.lists["message"]}
    data["names"] = {key: district.names[key] for key in pool.lists["name"]}
    return shortened(data)


def parted(data: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """(what the page shows first, the rest): the rest goes into a script beside the page, loaded after the first drawing."""
    scope = data["default"]
    area, period = scope.split("|")
    keep = {"views": (scope,), "marks": (scope,), "tiles": (period,), "ranking": (period,), "sparks": (area,)}
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
