"""需要核实的: what rules found, grouped by rule and unit; what cannot be; what was confirmed; what was handed back.

Here: grouping and the cards of the quality page. Not here: the rules (intake, measures), the report matrix (quality.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache

import polars as pl

from pipeline.measures import feasibility, integrity

from .blocks import both
from .district import ROW, District
from .messages import both_names
from .model import Block, Cell, Column, Row, Table, Text, say
from .parts.reports import in_english

LISTED, PLACES = 60, 3
ORDER = {"error": 0, "warning": 1, "note": 2}
CONFIRMED = integrity.CONFIRMED_ZH.split("{}", maxsplit=1)[0]
"""How a finding begins that somebody confirmed: its text goes on with reason, owner and last day."""


@cache
def impossible() -> frozenset[str]:
    """Rules between two numbers of which one cannot exceed the other."""
    return frozenset(rule.rule for rule in feasibility.rules())


def place_of(row: Mapping[str, str | None]) -> str:
    return " › ".join(part for part in (row["path"], row["sheet"], row["cell"]) if part)


def places_of(rows: Sequence[ROW]) -> tuple[str, str]:
    """The first places of a group and how many more there are, in both languages."""
    found = list(dict.fromkeys(filter(None, map(place_of, rows))))
    shown, more = "；".join(found[:PLACES]), len(found) - PLACES
    return (f"{shown}；另 {more} 处", f"{shown}；{more} more") if more > 0 else (shown, shown)


def reporters(district: District) -> dict[str, str]:
    """File → who handed it in, where the sheet says so."""
    stated = district.frames["submissions"].filter(pl.col("reporter").is_not_null()).sort("path", "submission_id")
    return dict(stated.unique("path", keep="first", maintain_order=True).select("path", "reporter").iter_rows())


def unit_of(row: ROW, names: Mapping[str, str]) -> str:
    """Whom a finding is put to: the area it concerns, else who handed the file in, else the file."""
    if row["area_id"]:
        return f"area:{row['area_id']}"
    return names.get(row["path"] or "", row["path"] or "")


def shown_unit(district: District, unit: str) -> tuple[str, str]:
    """An area that no register names any more goes by its code."""
    code = unit.removeprefix("area:")
    return both_names(unit, district.names) if unit in district.names else (code, code)


def grouped(district: District, rows: Iterable[ROW]) -> list[tuple[str, list[ROW]]]:
    """(unit, its findings of one rule), the most severe and the most frequent first."""
    names = reporters(district)
    groups: dict[tuple[str, str, str], list[ROW]] = {}
    for row in rows:
        groups.setdefault((row["severity"], row["rule"], unit_of(row, names)), []).append(row)
    ordered = sorted(groups.items(), key=lambda item: (ORDER[item[0][0]], -len(item[1]), item[0]))
    return [(unit, found) for (_, _, unit), found in ordered]


def findings(district: District) -> list[ROW]:
    return list(district.frames["issues"].sort("issue_id").iter_rows(named=True))


def group_row(district: District, unit: str, found: list[ROW]) -> Row:
    first = found[0]
    n = str(len(found))
    return Row(
        first["issue_id"],
        (
            Cell(*both(district, say(f"severity.{first['severity']}")), css=f"sev-{first['severity']}"),
            Cell(*shown_unit(district, unit), css="wrap"),
            Cell(n, n, css="r"),
            Cell(first["zh"], in_english(first["en"] or first["zh"]), css="wrap"),
            Cell(*places_of(found), css="wrap place"),
            Cell(first["rule"], first["rule"], css="code"),
        ),
    )


HEADS = (("th.severity", ""), ("th.unit_asked", ""), ("th.points", "r"), ("th.example", ""), ("th.where", ""), ("th.rule", ""))


def table_of(district: District, id: str, caption: Text, rows: list[ROW]) -> tuple[Table, ...]:
    if not rows:
        return ()
    groups = grouped(district, rows)[:LISTED]
    heads = tuple(Column(say(k), css) for k, css in HEADS)
    return (Table(id, caption, heads, tuple(group_row(district, unit, found) for unit, found in groups), stacks=True),)


def issues_block(district: District) -> Block:
    """What is still to be verified, by rule and unit; the CSV has every place."""
    rows = [r for r in findings(district) if not r["zh"].startswith(CONFIRMED) and r["rule"] not in impossible()]
    title = say("t.issues", n=len(rows), groups=len(grouped(district, rows))) if rows else say("t.issues_none")
    body = table_of(district, "issues-table", say("issues.sub"), rows)
    return Block("issues", 12, title, say("issues.sub"), body, foot=say("issues.foot"), csv="issues", opens_sheet=bool(body))


def impossible_block(district: District) -> Block:
    """Numbers that cannot both be right."""
    rows = [r for r in findings(district) if not r["zh"].startswith(CONFIRMED) and r["rule"] in impossible()]
    title = say("t.impossible", n=len(rows)) if rows else say("t.impossible_none", n=len(impossible()))
    body = table_of(district, "impossible-table", say("impossible.sub"), rows)
    return Block("impossible", 12, title, say("impossible.sub"), body, csv="issues")


def confirmed_block(district: District) -> Block:
    """Findings that somebody confirmed as true: who, why, until when."""
    rows = [r for r in findings(district) if r["zh"].startswith(CONFIRMED)]
    names = reporters(district)
    listed = tuple(
        Row(
            r["issue_id"],
            (
                Cell(*shown_unit(district, unit_of(r, names)), css="wrap"),
                Cell(r["zh"], in_english(r["en"] or r["zh"]), css="wrap"),
                Cell(place_of(r), place_of(r), css="wrap place"),
                Cell(r["rule"], r["rule"], css="code"),
            ),
        )
        for r in rows[:LISTED]
    )
    heads = tuple(Column(say(k)) for k in ("th.unit_asked", "th.confirmed", "th.where", "th.rule"))
    body = (Table("confirmed-table", say("confirmed.sub"), heads, listed),) if listed else ()
    title = say("t.confirmed", n=len(rows)) if rows else say("t.confirmed_none")
    return Block("confirmed", 12, title, say("confirmed.sub"), body)


def returned_block(district: District) -> Block:
    """What was returned to the analysts and why: points by rule, open and closed, with an example."""
    found = district.frames["rejections"].sort("path", "sheet", "cell")
    groups = found.group_by("rule", "severity", maintain_order=True).agg(
        pl.len().alias("n"),
        pl.col("closed_reason").null_count().alias("n_open"),
        pl.col("path").n_unique().alias("files"),
        pl.col("message", "message_en", "path", "sheet", "cell").first(),
    )
    rows = []
    for r in groups.sort(["n", "rule"], descending=[True, False]).iter_rows(named=True):
        counts = [str(r[name]) for name in ("n", "n_open", "files")]
        rows.append(
            Row(
                f"{r['rule']}-{r['severity']}",
                (
                    Cell(*both(district, say(f"severity.{r['severity']}")), css=f"sev-{r['severity']}"),
                    *(Cell(n, n, css="r") for n in counts),
                    Cell(r["message"], in_english(r["message_en"] or r["message"]), css="wrap"),
                    Cell(place_of(r), place_of(r), css="wrap place"),
                    Cell(r["rule"], r["rule"], css="code"),
                ),
            )
        )
    heads = tuple(
        Column(say(k), css)
        for k, css in (
            ("th.severity", ""),
            ("th.points", "r"),
            ("th.open", "r"),
            ("th.files", "r"),
            ("th.example", ""),
            ("th.where", ""),
            ("th.rule", ""),
        )
    )
    files = district.frames["source_files"].filter(~pl.col("is_withdrawn"))
    returned = files.filter(pl.col("status") != "accepted").height
    body = (Table("returned-table", say("returned.sub"), heads, tuple(rows), stacks=True),) if rows else ()
    return Block("returned", 12, say("t.returned", n=returned, total=files.height), say("returned.sub"), body)
