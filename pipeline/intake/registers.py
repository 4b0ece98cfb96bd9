"""The registers analysts hand in (辖区人口, 报送单位, 专项行动), merged into one of each, and who bears which name when.

Here: entries → areas, denominators, units, campaigns; the list of names with their dates. Of several registers the latest value of each
field stands. Not here: names no register knows and whom a number is about (identity.py), what a heading means (forms/).
A missing register is no fault: every list may be empty but for the district itself.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

import polars as pl

from pipeline.forms.catalogue import catalogue
from pipeline.intake.findings import finding
from pipeline.intake.naming import DISTRICT_WORDS, Level, code_id, level_of, name_key, short_id, split_names
from pipeline.intake.period import Period, read_period
from pipeline.intake.quantity import read_quantity
from pipeline.tables.base import table

LEVEL_WORDS: dict[str, Level] = {"区县": "district", "县": "district", "区": "district", "镇街": "town", "乡镇": "town", "镇": "town", "街道": "town"}
LEVEL_WORDS |= {"社区": "community", "村": "community", "村居": "community", "村社区": "community"}
CAMPAIGN_KINDS = {"月": "month", "日": "day", "节": "holiday", "假": "holiday", "口径": "break", "调整": "break"}
AUDIENCES = ("elderly", "students", "finance_staff")


class Name(NamedTuple):
    """Somebody's name: normalised, whose, and from when to when (None: without limit)."""

    key: str
    kind: str
    id: str
    valid_from: date | None
    valid_to: date | None


class Figure(NamedTuple):
    """A number of a register with its place."""

    value: float
    path: str | None
    sheet: str | None
    cell: str | None


@dataclass
class Row:
    """One row of a register: field → (text, cell), and where it stands."""

    fields: dict[str, tuple[str, str]]
    file_id: str
    path: str
    sheet: str

    def text(self, *names: str) -> str:
        """The first of these fields that says something, else ''."""
        return next((self.fields[n][0].strip() for n in names if n in self.fields and self.fields[n][0].strip()), "")

    def cell(self, *names: str) -> str:
        return next((self.fields[n][1] for n in names if n in self.fields), "")


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


@dataclass
class Registers:
    """All registers merged. `areas` in administrative order, the district first."""

    district_id: str
    areas: dict[str, Area]
    units: pl.DataFrame
    campaigns: pl.DataFrame
    names: list[Name]
    findings: list[dict[str, Any]]

    def ancestors(self, area_id: str) -> list[str]:
        """The area and everything above it, nearest first."""
        chain: list[str] = []
        current: str | None = area_id
        while current is not None and current not in chain:
            chain.append(current)
            current = self.areas[current].parent
        return chain


def merge_registers(entries: pl.DataFrame, district: str) -> Registers:
    """`entries`: rows of read_entries with path and received_at, any order. `district`: the configured name of the top area, or ''."""
    findings: list[dict[str, Any]] = []
    rows = _rows(entries)
    areas, district_id = _areas(rows["areas"], district, findings)
    names = _area_names(areas, district_id, district)
    units, unit_names = _units(rows["units"], areas, district_id, findings)
    return Registers(district_id, areas, units, _campaigns(rows["campaigns"], findings), names + unit_names, findings)


def with_years(entries: pl.DataFrame, measurements: pl.DataFrame) -> pl.DataFrame:
    """Entries with the field `year` added where only the sheet's own period says of which year its people are."""
    place = ["file_id", "sheet", "record_id"]
    stated = entries.filter(pl.col("field") == "year").select(place)
    years = measurements.filter(pl.col("channel") == "population").group_by(place).agg(text=pl.col("end").max().dt.year().cast(pl.String))
    rows = entries.filter(pl.col("form") == "areas").unique(place, keep="first", maintain_order=True)
    added = rows.join(stated, on=place, how="anti").drop("text").join(years, on=place).with_columns(field=pl.lit("year"))
    return pl.concat([entries, added.select(entries.columns)])


def _rows(entries: pl.DataFrame) -> dict[str, list[Row]]:
    """Rows by form, the oldest register first, in the order of the sheet."""
    ordered = entries.sort(pl.col("known_at").fill_null(pl.col("received_at").dt.date()), "received_at", "path", "position", maintain_order=True)
    rows: dict[str, list[Row]] = defaultdict(list)
    for key, cells in ordered.group_by("form", "file_id", "path", "sheet", "position", maintain_order=True):
        form, file_id, path, sheet, _ = map(str, key)
        fields = {name.rpartition(".")[2]: (text, cell) for name, text, cell in cells.select("field", "text", "cell").iter_rows()}
        rows[form].append(Row(fields, file_id, path, sheet))
    return rows


# -- areas ------------------------------------------------------------------------------------------------------------


def _areas(rows: list[Row], district: str, findings: list[dict[str, Any]]) -> tuple[dict[str, Area], str]:
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
            findings.append(_unreadable(row, name, text, "人口数", "a number of people"))
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


def _area_names(areas: Mapping[str, Area], district_id: str, district: str) -> list[Name]:
    """Names of areas, also with the town's name in front (城关镇东街社区)."""
    names = [Name(name_key(word), "area", district_id, None, None) for word in (*DISTRICT_WORDS, *([district] if district else []))]
    for area in areas.values():
        names.append(Name(name_key(area.zh), "area", area.id, None, None))
        if area.level == "community" and area.parent is not None:
            names.append(Name(name_key(areas[area.parent].zh + area.zh), "area", area.id, None, None))
    return names


# -- units ------------------------------------------------------------------------------------------------------------


def _units(rows: list[Row], areas: Mapping[str, Area], district_id: str, findings: list[dict[str, Any]]) -> tuple[pl.DataFrame, list[Name]]:
    by_area_name: dict[str, list[str]] = defaultdict(list)
    for name in _area_names(areas, district_id, ""):
        by_area_name[name.key].append(name.id)
    units: dict[str, dict[str, Any]] = {}
    names: dict[str, list[Name]] = {}
    for row in rows:
        zh = row.text("zh", "unit", "name")
        if not zh:
            continue
        valid_from, valid_to = _day(row, "valid_from", findings), _day(row, "valid_to", findings)
        code = code_id(row.text("code"))
        id_ = code if code and code not in areas else short_id("u", name_key(zh), *([str(valid_from)] if _is_taken(units, zh, valid_from) else []))
        aliases = [_alias(text) for text in split_names(row.text("aliases"))]
        serves = _serves(row, by_area_name, findings)
        units[id_] = {
            "unit_id": id_,
            "zh": zh,
            "kind": row.text("kind") or None,
            "area_id": serves[0] if len(serves) == 1 else district_id,
            "serves": json.dumps(serves),
            "aliases": json.dumps([[a, str(f) if f else None, str(t) if t else None] for a, f, t in aliases], ensure_ascii=False),
            "forms": json.dumps(_forms(row, findings)),
            "valid_from": valid_from,
            "valid_to": valid_to,
            "is_provisional": False,
        }
        names[id_] = [Name(name_key(zh), "unit", id_, valid_from, valid_to)]
        names[id_] += [Name(name_key(a), "unit", id_, f or valid_from, t or valid_to) for a, f, t in aliases]
    frame = _framed("units", list(units.values()))
    return frame, [name for unit_names in names.values() for name in unit_names]


def _is_taken(units: Mapping[str, Mapping[str, Any]], zh: str, valid_from: date | None) -> bool:
    """Another unit of this name with other dates: after a split or merger the old name may live on."""
    return any(name_key(u["zh"]) == name_key(zh) and u["valid_from"] != valid_from for u in units.values())


def _serves(row: Row, by_area_name: Mapping[str, list[str]], findings: list[dict[str, Any]]) -> list[str]:
    """Ids of the areas a unit serves; a name no register of areas knows, or two areas bear, is handed back and left out."""
    served: list[str] = []
    for name in split_names(row.text("serves")):
        ids = sorted(set(by_area_name.get(name_key(name), [])))
        if len(ids) == 1:
            served.append(ids[0])
        else:
            zh = f"服务辖区“{name}”{'在辖区人口表中有多个同名' if ids else '不在辖区人口表中'}，请写全称（如 城关镇东街社区）或补充辖区人口表。"
            en = f"Served area {name!r} is {'ambiguous' if ids else 'in no register of areas'}; write its full name or add it to the register."
            findings.append(_at(row, "served_areas_are_in_the_register", "warning", zh, en, "serves", name))
    return list(dict.fromkeys(served))


def _forms(row: Row, findings: list[dict[str, Any]]) -> list[str]:
    forms: list[str] = []
    known = {name_key(word): form.name for form in catalogue().forms.values() for word in (form.name, form.zh, form.en)}
    for text in split_names(row.text("forms")):
        key = name_key(text)
        match = known.get(key) or next((form for word, form in known.items() if key in word or word in key), None)
        if match:
            forms.append(match)
        else:
            titles = "、".join(form.zh for form in catalogue().forms.values())
            zh, en = f"应报表“{text}”不认识，请写其中之一：{titles}。", f"Unknown form {text!r} among the expected ones."
            findings.append(_at(row, "expected_forms_are_known", "warning", zh, en, "forms", text))
    return list(dict.fromkeys(forms))


def _alias(text: str) -> tuple[str, date | None, date | None]:
    """A name with its dates: 城关所 · 城关所（2023.1.1—2024.6.30） · 城关所（2024.7.1起） · 城关所（至2024.6.30）."""
    match = re.fullmatch(r"(.+?)[(（](.+)[)）]", text)
    if not match:
        return text, None, None
    name, dates = match[1], match[2]
    if re.match(r"[至到止]", dates):
        period = read_period(dates.lstrip("至到止"))
        return (name, None, period.end) if period else (text, None, None)
    period = read_period(re.sub(r"[起始后]+$", "", dates))
    if period is None:
        return text, None, None
    return name, period.start, None if re.search(r"[起始后]$", dates) else period.end


# -- campaigns --------------------------------------------------------------------------------------------------------


def _campaigns(rows: list[Row], findings: list[dict[str, Any]]) -> pl.DataFrame:
    campaigns: dict[str, dict[str, Any]] = {}
    for row in rows:
        zh = row.text("zh", "name")
        period = _span(row)
        if not zh or period is None:
            if zh:
                findings.append(_unreadable(row, "period" if row.text("period") else "start", row.text("period", "start"), "起止日期", "two dates"))
            continue
        start, end = period
        id_ = short_id("c", name_key(zh), str(start.year))
        kind = next((kind for word, kind in CAMPAIGN_KINDS.items() if word in (row.text("kind") or zh[-2:])), "operation")
        campaigns[id_] = {"campaign_id": id_, "zh": zh, "en": row.text("en") or None, "start": start, "end": end, "kind": kind}
    return _framed("campaigns", list(campaigns.values())).sort("start", "campaign_id")


def _span(row: Row) -> tuple[date, date] | None:
    whole = _read(row.text("period"))
    start, end = _read(row.text("start")), _read(row.text("end"))
    if start and end and start.start <= end.end:
        return start.start, end.end
    return (whole.start, whole.end) if whole else None


# -- shared -----------------------------------------------------------------------------------------------------------


def _read(text: str) -> Period | None:
    return read_period(text) if text else None


def _day(row: Row, name: str, findings: list[dict[str, Any]]) -> date | None:
    text = row.text(name)
    period = _read(text)
    if text and period is None:
        findings.append(_unreadable(row, name, text, "日期（如 2024-07-01）", "a date"))
    if period is None:
        return None
    return period.end if name == "valid_to" else period.start


def _unreadable(row: Row, name: str, text: str, expected_zh: str, expected_en: str) -> dict[str, Any]:
    zh = f"“{text}”读不出{expected_zh}，该项未采用，请改写。"
    return _at(row, "register_fields_are_readable", "error", zh, f"{text!r} is not {expected_en}; the field was left out.", name, text)


def _at(row: Row, rule: str, severity: str, zh: str, en: str, name: str, text: str) -> dict[str, Any]:
    return finding(rule, severity, zh, en, file_id=row.file_id, path=row.path, sheet=row.sheet, cell=row.cell(name), text=text)


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
    return _framed("areas", rows), _framed("denominators", groups)


def _framed(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=table(name).polars_schema, orient="row")


def _administrative_order(areas: list[Area]) -> list[Area]:
    """The district, then each town followed by its communities, as the registers list them."""
    below: dict[str | None, list[Area]] = defaultdict(list)
    for area in areas:
        below[area.parent].append(area)

    def branch(area: Area) -> list[Area]:
        return [area, *(inner for part in below[area.id] for inner in branch(part))]

    return [area for top in below[None] for area in branch(top)]
