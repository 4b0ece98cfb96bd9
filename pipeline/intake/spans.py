"""Dates alone → a period: one part (5月中旬), or two joined by a dash, 至 or a comma, the second borrowing what it lacks from the first.

Here: what the other grammar modules mean by a period and by what is known outside the text. Not here: parts of dates (dates.py), the
words around them, week numbers and remarks (period_text.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pipeline.intake.dates import Part, days_of, fill, read_part
from pipeline.intake.undated import PeriodRefused, refused

_WHOLE = frozenset({"day", "part", "month", "quarter", "half", "year"})
_ENDS = _WHOLE | {"dashed", "packed", "day_only", "bare"}
_TO = "至到~—–―"
_LISTING = ",、和及"
_LONGEST_CROSSING_DAYS = 200
"""A span without years that runs backwards is taken to cross New Year only up to this length; a longer one is a slip."""


@dataclass(frozen=True, slots=True)
class Period:
    """Inclusive dates. `precision`: day, span, week, xun, month, quarter, half, year, vague. `label` is the office's own name for
    it (第21周) or the remark beside the date (端午前). `is_year_inferred`: the year stands outside the text.
    """

    start: date
    end: date
    precision: str
    label: str | None = None
    is_year_inferred: bool = False
    is_cumulative: bool = False


@dataclass(frozen=True, slots=True)
class Calendar:
    """What is known outside the text: the context's year and month, how 第N周 is counted, the school term, the data's last day."""

    year: int | None = None
    month: int | None = None
    week_one: str | None = None
    term_start: date | None = None
    as_of: date | None = None


def read_span(body: str, plain: str, known: Calendar) -> Period | PeriodRefused:
    """One part, or two joined by a dash or 至. All ways of splitting are tried: two different results are ambiguous."""
    results = {_single(body, known)}
    strong = [i for i, c in enumerate(body) if c in _TO]
    for i in strong if strong else [i for i, c in enumerate(body) if c in "-" + _LISTING]:
        results.add(_pair(body[:i], body[i + 1 :], known, is_list=body[i] in _LISTING))
    periods = [r for r in results if isinstance(r, Period)]
    if len(periods) == 1:
        return periods[0]
    reasons = {r for r in results if isinstance(r, str)}
    order = ("ambiguous", "year_unknown", "relative", "impossible_date")
    return refused("ambiguous" if periods else next((r for r in order if r in reasons), "not_a_period"), plain)


def _single(body: str, known: Calendar) -> Period | str | None:
    """One part as a period; a reason; or None where the text is no single part."""
    part = read_part(body, _WHOLE | {"day_only"})
    if part is None and (dashed := read_part(body, frozenset({"dashed"}))):
        # 5-15 can only be a day of May; 1-5 may as well be January to May.
        is_certain = body.startswith("0") or (dashed.day or 0) > 12
        part = dashed if is_certain else None
        if part is None:
            return "ambiguous"
    if part is None and body.startswith("0"):
        part = read_part(body, frozenset({"packed"}))
    if part is None:
        return None
    if part.kind in ("day", "part") and part.month is None:
        if known.month is None:
            return "relative"
        part = fill(part, month=known.month)
    filled = fill(part, year=known.year)
    if filled.year is None:
        return "year_unknown" if days_of(fill(part, year=2000)) else "impossible_date"
    days = days_of(filled)
    if days is None:
        return "impossible_date"
    return Period(*days, _precision(part), is_year_inferred=part.year is None)


def _precision(part: Part) -> str:
    if part.kind != "part":
        return part.kind
    return "xun" if (part.part or "").endswith("旬") else "span" if (part.part or "").endswith("半月") else "vague"


def _pair(left_text: str, right_text: str, known: Calendar, is_list: bool) -> Period | str | None:
    """Two parts as a span: the second borrows what it lacks from the first, the first its year from the second."""
    left, right = read_part(left_text, _ENDS), read_part(right_text, _ENDS)
    ends = _alike(left, right) if left and right else None
    if ends is None:
        return None
    left, right = ends
    is_inferred = left.year is None and right.year is None
    if right.kind in ("day", "part"):
        month = left.month or right.month or known.month
        if month is None:
            return "relative"
        left, right = fill(left, month=month), fill(right, month=month)
    year = right.year or left.year or known.year
    start, end = _days_across(left, right, year if year is not None else 2000)
    if start is None or end is None or start > end or (is_inferred and (end - start).days > _LONGEST_CROSSING_DAYS and start.year != end.year):
        return "impossible_date"
    if year is None:
        return "year_unknown"
    if is_list and (end - start).days != 1:
        return "ambiguous"
    precision = "vague" if "vague" in (_precision(left), _precision(right)) else "day" if start == end else "span"
    return Period(start, end, precision, is_year_inferred=is_inferred)


def _alike(left: Part, right: Part) -> tuple[Part, Part] | None:
    """Both ends as parts of one kind: 1-5月 are two months, 5.15-21 two days. None where they do not go together."""
    if left.kind == "bare" and right.kind in ("month", "quarter", "day"):
        if right.kind == "day" and right.month is not None:
            return None
        number = left.number
        left = Part(right.kind, left.year, number if right.kind == "month" else None, number if right.kind == "day" else None, None, number)
    if right.kind == "bare" and left.kind == "day" and right.year is None:
        right = Part("day", day=right.number)
    kinds = {left.kind, right.kind}
    is_alike = kinds <= {"month", "part"} or len(kinds) == 1
    return (left, right) if is_alike and "bare" not in kinds and "half" not in kinds else None


def _days_across(left: Part, right: Part, year: int) -> tuple[date | None, date | None]:
    """First and last day of two ends; the unwritten year of one follows the written one's, across New Year where the months say so."""
    is_falling = (left.month or 0) > (right.month or 0)
    left_year = left.year if left.year is not None else (right.year or year) - is_falling
    right_year = right.year if right.year is not None else (left.year + is_falling if left.year is not None else year)
    first, last = days_of(fill(left, year=left_year)), days_of(fill(right, year=right_year))
    return (first[0] if first else None), (last[1] if last else None)
