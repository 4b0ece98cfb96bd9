"""A described page as HTML: the template, the embedded data, folder and single-file delivery.

Here: Jinja, packing of data, escaping. Not here: what a page says (overview.py and its siblings), where files go (build.py).

Nothing from a spreadsheet becomes markup: Jinja escapes, embedded JSON has `<` as \\u003c, the script writes textContent only, and texts
that reach Plotly are escaped first.
"""

from __future__ import annotations

from collections.abc import Mapping
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
from .parts import cards, reports
from .trends import sparkline

HTML = Path(__file__).with_name("html")
SCRIPTS = ("format.js", "unpack.js", "charts.js", "panel.js", "app.js")


@cache
def environment() -> Environment:
    return Environment(loader=FileSystemLoader(HTML), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@cache
def css() -> str:
    """app.css with both themes' tokens in front, from the same place as the charts' colours."""
    light, dark = ("".join(f"--{name}:{colour};" for name, colour in theme.items()) for theme in (LIGHT, DARK))
    chosen = f':root[data-theme="dark"]{{{dark}color-scheme:dark}}'
    system = f'@media(prefers-color-scheme:dark){{:root:not([data-theme="light"]){{{dark}color-scheme:dark}}}}'
    return f":root{{{light}color-scheme:light}}\n{chosen}\n{system}\n" + (HTML / "app.css").read_text("utf-8")


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

    def css_of(self, names: str) -> Markup:
        return Markup(' class="{}"').format(names) if names else Markup("")

    def named(self, area: str) -> Text:
        return say("area.name", x=f"area:{area}")

    def option(self, area: str) -> Text:
        return say("ui.all", area=f"area:{area}", n=len(self.district.towns)) if area == self.district.top else self.named(area)

    def percent(self, value: float | None) -> str:
        return fmt.show(value, "pct0_number", "zh")

    def tile_title(self, tile: Tile) -> Markup:
        area = f"area:{tile.area}"
        text = (
            say("c3.tile_never" if tile.residents else "c3.tile_uncounted", area=area)
            if tile.estimate is None
            else say("c3.tile", area=area, low=tile.low, high=tile.high, residents=tile.residents)
        )
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


def page_html(
    district: District, page: Page, data: Mapping[str, Any], *, single: bool, built_at: datetime, links: list[tuple[str, Text, bool]], plotly: str
) -> Drawn:
    """The whole document. `data`: the page's payload; `links`: (href, label, is current) of the sibling pages; `plotly`: the library, which only
    a single file carries."""
    painter = Painter(district, page, single)
    helpers = {name: getattr(painter, name) for name in HELPERS}
    area = page.views[0].scope.area
    data = {**data, "single": single}
    rest = None
    if not single and len(page.views) > 1:
        data, others = embed.parted(data)
        rest = f"window.REST={embed.as_json(others)};\n"
    html = (
        environment()
        .get_template("page.html.j2")
        .render(
            page=page,
            view=painter.view,
            d=district,
            single=single,
            say=say,
            root="../" * page.path.count("/"),
            links=links,
            rest=f"data/{page.kind}.js" if rest else "",
            asof=asof(district),
            built=say("ui.built", at=local(built_at, district)),
            method=say("ui.method_text", n=district.settings.coverage.window_weeks),
            sources=sources(district),
            sparks={card.id: spark(district, card.metric, area, card.colour) for card in page.cards},
            data=embed.as_json(data),
            css=Markup(css()),
            js=Markup(inert(slim(script()))) if single else "",
            plotly=Markup(inert(plotly)) if single and data["plots"] else "",
            **helpers,
        )
    )
    return Drawn(html, rest)


HELPERS = (
    "zh",
    "plain",
    "english",
    "en",
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
