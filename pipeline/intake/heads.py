"""Whose a row is, when, and what else it says besides its numbers.

Here: a matched table with its surroundings (TableContext) and the head of each row: subject, reporter, period, attributes. Blank subjects and
dates are never filled from above; merged cells fill their own range. Not here: the numbers (rows.py), dates of a whole sheet (metadata.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from pipeline.forms.catalogue import Form, Measure
from pipeline.forms.wording import sheet_words, squeeze, units_in
from pipeline.intake.cells import ColumnReader, reader_for
from pipeline.intake.collecting import SheetNotes, letters, masked_text
from pipeline.intake.columns import Match, TableMatch, unit_for
from pipeline.intake.grid import CellError, CellValue, UncachedFormula
from pipeline.intake.metadata import Facts
from pipeline.intake.period import Period, PeriodRefused
from pipeline.intake.regions import Table, is_blank

LIST_NUMBER = re.compile(r"^(?:\d{1,3}[、.．)）]|[（(]\d{1,3}[)）]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])\s*(?=\D)")
AREA_ROLES = ("subject.community", "subject.town", "subject.area")


@dataclass(slots=True)
class ColumnPlan:
    """One measure column with everything that is the same for all its cells."""

    index: int
    letter: str
    """Column letters on the sheet; "" where each cell has its own place (tables on their side)."""
    match: Match
    measure: Measure
    unit: str | None
    """Stated by heading or corner, as written (万次); None when nobody states one."""
    is_due: bool
    period: Period | None
    attributes: Mapping[str, str]
    reader: ColumnReader


@dataclass
class TableContext:
    """A matched table with what its surroundings say."""

    table: Table
    matched: TableMatch
    form: Form
    facts: Facts
    is_1904: bool
    prefix: str = ""
    """Put in front of record ids where tables stand beside one another."""
    periods: dict[object, Period | PeriodRefused] = field(default_factory=dict)

    @cached_property
    def roles(self) -> dict[str, list[int]]:
        """Role → grid columns, in order."""
        found: dict[str, list[int]] = {}
        for i, match in enumerate(self.matched.columns):
            found.setdefault(match.role, []).append(self.table.left + i)
        return found

    @cached_property
    def attribute_columns(self) -> list[tuple[str, list[int]]]:
        return [(role.removeprefix("attribute."), columns) for role, columns in self.roles.items() if role.startswith("attribute.")]

    @cached_property
    def has_subject_column(self) -> bool:
        return any(role.startswith("subject") for role in self.roles)

    @cached_property
    def area_roles(self) -> list[str]:
        return [role for role in AREA_ROLES if role in self.roles]

    @cached_property
    def has_plain_heads(self) -> bool:
        """Rows say nothing but one unit's name, and the sheet says when: the commonest tally."""
        silent = {
            "measure",
            "ordinal",
            "remark",
            "total",
            "shadow",
            "subset",
            "wider",
            "uncounted",
            "prevented_loss",
            "personal",
            "narrative",
            "item",
        }
        return self.facts.period is not None and len(self.roles.get("subject.unit", ())) == 1 and set(self.roles) <= silent | {"subject.unit"}

    @cached_property
    def date_columns(self) -> list[int]:
        return [c for role in ("date", "filed_at", "period") for c in self.roles.get(role, ())[:1]]

    @cached_property
    def merged_rows(self) -> frozenset[int]:
        """Rows with any merged cell."""
        return frozenset(row for row, _ in self.table.grid.anchors)

    @cached_property
    def is_ledger(self) -> bool:
        if self.form.grain == "by_date":
            dates = [*self.roles.get("date", ()), *self.roles.get("filed_at", ())]
            return any(not is_blank(self.table.grid.value(row, c)) for c in dates[:1] for row in self.table.data_rows)
        return self.form.grain == "ledger"

    @cached_property
    def plans(self) -> list[ColumnPlan]:
        return [self._plan(self.table.left + i, match) for i, match in enumerate(self.matched.columns) if match.role == "measure"]

    @cached_property
    def walk(self) -> list[tuple[int, str, str, Period | None, Mapping[str, str], bool, ColumnReader, ColumnPlan]]:
        """Of each plan what every one of its cells needs, unpacked once a table: index, letter, heading, period, attributes, is_due, reader."""
        return [(p.index, p.letter, p.match.heading, p.period, p.attributes, p.is_due, p.reader, p) for p in self.plans]

    def _plan(self, index: int, match: Match) -> ColumnPlan:
        column, measure = match.column, match.measure
        assert column is not None
        assert measure is not None
        unit = unit_for(match, self.facts.corner)
        period = self.facts.row_period(match.period_text) if match.period_text else None
        return ColumnPlan(
            index=index,
            letter="" if self.table.grid.positions else letters(index),
            match=match,
            measure=measure,
            unit=unit,
            is_due=column.due if column.due is not None and self.is_ledger else not self.is_ledger,
            period=period if isinstance(period, Period) else None,
            attributes=match.constants,
            reader=reader_for(match, unit),
        )

    def period_of(self, value: CellValue) -> Period | PeriodRefused:
        key = (type(value), value)
        if key not in self.periods:
            self.periods[key] = self.facts.row_period(value, is_1904=self.is_1904)
        return self.periods[key]

    def cell(self, row: int, column: int) -> CellValue:
        """A cell of a row's head; inside a merged range that of the range."""
        return self.table.grid.value(row, column) if row in self.merged_rows else self.table.grid.rows[row][column]

    def text(self, row: int, role: str) -> str | None:
        """The first text of a role in this row, masked; None when it says nothing."""
        for column in self.roles.get(role, ()):
            value = self.cell(row, column)
            if value is not None and (name := _name(value)):
                return name
        return None

    def count_numbers(self) -> int:
        """Cells with content in the number columns of data rows."""
        rows = self.table.grid.rows
        return sum(not is_blank(rows[row][plan.index]) for row in self.table.data_rows for plan in self.plans)

    def says_something(self, row: int) -> bool:
        """Does the row hold more than its ordinal: a date, a place, a text?"""
        silent = set(self.roles.get("ordinal", ()))
        cells = self.table.grid.rows[row]
        return any(not is_blank(cells[c]) for c in range(self.table.left, self.table.right + 1) if c not in silent)


@dataclass(slots=True)
class RowHead:
    """Who, when and what else of one row. `unit`: of measure, where the row has a column for it."""

    subject: str
    reporter: str | None
    period: Period
    attributes: dict[str, str]
    unit: str | None
    known_at: date | None


@lru_cache(maxsize=16384)
def _name(value: CellValue) -> str:
    """A name as written, masked, without the list number before it (1、城关派出所); "" for what names nobody: 同上, dashes, error cells."""
    if isinstance(value, (CellError, UncachedFormula)):
        return ""
    name = LIST_NUMBER.sub("", masked_text(value))
    return "" if squeeze(name) in sheet_words().ditto or not any(ch.isalnum() for ch in name) else name


def read_head(context: TableContext, notes: SheetNotes, row: int) -> RowHead | None:
    """Who and when; None (with the points) when the row's numbers cannot be loaded."""
    if context.has_plain_heads and row not in context.merged_rows:
        value = context.table.grid.rows[row][context.roles["subject.unit"][0]]
        if value is not None and (name := _name(value)):
            return RowHead(name, context.facts.reporter, context.facts.period, {}, None, context.facts.known_at)  # pyright: ignore[reportArgumentType]
    subject, place = _subject(context, row)
    if subject is None:
        if not context.says_something(row):
            mark_row(context, notes, row, "empty_row")
            return None
        if context.facts.reporter and (not context.has_subject_column or len(context.table.data_rows) == 1):
            subject = context.facts.reporter
        elif context.facts.organisation and not context.has_subject_column:
            subject = context.facts.organisation
            if row == context.table.data_rows[0]:
                notes.reject("subject_is_named_beside_the_title", context.table.header_cells[0], text=subject)
        elif not context.has_subject_column and (institution := context.text(row, "attribute.institution")):
            subject = institution  # 金融机构 | 劝阻起数: whose rows these are, where nobody else is named
        else:
            _refuse_subject(context, notes, row)
            return None
    period = _period(context, notes, row) if context.date_columns else context.facts.period
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
    for column in context.date_columns:
        value = context.cell(row, column)
        if is_blank(value):
            continue
        found = context.period_of(value)
        if isinstance(found, PeriodRefused):
            notes.reject("row_date_is_readable", grid.at(row, column), text=value, why=found.message, why_en=found.message_en)
            return None
        if whole and (found.end < whole.start or found.start > whole.end):
            notes.reject("date_is_inside_the_sheet_period", grid.at(row, column), text=value, period=span(whole))
        return found
    if whole and context.is_ledger:
        notes.reject("row_has_a_date", grid.at(row, context.date_columns[0]), period=span(whole))
    return whole


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
