"""Q1: the report matrix, the facts beside it and the list of things to follow up."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from ..district import ROW, District
from ..facts import Facts
from ..model import KeyItem, Matrix, Notes, Text, say

WEEKS = 13
ISSUES = 5
STATUSES = ("on_time", "late", "partial", "missing")
KEY = tuple(KeyItem(f"q-{status}", say(f"q1.{status}")) for status in STATUSES)
STRAIGHT = str.maketrans("“”‘’", "\"\"''")
GLYPHS = {"on_time": "·", "late": "◐", "partial": "▤", "missing": "✕", "not_due": "", "": ""}


def matrix(district: District, weeks: Sequence[date]) -> Matrix:
    rows = tuple((town, tuple(district.week_status(town, week) for week in weeks)) for town in district.towns)
    return Matrix(
        tuple(weeks),
        rows,
        (("q1.on_time", "q1.fact.on_time"), ("q1.missing", "q1.fact.missing"), ("q1.exact", "q1.fact.exact"), ("q1.width", "q1.fact.width")),
    )


def fact_texts(facts: Facts) -> dict[str, Text]:
    """Slots of the four facts beside the matrix."""
    n, loss = facts.statuses, facts.kpi["prevented"]
    due = sum(count for status, count in n.items() if status not in ("not_due", "waived"))
    rate = facts.kpi["on_time_rate"]["value"]
    none = say("value.none")
    return {
        "q1.on_time": none if rate is None else say("fact.pct", x=rate),
        "q1.missing": say("fact.of", n=n["missing"], total=due),
        "q1.exact": say("fact.pct0", x=facts.n_exact / facts.n_cases) if facts.n_cases else none,
        "q1.width": say("fact.pct0", x=(loss["high"] - loss["low"]) / loss["value"]) if loss["value"] and loss["high"] is not None else none,
    }


def is_to_be_named(district: District, issue: ROW) -> bool:
    """Whether a finding's text leaves open whose it is."""
    return issue["area_id"] in district.area and not issue["zh"].startswith(district.area[issue["area_id"]]["zh"])


def in_english(finding: str) -> str:
    """A finding as an English page shows it: a capital first, and straight quotes, since a Chinese font draws curly ones a character wide."""
    straight = finding.translate(STRAIGHT)
    return straight[:1].upper() + straight[1:]


def issue_notes(district: District, town: str | None = None) -> Notes:
    """The most urgent findings, newest first; of one town, or of all."""
    order = {"error": 0, "warning": 1, "note": 2}
    found = [r for r in district.frames["issues"].iter_rows(named=True) if town is None or (r["area_id"] and district.town_of(r["area_id"]) == town)]
    found.sort(key=lambda r: (order[r["severity"]], -(r["week"] or date.min).toordinal(), r["issue_id"]))
    items = [
        (
            say("issue.where", area=f"area:{r['area_id']}") if is_to_be_named(district, r) else (),
            say("issue.text", zh=r["zh"], en=in_english(r["en"] or r["zh"])),
        )
        for r in found[:ISSUES]
    ]
    return Notes(tuple(items))
