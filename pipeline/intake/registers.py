"""The registers analysts hand in (辖区人口, 报送单位, 专项行动), merged into one of each, and who bears which name when.

Here: all registers together, and the list of names with their dates. Not here: each register (area_register.py, unit_register.py), names no
register knows and whom a number is about (identity.py), what a heading means (forms/).
A missing register is no fault: every list may be empty but for the district itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import polars as pl

from pipeline.intake.area_register import Area, area_names, merge_areas
from pipeline.intake.naming import Name
from pipeline.intake.register_rows import register_rows
from pipeline.intake.unit_register import merge_campaigns, merge_units


@dataclass
class Registers:
    """All registers merged. `areas` in administrative order, the district first."""

    district_id: str
    areas: dict[str, Area]
    units: pl.DataFrame
    campaigns: pl.DataFrame
    names: list[Name]
    findings: list[dict[str, Any]]

    def ancestors(self, area_id: str) -> list[str]:
        """The area and everything above it, nearest first."""
        chain: list[str] = []
        current: str | None = area_id
        while current is not None and current not in chain:
            chain.append(current)
            current = self.areas[current].parent
        return chain


def merge_registers(entries: pl.DataFrame, district: str) -> Registers:
    """`entries`: rows of read_entries with path and received_at, any order. `district`: the configured name of the top area, or ''."""
    findings: list[dict[str, Any]] = []
    rows = register_rows(entries)
    areas, district_id = merge_areas(rows["areas"], district, findings)
    names = area_names(areas, district_id, district)
    units, unit_names = merge_units(rows["units"], areas, district_id, findings)
    return Registers(district_id, areas, units, merge_campaigns(rows["campaigns"], findings), names + unit_names, findings)
