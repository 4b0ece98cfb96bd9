"""Where a message stands, and the registry of what its arguments must be."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from pipeline.settings import Settings

from ..recomputed import Recomputed

POLICY = Settings()


@dataclass(frozen=True)
class Spot:
    """Where a message stands: the page, its area, period and group, the slot or block; of a cell also its row and column."""

    kind: str
    area: str
    period: str
    where: str
    audience: str = "all"
    row: str = ""
    column: int = 0


Args = Mapping[str, Any]
Stated = Callable[[Recomputed, Spot, Args], Args]
SAID: dict[str, Stated] = {}
CHOSEN = frozenset({"label", "since", "span", "why"})
"""Arguments that name how something is compared: chosen by rules that tests of their own hold."""


def says(*keys: str) -> Callable[[Stated], Stated]:
    def noted(stated: Stated) -> Stated:
        SAID.update(dict.fromkeys(keys, stated))
        return stated

    return noted


def metric_of(at: Spot) -> str:
    """kpi.cases.change → cases."""
    return at.where.split(".")[1]


def local(stored: str | datetime) -> str:
    when = stored if isinstance(stored, datetime) else datetime.fromisoformat(stored)
    return when.replace(tzinfo=ZoneInfo("UTC")).astimezone(ZoneInfo(POLICY.district.time_zone)).replace(tzinfo=None).isoformat()


def end_of(o: Recomputed, at: Spot) -> date:
    return o.periods[at.period][1]
