"""Why a text gives no period: the reasons, and the repair instruction for each in Chinese and English.

Not here: when a reason applies (period_text.py, spans.py).
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PeriodRefused:
    """Why a text gives no period: a code, and the repair instruction in Chinese and English."""

    reason: str
    message: str
    message_en: str
    label: str | None = None


_MESSAGES = {
    "blank": ("没有填写时间，请补填，例如 2023年5月15日", "No time is given; please write it, e.g. 2023年5月15日"),
    "year_unknown": (
        "“{text}”没有年份，表题、统计时间和落款也没有；请在统计时间写明年份",
        "“{text}” has no year, nor have title, 统计时间 or footer; please write the year",
    ),
    "year_masked": ("“{text}”的年份或月份被隐去；请写明四位年份", "Year or month of “{text}” is masked; please write the year in four digits"),
    "impossible_date": (
        "“{text}”不是日历上存在的日期或先后颠倒；请改正",
        "“{text}” is no date of the calendar, or ends before it begins; please correct it",
    ),
    "no_dates_for_week": (
        "“{text}”没有起止日期，各单位周次算法不同；请写明起止日期",
        "“{text}” has no dates, and week numbers differ between offices; please write first and last day",
    ),
    "no_term_calendar": (
        "“{text}”按校历计算，未设置开学日期；请写明起止日期",
        "“{text}” follows a school calendar that is not set; please write first and last day",
    ),
    "relative": ("“{text}”要看填写的日子才知道是哪天；请写明日期", "“{text}” depends on the day of writing; please write the date"),
    "end_unknown": ("“{text}”没有截止日期；请写明数据截至哪一天", "“{text}” has no last day; please write the day the data run to"),
    "as_of": (
        "“{text}”是数据截至日期，不是统计时间；请另写起止日期",
        "“{text}” says how far the data run, not their period; please add first and last day",
    ),
    "known_at": (
        "“{text}”是填报或更新日期，不是统计时间；请另写起止日期",
        "“{text}” is the date of filing or updating, not the period; please add first and last day",
    ),
    "sheet_period": ("“{text}”只说明累计，没有起止日期；请写明起止日期", "“{text}” only says cumulative; please write first and last day"),
    "holiday": ("“{text}”只有节假日名称；请写明日期", "“{text}” is only a holiday's name; please write the date"),
    "ambiguous_number": (
        "数字 {text} 可能是 {text}0 丢了末尾的零；请把单元格改成文本或日期，例如 5月10日",
        "The number {text} may have lost a final zero; please use text or a date cell, e.g. 5月10日",
    ),
    "ambiguous": (
        "“{text}”有不止一种读法；请写成 5月15日至5月21日 的样子",
        "“{text}” can be read in more than one way; please write it like 5月15日至5月21日",
    ),
    "length_mismatch": ("“{text}”写明的天数与起止日期不符；请核对", "The number of days in “{text}” does not fit its dates; please check"),
    "not_a_period": (
        "“{text}”不是可识别的时间；请写成 2023年5月15日 或 5月15日至5月21日 的样子",
        "“{text}” is no time we can read; please write it like 2023年5月15日 or 5月15日至5月21日",
    ),
}


def refused(reason: str, text: str, label: str | None = None) -> PeriodRefused:
    """The refusal for a reason; a long text is quoted from its beginning."""
    zh, en = _MESSAGES[reason]
    return PeriodRefused(reason, zh.format(text=text[:40]), en.format(text=text[:40]), label)
