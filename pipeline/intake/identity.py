"""Whom and which week a number is about: names → ids of units and areas, the area it is counted in, the ISO week it belongs to.

Here: resolving names with their dates, provisional units and areas for names no register knows, weeks. Not here: registers themselves
(registers.py), which of several numbers stands (superseding.py). A name never blocks: unknown ones are kept, counted and reported.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from pipeline.intake.area_register import Area
from pipeline.intake.findings import finding
from pipeline.intake.naming import Name, level_of, name_key, short_id
from pipeline.intake.registers import Registers


@dataclass
class Resolver:
    """Names → (kind, id), with what had to be made up on the way."""

    registers: Registers
    unit_areas: dict[str, str]
    provisional_units: dict[str, str] = field(default_factory=dict)
    """unit_id → name as first written"""
    unknown: dict[str, str] = field(default_factory=dict)
    """name as written → why it is unknown"""

    def __post_init__(self) -> None:
        self._by_key: dict[str, list[Name]] = defaultdict(list)
        for name in self.registers.names:
            self._by_key[name.key].append(name)

    def resolve(self, name: str, when: date, near: list[str], prefer: str) -> tuple[str, str]:
        """(kind, id) of a name on a day. Of several bearers the preferred kind, then the one inside the first area of `near` with one, wins."""
        borne = self._by_key.get(name_key(name), [])
        valid = [n for n in borne if (n.valid_from is None or n.valid_from <= when) and (n.valid_to is None or when <= n.valid_to)]
        found = {(n.kind, n.id) for n in valid}
        found = {f for f in found if f[0] == prefer} or found
        for area in near if len(found) > 1 else []:
            inside = {f for f in found if f[0] == "area" and area in self.registers.ancestors(f[1])}
            found = inside if len(inside) == 1 else found
        if len(found) == 1:
            return found.pop()
        if not found:
            self.unknown.setdefault(name, "expired" if borne else "unknown")
        else:
            self.unknown.setdefault(name, "ambiguous")
        return self._made_up(name)

    def places(self, name: str | None) -> set[str]:
        """Ids of the registered areas of this name."""
        return {n.id for n in self._by_key.get(name_key(name), []) if n.kind == "area"} if name else set()

    def inner_place(self, name: str | None, within: str) -> str | None:
        """The registered area of this name inside another, if there is exactly one."""
        inside = [id_ for id_ in self.places(name) if within in self.registers.ancestors(id_)[1:]]
        return inside[0] if len(inside) == 1 else None

    def area_of(self, kind: str, id_: str) -> str:
        """The area a unit's or area's numbers are counted in."""
        return id_ if kind == "area" else self.unit_areas.get(id_, self.registers.district_id)

    def _made_up(self, name: str) -> tuple[str, str]:
        key, level = name_key(name), level_of(name)
        if level is None:
            id_ = short_id("u", key)
            self.provisional_units.setdefault(id_, name.strip())
            return "unit", id_
        id_ = short_id("a", "?", key)
        area = Area(id_, name.strip(), "community" if level == "community" else "town", self.registers.district_id, is_provisional=True)
        self.registers.areas.setdefault(id_, area)
        return "area", id_


def identify(
    measurements: pl.DataFrame, zero_reports: pl.DataFrame, registers: Registers
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, list[dict[str, Any]]]:
    """(measurements with subject_id, subject_kind, area_id, reporter_id, within, week; zero reports with reporter_id; `units` with the
    provisional ones; findings).

    `within` is the place inside the subject that a number is about: an area's id, a text no register knows, or ''.
    Provisional areas are added to `registers.areas`.
    """
    resolver = Resolver(registers, dict(registers.units.select("unit_id", "area_id").iter_rows()))
    asked = measurements.select("subject", "reporter", "start", "place").unique(maintain_order=True)
    answers = [_answer(resolver, *row) for row in asked.iter_rows()]
    columns = ("subject_kind", "subject_id", "area_id", "reporter_id", "within")
    answered = pl.DataFrame(answers, schema=dict.fromkeys(columns, pl.String()), orient="row")
    identified = measurements.join(
        pl.concat([asked, answered], how="horizontal"),
        on=["subject", "reporter", "start", "place"],
        how="left",
        nulls_equal=True,
        maintain_order="left",
    ).with_columns(week=iso_week(pl.col("start"), pl.col("end")))
    reporters = [resolver.resolve(name, start, [], "unit")[1] for name, start in zero_reports.select("reporter", "start").iter_rows()]
    nothing = zero_reports.with_columns(reporter_id=pl.Series(reporters, dtype=pl.String))
    return identified, nothing, _with_provisional(registers, resolver), _unknown_names(identified, nothing, resolver)


def iso_week(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Monday of the ISO week that has most days of a span of at most 7 days (a tie: the later week); null for longer spans."""
    days = (end - start).dt.total_days() + 1
    in_first = pl.min_horizontal(days, 8 - start.dt.weekday().cast(pl.Int64))
    monday = start.dt.offset_by("0d") - pl.duration(days=start.dt.weekday().cast(pl.Int64) - 1)
    week = pl.when(days - in_first >= in_first).then(monday + pl.duration(days=7)).otherwise(monday)
    return pl.when((days >= 1) & (days <= 7)).then(week).cast(pl.Date)


def _answer(resolver: Resolver, subject: str, reporter: str | None, start: date, place: str | None) -> tuple[str, str, str, str | None, str]:
    """(subject_kind, subject_id, area_id, reporter_id, within) of one combination of names."""
    reported_by = resolver.resolve(reporter, start, [], "unit") if reporter else None
    if not subject.strip():
        kind, id_ = reported_by or ("area", resolver.registers.district_id)
    elif reporter and name_key(subject) == name_key(reporter) and reported_by:
        kind, id_ = reported_by
    else:
        named = resolver.places(place)
        near = [*(named if len(named) == 1 else []), *([resolver.area_of(*reported_by)] if reported_by else [])]
        kind, id_ = resolver.resolve(subject, start, near, "area" if level_of(subject) else "unit")
    area = resolver.area_of(kind, id_)
    inner = resolver.inner_place(place, area)
    within = inner or ("" if place is None or _is_around(resolver, place, kind, area) else place)
    return kind, id_, inner or area, reported_by[1] if reported_by else None, within


def _is_around(resolver: Resolver, place: str, kind: str, area: str) -> bool:
    """The place is only where the subject lies (the town of a community): it tells homonyms apart, not numbers."""
    if resolver.places(place) & set(resolver.registers.ancestors(area)):
        return True
    levels = ["community", "town", "district"]
    level = level_of(place)
    return kind == "area" and level is not None and levels.index(level) > levels.index(resolver.registers.areas[area].level)


def _with_provisional(registers: Registers, resolver: Resolver) -> pl.DataFrame:
    rows = [
        {
            "unit_id": id_,
            "zh": zh,
            "kind": None,
            "area_id": registers.district_id,
            "serves": json.dumps([]),
            "aliases": json.dumps([]),
            "forms": json.dumps([]),
            "valid_from": None,
            "valid_to": None,
            "is_provisional": True,
        }
        for id_, zh in sorted(resolver.provisional_units.items())
        if id_ not in resolver.unit_areas
    ]
    return pl.concat([registers.units, pl.DataFrame(rows, schema=registers.units.schema, orient="row")])


WHY_UNKNOWN = {
    "unknown": (
        "不在报送单位、辖区人口表中，暂按原名统计（只有数量，没有比率）。请补充名册或在别名中加上它。",
        "is in no register; counted under its own name, without rates. Add it to a register or as an alias",
    ),
    "expired": (
        "只在别的日期有效（名册中的启用、停用日期），暂按原名统计。请核对日期或别名。",
        "is borne only at other dates; counted under its own name. Check the dates in the register",
    ),
    "ambiguous": (
        "在名册中有多个同名，暂按原名统计。请写全称（如 城关镇东街社区）。",
        "has several bearers; counted under its own name. Write the full name",
    ),
}


def _unknown_names(identified: pl.DataFrame, zero_reports: pl.DataFrame, resolver: Resolver) -> list[dict[str, Any]]:
    """One point a name, at the first cell of the latest file that uses it."""
    if not resolver.unknown:
        return []
    places = ["file_id", "path", "sheet", "cell", "received_at", "position"]
    named = [(identified, "subject"), (identified, "reporter"), (zero_reports, "reporter")]
    used = pl.concat([frame.select(pl.col(role).alias("name"), *places) for frame, role in named])
    latest = used.filter(pl.col("name").is_in(list(resolver.unknown))).sort(
        "received_at", "path", "sheet", "position", descending=[True, False, False, False]
    )
    findings = []
    for row in latest.unique("name", keep="first", maintain_order=True).sort("name").iter_rows(named=True):
        why = resolver.unknown[row["name"]]
        zh, en = WHY_UNKNOWN[why]
        place = {k: row[k] for k in ("file_id", "path", "sheet", "cell")}
        severity = "note" if why == "unknown" else "warning"
        findings.append(finding("names_are_in_a_register", severity, f"“{row['name']}”{zh}", f"{row['name']!r} {en}.", text=row["name"], **place))
    return findings
