"""Parts of dates as written (5月15日, 5.15, 20230522, 5月中旬, 一季度) → calendar days, once a year is known.

Here: one end of a period, and the days it covers. Not here: where the year comes from, spans, weeks, and what is refused (period.py).
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from pipeline.intake.numerals import read_han

_YEAR = r"(?:(?P<y>(?:19|20)\d\d|\d\d)年度?)?"
_FORMS = {
    kind: [re.compile(pattern) for pattern in patterns]
    for kind, patterns in {
        "day": [
            rf"{_YEAR}(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})[日号]?",
            r"(?P<y>(?:19|20)?\d\d)(?P<sep>[./-])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})[日号.]?",
            r"(?P<y>(?:19|20)\d\d)年(?P<m>\d{1,2})[./-](?P<d>\d{1,2})[日号]?",
            r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)",
            r"(?P<m>\d{1,2})[./](?P<d>\d{1,2})[日号.]?",
        ],
        "dashed": [r"(?P<m>\d{1,2})-(?P<d>\d{1,2})[日号]?"],
        "packed": [r"(?P<m>\d\d)(?P<d>\d\d)"],
        "day_only": [r"(?P<d>\d{1,2})[日号]"],
        "part": [
            rf"{_YEAR}(?:(?P<m>\d{{1,2}})月份?的?)?(?P<part>[上中下]旬|[上下]半月)",
            rf"{_YEAR}(?P<m>\d{{1,2}})月份?(?P<part>初|中|底|末)",
            r"月(?P<part>初|中|底|末)",
        ],
        "month": [
            rf"{_YEAR}(?P<m>\d{{1,2}})月(?:份|全月)?",
            r"(?P<y>(?:19|20)\d\d)[./-](?P<m>\d{1,2})月?",
            r"(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])",
        ],
        "quarter": [rf"{_YEAR}(?:第?(?P<q>[1-4])季度?|[qQ](?P<q2>[1-4]))", r"(?P<y>(?:19|20)\d\d)[-.]?(?:[qQ](?P<q>[1-4])|第?(?P<q2>[1-4])季度)"],
        "half": [rf"{_YEAR}(?P<half>[上下])半年", r"(?P<y>(?:19|20)\d\d)(?P<half>[上下])半年"],
        "year": [r"(?P<y>(?:19|20)\d\d)(?:年度?|年?全年)?", r"(?P<y>\d\d)年度?", "全年"],
        "bare": [rf"{_YEAR}第?(?P<n>\d{{1,2}})"],
    }.items()
}
_HAN_YEAR = re.compile(r"[〇零○一二三四五六七八九]{4}(?=年)")
_HAN_NUMBER = re.compile(
    r"(?<![周期拜])[一二两三四五六七八九十]{1,3}(?=个?[月日号]|季度|[-–—~至到](?:第?[一二三四五六七八九十\d]{1,3})(?:月|季度|[日号]))|(?<=第)[一二三四五六七八九十百]{1,4}(?=周|教学周|季度)|(?<=[月年])[一二三四五六七八九十]{1,3}(?=[日号]|季度)"
)
_XUN = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "上半月": (1, 15), "下半月": (16, 31), "初": (1, 10), "中": (11, 20)}


@dataclass(frozen=True, slots=True)
class Part:
    """One written end of a period; what is not written is None."""

    kind: str
    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: str | None = None
    number: int | None = None
    """Quarter, or the bare number of 1-5月."""


@lru_cache(maxsize=4096)  # a sheet's titles and notes are asked about their dates a dozen times
def plain_date_text(text: str) -> str:
    """NFKC, without spaces, with the Chinese numerals of dates as digits: 二〇二三年五月十五日 → 2023年5月15日.

    A space between two digits stays, since it parts two numbers; before a clock time it becomes T.
    """
    plain = re.sub(r"[\u200b-\u200f\u2060\ufeff]", "", unicodedata.normalize("NFKC", text))
    plain = re.sub(r"(?<=\d)曰", "日", plain)  # the two look alike
    plain = re.sub(r"元(?=月)", "1", plain)
    plain = re.sub(r"([廿卅])(?=[一二三四五六七八九]?[日号])", lambda m: "二十" if m[1] == "廿" else "三十", plain)
    plain = re.sub(r"(?<=\d)[\sT]+(?=\d{1,2}:\d\d)", "T", plain)
    plain = re.sub(r"\s+", " ", plain).strip()
    plain = re.sub(r"(?<!\d) | (?!\d)", "", plain)
    plain = _HAN_YEAR.sub(lambda m: "".join(str("零一二三四五六七八九".index(c.replace("〇", "零").replace("○", "零"))) for c in m[0]), plain)
    return _HAN_NUMBER.sub(lambda m: str(read_han(m[0]) if read_han(m[0]) is not None else m[0]), plain)


def read_part(text: str, kinds: frozenset[str]) -> Part | None:
    """The text as one end of a period of one of `kinds`, or None. Nothing is checked against the calendar yet."""
    for kind, patterns in _FORMS.items():
        if kind not in kinds:
            continue
        for pattern in patterns:
            if match := pattern.fullmatch(text):
                return _part(kind, match.groupdict())
    return None


def _part(kind: str, found: dict[str, str | None]) -> Part:
    def whole(name: str) -> int | None:
        return int(found[name] or 0) if found.get(name) else None

    year = whole("y")
    if year is not None and year < 100:
        year += 2000
    kind = "day" if kind in ("dashed", "packed", "day_only") else kind
    return Part(kind, year, whole("m"), whole("d"), found.get("part") or found.get("half"), whole("n") or whole("q") or whole("q2"))


def days_of(part: Part) -> tuple[date, date] | None:
    """First and last day of a part whose year (and month) is filled in; None for a date that does not exist."""
    year, month = part.year or 0, part.month or 0
    if part.kind == "year":
        return date(year, 1, 1), date(year, 12, 31)
    if part.kind == "half":
        return (date(year, 1, 1), date(year, 6, 30)) if part.part == "上" else (date(year, 7, 1), date(year, 12, 31))
    if part.kind == "quarter":
        last = 3 * (part.number or 0)
        return date(year, last - 2, 1), _end_of_month(year, last)
    if not 1 <= month <= 12:
        return None
    if part.kind == "month":
        return date(year, month, 1), _end_of_month(year, month)
    end = _end_of_month(year, month)
    if part.kind == "part":
        if part.part in ("底", "末"):
            return end.replace(day=end.day - 9), end
        first, last = _XUN[part.part or ""]
        return date(year, month, first), date(year, month, min(last, end.day))
    if not 1 <= (part.day or 0) <= end.day:
        return None
    return date(year, month, part.day or 0), date(year, month, part.day or 0)


def _end_of_month(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def fill(part: Part, year: int | None = None, month: int | None = None) -> Part:
    """The part with a year and month borrowed where it writes none."""
    return replace(part, year=part.year if part.year is not None else year, month=part.month if part.month is not None else month)
