"""Number formats that change what a number on the screen says: percentages, dates without a day, a unit in quotes.

Here: which format codes say something, for xlsx and xls alike. Not here: which cell has which format (ooxml.py, biff.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

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
_PLAIN = re.compile(r"(?:General|G/通用格式|\[[A-Za-z]+\]|\[\$[^\]]*\]|[#0?,.;_\-+()\s*\\@¥￥$])*", re.IGNORECASE)


def telling_formats(custom: Mapping[int, str], styles: list[int]) -> dict[int, str]:
    """Style index → format code, for the styles whose format says something. `styles[i]` is the format id of style i."""
    codes = BUILT_IN | {key: code for key, code in custom.items() if not _PLAIN.fullmatch(code)}
    return {index: codes[key] for index, key in enumerate(styles) if codes.get(key)}
