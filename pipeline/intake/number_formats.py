"""Number formats that change what a number on the screen says: percentages, dates without a day, a unit in quotes.

Here: which format codes say something, for xlsx and xls alike, and what a cell says under one. Not here: which cell has which format (ooxml.py,
biff.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from pipeline.forms.wording import units_in

_YEAR_MONTH, _MONTH_DAY = 'yyyy"年"m"月"', 'm"月"d"日"'
_TIME, _TIME_SECONDS = '上午/下午h"时"mm"分"', '上午/下午h"时"mm"分"ss"秒"'

# ECMA-376 part 1, 18.8.30, with its zh-cn column for 27–36 and 50–58: all built-in formats but plain numbers and text.
BUILT_IN: dict[int, str] = (
    {9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM"}
    | {20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0"}
    | {30: "m-d-yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"'}
    | dict.fromkeys((27, 36, 50, 52, 57), _YEAR_MONTH)
    | dict.fromkeys((28, 29, 51, 53, 54, 58), _MONTH_DAY)
    | dict.fromkeys((34, 55), _TIME)
    | dict.fromkeys((35, 56), _TIME_SECONDS)
)
_LITERAL, _BRACKETED = re.compile(r'"[^"]*"|\\.'), re.compile(r"\[[^\]]*\]")
_PLAIN = re.compile(r"(?:General|G/通用格式|\[[A-Za-z]+\]|\[\$[^\]]*\]|[#0?,.;_\-+()\s*\\@¥￥$])*", re.IGNORECASE)


def telling_formats(custom: Mapping[int, str], styles: list[int]) -> dict[int, str]:
    """Style index → format code, for the styles whose format says something. `styles[i]` is the format id of style i."""
    codes = BUILT_IN | {key: code for key, code in custom.items() if not _PLAIN.fullmatch(code)}
    return {index: codes[key] for index, key in enumerate(styles) if codes.get(key)}


def as_shown(value: object, code: str) -> str | None:
    """What the screen says beyond the stored value: 23.5 under 0"万元" is 23.5万元, a date under yyyy"年"m"月" its month; None: nothing more.

    A format may also shift the point: 235000 under 0!.0,"万元" shows 23.5万元, and is 235000元.
    """
    if isinstance(value, date):
        return f"{value.year}年{value.month}月" if _is_month(code) else None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    unit, is_shifted = _unit(code)
    if is_shifted:
        unit = unit.lstrip("万千百亿")
    if not unit:
        return None
    figure = str(int(value)) if value == int(value) else repr(float(value))
    return figure + unit


@lru_cache(maxsize=256)
def _is_month(code: str) -> bool:
    plain = _LITERAL.sub("", _BRACKETED.sub("", code)).lower()
    return "m" in plain and "y" in plain and not set(plain) & set("dhs")


@lru_cache(maxsize=256)
def _unit(code: str) -> tuple[str, bool]:
    """The unit a format writes behind the number, and whether it shifts the point as well (by an escaped point or a trailing comma)."""
    first = code.split(";", maxsplit=1)[0]
    digits = max(map(first.rfind, "0#?"))
    behind = _BRACKETED.sub("", first[digits + 1 :])
    unit = "".join(units_in(behind.replace('"', "").replace("\\", "").strip("_ ,")))
    return unit, bool(unit) and (re.search(r"[!\\]\.", first) is not None or behind.startswith(","))
