"""Text → Period: which days a number is about; and the dates a sheet gives besides: its year, 数据截至, 填报日期.

Here: what the reader asks of a cell of a date column, a title, a 统计时间 line, a sheet name, a footer. Not here: the grammar of dates
(period_text.py, spans.py, dates.py). The year never comes from today's date or the file's; none found is a refusal.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime

from pipeline.intake.dates import plain_date_text
from pipeline.intake.period_text import read_number, read_text
from pipeline.intake.spans import Calendar, Period
from pipeline.intake.undated import PeriodRefused, refused

__all__ = [
    "Period",
    "PeriodRefused",
    "explain_found_period",
    "explain_period",
    "find_period",
    "read_as_of",
    "read_known_at",
    "read_period",
    "read_year_context",
    "year_for_footer",
]

_YEAR = r"(?:(?:19|20)\d\d|(?<!\d)\d\d)年"
_DAY = r"\d{1,2}[日号]?"
_NUMERIC_DAY = r"(?:(?:19|20)\d\d[./-])?\d{1,2}[./-]\d{1,2}[日号]?"
_TO = r"(?:[-–—―~]{1,2}|至|到)"
_OPEN_END = re.compile(rf"(?:{_YEAR})?\d{{1,2}}月(?:\d{{1,2}}[日号])?起?(?:至今|以来|[至到]目前)|(?:今年|{_YEAR})以来")
_FOUND = re.compile(
    "|".join(
        (
            r"(?<!\d)(?:19|20)\d\d年?[-–—~至](?:19|20)\d\d(?:学年度?|年度?)",
            rf"(?<!\d)(?:19|20)\d\d[./-]\d{{1,2}}[./-]{_DAY}{_TO}(?:(?:19|20)\d\d[./-])?(?:\d{{1,2}}[./-])?{_DAY}(?!\d)",
            rf"(?:{_YEAR})?\d{{1,2}}月(?:{_DAY})?{_TO}(?:{_YEAR})?(?:\d{{1,2}}月(?:份|{_DAY})?|\d{{1,2}}[日号])",
            rf"(?:{_YEAR})?(?<!\d)\d{{1,2}}{_TO}\d{{1,2}}月份?",
            r"(?<!\d)(?:19|20)\d{6}-(?:(?:19|20)\d{6}|\d{4}|\d{2})(?!\d)|(?<!\d)(?:0\d|1[0-2])[0-3]\d-(?:0\d|1[0-2])[0-3]\d(?!\d)",
            rf"(?<![\d.]){_NUMERIC_DAY}{_TO}{_NUMERIC_DAY}(?![\d.])",
            r"(?<!\d)(?:19|20)\d\d[./-]\d{1,2}[./-]\d{1,2}(?!\d)|(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d(?!\d)",
            rf"(?:{_YEAR})?\d{{1,2}}月(?:\d{{1,2}}[日号]|份?[上中下]旬|[上下]半月|初|底|末|中(?![旬队心小学]))",
            r"(?:(?:(?:19|20)\d\d年度?)?(?:[春秋本上下][季]?)?学期第\d{1,2}周|第\d{1,2}教学周|(?:(?:19|20)\d\d年度?)?第\d{1,3}周)|(?:19|20)\d\d-?W\d\d",
            rf"(?:{_YEAR})?(?:第?[1-4]至第?[1-4]季度|第?[1-4]季度|[上下]半年)",
            rf"(?:{_YEAR})?(?<!\d)\d{{1,2}}月份?(?!\d)",
            r"(?<!\d)(?:19|20)\d\d[.-](?:0?[1-9]|1[0-2])(?!\d)|(?<!\d)(?:19|20)\d\d(?:0[1-9]|1[0-2])(?!\d)",
            r"(?:19|20)\d\d年(?:度|全年)?",
        )
    )
)
_YEAR_ALONE = re.compile(r"(?:19|20)\d\d年(?:度|全年)?")
_MASKED_YEAR = re.compile(r"[\dxX×*_?○]{0,3}[xX×*_?○][\dxX×*_?○]{0,3}年(?:[\dxX×*_?○]{1,2}月)?")
_WRITTEN_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?=学?年|[./-]\d{1,2}(?!\d)|\d{4}(?!\d)|(?:0[1-9]|1[0-2])(?!\d)|[-–—~至](?:19|20)\d\d)|^((?:19|20)\d\d)$"
)
_STATED = re.compile(r"(?:统计|活动|报送|汇总|数据)?(?:时间段?|周期|期间|区间|时段|日期范围)[:：](?P<value>[^,;。]{1,60})")
_ANNOUNCED = re.compile(r"^(?:统计|活动|宣传|开展|汇总|数据)?(?:日期|时间段?|周期|期间|区间|时段|日期范围):")
_DECOYS = re.compile(r"\d{1,2}[·•‧・]\d{1,2}|[百千]日行动|96110|(?<!\d)110(?!\d)|第\d+[辆届批名个次期]|“[^”]*”|《[^》]*》|\"[^\"]*\"")
_FILED = r"(?:填报|填表|制表|上报|报送|更新|报表|打印|制作|编制|提交|报告|补报|汇总|导出)(?:日期|时间)"
_ONE_DAY = rf"(?:{_YEAR})?\d{{1,2}}月\d{{1,2}}[日号]|(?:19|20)\d\d([./-])\d{{1,2}}[./-]\d{{1,2}}|(?:19|20)\d{{6}}|\d{{1,2}}[./]\d{{1,2}}"
_AS_OF = re.compile(rf"截[至止](?:到|至)?(?:日期|时间)?[::]?(?P<day>{_ONE_DAY})")
_KNOWN_AT = re.compile(rf"{_FILED}[::]?(?P<day>{_ONE_DAY})|(?P<updated>{_ONE_DAY})(?:更新|填报|填表|制表|上报|报送|印发|制)")


def read_period(text: object, context_year: int | None = None, **settings) -> Period | None:
    """The period a cell states, or None where it states none that is certain; settings as in `explain_period`. Never raises."""
    period = explain_period(text, context_year, **settings)
    return period if isinstance(period, Period) else None


def explain_period(
    text: object,
    context_year: int | None = None,
    *,
    context_month: int | None = None,
    allow_serial: bool = False,
    is_1904: bool = False,
    week_one: str | None = None,
    term_start: date | None = None,
    as_of: date | None = None,
) -> Period | PeriodRefused:
    """The period a cell states, or the reason why there is none.

    `allow_serial`: the cell stands in a date column, so 45062 is a spreadsheet's day number (`is_1904`: of the 1904 system).
    `week_one` ("iso", "january_first", None: refused) says how 第N周 without dates is counted, `term_start` is the Monday of the
    school term's first week, `as_of` the last day of cumulative data. Dates, datetimes, numbers and text are read; never raises.
    """
    known = Calendar(context_year, context_month, week_one, term_start, as_of)
    if isinstance(text, datetime):
        text = text.date()
    if isinstance(text, date):
        return Period(text, text, "day")
    if text is None:
        return refused("blank", "")
    if isinstance(text, bool) or not isinstance(text, (str, int, float)):
        return refused("not_a_period", str(text))
    if isinstance(text, str):
        plain = plain_date_text(text[:200])
        if "以来" in plain or "至今" in plain:  # 今年以来（截至5月31日） names its own end
            known = replace(known, as_of=read_as_of(plain, context_year) or as_of)
            plain = re.sub(r"[,，(（]?(?:数据)?截[至止].*$", "", plain) or plain
        plain = _bare(plain)
        if allow_serial and plain.isdecimal() and len(plain) == 5:
            return read_number(int(plain), known, allow_serial, is_1904)
        return read_text(plain, known)
    return read_number(text, known, allow_serial, is_1904)


def _bare(plain: str) -> str:
    """The text without the words that announce a period (统计时间：) and without brackets around the whole."""
    plain = _ANNOUNCED.sub("", plain)
    return plain[1:-1] if re.fullmatch(r"\([^()]+\)|\[[^\[\]]+]|【[^【】]+】|〔[^〔〕]+〕", plain) else plain


def find_period(text: str, context_year: int | None = None, **settings) -> Period | None:
    """The period named inside a title, a 统计时间 line, a sheet or file name; None where there is none, or none that is certain."""
    found = explain_found_period(text, context_year, **settings)
    return found if isinstance(found, Period) else None


def explain_found_period(text: str, context_year: int | None = None, **settings) -> Period | PeriodRefused:
    """As `find_period`, with the reason where there is none. Settings as in `explain_period`.

    A year, a week number and dates found apart from one another belong together: 2023年…（第21周，5月15日—5月21日）. Of several
    periods the one that lies inside all others is meant; where none does, the text is ambiguous.
    """
    plain = plain_date_text(text[:500])
    whole = read_text(plain, Calendar(context_year)) if len(plain) <= 12 else None
    if isinstance(whole, Period):
        return explain_period(text, context_year, **settings)
    plain = _KNOWN_AT.sub("。", _AS_OF.sub("。", plain))  # dates, but no periods
    written_year = read_year_context(plain)
    year = written_year or context_year
    if match := _STATED.search(plain):
        stated = explain_period(match["value"].strip("()（）"), year, **settings)
        if isinstance(stated, Period) or stated.reason != "not_a_period":
            return stated
    if match := _MASKED_YEAR.search(plain):
        return refused("year_masked", match[0])
    if match := _OPEN_END.search(plain):
        return explain_period(match[0], year, **settings)  # 1月1日至今 runs to the day the sheet is as of, where it says one
    pieces = [match[0] for match in _FOUND.finditer(_DECOYS.sub("。", plain))]
    years = [piece for piece in pieces if _YEAR_ALONE.fullmatch(piece)]
    weeks = [piece for piece in pieces if "周" in piece or "W" in piece]
    dates = [piece for piece in pieces if piece not in years and piece not in weeks]
    candidates = [f"{weeks[0]}({piece})" for piece in dates] if weeks and dates else weeks or dates or years
    results = [explain_period(piece, year, **settings) for piece in dict.fromkeys(candidates)]
    periods = [result for result in results if isinstance(result, Period)]
    if not periods:
        return next((result for result in results if isinstance(result, PeriodRefused)), refused("not_a_period", plain))
    inner = min(periods, key=lambda period: period.end - period.start)
    if any(period.start > inner.start or period.end < inner.end for period in periods):
        return refused("ambiguous", plain)
    return inner if written_year is None else replace(inner, is_year_inferred=False)


def read_year_context(*texts: str | None) -> int | None:
    """The year written in the first of the texts that has one, in the order given; a masked year (20xx年) or two different ones give none."""
    for text in texts:
        plain = plain_date_text(text[:500]) if text else ""
        years = {int(match[1] or match[2]) for match in _WRITTEN_YEAR.finditer(plain)}
        if years:
            return years.pop() if len(years) == 1 else None
    return None


def year_for_footer(text: str, footer: date, **settings) -> int | None:
    """The latest year in which the period of `text` ends on or before the footer's date; None where the text gives no period."""
    for year in range(footer.year, footer.year - 5, -1):
        period = explain_period(text, year, **settings)
        if not isinstance(period, Period):
            period = explain_found_period(text, year, **settings)
        if isinstance(period, Period) and period.end <= footer:
            return year
    return None


def read_as_of(text: str, context_year: int | None = None) -> date | None:
    """数据截至5月31日24时 → 31 May: the last day the data include (24时 ends that day). A date, never a period."""
    match = _AS_OF.search(plain_date_text(text[:2000]))
    return _one_day(match["day"], context_year) if match else None


def read_known_at(text: str, context_year: int | None = None) -> date | None:
    """填报日期：2023.5.22 · 6月2日更新 · a footer that is a date alone → the day of filing or updating. A date, never a period."""
    plain = plain_date_text(text[:2000])
    match = _KNOWN_AT.search(plain)
    if match:
        return _one_day(match["day"] or match["updated"], context_year)
    return _one_day(plain, context_year) if re.fullmatch(_ONE_DAY, plain) else None


def _one_day(text: str, context_year: int | None) -> date | None:
    period = explain_period(text, context_year)
    return period.start if isinstance(period, Period) and period.precision == "day" else None
