"""Words around dates → a period: week numbers, 今年以来, clock times, remarks; and why a text gives none.

Here: the grammar of a text or number that is a period as a whole. Not here: dates alone, one or two (spans.py, dates.py), periods inside
longer texts and the public functions (period.py). The year never comes from today's date; none found is a refusal.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from datetime import date, timedelta

from pipeline.intake.numerals import read_han
from pipeline.intake.spans import Calendar, Period, read_span
from pipeline.intake.undated import PeriodRefused, refused

_SERIAL_DAY_0 = date(1899, 12, 30)
_SERIALS = range(36526, 73051)


def read_number(number: int | float, known: Calendar, allow_serial: bool, is_1904: bool) -> Period | PeriodRefused:
    """A number cell: a day number in a date column, 20230515, or 5.17 (but not 5.1, which may be 5.10)."""
    if not math.isfinite(number):
        return refused("not_a_period", str(number))
    text = f"{number:.10g}"
    if allow_serial and int(number) in _SERIALS:
        day = _SERIAL_DAY_0 + timedelta(days=int(number) + (1462 if is_1904 else 0))
        return Period(day, day, "day")
    if re.fullmatch(r"(?:19|20)\d{6}", text):
        return read_text(text, known)
    if re.fullmatch(r"\d{1,2}\.\d", text):
        return refused("ambiguous_number", text)
    if re.fullmatch(r"\d{1,2}\.\d\d", text):
        return read_text(text, known)
    return refused("not_a_period", text)


_MASKED = re.compile(r"[\dxX×*_?○□]{0,4}[xX×*_?○□][\dxX×*_?○□]{0,4}[年月]")
_KNOWN_AT = re.compile(r"(?:填报|填表|制表|上报|报送|更新|报表|打印|补报|汇总|导出)(?:日期|时间)|更新$")
_RELATIVE = re.compile(
    r"[今昨前明]天|[今昨本]日|当[天日月周年]|[上本下这][个]?[周月年旬]|上?本?季度末?|去年|前年|近[来期日年]|近.{1,4}[年月周天日]|最近|日前|从今|即日|目前|这几天"
)
_THIS_WEEK = re.compile(r"[上本这][个一]?[周月旬期]")
_NOT_HELD = re.compile(r"计划|待定|暂定|拟|改期|延期|推迟|取消|预计")
"""A date that is only intended is no record."""
_HOLIDAY = re.compile(
    r"(?:元旦|春节|除夕|元宵|清明|五一|端午|中秋|国庆|寒假|暑假|双十一|双11|小?长假|假期|节)(?:节|假期|期间)*(?:前后|前夕|前|后|当天)?"
)
_TERM_WEEK = re.compile(
    r"(?:(?:本|春季?|秋季?|[上下])?学期)?第(\d{1,2})(?:教学周|学周)|(?:本|春季?|秋季?|[上下])?学期第(\d{1,2})周|教学周?第?(\d{1,2})周|教学周"
)
_WEEK = re.compile(r"(?:(?P<y>(?:19|20)\d\d)年度?)?第(?P<n>\d{1,3})周|(?P<iso_y>(?:19|20)\d\d)-?W(?P<iso_n>\d\d)")
_SINCE = re.compile(r"(?:(?P<y>(?:19|20)\d\d)年)?(?:今年|本年|年初|年)?(?:以来|至今|到目前)|(?P<from>.+?)(?:起)?(?:至今|以来|到目前|至目前)")
_HOUR = r"\d{1,2}(?::\d\d(?::\d\d(?:\.\d+)?)?|[时点](?:\d{1,2}分?|半|整)?许?)"
_CLOCK = re.compile(
    rf"(?:(?:T|(?<=[日号午上晚]))(?:{_HOUR})(?:[-—~至到](?:[上下]午)?(?:{_HOUR}))?|(?<=[-—~至到]){_HOUR}|凌晨|早上|上午|中午|下午|傍晚|晚上|晚|全天)+"
    r"(?=$|[-–—~至到])"
)
_WEEKDAY = re.compile(r"(?<!月)[(（]?(?:星期|周|礼拜)[一二三四五六日天][)）]?")
_BRACKET = re.compile(r"[(\[〔【]([^()\[\]〔〕【】]*)[)\]〕】]")
_LENGTH = re.compile(r"[,、]?(?:为期|历时|共计|共)?(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})天(?:时间)?$|[,、]?为期(?:一个|1个)?(?:半)?[月周年]$")


def read_text(plain: str, known: Calendar) -> Period | PeriodRefused:
    """A plain date text (dates.plain_date_text): the week number, the words around, and at last the dates themselves."""
    if not plain:
        return refused("blank", plain)
    if _MASKED.search(plain):
        return refused("year_masked", plain)
    if re.search(r"\d月(?:份|的)?第\d周", plain):
        return refused("no_dates_for_week", plain)
    if match := _TERM_WEEK.search(plain) or _WEEK.search(plain):
        return _read_week(match, plain, known)
    if _KNOWN_AT.search(plain):
        return refused("known_at", plain)
    if plain in ("累计", "截止目前", "截至目前", "累计(含上期)", "含上期"):
        return refused("sheet_period", plain)
    if match := _SINCE.fullmatch(plain):
        return _read_since(match, plain, known)
    return _read_dated(plain, known)


def _read_week(match: re.Match[str], plain: str, known: Calendar) -> Period | PeriodRefused:
    """第21周: the dates beside it count, the number is only its label; alone, it needs a setting."""
    written = match.groupdict().get("y") or match.groupdict().get("iso_y")
    label = match[0] if match.groupdict().get("iso_y") else re.sub(r"^(?:19|20)\d\d年?度?", "", match[0])
    if written:
        known = replace(known, year=int(written))
    rest = _BRACKET.sub(r"\1", plain.replace(match[0], "", 1)).strip(",、:;()[]【】")
    beside = _read_dated(rest, known) if rest else None
    if isinstance(beside, Period) and written and int(written) not in (beside.start.year, beside.end.year):
        return refused("ambiguous", plain, label)
    if isinstance(beside, Period) and beside.precision in ("day", "span", "xun"):
        is_week = (beside.end - beside.start).days < 7
        is_inferred = beside.is_year_inferred and not written
        return replace(beside, precision="week" if is_week else beside.precision, label=label, is_year_inferred=is_inferred)
    if isinstance(beside, PeriodRefused) and beside.reason != "not_a_period":
        return replace(beside, label=label)
    if isinstance(beside, Period) and not beside.is_year_inferred:  # 2023年春季学期第13周
        written, known = str(beside.start.year), replace(known, year=beside.start.year)
    return _read_bare_week(match, plain, label, known, is_inferred=not written)


def _read_bare_week(match: re.Match[str], plain: str, label: str, known: Calendar, is_inferred: bool) -> Period | PeriodRefused:
    """A week that is only numbered: by the school's term, by ISO where it is written so (2023-W20), or by the office's setting."""
    if match.re is _TERM_WEEK:
        number = next((int(n) for n in match.groups() if n), None)
        if known.term_start is None or number is None:
            return refused("no_term_calendar", plain, label)
        monday = known.term_start - timedelta(days=known.term_start.weekday()) + timedelta(weeks=number - 1)
        return Period(monday, monday + timedelta(days=6), "week", label, is_year_inferred=is_inferred)
    week_one = "iso" if match["iso_y"] else known.week_one
    if week_one is None:
        return refused("no_dates_for_week", plain, label)
    if known.year is None:
        return refused("year_unknown", plain, label)
    monday = _week_monday(known.year, int(match["n"] or match["iso_n"]), week_one)
    if monday is None:
        return refused("impossible_date", plain, label)
    return Period(monday, monday + timedelta(days=6), "week", label, is_year_inferred=is_inferred)


def _week_monday(year: int, number: int, week_one: str) -> date | None:
    """Monday of a numbered week: ISO 8601, or the week that holds 1 January as the first. None: the year has no such week."""
    if week_one == "iso":
        try:
            return date.fromisocalendar(year, number, 1)
        except ValueError:
            return None
    first = date(year, 1, 1)
    monday = first - timedelta(days=first.weekday()) + timedelta(weeks=number - 1)
    return monday if number >= 1 and monday <= date(year, 12, 31) else None


def _read_since(match: re.Match[str], plain: str, known: Calendar) -> Period | PeriodRefused:
    """今年以来, 1月1日至今: cumulative up to the data's last day, which must be known."""
    if known.as_of is None:
        return refused("end_unknown", plain)
    if match["from"] is None or match["from"] in ("今年", "本年", "年初", "今年年初"):
        first = date(int(match["y"] or known.as_of.year), 1, 1)
        is_inferred = not match["y"]
    else:
        start = _read_dated(match["from"].removeprefix("从").removeprefix("自"), replace(known, year=known.year or known.as_of.year))
        if isinstance(start, PeriodRefused):
            return start
        first, is_inferred = start.start, start.is_year_inferred
    if first > known.as_of:
        return refused("impossible_date", plain)
    return Period(first, known.as_of, "span", is_year_inferred=is_inferred, is_cumulative=True)


def _read_dated(plain: str, known: Calendar) -> Period | PeriodRefused:
    """Dates with what may stand around them: brackets, weekdays, clock times, a holiday's name, 从…开始…截止到, a stated length."""
    remarks = [remark for remark in _BRACKET.findall(plain) if remark and not _WEEKDAY.fullmatch(remark)]
    body = _WEEKDAY.sub("", _BRACKET.sub("", plain)).strip(",、;。:")
    body = re.sub(r"(?<=[日号])当[天日]$", "", body) if "月" in body else body
    days = None
    for piece in (body, *remarks):
        if match := _LENGTH.search(piece):
            days = days or match["n"]
    remarks = [remark for remark in remarks if not _LENGTH.fullmatch(remark)]
    if any(_NOT_HELD.search(remark) for remark in remarks):
        return refused("ambiguous", plain)
    if len(remarks) == 1 and (not body or _THIS_WEEK.fullmatch(body)):  # 上周（5月8日-14日）, 周一（5.15）
        body, remarks = remarks[0], []
    body = _LENGTH.sub("", body) or body
    body, label = _without_holiday(body, remarks)
    body = _between(body)
    if re.match(r"(?:数据)?截[至止]", body):
        return refused("as_of", plain)
    if re.search(r"\d[日号月]?(?:起|开始)$", body):
        return refused("end_unknown", plain)
    period = read_span(_CLOCK.sub("", body).strip(",、;。:"), plain, known)
    if isinstance(period, PeriodRefused):
        return refused(_why_undated(plain), plain) if period.reason == "not_a_period" else period
    if _HOLIDAY.search(label or "") and period.precision in ("year", "half", "quarter"):
        return refused("holiday", plain)  # 2024年春节前 is some days of that year
    if days and _days(days) != (period.end - period.start).days + 1:
        return refused("length_mismatch", plain)
    return replace(period, label=label)


def _without_holiday(body: str, remarks: list[str]) -> tuple[str, str | None]:
    """A holiday's name beside a date is a remark, kept as the label."""
    match = _HOLIDAY.search(body)
    if match and re.search(r"\d", body) and (match.start() == 0 or match.end() == len(body)):
        remarks = [match[0], *remarks]
        body = (body[: match.start()] + body[match.end() :]).strip(",、;。:")
    return body, "、".join(remarks) or None


def _between(body: str) -> str:
    """从11月6日开始…截止到11月10日 → 11月6日至11月10日."""
    body = re.sub(r"^(?:从|自)", "", body)
    body = re.sub(r"(?<=[\d日号月])(?:开始|起)?[,、.…]*(?:截[至止][到至]?|截至)", "至", body)
    body = re.sub(r"(?:开始|起)[,、.…]*(?=[至到~—–-])", "", body)
    if re.search(r"[至到~—–―-]", body):  # 5月15日止 alone names no first day
        body = re.sub(r"(?<=[\d日号月])(?:止|结束|期间|之间)$", "", body)
    return re.sub(r"[-–—―~]{2,}", "—", body)


def _why_undated(plain: str) -> str:
    if _RELATIVE.search(plain):
        return "relative"
    return "holiday" if _HOLIDAY.search(plain) else "not_a_period"


def _days(text: str) -> int:
    return int(text) if text.isdecimal() else int(read_han(text) or 0)
