"""The register of areas (辖区人口), merged: the district, its towns, their communities, and how many people of each kind live there.

Here: levels, parents, ids, sums where every part is known, rows of `areas` and `denominators`. Of several registers the latest value of each
field stands. Not here: the rows themselves (register_rows.py), areas that no register names (identity.py).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import polars as pl

from pipeline.intake.naming import DISTRICT_WORDS, Level, Name, code_id, level_of, name_key, short_id
from pipeline.intake.quantity import read_quantity
from pipeline.intake.register_rows import Row, framed, unreadable

LEVEL_WORDS: dict[str, Level] = {"区县": "district", "县": "district", "区": "district", "镇街": "town", "乡镇": "town", "镇": "town", "街道": "town"}
LEVEL_WORDS |= {"社区": "community", "村": "community", "村居": "community", "村社区": "community"}
AUDIENCES = ("elderly", "students", "finance_staff")


class Figure(NamedTuple):
    """A number of a register with its place."""

    value: float
    path: str | None
    sheet: str | None
    cell: str | None


@dataclass
class Area:
    """One area while registers are merged."""

    id: str
    zh: str
    level: Level
    parent: str | None
    is_provisional: bool = False
    en: str | None = None
    numbers: dict[str, Figure] = field(default_factory=dict)
    places: dict[str, int | None] = field(default_factory=dict)
    """grid_row, grid_col, position, year"""
    kind: str = "常住人口"


def merge_areas(rows: list[Row], district: str, findings: list[dict[str, Any]]) -> tuple[dict[str, Area], str]:
    """Areas by id, the district first; the district is the register's, the configured one, or 本辖区."""
    top = next((r for r in rows if _level(r) == "district"), None)
    district_name = district or (top.text("area", "district", "zh", "name", "town", "community") if top else "") or "本辖区"
    district_id = (code_id(top.text("code")) if top else None) or "district"
    areas = {district_id: Area(district_id, district_name, "district", None, is_provisional=top is None)}
    ids: dict[tuple[str, str], str] = {}
    for row in rows:
        level = _level(row)
        name = row.text("community", "area", "zh", "name") if level == "community" else row.text("area", "town", "zh", "name", "community")
        if level == "district":
            area = areas[district_id]
        elif not name:
            continue
        else:
            parent = _parent(row, name, areas, ids, district_id) if level == "community" else district_id
            area = _area(areas, ids, name, level, parent, row.text("code"))
        _fill(area, row, findings)
    _add_up(areas, district_id)
    return areas, district_id


def _level(row: Row) -> Level:
    """What the register says, else what its columns say, else what the name's ending says; an unclear name below a town is a community."""
    stated = LEVEL_WORDS.get(row.text("level"))
    if stated:
        return stated
    if row.text("community"):
        return "community"
    name = row.text("area", "zh", "name", "town")
    return level_of(name) or ("community" if row.text("parent") else "town")


def _parent(row: Row, name: str, areas: dict[str, Area], ids: dict[tuple[str, str], str], district_id: str) -> str:
    """The town a community belongs to, made when only its communities name it; the district when none is named."""
    parent = row.text("parent", "town")
    if not parent or name_key(parent) in {name_key(name), name_key(areas[district_id].zh)}:
        return district_id
    return _area(areas, ids, parent, "town", district_id, "").id


def _area(areas: dict[str, Area], ids: dict[tuple[str, str], str], name: str, level: Level, parent: str, code: str) -> Area:
    """The area of this name below this parent, new or known. Homonyms in two towns are two areas."""
    key = (parent, name_key(name))
    if key not in ids:
        id_ = code_id(code) or short_id("a", name_key(name))
        if id_ in areas:
            id_ = short_id("a", areas[parent].id, name_key(name))
        ids[key] = id_
        areas[id_] = Area(id_, name, level, parent)
    return areas[ids[key]]


def _fill(area: Area, row: Row, findings: list[dict[str, Any]]) -> None:
    """What this row says about the area, over what older registers said."""
    area.is_provisional = False
    area.en = row.text("en") or area.en
    for name in ("residents", "households", *AUDIENCES):
        text = row.text(name)
        if not text:
            continue
        quantity = read_quantity(text)
        if quantity.value is None:
            findings.append(unreadable(row, name, text, "人口数", "a number of people"))
        else:
            area.numbers[name] = Figure(quantity.value, row.path, row.sheet, row.cell(name))
    for name in ("grid_row", "grid_col", "position", "year"):
        digits = re.search(r"\d+", row.text(name))
        if digits:
            area.places[name] = int(digits[0])


def _add_up(areas: dict[str, Area], district_id: str) -> None:
    """Where a register gives people for every part of an area but not for the whole, the whole is their sum (communities are disjoint)."""
    towns = [a.id for a in areas.values() if a.level == "town"]
    for parent in [*towns, district_id]:
        parts = [a for a in areas.values() if a.parent == parent]
        for name in ("residents", "households", *AUDIENCES):
            if parts and name not in areas[parent].numbers and all(name in part.numbers for part in parts):
                first = parts[0].numbers[name]
                areas[parent].numbers[name] = Figure(sum(part.numbers[name].value for part in parts), first.path, first.sheet, None)
        years = {part.places.get("year") for part in parts}
        if "residents" in areas[parent].numbers and len(years) == 1:
            areas[parent].places.setdefault("year", years.pop())


def area_names(areas: Mapping[str, Area], district_id: str, district: str) -> list[Name]:
    """Names of areas, also with the town's name in front (城关镇东街社区)."""
    names = [Name(name_key(word), "area", district_id, None, None) for word in (*DISTRICT_WORDS, *([district] if district else []))]
    for area in areas.values():
        names.append(Name(name_key(area.zh), "area", area.id, None, None))
        if area.level == "community" and area.parent is not None:
            names.append(Name(name_key(areas[area.parent].zh + area.zh), "area", area.id, None, None))
    return names


def area_frames(areas: Iterable[Area]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(rows of `areas`, rows of `denominators`), in administrative order."""
    ordered = _administrative_order(list(areas))
    rows: list[dict[str, Any]] = []
    for n, area in enumerate(ordered):
        residents = area.numbers.get("residents")
        households = area.numbers.get("households")
        rows.append(
            {
                "area_id": area.id,
                "parent_id": area.parent,
                "level": area.level,
                "zh": area.zh,
                "en": area.en,
                "position": area.places.get("position", n),
                "grid_row": area.places.get("grid_row"),
                "grid_col": area.places.get("grid_col"),
                "residents": residents.value if residents else None,
                "households": households.value if households else None,
                "population_year": area.places.get("year"),
                "population_path": residents.path if residents else None,
                "population_sheet": residents.sheet if residents else None,
                "population_cell": residents.cell if residents else None,
                "is_provisional": area.is_provisional,
            }
        )
    groups = [
        {
            "area_id": area.id,
            "audience": "all" if name == "residents" else name,
            "n": figure.value,
            "kind": area.kind,
            "year": area.places.get("year"),
            "path": figure.path,
            "sheet": figure.sheet,
            "cell": figure.cell or "",
        }
        for area in ordered
        for name, figure in area.numbers.items()
        if name != "households"
    ]
    return framed("areas", rows), framed("denominators", groups)


def _administrative_order(areas: list[Area]) -> list[Area]:
    """The district, then each town followed by its communities, as the registers list them."""
    below: dict[str | None, list[Area]] = defaultdict(list)
    for area in areas:
        below[area.parent].append(area)

    def branch(area: Area) -> list[Area]:
        return [area, *(inner for part in below[area.id] for inner in branch(part))]

    return [area for top in below[None] for area in branch(top)]
