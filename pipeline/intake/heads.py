"""Whose a row is, when, and what else it says besides its numbers.

Here: the head of each row: subject, reporter, period, attributes. Blank subjects and
dates are never filled from above; merged cells fill their own range. Not here: the numbers (rows.py), dates of a whole sheet (metadata.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, time

from pipeline.forms.wording import squeeze, units_in
from pipeline.intake.collecting import SheetNotes, masked_text
from pipeline.intake.context import TableContext, name_in
from pipeline.intake.grid import CellValue
from pipeline.intake.period import Period, PeriodRefused
from pipeline.intake.regions import is_blank

CLOCK = re.compile(r"\d{1,2}[:：时点]\d{0,2}(?:[:：分]\d{0,2})?秒?")
MONTHS = frozenset(map(str, range(1, 13)))


@dataclass(slots=True)
class RowHead:
    """Who, when and what else of one row. `unit`: of measure, where the row has a column for it."""

    subject: str
    reporter: str | None
    period: Period
    attributes: dict[str, str]
    unit: str | None
    known_at: date | None


def read_head(context: TableContext, notes: SheetNotes, row: int) -> RowHead | None:
    """Who and when; None (with the points) when the row's numbers cannot be loaded."""
    if context.has_plain_heads and row not in context.merged_rows:
        value = context.table.grid.rows[row][context.roles["subject.unit"][0]]
        if value is not None and (name := name_in(value)):
            return RowHead(name, context.facts.reporter, context.facts.period, {}, None, context.facts.known_at)  # pyright: ignore[reportArgumentType]
    subject, place = _subject(context, row)
    if subject is None:
        if not context.says_something(row):
            mark_row(context, notes, row, "empty_row")
            return None
        if context.facts.reporter and (not context.has_subject_column or len(context.table.data_rows) == 1):
            subject = context.facts.reporter
        elif (named := _named_by_title(context)) is not None:
            subject = named
            if row == context.table.data_rows[0]:
                notes.reject("subject_is_named_beside_the_title", context.table.header_cells[0], text=subject)
        elif (described := _named_by_description(context, row)) is not None:
            subject = described
        else:
            _refuse_subject(context, notes, row)
            return None
    period = _period(context, notes, row) if context.date_columns or context.captions else context.facts.period
    if period is None and context.plans and not context.date_columns:
        period = next((plan.period for plan in context.plans), None) if all(plan.period for plan in context.plans) else None
    if period is None:
        if context.facts.period is None and not _has_own_date(context, row):
            _refuse_period(context, notes, row)
        mark_row(context, notes, row, "no_period")
        return None
    attributes = _attributes(context, row) if context.attribute_columns else {}
    if place:
        attributes["place"] = place
    facts, roles = context.facts, context.roles
    return RowHead(
        subject,
        (context.text(row, "reporter") if "reporter" in roles else None) or facts.reporter,
        period,
        attributes,
        _unit_of(context, row) if "unit" in roles else None,
        _known_at(context, row) if "known_at" in roles else facts.known_at,
    )


def _named_by_title(context: TableContext) -> str | None:
    """The one unit or area the title begins with, where no column may say whose the rows are; events of a whole area are not the area's own."""
    if context.has_subject_column or context.may_name_its_rows:
        return None
    return context.facts.organisation or (None if context.is_ledger else context.facts.area)


def _named_by_description(context: TableContext, row: int) -> str | None:
    """金融机构 | 劝阻起数, 场所 | 海报: whose rows these are, where nobody else is named; where an event took place is nobody's name."""
    if context.has_subject_column:
        return None
    return context.text(row, "attribute.institution") or (None if context.is_ledger or context.date_columns else context.text(row, "attribute.venue"))


def _unit_of(context: TableContext, row: int) -> str | None:
    """The row's own unit of measure, where the table has a column for it."""
    return next((str(v) for c in context.roles["unit"] if isinstance(v := context.cell(row, c), str) and units_in(v)), None)


def _subject(context: TableContext, row: int) -> tuple[str | None, str | None]:
    """(subject, finer or other area of the row): a named unit, else the finest area named, else who reports in a column of its own."""
    unit = context.text(row, "subject.unit")
    areas = [area for role in context.area_roles if (area := context.text(row, role))]
    if unit:
        return unit, areas[0] if areas else None
    if areas:
        return areas[0], areas[1] if len(areas) > 1 else None
    return (None if context.has_subject_column else context.text(row, "reporter")), None


def _refuse_subject(context: TableContext, notes: SheetNotes, row: int) -> None:
    """A blank subject goes back row by row; a table without any subject once."""
    position = context.table.grid.at
    if context.has_subject_column:
        column = next(columns[0] for role, columns in context.roles.items() if role.startswith("subject"))
        count = sum(not is_blank(context.table.grid.rows[row][plan.index]) for plan in context.plans)
        notes.reject("row_has_a_subject", position(row, column), count=count)
    elif row == context.table.data_rows[0]:
        notes.reject("sheet_names_its_subject", position(row, context.table.left), count=context.count_numbers())
    mark_row(context, notes, row, "no_subject")


def _attributes(context: TableContext, row: int) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, columns in context.attribute_columns:
        texts = [masked_text(v) for c in columns if not is_blank(v := context.cell(row, c))]
        if texts:
            found[name] = "、".join(dict.fromkeys(texts))
    return found


def _known_at(context: TableContext, row: int) -> date | None:
    for column in context.roles["known_at"]:
        value = context.cell(row, column)
        if not is_blank(value) and isinstance(found := context.period_of(value), Period):
            return found.end
    return context.facts.known_at


def _has_own_date(context: TableContext, row: int) -> bool:
    return any(not is_blank(context.cell(row, column)) for column in context.date_columns)


def _period(context: TableContext, notes: SheetNotes, row: int) -> Period | None:
    """The row's own date, else its own reporting period, else the table's."""
    grid, whole = context.table.grid, context.facts.period
    stated = [(column, value) for column in context.date_columns if not is_blank(value := context.cell(row, column))]
    if not stated and row in context.captions:
        stated = [(context.table.left, context.captions[row])]
    readings = [(column, value, context.period_of(_as_month(context, column, value))) for column, value in stated]
    # 第10周 | 3.2-3.8: what one column leaves open the next one may say.
    for column, value, found in sorted(readings, key=lambda reading: isinstance(reading[2], PeriodRefused)):
        if isinstance(found, PeriodRefused):
            notes.reject("row_date_is_readable", grid.at(row, column), text=value, why=found.message, why_en=found.message_en)
            return None
        period = _until(context, notes, row, found)
        if period and whole and (period.end < whole.start or period.start > whole.end):
            notes.reject("date_is_inside_the_sheet_period", grid.at(row, column), text=value, period=span(whole))
        return period
    if whole and context.is_ledger and context.date_columns:
        notes.reject("row_has_a_date", grid.at(row, context.date_columns[0]), period=span(whole))
    return whole


def _until(context: TableContext, notes: SheetNotes, row: int, first: Period) -> Period | None:
    """起始日期 6月1日 | 截止日期 6月7日: the span of both. A clock time (结束时间 11:30) is of the same day."""
    for column in context.roles.get("until", ()):
        value = context.cell(row, column)
        if is_blank(value) or isinstance(value, time) or CLOCK.fullmatch(masked_text(value)):
            continue
        last = context.period_of(value)
        if isinstance(last, PeriodRefused):
            notes.reject("row_date_is_readable", context.table.grid.at(row, column), text=value, why=last.message, why_en=last.message_en)
            return None
        if last.end < first.start:
            why, why_en = (
                f"“{masked_text(value)}”早于开始的 {first.start}；请改正",
                f"“{masked_text(value)}” is before the first day {first.start}; please correct it",
            )
            notes.reject("row_date_is_readable", context.table.grid.at(row, column), text=value, why=why, why_en=why_en)
            return None
        return replace(first, end=last.end, precision="span") if last.end != first.end else first
    return first


def _as_month(context: TableContext, column: int, value: CellValue) -> CellValue:
    """3 under 月份 is 3月."""
    heading = squeeze(context.matched.columns[column - context.table.left].heading)
    is_month = heading.endswith("月份") and squeeze(masked_text(value)) in MONTHS
    return f"{squeeze(masked_text(value))}月" if is_month else value


def _refuse_period(context: TableContext, notes: SheetNotes, row: int) -> None:
    """Said once a table, at its first header cell."""
    if row != context.table.data_rows[0]:
        return
    refusal = context.facts.refusal
    why = refusal.message if refusal else "标题、统计时间、工作表名、落款和文件名里都没有可用的时间，请在标题或“统计时间”写明"
    why_en = refusal.message_en if refusal else "neither title, 统计时间, sheet name, footer nor file name gives one; please write it"
    notes.reject("period_is_stated", context.table.header_cells[0], why=why, why_en=why_en, count=context.count_numbers())


def span(period: Period) -> str:
    return f"{period.start.isoformat()}—{period.end.isoformat()}" if period.start != period.end else period.start.isoformat()


def mark_row(context: TableContext, notes: SheetNotes, row: int, reason: str) -> None:
    """Mark every cell of a row that is not marked yet."""
    table, grid = context.table, context.table.grid
    for column in range(table.left, table.right + 1):
        if not is_blank(grid.rows[row][column]):
            notes.marks.setdefault(grid.at(row, column), reason)
