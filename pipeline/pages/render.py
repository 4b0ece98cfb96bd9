"""A described page as HTML: the template, the embedded data, folder and single-file delivery.

Here: Jinja, packing of data, escaping. Not here: what a page says (overview.py and its siblings), where files go (build.py).

Nothing from a spreadsheet becomes markup: Jinja escapes, embedded JSON has `<` as \\u003c, the script writes textContent only, and texts
that reach Plotly are escaped first.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
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
from .model import Block, Cell, Page, Plot, Spark, Text, Tile, View, say
from .parts import cards, reports
from .trends import MIDWEEK, markers, sparkline

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


def plot_data(plot: Plot) -> dict[str, object]:
    texts = {name: value if isinstance(value, str) else messages.packed(value) for name, value in plot.texts.items()}
    return {"figure": stripped(plot.figure), "source": plot.source, "texts": texts, "ticks": plot.ticks, "height": plot.height}


def used_messages(texts: Iterable[object]) -> set[str]:
    """Keys of the messages that packed texts refer to."""
    return {clause[0] for text in texts if isinstance(text, list) for clause in text}


SCRIPT_MESSAGES = ("ui.updated", "ui.unknown", "ui.filtered", "ui.chip", "ui.chip_remove", "ui.theme_dark", "ui.theme_light", "ui.how", "c3.tile", "c3.tile_never", "area.name",
                   "hover.week", "hover.coverage", "hover.range_pct", "hover.reports", "hover.none", "hover.loss", "hover.range_money", "hover.split", "hover.unknown", "cell.pp", "cell.fixed1",
                   "tag.low", "tag.provisional", "week.full", "panel.value", "panel.scope", "panel.formula", "panel.bounds", "panel.records", "panel.records_text", "panel.cells", "panel.file",
                   "panel.sheet", "panel.cell", "panel.text", "panel.read", "panel.share", "panel.uncounted", "panel.all", "panel.none", "panel.provisional", "panel.closed", "panel.more")  # fmt: skip


def packed_views(page: Page) -> dict[str, object]:
    """Views by scope. A text that several views share is stored once, in `texts`; views hold its place."""
    slots = list(page.views[0].texts)
    pool: dict[str, int] = {}
    texts: list[object] = []

    def place(text: Text) -> int:
        packed = shortened(messages.packed(text))
        key = json.dumps(packed, default=plain_value)
        if key not in pool:
            pool[key] = len(texts)
            texts.append(packed)
        return pool[key]

    return {
        "slots": slots,
        "views": {v.scope.key: [place(v.texts[slot]) for slot in slots] for v in page.views},
        "texts": texts,
        "marks": {v.scope.key: v.marks for v in page.views},
        "bars": {chart: packed_bars(page, chart) for chart in page.views[0].bars},
    }


def packed_bars(page: Page, chart: str) -> dict[str, object]:
    """Rows of a bar chart by scope. A row's text is only its message; the arguments are the row's own fields."""
    first = page.views[0].bars[chart]
    fields = list(first[0]) if first else []
    rows = {v.scope.key: [[row[f][0].key if f == "text" else shortened(row[f]) for f in fields] for row in v.bars[chart]] for v in page.views}  # type: ignore[index]
    return {"fields": fields, "rows": rows}


def shortened(value: object) -> object:
    """Numbers with no more digits than any display needs: whole ones without a point, others with eight decimals."""
    if isinstance(value, float):
        return int(value) if value == int(value) else round(value, 8 if abs(value) < 10 else 2)
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
    plots = {b.id: plot_data(piece) for b in page.blocks for piece in b.body if isinstance(piece, Plot)}
    views = packed_views(page)
    texts: list[object] = list(views["texts"])  # type: ignore[call-overload]
    texts += [t for p in plots.values() for t in p["texts"].values()]  # type: ignore[attr-defined]
    rows = {row["text"][0].key for view in page.views for chart in view.bars.values() for row in chart}  # type: ignore[index]
    keys = used_messages(texts) | rows | set(SCRIPT_MESSAGES)
    data: dict[str, object] = {
        "kind": page.kind, "single": single, "top": district.top, "default": page.views[0].scope.key,
        "scopes": district.scopes, "weeks": district.shown, "provisional": [str(w) in {str(p) for p in district.provisional} for w in district.shown],
        "periods": [{"id": p.id, "since": p.id if p.is_operation else f"span:{p.id}"} for p in district.periods],
        "messages": {key: [*messages.catalogue()[key], messages.arguments(key)] for key in sorted(keys)},
        **views, "plots": plots, "tables": tables(page.blocks), "lineage": lineage, **shortened(dict(page.data)),  # type: ignore[dict-item]
    }  # fmt: skip
    if plots:
        data |= {"config": CONFIG, "templates": {theme: template(theme).to_plotly_json() for theme in ("light", "dark")}, "recolour": recolouring()}
        data["lowRate"] = district.settings.reporting.low_rate
        data["lane"] = {f"lane:{m['key']}": (m["kind"], m["end"]) for m in markers(district)}
        data["x"] = [week + MIDWEEK for week in district.shown]
    data["names"] = used_names(data, district.names)
    return data


def used_names(data: Mapping[str, object], names: messages.Names) -> dict[str, tuple[str, str | None]]:
    """Names the page's script may need: whatever embedded text or scope mentions one."""
    text = json.dumps(data, ensure_ascii=False, default=str)
    tiles = {f"area:{row[0]}" for rows in dict(data.get("tiles") or {}).values() for row in rows}  # type: ignore[call-overload]
    scopes = {f"area:{area}" for area in data["scopes"]}  # type: ignore[attr-defined]
    return {key: names[key] for key in sorted(names) if key in tiles or key in scopes or f'"{key}"' in text}


# -- the page ---------------------------------------------------------------------------------------------------------
def page_html(
    district: District,
    page: Page,
    *,
    single: bool,
    built_at: datetime,
    links: list[tuple[str, Text, bool]],
    plotly: str,
    lineage: Mapping[str, object],
) -> str:
    """The whole document. `links`: (href, label, is current) of the sibling pages; `plotly`: the library, used in a single file only."""
    painter = Painter(district, page, single)
    helpers = {
        name: getattr(painter, name)
        for name in ("zh", "plain", "english", "en", "english_of", "named", "option", "percent", "rate", "tile_title", "status", "glyph", "tone")
    }
    area = page.views[0].scope.area
    return environment().get_template("page.html.j2").render(
        page=page, view=painter.view, d=district, single=single, say=say, root="../" * page.path.count("/"), links=links,
        asof=asof(district), built=say("ui.built", at=local(built_at, district)), method=say("ui.method_text", n=district.settings.coverage.window_weeks), sources=sources(district),
        sparks={card.id: spark(district, card.metric, area, card.colour) for card in page.cards},
        data=as_json(payload(district, page, single=single, lineage=lineage)), css=Markup(css()), js=Markup(inert(script())) if single else "", plotly=Markup(inert(plotly)) if single else "",
        **helpers,
    )  # fmt: skip


def inert(source: str) -> str:
    """Script text that cannot end its own element."""
    return source.replace("</script", "<\\/script").replace("<!--", "<\\!--")
