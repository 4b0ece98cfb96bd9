"""Reports, revisions, findings, returns; the glossary."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pipeline.measures import registry

from ..recomputed import Recomputed, Row
from ..said.base import POLICY, Spot
from .base import WORDS, Numbers, Rows, numbered, one, span, tabulates, text


@tabulates("rates-table")
def reports(o: Recomputed, at: Spot) -> Rows:
    def row(town: str) -> list[Numbers]:
        n = o.reported(town, at.period)
        items = o.row(
            f"""SELECT 1 - sum(items_missing) / sum(items_due) AS x FROM report_status JOIN within USING (area_id)
                WHERE scope = '{town}' AND {o.inside(at.period)} AND status NOT IN ('not_due', 'waived')"""
        )["x"]
        due = n["due"]
        shares = [one(n[k] / due if due else None, "pct") for k in ("came", "in_time")]
        return [WORDS, *shares, one(items, "pct"), *(one(n[k], "n") for k in ("missing", "late", "partial", "waived", "due"))]

    return {t: row(t) for t in o.towns}


@tabulates("changes-table")
def changes(o: Recomputed, at: Spot) -> Rows:
    kinds = {"元": "money", "1": "pct"}

    def figure(r: Row, prefix: str) -> Numbers:
        value, low, high = (r[prefix + k] for k in ("value", "low", "high"))
        kind = kinds.get(registry.describing(r["metric"]).unit, "count")
        if value is None and low is not None and kind != "pct":
            return ((low, high, kind),)
        return one(value, kind)

    listed = o.changed[:50]
    return numbered([WORDS, WORDS, WORDS, one(r["week"], "week"), figure(r, "old_"), figure(r, "")] for r in listed)


@tabulates("settings-table")
def settings(o: Recomputed, at: Spot) -> Rows:
    rows: Rows = {name: [WORDS, text(written(old)), text(written(new))] for name, old, new in o.settings_changed}
    readers = [str(o.build.get(k)) for k in ("previous_reader", "reader")]
    return rows | ({"reader": [WORDS, *map(text, readers)]} if readers[0] != readers[1] else {})


def written(value: Any) -> str:
    return {None: "—", True: "true", False: "false"}.get(value, str(value)) if not isinstance(value, list) else f"[{', '.join(map(written, value))}]"


@tabulates("q2-rates")
def revision_rates(o: Recomputed, at: Spot) -> Rows:
    rows = o.rows(f"FROM revision_rates WHERE area_id = '{o.top}' AND period = '{at.period}' ORDER BY metric")
    return {r["metric"]: [WORDS, one(r["n_published"], "n"), one(r["n_revised"], "n"), one(r["n_revised"] / r["n_published"], "pct")] for r in rows}


@tabulates("q2-table")
def revisions(o: Recomputed, at: Spot) -> Rows:
    rows = o.rows(f"FROM revisions WHERE metric = 'prevented' AND area_id = '{o.top}' ORDER BY week")[-12:]
    return {str(r["week"]): [one(r["week"], "week"), one(r["first_value"], "money"), one(r["value"], "money")] for r in rows}


def places_of(rows: Sequence[Row]) -> tuple[str, int]:
    """The first three places of a group and how many more there are."""
    found = list(dict.fromkeys(filter(None, (" › ".join(p for p in (r["path"], r["sheet"], r["cell"]) if p) for r in rows))))
    return "；".join(found[:3]), max(0, len(found) - 3)


def asked(o: Recomputed, unit: str) -> Numbers:
    """Whom a finding is put to; an area that no register names goes by its code."""
    area = unit.removeprefix("area:")
    return WORDS if area in o.area else text(area)


@tabulates("issues-table", "impossible-table")
def findings(o: Recomputed, at: Spot) -> Rows:
    groups: dict[tuple[str, str, str], list[Row]] = {}
    for r in o.findings(at.where.removesuffix("-table")):
        groups.setdefault((r["severity"], r["rule"], r["unit"]), []).append(r)
    order = {"error": 0, "warning": 1, "note": 2}
    listed = sorted(groups.items(), key=lambda kv: (order[kv[0][0]], -len(kv[1]), kv[0]))[:60]
    rows: Rows = {}
    for (_, rule, unit), found in listed:
        where, more = places_of(found)
        told = [one(len(found), "n"), text(found[0]["zh"]), (*text(where), *(one(more, "n") if more else ())), text(rule)]
        rows[found[0]["issue_id"]] = [asked(o, unit), *told]
    return {key: [WORDS, *cells] for key, cells in rows.items()}


@tabulates("confirmed-table")
def confirmed(o: Recomputed, at: Spot) -> Rows:
    def row(r: Row) -> list[Numbers]:
        return [asked(o, r["unit"]), text(r["zh"]), text(places_of([r])[0]), text(r["rule"])]

    return {r["issue_id"]: row(r) for r in o.findings("confirmed")[:60]}


@tabulates("returned-table")
def returned(o: Recomputed, at: Spot) -> Rows:
    rows = o.rows(
        """SELECT rule, severity, count(*) AS n, count(*) FILTER (closed_reason IS NULL) AS n_open, count(DISTINCT path) AS files,
                  arg_min({'m': message, 'p': path, 's': sheet, 'c': cell}, (path, sheet, cell)) AS first
           FROM rejections GROUP BY rule, severity ORDER BY n DESC, rule"""
    )
    out: Rows = {}
    for r in rows:
        first = r["first"]
        place = " › ".join(p for p in (first["p"], first["s"], first["c"]) if p)
        counts = [one(r[k], "n") for k in ("n", "n_open", "files")]
        out[f"{r['rule']}-{r['severity']}"] = [WORDS, *counts, text(first["m"]), text(place), text(r["rule"])]
    return out


@tabulates("urge-table")
def to_be_urged(o: Recomputed, at: Spot) -> Rows:
    last, edge = o.periods[at.period][1], POLICY.coverage.blind_below
    out: Rows = {}
    for town in o.towns:
        n = len(o.blind(town, last, edge))
        if n or o.of_week(town, o.last) in ("missing", "late", "partial"):
            out[town] = [WORDS, one(n, "n") if n else WORDS]
    return out


@tabulates("map-table")
def mapped(o: Recomputed, at: Spot) -> Rows:
    last = o.periods[at.period][1]
    drawn = {r["area_id"] for r in o.rows("FROM boundaries")}

    def row(area: str) -> list[Numbers]:
        r = o.cover.get(("all", area, last))
        if r is None or r["estimate"] is None:
            return [WORDS] * 3
        return [WORDS, one(r["estimate"], "pct"), span(r["low"], r["high"], "pct0")]

    return {a: row(a) for a in o.area if a in drawn}


@tabulates("glossary-table")
def glossary(o: Recomputed, at: Spot) -> Rows:
    """Definitions: their numbers are words of the registry."""
    return {code: [text(i.zh), text(i.formula_zh), WORDS, text(i.caveat_zh), text(f"v{i.version}")] for code, i in registry.indicators().items()}
