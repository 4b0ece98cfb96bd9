"""The heavy sums as SELECTs, one file each; whoever holds the database runs them.

Here: the texts, and the fragments several of them share. Not here: who runs them (warehouse.py), in which order (build.py).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

NAMED_AUDIENCE = """CASE
        WHEN audience IS NULL OR regexp_full_match(audience, '(全体|社区|辖区|广大)?(居民|村民|群众|市民|公众|all)') THEN 'all'
        WHEN audience SIMILAR TO '.*(老年|老人|elderly).*' THEN 'elderly'
        WHEN audience SIMILAR TO '.*(学生|校园|师生|students).*' THEN 'students'
        WHEN audience SIMILAR TO '.*(财务|会计|finance_staff).*' THEN 'finance_staff'
        ELSE audience END"""
"""The group a number was addressed to, under the name `denominators` has for it; a group without one keeps its own words."""

NO_ACTIVITY = ("claimed_reach", "intercepted_losses", "losses", "surveys", "population", "stop_payments")
NO_ACTIVITY_FORMS = ("intercepted_losses", "losses", "surveys")
"""Channels, and forms of ledger rows without a number, in which a record is no outreach activity."""


@cache
def sql_text(name: str) -> str:
    """The text of <name>.sql, the fragments it calls (`named_audience()` …) filled in. FileNotFoundError when there is none."""
    text = (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
    if "contact_numbers()" in text:
        text = text.replace("contact_numbers()", f"({sql_text('contact_numbers')})")
    text = text.replace("no_activity_channels()", str(NO_ACTIVITY)).replace("no_activity_forms()", str(NO_ACTIVITY_FORMS))
    return text.replace("named_audience()", NAMED_AUDIENCE)
