"""The registers of units (报送单位) and of campaigns (专项行动), merged.

Here: ids, areas served, aliases with their dates, forms expected; phases with their two dates. The latest register's row of a unit stands.
Not here: the rows themselves (register_rows.py), units that no register names (identity.py).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from pipeline.forms.catalogue import catalogue
from pipeline.intake.area_register import Area, area_names
from pipeline.intake.naming import Name, code_id, name_key, short_id, split_names
from pipeline.intake.period import read_period
from pipeline.intake.register_rows import Row, framed, point_at, read_date, read_day, unreadable

CAMPAIGN_KINDS = {"月": "month", "日": "day", "节": "holiday", "假": "holiday", "口径": "break", "调整": "break"}


def merge_units(rows: list[Row], areas: Mapping[str, Area], district_id: str, findings: list[dict[str, Any]]) -> tuple[pl.DataFrame, list[Name]]:
    by_area_name: dict[str, list[str]] = defaultdict(list)
    for name in area_names(areas, district_id, ""):
        by_area_name[name.key].append(name.id)
    units: dict[str, dict[str, Any]] = {}
    names: dict[str, list[Name]] = {}
    for row in rows:
        zh = row.text("zh", "unit", "name")
        if not zh:
            continue
        valid_from, valid_to = read_day(row, "valid_from", findings), read_day(row, "valid_to", findings)
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
    frame = framed("units", list(units.values()))
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
            findings.append(point_at(row, "served_areas_are_in_the_register", "warning", zh, en, "serves", name))
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
            findings.append(point_at(row, "expected_forms_are_known", "warning", zh, en, "forms", text))
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


def merge_campaigns(rows: list[Row], findings: list[dict[str, Any]]) -> pl.DataFrame:
    campaigns: dict[str, dict[str, Any]] = {}
    for row in rows:
        zh = row.text("zh", "name")
        period = _span(row)
        if not zh or period is None:
            if zh:
                findings.append(unreadable(row, "period" if row.text("period") else "start", row.text("period", "start"), "起止日期", "two dates"))
            continue
        start, end = period
        id_ = short_id("c", name_key(zh), str(start.year))
        kind = next((kind for word, kind in CAMPAIGN_KINDS.items() if word in (row.text("kind") or zh[-2:])), "operation")
        campaigns[id_] = {"campaign_id": id_, "zh": zh, "en": row.text("en") or None, "start": start, "end": end, "kind": kind}
    return framed("campaigns", list(campaigns.values())).sort("start", "campaign_id")


def _span(row: Row) -> tuple[date, date] | None:
    whole = read_date(row.text("period"))
    start, end = read_date(row.text("start")), read_date(row.text("end"))
    if start and end and start.start <= end.end:
        return start.start, end.end
    return (whole.start, whole.end) if whole else None
