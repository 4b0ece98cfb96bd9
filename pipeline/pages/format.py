"""Numbers and dates as leaders read them, in Chinese and English.

Here: one function per kind of value, all through `show`. The browser has the same functions (html/format.js); both are held to one table
of cases (tests/pages/format_cases.json). Not here: sentences (messages.yaml) and the choice of what to say (findings.py).

Rounding is half up on the decimal digits a number is written with, never on the binary float: 0.125 → 12.5 %, 2.675 → 2.68.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal

MINUS = "−"
UNKNOWN = "—"
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

# (upper limit after rounding, power of ten to divide by, decimals, suffix): the first row whose limit is not reached is used.
COUNT = {
    "zh": ((10_000, 0, 0, ""), (1_000, 4, 1, "万"), (10_000, 4, 0, "万"), (None, 8, 2, "亿")),
    "en": ((10_000, 0, 0, ""), (100, 3, 1, "k"), (1_000, 3, 0, "k"), (100, 6, 2, "M"), (1_000, 6, 0, "M"), (None, 9, 2, "B")),
}
MONEY = {
    "zh": ((10_000, 0, 0, "元"), (1_000, 4, 1, "万元"), (10_000, 4, 0, "万元"), (None, 8, 2, "亿元")),
    "en": COUNT["en"],
}
SCALED = {"count": COUNT, "money": MONEY}


def rounded(value: float | int, shift: int, decimals: int) -> Decimal:
    """value × 10^shift, rounded half up to `decimals` places."""
    return Decimal(repr(value)).scaleb(shift).quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def digits(number: Decimal) -> str:
    """Thousands separated by commas; a true minus sign; no negative zero."""
    return f"{abs(number):,f}" if not number else f"{number:,f}".replace("-", MINUS)


def signed(number: Decimal) -> str:
    return ("+" if number > 0 else "") + digits(number)


def scale(value: float | int, kind: str, lang: str) -> tuple[int, int, str]:
    """(power of ten, decimals, suffix) in which a count or an amount is shown."""
    for limit, power, decimals, suffix in SCALED[kind][lang]:
        if limit is None or abs(rounded(value, -power, decimals)) < limit:
            return power, decimals, suffix
    raise AssertionError("the last row of every scale is open")


def parts(value: float | int, kind: str, lang: str) -> tuple[str, str]:
    """(number, unit) of a count or an amount: 16 710 000 元 → ("1,671", "万元") or ("16.71M", "CNY")."""
    power, decimals, suffix = scale(value, kind, lang)
    number = digits(rounded(value, -power, decimals))
    if kind == "money" and lang == "en":
        return number + suffix, "CNY"
    return number, suffix


def joined(number: str, unit: str, kind: str, lang: str) -> str:
    if kind == "count":
        return number + unit
    return f"{unit} {number}" if lang == "en" else f"{number} {unit}"


def span(low: float, high: float, kind: str, lang: str) -> str:
    """A range in one unit, the unit of its upper end: 1,574–1,964 万元; 53%–71%."""
    if kind == "bin":
        return f"{show(low, 'pct0_number', lang)}–{show(high, 'pct0_number', lang)}"
    if kind == "pct0":
        return f"{show(low, 'pct0', lang)}–{show(high, 'pct0', lang)}"
    power, decimals, suffix = scale(high, kind, lang)
    first, last = (digits(rounded(x, -power, decimals)) for x in (low, high))
    if lang == "en" and kind == "money":
        return joined(f"{first}{suffix}–{last}{suffix}", "CNY", kind, lang)
    return joined(f"{first}–{last}", suffix, kind, lang)


def split(amounts: list[tuple[str, float]], lang: str) -> str:
    """Named amounts in the unit of their sum: 返还 133 · 冻结 183 · 劝阻 753 万元."""
    power, decimals, suffix = scale(sum(amount for _, amount in amounts), "money", lang)
    numbers = [(name, digits(rounded(amount, -power, decimals))) for name, amount in amounts]
    if lang == "zh":
        return " · ".join(f"{name} {number}" for name, number in numbers) + f" {suffix}"
    return "CNY " + " · ".join(f"{number}{suffix} {name}" for name, number in numbers)


def change(value: float, lang: str) -> str:
    """A relative change: one decimal under 10 %, none from there, and from +300 % on as a multiple."""
    if value >= 3:
        times = digits(rounded(1 + value, 0, 0))
        return f"约 {times} 倍" if lang == "zh" else f"about {times}×"
    return signed(rounded(value, 2, 1 if abs(value) < 0.1 else 0)) + "%"


def day(value: date, lang: str, *, year: bool = True) -> str:
    if lang == "zh":
        return (f"{value.year}年" if year else "") + f"{value.month}月{value.day}日"
    return f"{value.day} {MONTHS[value.month - 1]}" + (f" {value.year}" if year else "")


def days(start: date, end: date, lang: str) -> str:
    """An inclusive span of days without repeating what both ends share."""
    same_month = (start.year, start.month) == (end.year, end.month)
    if lang == "zh":
        last = f"{end.day}日" if same_month else day(end, lang, year=start.year != end.year)
        return f"{day(start, lang)}—{last}"
    first = f"{start.day}" if same_month else day(start, lang, year=start.year != end.year)
    return f"{first}–{day(end, lang)}"


def week_number(monday: date, lang: str) -> str:
    number = monday.isocalendar().week
    return f"第{number}周" if lang == "zh" else f"W{number}"


def week(monday: date, lang: str) -> str:
    text = days(monday, monday + timedelta(days=6), lang)
    return f"{text}（{week_number(monday, lang)}）" if lang == "zh" else f"{text} ({week_number(monday, lang)})"


def moment(value: datetime, lang: str) -> str:
    return f"{day(value.date(), lang, year=False)} {value:%H:%M}"


def show(value: object, kind: str, lang: str) -> str:
    """A value of a kind as text; None is the dash. Kinds: n, count, money, pct, pct0, pp, pp_abs, change, fixed1, date, md, week, weekno,
    moment, s. Dates may be ISO strings. KeyError for an unknown kind."""
    if value is None:
        return UNKNOWN
    return KINDS[kind](value, lang)


def as_date(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value)[:10])


def as_moment(value: object) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(str(value))


def points(value: float, lang: str, *, sign: bool) -> str:
    number = rounded(value, 2, 1)
    return (signed(number) if sign else digits(abs(number))) + (" 个百分点" if lang == "zh" else " pp")


KINDS = {
    "n": lambda v, lang: digits(rounded(v, 0, 0)),
    "count": lambda v, lang: joined(*parts(v, "count", lang), "count", lang),
    "money": lambda v, lang: joined(*parts(v, "money", lang), "money", lang),
    "count_number": lambda v, lang: parts(v, "count", lang)[0],
    "count_unit": lambda v, lang: parts(v, "count", lang)[1],
    "money_number": lambda v, lang: parts(v, "money", lang)[0],
    "money_unit": lambda v, lang: parts(v, "money", lang)[1],
    "money_axis": lambda v, lang: digits(rounded(v, -4, 1 if v % 10_000 else 0) if lang == "zh" else rounded(v, -3, 0)),
    "pct": lambda v, lang: digits(rounded(v, 2, 1)) + "%",
    "pct_number": lambda v, lang: digits(rounded(v, 2, 1)),
    "pct0": lambda v, lang: digits(rounded(v, 2, 0)) + "%",
    "pct0_number": lambda v, lang: digits(rounded(v, 2, 0)),
    "pp": lambda v, lang: points(v, lang, sign=True),
    "pp_number": lambda v, lang: signed(rounded(v, 2, 1)),
    "pp_abs": lambda v, lang: points(v, lang, sign=False),
    "change": change,
    "fixed1": lambda v, lang: digits(rounded(v, 0, 1)),
    "date": lambda v, lang: day(as_date(v), lang),
    "md": lambda v, lang: day(as_date(v), lang, year=False),
    "week": lambda v, lang: week(as_date(v), lang),
    "weekno": lambda v, lang: week_number(as_date(v), lang),
    "moment": lambda v, lang: moment(as_moment(v), lang),
    "s": lambda v, lang: str(v),
}
