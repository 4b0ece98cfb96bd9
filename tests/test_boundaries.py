"""The office's file of boundaries: what is read from it, what is said of a wrong one, and that it never stands in the way of publication."""

from __future__ import annotations

import json
import re
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest
import shapely
from shapely.geometry import mapping

from pipeline import boundaries
from pipeline.night import chain
from pipeline.night.check import check_all
from pipeline.night.inputs import inputs_fingerprint
from pipeline.settings import Map, Settings
from pipeline.tables.base import table
from pipeline.warehouse import Warehouse
from tests.support.boundaries import outlines, write
from tests.support.pages import framed
from tests.support.pages_district import areas
from tests.support.roots import new_root

TOWNS = ["云麓街道", "青石镇", "白鹭镇"]
AREAS = framed("areas", areas(3))
LEVELS = boundaries.levels_of(AREAS)


def shapes(frame: pl.DataFrame) -> dict[str, shapely.MultiPolygon]:
    table("boundaries").check(frame)
    return {row["area_id"]: shapely.from_wkt(row["shape"]) for row in frame.iter_rows(named=True)}


@pytest.mark.parametrize(("key", "names"), [("name", TOWNS), ("名称", TOWNS), ("area_id", ["01", "02", "03"]), ("NAME", [f" {t} " for t in TOWNS])])
def test_areas_are_known_by_name_or_by_code(tmp_path: Path, key: str, names: list[str]) -> None:
    frame, note = boundaries.read(write(tmp_path / "b.geojson", names, key=key), LEVELS)
    assert (frame["area_id"].to_list(), note) == (["01", "02", "03"], "")


def test_a_shape_keeps_its_lake_and_its_island_and_its_neighbours(tmp_path: Path) -> None:
    found = shapes(boundaries.read(write(tmp_path / "b.geojson", TOWNS), LEVELS)[0])
    assert [len(found[a].geoms) for a in ("01", "02", "03")] == [1, 1, 2]
    (lake,) = found["01"].geoms[0].interiors
    assert [found["01"].geoms[0].exterior.is_ccw, lake.is_ccw] == [True, False], "else the page would fill the lake"
    for one, other in pairwise(found.values()):
        assert one.intersection(other).area < 0.001 * one.area
    assert shapely.union_all(list(found.values())).area == pytest.approx(sum(s.area for s in found.values()), rel=0.001), "no overlap, no gap"
    west, south, east, north = shapely.total_bounds(list(found.values()))
    assert max(east - west, north - south) == boundaries.SIDE


def test_north_is_up_and_a_kilometre_is_as_long_across_as_up(tmp_path: Path) -> None:
    square = shapely.box(112, 60, 112.02, 60.01)  # at 60° north a degree east is half as long
    file = tmp_path / "b.geojson"
    file.write_text(json.dumps(collection([("青石镇", square)])), encoding="utf-8")
    frame, _ = boundaries.read(file, LEVELS)
    assert shapely.total_bounds(list(shapes(frame).values())) == pytest.approx([0, 0, 1000, 1000], abs=2)
    assert frame.select("label_x", "label_y").row(0) == pytest.approx((500, 500), abs=2)


def waved(c: np.ndarray) -> np.ndarray:
    """Every corner off its line, by the same way for both neighbours of a border."""
    return c + 0.00003 * np.sin(2e4 * c[:, ::-1])


def torn(c: np.ndarray) -> np.ndarray:
    """Borders that cross themselves, as a careless export has them."""
    return c + 0.0004 * (((c * 1e4).round() % 7) - 3) / 3


@pytest.mark.parametrize("roughly", [waved, torn])
def test_a_survey_with_many_corners_becomes_a_drawing(tmp_path: Path, roughly) -> None:
    rough = [shapely.transform(shapely.segmentize(shape, 0.00005), roughly) for shape in outlines(3)]
    file = tmp_path / "b.geojson"
    file.write_text(json.dumps(collection(list(zip(TOWNS, rough, strict=True)))), encoding="utf-8")
    found = shapes(boundaries.read(file, LEVELS)[0])
    assert sum(shapely.get_num_coordinates(s) for s in rough) > 10 * boundaries.MOST_CORNERS
    assert sum(shapely.get_num_coordinates(s) for s in found.values()) <= boundaries.MOST_CORNERS
    share = [found[a].area / sum(s.area for s in found.values()) for a in ("01", "02", "03")]
    assert share == pytest.approx([s.area / sum(r.area for r in outlines(3)) for s in outlines(3)], abs=0.02)


def test_the_level_that_more_shapes_name_is_drawn(tmp_path: Path) -> None:
    places = AREAS.filter(level="community")["zh"].to_list()
    frame, note = boundaries.read(write(tmp_path / "b.geojson", [*places, TOWNS[0]]), LEVELS)
    assert sorted(frame["area_id"]) == sorted(AREAS.filter(level="community")["area_id"])
    assert note.startswith("图形 云麓街道 不是本辖区的。 / shapes of no area: 云麓街道")


def test_names_that_do_not_meet_are_said(tmp_path: Path) -> None:
    frame, note = boundaries.read(write(tmp_path / "b.geojson", ["云麓街道", "", "邻县"]), LEVELS)
    assert frame["area_id"].to_list() == ["01"]
    zh, en = note.split(" / ")
    assert zh == "图形 （无名称）、邻县 不是本辖区的；青石镇、白鹭镇 没有图形。"
    assert en == "shapes of no area: （无名称）、邻县; areas without a shape: 青石镇、白鹭镇."


def test_a_name_that_two_communities_bear_is_nobodys() -> None:
    twins = AREAS.with_columns(zh=pl.when(pl.col("level") == "community").then(pl.lit("和平社区")).otherwise("zh"))
    towns, communities = boundaries.levels_of(twins)
    assert towns["青石镇"] == "02"
    assert "和平社区" not in communities
    assert communities["0101"] == "0101"


def collection(named: list[tuple[str, shapely.Geometry]]) -> dict:
    return {"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"name": n}, "geometry": mapping(s)} for n, s in named]}


def far(x: float, y: float) -> str:
    return json.dumps(collection([("青石镇", shapely.box(x, y, x + 1, y + 1))]))


FAULTS = {
    "absent": (None, "没有这个文件；请核对 outreach.toml 的 [map] boundaries"),
    "no json": ("名称,面积\n青石镇,3\n", "不是 GeoJSON 的 FeatureCollection；请以 UTF-8 另存为 GeoJSON"),
    "a list": ("[1, 2]", "不是 GeoJSON 的 FeatureCollection"),
    "one geometry": (json.dumps(mapping(shapely.box(112, 28, 113, 29))), "不是 GeoJSON 的 FeatureCollection"),
    "broken coordinates": ('{"features": [{"geometry": {"type": "Polygon", "coordinates": [["a", "b"]]}}]}', "不是 GeoJSON"),
    "no geometry": ('{"features": [{"properties": {"name": "青石镇"}, "geometry": null}]}', "不是 GeoJSON"),
    "points": (json.dumps(collection([("青石镇", shapely.Point(112, 28))])), "里面没有面；请导出行政区划面图层（Polygon）"),
    "metres": (far(38_500_000, 3_100_000), "坐标不是经纬度；请按经纬度（CGCS2000、WGS84）导出"),
    "another county": (json.dumps(collection([("某地", shapely.box(112, 28, 113, 29))])), "没有一个名称与辖区对得上，文件里是 某地"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_wrong_file_says_what_to_do_and_costs_the_map_only(tmp_path: Path, case: str) -> None:
    text, said = FAULTS[case]
    places = new_root(tmp_path)
    file = places.root / "b.geojson"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(boundaries.BoundaryFault, match=re.escape(said)):
        boundaries.read(file, LEVELS)
    with Warehouse(places) as warehouse:
        warehouse.replace("areas", AREAS)
        rows, note = chain.outline_areas(warehouse, file)
    assert rows == {"boundaries": 0}
    assert said in note
    assert re.search(r"。 / The file of boundaries b\.geojson cannot be used: .+\.$", note)


def test_the_run_keeps_the_shapes_and_drops_them_when_the_setting_goes(tmp_path: Path) -> None:
    places = new_root(tmp_path)
    with Warehouse(places) as warehouse:
        warehouse.replace("areas", AREAS)
        assert chain.outline_areas(warehouse, write(tmp_path / "b.geojson", TOWNS)) == ({"boundaries": 3}, "")
        assert warehouse.read("boundaries").height == 3
        assert chain.outline_areas(warehouse, None) == ({"boundaries": 0}, "")
        assert warehouse.read("boundaries").is_empty()


def test_another_file_of_boundaries_is_another_build(tmp_path: Path) -> None:
    places, clock = new_root(tmp_path), datetime(2026, 3, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
    settings = Settings(map=Map(boundaries="b.geojson"))
    files = pl.DataFrame(schema={"file_id": pl.String, "received_at": pl.Datetime, "is_present": pl.Boolean, "is_withdrawn": pl.Boolean})
    seen = [inputs_fingerprint(files, places, settings, clock)]
    for names in (TOWNS, TOWNS[:2]):
        write(places.root / "b.geojson", names)
        seen.append(inputs_fingerprint(files, places, settings, clock))
    assert len(set(seen)) == 3
    assert inputs_fingerprint(files, places, settings, clock) == seen[-1]


def test_check_says_what_stands_in_the_way_of_the_map(tmp_path: Path) -> None:
    places = new_root(tmp_path)
    (places.root / "outreach.toml").write_text('[map]\nboundaries = "b.geojson"\n', encoding="utf-8")
    said = "\n".join(check_all(places)[0])
    assert "边界文件 b.geojson 不能用：没有这个文件" in said
    assert "没有 review_number（审图号），边界图不画" in said
    write(places.root / "b.geojson", TOWNS)
    (places.root / "outreach.toml").write_text('[map]\nboundaries = "b.geojson"\nreview_number = "示S（2026）001号"\n', encoding="utf-8")
    lines, is_good = check_all(places)
    assert "✓ 边界 boundaries: b.geojson，3 个名称 names" in lines
    assert is_good
