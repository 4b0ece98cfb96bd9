"""C3: the communities of each town as tiles in schematic position."""

from __future__ import annotations

from bisect import bisect_right

from ..district import District
from ..model import Panel, Period, Text, Tile, Tiles, say
from ..packing import millionths

NEVER = -1


def tile(district: District, area: str, period: Period) -> Tile:
    row = district.cover.get((area, period.last))
    estimate = row["estimate"] if row else None
    edges = district.settings.coverage.bins
    place = NEVER if estimate is None else bisect_right(edges, estimate)
    return Tile(area, estimate, row["low"] if row else None, row["high"] if row else None, place, district.area[area]["residents"])


def described(tile: Tile) -> Text:
    """What the pointer reads of a tile or of its area on the map."""
    area = f"area:{tile.area}"
    if tile.estimate is None:
        return say("c3.tile_never" if tile.residents else "c3.tile_uncounted", area=area)
    return say("c3.tile", area=area, low=tile.low, high=tile.high, residents=tile.residents)


def grid(district: District, period: Period) -> Tiles:
    """Panels at the register's positions, else in administrative order, four a row; tiles from low to high, never reported first."""
    return district.held(("tiles", period.id), lambda: _grid(district, period))


def _grid(district: District, period: Period) -> Tiles:
    panels = []
    placed = all(district.area[t]["grid_row"] is not None and district.area[t]["grid_col"] is not None for t in district.towns)
    columns = max((district.area[t]["grid_col"] for t in district.towns), default=1) if placed else 4
    for i, town in enumerate(district.towns):
        tiles = [tile(district, c, period) for c in district.communities[town]]
        if district.settings.pages.rankings == "on":
            tiles.sort(key=lambda t: (t.estimate if t.estimate is not None else -1, t.area))
        row, column = (district.area[town]["grid_row"], district.area[town]["grid_col"]) if placed else (i // columns + 1, i % columns + 1)
        known = district.cover.get((town, period.last))
        panels.append(Panel(town, known["estimate"] if known else None, row, column, tuple(tiles)))
    return Tiles(tuple(panels), columns)


def values(district: District, period: Period) -> list[list[object]]:
    """[town, estimate] and, after it, [community, estimate, low, high, bin] in the period's order of tiles, for the page's script; shares in
    millionths."""
    out: list[list[object]] = []
    for panel in grid(district, period).panels:
        out.append([panel.area, millionths(panel.estimate)])
        out += [[t.area, *map(millionths, (t.estimate, t.low, t.high)), t.bin] for t in panel.tiles]
    return out
