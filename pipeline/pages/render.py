"""A described page as HTML: the template, the embedded data, folder and single-file delivery.

Here: Jinja, packing of data, escaping. Not here: what a page says (overview.py and its siblings), where files go (build.py).

Nothing from a spreadsheet becomes markup: Jinja escapes, embedded JSON has `<` as \\u003c, the script writes textContent only, and texts
that reach Plotly are escaped first.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.charts.theme import DARK, LIGHT

from . import embed, messages, packing
from . import format as fmt
from .district import District
from .model import Cell, Page, Part, Spark, Text, Tile, View, say
from .parts import cards, reports, tiles
from .trends import sparkline

HTML = Path(__file__).with_name("html")
SCRIPTS = ("dom.js", "format.js", "unpack.js", "charts.js", "panel.js", "app.js")


@cache
def environment() -> Environment:
    return Environment(loader=FileSystemLoader(HTML), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def css() -> str:
    """app.css with both themes' tokens in front, from the same place as the charts' colours."""
    light, dark = ("".join(f"--{name}:{colour};" for name, colour in theme.items()) for theme in (LIGHT, DARK))
    chosen = f':root[data-theme="dark"]{{{dark}color-scheme:dark}}'
    system = f'@media(prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}color-scheme:dark}}}}'
    rules = re.sub(r"/\*.*?\*/\n?", "", (HTML / "app.css").read_text("utf-8"), flags=re.DOTALL)
    return f":root{{{light}color-scheme:light}}\n{chosen}\n{system}\n{rules}"


@cache
def script() -> str:
    return "".join((HTML / name).read_text("utf-8") for name in SCRIPTS)


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

    def broken(self, code: str) -> Markup:
        """A code that wraps behind its underscores and is copied whole."""
        return Markup("_<wbr>").join(code.split("_"))

    def css_of(self, names: str) -> Markup:
        return Markup(' class="{}"').format(names) if names else Markup("")

    def named(self, area: str) -> Text:
        return say("area.name", x=f"area:{area}")

    def option(self, area: str) -> Text:
        return say("ui.all", area=f"area:{area}", n=len(self.district.towns)) if area == self.district.top else self.named(area)

    def percent(self, value: float | None) -> str:
        return fmt.show(value, "pct0_number", "zh")

    def tile_title(self, tile: Tile) -> Markup:
        text = tiles.described(tile)
        if "tiles" in self.page.data:  # the page's script writes the titles anew, in the shown language
            return Markup(' title="{}"').format(self.plain(text))
        return Markup(' title="{}" data-en-title="{}"').format(self.plain(text), self.english(text))

    def status(self, status: str) -> Text:
        return say(f"q1.{status or 'none'}")

    def glyph(self, swatch: str) -> str:
        return reports.GLYPHS.get(swatch.removeprefix("q-"), "") if swatch.startswith("q-") else ""

    def counted(self, part: Part) -> Cell:
        """A part's count as a cell that opens the panel."""
        text = say("split.cases", n=part.n)
        return Cell(self.plain(text), self.english(text), num=part.num)

    def sortable(self, value: float | str) -> object:
        """The value to sort by, no longer than sorting needs."""
        return packing.shortened(value)

    def tone(self, text: Text) -> str:
        return text[0].key.split(".")[1] if text and text[0].key.startswith("pp.") else ""


def asof(district: District) -> Text:
    if district.is_empty:
        return say("ui.asof_none")
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


# -- the page ---------------------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Drawn:
    """A page's HTML, and in folder delivery the script with the data of its other scopes (None: it has only one)."""

    html: str
    rest: str | None = None


@dataclass(frozen=True)
class Setting:
    """What pages of one build have in common: `links` (href, label, is current) of the navigation, `plotly` the library that single files carry."""

    built_at: datetime
    links: list[tuple[str, Text, bool]]
    plotly: str = ""


def context_of(district: District, page: Page, setting: Setting, *, single: bool, held: Sequence[str]) -> dict[str, Any]:
    """All that content.html.j2 asks for."""
    painter = Painter(district, page, single)
    area = page.views[0].scope.area
    beyond = [f"audience:{s.group}" for s in page.siblings if held and s.group not in held]
    return {
        **{name: getattr(painter, name) for name in HELPERS},
        "page": page,
        "view": painter.view,
        "d": district,
        "single": single,
        "say": say,
        "root": "../" * page.path.count("/"),
        "links": setting.links,
        "held": [s for s in page.siblings if s.group in held],
        "beyond": say("group.beyond", groups=beyond) if beyond else (),
        "asof": asof(district),
        "built": say("ui.built", at=local(setting.built_at, district)),
        "method": say("ui.method_text", n=district.settings.coverage.window_weeks),
        "sources": sources(district),
        "sparks": {card.id: spark(district, card.metric, area, card.colour) for card in page.cards},
    }


def folder_html(district: District, page: Page, data: Mapping[str, Any], setting: Setting) -> Drawn:
    """The document of the folder, with the data of scopes not shown first in a script of their own."""
    first, rest = {**data, "single": False}, None
    if len(page.views) > 1:
        first, others = embed.parted(first)
        rest = f"window.REST={embed.as_json(others)};\n"
    context = context_of(district, page, setting, single=False, held=())
    source = f"data/{page.kind}.js" if rest else ""
    html = environment().get_template("page.html.j2").render(**context, rest=source, data=embed.as_json(first), others=(), css="", js="", plotly="")
    return Drawn(html, rest)


def single_html(district: District, pages: Sequence[tuple[Page, Mapping[str, Any]]], setting: Setting) -> str:
    """The document that holds all it needs. `pages`: the page with its data and, after it, the same page for other groups with theirs."""
    held = [page.group for page, _ in pages] if len(pages) > 1 or pages[0][0].group else []
    contexts = [context_of(district, page, setting, single=True, held=held) for page, _ in pages]
    first = pages[0][1]
    apart = [{key: value for key, value in data.items() if first.get(key) != value} for _, data in pages[1:]]  # the rest is the first page's
    own = [embed.as_json(data) for data in ({**first, "single": True}, *apart)]
    content = environment().get_template("content.html.j2")
    others = [(page.group, Markup(inert(content.render(**c))), json) for (page, _), c, json in zip(pages[1:], contexts[1:], own[1:], strict=True)]
    plotly = Markup(inert(setting.plotly)) if any(data["plots"] for _, data in pages) else ""
    return (
        environment()
        .get_template("page.html.j2")
        .render(**contexts[0], rest="", data=own[0], others=others, css=Markup(css()), js=Markup(inert(slim(script()))), plotly=plotly)
    )


HELPERS = (
    "zh",
    "plain",
    "english",
    "en",
    "broken",
    "english_of",
    "css_of",
    "named",
    "option",
    "percent",
    "tile_title",
    "status",
    "glyph",
    "tone",
    "sortable",
    "counted",
)


def slim(source: str) -> str:
    """Our own script as it is handed out: without indentation and without lines that are comments."""
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))


def inert(source: str) -> str:
    """Script text that cannot end its own element."""
    return source.replace("</script", "<\\/script").replace("<!--", "<\\!--")
