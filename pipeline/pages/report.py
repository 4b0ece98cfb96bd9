"""周报: the overview for paper, at a fixed width, for the latest closed week: with this week's events, what to urge, what is due next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from . import overview
from .blocks import both
from .district import District
from .messages import plain
from .model import Block, Cell, Column, Notes, Page, Row, Scope, Table, Text, say
from .parts import ranking
from .render import local

SPANS = {"c1": 6, "c2": 6, "c3": 12, "t1": 7, "urge": 5, "week": 5, "c4": 6, "c5": 6, "q1": 12, "sign": 12}
"""Blocks of the two sheets in their order, and their width: what is to be urged stands beside T1."""


def page(district: District) -> Page:
    scope = Scope(district.top, district.default_period.id)
    _, view = overview.view(district, scope)
    whole = overview.described(district, (view,))
    week = district.last.isocalendar()
    found = {b.id: b for b in (*whole.blocks, urge_block(district), week_block(district), sign_block())}
    return replace(
        whole,
        path=f"report-{week.year}W{week.week:02}.html",
        kind="report",
        title=say("page.report_title", area=f"area:{district.top}", week=str(district.last)),
        blocks=tuple(replace(found[id], span=span) for id, span in SPANS.items()),
    )


def week_block(district: District) -> Block:
    """本周大事 and what is due next week."""
    start, end = district.last, district.last + timedelta(days=6)
    items: list[tuple[Text, Text]] = []
    for row in district.campaigns:
        key = f"op:{row['campaign_id']}"
        if row["start"] <= end and row["end"] >= start:
            items.append((say("lane.name", x=key), say("report.running", start=str(row["start"]), end=str(row["end"]))))
        elif end < row["start"] <= end + timedelta(days=7):
            items.append((say("lane.name", x=key), say("report.starts", start=str(row["start"]))))
    next_deadline = district.deadline + timedelta(days=7)
    items.append((say("report.due"), say("report.due_text", week=str(start + timedelta(days=7)), at=local(next_deadline, district))))
    n = len(items) - 1
    return Block("week", 5, say("t.week", n=n) if n else say("t.week_none"), say("report.week_sub"), (Notes(tuple(items)),))


def urge_block(district: District) -> Block:
    """需督办, by rule: towns whose report is missing or late, and towns with blind spots."""
    rows = []
    for s in ranking.standings(district, district.default_period):
        status = district.week_status(s.area, district.last)
        reasons: Text = (
            *(say(f"urge.{status}") if status in ("missing", "late", "partial") else ()),
            *(say("urge.blind", n=s.blind) if s.blind else ()),
        )
        if reasons:
            rows.append(
                Row(
                    s.area,
                    (
                        Cell(*both(district, say("area.name", x=f"area:{s.area}")), css="name"),
                        Cell(*(plain(reasons, lang, district.names).strip("；; ") for lang in ("zh", "en")), css="wrap"),
                    ),
                )
            )
    table = Table("urge-table", say("urge.sub"), (Column(say("th.town")), Column(say("th.reason"))), tuple(rows))
    return Block("urge", 5, say("t.urge", n=len(rows)) if rows else say("t.urge_none"), say("urge.sub"), (table,) if rows else ())


def sign_block() -> Block:
    return Block("sign", 12, say("sign.title"), say("sign.line"), ())
