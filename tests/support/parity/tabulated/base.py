"""How the numbers of a table are given, and the registry of tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from ..recomputed import Recomputed
from ..said.base import POLICY, Spot

Numbers = tuple[tuple[Any, ...], ...]
"""The numbers of a cell in their order: (value, kind), (low, high, kind), or what it says in Chinese and in English (zh, en, "words")."""
Rows = dict[str, list[Numbers]]
Tabulated = Callable[[Recomputed, Spot], Rows]
TABLES: dict[str, Tabulated] = {}
WORDS: Numbers = ()


def tabulates(*ids: str) -> Callable[[Tabulated], Tabulated]:
    def noted(made: Tabulated) -> Tabulated:
        TABLES.update(dict.fromkeys(ids, made))
        return made

    return noted


def one(value: Any, kind: str) -> Numbers:
    return ((value, kind),)


def span(low: float | None, high: float | None, kind: str) -> Numbers:
    return WORDS if low is None else ((low, high, kind),)


def text(value: str) -> Numbers:
    return ((value, "s"),)


def weeks_of(o: Recomputed, at: Spot) -> list[date]:
    """The period's weeks that charts show, the newest first."""
    first, last = o.periods[at.period]
    return [w for w in reversed(o.shown) if first <= w <= last]


def numbered(rows: Iterable[list[Numbers]]) -> Rows:
    return {str(i): row for i, row in enumerate(rows)}


def is_hidden(o: Recomputed, area: str, week: date) -> bool:
    """Whether a latest week is not drawn because under half of its reports are in."""
    n = o.statuses(area, week, week)
    came, due = sum(n[s] for s in ("on_time", "late", "partial", "zero_report")), sum(v for s, v in n.items() if s not in ("not_due", "waived"))
    return week == o.last and due > 0 and came / due < POLICY.reporting.latest_week_rate


def operation_name(o: Recomputed, op: str) -> Numbers:
    """The name of an operation may hold digits."""
    zh, en = (o.value(f"SELECT {lang} FROM campaigns WHERE 'op:' || campaign_id = '{op}'") for lang in ("zh", "en"))
    return ((zh, en or zh, "words"),)
