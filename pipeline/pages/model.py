"""What a page is, before anybody draws it: frozen dataclasses.

Here: texts, cards, charts, tables, tiles, matrices and the pages made of them. Not here: where the numbers come from (views.py), what is
said about them (findings.py), how they look (render.py and html/).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import plotly.graph_objects as go


@dataclass(frozen=True, slots=True)
class Clause:
    """One message of messages.yaml with its arguments."""

    key: str
    args: Mapping[str, object] = field(default_factory=dict)


Text = tuple[Clause, ...]
"""Clauses read one after another; punctuation is in the messages."""


def say(key: str, **args: object) -> Text:
    return (Clause(key, args),)


COUNTLESS = frozenset({"reports", "residents", "activity"})
"""Metrics of which a page shows hundreds of numbers."""


@dataclass(frozen=True, slots=True)
class Num:
    """Which number a published figure is, so that 本数怎么来的 finds its cells: a metric of an area ("": the page's) over a week ("": the page's
    period; a Monday; "all"; the name of a period; "before:" and a period: the equal span before it, of the towns that are compared), and of
    it one part ("": the whole), as grade:P4, or several at once, as type:x+grade:P4. Attributes data-num, -area, -week, -part in the HTML."""

    metric: str
    area: str = ""
    week: str = ""
    part: str = ""
    is_of_many: bool = False
    """One of hundreds alike on its page."""

    @property
    def is_fine(self) -> bool:
        """Whether it is a part of a week's or of a category's number, of another period or one of hundreds alike: single files, which carry
        their cells with them, leave its link out."""
        is_part = self.part.startswith(("grade:", "firmness:")) and self.week not in ("", "all")
        return self.is_of_many or self.metric in COUNTLESS or ":" in self.week or "+" in self.part or is_part

    def key(self, scope: Scope) -> str:
        return f"{self.area or scope.area}|{self.week or scope.period}|{self.part}"


@dataclass(frozen=True, slots=True)
class Scope:
    """What a view looks at: one area over one period."""

    area: str
    period: str

    @property
    def key(self) -> str:
        return f"{self.area}|{self.period}"


@dataclass(frozen=True, slots=True)
class View:
    """Everything on a page that depends on the scope: slot → Text; mark → place in a chart; chart → row values in its fixed order of
    categories."""

    scope: Scope
    texts: Mapping[str, Text]
    marks: Mapping[str, object] = field(default_factory=dict)
    bars: Mapping[str, tuple[Mapping[str, object], ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Period:
    """An inclusive span of whole weeks. `first` and `last` are Mondays; an operation has its campaign's name."""

    id: str
    first: date
    last: date
    label: Text
    is_operation: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell in both languages. `sort`: value to sort by; `css`: class names; `bar`: shares (value, low, high) drawn as a bar;
    `spark`: path of a sparkline; `href`: a link inside the pages; `num`: the number it is, linked to its cells; `how`: of a number made of other
    numbers the sum filled in, said in the panel before the cells of `num`, from which it was made."""

    zh: str
    en: str
    sort: float | str | None = None
    css: str = ""
    bar: tuple[float, float, float] | None = None
    spark: Spark | None = None
    href: str = ""
    tag: Text = ()
    num: Num | None = None
    how: Text = ()


@dataclass(frozen=True, slots=True)
class Spark:
    """An inline sparkline: SVG path data in a 92×34 box, end point, colour token."""

    path: str
    x: float
    y: float
    colour: str


@dataclass(frozen=True, slots=True)
class Column:
    label: Text
    css: str = ""
    is_sortable: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    key: str
    cells: tuple[Cell, ...]
    css: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """`caption` is read by screen readers. A table with sortable columns says its first order in `sorted_by`. A chart's data table names its
    `source` (series:<name> or bars:<chart>) and, per column, (field, kind), so that the page can rebuild it for another scope; `linked`: its
    columns (fields) whose numbers open the panel → metric ({} stands for the row's category), part of it and "before" for the span before.
    One that `stacks` is too wide for a phone: there its rows become small grids (app.css)."""

    id: str
    caption: Text
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    sorted_by: int | None = None
    source: str = ""
    spec: tuple[tuple[str, str], ...] = ()
    linked: Mapping[str, tuple[str, str, str]] = field(default_factory=dict)
    stacks: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A KPI card. Slots of the view: kpi.<id>.value, .unit, .change, .firm; `is_good_up`: the only metrics whose rise may look good."""

    id: str
    label: Text
    metric: str
    colour: str


@dataclass(frozen=True, slots=True)
class KeyItem:
    """One entry of a chart's key: a swatch class of app.css and its word."""

    swatch: str
    label: Text


@dataclass(frozen=True, slots=True)
class Plot:
    """A Plotly chart. `source`: which embedded data fill its traces (series:<name> or bars:<name>). `texts`: name of an annotation → Text, or
    a slot of the view. `ticks`: axis → (places, texts zh, texts en). `height`: px on screen. `links`: trace → the page that a click on it opens."""

    figure: go.Figure
    source: str
    texts: Mapping[str, Text | str] = field(default_factory=dict)
    ticks: Mapping[str, tuple[list, list, list]] = field(default_factory=dict)
    height: int = 300
    links: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tile:
    area: str
    estimate: float | None
    low: float | None
    high: float | None
    bin: int
    residents: float | None


@dataclass(frozen=True, slots=True)
class Panel:
    """One town of the tile grid with its own estimate (0–1), at its schematic position (1-based)."""

    area: str
    estimate: float | None
    row: int
    column: int
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Tiles:
    panels: tuple[Panel, ...]
    columns: int


@dataclass(frozen=True, slots=True)
class Matrix:
    """Reports received: area × week → status. `weeks` are Mondays."""

    weeks: tuple[date, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    facts: tuple[tuple[str, str], ...] = ()
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a whole: its name, its count and share (0–1), the fill (a class of app.css), the number it is."""

    label: Text
    n: int
    share: float
    css: str
    num: Num | None


@dataclass(frozen=True, slots=True)
class Split:
    """A whole as one bar of its parts, each named and counted below it. Parts of nothing are left out of the bar, not of the list."""

    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Notes:
    """Paragraphs, definitions or links in prose."""

    items: tuple[tuple[Text, Text], ...]


Body = Plot | Tiles | Matrix | Table | Split | Notes


@dataclass(frozen=True, slots=True)
class Block:
    """A card of the page: finding title · subtitle · key · body · foot. `title` and `sub` are slots where they depend on the view;
    `opens_sheet`: on paper a new sheet begins with it, and the sheet before is filled to its foot; `toggle`: label of the switch that leaves a
    towering case out; `none`: slot of the sentence that stands in a chart's place where the scope has nothing to draw (empty: it has)."""

    id: str
    span: int
    title: Text | str
    sub: Text | str
    body: tuple[Body, ...]
    key: tuple[KeyItem, ...] = ()
    foot: Text | str = ()
    data: Table | None = None
    csv: str = ""
    metric: str = ""
    opens_sheet: bool = False
    toggle: Text = ()
    none: str = ""


def linked_numbers(block: Block) -> list[Num]:
    """The numbers of a block's tables and splits that lead to their cells."""
    tables = [piece for piece in (*block.body, block.data) if isinstance(piece, Table)]
    parts = [part.num for piece in block.body if isinstance(piece, Split) for part in piece.parts]
    return [num for num in (*(cell.num for table in tables for row in table.rows for cell in row.cells), *parts) if num]


@dataclass(frozen=True, slots=True)
class Sibling:
    """The same page for a target group (an audience's id)."""

    group: str
    href: str
    label: Text
    is_current: bool


@dataclass(frozen=True, slots=True)
class Page:
    """One HTML page. `views[0]` is the default; a page with several has filters. `news`: what changed since the publication before, a line that
    leads to the list. `siblings`: the same page for other groups. Unlisted pages are not in the navigation.
    `data`: further embedded data for app.js."""

    path: str
    kind: str
    title: Text
    views: tuple[View, ...]
    blocks: tuple[Block, ...]
    cards: tuple[Card, ...] = ()
    sentences: tuple[tuple[str, Text], ...] = ()
    news: Text = ()
    siblings: tuple[Sibling, ...] = ()
    is_listed: bool = True
    data: Mapping[str, object] = field(default_factory=dict)

    @property
    def group(self) -> str:
        """Whose page it is, where there are several; else empty."""
        return next((s.group for s in self.siblings if s.is_current), "")


@dataclass(frozen=True, slots=True)
class PageWritten:
    """A file of the build: path below dashboards/, bytes and SHA-256."""

    path: str
    size: int
    sha256: str
