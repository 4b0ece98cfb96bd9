"""A described page as HTML: the template, the embedded data, folder and single-file delivery.

Here: Jinja, packing of data, escaping. Not here: what a page says (overview.py and its siblings), where files go (build.py).

Nothing from a spreadsheet becomes markup: Jinja escapes, embedded JSON has `<` as \\u003c, the script writes textContent only, and texts
that reach Plotly are escaped first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import plotly.graph_objects as go
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.charts.theme import BAND_OPACITY, CONFIG, DARK, LIGHT, rgba, template

from . import format as fmt
from . import messages
from .district import District
from .model import Block, Cell, Clause, Page, Plot, Spark, Text, Tile, View, say
from .parts import cards, reports
from .trends import MIDWEEK, edges, markers, span_of, sparkline

HTML = Path(__file__).with_name("html")
SCRIPTS = ("format.js", "charts.js", "panel.js", "app.js")
CHART_TOKENS = ("card", "ink", "ink2", "ink3", "line", "grid", "pri", "teal", "g5", "g4", "g3", "g2", "att", "crit", "mute", "camp")


@cache
def environment() -> Environment:
    return Environment(loader=FileSystemLoader(HTML), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def css() -> str:
    """app.css with both themes' tokens in front, from the same place as the charts' colours."""
    light, dark = ("".join(f"--{name}:{colour};" for name, colour in theme.items()) for theme in (LIGHT, DARK))
    tokens = f':root{{{light}color-scheme:light}}\n:root[data-theme="dark"]{{{dark}color-scheme:dark}}\n@media(prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}color-scheme:dark}}}}\n'
    return tokens + (HTML / "app.css").read_text("utf-8")


@cache
def script() -> str:
    return "".join((HTML / name).read_text("utf-8") for name in SCRIPTS)


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


@dataclass(frozen=True)
class Painter:
    """What the templates may ask: texts in both languages, glyphs, small derived strings."""

    district: District
    page: Page
    single: bool

    @property
    def view(self) -> View:
        return self.page.views[0]

    @property
    def names(self) -> messages.Names:
        return self.district.names

    def zh(self, text: Text) -> Markup:
        return messages.html(text, "zh", self.names)

    def plain(self, text: Text) -> str:
        return messages.plain(text, "zh", self.names)

    def english(self, text: Text) -> str:
        return messages.plain(text, "en", self.names)

    def en(self, text: Text) -> Markup:
        """The attribute that carries the English twin of an element's text; nothing where both are the same."""
        english = self.english(text)
        return Markup("") if english == self.plain(text) else Markup(' data-en="{}"').format(english)

    def english_of(self, cell: Cell) -> Markup:
        return Markup("") if cell.zh == cell.en else Markup(' data-en="{}"').format(cell.en)

    def css_of(self, names: str) -> Markup:
        return Markup(' class="{}"').format(names) if names else Markup("")

    def named(self, area: str) -> Text:
        return say("area.name", x=f"area:{area}")

    def option(self, area: str) -> Text:
        return say("ui.all", area=f"area:{area}", n=len(self.district.towns)) if area == self.district.top else self.named(area)

    def percent(self, value: float | None) -> str:
        return fmt.show(value, "pct0_number", "zh")

    def rate(self, area: str) -> str:
        period = next(p for p in self.district.periods if p.id == self.view.scope.period)
        row = self.district.cover.get((area, period.last))
        return fmt.show(row["estimate"] if row else None, "pct0", "zh")

    def tile_title(self, tile: Tile) -> Markup:
        area = f"area:{tile.area}"
        text = (
            say("c3.tile_never", area=area)
            if tile.estimate is None
            else say("c3.tile", area=area, low=tile.low, high=tile.high, residents=tile.residents)
        )
        return Markup(' title="{}" data-en-title="{}"').format(self.plain(text), self.english(text))

    def status(self, status: str) -> Text:
        return say(f"q1.{status or 'none'}")

    def glyph(self, swatch: str) -> str:
        return reports.GLYPHS.get(swatch.removeprefix("q-"), "") if swatch.startswith("q-") else ""

    def tone(self, text: Text) -> str:
        return text[0].key.split(".")[1] if text and text[0].key.startswith("pp.") else ""


def asof(district: District) -> Text:
    return say("ui.asof", day=str(district.data_to), week=str(district.last))


def local(at: datetime, district: District) -> str:
    zone = ZoneInfo(district.settings.district.time_zone)
    return (at.replace(tzinfo=ZoneInfo("UTC")) if at.tzinfo is None else at).astimezone(zone).replace(tzinfo=None).isoformat()


def sources(district: District) -> Text:
    files = district.frames["source_files"].filter(is_withdrawn=False)
    latest = files["received_at"].max()
    if latest is None:
        return say("ui.sources_none")
    return say("ui.sources_text", n=files.height, cells=int(files["n_measurements"].sum()), at=local(latest, district))  # type: ignore[arg-type]


def spark(district: District, metric: str, area: str, colour: str) -> Spark | None:
    drawn = sparkline(cards.trend(district, metric, area))
    return Spark(*drawn, colour) if drawn else None


# -- embedded data ----------------------------------------------------------------------------------------------------
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
            shape.pop("x0"), shape.pop("x1")
    return plain


def packable(value: Any) -> Any:
    """`value` with every Text packed by message key, for data that is loaded apart from the page."""
    if isinstance(value, tuple) and value and isinstance(value[0], Clause):
        return messages.packed(value, lambda _, key: key)
    if isinstance(value, dict):
        return {key: packable(v) for key, v in value.items()}
    return [packable(v) for v in value] if isinstance(value, (list, tuple)) else shortened(value)


class Pool:
    """Lists that embedded texts point into: messages, names, and whole texts, each stored once. The same order gives the same places."""

    def __init__(self) -> None:
        self.lists: dict[str, dict[str, int]] = {"message": {}, "name": {}, "text": {}}

    def place(self, kind: str, key: str) -> int:
        return self.lists[kind].setdefault(key, len(self.lists[kind]))

    def pack(self, text: Text) -> object:
        return shortened(messages.packed(text, self.place))

    def text(self, text: Text) -> int:
        return self.place("text", json.dumps(self.pack(text), ensure_ascii=False, separators=(",", ":"), default=plain_value))


def plot_data(plot: Plot, pool: Pool) -> dict[str, object]:
    texts = {name: value if isinstance(value, str) else pool.text(value) for name, value in plot.texts.items()}
    return {"figure": stripped(plot.figure), "source": plot.source, "texts": texts, "ticks": plot.ticks, "height": plot.height}


# Messages that only the script says: updates, chips, hover boxes, the panel.
SPOKEN = ("ui.updated", "ui.unknown", "ui.filtered", "ui.chip", "ui.chip_remove", "ui.theme_dark", "ui.theme_light", "ui.how", "cell.pp", "cell.fixed1", "area.name", "c3.tile", "week.full")
SPOKEN_PREFIXES = ("hover.", "panel.", "tag.", "c3.tile")


def spoken() -> list[str]:
    return sorted(key for key in messages.catalogue() if key in SPOKEN or key.startswith(SPOKEN_PREFIXES))


def packed_views(page: Page, pool: Pool) -> dict[str, object]:
    """Views by scope: the places of their texts in slot order, the named case's week, and the rows of bar charts."""
    slots = list(page.views[0].texts)
    return {
        "slots": slots,
        "views": {v.scope.key: [pool.text(v.texts[slot]) for slot in slots] for v in page.views},
        "marks": {v.scope.key: v.marks for v in page.views if v.marks},
        **packed_bars(page, pool),
    }


def packed_bars(page: Page, pool: Pool) -> dict[str, object]:
    """`bars`: chart → scope → rows; `fields`: their order, and `fixed` fields that no scope changes. A row's text is only its message: the
    arguments are the row's own fields. A row of zeros or nulls is its message alone; `value` is the sum of the grades and left out."""
    bars: dict[str, dict[str, object]] = {}
    fields: dict[str, dict[str, object]] = {}
    for chart, first in page.views[0].bars.items():
        own = list(first[0]) if first else []
        fixed = {"unit": [pool.place("name", str(row["unit"])) for row in first]} if "unit" in own else {}
        kept = [f for f in own if f not in fixed and not (f == "value" and "p5e" in own)]

        def packed(row: Mapping[str, Any], kept: list[str] = kept) -> object:
            values = [pool.place("message", row[f][0].key) if f == "text" else shortened(row[f]) for f in kept]
            return values if any(v for f, v in zip(kept, values, strict=True) if f != "text") else values[kept.index("text")]

        bars[chart] = {v.scope.key: [packed(row) for row in v.bars[chart]] for v in page.views}
        fields[chart] = {"fields": kept, "fixed": fixed}
    return {"bars": bars, "fields": fields}


def shortened(value: object) -> object:
    """Numbers with no more digits than any display needs: whole ones without a point, shares with seven decimals; long runs of zeros as
    {place: value}."""
    if isinstance(value, float):
        return int(value) if value == int(value) else round(value, 7 if abs(value) < 10 else 1)
    if isinstance(value, (list, tuple)):
        return [shortened(v) for v in value]
    if isinstance(value, dict):
        return {key: shortened(v) for key, v in value.items()}
    return value


def tables(blocks: Iterable[Block]) -> dict[str, object]:
    """Data tables the script can rebuild: id → source and columns."""
    found = [b.data for b in blocks if b.data is not None and b.data.source]
    return {t.id: {"source": t.source, "spec": t.spec} for t in found}


def payload(district: District, page: Page, *, single: bool, lineage: Mapping[str, object]) -> dict[str, object]:
    """All embedded data of a page."""
    pool = Pool()
    for key in spoken():
        pool.place("message", key)
    for area in district.scopes:
        pool.place("name", f"area:{area}")
    for key in ("grade:P5", "grade:P4", "grade:P3", "grade:P2", *(p.id if p.is_operation else f"span:{p.id}" for p in district.periods)):
        pool.place("name", key)
    for rows in dict(page.data.get("tiles") or {}).values():  # type: ignore[call-overload]
        for row in rows:
            pool.place("name", f"area:{row[0]}")
    for block in page.blocks:
        for row in block.data.rows if block.data and block.data.source.startswith("bars:") else ():
            pool.place("name", row.key)
    plots = {b.id: plot_data(piece, pool) for b in page.blocks for piece in b.body if isinstance(piece, Plot)}
    for slot in page.views[0].texts.values():
        pool.text(slot)
    n_first = len(pool.lists["text"])
    provisional = {str(w) for w in district.provisional}
    data: dict[str, object] = {
        "kind": page.kind, "single": single, "top": district.top, "default": page.views[0].scope.key, "asof": str(district.data_to),
        "scopes": district.scopes, "weeks": district.shown, "provisional": [int(str(w) in provisional) for w in district.shown],
        "periods": [{"id": p.id, "since": p.id if p.is_operation else f"span:{p.id}", "span": astuple(span_of(district, p)), "edges": edges(p)} for p in district.periods],
        **packed_views(page, pool), "plots": plots, "tables": tables(page.blocks), "lineage": lineage, **page.data,
    }  # fmt: skip
    if plots:
        data |= {"config": CONFIG, "templates": {theme: template(theme).to_plotly_json() for theme in ("light", "dark")}, "recolour": recolouring()}
        data["lowRate"] = district.settings.reporting.low_rate
        data["lane"] = {f"lane:{m['key']}": (m["kind"], m["end"]) for m in markers(district)}
        data["x"] = [week + MIDWEEK for week in district.shown]
    data["n_first"] = n_first
    data["texts"] = [json.loads(text) for text in pool.lists["text"]]
    data["messages"] = {key: [*messages.catalogue()[key], messages.arguments(key)] for key in pool.lists["message"]}
    data["names"] = {key: district.names[key] for key in pool.lists["name"]}
    return data


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
    n = data["n_first"]
    first["texts"], rest["texts"] = data["texts"][:n], data["texts"][n:]
    return first, rest


def cut(values: Mapping[str, Any], keys: tuple[str, ...]) -> tuple[dict[str, Any], dict[str, Any]]:
    return {k: v for k, v in values.items() if k in keys}, {k: v for k, v in values.items() if k not in keys}


# -- the page ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Drawn:
    """A page's HTML, and in folder delivery the script with the data of its other scopes (None: it has only one)."""

    html: str
    rest: str | None = None


def page_html(
    district: District, page: Page, *, single: bool, built_at: datetime, links: list[tuple[str, Text, bool]], plotly: str, lineage: Mapping[str, object]
) -> Drawn:
    """The whole document. `links`: (href, label, is current) of the sibling pages; `plotly`: the library, used in a single file only."""
    painter = Painter(district, page, single)
    helpers = {name: getattr(painter, name) for name in HELPERS}
    area = page.views[0].scope.area
    data: dict[str, Any] = shortened(payload(district, page, single=single, lineage=lineage))  # type: ignore[assignment]
    rest = None
    if not single and len(page.views) > 1:
        data, others = parted(data)
        rest = f"window.REST={as_json(others)};\n"
    html = environment().get_template("page.html.j2").render(
        page=page, view=painter.view, d=district, single=single, say=say, root="../" * page.path.count("/"), links=links, rest=f"data/{page.kind}.js" if rest else "",
        asof=asof(district), built=say("ui.built", at=local(built_at, district)), method=say("ui.method_text", n=district.settings.coverage.window_weeks), sources=sources(district),
        sparks={card.id: spark(district, card.metric, area, card.colour) for card in page.cards},
        data=as_json(data), css=Markup(css()), js=Markup(inert(script())) if single else "", plotly=Markup(inert(plotly)) if single and data["plots"] else "",
        **helpers,
    )  # fmt: skip
    return Drawn(html, rest)


HELPERS = ("zh", "plain", "english", "en", "english_of", "css_of", "named", "option", "percent", "rate", "tile_title", "status", "glyph", "tone")


def inert(source: str) -> str:
    """Script text that cannot end its own element."""
    return source.replace("</script", "<\\/script").replace("<!--", "<\\!--")
