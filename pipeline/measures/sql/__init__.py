"""The heavy sums as SELECTs, one file each; whoever holds the database runs them."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def sql_text(name: str) -> str:
    """The text of <name>.sql. FileNotFoundError when there is none."""
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
