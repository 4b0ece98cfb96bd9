"""上次发布以来: which published numbers are new, revised or withdrawn since the publication before, and which settings or reader changed.

Here: the line on the overview and the two cards of the quality page. Not here: what counts as a change (measures/changes.py), the revision
chart against first publication (quality.py).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import polars as pl

from pipeline.measures import changes, registry

from . import format as fmt
from .blocks import both
from .district import ROW, District
from .messages import both_names
from .model import Block, Cell, Column, Num, Row, Table, Text, say
from .render import local

LISTED = 50
KINDS = ("withdrawn", "revised", "new")
"""In the order they are listed: what was said and no longer holds first."""
SHOWN_AS = {"元": "money", "1": "pct"}


def previous_at(district: District) -> datetime | None:
    """When the publication before this one was, UTC without a zone; None for the first."""
    stated = district.build.get("previous_published_at")
    return datetime.fromisoformat(stated) if stated else None


def found(district: District) -> pl.DataFrame:
    """Changes of the district's and towns' figures, withdrawn ones first, the newest week first within a kind."""
    rows = changes.since(district.frames["publications"], previous_at(district)).filter(pl.col("area_id").is_in(list(district.area)))
    order = pl.col("kind").replace_strict(list(KINDS), range(len(KINDS)), return_dtype=pl.Int64)
    return rows.sort(order, pl.col("week"), "metric", "area_id", descending=[False, True, False, False])


def summary(district: District, rows: pl.DataFrame) -> Text:
    """Counts by kind, or that nothing changed; nothing to say of a first publication."""
    at = previous_at(district)
    if at is None:
        return ()
    since = local(at, district)
    if not rows.height:
        return say("changes.none", at=since)
    return say("changes.line", at=since, **{kind: rows.filter(kind=kind).height for kind in KINDS})


def line(district: District) -> Text:
    return summary(district, found(district))


def of_bounds(row: ROW, prefix: str, kind: str) -> tuple[str, str]:
    """A stated figure in both languages: its value, or its range where it is only known to lie in one."""
    value, low, high = (row[prefix + name] for name in ("value", "low", "high"))
    if value is None and low is not None and high is not None and kind != "pct":
        return fmt.span(low, high, kind, "zh"), fmt.span(low, high, kind, "en")
    return fmt.show(value, kind, "zh"), fmt.show(value, kind, "en")


def change_row(district: District, place: int, r: ROW) -> Row:
    entry = registry.describing(r["metric"])
    kind = SHOWN_AS.get(entry.unit, "count")
    has_cells = r["value"] is not None and r["week"] in district.shown
    num = Num(r["metric"], r["area_id"], str(r["week"])) if has_cells else None
    return Row(
        str(place),
        (
            Cell(*both(district, say(f"changes.{r['kind']}"))),
            Cell(entry.zh, entry.en),
            Cell(*both_names(f"area:{r['area_id']}", district.names)),
            Cell(*both(district, say("week.full", x=str(r["week"])))),
            Cell(*of_bounds(r, "old_", kind), css="r"),
            Cell(*of_bounds(r, "", kind), css="r", num=num),
        ),
    )


def numbers_block(district: District) -> Block:
    """Every figure of the district and its towns that this publication states differently from the one before."""
    rows = found(district)
    heads = tuple(
        Column(say(k), css)
        for k, css in (("th.kind", ""), ("th.metric", ""), ("th.area", ""), ("th.week", ""), ("changes.before", "r"), ("changes.now", "r"))
    )
    listed = tuple(change_row(district, i, r) for i, r in enumerate(rows.head(LISTED).iter_rows(named=True)))
    body = (Table("changes-table", say("changes.sub"), heads, listed),) if listed else ()
    foot = say("changes.more", n=rows.height - LISTED) if rows.height > LISTED else say("changes.foot")
    return Block("changes", 8, summary(district, rows) or say("changes.first"), say("changes.sub"), body, foot=foot, csv="changes")


def written(value: Any) -> str:
    """A setting as its file writes it."""
    if value is None:
        return fmt.UNKNOWN
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def settings_block(district: District) -> Block:
    """Changed settings and a changed reader, apart from the numbers: they may be why numbers changed."""
    build = district.build
    rows = changes.of_settings(build.get("previous_settings_values"), build.get("settings_values"))
    listed = [Row(name, tuple(Cell(text, text, css=css) for text, css in ((name, ""), (written(a), "wrap"), (written(b), "wrap"))))
              for name, a, b in rows]  # fmt: skip
    is_other_reader = previous_at(district) is not None and build.get("previous_reader") != build.get("reader")
    if is_other_reader:
        before, now = (str(build.get(key) or fmt.UNKNOWN) for key in ("previous_reader", "reader"))
        listed.append(Row("reader", (Cell(*both(district, say("changes.reader"))), Cell(before, before), Cell(now, now))))
    heads = tuple(Column(say(k)) for k in ("th.setting", "changes.before", "changes.now"))
    title = say("changes.settings", n=len(rows)) if rows else say("changes.settings_none")
    title = (*title, *say("changes.reader_new" if is_other_reader else "changes.reader_same"))
    body = (Table("settings-table", say("changes.settings_sub"), heads, tuple(listed)),) if listed else ()
    title = say("changes.settings_first") if previous_at(district) is None else title
    return Block("settings", 4, title, say("changes.settings_sub"), body, foot=say("changes.settings_foot"))
