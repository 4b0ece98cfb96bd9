"""The coverage page's map, drawn where the office gave boundaries and a map review number; else what is missing.

Here: which areas stand on it, in which colours, with which words, and the table that says the same. Not here: reading the office's file
(pipeline/boundaries.py) and drawing (charts/outline.py). The tile grid is there in any case: it needs neither and can be used by keyboard.
"""

from __future__ import annotations

from pipeline.charts import outline

from . import blocks, towns
from . import format as fmt
from .blocks import both
from .district import District
from .messages import both_names
from .model import Block, Cell, Column, Notes, Num, Period, Plot, Row, Table, Text, Tile, say
from .parts.tiles import described, tile

HIGH = 460
"""px on a screen; less where the map is wider than it is high."""


def blocks_of(district: District, period: Period) -> tuple[Block, ...]:
    """The map's card; without a file of boundaries in the settings there is none."""
    policy, note = district.settings.map, district.build.get("map_note")
    if not policy.boundaries:
        return ()
    missing = [] if policy.review_number else [say("map.no_number")]
    if note:
        missing.append(said(note))
    if not policy.review_number or not district.frames["boundaries"].height:
        return (Block("map", 12, say("t.map_none"), say("map.none_sub"), (Notes(tuple((say("map.why"), text) for text in missing)),)),)
    return (drawn(district, period, said(note) if note else ()),)


def said(note: str) -> Text:
    zh, _, en = note.partition(" / ")
    return say("map.note", zh=zh, en=en or zh)


def drawn(district: District, period: Period, note: Text) -> Block:
    import shapely

    shapes = {row["area_id"]: (shapely.from_wkt(row["shape"]), (row["label_x"], row["label_y"])) for row in outlined(district)}
    tiles = {area: tile(district, area, period) for area in shapes}
    order = sorted(shapes, key=lambda area: (-shapes[area][0].area, area))  # the larger area keeps its label
    texts = {area: label(tiles[area]) for area in order}
    links = {area: page for area in order if (page := page_of(district, area))}
    pointed = {f"hover:{area}": described(tiles[area]) for area in order}
    rings = {area: [ring.coords for part in shapes[area][0].geoms for ring in (part.exterior, *part.interiors)] for area in order}
    outlines = [outline.Outline(area, rings[area], tiles[area].bin, both(district, texts[area])[0], shapes[area][1]) for area in order]
    figure = outline.figure(outlines, district.settings.map.review_number)
    listed = [area for area in district.area if area in shapes]
    heads = (Column(say("th.area")), Column(say("th.coverage"), "r"), Column(say("th.range"), "r"))
    table = Table("map-table", say("map.caption"), heads, tuple(row(district, tiles[area]) for area in listed))
    return Block(
        "map",
        12,
        title(district, [tiles[area] for area in listed]),
        blocks.population(district, "map.sub"),
        (Plot(figure, "map", texts | pointed, {}, HIGH, links),),
        key=towns.tile_key(district),
        foot=note,
        data=table,
        csv="communities" if district.area[listed[0]]["level"] == "community" else "towns",
        metric=district.coverage_metric,
    )


def outlined(district: District) -> list[dict]:
    """Rows of table `boundaries` whose areas there are."""
    return [row for row in district.frames["boundaries"].sort("area_id").iter_rows(named=True) if row["area_id"] in district.area]


def title(district: District, tiles: list[Tile]) -> Text:
    known = sorted((t.estimate, t.area) for t in tiles if t.estimate is not None)
    if district.settings.pages.rankings == "off" or len(known) < 2:
        return say("t.map_plain")
    (low, last), (high, first) = known[0], known[-1]
    return say("t.map", first=f"area:{first}", high=high, last=f"area:{last}", low=low)


def label(t: Tile) -> Text:
    return say("map.label", area=f"area:{t.area}", x=t.estimate) if t.estimate is not None else say("map.label_none", area=f"area:{t.area}")


def page_of(district: District, area: str) -> str:
    """The page of the town an area is or lies in; empty for the district itself."""
    town = district.town_of(area)
    return "" if town == district.top else f"area/{town}.html"


def row(district: District, t: Tile) -> Row:
    span = both(district, say("cell.range", low=t.low, high=t.high)) if t.estimate is not None else (fmt.UNKNOWN, fmt.UNKNOWN)
    return Row(
        t.area,
        (
            Cell(*both_names(f"area:{t.area}", district.names), css="name", href=page_of(district, t.area)),
            Cell(
                fmt.show(t.estimate, "pct", "zh"),
                fmt.show(t.estimate, "pct", "en"),
                css="r",
                num=None if t.estimate is None else Num(district.coverage_metric, t.area),
            ),
            Cell(*span, css="r"),
        ),
    )
