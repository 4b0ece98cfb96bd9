"""Boundaries of a fictional county as GeoJSON: towns around given points, one with a lake in it and one with an island of another."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import shapely
import shapely.affinity
from shapely.geometry import mapping

CENTRE, WIDE, HIGH = (112.0, 28.0), 0.5, 0.32
"""Degrees; an invented place."""


def outlines(n: int, *, corners: int = 64) -> list[shapely.Geometry]:
    """`n` shapes that fill an ellipse, neighbours sharing their borders; the first has a hole, the last consists of two parts."""
    columns = max(1, round(n**0.5 * 1.25))
    points = [(i % columns + 0.3 * (i // columns % 2) + 0.07 * (i % 3), i // columns + 0.11 * (i % 4)) for i in range(n)]
    west, south, east, north = shapely.MultiPoint(points).bounds
    county = shapely.affinity.scale(shapely.Point(0, 0).buffer(1, quad_segs=corners), WIDE / 2, HIGH / 2)
    placed = [(WIDE * 0.7 * ((x - west) / ((east - west) or 1) - 0.5), HIGH * 0.7 * ((y - south) / ((north - south) or 1) - 0.5)) for x, y in points]
    cells = list(shapely.voronoi_polygons(shapely.MultiPoint(placed), extend_to=county).geoms) if n > 1 else [county]
    shapes = [next(c for c in cells if c.contains(shapely.Point(p))).intersection(county) for p in placed]
    lake = shapes[0].point_on_surface().buffer(0.008)
    island = shapely.box(WIDE / 2, -HIGH / 2, WIDE / 2 + 0.04, -HIGH / 2 + 0.05)
    shapes[0] = shapes[0].difference(lake)
    shapes[-1] = shapely.MultiPolygon([shapes[-1], island])
    return [shapely.affinity.translate(s, *CENTRE) for s in shapes]


def write(file: Path, names: Sequence[str], *, key: str = "name", corners: int = 64) -> Path:
    """A FeatureCollection with one feature a name."""
    features = [
        {"type": "Feature", "properties": {key: name}, "geometry": mapping(shape)}
        for name, shape in zip(names, outlines(len(names), corners=corners), strict=True)
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), encoding="utf-8")
    return file
