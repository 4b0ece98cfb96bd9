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


@cache
def sql_text(name: str) -> str:
    """The text of <name>.sql, `named_audience()` and `contact_numbers()` filled in. FileNotFoundError when there is none."""
    text = (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
    if "contact_numbers()" in text:
        text = text.replace("contact_numbers()", f"({sql_text('contact_numbers')})")
    return text.replace("named_audience()", NAMED_AUDIENCE)
