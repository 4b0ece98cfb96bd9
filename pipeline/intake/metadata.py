"""What a table's surroundings say about all its numbers: reporter, period, corner unit, as_of, known_at, and where the year came from.

Here: lines above and below a table, its sheet's and file's names → Facts. Not here: finding the lines (layout.py), reading one date text
(period.py, sheet_dates.py), the dates of single rows (rows.py).
The year comes from the title, the 统计时间 line, the sheet's name, a footer date, the file's name, in this order; never from today's date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from pipeline.forms.wording import squeeze, units_in
from pipeline.intake.bodies import area_of, organisation_of, reporting_body
from pipeline.intake.lines import LIST_MARK, Line
from pipeline.intake.period import (
    Period,
    PeriodRefused,
    explain_found_period,
    explain_period,
    read_as_of,
    read_known_at,
    read_year_context,
    year_for_footer,
)
from pipeline.settings import Reading as ReadingSettings

SEALS = re.compile(r"[(（]?(?:加盖)?(?:盖章|公章|签章|章)[)）]?\s*$|[(（]\s*[)）]\s*$")
WEEK_NUMBER = re.compile(r"(?:学期|教学)?第\s?[\d一二三四五六七八九十]{1,3}\s?(?:教学)?周")
DAILY = ("日报", "每日", "一日一报")
STATED_IN_NOTE = re.compile(r"(?:统计|数据|本表|报表)(?:统计)?(?:起止)?(?:时间|时段|期间|周期|区间)(?:范围)?[为是:](?P<period>[^;。,]{4,40})")
BARE_YEAR = re.compile(r"(?<![\d.])20[1-4]\d(?![\d.]|[份次条人号期场张])")
COMPARED_WITH = re.compile(r"[（(]?(?:与|同|较|比)(?:去年|上年|上月)?(?:\d{4}年)?\d{1,2}月份?(?:相比|对比|比较|环比)[)）]?")
"""2024年5月工作情况（与4月对比）: the other month is not this sheet's."""
BEFORE = re.compile(
    r"[,，、;；]?\s*[（(]?(?:(?:对比|比较|基)期|上[个一]?[周期月季旬]|去年|上年)(?:度|同期)?[为是:：（(]*\s*(?:20\d\d年)?\d[\d年月日号.\-—–~～/至到]*[)）]*"
)
"""上周为6月3日-6月9日: the other of two periods that do not lie in one another is the one compared with."""
PART_OF_MONTH = re.compile(r"[上中下]旬|[上下]半月|\d{1,2}[日号]")
WEEKDAYS = "一二三四五六日"
DAY_OF_SPAN = re.compile(r"(?:周|星期)(?P<weekday>[一二三四五六日天])|第(?P<nth>[1-7一二三四五六])[天日]|(?P<day>\d{1,2})[日号]")
LONGEST_COUNTED = 62
"""Days of a span in which a bare day of the month is looked for."""
MADE_WITHIN = 31
"""Days after its time within which a weekly or monthly table is put together."""
LONGEST_WEEK = 10
"""A week's days, and some that were worked before a holiday."""
SIGNED_ON = re.compile(r"(?P<day>20\d\d\s?[年.\-/]\s?\d{1,2}\s?[月.\-/]\s?\d{1,2}\s?日?)\s*[)）]?$")
NO_PERIOD = ("not_a_period", "blank", "as_of", "known_at", "sheet_period")
SOURCES = {
    "title": ("标题", "the title"),
    "line": ("统计时间", "the 统计时间 line"),
    "sheet": ("工作表名", "the sheet's name"),
    "footer": ("落款日期", "the date at the foot"),
    "file": ("文件名", "the file's name"),
}


@dataclass(frozen=True)
class Facts:
    """Of one table. `period` is None with `refusal` when it is not certain; `year` is the context year of dates without one (its source in
    `year_source`), `footer` the filing date that decides where no other year is found."""

    title: str = ""
    reporter: str | None = None
    organisation: str | None = None
    """The one unit the title names: whose numbers these are where nothing else says it, to be confirmed."""
    area: str | None = None
    """The area the title begins with (碧湖区2024年4月…), where it names no unit."""
    corner: tuple[str, ...] = ()
    period: Period | None = None
    period_text: str = ""
    refusal: PeriodRefused | None = None
    contradiction: tuple[str, str] | None = None
    """(rule, text) when sheet name or 统计时间 contradict the title."""
    year: int | None = None
    year_source: str = ""
    footer: date | None = None
    as_of: date | None = None
    known_at: date | None = None
    made_on: str = ""
    """A line of one day soon after the title's period, read as the day the table was made."""
    settings: dict[str, object] = field(default_factory=dict)

    def row_period(self, value: object, *, is_1904: bool = False) -> Period | PeriodRefused:
        """The period a row's own cell states, with this table's context year."""
        known = dict(self.settings, allow_serial=True, is_1904=is_1904)
        text = value if isinstance(value, (date, int, float)) else self._with_month(str(value))
        result = explain_period(text, self.year, **known)  # pyright: ignore[reportArgumentType]
        if isinstance(result, PeriodRefused) and result.reason == "year_unknown" and self.footer:
            year = year_for_footer(str(value), self.footer, **self.settings)
            return explain_period(text, year, **known) if year else result  # pyright: ignore[reportArgumentType]
        return result

    def _with_month(self, text: str) -> str:
        """上旬, 下半月 or 5日 in a sheet of one month is that month's."""
        period = self.period
        is_of_one_month = period is not None and (period.start.year, period.start.month) == (period.end.year, period.end.month)
        if period is not None and (day := _day_of(period, squeeze(text))):
            return day.isoformat()
        if period is None or not is_of_one_month or not PART_OF_MONTH.fullmatch(squeeze(text)):
            return text
        return f"{period.start.year}年{period.start.month}月{squeeze(text)}"


def _day_of(period: Period, text: str) -> date | None:
    """周三 and 第3天 of a week at most, 5日 of any span that has one such day; None where the text is no such day, or none of this period."""
    if not (match := DAY_OF_SPAN.fullmatch(text)) or (period.end - period.start).days >= LONGEST_COUNTED:
        return None
    days = [period.start + timedelta(days=n) for n in range((period.end - period.start).days + 1)]
    if match["day"]:
        found = [day for day in days if day.day == int(match["day"])]
    elif len(days) > 7:
        return None
    elif match["nth"]:
        found = days[WEEKDAYS.index(match["nth"]) :][:1] if match["nth"] in WEEKDAYS else days[int(match["nth"]) - 1 :][:1]
    else:
        found = [day for day in days if WEEKDAYS[day.weekday()] == match["weekday"].replace("天", "日")]
    return found[0] if len(found) == 1 else None


def read_facts(above: tuple[Line, ...], below: tuple[Line, ...], sheet_name: str, file_stem: str, settings: ReadingSettings) -> Facts:
    """Facts of one table from its lines and names."""
    return _facts(
        tuple((line.kind, line.text, tuple(line.fields.items())) for line in above),
        tuple((line.kind, line.text, tuple(line.fields.items())) for line in below),
        sheet_name,
        file_stem,
        settings.week_one,
        settings.term_start,
    )


Told = tuple[tuple[str, str, tuple[tuple[str, str], ...]], ...]


@lru_cache(maxsize=256)
def _facts(above: Told, below: Told, sheet_name: str, file_stem: str, week_one: str | None, term_start: str | None) -> Facts:
    known: dict[str, object] = {"week_one": week_one, "term_start": date.fromisoformat(term_start) if term_start else None}
    told = {name: value for _, _, fields in reversed((*above, *below)) for name, value in fields}
    titles = [COMPARED_WITH.sub("", text) for kind, text, fields in above if kind == "title" or (not fields and kind in ("text", "metadata"))]
    title = next((text for kind, text, _ in above if kind == "title"), max(titles, key=len, default=""))
    notes = [text for _, text, _ in (*above, *below)]
    line = told.get("period", "") or _said_in_passing(titles, above, notes)

    footer = next(filter(None, (read_known_at(text) or _signed_on(kind, text) for kind, text, _ in (*above, *below))), None)
    made_on = ""
    if (day := _made_on(titles, line, sheet_name, footer, known)) is not None:
        line, footer, made_on = "", footer or day, line
    year, source = _year(titles, line, sheet_name, footer, file_stem, known)
    as_of = next(filter(None, (read_as_of(text, year) for text in notes)), None)
    known["as_of"] = as_of
    period, text, refusal, contradiction = _period(titles, line, sheet_name, file_stem, year, known)
    last_year = period.end.year if period else year
    if as_of is None and last_year is not None:
        as_of = next(filter(None, (read_as_of(text, last_year) for text in notes)), None)
    known_at = footer or next(filter(None, (read_known_at(text, last_year) for text in notes if last_year)), None)
    reporter = SEALS.sub("", told.get("reporter", "")).strip() or next(
        filter(None, (reporting_body(text) for kind, text, _ in above if kind == "people")), None
    )
    unit = told.get("unit", "")
    corner = units_in(unit) or units_in(unit.removeprefix("单位:"))
    organisation, area = organisation_of(title), area_of(title)
    return Facts(
        title, reporter, organisation, area, corner, period, text, refusal, contradiction, year, source, footer, as_of, known_at, made_on, known
    )


def _signed_on(kind: str, text: str) -> date | None:
    """填报人：田某　2025年3月21日: the whole date a signature ends with."""
    dated = SIGNED_ON.search(text) if kind == "people" else None
    return read_known_at(dated["day"]) if dated else None


def _made_on(titles: list[str], line: str, sheet_name: str, footer: date | None, known: dict[str, object]) -> date | None:
    """8月份工作调度表 over 时间：2026年9月3日: one whole day within a month after the title's own time is the day the table was made."""
    if not line or any(word in title for title in titles for word in DAILY):
        return None
    day = _read(line, None, known, is_value=True)
    if not isinstance(day, Period) or day.precision != "day" or day.is_year_inferred:
        return None
    year, _ = _year(titles, "", sheet_name, footer or day.start, "", known)
    of_title = _period(titles, "", "", "", year, known)[0]
    if of_title is None or of_title.precision == "day":
        return None
    return day.start if 0 < (day.start - of_title.end).days <= MADE_WITHIN else None


def _said_in_passing(titles: list[str], above: Told, notes: list[str]) -> str:
    """The period where no line of its own gives it: 日期 of a daily report, a note 本表统计时段为…."""
    if any(word in title for title in titles for word in DAILY):
        for _, text, fields in above:
            if squeeze(text).startswith("日期") and (day := dict(fields).get("known_at")):
                return day
    return next((m["period"] for text in notes if (m := STATED_IN_NOTE.search(squeeze(text)))), "")


def _year(titles: list[str], line: str, sheet_name: str, footer: date | None, file_stem: str, known: dict[str, object]) -> tuple[int | None, str]:
    """The context year and where it was found."""
    for source, texts in (("title", titles), ("line", [line]), ("sheet", [sheet_name])):
        if year := read_year_context(*texts):
            return year, source
    if footer is not None:
        for text in (line, *titles, sheet_name):
            if text and (year := year_for_footer(text, footer, **known)):
                return year, "footer"
        return None, "footer"
    year = read_year_context(file_stem) or _bare_year(file_stem)
    return year, "file" if year else ""


def _bare_year(file_stem: str) -> int | None:
    """周报汇总2026: a file's name may say its year without 年."""
    years = set(BARE_YEAR.findall(file_stem))
    return int(years.pop()) if len(years) == 1 else None


def _period(
    titles: list[str], line: str, sheet_name: str, file_stem: str, year: int | None, known: dict[str, object]
) -> tuple[Period | None, str, PeriodRefused | None, tuple[str, str] | None]:
    """(period, its text, refusal, contradiction). A later source may narrow an earlier one (2023年 in the title, 5月15日—21日 in the line)."""
    best: Period | None = None
    best_text = best_source = ""
    refusal: PeriodRefused | None = None
    contradiction = None
    label = next((m[0] for text in (*titles, line, sheet_name) if (m := WEEK_NUMBER.search(text))), None)
    captions = [t for t in titles if PART_OF_MONTH.fullmatch(_caption(t))]
    titles = [*(t for t in titles if t not in captions), *captions]
    for source, text in (*(("title", t) for t in titles), ("line", line), ("sheet", sheet_name), ("file", file_stem)):
        if not text or (best is not None and source == "file" and best.precision != "year"):
            continue
        found = _read(_of_month(text, best) if text in captions else text, year, known, is_value=source == "line")
        if isinstance(found, PeriodRefused):
            if refusal is None and found.reason not in NO_PERIOD and source in ("title", "line", "sheet"):
                refusal = found
            continue
        if source == "file" and found.precision == "day":
            continue
        if best is None:
            if refusal is not None and refusal.reason == "year_masked" and found.is_year_inferred:
                continue
            best, best_text, best_source = found, text, source
        elif best.start <= found.start and found.end <= best.end and (found.start, found.end) != (best.start, best.end):
            if source == "line" or best.precision in ("year", "half", "quarter", "month") or source == best_source:
                best, best_text, best_source = found, text, source
        elif _is_disjoint(found, best) and source in ("line", "sheet"):
            rule = "title_agrees_with_the_period_line" if source == "line" else "sheet_name_agrees_with_its_period"
            contradiction = contradiction or (rule, text)
    contradiction = contradiction or _other_week(titles, line, sheet_name)
    if best is not None and label and not best.label and (best.end - best.start).days >= LONGEST_WEEK:
        week = _read(label, year, known, is_value=True)  # 第1周 in a sheet of a month
        if isinstance(week, PeriodRefused):
            return None, best_text, week, contradiction
        best = week
    if best is not None and label and not best.label:
        best = Period(best.start, best.end, _week_precision(best), squeeze(label), best.is_year_inferred, best.is_cumulative)
    return best, best_text, None if best else refusal, contradiction


def _caption(text: str) -> str:
    """（一）上旬 without its number and signs."""
    return squeeze(LIST_MARK.sub("", text.strip())).strip("、.:()")


def _of_month(text: str, whole: Period | None) -> str:
    """上旬 over a table in a sheet of one month, with that month."""
    is_month = whole is not None and (whole.start.year, whole.start.month) == (whole.end.year, whole.end.month)
    return f"{whole.start.year}年{whole.start.month}月{_caption(text)}" if whole and is_month else text


def _read(text: str, year: int | None, known: dict[str, object], *, is_value: bool) -> Period | PeriodRefused:
    if is_value:
        stated = explain_period(text, year, **known)  # pyright: ignore[reportArgumentType]
        if isinstance(stated, Period):
            return stated
    found = explain_found_period(text, year, **known)
    if isinstance(found, PeriodRefused) and found.reason == "ambiguous" and (rest := BEFORE.sub("", text)) != text:
        return explain_found_period(rest, year, **known)
    return found


def _week_precision(period: Period) -> str:
    is_week = period.start.weekday() == 0 and period.end - period.start == timedelta(days=6)
    return "week" if is_week and period.precision == "span" else period.precision


def _is_disjoint(one: Period, other: Period) -> bool:
    """No common day, also when an inferred year is moved by one."""
    if one.end >= other.start and other.end >= one.start:
        return False
    if not one.is_year_inferred:
        return True
    return all(_moved(one.end, n) < other.start or other.end < _moved(one.start, n) for n in (-1, 1))


def _moved(day: date, years: int) -> date:
    return day.replace(year=day.year + years, day=min(day.day, 28))


def _other_week(titles: list[str], line: str, sheet_name: str) -> tuple[str, str] | None:
    """Sheet 第20周 under a title that says 第21周."""
    named = WEEK_NUMBER.search(sheet_name)
    stated = next((m for text in (*titles, line) if (m := WEEK_NUMBER.search(text))), None)
    if named and stated and squeeze(named[0]) != squeeze(stated[0]):
        return "sheet_name_agrees_with_its_period", sheet_name
    return None
