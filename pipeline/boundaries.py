"""Boundaries of areas from the office's own GeoJSON file: read, matched to the areas, made small enough to draw.

Here: what the file may look like, what is said of a wrong one, and the shapes of the areas in the units of the map. Not here: the map itself
(charts/outline.py, pages/boundary_map.py). Nothing is fetched and there are no map tiles. Whether a page with boundaries needs a map review number
(审图号) is for the office to ask; without one in the settings nothing is drawn.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl
import shapely
from shapely import MultiPolygon, Polygon
from shapely.errors import ShapelyError
from shapely.geometry import shape

from pipeline.faults import MendableFault

NAMES = ("area_id", "id", "name", "NAME", "名称")
"""Properties that may say which area a shape is, the first that is there."""
SIDE = 1000
"""The longer side of the map in its own units: whole numbers are fine enough for a screen and for paper."""
MOST_CORNERS = 1_500
"""Of all shapes together: what a phone draws at once, and 15 kB of a page."""


class BoundaryFault(MendableFault):
    """The file of boundaries cannot be used."""


def levels_of(areas: pl.DataFrame) -> list[dict[str, str]]:
    """What the towns, and the communities, are called: name or code → area id. A name that two areas of a level bear is nobody's."""
    levels = []
    for level in ("town", "community"):
        rows = areas.filter(level=level).sort("position", "area_id")
        once = rows.filter(pl.col("zh").is_unique())
        levels.append(dict(once.select("zh", "area_id").iter_rows()) | {code: code for code in rows["area_id"]})
    return levels


def read(file: Path, levels: Sequence[Mapping[str, str]]) -> tuple[pl.DataFrame, str]:
    """Shapes of the areas as table `boundaries`, and what is to be said of names that do not meet (empty: nothing).

    levels: name or code → area id, one mapping a level, the highest first; the level that more shapes name is drawn.
    Raises BoundaryFault for a file that is absent, no GeoJSON, without areas, not in degrees, or that names no area at all.
    """
    found = polygons(file)
    known = max(levels, key=lambda names: sum(name in names for name, _ in found), default={})
    parts: dict[str, list[Polygon]] = defaultdict(list)
    for name, polygon in found:
        if name in known:
            parts[known[name]].append(polygon)
    if not parts:
        said = "、".join(dict.fromkeys(name or "（无名称）" for name, _ in found[:5]))
        raise fault(
            file, f"没有一个名称与辖区对得上，文件里是 {said}", f"no name in it is an area's, seen {said}",
            f"请把辖区名称写进属性 name，或把辖区编号写进属性 {NAMES[0]}", f"put the area's name into the property name, or its code into {NAMES[0]}",
        )  # fmt: skip
    areas = list(parts)
    drawn = fitted([shapely.union_all(parts[area]) for area in areas])
    points = [shapely.point_on_surface(max(polygons_of(each), key=lambda p: p.area)) for each in drawn]
    rows = {"area_id": areas, "shape": [shapely.to_wkt(each, rounding_precision=0) for each in drawn],
            "label_x": [round(p.x) for p in points], "label_y": [round(p.y) for p in points]}  # fmt: skip
    return pl.DataFrame(rows), unmatched(
        [name for name, _ in found if name not in known], [a for a in dict.fromkeys(known.values()) if a not in parts], known
    )


def unmatched(strangers: Sequence[str], missing: Sequence[str], known: Mapping[str, str]) -> str:
    """One sentence in both languages about shapes of no area and areas without a shape."""
    names = {area: name for name, area in reversed(list(known.items()))}
    said = []
    if strangers:
        shown = "、".join(dict.fromkeys(name or "（无名称）" for name in strangers))
        said.append((f"图形 {shown} 不是本辖区的", f"shapes of no area: {shown}"))
    if missing:
        shown = "、".join(names[area] for area in missing)
        said.append((f"{shown} 没有图形", f"areas without a shape: {shown}"))
    return " / ".join((f"{'；'.join(zh for zh, _ in said)}。", f"{'; '.join(en for _, en in said)}.")) if said else ""


def fault(file: Path, zh: str, en: str, do: str, do_en: str) -> BoundaryFault:
    return BoundaryFault(f"边界文件 {file.name} 不能用：{zh}；{do}。 / The file of boundaries {file.name} cannot be used: {en}; {do_en}.")


def polygons(file: Path) -> list[tuple[str, Polygon]]:
    """Every polygon of the file, with the name its feature bears (empty: none)."""
    if not file.is_file():
        raise fault(
            file, "没有这个文件", "there is no such file", "请核对 outreach.toml 的 [map] boundaries", "check [map] boundaries in outreach.toml"
        )
    found: list[tuple[str, Polygon]] = []
    try:
        content = json.loads(file.read_text("utf-8-sig"))
        for feature in content["features"]:
            found += [(name_of(feature), polygon) for polygon in polygons_of(shapely.make_valid(shape(feature["geometry"])))]
    except (ValueError, KeyError, TypeError, AttributeError, ShapelyError) as error:
        raise fault(
            file,
            "不是 GeoJSON 的 FeatureCollection",
            "it is no GeoJSON FeatureCollection",
            "请以 UTF-8 另存为 GeoJSON",
            "save it as such in UTF-8",
        ) from error
    if not found:
        raise fault(file, "里面没有面", "there is no polygon in it", "请导出行政区划面图层（Polygon）", "export the layer of areas (Polygon)")
    west, south, east, north = shapely.total_bounds([polygon for _, polygon in found])
    if not (west >= -180 and east <= 180 and south >= -90 and north <= 90):
        raise fault(file, "坐标不是经纬度", "it is not in degrees", "请按经纬度（CGCS2000、WGS84）导出", "export it in longitude and latitude")
    return found


def name_of(feature: Mapping[str, Any]) -> str:
    said = {"id": feature.get("id"), **(feature.get("properties") or {})}
    return next((str(said[name]).strip() for name in NAMES if said.get(name) not in (None, "")), "")


def polygons_of(geometry: shapely.Geometry) -> list[Polygon]:
    """The polygons in any geometry; lines and points have no area to colour."""
    parts = getattr(geometry, "geoms", [geometry])
    return [p for part in parts for p in ([part] if isinstance(part, Polygon) else polygons_of(part) if hasattr(part, "geoms") else []) if p.area]


def fitted(shapes: Sequence[shapely.Geometry]) -> list[MultiPolygon]:
    """Shapes in degrees → shapes in whole units of the map, neighbours still touching, with few enough corners.

    A degree east is shortened by the cosine of the middle latitude, so that both directions have one scale (equirectangular projection; over
    a county its error is far below a unit). Outer rings run anticlockwise and holes clockwise: a filled outline then keeps its holes.
    """
    west, south, east, north = shapely.total_bounds(shapes)
    narrower = math.cos(math.radians((south + north) / 2))
    scale = SIDE / max((east - west) * narrower, north - south)
    flat = shapely.transform(list(shapes), lambda c: (c - (west, south)) * (scale * narrower, scale))
    step, drawn = 1.0, [whole(each) for each in flat]
    while sum(map(shapely.get_num_coordinates, drawn)) > MOST_CORNERS and step < SIDE:
        drawn = [whole(each) for each in shapely.coverage_simplify([whole(each, step) for each in flat], step)]
        step *= 1.5
    return drawn


def whole(geometry: shapely.Geometry, least: float = 0) -> MultiPolygon:
    """Corners on whole units. Islands and holes smaller than a square of `least` are left out, but for the largest part."""
    parts = sorted(polygons_of(shapely.set_precision(geometry, 1)) or polygons_of(geometry), key=lambda p: -p.area)
    kept = [Polygon(p.exterior, [r for r in p.interiors if Polygon(r).area >= least**2]) for p in parts if p is parts[0] or p.area >= least**2]
    return MultiPolygon([shapely.orient_polygons(p) for p in kept])
