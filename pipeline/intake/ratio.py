"""Typed ratios and changes (97.2%, +12.3%, ↓5%, 下降2个百分点, 持平): shadow values, compared with what we compute, never loaded.

Here: one text → Ratio. Not here: quantities (quantity.py).
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

_RATIO = re.compile(
    r"(?:同比|环比|较上[期周月年](?:同期)?|比上[期周月年])?\s*"
    r"(?P<up>[+↑▲△]|上升|增长|增加|提高|提升|增幅|升|增)?(?P<down>[-−–↓▼▽]|下降|减少|降低|降幅|下滑|降|减)?了?(?:约|近)?\s*"
    r"(?P<number>\d+(?:\.\d+)?)\s*(?P<unit>%|‰|个?百分点|个点|倍)?\s*(?P<after>[↑↓])?"
)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A share or a change as a fraction (5 % → 0.05; 2 percentage points → 0.02 with `is_points`); value None with a reason."""

    value: float | None
    is_points: bool = False
    reason: str | None = None


def read_ratio(text: object) -> Ratio:
    """97.2% → 0.972 · 0.947 → 0.947 · ↓5% → -0.05 · 下降2个百分点 → -0.02 points · 持平 → 0; an unsigned change is an increase.

    A number above 1 without a sign of percent may mean either, and is unreadable. Never raises.
    """
    if isinstance(text, bool) or text is None:
        return Ratio(None, reason="blank" if text is None else "unreadable")
    if isinstance(text, (int, float)):
        return Ratio(float(text)) if math.isfinite(text) and abs(text) <= 1 else Ratio(None, reason="unreadable")
    plain = unicodedata.normalize("NFKC", str(text)[:60]).strip()
    if not plain:
        return Ratio(None, reason="blank")
    if re.fullmatch(r"[-–—―/\\]+", plain):
        return Ratio(None, reason="not_applicable" if plain[0] in "/\\" else "dash")
    if re.fullmatch(r"(?:与上[期周月年](?:同期)?|同比|环比)?(?:基本)?(?:持平|不变|无变化)", plain):
        return Ratio(0.0)
    match = _RATIO.fullmatch(plain)
    if not match or (match["up"] and match["down"]) or match["unit"] == "倍":
        return Ratio(None, reason="unreadable")
    number = Decimal(match["number"])
    if match["unit"]:
        number /= 1000 if match["unit"] == "‰" else 100
    elif number > 1:
        return Ratio(None, reason="unreadable")
    is_down = bool(match["down"]) or match["after"] == "↓"
    return Ratio(float(-number if is_down else number), is_points="点" in (match["unit"] or ""))
